"""Files that others have named stay in their folder."""

from pathlib import Path


def inside(folder: Path, name: str) -> Path | None:
    """A file of a folder, all links followed; None if there is no such file, or not in there."""
    try:
        file = (folder / name).resolve(strict=True)
        return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
    except (OSError, ValueError, RuntimeError):  # also what cannot be a name, and links that go round
        return None
