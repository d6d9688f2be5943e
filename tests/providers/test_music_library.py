import shutil
from pathlib import Path

import pytest
from listening import FFMPEG, PlainChildren, make, samples
from support import TestDesk

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Desk
from shortsd.domain.story import MusicTrack
from shortsd.providers.music.chain import LibraryOr
from shortsd.providers.music.library import LibraryMusic


@pytest.fixture(scope="session")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("song") / "song.wav", "sine=r=8000", 0.2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "music"
    made.mkdir()
    return made


def put(folder: Path, song: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(song, folder / name)


async def play(folder: Path, desk: TestDesk, mood: str = "eerie", seed: int = 1) -> MusicTrack:
    work = folder.parent / "work"
    work.mkdir(exist_ok=True)
    track = await LibraryMusic(PlainChildren(), FFMPEG, folder).track(1, mood, seed, work, desk)
    assert samples(work / track.file)[1:] == (48000, 2)
    return track


@pytest.mark.parametrize(
    ("mood", "title"),
    [
        ("dread", "cellar"),
        ("Wonder", "stars"),
        ("eerie", "cellar"),
        ("melancholy", "stars"),
        ("wondrous", "stars"),
        ("tense", "strings"),
        ("nobody knows it", "cellar"),
    ],
)
async def test_a_track_is_chosen_by_mood(folder: Path, song: Path, desk: TestDesk, mood: str, title: str) -> None:
    """By the sub-folder of that name or one like it, else by the nearest mood; one that nobody knows is eerie."""
    put(folder, song, "dread/cellar.wav", "wonder/stars.wav", "tense/strings.wav")
    assert (await play(folder, desk, mood)).title == title


async def test_any_track_will_do_at_last(folder: Path, song: Path, desk: TestDesk) -> None:
    """A file in no sub-folder is for every mood of which there is nothing."""
    put(folder, song, "anything.wav")
    assert (await play(folder, desk, "wonder")).title == "anything"


async def test_the_seed_draws_among_tracks(folder: Path, song: Path, desk: TestDesk) -> None:
    """The same seed plays the same; over twenty seeds all three are played."""
    put(folder, song, "eerie/a.wav", "eerie/b.wav", "eerie/c.wav", "wonder/d.wav")
    titles = [(await play(folder, desk, seed=seed)).title for seed in range(20)]
    assert set(titles) == {"a", "b", "c"}
    assert titles[7] == (await play(folder, desk, seed=7)).title


async def test_a_list_says_what_is_what(folder: Path, song: Path, desk: TestDesk) -> None:
    """Moods, title, licence, and whom to thank: in its own words, or of title, author and licence."""
    put(folder, song, "1.wav", "eerie/2.wav")
    (folder / "music.toml").write_text(
        '[[track]]\nfile = "1.wav"\nmoods = ["dread", "Wonder"]\ntitle = "Cellar"\nauthor = "Ann"\n'
        'licence = "CC BY 4.0"\n[[track]]\nfile = "eerie/2.wav"\nmood = "melancholy"\ncredit = "Two, by Ben"\n'
    )
    cellar, two = await play(folder, desk, "wonder"), await play(folder, desk, "melancholy")
    assert (cellar.title, cellar.licence, cellar.credit) == ("Cellar", "CC BY 4.0", "“Cellar” by Ann (CC BY 4.0)")
    assert (two.title, two.credit) == ("2", "Two, by Ben")


async def test_nobody_is_thanked_for_what_nothing_is_said_of(folder: Path, song: Path, desk: TestDesk) -> None:
    """A file alone has a title and no credit."""
    put(folder, song, "eerie/night.wav")
    assert await play(folder, desk) == MusicTrack("music.wav", "night")


async def test_what_cannot_be_read_is_left_out(folder: Path, song: Path, desk: TestDesk) -> None:
    """A warning says which; the next one is played."""
    put(folder, song, "dread/good.wav")
    (folder / "eerie").mkdir()
    (folder / "eerie/bad.mp3").write_bytes(b"no sound")
    assert (await play(folder, desk, "eerie")).title == "good"
    assert any("warning A track is left out" in line and "bad.mp3" in line for line in desk.log.lines)


@pytest.mark.parametrize(
    "name", ["../outside.wav", "{tmp}/outside.wav", "eerie/link.wav", "gone.wav", "loop", "a\\u0000b"]
)
async def test_what_is_not_in_the_folder_is_left_out(
    folder: Path, tmp_path: Path, song: Path, desk: TestDesk, name: str
) -> None:
    """Absolute paths, ways up, links that leave and what is not there: a warning, and the next one is played."""
    put(tmp_path, song, "outside.wav")
    put(folder, song, "eerie/good.wav")
    (folder / "eerie/link.wav").symlink_to(tmp_path / "outside.wav")
    (folder / "loop").symlink_to(folder / "loop")
    listed = name.replace("{tmp}", str(tmp_path))
    (folder / "music.toml").write_text(f'[[track]]\nfile = "{listed}"\nmood = "dread"\n')
    assert (await play(folder, desk, "dread")).title == "good"
    assert any("it is no file in" in line for line in desk.log.lines)


@pytest.mark.parametrize("listed", ["[[track]", '[[track]]\nname = "x"\n', "track = 3\n"])
async def test_a_list_that_is_not_understood_is_refused(folder: Path, song: Path, desk: TestDesk, listed: str) -> None:
    """Nothing is played whose author may have to be thanked."""
    put(folder, song, "eerie/x.wav")
    (folder / "music.toml").write_text(listed)
    with pytest.raises(BadInput, match=r"music\.toml is not understood"):
        await play(folder, desk)


@pytest.mark.parametrize("there", [False, True])
async def test_an_empty_library_gives_way(folder: Path, desk: TestDesk, there: bool) -> None:
    """Where it has nothing, or is not there at all, the other music plays, and the log says why."""

    class Pad:
        key = "pad"

        async def track(self, duration_s: float, mood: str, seed: int, folder: Path, desk: Desk) -> MusicTrack:
            del duration_s, mood, seed, folder, desk
            return MusicTrack("pad.wav", "A pad")

    library = LibraryMusic(PlainChildren(), FFMPEG, folder if there else folder / "gone")
    track = await LibraryOr(library, Pad()).track(1, "eerie", 1, folder, desk)
    assert track.title == "A pad"
    (line,) = desk.log.lines
    assert line.startswith("warning The folder")
    assert line.endswith("The music is made by shortsd instead.")
