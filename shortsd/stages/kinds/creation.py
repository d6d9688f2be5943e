"""A creation: a picture book in a storage, which becomes a narrated video beside it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
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
from shortsd.wire.models import FilmParams, Real, ShortParams

LONGEST_SILENCE_S = 60.0


@dataclass(frozen=True, kw_only=True)
class CreationParams(FilmParams):
    """What a creation is made of. If not given, its title is its id, its size the configured one, and its seed 0.

    So a book becomes the same video again.
    """

    creation: str
    """Its id: the name of its folder."""
    storage: str
    """What that folder is in: another folder, s3://bucket/…, gs://bucket/… or az://container/…."""
    silent_s: Real | None = None
    """Seconds for which a page is shown that says nothing; as configured if not given."""
    caption_place: str | None = None
    """auto, top, middle or bottom."""
    fit: str | None = None
    """Pictures of another shape than the frame: blur (if nothing is said), which shows them whole, or crop."""


_SHARED = [field.name for field in fields(CreationParams) if field.name not in ("creation", "storage", "silent_s")]
"""What a creation and a short have in common."""


def _plan(params: CreationParams, settings: Settings) -> Planned:
    creation = pages.checked_id(params.creation)
    shared = {name: getattr(params, name) for name in _SHARED}
    size = params.size if params.size or params.shape else settings.creations.size
    shared |= {"size": size, "fit": params.fit or Fit.BLUR}
    film = plan(ShortParams(topic=creation, review=Gate.NOTHING, allow_long=True, **shared), settings, 0)
    return _planned(
        CreationPlan(
            storage=_storage(params.storage),
            creation=creation,
            silent_s=_silence(settings.creations.silent_s if params.silent_s is None else params.silent_s),
            film=film,
        )
    )


def _changed(before: Mapping[str, Any], given: Mapping[str, Any], title: str, settings: Settings) -> Planned:
    kept = CreationPlan.of(before)
    creation = pages.checked_id(given.get("creation", kept.creation))
    film = {name: value for name, value in given.items() if name in _SHARED}
    if creation != kept.creation:
        film["topic"] = creation
    return _planned(
        CreationPlan(
            storage=_storage(given.get("storage", kept.storage)),
            creation=creation,
            silent_s=_silence(given.get("silent_s", kept.silent_s)),
            film=changed(kept.film, film, title, settings),
        )
    )


def _planned(made: CreationPlan) -> Planned:
    return Planned(made, asdict(made), made.film.working_title(), made)


def _storage(url: str) -> str:
    """A folder by its whole path, or an address. That there is such a bucket the job finds."""
    if "://" not in url and not Path(url).is_absolute():
        raise BadInput(f"The storage {url!r} is neither an absolute path nor an address.", "Such as s3://books/2026.")
    if not url.isprintable():
        raise BadInput("The storage holds a character that no address has.", "Such as s3://books/2026.")
    return url


def _silence(seconds: float) -> float:
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
