import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from shortsd.config.settings import Inbox as Folder
from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput, ShortsError, Unavailable
from shortsd.domain.finish import finish
from shortsd.domain.job import Job
from shortsd.domain.witness import NOBODY
from shortsd.engine import parcels
from shortsd.engine.arrivals import is_passing
from shortsd.engine.inbox import AT_ONCE, Inbox, Rounds
from shortsd.engine.inbox import folder as folder_of
from shortsd.engine.inboxes import Inboxes
from shortsd.engine.markdown import Spoken, spoken
from shortsd.engine.settling import RESCAN_S, Means
from shortsd.engine.taken import NAME_BYTES, NOTE, REASON, Taken, called, plain
from shortsd.engine.views import view
from shortsd.stages.plan import plan
from shortsd.store.database import Database
from shortsd.store.jobs import Jobs, Request
from shortsd.store.selection import Selection
from shortsd.wire.models import Created, NewJob

SETTLE_S = 2.0
STORY = "The lamp went out. It burned."


@dataclass
class Clock:
    """A clock that a test puts."""

    at: float = 1_000_000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Home:
    """An inbox, the jobs that are made of what lies in it, and a clock for both."""

    folder: Path
    jobs: Jobs
    clock: Clock = field(default_factory=Clock)
    away: ShortsError | None = None
    """Why no work can be taken, if it cannot."""
    apart: list[Path] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def means(self) -> Means:
        return Means(
            create=self._create,
            require=self._require,
            told=lambda _, line: self.told.append(line),
            usual=self.folder,
            apart=self.apart,
            inboxes=Inboxes(self.folder.with_name("inboxes.json")),
            clock=self.clock,
            steady=self.clock,
        )

    def rounds(self, folder: Path | None = None) -> Rounds:
        """The inbox of a daemon that starts now."""
        return Rounds(self.means, folder or self.folder, SETTLE_S)

    async def settled(self, rounds: Rounds) -> None:
        """Look, let what lies there come to rest, and look again."""
        await rounds.go()
        self.clock.at += SETTLE_S
        await rounds.go()

    async def made(self) -> list[Job]:
        """All jobs, oldest first."""
        return (await self.jobs.select(Selection(limit=1000)))[::-1]

    def left(self) -> list[str]:
        """What lies in the inbox itself."""
        return sorted(file.name for file in self.folder.iterdir() if not is_passing(file.name))

    def lying(self, place: str) -> list[str]:
        return sorted(file.name for file in (self.folder / place).glob("*"))

    async def _require(self) -> None:
        if self.away is not None:
            raise self.away

    async def _create(self, wanted: Sequence[NewJob], key: str) -> Created:
        digest = blake2b(msgspec.json.encode(wanted), digest_size=16).hexdigest()
        planned = [(new, plan(new.params, Settings(), 0)) for new in wanted]
        requests = [Request(new.kind, made.data(), made.working_title(), new.priority) for new, made in planned]
        accepted = await self.jobs.create(requests, key, digest)
        return Created(jobs=[view(job, None, "") for job in accepted.jobs])


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    database = await Database.open(tmp_path / "jobs.db", lambda _: None)
    (tmp_path / "inbox").mkdir()
    yield Home(tmp_path / "inbox", Jobs(database, lambda: 1.0))
    await database.close()


def picture(file: Path) -> None:
    Image.new("RGB", (64, 64), "navy").save(file)


async def test_a_file_that_rests_becomes_a_job(home: Home) -> None:
    """It is moved among what was taken, with a note of its job, whose log tells where it came from."""
    (home.folder / "story.txt").write_text(STORY)
    await home.settled(home.rounds())
    (job,) = await home.made()
    assert job.params["story"] == STORY
    assert home.left() == []
    taken, note = home.lying("taken")
    assert (called(Path(taken)), note) == ("story.txt", taken + NOTE)
    assert msgspec.json.decode((home.folder / "taken" / note).read_bytes()) == {"job": job.id}
    assert home.told == [f"made of inbox/story.txt, which is {home.folder / 'taken' / taken} now"]


async def test_a_file_that_grows_is_left_until_it_rests(home: Home) -> None:
    """However long that takes; then all of it is told."""
    file, rounds = home.folder / "story.txt", home.rounds()
    for part in STORY.split():
        with file.open("a") as opened:
            opened.write(part + " ")
        assert await rounds.go() == SETTLE_S
        home.clock.at += SETTLE_S * 0.75
        assert await rounds.go() == SETTLE_S * 0.25
    assert await home.made() == []
    home.clock.at += SETTLE_S
    await rounds.go()
    assert [job.params["story"].split() for job in await home.made()] == [STORY.split()]


async def test_a_folder_rests_when_all_in_it_does(home: Home) -> None:
    """A picture that is still being copied, deep inside, counts as the folder's change."""
    (home.folder / "week" / "more").mkdir(parents=True)
    (home.folder / "week" / "story.txt").write_text(STORY)
    rounds = home.rounds()
    for size in range(3):
        (home.folder / "week" / "more" / "film.mov").write_bytes(b"x" * size)
        await rounds.go()
        home.clock.at += SETTLE_S * 0.75
    assert await home.made() == []
    home.clock.at += SETTLE_S
    await rounds.go()
    assert len(await home.made()) == 1


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.txt",
        "story.txt.part",
        "story.txt~",
        ".story.txt.swp",
        "~$story.txt",
        "#story.txt#",
        "story.tmp",
        "Thumbs.db",
        f"story.txt{REASON}",
    ],
)
async def test_what_is_not_whole_yet_is_not_looked_at(home: Home, name: str) -> None:
    """Nor is what editors, browsers and we ourselves leave."""
    (home.folder / name).write_text(STORY)
    await home.settled(home.rounds())
    assert await home.made() == []
    assert (home.folder / name).exists()
    assert home.lying("refused") == []


async def test_while_no_work_can_be_taken_files_wait_where_they_are(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """That is told once; when work can be taken again, they are."""
    (home.folder / "story.txt").write_text(STORY)
    rounds, home.away = home.rounds(), Unavailable("The disk is full.")
    await home.settled(rounds)
    assert await rounds.go() == RESCAN_S
    assert home.left() == ["story.txt"]
    assert [record.message for record in caplog.records] == ["the inbox waits"]
    home.away = None
    await rounds.go()
    assert len(await home.made()) == 1


async def test_what_cannot_be_moved_is_told_once_and_tried_again(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    """What stands in the way of one is in nobody else's: it is left alone for a while, and taken when it can be."""
    (home.folder / "story.txt").write_text(STORY)
    (home.folder / "taken").write_text("in the way")
    rounds = home.rounds()
    await home.settled(rounds)
    assert await rounds.go() == RESCAN_S
    home.clock.at += RESCAN_S
    await rounds.go()
    assert [record.message for record in caplog.records] == ["the inbox waits"]
    (home.folder / "taken").unlink()
    home.clock.at += RESCAN_S
    await rounds.go()
    assert (len(await home.made()), home.left()) == (1, [])


async def test_an_inbox_that_is_gone_is_looked_for(home: Home) -> None:
    """On a disk that was taken away, say: nothing is made in its place, and what lies there later is taken."""
    rounds = home.rounds()
    await rounds.go()
    home.folder.rename(home.folder.with_name("away"))
    assert await rounds.go() == RESCAN_S
    assert not home.folder.exists()
    home.folder.with_name("away").rename(home.folder)
    (home.folder / "story.txt").write_text(STORY)
    await home.settled(rounds)
    assert len(await home.made()) == 1


async def test_an_inbox_around_what_is_ours_is_not_touched(home: Home) -> None:
    """Who names the folder of the finished shorts, or one above it, would see them refused one by one."""
    (home.folder / "output").mkdir()
    (home.folder / "story.txt").write_text(STORY)
    home.apart = [home.folder / "output"]
    await home.settled(home.rounds())
    assert home.left() == ["output", "story.txt"]


async def test_many_files_are_taken_a_few_at_a_time(home: Home) -> None:
    """Of ten thousand that come at once, some are taken between two looks, by name; the next look is due at once."""
    for number in range(10_000):
        (home.folder / f"{number:05}.txt").write_text(STORY)
    rounds = home.rounds()
    await rounds.go()
    home.clock.at += SETTLE_S
    assert await rounds.go() == 0
    assert len(await home.made()) == AT_ONCE
    assert home.left()[0] == f"{AT_ONCE:05}.txt"


async def test_what_was_taken_becomes_a_job_at_the_next_start(home: Home) -> None:
    """The daemon died right after it had moved a file."""
    (home.folder / "story.txt").write_text(STORY)
    Taken(home.folder, home.clock, NOBODY).take(home.folder / "story.txt")
    await home.rounds().go()
    assert len(await home.made()) == 1
    assert len(home.lying("taken")) == 2


async def test_what_has_become_a_job_becomes_no_second_one(home: Home) -> None:
    """The daemon died after it had made the job and before it had noted that: the next one notes the same job."""
    (home.folder / "story.txt").write_text(STORY)
    await home.settled(home.rounds())
    (note,) = (home.folder / "taken").glob(f"*{NOTE}")
    before = note.read_bytes()
    note.unlink()
    await home.rounds().go()
    assert len(await home.made()) == 1
    assert note.read_bytes() == before


async def test_what_was_changed_after_it_was_taken_becomes_no_second_job(home: Home) -> None:
    """It has had its job; that another one could be made of it now makes none."""
    (home.folder / "story.txt").write_text(STORY)
    await home.settled(home.rounds())
    (note,) = (home.folder / "taken").glob(f"*{NOTE}")
    note.with_name(note.name.removesuffix(NOTE)).write_text("Another story.")
    note.unlink()
    await home.rounds().go()
    assert len(await home.made()) == 1
    assert msgspec.json.decode(note.read_bytes()) == {"job": None}


async def test_what_was_taken_becomes_a_job_after_another_inbox_was_named(home: Home, tmp_path: Path) -> None:
    """Also if the folder is away at first; one of the same name and second in the new inbox becomes a job as well."""
    new, away = tmp_path / "new", tmp_path / "away"
    new.mkdir()
    for folder, text in ((home.folder, "One lamp."), (new, "Two lamps.")):
        (folder / "story.txt").write_text(text)
    await home.rounds().go()
    Taken(home.folder, home.clock, NOBODY).take(home.folder / "story.txt")
    Taken(new, home.clock, NOBODY).take(new / "story.txt")
    home.folder.rename(away)
    rounds = home.rounds(new)
    await rounds.go()
    assert [job.params["story"] for job in await home.made()] == ["Two lamps."]
    away.rename(home.folder)
    await rounds.go()
    assert [job.params["story"] for job in await home.made()] == ["Two lamps.", "One lamp."]
    assert [name.endswith(NOTE) for name in home.lying("taken")] == [False, True]


async def test_a_former_inbox_is_forgotten_when_all_of_it_is_seen_to(home: Home, tmp_path: Path) -> None:
    """What lies in it and was not taken stays there, whoever starts when."""
    await home.rounds().go()
    (home.folder / "story.txt").write_text(STORY)
    for _ in range(2):
        await home.settled(home.rounds(tmp_path / "new"))
    assert home.left() == ["story.txt"]
    assert home.means.inboxes.enter(tmp_path / "new") == []


async def test_settings_that_change_twice_at_once_leave_one_inbox(home: Home) -> None:
    """What the first one is at is ended before the last one begins; the one between never does."""
    at_work, waiting = 0, asyncio.Event()
    let = asyncio.Event()

    async def require() -> None:
        nonlocal at_work
        at_work += 1
        waiting.set()
        try:
            await finish(asyncio.create_task(let.wait()))
        finally:
            at_work -= 1

    (home.folder / "story.txt").write_text(STORY)
    Taken(home.folder, home.clock, NOBODY).take(home.folder / "story.txt")
    inbox = Inbox(replace(home.means, require=require), Folder(settle_s=1))
    inbox.start()
    await waiting.wait()
    waiting.clear()
    for settle_s in (2, 3):
        inbox.use(Folder(settle_s=settle_s))
        for _ in range(50):  # more than one that did not wait would need until it is at work, too
            await asyncio.to_thread(os.getpid)
    assert at_work == 1
    let.set()
    await waiting.wait()
    await inbox.close()
    assert at_work == 0


async def test_a_name_may_come_again(home: Home) -> None:
    """Even within a second: nothing that was taken is written over, and each becomes a job."""
    rounds = home.rounds()
    for text in ("One lamp.", "Two lamps."):
        home.clock.at = 1_000_000.0
        (home.folder / "story.txt").write_text(text)
        await rounds.go()
        home.clock.at += SETTLE_S
        await rounds.go()
    assert [job.params["story"] for job in await home.made()] == ["One lamp.", "Two lamps."]
    assert len(home.lying("taken")) == 4


async def test_what_was_refused_before_is_not_written_over(home: Home) -> None:
    """The second one of that name is counted, and has its own reason."""
    rounds = home.rounds()
    for _ in range(2):
        (home.folder / "week.pdf").write_text("x")
        await home.settled(rounds)
    assert home.lying("refused") == ["week-2.pdf", f"week-2.pdf{REASON}", "week.pdf", f"week.pdf{REASON}"]


REFUSED = {
    "photo.heic": (b"x", "of this kind"),
    "empty.txt": (b"  \n", "story is empty"),
    "latin.txt": ("Das Geräusch".encode("latin-1"), "not UTF-8: byte 7"),
    "large.txt": (b"word " * 300_000, "larger than 1 MB"),
    "long.md": (b"word " * 40_000, "60000 is the limit"),
    "typo.toml": (b'topik = "sea"', "Did you mean `topic`?"),
    "odd.toml": (b'topic = "sea"\nfps = "many"', "`fps` takes a whole number"),
    "true.toml": (b'topic = "sea"\nallow_long = 1', "takes true or false"),
    "broken.toml": (b"topic = ", "no TOML"),
    "both.toml": (b'topic = "sea"\nstory = "Fog."', "Give one of"),
    "cut.toml": (b'topic = "sea"\ncuts = "jump"', "no cut 'jump'"),
    "alone.toml": (b'topic = "sea"\nmusic = "song.mp3"', "comes alone"),
    "root.toml": (b'topic = "sea"\nimages = "/etc"', "comes alone"),
    "front.md": (b"---\njust words\n---\nFog.", "says nothing"),
    "twice.md": (b'---\nstory = "Fog."\n---\nFog.', "another one in its front matter"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_used_is_refused_with_the_reason(home: Home, name: str) -> None:
    """It lies in `refused`, beside it what is wrong with it and what to do; no job is made."""
    data, why = REFUSED[name]
    (home.folder / name).write_bytes(data)
    await home.settled(home.rounds())
    assert await home.made() == []
    assert home.lying("refused") == [name, name + REASON]
    assert (home.folder / "refused" / name).read_bytes() == data
    reason = (home.folder / "refused" / f"{name}{REASON}").read_text()
    assert reason.startswith(f"No short was made of {name}.\n")
    assert why in reason
    assert home.lying("taken") == home.left() == []


async def test_a_link_is_refused_and_not_followed(home: Home, tmp_path: Path) -> None:
    """What lies elsewhere stays there, and is not told to anybody."""
    (tmp_path / "secret.txt").write_text("A secret.")
    (home.folder / "story.txt").symlink_to(tmp_path / "secret.txt")
    await home.settled(home.rounds())
    assert await home.made() == []
    assert (home.folder / "refused" / "story.txt").is_symlink()


async def test_a_pipe_keeps_nobody_waiting(home: Home) -> None:
    """It is refused without being opened, also where a folder has one for its story."""
    os.mkfifo(home.folder / "story.txt")
    (home.folder / "week").mkdir()
    os.mkfifo(home.folder / "week" / "story.txt")
    await home.settled(home.rounds())
    assert home.lying("refused") == ["story.txt", f"story.txt{REASON}", "week", f"week{REASON}"]


def week(tmp_path: Path, *names: str, **texts: str) -> Path:
    """A folder with empty files, and a story and options if they are given."""
    folder = tmp_path / "week"
    folder.mkdir()
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


def test_a_folder_has_its_pictures_and_its_music(tmp_path: Path) -> None:
    """Beside the story; what else lies there is let be."""
    folder = week(tmp_path, "notes.pdf", "song.MP3", story_md="# Fog\n\nFog.", short_toml="fps = 60\npriority = 3")
    picture(folder / "1.png")
    new = parcels.read(folder)
    assert (new.params.story, new.params.title, new.params.fps, new.priority) == ("Fog.", "Fog", 60, 3)
    assert new.params.images is not None
    assert Path(new.params.images) == folder
    assert new.params.music == str(folder / "song.MP3")


def test_a_folder_without_pictures_names_none(tmp_path: Path) -> None:
    """They are found or painted as for any other story."""
    new = parcels.read(week(tmp_path, story_txt=STORY))
    assert (new.params.images, new.params.music) == (None, None)


def test_options_name_places_in_the_folder(tmp_path: Path) -> None:
    """Pictures of a sub-folder, one of several songs, a look."""
    options = 'topic = "sea"\nimages = "pictures"\nmusic = "b.mp3"\nlook = "./look.py"\n'
    folder = week(tmp_path, "a.mp3", "b.mp3", "look.py", "pictures/1.png", short_toml=options)
    params = parcels.read(folder).params
    assert (params.images, params.music) == (str(folder / "pictures"), str(folder / "b.mp3"))
    assert params.look == str(folder / "look.py")


def test_a_look_of_ours_is_named_as_ever(tmp_path: Path) -> None:
    """It is no place."""
    (tmp_path / "a.toml").write_text('topic = "sea"\nlook = "documentary"')
    assert parcels.read(tmp_path / "a.toml").params.look == "documentary"


@pytest.mark.parametrize("name", ["/etc/passwd", "../song.mp3", "sub/../../song.mp3", "link/song.mp3", "a\\u0000b"])
def test_options_name_nothing_outside_of_the_folder(tmp_path: Path, name: str) -> None:
    """By whatever way."""
    (tmp_path / "song.mp3").touch()
    folder = week(tmp_path, "sub/x", short_toml=f'topic = "sea"\nmusic = "{name}"')
    if name.startswith("link"):
        (folder / "link").symlink_to(folder / "sub" / ".." / "..")
    with pytest.raises(BadInput, match=r"not in the folder|leads out"):
        parcels.read(folder)


def test_links_in_a_folder_may_not_lead_out_of_it(tmp_path: Path) -> None:
    """One within it may be there."""
    folder = week(tmp_path, "1.png", story_txt=STORY)
    (folder / "2.png").symlink_to("1.png")
    assert parcels.read(folder).params.images is not None
    (folder / "3.png").symlink_to(tmp_path)
    with pytest.raises(BadInput, match=r"3\.png leads out"):
        parcels.read(folder)


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("1.png",), "no story"),
        (("story.txt", "story.md"), "two stories"),
        (("story.txt", "a.mp3", "b.ogg"), "2 files of music"),
        (("story.txt", *(f"more/{number}" for number in range(parcels.FILES))), "more than 2000 files"),
    ],
)
def test_folders_that_say_too_little_or_too_much(tmp_path: Path, names: tuple[str, ...], why: str) -> None:
    """Which story, which music, or what of all that is meant cannot be told."""
    with pytest.raises(BadInput, match=why):
        parcels.read(week(tmp_path, *names))


def test_a_folder_may_not_be_too_large(tmp_path: Path) -> None:
    """It would stay for as long as its job does."""
    folder = week(tmp_path, story_txt=STORY)
    with (folder / "film.mov").open("wb") as file:
        file.truncate(parcels.FOLDER_BYTES)  # nothing is written for it
    with pytest.raises(BadInput, match="more than 2 GB"):
        parcels.read(folder)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_says_what_it_is_written_in(tmp_path: Path, encoding: str) -> None:
    """By a mark at its beginning; without one it is UTF-8."""
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    (tmp_path / "story.txt").write_bytes((mark + "Grüße, 鬼.").encode(encoding))
    assert parcels.read(tmp_path / "story.txt").params.story == "Grüße, 鬼."


@pytest.mark.parametrize(
    "front",
    ['title = "Fog: a story"\nfps = 60\ncaption_size = 1.5\nallow_long = true',
     "title: Fog: a story\n# a remark\nfps: 60\n\ncaption-size: '1.5'\nallow_long: true"],
)  # fmt: skip
def test_front_matter_gives_options(tmp_path: Path, front: str) -> None:
    """In TOML, or as lines of `key: value`; a title there comes before the heading's."""
    (tmp_path / "a.md").write_text(f"---\n{front}\n---\n# Other\n\nFog.\n")
    params = parcels.read(tmp_path / "a.md").params
    assert (params.title, params.fps, params.caption_size, params.allow_long) == ("Fog: a story", 60, 1.5, True)
    assert params.story == "Fog."


def test_a_line_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    """Unless there is a second one below it."""
    (tmp_path / "a.md").write_text("---\nFog.\n")
    assert parcels.read(tmp_path / "a.md").params.story == "Fog."


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("# The *Last* Train\n\nIt **came**.", Spoken("The Last Train", "It came.")),
        ("One\n===\n\n## Two\n\nFog.", Spoken("One", "Two\n\nFog.")),
        ("A [link](http://x) &amp; `code` \\*kept\\*.", Spoken(None, "A link & code *kept*.")),
        ("- one\n- two\n\n> said", Spoken(None, "one\n\ntwo\n\nsaid")),
        ("Fog ![a picture](a.png)<!-- no --> <b>bold</b>.\nLine.", Spoken(None, "Fog  bold.\nLine.")),
        ("<!-- no -->\n\n<div>\nsaid\n</div>\n\n    said, too", Spoken(None, "said\n\nsaid, too")),
        ("***\n\n![only](a.png)", Spoken(None, "")),
    ],
)
def test_the_marks_of_markdown_are_not_spoken(markdown: str, said: Spoken) -> None:
    """Its words are, all of them; the first heading is the title."""
    assert spoken(markdown) == said


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("story.txt", "story.txt"),
        ("a\nb\x1b.txt", "a_b_.txt"),
        ("\udcff.txt", "_.txt"),
        ("x" * 300, "x" * NAME_BYTES),
        ("é" * 120 + ".txt", "é" * ((NAME_BYTES - 4) // 2) + ".txt"),
    ],
)
def test_names_are_kept_as_far_as_they_can_be(name: str, kept: str) -> None:
    """A name has to be told in a line, and to leave room for what is put before and after it."""
    assert plain(name) == kept


def test_the_folder_may_be_named(tmp_path: Path) -> None:
    """From the user's home, too."""
    assert folder_of(Folder(), tmp_path) == tmp_path
    assert folder_of(Folder(folder="~/stories"), tmp_path) == Path.home() / "stories"
