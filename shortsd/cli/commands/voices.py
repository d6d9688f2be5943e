"""`shortsctl voices`: who can be asked to speak."""

import argparse
from collections.abc import Iterator, Sequence

from shortsd.cli import daemon, output
from shortsd.client.text import padded, shown, width
from shortsd.wire.models import VoiceView

EXAMPLES = """
shortsctl voices --lang de
shortsctl voices --provider edge
shortsctl voices --lang en-gb --json | jq -r '.[].id'
"""

_GAP = "  "
_HEAD = ("ID", "LANGUAGE", "GENDER", "PROVIDER", "NAME")
_PROVIDERS = ("espeak", "edge", "openai")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which voices."""
    parser.description = (
        "List the voices that `make --voice` takes: those of the providers that voice.provider names, and espeak-ng's. "
        "Where two have one of the same name, `PROVIDER:ID` tells them apart."
    )
    parser.add_argument("--lang", metavar="TAG", help="only those that speak this language, such as de or en-gb")
    parser.add_argument("--provider", choices=_PROVIDERS, help="only those of one provider")
    parser.add_argument("--json", action="store_true", help="print a list in JSON")


def run(args: argparse.Namespace) -> int:
    """Print the voices, and say whose cannot be told now."""
    found = daemon.client().voices(args.lang, args.provider)
    if args.json:
        output.json(found.voices)
    else:
        for line in lines(found.voices):
            output.result(line)
        if not found.voices:
            output.say("no such voices.")
    for note in found.notes:
        output.say(shown(note))
    return 0


def lines(voices: Sequence[VoiceView]) -> Iterator[str]:
    """A head and a line for each voice, nothing if there are none."""
    rows = [_HEAD, *(_row(voice) for voice in voices)] if voices else []
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield _GAP.join(padded(cell, widths[at]) for at, cell in enumerate(row)).rstrip()


def _row(voice: VoiceView) -> tuple[str, ...]:
    cells = (voice.id, voice.language, voice.gender or "", voice.provider, voice.name)
    return tuple(shown(cell) for cell in cells)
