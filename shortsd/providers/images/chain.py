"""Sources of pictures, asked one after the other for what is still missing."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from shortsd.domain.desks import Part
from shortsd.domain.finish import in_thread
from shortsd.domain.memory import PictureLedger, Seen
from shortsd.domain.ports import Desk, Pictures
from shortsd.domain.story import Picture, SceneBrief
from shortsd.domain.style import Fit
from shortsd.providers.images.source import Found, Order, Source, Taken

AT_ONCE = 16
"""Shorts whose pictures are remembered here beside the ledger: those that find theirs at the same time."""

UnderWay = OrderedDict[int, set[Seen]]


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The port Pictures over sources that may have nothing, or fail, and one at last that always has something.

    No picture is shown twice in a short, nor again before `repeat_after` other shorts were shown.
    """

    sources: Sequence[Source]
    last: Pictures
    last_name: str
    ledger: PictureLedger
    repeat_after: int
    fit: Fit = Fit.CROP
    under_way: UnderWay = field(default_factory=OrderedDict)
    """What the latest jobs took, by job: two of them at once would not find each other's in the ledger."""

    def fitted(self, fit: Fit) -> "FirstOf":
        """The same, for pictures that are to be fitted so."""
        return replace(self, fit=fit)

    @property
    def key(self) -> str:
        return ", ".join([*(source.key for source in self.sources), self.last.key, self.fit])

    async def pictures(
        self, scenes: Sequence[SceneBrief], size: tuple[int, int], folder: Path, desk: Desk
    ) -> Sequence[Picture]:
        """A picture for each scene, of the first source that has one. Raises what the last one raises, and DiskFull."""
        taken = await self._taken(desk.job)
        found: dict[int, Picture] = {}
        try:
            for number, source in enumerate(self.sources):
                if missing := [scene for scene in scenes if scene.index not in found]:
                    part = Part(desk, len(found), len(scenes))
                    answer = await source.find(Order(missing, size, self.fit, folder, part, taken))
                    found |= answer.pictures
                    self._say(answer, number, len(scenes) - len(found), len(scenes), desk)
            found |= await self._rest(scenes, found, size, folder, desk)
        except BaseException:
            self.under_way.pop(desk.job, None)
            raise
        return [found[scene.index] for scene in scenes]

    async def _taken(self, job: int) -> Taken:
        """What must not be shown. What is taken counts for others from now on; not so if it is for no job."""
        seen = await self.ledger.seen(self.repeat_after, job)
        own: set[Seen] = set()
        if job and self.repeat_after:
            self.under_way[job] = own
            self.under_way.move_to_end(job)
            while len(self.under_way) > min(AT_ONCE, self.repeat_after + 1):
                self.under_way.popitem(last=False)
        return Taken(seen, own, self.under_way)

    async def _rest(
        self, scenes: Sequence[SceneBrief], found: dict[int, Picture], size: tuple[int, int], folder: Path, desk: Desk
    ) -> dict[int, Picture]:
        """What nobody had, by the last one; in a folder of its own, since it gives its files names of its own."""
        missing = [scene for scene in scenes if scene.index not in found]
        if not missing:
            return {}
        own = folder / "last"
        await in_thread(own.mkdir)
        made = await self.last.pictures(missing, size, own, Part(desk, len(found), len(scenes)))
        return {
            scene.index: replace(picture, file=f"{own.name}/{picture.file}")
            for scene, picture in zip(missing, made, strict=True)
        }

    def _say(self, answer: Found, number: int, missing: int, scenes: int, desk: Desk) -> None:
        """Tell who is asked next, and why."""
        if not missing:
            return
        names = [*(source.name for source in self.sources), self.last_name]
        if answer.failure:
            what = f"{missing} of {scenes} pictures are asked of {names[number + 1]} instead."
            desk.log.warning(f"{answer.failure.message} {what}")
        else:
            desk.log.info(f"{names[number]} has nothing for {missing} of {scenes} scenes; {names[number + 1]} is asked")

    async def close(self) -> None:
        """Let go of connections."""
        for source in self.sources:
            await source.close()
