"""What a user's prompts may say and have to: files that stand in the place of ours, with `$names` to be filled."""

from collections.abc import Mapping
from pathlib import Path
from string import Template

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


def own(folder: Path) -> dict[str, Template]:
    """The prompts that a user's folder has, by name. Raises BadInput for files that cannot be read or used."""
    if not folder.is_dir():
        raise BadInput(f"writer.prompts names {folder}, which is no folder.", "Name one, or leave it empty.")
    files = {name: folder / f"{name}.md" for name in NAMES}
    return {name: _checked(name, file, Template(_text(file))) for name, file in files.items() if file.exists()}


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
