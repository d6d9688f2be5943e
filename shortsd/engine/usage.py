"""How much of the disk a home takes, and whether that is more than was allowed."""

from dataclasses import dataclass
from pathlib import Path

from shortsd.config.places import Places
from shortsd.config.settings import Storage as Limits
from shortsd.domain.errors import DiskFull
from shortsd.stages.workspace import bytes_of


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes of files by what they are for. `at` is when they were counted, in seconds since the epoch."""

    at: float
    work: int
    cache: int
    output: int


def measure(places: Places, at: float) -> Usage:
    """Count the bytes of a home. It looks at every file: about 0.2 s for 50,000."""
    return Usage(at, bytes_of(places.work), bytes_of(places.cache), bytes_of(places.output))


def above(used: int, limit_mb: int) -> int:
    """Bytes beyond a limit in mebibytes, 0 if there are none, or no limit."""
    return max(0, used - (limit_mb << 20)) if limit_mb else 0


def refusals(usage: Usage, limits: Limits, places: Places, spare: int = 0) -> list[DiskFull]:
    """Why no new work is to be taken: an error for each folder that holds more than it may.

    So many bytes of working files are to `spare`: they do not count.
    """
    found = []
    if above(usage.work - spare, limits.work_mb):
        found.append(
            DiskFull(
                f"The working files of jobs take {_mb(usage.work)} MB in {places.work}; {limits.work_mb} MB are "
                "allowed (storage.work_mb).",
                "`shortsctl clean ID…` frees those of jobs that have ended, or let jobs end, or raise storage.work_mb.",
            )
        )
    if above(usage.output, limits.output_mb):
        found.append(
            DiskFull(
                f"Finished shorts take {_mb(usage.output)} MB in {places.output}; {limits.output_mb} MB are allowed "
                "(storage.output_mb).",
                "`shortsctl clean --outputs ID…` removes those of jobs, or move some away, or raise storage.output_mb.",
            )
        )
    return found


def least_recently_used(folder: Path, keep: Path) -> list[tuple[Path, int]]:
    """Files under a folder but not under `keep`, with their bytes, those not used for longest first."""
    files = [(file, file.lstat()) for file in folder.rglob("*") if file.is_file() and not file.is_relative_to(keep)]
    files.sort(key=lambda found: max(found[1].st_atime, found[1].st_mtime))
    return [(file, stat.st_size) for file, stat in files]


def _mb(size: int) -> str:
    return f"{size / 2**20:.1f}"
