"""The user's own music: a folder, with sub-folders by mood or a `music.toml` that says what is what."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from random import Random

import msgspec

from shortsd.domain.errors import BadInput, ChildFailed
from shortsd.domain.finish import in_thread
from shortsd.domain.ports import Children, Desk
from shortsd.domain.story import MusicTrack
from shortsd.domain.text import line
from shortsd.providers.images.listing import shown
from shortsd.providers.inside import inside
from shortsd.providers.music.file import FileMusic
from shortsd.providers.music.moods import MOODS

VERSION = 1
"""Raised when the same folder comes to be chosen from in another way."""
FILE = "music.toml"
SUFFIXES = frozenset({".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".flac", ".wav", ".aif", ".aiff", ".wma"})
TRIES = 8
"""Files that are tried before the folder is given up."""
NEAREST = {
    "eerie": ("dread", "melancholy", "wonder"),
    "dread": ("eerie", "melancholy", "wonder"),
    "melancholy": ("eerie", "wonder", "dread"),
    "wonder": ("melancholy", "eerie", "dread"),
}
"""What is taken for a mood of which there is no track, best first."""

_HINT = "Put MP3, M4A, OGG, FLAC or WAV files into it, in sub-folders by mood: eerie, dread, melancholy, wonder."


class _Track(msgspec.Struct, forbid_unknown_fields=True):
    """A [[track]] of `music.toml`."""

    file: str
    mood: str = ""
    moods: list[str] = msgspec.field(default_factory=list)
    title: str = ""
    author: str = ""
    licence: str = ""
    credit: str = ""


class _Listed(msgspec.Struct, forbid_unknown_fields=True):
    """`music.toml`."""

    track: list[_Track] = msgspec.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A file, and what is known of it."""

    file: Path
    moods: frozenset[str]
    facts: _Track


@dataclass(frozen=True, slots=True)
class LibraryMusic:
    """Music of a folder, chosen by mood and seed. The folder is looked at anew for each short."""

    children: Children
    ffmpeg: str
    folder: Path

    @property
    def key(self) -> str:
        """The folder's, not its files': shorts stay as they are when it comes to hold more."""
        return f"music library {VERSION} {self.folder}"

    async def track(self, duration_s: float, mood: str, seed: int, folder: Path, desk: Desk) -> MusicTrack:
        """Write `music.wav` into `folder`, of the first track for that mood that can be read.

        Raises BadInput if the folder has none, and what `Children.run` raises.
        """
        pieces = await in_thread(_pieces, self.folder, desk)
        for piece in _ordered(pieces, mood, seed)[:TRIES]:
            try:
                file = FileMusic(self.children, self.ffmpeg, piece.file)
                track = await file.track(duration_s, mood, seed, folder, desk)
            except (BadInput, ChildFailed) as exc:
                desk.log.warning(f"A track is left out: {exc.message}")
            else:
                return _thanked(track, piece.facts)
        raise BadInput(f"The folder {self.folder} (music.folder) has no music that can be read.", _HINT)


def _thanked(track: MusicTrack, facts: _Track) -> MusicTrack:
    """A track with its title, and with whom to thank for it."""
    title = facts.title or track.title
    by = f"“{title}” by {facts.author}" if facts.author else ""
    licence = f" ({facts.licence})" if facts.licence else ""
    return replace(track, title=title, credit=line(facts.credit or (by and by + licence)), licence=facts.licence)


def _ordered(pieces: Sequence[_Piece], mood: str, seed: int) -> list[_Piece]:
    """Pieces for a mood, then for those near it, then all others, each of these groups in an order of the seed's."""
    drawn = list(pieces)
    Random(f"{seed}:{mood}".encode("utf-8", "surrogatepass")).shuffle(drawn)  # noqa: S311 - no secret
    known = {name for piece in pieces for name in piece.moods}
    ways = _near(mood, known)
    return sorted(drawn, key=lambda piece: min([ways.index(name) for name in piece.moods if name in ways], default=99))


def _near(mood: str, known: set[str]) -> list[str]:
    """Moods in the order in which they will do for one; a mood that nobody knows is eerie, as it is for the pad."""
    name = mood.casefold()
    like = get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    usual = name if name in MOODS else "eerie"
    return list(dict.fromkeys([name, *like, usual, *NEAREST[usual]]))


def _pieces(folder: Path, desk: Desk) -> list[_Piece]:
    """What a folder holds: files in it and in its sub-folders, each for the mood of that name or for what is listed.

    What leaves the folder is left out with a warning. Raises BadInput if the folder or its list cannot be read.
    """
    listed = {track.file: track for track in _listed(folder / FILE).track}
    names = sorted({*_names(folder), *listed})
    found = []
    for name in names:
        if (file := inside(folder, name)) is None:
            desk.log.warning(f"The track {shown(name)} is left out: it is no file in {folder}.")
        else:
            facts = listed.get(name) or _Track(name)
            moods = {facts.mood, *facts.moods} - {""} or ({Path(name).parent.name} - {""})
            found.append(_Piece(file, frozenset(one.casefold() for one in moods), facts))
    return found


def _names(folder: Path) -> Iterator[str]:
    """Sound files in a folder and its sub-folders, by the way to them from there. Raises BadInput."""
    try:
        files = [*folder.iterdir(), *(file for sub in folder.iterdir() if sub.is_dir() for file in sub.iterdir())]
    except OSError as exc:
        raise BadInput(f"The folder {folder} (music.folder) cannot be read: {exc.strerror}.", _HINT) from exc
    for file in files:
        if file.suffix.lower() in SUFFIXES and not file.name.startswith("."):
            yield str(file.relative_to(folder))


def _listed(file: Path) -> _Listed:
    """What is listed. Raises BadInput: who is to be thanked must not be left out."""
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8-sig")), _Listed)
    except FileNotFoundError:
        return _Listed()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as exc:
        hint = "A [[track]] has file, mood or moods, title, author, licence and credit."
        raise BadInput(f"{file} is not understood: {exc}.", hint) from exc
