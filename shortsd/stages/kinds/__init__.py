"""The kinds of jobs that there are, a module for each. See docs/kinds.md for how to add one."""

from collections.abc import Mapping

from shortsd.domain.errors import BadInput
from shortsd.domain.job import Job, Lane
from shortsd.domain.stage import Pace
from shortsd.stages.kind import Kind
from shortsd.stages.kinds.creation import CREATION
from shortsd.stages.kinds.short import SHORT
from shortsd.stages.kinds.slides import SLIDES
from shortsd.stages.kinds.transcript import TRANSCRIPT

KINDS: tuple[Kind, ...] = (SHORT, CREATION, TRANSCRIPT, SLIDES)
"""All of them. What asks for no kind asks for the first."""

STAGES: tuple[str, ...] = tuple(dict.fromkeys(name for kind in KINDS for name in kind.stages))
"""The names of all stages, kind by kind in the order they run."""


FETCHING = frozenset(kind.name for kind in KINDS if kind.fetches)
"""The names of those that wait for others most of their time."""


def lane_of(job: Job) -> Lane:
    """Where a job waits to be started."""
    if job.due_at is not None:
        return Lane.DUE
    return Lane.FETCH if job.kind in FETCHING else Lane.WORK


def kind_of(name: str) -> Kind:
    """A kind by its name. Raises BadInput if there is none."""
    found = next((kind for kind in KINDS if kind.name == name), None)
    if found is None:
        names = ", ".join(f"`{kind.name}`" for kind in KINDS)
        raise BadInput(f"There is no kind of job named {name!r}.", f"There {_are(names)}.")
    return found


def stages_of(name: str) -> Mapping[str, Pace]:
    """The stages of a kind; none of one that this version does not know."""
    return next((kind.stages for kind in KINDS if kind.name == name), {})


def _are(names: str) -> str:
    return f"are {names}" if "," in names else f"is {names}"
