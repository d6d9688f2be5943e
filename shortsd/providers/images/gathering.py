"""Gathering: for each scene a photo that nobody has taken, fetched and made ready; another one where that fails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Protocol

from shortsd.domain.desks import Part
from shortsd.domain.errors import BadInput, ServiceFailed
from shortsd.domain.finish import in_thread, together
from shortsd.domain.memory import Seen
from shortsd.domain.ports import Workers
from shortsd.domain.story import Picture, SceneBrief
from shortsd.providers.images.listing import shown
from shortsd.providers.images.source import Found, Order

CHOICE = 8
"""Among so many of the best results that are large enough one is drawn; those behind them fit the words less."""
TRIES = 4
"""Photos that are fetched for a scene in vain before its source is given up."""

_PREPARE = "shortsd.providers.images.prepare:prepare_each"


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture that may be shown, before anybody has fetched it."""

    source: str
    id: str
    address: str
    width: int = 0
    height: int = 0
    """In pixels, as its source says; 0 where it does not."""
    author: str = ""
    author_page: str = ""
    page: str = ""
    licence: str = ""
    told: str = ""
    """The address that wants to know when it is used."""

    @property
    def seen(self) -> Seen:
        return Seen(self.source, self.id)

    def called(self) -> str:
        """What people find it by."""
        return shown(self.page or self.id)


class Shelf(Protocol):
    """Where photos are looked for."""

    def searches(self, scene: SceneBrief) -> Sequence[str]:
        """What to look for, best first."""
        ...

    async def search(self, words: str, size: tuple[int, int]) -> Sequence[Photo]:
        """Photos that show something, best first. Raises ServiceFailed."""
        ...

    async def fetch(self, photo: Photo, size: tuple[int, int]) -> Path:
        """The file of a photo. Raises ServiceFailed and BadInput if there is none to be had, OSError."""
        ...

    def discard(self, file: Path) -> None:
        """A file that was fetched is no picture."""
        ...

    @property
    def down(self) -> str:
        """Why nothing can be fetched now; empty if that is not known."""
        ...


@dataclass(slots=True)
class _Hunt:
    """The search for one scene's picture."""

    scene: SceneBrief
    searches: Iterator[str]
    offers: Sequence[Photo] = ()
    chosen: Photo | None = None
    tries: int = 0
    over: bool = False
    failure: ServiceFailed | None = None

    async def look(self, shelf: Shelf, order: Order) -> None:
        """See that there is something to choose from; otherwise it is over."""
        while not any(order.taken.free(photo.seen) for photo in self.offers):
            words = next(self.searches, None)
            if words is None:
                self.over = True
                return
            try:
                found = await shelf.search(words, order.size)
            except ServiceFailed as exc:
                self.give_up(exc)
                return
            self.offers = ranked(found, self.scene, order.size)

    def choose(self, order: Order) -> None:
        """Take the best that is still free; a scene before this one may just have taken it."""
        free = (photo for photo in self.offers if order.taken.free(photo.seen))
        self.chosen = None if self.over else next(free, None)
        if self.chosen:
            order.taken.take(self.chosen.seen)

    async def fetch(self, shelf: Shelf, order: Order) -> Path | None:
        """The file of what was chosen."""
        if self.chosen is None:
            return None
        try:
            return await shelf.fetch(self.chosen, order.size)
        except (ServiceFailed, BadInput) as exc:
            self.fail(exc, order)
            if shelf.down:
                self.give_up(exc)
            return None

    def fail(self, exc: ServiceFailed | BadInput, order: Order) -> None:
        """Leave out what was chosen."""
        if self.chosen:
            order.desk.log.warning(f"The picture {self.chosen.called()} is left out: {exc.message}")
        self.tries += 1
        if self.tries >= TRIES:
            self.give_up(exc)

    def give_up(self, exc: ServiceFailed | BadInput) -> None:
        """Look no further. That photos were no pictures says nothing about their source."""
        self.over = True
        if isinstance(exc, ServiceFailed):
            self.failure = exc


@dataclass(slots=True)
class Gathered:
    """What was found: photos and what became of them, by the index of their scene."""

    photos: dict[int, Photo] = field(default_factory=dict)
    pictures: dict[int, Picture] = field(default_factory=dict)
    failure: ServiceFailed | None = None

    @property
    def found(self) -> Found:
        return Found(self.pictures, self.failure)


async def gather(shelf: Shelf, workers: Workers, order: Order) -> Gathered:
    """Find photos in rounds: all scenes look, choose one after the other, and fetch at the same time.

    So what is chosen depends on scenes and results, not on who answers first. Raises DiskFull, Unavailable,
    ChildFailed, TimedOut, OSError.
    """
    gathered = Gathered()
    hunts = [_Hunt(scene, iter(shelf.searches(scene))) for scene in order.scenes]
    while hunts := [hunt for hunt in hunts if not hunt.over and hunt.scene.index not in gathered.pictures]:
        await together(*(hunt.look(shelf, order) for hunt in hunts))
        for hunt in hunts:
            hunt.choose(order)
        files = await _fetched(hunts, shelf, order, len(gathered.pictures))
        await _make_ready(hunts, files, workers, order, shelf, gathered)
        gathered.failure = gathered.failure or next((hunt.failure for hunt in hunts if hunt.failure), None)
    return gathered


async def _fetched(hunts: Sequence[_Hunt], shelf: Shelf, order: Order, ready: int) -> dict[int, Path]:
    """The files of what was chosen, by the index of their scene; so many pictures are `ready` before."""
    files: dict[int, Path] = {}

    async def fetch(hunt: _Hunt) -> None:
        if file := await hunt.fetch(shelf, order):
            files[hunt.scene.index] = file
            order.desk.progress(ready, len(order.scenes), f"fetched {len(files)} of {len(hunts)}")

    await together(*(fetch(hunt) for hunt in hunts))
    return files


async def _make_ready(
    hunts: Sequence[_Hunt],
    files: dict[int, Path],
    workers: Workers,
    order: Order,
    shelf: Shelf,
    gathered: Gathered,
) -> None:
    """Have fetched files made into pictures; what is no picture is discarded."""
    came = [hunt for hunt in hunts if hunt.scene.index in files]
    if not came:
        return
    asked = [{"file": str(files[hunt.scene.index]), "name": f"{hunt.scene.index + 1:02}.jpg"} for hunt in came]
    request = {"pictures": asked, "size": list(order.size), "fit": order.fit, "to": str(order.folder)}
    desk = Part(order.desk, len(gathered.pictures), len(order.scenes))
    answer = await workers.call(_PREPARE, request, desk)
    for hunt, made in zip(came, answer["pictures"], strict=True):
        if "reason" in made:
            await in_thread(shelf.discard, files[hunt.scene.index])
            hunt.fail(BadInput(f"{made['reason']}."), order)
        elif hunt.chosen:
            gathered.photos[hunt.scene.index] = hunt.chosen
            gathered.pictures[hunt.scene.index] = _picture(hunt.chosen, made)


def _picture(photo: Photo, made: dict[str, Any]) -> Picture:
    aim = made["aim"]
    return Picture(
        file=made["file"],
        width=made["width"],
        height=made["height"],
        source=photo.source,
        author=photo.author,
        licence=photo.licence,
        aim=aim and (aim[0], aim[1]),
        whole=made["whole"],
        id=photo.id,
        page=photo.page,
        author_page=photo.author_page,
    )


def ranked(photos: Sequence[Photo], scene: SceneBrief, size: tuple[int, int]) -> list[Photo]:
    """Photos in the order in which a scene would have them: those that cover the size, one of the best first.

    Which one is drawn from the scene's seed and text. Those that are too small come last, the largest first.
    """
    large = [photo for photo in photos if _share(photo, size) >= 1]
    small = sorted((photo for photo in photos if _share(photo, size) < 1), key=lambda photo: -_share(photo, size))
    best = large[:CHOICE]
    Random(f"{scene.seed}:{scene.text}".encode("utf-8", "surrogatepass")).shuffle(best)  # noqa: S311 - no secret
    return [*best, *large[CHOICE:], *small]


def _share(photo: Photo, size: tuple[int, int]) -> float:
    """How much of the size a photo covers along its scarcer side; at least 1 where it is large enough, or unknown."""
    if not (photo.width and photo.height):
        return 1.0
    return min(photo.width / size[0], photo.height / size[1])
