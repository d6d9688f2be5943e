import wave
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from listening import FFMPEG, PlainChildren, make, onsets, samples
from support import TestDesk

from shortsd.domain.story import Sentence, Speech, Word
from shortsd.media import narration

SPOKEN = st.lists(
    st.tuples(st.floats(0.01, 20), st.sampled_from(["One.", "Two…", "Three.\n\n"])), min_size=1, max_size=9
)
"""Lengths of sentences and how they end."""


def speech(duration_s: float, *words: Word) -> Speech:
    return Speech("s.wav", duration_s, words)


def frames(file: Path) -> int:
    with wave.open(str(file), "rb") as reader:
        return reader.getnframes()


def own_times(sentence: Sentence) -> list[tuple[float, float]]:
    """When the words of a sentence are heard, from its start, to 0.1 ms."""
    start = sentence.start_s
    return [(round(word.start_s - start, 4), round(word.end_s - start, 4)) for word in sentence.words]


def test_sentences_are_placed_with_pauses() -> None:
    """A lead-in, a pause behind each sentence, a longer one behind a paragraph or an ellipsis, and a tail."""
    texts = ["One. ", "Two.\n\n", "“Three…” ", "Four."]
    placed = narration.place([speech(1.0)] * 4, texts)
    assert [round(s.start_s * 30, 6) for s in placed.sentences] == [8, 47, 94, 141]
    assert round(placed.duration_s * 30, 6) == 195
    assert [s.text for s in placed.sentences] == ["One.", "Two.", "“Three…”", "Four."]


@given(SPOKEN)
def test_sentences_start_with_a_frame(spoken: list[tuple[float, str]]) -> None:
    """Every start and the whole length are thirtieths of a second; no pause is longer for that by a frame."""
    lengths, texts = [length for length, _ in spoken], [text for _, text in spoken]
    placed = narration.place([speech(length) for length in lengths], texts)
    frames_at = [at * 30 for at in (placed.duration_s, *(sentence.start_s for sentence in placed.sentences))]
    assert all(abs(at - round(at)) < 1e-9 for at in frames_at)
    least = [narration.PAUSE_S if text == "One." else narration.LONG_PAUSE_S for text in texts[:-1]]
    pauses = [later.start_s - sooner.end_s for sooner, later in pairwise(placed.sentences)]
    assert all(-1e-9 < pause - wish < 0.034 for pause, wish in zip(pauses, least, strict=True))
    assert -1e-9 < placed.duration_s - placed.sentences[-1].end_s - narration.TAIL_S < 0.034


@given(SPOKEN, st.floats(0.01, 20), st.floats(0.01, 20))
def test_an_edited_sentence_moves_the_others_by_whole_frames(
    spoken: list[tuple[float, str]], before: float, after: float
) -> None:
    """Whatever became of the first sentence's length, all that follows keeps its places within frames."""
    texts = ["First.", *(text for _, text in spoken)]
    words = (Word("One", 0.0123, 0.1), Word("more", 0.1, 0.4567))
    rest = [speech(max(0.5, length), *words) for length, _ in spoken]
    one, other = (narration.place([speech(length), *rest], texts) for length in (before, after))
    moves = {
        round((b.start_s - a.start_s) * 48000) for a, b in zip(one.sentences[1:], other.sentences[1:], strict=True)
    }
    assert len(moves) == 1
    assert moves.pop() % 1600 == 0
    assert all(own_times(sentence) == [(0.0123, 0.1), (0.1, 0.4567)] for sentence in other.sentences[1:])


def test_words_move_with_their_sentence() -> None:
    """Words' times count from the start of the narration, and none is heard after its sentence."""
    placed = narration.place([speech(1.0), speech(1.00001, Word("two", 0.1, 1.00001))], ["One.", "two"])
    (word,) = placed.sentences[1].words
    assert word.start_s == placed.sentences[1].start_s + 0.1
    assert word.end_s == placed.sentences[1].end_s


async def test_joining_is_exact_to_the_sample(tmp_path: Path, desk: TestDesk) -> None:
    """Files of any rate, layout and name land within 5 ms of their place, in a file of exactly the length."""
    folder = tmp_path / "it's a [dir], a:b;\n 100% \\N"
    folder.mkdir()
    tone = "sine=f=800:r={}:d={}"
    files = [
        make(folder / "1.wav", tone.format(22050, 0.5), 0.5),
        make(folder / "-2 'x'.wav", tone.format(8000, 0.31), 0.31, "-ac", "2"),
        make(folder / "3.flac", tone.format(44100, 0.77), 0.77),
    ]
    placed = narration.place([speech(0.5), speech(0.31), speech(0.77)], ["a.", "b...", "c."])
    await PlainChildren().run(narration.join(FFMPEG, files, placed, folder / "out.wav"), desk)
    pcm, rate, channels = samples(folder / "out.wav")
    assert (rate, channels, len(pcm)) == (48000, 1, round(placed.duration_s * 48000))
    for sentence in placed.sentences:
        at = round(sentence.start_s * rate)
        assert max(map(abs, pcm[at - 240 * 4 : at - 240])) < 40
        assert max(map(abs, pcm[at : at + 240])) > 1000


async def test_many_sentences_are_joined(tmp_path: Path, desk: TestDesk) -> None:
    """A hundred sentences make one short command line and one exact file."""
    file = make(tmp_path / "s.wav", "sine=r=22050", 0.2)
    placed = narration.place([speech(0.2)] * 100, ["x."] * 100)
    command = narration.join(FFMPEG, [file] * 100, placed, tmp_path / "out.wav")
    await PlainChildren().run(command, desk)
    assert len(command.argv) < 20
    assert frames(tmp_path / "out.wav") == round(placed.duration_s * 48000)
    assert len(onsets(tmp_path / "out.wav")) == 100


async def test_a_sentence_sounds_the_same_wherever_it_stands(tmp_path: Path, desk: TestDesk) -> None:
    """The same file gives the same samples at its place, behind whatever other."""
    file, short, long = (make(tmp_path / f"{d}.wav", "sine=f=333:r=22050", d) for d in (0.777, 0.31, 1.234))
    heard = []
    for name, first, length in (("a", short, 0.31), ("b", long, 1.234)):
        placed = narration.place([speech(length), speech(0.777)], ["One.", "Two."])
        out = tmp_path / f"{name}.out.wav"
        await PlainChildren().run(narration.join(FFMPEG, [first, file], placed, out), desk)
        last = placed.sentences[-1]
        heard.append(samples(out)[0][round(last.start_s * 48000) : round(last.end_s * 48000)])
    assert len(heard[0]) == round(0.777 * 48000)
    assert heard[0] == heard[1]
