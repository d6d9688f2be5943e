"""The user's own pictures."""

import asyncio
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Desk, Workers
from shortsd.domain.story import Picture, SceneBrief
from shortsd.domain.style import Fit
from shortsd.providers.images.listing import picture_files

_PREPARE = "shortsd.providers.images.prepare:prepare"
_PROBE = "shortsd.providers.images.prepare:probe"


class FolderPictures:
    """Shows the pictures of a folder, one to a scene, in the order of their names; prepared in a worker."""

    def __init__(self, workers: Workers, folder: Path, fit: Fit = Fit.CROP) -> None:
        self._workers = workers
        self._folder = folder
        self._fit = fit

    @property
    def key(self) -> str:
        """Changes with the pictures' names, sizes and times, and with what becomes of them."""
        try:
            facts = [(file.name, file.stat()) for file in picture_files(self._folder) if file.exists()]
        except (BadInput, OSError):
            return f"folder 2, {self._fit}, unread"
        listed = "\0".join(f"{name}/{stat.st_size}/{stat.st_mtime_ns}" for name, stat in facts)
        return (
            f"folder 2, {self._fit}, {blake2b(listed.encode('utf-8', 'surrogateescape'), digest_size=12).hexdigest()}"
        )

    async def check(self, desk: Desk) -> None:
        """See whether there is a picture to show, before a job is accepted.

        Raises BadInput if the folder is missing, is no folder, has no picture, or none that can be read.
        """
        await asyncio.to_thread(picture_files, self._folder)
        await self._workers.call(_PROBE, {"folder": str(self._folder)}, desk)

    async def pictures(
        self, scenes: Sequence[SceneBrief], size: tuple[int, int], folder: Path, desk: Desk
    ) -> Sequence[Picture]:
        """Prepare pictures that cover `size` where they are large enough, or fill it before a blur of themselves.

        With fewer pictures than scenes they come round again (the same file); of more, the first ones are shown. What
        cannot be read is left out with a warning. Raises BadInput if nothing can be read, DiskFull.
        """
        request = {"folder": str(self._folder), "scenes": len(scenes), "size": list(size), "fit": self._fit}
        answer = await self._workers.call(_PREPARE, {**request, "to": str(folder)}, desk)
        ready = [msgspec.convert(each, Picture) for each in answer["pictures"]]
        return [ready[number % len(ready)] for number in range(len(scenes))]
