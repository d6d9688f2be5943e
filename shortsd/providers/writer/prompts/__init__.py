"""What language models are asked, in files that a user can replace: one for each occasion, with `$names` to be filled.

The shape of an answer is not in them (see answers.py), so that nobody who changes a prompt can lose it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from importlib import resources
from pathlib import Path
from string import Template
from typing import Self

from shortsd.domain.errors import BadInput

LIMIT = 64 << 10
"""Bytes of a prompt's file."""

NAMES: Mapping[str, frozenset[str]] = {
    "story": frozenset({"topic", "words", "language", "moods", "seed", "avoid"}),
    "retell": frozenset({"title", "author", "site", "text", "words", "language", "moods", "seed", "avoid"}),
    "title": frozenset({"title", "story", "language", "variants", "avoid"}),
    "repair": frozenset({"wrong"}),
    "slides": frozenset({"title", "author", "site", "text", "words", "language"}),
    "summary": frozenset({"title", "author", "site", "text", "words", "language"}),
}
"""What each prompt can say."""
NEEDED = {
    "story": "topic",
    "retell": "text",
    "title": "story",
    "repair": "wrong",
    "slides": "text",
    "summary": "text",
}
"""What each prompt has to say."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """All prompts."""

    story: Template
    retell: Template
    title: Template
    repair: Template
    slides: Template
    summary: Template

    @classmethod
    def read(cls, folder: Path | None = None) -> Self:
        """Those of a folder, each in the place of ours. Raises BadInput for files that cannot be read or used."""
        if folder is not None and not folder.is_dir():
            raise BadInput(f"writer.prompts names {folder}, which is no folder.", "Name one, or leave it empty.")
        return cls(**{name: _prompt(name, folder) for name in NAMES})

    @property
    def mark(self) -> str:
        """A hash of those that stories are written by."""
        texts = "\0".join(prompt.template for prompt in (self.story, self.retell, self.title, self.repair))
        return blake2b(texts.encode(), digest_size=4).hexdigest()


def _prompt(name: str, folder: Path | None) -> Template:
    file = folder / f"{name}.md" if folder is not None else None
    if file is None or not file.exists():
        return Template(resources.files(__name__).joinpath(f"{name}.md").read_text("utf-8"))
    return _checked(name, file, Template(_text(file)))


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(LIMIT + 1)
        if len(data) <= LIMIT:
            return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise BadInput(f"The prompt {file} cannot be read: {exc}.", "Make it a text in UTF-8.") from exc
    raise BadInput(f"The prompt {file} is larger than {LIMIT >> 10} KiB.", "Shorten it.")


def _checked(name: str, file: Path, prompt: Template) -> Template:
    """A user's prompt. Raises BadInput for one that says what it cannot, or not what it has to."""
    said = set(prompt.get_identifiers()) if prompt.is_valid() else {"a lone $"}
    unknown = said - NAMES[name]
    if unknown:
        hint = f"Known there: {', '.join(f'${known}' for known in sorted(NAMES[name]))}. A dollar is written $$."
        raise BadInput(f"The prompt {file} has {', '.join(sorted(unknown))}, which nothing stands for.", hint)
    if NEEDED[name] not in said:
        raise BadInput(f"The prompt {file} does not have ${NEEDED[name]}.", "Without it nothing could come of it.")
    return prompt
