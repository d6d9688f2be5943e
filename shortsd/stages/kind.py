"""What a kind of job is, as a value: everything that taking in, running and showing such jobs asks of it."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shortsd.config.settings import Settings
from shortsd.domain.job import Job
from shortsd.domain.stage import Pace
from shortsd.stages.groundwork import Groundwork, Stages
from shortsd.stages.runner import Runner
from shortsd.stages.tools import Tools
from shortsd.stages.turns import Turns


@dataclass(frozen=True, slots=True)
class Planned:
    """What a request comes to, every default filled in."""

    plan: Any
    """What `examine` looks at."""
    params: Mapping[str, Any]
    """As the job's row keeps them: JSON. A `seed` of None is made the next number that was never handed out before."""
    title: str
    """What the job is called until its pipeline entitles it."""
    alike: Hashable
    """Equal for plans of which one examination is enough, when many are asked for together."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a job: what a pipeline works with."""

    job: Job
    tools: Tools
    runner: Runner
    """Runs its stages, each under a name that the kind's `stages` has."""
    turns: Turns
    """At what takes all of a machine."""
    entitle: Callable[[str], Awaitable[None]]
    """Gives the job the title that came out."""
    output: Path
    """Where finished work goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of job."""

    name: str
    params: type[Any]
    """What such jobs are asked for with: a frozen dataclass whose `__pydantic_config__` is `wire.models.STRICT`."""
    stages: Mapping[str, Pace]
    """Its stages in the order they run, with their units, and seconds until this machine has shown how long each takes.
    A name that it shares with another kind stands for the same stage."""
    plan: Callable[[Any, Settings], Planned]
    """Checks `params` and fills in what they leave open. Raises BadInput."""
    changed: Callable[[Mapping[str, Any], Mapping[str, Any], str, Settings], Planned]
    """What a job's kept params, what is to be different in them (by the names of `params`; what is taken back has
    its field's default) and its title come to. Raises BadInput."""
    examine: Callable[[Any, Tools], Awaitable[None]]
    """Sees that a plan can come to something, before a job is made of it. Raises BadInput."""
    make: Callable[[Attempt], Awaitable[Mapping[str, Any]]]
    """Does all stages; the job's result. Of its names `video`, `thumbnail`, `srt`, `vtt` and `metadata` are absolute
    paths, `link` an address, `title`, `duration_s` and `checks` what they are for a short; `file` is the absolute path
    of what is no video, `skipped` says why nothing was made. Raises ShortsError."""
    uses: Callable[[Tools], Sequence[str]]
    """Who does the work, a line each, for people."""
    ground: Callable[[Mapping[str, Any], Tools, Stages], Groundwork] | None = None
    """Of a job's params: what its story, its pictures and its previews are found by; None if it has none of them."""
    fetches: bool = False
    """Whether such a job waits for others most of its time. It does not take the place of one that renders, then; what
    does take all of a machine has to wait for a turn."""
    dated: bool = False
    """Whether it may be asked for with an hour at which it is to be seen."""
