"""Slides: a text or an article as a lecture, told over slides that are drawn of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput
from shortsd.domain.finish import in_thread
from shortsd.domain.slides import Theme
from shortsd.domain.stage import Pace, StageName
from shortsd.domain.style import CaptionPlace, CaptionStyle
from shortsd.stages.groundwork import Stages
from shortsd.stages.kind import Attempt, Kind, Planned
from shortsd.stages.pipeline import make
from shortsd.stages.plan import changed, plan
from shortsd.stages.preflight import NoJob
from shortsd.stages.slides.lecture import Lecture, SlidesPlan
from shortsd.stages.slides.moments import telling
from shortsd.stages.slides.reading import name, read
from shortsd.stages.tools import Tools
from shortsd.wire.models import ShortParams
from shortsd.wire.slides import SlidesParams

SHAPE = "16:9"
CAPTION_SIZE = 0.7
"""Times that of shorts: a slide has words enough."""
_USUAL = {"captions": CaptionStyle.CLEAN, "caption_size": CAPTION_SIZE}
_OWN = ("theme", "article_pictures", "folder")
_SHARED = [field.name for field in fields(SlidesParams) if field.name not in _OWN]
"""What a lecture and a short have in common."""


def _plan(params: SlidesParams, settings: Settings) -> Planned:
    _check_subject(params.story, params.url)
    shared = _filled({name: getattr(params, name) for name in _SHARED})
    film = plan(ShortParams(allow_long=True, caption_place=CaptionPlace.BOTTOM, **shared), settings, 0)
    return _planned(
        SlidesPlan(
            theme=_theme(params.theme) or settings.slides.theme,
            article_pictures=bool(params.article_pictures),
            words=settings.slides.words,
            film=film,
            folder=_folder(params.folder) if params.url is None else None,
        )
    )


def _changed(before: Mapping[str, Any], given: Mapping[str, Any], title: str, settings: Settings) -> Planned:
    """The title is the script's, if none is asked for."""
    del title
    if {"story", "url"} & given.keys():
        _check_subject(given.get("story"), given.get("url"))
    kept = SlidesPlan.of(before)
    film = _filled({name: value for name, value in given.items() if name in _SHARED})
    return _planned(
        replace(
            kept,
            theme=_theme(given.get("theme", kept.theme)) or settings.slides.theme,
            article_pictures=bool(given.get("article_pictures", kept.article_pictures)),
            film=changed(kept.film, film, "", settings),
            folder=None if given.get("url") else _folder(given.get("folder", kept.folder)),
        )
    )


def _filled(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked for of the film; where that is None, as lectures have it."""
    usual = {name: asked[name] or value for name, value in _USUAL.items() if name in asked}
    sized = {"size", "shape"} & asked.keys()
    shape = {"shape": SHAPE} if sized and not any(asked[name] for name in sized) else {}
    return {**asked, **usual, **shape}


def _planned(made: SlidesPlan) -> Planned:
    story = made.film.story
    called = made.film if story is None else replace(made.film, story=name(story))
    return Planned(
        made, asdict(made), called.working_title(), (made.film.voice, made.film.music, made.film.story, made.folder)
    )


def _folder(name: str | None) -> str | None:
    if name is not None and not Path(name).is_absolute():
        raise BadInput(f"The folder of the text, {name!r}, is not absolute.", "Begin it with a slash.")
    return name


def _theme(name: str | None) -> Theme | None:
    if name is None:
        return None
    try:
        return Theme(name)
    except ValueError as exc:
        raise BadInput(f"There is no theme {name!r}.", f"There are {', '.join(Theme)}.") from exc


def _check_subject(story: str | None, url: str | None) -> None:
    if (story is None) == (url is None):
        raise BadInput("Slides are made of a text or of an article.", "Give one of `story` and `url`.")


async def _examine(made: SlidesPlan, tools: Tools) -> None:
    """See that there is something to say, and that voice and music are there."""
    if made.film.story is not None:
        files = made.folder is not None
        await in_thread(lambda story: telling(read(story, files=files), made.film.voice), made.film.story)
    await tools.voice.check(made.film.voice)
    if made.film.music is not None:
        await tools.file(Path(made.film.music)).check(NoJob("music"))


def _ground(params: Mapping[str, Any], tools: Tools, stages: Stages) -> Lecture:
    made = SlidesPlan.of(params)
    return Lecture(made.film, tools, stages, made)


async def _make(attempt: Attempt) -> Mapping[str, Any]:
    return await make(attempt, _ground)


def _uses(tools: Tools) -> Sequence[str]:
    """An article is written into slides; a text is as its user wrote it."""
    by = tools.uses
    return f"articles {by.words}", by.voice, by.music, by.place


SLIDES = Kind(
    name="slides",
    params=SlidesParams,
    stages={
        StageName.STORY: Pace("words", 0.5),
        StageName.VOICE: Pace("sentences", 1.0),
        StageName.IMAGES: Pace("slides", 10.0),
        StageName.CAPTIONS: Pace("captions", 0.4),
        StageName.RENDER: Pace("frames", 60.0),
        StageName.THUMBNAIL: Pace("frames", 1.0),
        StageName.CHECK: Pace("seconds", 8.0),
        StageName.PUBLISH: Pace("files", 0.1),
    },
    plan=_plan,
    changed=_changed,
    examine=_examine,
    make=_make,
    uses=_uses,
    ground=_ground,
    dated=True,
)
