"""A short: told, spoken, pictured, captioned, rendered and published."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shortsd.config.settings import Settings
from shortsd.domain.stage import PACES
from shortsd.stages.groundwork import Groundwork, Stages
from shortsd.stages.kind import Attempt, Kind, Planned
from shortsd.stages.pipeline import make
from shortsd.stages.plan import Plan, changed, plan
from shortsd.stages.preflight import preflight
from shortsd.stages.tools import Tools
from shortsd.wire.models import ShortParams


def _plan(params: ShortParams, settings: Settings) -> Planned:
    made = plan(params, settings, 0)  # the store has the next seed, for who gives none
    return _planned(made, {**made.data(), "seed": params.seed})


def _changed(before: Mapping[str, Any], given: Mapping[str, Any], title: str, settings: Settings) -> Planned:
    made = changed(Plan.of(before), given, title, settings)
    return _planned(made, made.data())


def _planned(made: Plan, params: Mapping[str, Any]) -> Planned:
    """Plans that differ in their topic alone are examined once."""
    alike = replace(made, topic=None if made.topic is None else "", seed=0)
    return Planned(made, params, made.working_title(), alike)


def _ground(params: Mapping[str, Any], tools: Tools, stages: Stages) -> Groundwork:
    return Groundwork(Plan.of(params), tools, stages)


async def _make(attempt: Attempt) -> Mapping[str, Any]:
    return await make(attempt, _ground)


def _uses(tools: Tools) -> Sequence[str]:
    by = tools.uses
    return by.words, by.voice, by.pictures, by.music, by.place


SHORT = Kind(
    name="short",
    params=ShortParams,
    stages=PACES,
    plan=_plan,
    changed=_changed,
    examine=preflight,
    make=_make,
    uses=_uses,
    ground=_ground,
    dated=True,
)
