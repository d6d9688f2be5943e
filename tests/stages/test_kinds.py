"""What holds for every kind of job there is: a new one comes under this by being in KINDS."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import msgspec
import pytest

from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput, BadRequest
from shortsd.domain.job import Job, State
from shortsd.engine.intake import _given
from shortsd.engine.tracker import Tracker
from shortsd.engine.views import view
from shortsd.stages.kind import Kind
from shortsd.stages.kinds import KINDS, STAGES, kind_of, stages_of
from shortsd.wire.creations import CreationParams
from shortsd.wire.kinds import PARAMS
from shortsd.wire.models import STRICT, ShortParams
from shortsd.wire.slides import SlidesParams
from shortsd.wire.transcripts import TranscriptParams

WANTED: Mapping[str, object] = {
    "short": ShortParams(topic="a lamp"),
    "creation": CreationParams(creation="a-book", storage="/books"),
    "transcript": TranscriptParams(channel="a-channel", url="https://videos.example/watch/1"),
    "slides": SlidesParams(story="# A lamp\n\n- It burns"),
}
"""What jobs of each kind are asked for with."""

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def a_job(kind: str) -> Job:
    return Job(id=1, kind=kind, params={}, state=State.RUNNING, created_at=0.0, moved_at=0.0, attempt=1)


@every_kind
def test_its_params_are_strict(kind: Kind) -> None:
    """They are a frozen dataclass of the wire: what it does not know is an error."""
    assert is_dataclass(kind.params)
    assert getattr(kind.params, "__pydantic_config__", None) == STRICT
    assert PARAMS[kind.name] is kind.params


@every_kind
def test_a_plan_is_kept_as_json_and_changed_by_names(kind: Kind) -> None:
    """What a row keeps is what a retry with changes begins with."""
    planned = kind.plan(WANTED[kind.name], Settings())
    kept = msgspec.json.decode(msgspec.json.encode({**planned.params, **_seeded(planned.params)}))
    again = kind.changed(kept, {}, planned.title, Settings())
    assert msgspec.json.decode(msgspec.json.encode(again.params)) == kept
    assert planned.title
    hash(planned.alike)


def _seeded(params: Mapping[str, object]) -> dict[str, object]:
    """As the store does with who gave no seed."""
    return {"seed": 7} if "seed" in params and params["seed"] is None else {}


@every_kind
def test_a_job_shows_its_stages_in_their_units(kind: Kind) -> None:
    """Each in order, and the one that runs says how much of what it has done."""
    tracker = Tracker({}, lambda: 0.0, kind.stages)
    names = list(kind.stages)
    tracker.started(names[-1])
    tracker.progressed(1, 4, "")
    assert tracker.message == f"1 of 4 {kind.stages[names[-1]].unit}"
    assert [stage.name for stage in view(a_job(kind.name), tracker, runs=[]).stages] == names


@every_kind
def test_changes_are_as_strict_as_requests(kind: Kind) -> None:
    """A name that a kind does not have, and a value of another type, are refused by their names."""
    with pytest.raises(BadRequest, match="have no 'colour_of_sky'"):
        _given({"colour_of_sky": "blue"}, kind)
    with pytest.raises(BadRequest, match=f"changes.{fields(kind.params)[0].name}"):
        _given({fields(kind.params)[0].name: [[]]}, kind)


def test_names_are_unique() -> None:
    """So are those of stages, which is why two kinds that share a name share the stage."""
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert len(set(STAGES)) == len(STAGES)


def test_a_kind_that_is_not_there() -> None:
    """Nothing is made of it; a job that a later version left shows no stages."""
    with pytest.raises(BadInput, match="no kind of job named 'film'"):
        kind_of("film")
    assert stages_of("film") == {}
    assert view(a_job("film"), runs=[]).stages == []
