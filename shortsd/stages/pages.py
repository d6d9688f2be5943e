"""The pages of a creation: which files of its storage they are.

ID/assets/1/image.png      the picture of page 1: image.png, .jpg, .jpeg, .webp or .gif
ID/assets/1/1.txt          what is said on it; 2.txt, 3.txt … after it
ID/assets/2/…              pages in the order of their numbers: 1, 2, 10
ID/assets/video.mp4        what becomes of them
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from shortsd.domain.elsewhere import Stored
from shortsd.domain.errors import BadInput

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
"""The id of a creation: the name of a folder, and nothing else."""
MOST_FILES = 5000
"""Of a creation: a thousand pages with four texts each."""
MOST_PAGES = 1000
TEXT_BYTES = 1 << 20
"""Of a text at most."""
IMAGE_BYTES = 200 << 20
"""Of a picture at most."""
PICTURES = ("png", "jpg", "jpeg", "webp", "gif")
"""Of a page with several the first of these is shown."""

_FILE = re.compile(r"(?P<page>[0-9]{1,6})/(?:(?P<text>[0-9]{1,6})\.txt|image\.(?P<picture>[a-z]{3,4}))", re.IGNORECASE)
_HINT = "Put 1/image.png and 1/1.txt below the creation's folder `assets`, then 2/…."


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its files."""

    number: int
    image: Stored | None
    texts: tuple[Stored, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """The pages of a creation in their order, and what should be told of them."""

    pages: tuple[Page, ...]
    notes: tuple[str, ...] = field(default=())


def checked_id(creation: str) -> str:
    """The same id. Raises BadInput for what is none, or would lead out of its storage."""
    if not ID.fullmatch(creation) or ".." in creation:
        raise BadInput(
            f"{creation[:80]!r} is no id of a creation.",
            "Letters, digits, hyphens, underscores and dots, a letter or a digit first; 128 at most.",
        )
    return creation


def assets(creation: str) -> str:
    """The folder that has all of a creation."""
    return f"{checked_id(creation)}/assets"


def video(creation: str) -> str:
    """Where its video comes to be."""
    return f"{assets(creation)}/video.mp4"


def book(creation: str, files: Sequence[Stored]) -> Book:
    """The pages that these files of a creation are. Raises BadInput where there are none, too many, or one twice."""
    folder = assets(creation)
    found = [(match, one) for one in files if (match := _FILE.fullmatch(one.path.removeprefix(f"{folder}/")))]
    by_number = groupby(sorted(found, key=lambda each: int(each[0]["page"])), key=lambda each: int(each[0]["page"]))
    pages = [_page(number, dict(each)) for number, each in ((number, [*each]) for number, each in by_number)]
    if not pages:
        raise BadInput(f"The creation {creation} has no pages.", _HINT)
    if len(pages) > MOST_PAGES:
        raise BadInput(f"The creation {creation} has {len(pages)} pages; {MOST_PAGES} is the limit.", "Make several.")
    if all(page.image is None for page in pages):
        raise BadInput(f"The creation {creation} has no picture on any page.", _HINT)
    return Book(tuple(pages), tuple(_notes(pages)))


def _page(number: int, found: Mapping["re.Match[str]", Stored]) -> Page:
    folders = {match["page"] for match in found}
    if len(folders) > 1:
        raise BadInput(f"Page {number} is there twice, as {' and '.join(sorted(folders))}.", "Keep one of them.")
    texts = {match: one for match, one in found.items() if match["text"]}
    pictures = {match["picture"].lower(): one for match, one in found.items() if match["picture"]}
    image = next((pictures[kind] for kind in PICTURES if kind in pictures), None)
    _require_size(image, IMAGE_BYTES)
    for one in texts.values():
        _require_size(one, TEXT_BYTES)
    return Page(number, image, tuple(texts[match] for match in sorted(texts, key=lambda match: int(match["text"]))))


def _require_size(file: Stored | None, most: int) -> None:
    if file is not None and file.size > most:
        raise BadInput(f"{file.path} has {file.size >> 20} MB; {most >> 20} MB is the limit.", "Make it smaller.")


def _notes(pages: Sequence[Page]) -> list[str]:
    numbers = [page.number for page in pages]
    missing = sorted(set(range(1, numbers[-1])) - set(numbers))[:10]
    gaps = [f"There is no page {', '.join(map(str, missing))}; the others follow each other."] if missing else []
    bare = [f"Page {page.number} has no picture; that of its neighbour stays." for page in pages if page.image is None]
    return [*gaps, *bare]
