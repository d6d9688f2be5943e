"""A creation: a picture book in a storage, which becomes a narrated video beside it."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput
from shortsd.domain.gates import Gate
from shortsd.domain.stage import Pace
from shortsd.domain.style import Fit
from shortsd.stages import pages
from shortsd.stages.creation import CAPTIONS, CHECK, DELIVER, FETCH, IMAGES, PAGES, RENDER, VOICE, CreationPlan, make
from shortsd.stages.kind import Kind, Planned
from shortsd.stages.plan import changed, plan
from shortsd.stages.preflight import NoJob
from shortsd.stages.tools import Tools
from shortsd.wire.creations import CreationParams
from shortsd.wire.models import ShortParams

LONGEST_SILENCE_S = 60.0


_SHARED = [field.name for field in fields(CreationParams) if field.name not in ("creation", "storage", "silent_s")]
"""What a creation and a short have in common."""


def _plan(params: CreationParams, settings: Settings) -> Planned:
    creation = pages.checked_id(params.creation)
    shared = _filled({name: getattr(params, name) for name in _SHARED}, settings)
    film = plan(ShortParams(topic=creation, review=Gate.NOTHING, allow_long=True, **shared), settings, 0)
    return _planned(
        CreationPlan(
            storage=_storage(params.storage),
            creation=creation,
            silent_s=_silence(params.silent_s, settings),
            film=film,
        )
    )


def _changed(before: Mapping[str, Any], given: Mapping[str, Any], title: str, settings: Settings) -> Planned:
    kept = CreationPlan.of(before)
    creation = pages.checked_id(given.get("creation", kept.creation))
    film = _filled({name: value for name, value in given.items() if name in _SHARED}, settings)
    if creation != kept.creation:
        film["topic"] = creation
    return _planned(
        CreationPlan(
            storage=_storage(given.get("storage", kept.storage)),
            creation=creation,
            silent_s=_silence(given.get("silent_s", kept.silent_s), settings),
            film=changed(kept.film, film, title, settings),
        )
    )


def _filled(asked: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """What is asked for of the film; where that is None, as creations have it."""
    fit = {"fit": asked["fit"] or Fit.BLUR} if "fit" in asked else {}
    sized = {"size", "shape"} & asked.keys()
    size = {"size": settings.creations.size} if sized and not any(asked[name] for name in sized) else {}
    return {**asked, **fit, **size}


def _planned(made: CreationPlan) -> Planned:
    return Planned(made, asdict(made), made.film.working_title(), made)


def _storage(url: str) -> str:
    """A folder by its whole path, or an address. That there is such a bucket the job finds."""
    if "://" not in url and not Path(url).is_absolute():
        raise BadInput(f"The storage {url!r} is neither an absolute path nor an address.", "Such as s3://books/2026.")
    if not url.isprintable():
        raise BadInput("The storage holds a character that no address has.", "Such as s3://books/2026.")
    return url


def _silence(asked: float | None, settings: Settings) -> float:
    seconds = settings.creations.silent_s if asked is None else asked
    if not 0.5 <= seconds <= LONGEST_SILENCE_S:
        raise BadInput(f"A page cannot be silent for {seconds:g} s.", f"Give 0.5 to {LONGEST_SILENCE_S:g} seconds.")
    return seconds


async def _examine(made: CreationPlan, tools: Tools) -> None:
    """See that voice and music are there, and the pages, where a look at them asks nobody else."""
    await tools.voice.check(made.film.voice)
    if made.film.music is not None:
        await tools.file(Path(made.film.music)).check(NoJob("music"))
    storage = tools.storage(made.storage)
    if "://" not in made.storage:
        pages.book(made.creation, await storage.files(pages.assets(made.creation), pages.MOST_FILES))
        await storage.expect(pages.video(made.creation))


CREATION = Kind(
    name="creation",
    params=CreationParams,
    stages={
        PAGES: Pace("pages", 0.2),
        FETCH: Pace("files", 1.0),
        VOICE: Pace("sentences", 1.0),
        IMAGES: Pace("pictures", 6.0),
        CAPTIONS: Pace("captions", 0.4),
        RENDER: Pace("frames", 40.0),
        CHECK: Pace("seconds", 5.0),
        DELIVER: Pace("bytes", 1.0),
    },
    plan=_plan,
    changed=_changed,
    examine=_examine,
    make=make,
    uses=lambda tools: (tools.uses.voice, tools.uses.music),
)
