"""Pictures painted by shortsd itself, from the words of the story."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from shortsd.domain.ports import Desk, Workers
from shortsd.domain.story import Picture, SceneBrief

_TARGET = "shortsd.providers.images.painting.paint:paint"


class PainterPictures:
    """Paints each scene in a worker; the same scenes and size give the same pictures."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    @property
    def key(self) -> str:
        return "painter 3"

    async def pictures(
        self, scenes: Sequence[SceneBrief], size: tuple[int, int], folder: Path, desk: Desk
    ) -> Sequence[Picture]:
        """Paint a picture of exactly `size` for each scene. Raises DiskFull, ChildFailed, TimedOut."""
        request = {"scenes": [asdict(scene) for scene in scenes], "size": list(size), "folder": str(folder)}
        answer = await self._workers.call(_TARGET, request, desk)
        return [
            Picture(file, *size, source="painted", author="shortsd", licence="CC0-1.0", aim=aim and (aim[0], aim[1]))
            for file, aim in ((painted["file"], painted["aim"]) for painted in answer["pictures"])
        ]
