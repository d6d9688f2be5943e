"""Voices as users ask for them: an id, perhaps with the provider that is to speak before it, `edge:en-US-GuyNeural`."""

import re

_ASKED = re.compile(r"([a-z]+):(.*)", re.DOTALL)
_TAG = re.compile(r"([a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?)(?:[-+].*)?", re.IGNORECASE | re.DOTALL)


def parted(asked: str) -> tuple[str, str]:
    """The provider that is asked for, empty if none is named, and the voice's id."""
    match = _ASKED.fullmatch(asked.strip())
    return (match[1], match[2].strip()) if match else ("", asked.strip())


def tag(voice: str) -> str:
    """The language tag that a voice's id begins with: `en-US` of `en-US-GuyNeural`; empty if it begins with none."""
    match = _TAG.fullmatch(parted(voice)[1])
    return match[1] if match else ""


def language(voice: str) -> str:
    """The code of the language that a voice's id begins with, in lower case; empty if it begins with none."""
    return tag(voice).partition("-")[0].lower()
