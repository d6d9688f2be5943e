"""A transcript: what is said in a video of a channel elsewhere, and what it comes to."""

import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from shortsd.config.settings import Settings
from shortsd.domain import address
from shortsd.domain.errors import BadInput
from shortsd.domain.stage import Pace
from shortsd.domain.text import cut, line
from shortsd.providers.publish.folder import slug
from shortsd.stages.kind import Kind, Planned
from shortsd.stages.tools import Tools
from shortsd.stages.transcript import METADATA, SAVE, SOUND, SPEECH, SUBTITLES, SUMMARY, TranscriptPlan, make
from shortsd.wire.transcripts import TranscriptParams

TITLE, LONGEST = 200, 500
"""Characters of a title and of an id, at most."""
TAG = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}")
"""A language tag, as far as its form goes (RFC 5646, 2.1)."""


def _plan(params: TranscriptParams, settings: Settings) -> Planned:
    del settings
    url = address.page(params.url)
    made = TranscriptPlan(
        channel=_folder(params.channel),
        site=address.page(params.site) if params.site else url,
        url=url,
        video=_id(params.video) or url,
        title=cut(line(params.title), TITLE),
        uploaded=day(params.uploaded),
        language=tag(params.language),
        since=day(params.since),
        summarize=params.summarize,
    )
    return Planned(made, asdict(made), made.title or made.video, made.channel)


def _changed(before: Mapping[str, Any], given: Mapping[str, Any], title: str, settings: Settings) -> Planned:
    kept = TranscriptPlan.of(before)
    params = {one.name: getattr(kept, one.name) for one in fields(kept)}
    made = _plan(TranscriptParams(**{**params, **given}), settings)
    return Planned(made.plan, made.params, made.plan.title or title, made.alike)


def _folder(name: str) -> str:
    """The name of a folder, if it is one that we give: nothing else leads nowhere else."""
    if not name or slug(name, "") != name:
        raise BadInput(f"{name!a} is no name of a channel's folder.", "Small letters, digits and hyphens make one.")
    return name


def _id(video: str) -> str:
    if len(video) > LONGEST:
        raise BadInput(f"The id of the video has {len(video)} characters.", f"Give up to {LONGEST} of them.")
    return line(video)


def day(text: str) -> str:
    """A day as it is written, "2026-11-28"; empty for none. Raises BadInput."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as exc:
        raise BadInput(f"{text!r} is no day.", "Write one such as 2026-11-28.") from exc


def tag(text: str) -> str:
    """A language tag; empty for none. Raises BadInput."""
    if text and not TAG.fullmatch(text):
        raise BadInput(f"{text!r} is no language tag.", "Such as en, de or pt-BR.")
    return text


async def _examine(made: TranscriptPlan, tools: Tools) -> None:
    """Nothing can be seen of a video before it is asked for."""
    del made, tools


TRANSCRIPT = Kind(
    name="transcript",
    params=TranscriptParams,
    stages={
        METADATA: Pace("pages", 2.0),
        SUBTITLES: Pace("subtitles", 1.0),
        SOUND: Pace("bytes", 0.1),
        SPEECH: Pace("seconds", 0.1),
        SUMMARY: Pace("words", 0.1),
        SAVE: Pace("videos", 0.1),
    },
    plan=_plan,
    changed=_changed,
    examine=_examine,
    make=make,
    fetches=True,
    uses=lambda _: ("yt-dlp finds the videos and their subtitles",),
)
