"""Pictures that lie in files beside a text, which names them by paths from its own folder."""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from shortsd.domain.elsewhere import Storage, Stored
from shortsd.domain.errors import BadInput, ShortsError
from shortsd.stages.pages import IMAGE_BYTES


@dataclass(frozen=True, slots=True)
class Beside:
    """The folder that a text lies in, by its name in the storage of its parent: no link in it leads out of it."""

    name: str
    storage: Storage

    async def marks(self, sources: Iterable[str]) -> dict[str, str]:
        """For each picture, as the text names it, what is another one once its content is; empty if it is not there."""
        return {source: await self._mark(source) for source in sources}

    async def fetch(self, source: str, to: Path) -> None:
        """Bring a picture into the file `to`. Raises ShortsError for what is not there, or leads out; OSError."""
        await self.storage.fetch(await self._found(source), to)

    async def _mark(self, source: str) -> str:
        try:
            return (await self._found(source)).mark
        except ShortsError:
            return ""

    async def _found(self, source: str) -> Stored:
        path = posixpath.normpath(unquote(source))
        if path.startswith(("/", "../")):
            raise BadInput(f"{source[:80]} does not lie in the text's folder.", "Put it there, and name it from there.")
        found = await self.storage.find(f"{self.name}/{path}")
        if found is None:
            raise BadInput(f"There is no file {source[:80]} beside the text.", "Name it from the text's folder.")
        if found.size > IMAGE_BYTES:
            raise BadInput(f"{source[:80]} has more than {IMAGE_BYTES >> 20} MB.", "Make it smaller.")
        return found
