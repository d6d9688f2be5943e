import os
import wave
from array import array
from pathlib import Path

import pytest
from listening import FFMPEG, PlainChildren, ffmpeg, make, samples
from support import TestDesk

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Music
from shortsd.processes.workers import WorkerProcesses
from shortsd.providers.music.file import FileMusic
from shortsd.providers.music.moods import MOODS
from shortsd.providers.music.pad import PadMusic
from shortsd.providers.music.synth import pad


def quiet(done: float, total: float, message: str) -> None:
    """Progress that nobody listens to."""


def draw(file: Path, mood: str = "eerie", seed: int = 1, duration_s: float = 12.0) -> "array[int]":
    pad({"file": str(file), "duration_s": duration_s, "mood": mood, "seed": seed}, quiet)
    return samples(file)[0]


def wav(file: Path, frames: int, rate: int, channels: int = 1, written: int | None = None) -> Path:
    """A WAV of a loud square wave; of the frames that it tells of, those after the `written` ones are a hole."""
    size, body = 2 * channels * frames, 2 * channels * (frames if written is None else written)
    with wave.open(str(file), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes((array("h", [9000, 9000, -9000, -9000]).tobytes() * (body // 8 + 1))[:body])
    with file.open("r+b") as raw:
        for at, value in ((4, 36 + size), (40, size)):
            raw.seek(at)
            raw.write(value.to_bytes(4, "little"))
        raw.truncate(44 + size)
    return file


@pytest.mark.parametrize("kind", ["pad", "file"])
async def test_a_track_is_48_khz_stereo_in_the_folder(kind: str, tmp_path: Path, desk: TestDesk) -> None:
    """Every provider writes a WAV of the length asked for and says its name, its title and its key."""
    song = make(tmp_path / "Night Song.mp3", "sine=r=22050", 5)
    children = PlainChildren()
    music: Music = PadMusic(WorkerProcesses(children)) if kind == "pad" else FileMusic(children, FFMPEG, song)
    folder = tmp_path / "work"
    folder.mkdir()
    track = await music.track(3.5, "eerie", 1, folder, desk)
    with wave.open(str(folder / track.file), "rb") as reader:
        assert (reader.getframerate(), reader.getnchannels()) == (48000, 2)
        assert reader.getnframes() == pytest.approx(3.5 * 48000, abs=1)
    assert track.title
    assert music.key


@pytest.mark.parametrize("mood", MOODS)
def test_a_pad_is_quiet_clean_and_whole(mood: str, tmp_path: Path) -> None:
    """About -20 LUFS, no clipping, no offset, no click, silent at both ends, and the channels belong together."""
    pcm = draw(tmp_path / "pad.wav", mood)
    left, right = pcm[::2], pcm[1::2]
    power = sum(map(abs, left)) / len(left)
    bends = [abs(a - 2 * b + c) for a, b, c in zip(left, left[1:], left[2:], strict=False)]
    report = ffmpeg("-i", tmp_path / "pad.wav", "-af", "ebur128=framelog=quiet", "-f", "null", "-")
    loudness = float(report.split("I:")[-1].split()[0])
    assert -23 < loudness < -17
    assert max(map(abs, pcm)) < 0.75 * 32768
    assert abs(sum(left)) / len(left) < 2
    assert max(bends) < 12 * sum(bends) / len(bends)
    assert (left[0], right[0], left[-1], right[-1]) == (0, 0, 0, 0)
    assert sum(a * b > 0 for a, b in zip(left, right, strict=True)) > 0.6 * len(left)
    assert power > 500


def test_a_pad_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    """Seed and mood decide every sample."""
    first = draw(tmp_path / "a.wav", duration_s=2)
    assert draw(tmp_path / "b.wav", duration_s=2) == first
    assert draw(tmp_path / "c.wav", seed=2, duration_s=2) != first
    assert draw(tmp_path / "d.wav", mood="dread", duration_s=2) != first


def test_an_unknown_mood_is_eerie(tmp_path: Path) -> None:
    """A writer may invent moods; the music goes on."""
    assert draw(tmp_path / "a.wav", "zany", duration_s=2) == draw(tmp_path / "b.wav", "eerie", duration_s=2)


def test_a_very_long_pad_is_bounded(tmp_path: Path) -> None:
    """Two minutes are made at most; who mixes it loops it."""
    pad({"file": str(tmp_path / "a.wav"), "duration_s": 4000.0, "mood": "eerie", "seed": 1}, quiet)
    with wave.open(str(tmp_path / "a.wav"), "rb") as reader:
        assert reader.getnframes() == 120 * 48000


async def test_a_short_file_stays_short(tmp_path: Path, desk: TestDesk) -> None:
    """Music of half a second comes as it is; who mixes it loops it."""
    song = make(tmp_path / "s.wav", "sine=r=8000", 0.5)
    track = await FileMusic(PlainChildren(), FFMPEG, song).track(30, "eerie", 1, tmp_path, desk)
    assert len(samples(tmp_path / track.file)[0]) == 2 * 24000


@pytest.mark.parametrize("frames", [1, 7, 400])
async def test_a_moment_of_music_is_repeated(frames: int, tmp_path: Path, desk: TestDesk) -> None:
    """A single sample becomes a tenth of a second: looping it to a minute would take minutes."""
    song = wav(tmp_path / "s.wav", frames, 8000)
    track = await FileMusic(PlainChildren(), FFMPEG, song).track(30, "eerie", 1, tmp_path, desk)
    assert 2 * 4800 <= len(samples(tmp_path / track.file)[0]) < 2 * 9600


async def test_mono_at_8_khz_comes_as_stereo_at_48(tmp_path: Path, desk: TestDesk) -> None:
    """A telephone's sound is on both sides."""
    song = make(tmp_path / "s.wav", "sine=f=440:r=8000", 1, "-ac", "1")
    track = await FileMusic(PlainChildren(), FFMPEG, song).track(1, "eerie", 1, tmp_path, desk)
    pcm, rate, channels = samples(tmp_path / track.file)
    assert (rate, channels) == (48000, 2)
    assert pcm[::2] == pcm[1::2]
    assert max(pcm) > 2000


async def test_of_hours_of_music_only_the_beginning_is_read(tmp_path: Path, desk: TestDesk) -> None:
    """Three hours, two gigabytes, of which nothing but the first seconds is on the disk."""
    song = wav(tmp_path / "s.wav", 48000 * 3600 * 3, 48000, 2, written=48000)
    track = await FileMusic(PlainChildren(), FFMPEG, song).track(2, "eerie", 1, tmp_path, desk)
    pcm, _, _ = samples(tmp_path / track.file)
    assert len(pcm) == 2 * 2 * 48000
    assert any(pcm)


async def test_silence_is_music(tmp_path: Path, desk: TestDesk) -> None:
    """Whoever wants no music gives a silent file."""
    song = make(tmp_path / "s.flac", "anullsrc=r=44100", 1)
    track = await FileMusic(PlainChildren(), FFMPEG, song).track(1, "eerie", 1, tmp_path, desk)
    assert not any(samples(tmp_path / track.file)[0])


async def test_the_sound_of_a_video_is_taken(tmp_path: Path, desk: TestDesk) -> None:
    """A video is read for what is heard in it."""
    seen = ("-f", "lavfi", "-i", "testsrc=s=64x64:d=1")
    ffmpeg(*seen, "-f", "lavfi", "-i", "sine=d=1", "-c:v", "mpeg4", tmp_path / "film.mp4")
    track = await FileMusic(PlainChildren(), FFMPEG, tmp_path / "film.mp4").track(0.5, "eerie", 1, tmp_path, desk)
    assert len(samples(tmp_path / track.file)[0]) == 2 * 24000


async def test_a_video_without_sound_is_refused(tmp_path: Path, desk: TestDesk) -> None:
    """A silent film has no music."""
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-c:v", "mpeg4", tmp_path / "film.mp4")
    with pytest.raises(BadInput, match=r"film\.mp4"):
        await FileMusic(PlainChildren(), FFMPEG, tmp_path / "film.mp4").check(desk)


@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg", "wav"])
async def test_of_a_broken_file_comes_what_can_be_heard(kind: str, tmp_path: Path, desk: TestDesk) -> None:
    """A download that ended halfway, with bytes that have changed, is played as far as it goes."""
    song = make(tmp_path / f"s.{kind}", "sine", 8, *(("-c:a", "libvorbis") if kind == "ogg" else ()))
    data = bytearray(song.read_bytes()[: song.stat().st_size // 2])
    data[-2000:-1500] = bytes(500)
    song.write_bytes(data)
    track = await FileMusic(PlainChildren(), FFMPEG, song).track(8, "eerie", 1, tmp_path, desk)
    assert 0.5 < len(samples(tmp_path / track.file)[0]) / 2 / 48000 < 6


async def test_a_file_without_its_index_is_refused(tmp_path: Path, desk: TestDesk) -> None:
    """An M4A that ended halfway has lost the index at its end; nothing of it can be played."""
    song = make(tmp_path / "s.m4a", "sine", 4)
    song.write_bytes(song.read_bytes()[: song.stat().st_size // 2])
    with pytest.raises(BadInput, match=r"s\.m4a"):
        await FileMusic(PlainChildren(), FFMPEG, song).check(desk)


@pytest.mark.parametrize("name", ["-y.wav", "a 'b' \"c\".wav", "a\nb.wav", "concat:x|y.wav", "http:x.wav", "%d 01.wav"])
async def test_odd_file_names_are_only_names(
    name: str, tmp_path: Path, desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is never an option, an address or a pattern."""
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "plain.wav", "sine=r=8000", 0.5).rename(tmp_path / name)
    music = FileMusic(PlainChildren(), FFMPEG, Path(name))
    await music.check(desk)
    assert (await music.track(0.2, "eerie", 1, tmp_path, desk)).file == "music.wav"


async def test_cover_art_is_left_out(tmp_path: Path, desk: TestDesk) -> None:
    """A picture in the file does no harm and does not come along."""
    make(tmp_path / "cover.png", "color=red:s=64x64", 0.04, "-frames:v", "1")
    make(tmp_path / "plain.mp3", "sine", 1)
    song = tmp_path / "song.mp3"
    ffmpeg(
        *("-i", tmp_path / "plain.mp3", "-i", tmp_path / "cover.png", "-map", "0", "-map", "1"),
        *("-c", "copy", "-disposition:v", "attached_pic", song),
    )
    await FileMusic(PlainChildren(), FFMPEG, song).track(0.5, "eerie", 1, tmp_path, desk)
    assert len(samples(tmp_path / "music.wav")[0]) == 2 * 24000


@pytest.mark.parametrize("content", [b"", b"no music, only words\n" * 50, b"RIFF\x24\0\0\0WAVEfmt "])
async def test_what_is_no_sound_is_refused(content: bytes, tmp_path: Path, desk: TestDesk) -> None:
    """The message names the file and the hint says what to give."""
    (tmp_path / "bad.mp3").write_bytes(content)
    with pytest.raises(BadInput, match=r"bad\.mp3") as refused:
        await FileMusic(PlainChildren(), FFMPEG, tmp_path / "bad.mp3").check(desk)
    assert "MP3" in refused.value.hint


async def test_a_wav_without_samples_is_refused(tmp_path: Path, desk: TestDesk) -> None:
    """A file that decodes to nothing is not music: looping it would never end."""
    with wave.open(str(tmp_path / "empty.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
    with pytest.raises(BadInput, match=r"empty\.wav"):
        await FileMusic(PlainChildren(), FFMPEG, tmp_path / "empty.wav").check(desk)


@pytest.mark.parametrize("name", ["missing.mp3", "."])
async def test_a_missing_file_is_refused(name: str, tmp_path: Path, desk: TestDesk) -> None:
    """No file, no work: the path is what to look at."""
    with pytest.raises(BadInput, match="not a file"):
        await FileMusic(PlainChildren(), FFMPEG, tmp_path / name).check(desk)


def test_the_key_changes_with_the_file(tmp_path: Path) -> None:
    """Another size or time of the file means that music is fetched anew."""
    song = tmp_path / "s.wav"
    music = FileMusic(PlainChildren(), FFMPEG, song)
    keys = {music.key}
    song.write_bytes(b"1")
    keys.add(music.key)
    os.utime(song, (1, 1))
    keys.add(music.key)
    assert len(keys) == 3
