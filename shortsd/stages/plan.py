"""What a job asks for, with every default filled in: nothing that a stage does depends on anything else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shortsd.config.settings import Settings
from shortsd.domain import address
from shortsd.domain.errors import BadInput
from shortsd.domain.gates import Gate
from shortsd.domain.style import COLOUR, SHAPES, CaptionLook, CaptionPlace, CaptionStyle, Cut, Fit
from shortsd.domain.text import has_words, speech_seconds
from shortsd.wire.models import ShortParams

E = TypeVar("E", bound=StrEnum)

STORY_LIMIT = 60_000
"""Characters of a story: about an hour of speech."""
SEEDS = 2**63
"""Seeds are below this: what numpy and SQLite take for an integer."""
SCENES = 10_000
"""No story has so many."""
TITLE_LIMIT = 200
"""Characters of a title that a user gives; what is made by us has at most 70."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A short to be made. One of `topic`, `story` and `url` is not None."""

    topic: str | None
    story: str | None
    title: str | None
    voice: str
    images: str | None
    music: str | None
    fps: int
    width: int
    height: int
    seed: int
    max_speech_s: float | None
    """Seconds above which the narration is refused; None if a long one was allowed."""
    captions: CaptionLook = field(default_factory=CaptionLook)
    cuts: Cut = Cut.CROSSFADE
    fit: Fit = Fit.CROP
    url: str | None = None
    """Of an article that is to be retold."""
    look: str | None = None
    """A look's name, or the absolute path of a Python file; None for the ordinary camera."""
    review: Gate = Gate.NOTHING
    picture: tuple[tuple[int, str], ...] = ()
    """Scenes, counted from 1, that show a file of the user's, and which."""

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> "Plan":
        """The plan that a job's row holds."""
        return msgspec.convert(params, cls)

    def data(self) -> dict[str, Any]:
        return asdict(self)

    def working_title(self) -> str:
        """What the job is called until its story has a title."""
        text = self.title or self.topic or self.story or self.url or ""
        line = " ".join(text.split())
        return line if len(line) <= 70 else line[:69].rstrip() + "…"


def plan(params: ShortParams, settings: Settings, seed: int) -> Plan:
    """The plan of what a user asked for; `seed` is used if none was given. Raises BadInput, naming what cannot be."""
    _check_texts(params)
    topic, story, url = _subject(params)
    if story is not None and not params.allow_long:
        check_length(speech_seconds(story), settings.voice.max_speech_s)
    width, height = _size(params, settings)
    return Plan(
        topic=topic,
        story=story,
        url=url,
        title=_title(params.title),
        voice=params.voice or settings.voice.voice,
        images=_path("pictures", params.images),
        music=_path("music", params.music),
        fps=_fps(params.fps, settings),
        width=width,
        height=height,
        seed=_seed(seed if params.seed is None else params.seed),
        max_speech_s=None if params.allow_long else float(settings.voice.max_speech_s),
        captions=_captions(params, settings.captions),
        cuts=_chosen("cut", Cut, params.cuts) or settings.video.cuts,
        fit=_chosen("fit", Fit, params.fit) or settings.video.fit,
        look=params.look or None,
        picture=_pictures(params.picture or ()),
        review=_chosen("gate", Gate, params.review) or settings.review.before,
    )


def changed(before: Plan, given: Mapping[str, Any], title: str, settings: Settings) -> Plan:
    """The plan with some things different; what is not `given` stays, whatever is configured by now.

    `given` is by the names of ShortParams; None takes back to what is configured. A story in the place of what it was
    written for keeps the `title` that the job has come to have. Raises BadInput as `plan` does.
    """
    kept = asdict(_params(before))
    for alternatives in (("topic", "story", "url"), ("size", "shape")):
        if any(name in given for name in alternatives):
            kept |= dict.fromkeys(alternatives)
    if "story" in given and before.story is None:
        kept["title"] = kept["title"] or title
    own = given.get("picture", [])
    pictures = [] if own is None else [*kept["picture"], *own]
    return plan(ShortParams(**{**kept, **given, "picture": pictures}), settings, before.seed)


def _params(made: Plan) -> ShortParams:
    """What a user would have asked for who wanted just this plan."""
    return ShortParams(
        topic=made.topic,
        story=made.story,
        url=made.url,
        title=made.title,
        voice=made.voice,
        images=made.images,
        music=made.music,
        fps=made.fps,
        size=f"{made.width}x{made.height}",
        captions=made.captions.style,
        caption_colour=made.captions.colour,
        caption_size=made.captions.size,
        caption_place=made.captions.place,
        cuts=made.cuts,
        fit=made.fit,
        look=made.look,
        review=made.review,
        picture=[f"{scene}={file}" for scene, file in made.picture],
        seed=made.seed,
        allow_long=made.max_speech_s is None,
    )


def _chosen(what: str, kind: type[E], name: str | None) -> E | None:
    """What a user chose by its name; None if nothing was. Raises BadInput."""
    if name is None:
        return None
    try:
        return kind(name)
    except ValueError as exc:
        raise BadInput(f"There is no {what} {name!r}.", f"There are {', '.join(kind)}.") from exc


def _captions(params: ShortParams, usual: CaptionLook) -> CaptionLook:
    size = usual.size if params.caption_size is None else params.caption_size
    colour = params.caption_colour or usual.colour
    if not 0.5 <= size <= 2:
        raise BadInput(f"Captions of {size:g} times the usual size cannot be made.", "Give a number from 0.5 to 2.")
    if not COLOUR.fullmatch(colour):
        raise BadInput(f"{colour!r} is no colour.", "Give one as #RRGGBB, such as #FFD42A.")
    return CaptionLook(
        style=_chosen("caption style", CaptionStyle, params.captions) or usual.style,
        colour=colour.upper(),
        size=size,
        place=_chosen("place for captions", CaptionPlace, params.caption_place) or usual.place,
    )


def _shape(params: ShortParams) -> tuple[int, int]:
    """Width and height in pixels of a shape."""
    if params.size is not None:
        raise BadInput("A short has a size or a shape, not both.", "Leave one of them out.")
    if params.shape not in SHAPES:
        raise BadInput(f"There is no shape {params.shape!r}.", f"There are {', '.join(SHAPES)}.")
    return SHAPES[params.shape]


def _subject(params: ShortParams) -> tuple[str | None, str | None, str | None]:
    """The topic, the story and the address, of which there is one."""
    subject = params.topic, params.story, params.url
    if sum(one is not None for one in subject) != 1:
        raise BadInput("A short is made of a topic, a story or an address.", "Give one of `topic`, `story` and `url`.")
    if params.story is not None and not has_words(params.story):
        raise BadInput("The story is empty.", "Give a text with at least one word to speak.")
    if params.topic is not None and not has_words(params.topic):
        raise BadInput("The topic is empty.", 'Give a few words, such as "the lighthouse keeper who never sleeps".')
    return params.topic, params.story, None if params.url is None else address.page(params.url)


def _check_texts(params: ShortParams) -> None:
    """Raise BadInput for a text that is none: too long, or with what cannot be written down."""
    for name, text in asdict(params).items():
        if not isinstance(text, str):
            continue
        if len(text) > STORY_LIMIT:
            raise BadInput(f"The {name} has {len(text)} characters; {STORY_LIMIT} is the limit.", "Make it shorter.")
        if "\0" in text or not _encodable(text):
            raise BadInput(f"The {name} holds a character that is no text (NUL, half a pair).", "Give plain text.")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _path(name: str, path: str | None) -> str | None:
    """A path that means the same to the daemon as to who gave it."""
    if path is not None and not Path(path).is_absolute():
        raise BadInput(f"The path of the {name}, {path!r}, is not absolute.", "Begin it with a slash.")
    return path


def _seed(seed: int) -> int:
    if not 0 <= seed < SEEDS:
        raise BadInput(f"{seed} is no seed.", "Give a number from 0 to 9223372036854775807, or none.")
    return seed


def check_length(seconds: float, limit_s: float) -> None:
    """Raise BadInput for a story that takes too many seconds to say."""
    if seconds > limit_s:
        raise BadInput(
            f"The story takes about {_minutes(seconds)} to say; a short has {_minutes(limit_s)} at most.",
            "Shorten it, or let it through with --allow-long.",
        )


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)} min {int(seconds % 60):02d} s"


def _pictures(words: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Scenes and their files, of which the last one for each counts. Raises BadInput."""
    files: dict[int, str] = {}
    for word in words:
        scene, equals, file = word.partition("=")
        if not equals or not scene.isdecimal() or not 1 <= int(scene) <= SCENES:
            raise BadInput(f"{word!r} gives no scene a picture.", "Give a scene and a file: 3=bell.jpg.")
        files[int(scene)] = (_path("picture", file) or "") if file else ""
    return tuple((scene, file) for scene, file in sorted(files.items()) if file)


def _title(title: str | None) -> str | None:
    line = " ".join((title or "").split())
    if len(line) > TITLE_LIMIT:
        raise BadInput(f"The title has {len(line)} characters; {TITLE_LIMIT} is the limit.", "Shorten it.")
    return line or None


def _fps(fps: int | None, settings: Settings) -> int:
    if fps is not None and not 1 <= fps <= 120:
        raise BadInput(f"{fps} frames a second cannot be made.", "Give a number from 1 to 120, such as 30 or 60.")
    return fps or settings.video.fps


def _size(params: ShortParams, settings: Settings) -> tuple[int, int]:
    """Width and height in pixels."""
    if params.shape is not None:
        return _shape(params)
    if params.size is None:
        return settings.video.width, settings.video.height
    match = re.fullmatch(r"(\d{1,5})x(\d{1,5})", params.size)
    sides = tuple(int(side) for side in match.groups()) if match else ()
    if len(sides) != 2 or any(side % 2 or not 128 <= side <= 4096 for side in sides):
        raise BadInput(
            f"A picture of {params.size!r} cannot be made.",
            "Give width and height in even pixels from 128 to 4096, such as 1080x1920.",
        )
    return sides[0], sides[1]
