"""What a chain of picture sources is made of: what they are asked for, and what they answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from shortsd.domain.errors import ShortsError
from shortsd.domain.memory import Seen
from shortsd.domain.ports import Desk
from shortsd.domain.story import Picture, SceneBrief
from shortsd.domain.style import Fit


@dataclass(frozen=True, slots=True)
class Taken:
    """Which pictures a short must not show: its own, those of shorts before it, and those of others under way."""

    seen: Collection[Seen] = frozenset()
    own: set[Seen] = field(default_factory=set)
    under_way: Mapping[int, Collection[Seen]] = field(default_factory=dict)
    """What jobs have taken by now, this one among them."""

    def free(self, one: Seen) -> bool:
        """Whether a picture may still be shown."""
        return not (one in self.own or one in self.seen or any(one in theirs for theirs in self.under_way.values()))

    def take(self, one: Seen) -> None:
        """Let nobody else have a picture."""
        self.own.add(one)


@dataclass(frozen=True, slots=True)
class Order:
    """Scenes that want pictures."""

    scenes: Sequence[SceneBrief]
    size: tuple[int, int]
    """The width and height in pixels that a picture should cover."""
    fit: Fit
    folder: Path
    """Where they are written, each named for its scene."""
    desk: Desk
    taken: Taken


@dataclass(frozen=True, slots=True)
class Found:
    """Pictures by the index of their scene; why there are not more, unless it is that there is nothing more."""

    pictures: Mapping[int, Picture]
    failure: ShortsError | None = None


class Source(Protocol):
    """Where pictures may be found, or not."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def key(self) -> str:
        """Name and version, as of the port Pictures."""
        ...

    async def find(self, order: Order) -> Found:
        """Pictures for some of the scenes; none that is taken, and none twice.

        Raises DiskFull, Unavailable, ChildFailed, TimedOut, where it is no fault of the source.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class Failing:
    """A source that was asked for but cannot work: it says why each time."""

    name: str
    why: ShortsError

    @property
    def key(self) -> str:
        return f"{self.name} without a key"

    async def find(self, order: Order) -> Found:
        del order
        return Found({}, self.why)

    async def close(self) -> None:
        """There is nothing to let go of."""
