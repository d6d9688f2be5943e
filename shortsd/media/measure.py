"""How wide text is, and which font has which of its characters. Needs Pillow: for child processes only."""

import struct
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from mmap import ACCESS_READ, mmap
from pathlib import Path

from PIL import ImageFont, features

from shortsd.domain.errors import BadInput

_PROBE_PX = 200
"""Size at which text is measured: large enough that hinting does not matter, small enough to be quick."""
_NOBODY_HAS = "\U0010ffff"
"""A noncharacter (Unicode 16, 23.7): what a font draws for it is its "missing" box."""
_LOST_EM = 1.2
"""Room for a character that no font has: libass takes it from a font of the system, or draws a box."""
_SYSTEM_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


@dataclass(frozen=True, slots=True)
class Face:
    """A font file that can be asked about its characters."""

    path: Path
    family: str
    share: float
    """Height of the em in units of the ASS font size: libass, as GDI does, fits ascent + descent into that size."""
    ascent: float
    """From the top of a line, as libass sees it, down to where letters stand, in ems; the whole line has 1 / share."""
    probe: ImageFont.FreeTypeFont

    def has(self, letter: str) -> bool:
        """Whether the font has a drawing of its own for a character."""
        return _drawing(self.probe, letter) != _box(self.probe)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text that one face draws."""

    face: Face
    text: str


@dataclass(frozen=True, slots=True)
class Ink:
    """How far drawn letters go from where they begin: left and right of it, above and below the line they stand on.

    In ems; `left` and `above` are positive where ink goes there.
    """

    left: float
    above: float
    right: float
    below: float


def shapes() -> bool:
    """Whether text is measured as it is shaped. Pillow needs FriBidi of the system for it."""
    return bool(features.check("raqm"))


class Typeface:
    """A font and those that help out with characters it lacks."""

    def __init__(self, files: Sequence[Path]) -> None:
        """Open the fonts, the main one first. Raises BadInput if one cannot be read."""
        self.faces = [load(file) for file in files]
        self._owner: dict[str, Face | None] = {}

    def add(self, faces: Iterable[Face]) -> None:
        """Let more fonts help out."""
        self.faces.extend(faces)
        self._owner = {letter: owner for letter, owner in self._owner.items() if owner}

    def owner(self, letter: str) -> Face | None:
        """The first face that has the character; None if no face has it."""
        if letter not in self._owner:
            self._owner[letter] = next((face for face in self.faces if face.has(letter)), None)
        return self._owner[letter]

    def missing(self, text: str) -> tuple[str, ...]:
        """The characters that no face has, each once, in order of appearance."""
        return tuple(dict.fromkeys(letter for letter in text if not follows(letter) and self.owner(letter) is None))

    def runs(self, text: str) -> tuple[Run, ...]:
        """The text cut where another face must draw; marks and joiners stay with what is before them.

        What no face has is left to the main one.
        """
        runs: list[Run] = []
        for letter in text:
            stays = runs and follows(letter)
            face = runs[-1].face if stays else self.owner(letter) or self.faces[0]
            if runs and runs[-1].face is face:
                runs[-1] = Run(face, runs[-1].text + letter)
            else:
                runs.append(Run(face, letter))
        return tuple(runs)

    def width(self, text: str) -> float:
        """Width of a piece of a line in ems, every face drawing at the same em.

        A character that no face has counts as 1.2 em: libass takes it from a font of the system, whose em may be as
        large as the main one's font size (see `Face.share`), or draws a box.
        """
        lost, known = self._parted(text)
        return _LOST_EM * lost + sum(run.face.probe.getlength(run.text) / _PROBE_PX for run in self.runs(known))

    def ink(self, text: str) -> Ink:
        """How far the drawing of a piece of a line goes, outline not counted."""
        lost, known = self._parted(text)
        at = right = _LOST_EM * lost
        left, above, below = 0.0, float(lost > 0), 0.3 * (lost > 0)
        for run in self.runs(known):
            box = [edge / _PROBE_PX for edge in run.face.probe.getbbox(run.text, anchor="ls")]
            left, above = max(left, -(at + box[0])), max(above, -box[1])
            right, below = max(right, at + box[2]), max(below, box[3])
            at += run.face.probe.getlength(run.text) / _PROBE_PX
        return Ink(left, above, right, below)

    def ascent(self, text: str) -> tuple[float, float]:
        """What a line of this text has above and below where its letters stand, as libass sees it, in ems."""
        faces = {run.face.path: run.face for run in self.runs(text)}.values() or (self.faces[0],)
        return max(face.ascent for face in faces), max(1 / face.share - face.ascent for face in faces)

    def _parted(self, text: str) -> tuple[int, str]:
        """How many characters of a text no face has, and the rest."""
        lost = self.missing(text)
        known = "".join(letter for letter in text if letter not in lost)
        return len(text) - len(known), known


def follows(letter: str) -> bool:
    """Whether a character is no drawing of its own: white space, a mark on what is before it, a joiner, a control."""
    return letter.isspace() or unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc")


def load(file: Path) -> Face:
    """Open a font file. Raises BadInput if it is none."""
    try:
        probe = ImageFont.truetype(file, _PROBE_PX)
        ascent, descent = _line(file)
    except (OSError, ValueError, struct.error, KeyError, ZeroDivisionError) as exc:
        raise BadInput(f"{file} is not a font that can be read.", "`shortsctl doctor` checks the fonts.") from exc
    return Face(file, str(probe.getname()[0]), 1 / (ascent + descent), ascent, probe)


def system_faces(letters: Iterable[str]) -> Iterator[Face]:
    """Fonts of this machine, bold ones first, that have any of these characters, until each has been found."""
    wanted = set(letters)
    for file in _system_fonts() if wanted else ():
        try:
            face = load(file)
        except BadInput:  # a font of coloured bitmaps or a broken file: neither helps
            continue
        if found := {letter for letter in wanted if face.has(letter)}:
            wanted -= found
            yield face
        if not wanted:
            return


def _system_fonts() -> Iterator[Path]:
    folders = [Path(folder).expanduser() for folder in _SYSTEM_FOLDERS]
    files = [file for folder in folders for kind in ("ttf", "otf", "ttc") for file in folder.rglob(f"*.{kind}")]
    return iter(sorted(files, key=lambda file: ("Bold" not in file.stem, "Italic" in file.stem, file.name)))


def _drawing(font: ImageFont.FreeTypeFont, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)


@cache
def _box(font: ImageFont.FreeTypeFont) -> tuple[tuple[int, int], bytes]:
    """What a font draws for what it has not."""
    return _drawing(font, _NOBODY_HAS)


def _line(file: Path) -> tuple[float, float]:
    """Ascent and descent as usWinAscent and usWinDescent give them, in ems (OpenType 1.9, tables head and OS/2)."""
    with file.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_READ) as data:  # some have 17 MB
        return _ascents(data)


def _ascents(data: mmap) -> tuple[float, float]:
    at = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    tables: dict[bytes, int] = {}
    for index in range(struct.unpack_from(">H", data, at + 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, at + 12 + 16 * index)
        tables[tag] = offset
    units = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    ascent, descent = struct.unpack_from(">HH", data, tables[b"OS/2"] + 74)
    return ascent / units, descent / units
