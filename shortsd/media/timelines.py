"""Timelines in files."""

from pathlib import Path

import msgspec

from shortsd.domain.errors import BadInput
from shortsd.domain.timeline import Timeline


def read_timeline(file: Path) -> Timeline:
    """Raises BadInput."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Timeline)
    except (OSError, msgspec.MsgspecError) as exc:
        raise BadInput(f"The timeline {file} cannot be read: {exc}.", "Retry the job from its captions stage.") from exc
