"""What came from a source of pictures, kept on the disk: search answers for a day, files until room is needed."""

import asyncio
import contextlib
import os
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from weakref import WeakValueDictionary

import msgspec

from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Clock
from shortsd.providers.images.gathering import Photo

DAY_S = 86400.0
"""How long a search's answer is good."""

_SAFE = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a search found, and when."""

    at: float
    photos: tuple[Photo, ...]


class PictureCache:
    """The folder of one source. Which file was used last is in its times, for who makes room."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._at_work: WeakValueDictionary[Path, asyncio.Lock] = WeakValueDictionary()
        """By file, so that scenes and jobs that want the same at once have it fetched once."""

    async def answer(self, search: Sequence[str], ask: Callable[[], Awaitable[Sequence[Photo]]]) -> Sequence[Photo]:
        """What a search found within the last day, or finds now. Raises what `ask` raises."""
        file = self._folder / "searches" / f"{_hash(*search)}.json"
        async with self._alone(file):
            known = await in_thread(_read, file, self._clock())
            if known is not None:
                return known
            photos = await ask()
            with contextlib.suppress(OSError):  # it is asked again, that is all
                await in_thread(_write, file, msgspec.json.encode(_Answer(self._clock(), tuple(photos))))
            return photos

    async def file(self, name: str, size: tuple[int, int], fetch: Callable[[Path], Awaitable[object]]) -> Path:
        """The file of a photo in a size: the one that is there, or what `fetch` writes. Raises as that, and OSError."""
        file = self._folder / f"{safe(name)}-{size[0]}x{size[1]}"
        async with self._alone(file):
            if not await in_thread(_used, file):
                async with _part_of(file) as part:
                    await fetch(part)
                    await in_thread(part.replace, file)
        return file

    async def once(self, mark: str, do: Callable[[], Awaitable[object]]) -> None:
        """Do what has not been done under a mark. Raises what `do` raises.

        Marks may be pruned as all that lies here, those not looked at for longest first; otherwise they would stay for
        ever. Who retries a job after that does it once more: it is for what may be done twice, such as telling that a
        photo is used, and is better not done each time.
        """
        file = self._folder / "done" / safe(mark)
        if not await in_thread(_used, file):
            await do()
            with contextlib.suppress(OSError):
                await in_thread(_write, file, b"\n")

    def _alone(self, file: Path) -> asyncio.Lock:
        return self._at_work.setdefault(file, asyncio.Lock())


def safe(name: str) -> str:
    """A file's name for what others call a picture: the same, unless that might be no plain name."""
    return name if _SAFE.fullmatch(name) else f"x{_hash(name)}"


def _hash(*words: str) -> str:
    return blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _used(file: Path) -> bool:
    """Whether a file is there and not empty; if so, it counts as used now."""
    try:
        if file.stat().st_size == 0:
            return False
        os.utime(file)
    except OSError:
        return False
    return True


def _read(file: Path, now: float) -> Sequence[Photo] | None:
    """A search's answer that is still good."""
    try:
        answer = msgspec.json.decode(file.read_bytes(), type=_Answer)
    except (OSError, msgspec.MsgspecError):
        return None
    return answer.photos if 0 <= now - answer.at < DAY_S else None


@asynccontextmanager
async def _part_of(file: Path) -> AsyncIterator[Path]:
    """A file to be written under another name first; gone afterwards, unless it was renamed. Raises OSError."""
    part = await in_thread(_begin, file)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _begin(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    os.close(handle)
    return Path(name)


def _write(file: Path, data: bytes) -> None:
    """Write a small file whole. Raises OSError."""
    part = _begin(file)
    try:
        part.write_bytes(data)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
