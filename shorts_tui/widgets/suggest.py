"""What a line suggests while it is typed; the right arrow takes it."""

import asyncio
import os
from pathlib import Path

from textual.suggester import Suggester


class Paths(Suggester):
    """Suggests folders and files that are there."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(_first, value) if value else None


def _first(typed: str) -> str | None:
    """The first name, by the alphabet, that begins with what was typed."""
    head, slash, start = typed.rpartition("/")
    try:
        with os.scandir(Path(f"{head}{slash}" or ".").expanduser()) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except (OSError, ValueError, RuntimeError):
        return None
    found = next((name for name in names if name.startswith(start)), start)
    return None if found == start else f"{head}{slash}{found}"
