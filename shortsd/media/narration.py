"""The narration: where each sentence stands, and the command that joins their files into one, exact to the sample."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.ports import Command
from shortsd.domain.story import Sentence, Speech, Word
from shortsd.media.sound import FLAGS, RATE, RESAMPLE, file_url

LEAD_IN_S = 0.25
"""Silence before the first sentence: the start of a player does not swallow its first sound."""
PAUSE_S = 0.28
"""After a sentence."""
LONG_PAUSE_S = 0.55
"""After a paragraph, or a sentence that trails off."""
TAIL_S = 0.8
"""After the last word: the picture and the music are let go."""

GRID = RATE // 30
"""Samples of a thirtieth of a second, of a frame at 30 fps and of two at 60: sentences start at multiples of it."""

_LONG = re.compile(r"\n[^\S\n]*\n\s*$|(\.\.\.|…)[^\w\s]*\s*$")
"""A blank line behind the sentence, or dots at its end (closing quotes may follow them)."""


@dataclass(frozen=True, slots=True)
class Placement:
    """The sentences with the times at which they are heard, and the length of the whole narration."""

    sentences: tuple[Sentence, ...]
    duration_s: float


@dataclass(frozen=True, slots=True)
class Quiet:
    """Silence beside the usual pauses, in seconds: for what is shown while nobody speaks."""

    before: Sequence[float] = ()
    """Before each sentence; none if there are no figures."""
    after: float = 0.0
    """After the last one."""


NO_QUIET = Quiet()


def place(speeches: Sequence[Speech], texts: Sequence[str], quiet: Quiet = NO_QUIET) -> Placement:
    """Put spoken sentences one after another with natural pauses, each start and the whole length on the GRID.

    A pause is lengthened for that by less than 34 ms. So when a sentence is spoken anew, and takes longer or shorter
    than it did, all that follows moves by whole frames at 30 and 60 fps: sound, words and cuts stay where they were
    within their frames, and what was encoded of them can be used again.

    `texts` are the sentences, as many; a blank line at the end of one makes the pause behind it long.
    """
    pauses = [LONG_PAUSE_S if _LONG.search(text) else PAUSE_S for text in texts[:-1]]
    gaps = [LEAD_IN_S, *pauses] if texts else []
    sentences: list[Sentence] = []
    end = 0
    for gap, more, text, speech in zip(gaps, quiet.before or [0.0] * len(texts), texts, speeches, strict=True):
        start = _on_grid(end + _samples(gap + more))
        end = start + _samples(speech.duration_s)
        sentences.append(_sentence(text.strip(), speech, start / RATE, end / RATE))
    return Placement(tuple(sentences), _on_grid(end + _samples(TAIL_S + quiet.after)) / RATE)


def join(ffmpeg: str, files: Sequence[Path], placement: Placement, out: Path) -> Command:
    """Join the sentences' files, in order, into a 48 kHz 16-bit mono WAV of exactly the placement's length.

    Without any it is silence.

    The files may be any sound that FFmpeg reads. They are named in a filter script that goes in by the standard
    input, so that their number is no matter for the command line.
    """
    total = _samples(placement.duration_s)
    script = _concatenated(files, placement, total) if files else _silence(total)
    argv = (
        *(ffmpeg, *FLAGS, "-/filter_complex", "pipe:0", "-map", "[all]", "-c:a", "pcm_s16le"),
        *("-bitexact", "-f", "wav", file_url(out)),
    )
    return Command("join", argv, script.encode())


def _concatenated(files: Sequence[Path], placement: Placement, total: int) -> str:
    labels = "".join(f"[part{index}]" for index in range(len(files)))
    return f"{';'.join(_chains(files, placement))};{labels}concat=n={len(files)}:v=0:a=1,apad=whole_len={total}[all]"


def _silence(total: int) -> str:
    return f"anullsrc=sample_rate={RATE}:channel_layout=mono,atrim=end_sample={total}[all]"


def _sentence(text: str, speech: Speech, start_s: float, end_s: float) -> Sentence:
    """A sentence at its time; its words' times are moved to the narration's, and none goes beyond the sentence.

    They are not rounded: less the sentence's start they are, but for the dust of floating point, what they were.
    """
    words = tuple(Word(word.text, start_s + word.start_s, min(start_s + word.end_s, end_s)) for word in speech.words)
    return Sentence(text, start_s, end_s, words)


def _chains(files: Sequence[Path], placement: Placement) -> Iterator[str]:
    """A filter chain for each file: the gap before it and its sound, cut or padded to the length it was given."""
    before = 0
    for index, (file, sentence) in enumerate(zip(files, placement.sentences, strict=True)):
        start, end = _samples(sentence.start_s), _samples(sentence.end_s)
        yield (
            f"amovie=filename={_escaped(file_url(file))},{RESAMPLE},aformat=sample_fmts=s16:channel_layouts=mono,"
            f"asetpts=N/SR/TB,adelay=delays={start - before}S,apad=whole_len={end - before},"
            f"atrim=end_sample={end - before}[part{index}]"
        )
        before = end


def _samples(seconds: float) -> int:
    return round(seconds * RATE)


def _on_grid(samples: int) -> int:
    """The next multiple of GRID."""
    return -(-samples // GRID) * GRID


def _escaped(value: str) -> str:
    """A value inside a filter graph: escaped for the filter's options, and that for the graph (ffmpeg-filters, 4.2)."""
    option = re.sub(r"([\\':])", r"\\\1", value)
    return re.sub(r"([\\'\[\],;\s])", r"\\\1", option)
