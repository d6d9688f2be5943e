"""Takes the article out of a page, in a worker: trafilatura is slow to load, and a page may be made to hang it."""

import codecs
import contextlib
import logging
import re
from base64 import b64decode
from collections.abc import Callable
from email.message import Message
from typing import Any

from trafilatura import bare_extraction
from trafilatura import extract as extraction
from trafilatura.settings import Document
from trafilatura.utils import decode_file, load_html

from shortsd.domain.errors import BadInput
from shortsd.domain.text import words

logger = logging.getLogger("shortsd.worker")

FEWEST_WORDS = 50
"""Less is a notice (cookies, a login, "please enable JavaScript"), no article."""
MOST = 60_000
"""Characters of an article that are kept: an hour of speech, many times what a short can tell."""
TITLE = 200
"""Characters of a title, an author's or a site's name that are kept."""
BEGINNING = 2048
"""Bytes of a page in which it names its encoding; HTML says within 1024 (WHATWG, 13.2.3.2)."""
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252"}
"""What pages mean that call themselves Latin-1 (WHATWG, Encoding, 4.2)."""
_NAMED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,500}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)


def extract(request: dict[str, Any], _progress: Callable[..., None]) -> dict[str, str]:
    """The article of `content` (base64), which came with the Content-Type `type` from `url`. Raises BadInput.

    If it is to be `structured` there is a `markdown` of it, too.
    """
    said = Message()
    said["Content-Type"] = request["type"]
    text = _plain(decoded(b64decode(request["content"]), said.get_content_charset()))
    plain = said.get_content_type() == "text/plain"
    found = _of_text(text) if plain else _of_page(text, request["url"])
    _require_words(found["text"], request["url"])
    made = {**found, "text": cut(found["text"]), "url": request["url"]}
    if request.get("structured"):
        made["markdown"] = cut(found["text"] if plain else _markdown(text, request["url"]) or found["text"])
    return made


def decoded(page: bytes, declared: str | None) -> str:
    """The text of a page: by its mark, by what its server says, by what it says itself, or by what it looks like."""
    for mark, name in _MARKS.items():
        if page.startswith(mark):
            return page[len(mark) :].decode(name, "replace")
    named = _NAMED.search(page[:BEGINNING])
    for encoding in (declared, named and named[1].decode("ascii", "replace")):
        with contextlib.suppress(LookupError, ValueError):  # there is no such encoding, or it is none of text
            name = codecs.lookup(encoding or "").name
            return page.decode(_MEANT.get(name, name), "replace")
    return decode_file(page)


def _plain(text: str) -> str:
    """A text without what cannot be written down."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _of_text(text: str) -> dict[str, str]:
    title, _, rest = text.strip().partition("\n")
    titled = len(title) <= TITLE and rest.startswith("\n")
    return {"title": " ".join(title.split()) if titled else "", "text": rest.strip() if titled else text.strip()}


def _of_page(html: str, url: str) -> dict[str, str]:
    tree = load_html(html)
    if tree is None:
        return {"title": "", "text": ""}
    language = str(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    found = bare_extraction(tree, url=url, with_metadata=True, include_comments=False, include_tables=False)
    if not isinstance(found, Document):
        return {"title": "", "text": ""}
    said = {
        "title": found.title,
        "author": found.author,
        "site": found.sitename,
        "language": found.language or language,
    }
    lines = {name: " ".join((text or "").split())[:TITLE] for name, text in said.items()}
    text = (found.text or "").strip()
    return {**lines, "text": text.removeprefix(f"{found.title}\n").strip()}


def _markdown(html: str, url: str) -> str:
    """A page's article with its headings, lists, code and addresses of pictures; empty if nothing is found."""
    found = extraction(
        load_html(html),
        url=url,
        output_format="markdown",
        include_comments=False,
        include_tables=False,
        include_images=True,
    )
    return (found or "").strip()


def _require_words(text: str, url: str) -> None:
    if len(words(text[:MOST])) < FEWEST_WORDS:
        raise BadInput(
            f"No article was found at {url}.",
            "Its text may be made by scripts, or stand behind a login or a notice; give the text itself with --story.",
        )


def cut(text: str) -> str:
    """A text up to the last paragraph, or the last word, with which it has at most MOST characters."""
    if len(text) <= MOST:
        return text
    paragraphs = text[:MOST].rpartition("\n")[0]
    kept = paragraphs if len(paragraphs) > MOST // 2 else text[:MOST].rpartition(" ")[0] or text[:MOST]
    logger.info("the article has %d characters; the first %d are kept", len(text), len(kept))
    return kept
