"""Pictures that a user wants in certain scenes, whatever the source of the others is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import msgspec

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Desk, Pictures, Workers
from shortsd.domain.story import Picture, SceneBrief
from shortsd.domain.style import Fit

_PREPARE = "shortsd.providers.images.prepare:prepare_each"
_PROBE = "shortsd.providers.images.prepare:probe_each"


class InsteadPictures:
    """Another source of pictures, with files of the user's in some scenes; `files` are by scene, counted from 1."""

    def __init__(self, source: Pictures, workers: Workers, files: Mapping[int, Path], fit: Fit) -> None:
        self._source = source
        self._workers = workers
        self._files = files
        self._fit = fit

    @property
    def key(self) -> str:
        """The source's own, and the files' sizes and times."""
        facts = [f"{scene} {file} {_facts(file)}" for scene, file in sorted(self._files.items())]
        mark = blake2b("\0".join(facts).encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
        return f"{self._source.key}, but {self._fit} {mark}"

    async def pictures(
        self, scenes: Sequence[SceneBrief], size: tuple[int, int], folder: Path, desk: Desk
    ) -> Sequence[Picture]:
        """The source's pictures, but for those scenes. Raises as it does; BadInput for a file that cannot be shown.

        A scene that there is not is told of.
        """
        found = list(await self._source.pictures(scenes, size, folder, desk))
        there = {scene: file for scene, file in self._files.items() if 1 <= scene <= len(found)}
        for scene in sorted(self._files.keys() - there.keys()):
            desk.log.warning(f"There is no scene {scene}; there are {len(found)}.")
        for scene, picture in (await self._ready(there, size, folder, desk)).items():
            found[scene - 1] = picture
        return found

    async def check(self, desk: Desk) -> None:
        """See whether the files can be shown, before a job is accepted. Raises BadInput for one that cannot."""
        files = list(self._files.values())
        answer = await self._workers.call(_PROBE, {"files": [str(file) for file in files]}, desk)
        for file, reason in zip(files, answer["reasons"], strict=True):
            _require(file, reason)

    async def _ready(
        self, files: Mapping[int, Path], size: tuple[int, int], folder: Path, desk: Desk
    ) -> dict[int, Picture]:
        if not files:
            return {}
        wanted = [{"file": str(file), "name": f"instead-{scene:04}.jpg"} for scene, file in files.items()]
        request = {"pictures": wanted, "to": str(folder), "size": list(size), "fit": self._fit}
        answer = await self._workers.call(_PREPARE, request, desk)
        return {
            scene: _picture(file, made) for (scene, file), made in zip(files.items(), answer["pictures"], strict=True)
        }


def _picture(file: Path, made: dict[str, object]) -> Picture:
    _require(file, made.get("reason"))
    return replace(msgspec.convert({"source": file.name, **made}, Picture), source=file.name)


def _require(file: Path, reason: object) -> None:
    """Raise BadInput if there is a reason why a picture cannot be shown."""
    if reason:
        raise BadInput(f"The picture {file} cannot be shown: {reason}.", "Give another one.")


def _facts(file: Path) -> str:
    try:
        status = file.stat()
    except OSError:
        return "unread"
    return f"{status.st_size} {status.st_mtime_ns}"
