"""What is put into the inbox: a text, a Markdown text, a TOML file, or a folder with one of these and its pictures.

Nothing that such a file names may lie outside of the folder that it came in.
"""

import codecs
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from shortsd.domain.errors import BadInput
from shortsd.engine.markdown import spoken
from shortsd.engine.options import Given, front_matter, of_toml
from shortsd.providers.images.listing import picture_files, shown
from shortsd.stages.plan import STORY_LIMIT
from shortsd.wire.models import NewJob, ShortParams

TEXT_BYTES = 2**20
"""Of a text at most: three minutes of speech are about three kilobytes."""
FILES = 2000
"""In a folder at most, folders in it among them."""
FOLDER_BYTES = 2 * 2**30
"""Of a folder at most."""
MARKUP = 2
"""Times the characters of a story that Markdown may have: what is read in the daemon has to be read soon."""

MUSIC = frozenset(
    {".aac", ".ac3", ".aif", ".aiff", ".flac", ".m4a", ".mka", ".mp3", ".oga", ".ogg", ".opus", ".wav", ".wma"}
)
"""Suffixes of music."""
OPTIONS = "short.toml"
STORIES = ("story.txt", "story.md")

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""How files begin that say what they are written in (Unicode 16.0, 23.8)."""
_KINDS_HINT = "Files that end in .txt, .md or .toml are taken, and folders with a story.txt, story.md or short.toml."
_PLACE_HINT = "Put it into one folder with its short.toml, and name it by its place in there."


def read(entry: Path) -> NewJob:
    """The job that a file or a folder asks for. Raises BadInput for what asks for none; OSError."""
    mode = entry.lstat().st_mode
    if stat.S_ISLNK(mode):
        raise BadInput("This is a link.", "Put the file or the folder itself into the inbox.")
    if stat.S_ISDIR(mode):
        return _job(_of_folder(entry), entry)
    reader = _READERS.get(entry.suffix.lower())
    if reader is None or not stat.S_ISREG(mode):
        raise BadInput("Nothing can be made of a file of this kind.", _KINDS_HINT)
    return _job(reader(entry), None)


def contents(folder: Path, most: int = FILES + 1) -> Iterator["os.DirEntry[str]"]:
    """All that lies in a folder and the folders in it, up to `most`; links are not followed. Raises OSError."""
    waiting, left = deque([os.fspath(folder)]), most
    while waiting:
        with os.scandir(waiting.popleft()) as found:
            for each in found:
                if not left:
                    return
                left -= 1
                yield each
                if each.is_dir(follow_symlinks=False):
                    waiting.append(each.path)


def _of_text(file: Path) -> Given:
    return {"story": _text(file)}


def _of_markdown(file: Path) -> Given:
    options, body = front_matter(_text(file))
    if len(body) > MARKUP * STORY_LIMIT:
        raise BadInput(f"The story has {len(body)} characters; {STORY_LIMIT} is the limit.", "Make it shorter.")
    said = spoken(body)
    found = {"title": said.title, "story": said.text or None}
    return _united(options, {key: text for key, text in found.items() if text is not None}, "front matter")


def _of_options(file: Path) -> Given:
    return of_toml(_text(file))


_READERS: Mapping[str, Callable[[Path], Given]] = {".txt": _of_text, ".md": _of_markdown, ".toml": _of_options}


def _of_folder(folder: Path) -> Given:
    _check_bounds(folder)
    files = {file.name.lower(): file for file in sorted(folder.iterdir()) if file.is_file()}
    stories = [files[name] for name in STORIES if name in files]
    if len(stories) > 1:
        raise BadInput("The folder has two stories.", f"Keep one of {' and '.join(STORIES)}.")
    if not stories and OPTIONS not in files:
        raise BadInput("The folder has no story.", f"Put {', '.join(STORIES)} or {OPTIONS} into it.")
    options = _of_options(files[OPTIONS]) if OPTIONS in files else {}
    told = _READERS[stories[0].suffix.lower()](stories[0]) if stories else {}
    return {**_beside(folder, files, options), **_united(options, told, OPTIONS)}


def _united(options: Given, told: Given, where: str) -> Given:
    """What a story says and what is said about it, which comes first. Raises BadInput for two stories."""
    if "story" in options and "story" in told:
        raise BadInput(f"There is a story, and another one in its {where}.", "Keep one of them.")
    return {**told, **options}


def _beside(folder: Path, files: Mapping[str, Path], options: Given) -> Given:
    """The pictures and the music that lie beside a story, unless others are named. Raises BadInput."""
    found: Given = {}
    music = [file.name for name, file in files.items() if Path(name).suffix in MUSIC and not name.startswith(".")]
    if len(music) > 1 and "music" not in options:
        names = ", ".join(map(shown, music[:5]))
        raise BadInput(f"The folder has {len(music)} files of music: {names}.", f"Keep one, or name it in {OPTIONS}.")
    if music:
        found["music"] = music[0]
    with suppress(BadInput):  # it has none
        picture_files(folder)
        found["images"] = "."
    return found


def _job(given: Given, folder: Path | None) -> NewJob:
    """The job of what was given in a folder, or by a file that came alone. Raises BadInput."""
    paths = {key: _place(key, given[key], folder) for key in ("images", "music", "look") if _is_place(key, given)}
    priority = given.pop("priority", 0)
    return NewJob(params=msgspec.convert({**given, **paths}, ShortParams), priority=priority)


def _is_place(key: str, given: Given) -> bool:
    """Whether an option names a file; a look may be one of ours."""
    value = given.get(key)
    return isinstance(value, str) and (key != "look" or "/" in value or value.endswith(".py"))


def _place(key: str, name: str, folder: Path | None) -> str:
    """The absolute path of what an option names. Raises BadInput for one that leads elsewhere."""
    if folder is None:
        raise BadInput(f"`{key}` names {name!r}, and nothing is taken with a file that comes alone.", _PLACE_HINT)
    path = folder / name
    if "\0" in name or Path(name).is_absolute() or not _inside(path, folder):
        raise BadInput(f"`{key}` names {name!r}, which is not in the folder.", _PLACE_HINT)
    return str(path)


def _inside(path: Path, folder: Path) -> bool:
    """Whether a path, all links followed, is in a folder, or is the folder."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except RuntimeError:  # links that lead to each other; Python 3.11 and 3.12
        return False


def _check_bounds(folder: Path) -> None:
    """Raise BadInput for a folder that has too much in it, or a link that leads out of it."""
    number = size = 0
    for number, each in enumerate(contents(folder), 1):  # noqa: B007 - how many there were is asked below
        if each.is_symlink() and not _inside(Path(each.path), folder):
            raise BadInput(f"The link {shown(each.name)} leads out of the folder.", "Put the file itself there.")
        size += each.stat(follow_symlinks=False).st_size
    if number > FILES:
        raise BadInput(f"The folder has more than {FILES} files.", "Leave out what the short does not need.")
    if size > FOLDER_BYTES:
        raise BadInput(f"The folder has more than {FOLDER_BYTES >> 30} GB.", "Leave out what the short does not need.")


def _text(file: Path) -> str:
    """What stands in a file. Raises BadInput for what is no text, or too long."""
    data = _bytes(file)
    if len(data) > TEXT_BYTES:
        raise BadInput(f"The text is larger than {TEXT_BYTES >> 20} MB.", "Is it the right file?")
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as exc:
        raise BadInput(
            f"The text is not UTF-8: byte {exc.start} (0x{data[exc.start]:02x}) does not fit.",
            "Save it as UTF-8; `iconv -f LATIN1 -t UTF-8` converts older text.",
        ) from exc


def _bytes(file: Path) -> bytes:
    """All of a file, or enough to see that it is too much. A pipe is not waited for."""
    with open(file, "rb", opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK)) as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise BadInput(f"{shown(file.name)} is not a file.", "Put a text file in its place.")
        return opened.read(TEXT_BYTES + 1)
