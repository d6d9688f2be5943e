"""What a short is made of, as it is written on a command line."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, Protocol, get_type_hints

from shortsd.cli import story
from shortsd.domain import address
from shortsd.domain.errors import BadInput, BadRequest
from shortsd.wire.kinds import PARAMS


class Options(Protocol):
    """A parser, or a group of its options."""

    def add_argument(self, *names: str, **how: Any) -> Any: ...


def of_a_short(parser: Options) -> None:
    """The options for what a short shows and says."""
    parser.add_argument("--images", metavar="FOLDER", help="show these pictures, in the order of their names")
    parser.add_argument("--title", help="its title")
    parser.add_argument("--voice", help="who speaks, such as en-us or en-gb")
    parser.add_argument("--fps", type=int, metavar="N", help="frames per second")
    parser.add_argument("--size", metavar="WxH", help="width and height in pixels, such as 1080x1920")
    parser.add_argument("--shape", metavar="W:H", help="9:16 (the default), 16:9 or 1:1, in place of --size")
    parser.add_argument(
        "--captions", metavar="STYLE", help="karaoke, pop, boxed, clean, typewriter or two-tone (default: karaoke)"
    )
    parser.add_argument("--caption-colour", metavar="#RRGGBB", help="the accent of the captions")
    parser.add_argument("--caption-size", type=float, metavar="X", help="times the usual size, 0.5 to 2")
    parser.add_argument("--caption-place", metavar="PLACE", help="auto, top, middle or bottom")
    parser.add_argument("--cuts", metavar="CUT", help="from scene to scene: crossfade, dip, whip or hard")
    parser.add_argument("--fit", metavar="HOW", help="pictures of another shape: crop, or blur to show them whole")
    parser.add_argument("--look", metavar="LOOK", help="film it by a look of ours, or by a Python file")
    parser.add_argument(
        "--review",
        nargs="?",
        const="publish",
        metavar="GATE",
        help="stop for your approval before `render`, or before `publish` (if nothing else is said)",
    )
    parser.add_argument("--seed", type=int, metavar="N", help="0 or more; the same one gives the same story again")
    parser.add_argument(
        "--allow-long",
        action="store_true",
        help="let through what takes over voice.max_speech_s to say",
    )


def given(args: argparse.Namespace) -> dict[str, Any]:
    """What these options say, by the names of ShortParams' fields. Raises BadInput."""
    return {
        "title": sendable("title", args.title),
        "voice": sendable("voice", args.voice),
        "images": absolute("folder of pictures", args.images),
        "fps": args.fps,
        "size": sendable("size", args.size),
        "shape": sendable("shape", args.shape),
        "captions": sendable("caption style", args.captions),
        "caption_colour": sendable("colour", args.caption_colour),
        "caption_size": args.caption_size,
        "caption_place": sendable("place", args.caption_place),
        "cuts": sendable("cut", args.cuts),
        "fit": sendable("fit", args.fit),
        "look": look(args.look),
        "review": sendable("gate", args.review),
        "seed": args.seed,
        "allow_long": args.allow_long,
    }


def sendable(what: str, value: str | None) -> str | None:
    """A word of the command line, if it can travel as JSON. Raises BadInput."""
    try:
        return value if value is None else value.encode().decode()
    except UnicodeEncodeError as exc:
        raise BadInput(f"The {what} {value!a} is not UTF-8.", "Rename the file, or write the text in UTF-8.") from exc


def page(url: str) -> str:
    """The address of a page, looked at for its form alone. Raises BadInput."""
    return address.page(sendable("address", url) or "")


def absolute(what: str, name: str | None) -> str | None:
    """A path that means the same to the daemon, which works in another folder."""
    if name == "":
        raise BadInput(f"The {what} has no name.", "Leave the option out, or name one.")
    return name if name is None else sendable(what, str(Path(name).absolute()))


def beside(name: str) -> str | None:
    """The folder of a text's file, where its pictures may be; None of what comes from stdin."""
    return None if name in ("", "-") else absolute("folder of the text", str(Path(name).parent))


def look(name: str | None) -> str | None:
    """A look's name as it is; a file, which has a dot or a slash in it, by its whole path."""
    return absolute("look", name) if name and ("/" in name or "." in name) else sendable("look", name)


_HINTS: Mapping[str, Any] = {
    field.name: hints[field.name]
    for params in PARAMS.values()
    for hints in [get_type_hints(params)]
    for field in fields(params)
}
"""What can be changed of jobs of any kind, by name, and the type of each."""


def _storage(where: str) -> str | None:
    """The address of a bucket as it is; a folder by its whole path."""
    return sendable("storage", where) if "://" in where else absolute("storage", where)


def _picture(value: str) -> str:
    """A scene and the whole path of its file."""
    scene, equals, file = value.partition("=")
    return f"{scene}{equals}{absolute('picture', file) if file else ''}"


_READ: Mapping[str, Callable[[str], str | None]] = {
    "picture": _picture,
    "story": story.read,
    "url": page,
    "site": page,
    "storage": _storage,
    "images": partial(absolute, "folder of pictures"),
    "folder": partial(absolute, "folder of the text"),
    "music": partial(absolute, "music file"),
    "look": look,
}
"""How values are read that are more than a word or a number."""


def changes(words: Sequence[str]) -> Mapping[str, Any] | None:
    """What `KEY=VALUE` words want to be different, by the names of a kind's params; None if there are none.

    A word without a value takes its key back: to None. A story brings its folder along, unless another one is named.
    Whether a job's kind has such a thing is the daemon's to know. Raises BadRequest, BadInput.
    """
    if not words:
        return None
    pairs = [_pair(word) for word in words]
    changed = [(name, _value(name, value) if value else None) for name, value in pairs]
    pictures = [value for name, value in changed if name == "picture" and value is not None]
    stories = [value for name, value in pairs if name == "story"]
    folder = {"folder": beside(stories[-1])} if stories else {}
    return {**folder, **dict(changed), **({"picture": pictures} if pictures else {})}


def fitting(changes: Mapping[str, Any] | None, kind: str) -> Mapping[str, Any] | None:
    """Changes for a job of a kind: where a story lies is nothing to one that shows no pictures beside it."""
    known = get_type_hints(PARAMS[kind]) if kind in PARAMS else _HINTS
    if changes is None or "story" not in changes or "folder" in known:
        return changes
    return {name: value for name, value in changes.items() if name != "folder"}


def _pair(word: str) -> tuple[str, str]:
    """The name and the value that a word has, as they are written. Raises BadRequest."""
    key, equals, value = word.partition("=")
    name = key.strip().replace("-", "_")
    known = list(_HINTS)
    if not equals or name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.6)
        hint = f"Did you mean {near[0]}=…?" if near else f"There are {', '.join(known)}."
        raise BadRequest(f"{word!r} changes nothing that there is.", hint)
    return name, value


def _value(name: str, value: str) -> Any:
    if name in _READ:
        return _READ[name](value)
    kind = _HINTS[name]
    if kind in (bool, bool | None):
        return _truth(name, value)
    for number in (int, float):
        if kind == number | None:
            return _number(name, value, number)
    return sendable(name, value)


def _number(name: str, value: str, kind: type[int] | type[float]) -> int | float:
    try:
        return kind(value)
    except ValueError as exc:
        raise BadRequest(f"{name} takes a number, not {value!r}.", f"Such as {name}=1.") from exc


def _truth(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise BadRequest(f"{name} takes true or false, not {value!r}.")
    return value == "true"
