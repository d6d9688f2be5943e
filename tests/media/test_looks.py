import subprocess
import textwrap
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from shortsd.domain.errors import BadInput
from shortsd.domain.ports import Command
from shortsd.domain.style import CaptionLook, CaptionPlace
from shortsd.domain.timeline import Scene, Timeline, View
from shortsd.media import fonts, looks
from shortsd.media.encode import frame_source
from shortsd.media.frames import Film
from shortsd.media.layers import Layer
from shortsd.media.look_frames import LookFilm
from shortsd.media.planes import to_rgb
from shortsd.media.short import About, Short

WIDTH, HEIGHT = 108, 192
FRAME_BYTES = WIDTH * HEIGHT * 3 // 2
TITLE = "The Keeper Who Never Sleeps"


@pytest.fixture(scope="module")
def font_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fonts.install(tmp_path_factory.mktemp("fonts")).folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures and the timeline of a short of three scenes, 36 frames at ten a second."""
    for index, (width, height) in enumerate([(200, 350), (450, 250), (151, 601)]):
        rough = np.random.default_rng(index).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
        smooth = cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
        assert cv2.imwrite(str(tmp_path / f"{index}.png"), smooth)
    (tmp_path / "timeline.json").write_bytes(msgspec.json.encode(film_of(WIDTH, HEIGHT)))
    return tmp_path


def film_of(width: int, height: int, scenes: int = 3, frames: int = 12) -> Timeline:
    view = View(0.4, 0.5, 1.1), View(0.6, 0.5, 1.2)
    shown = tuple(Scene(f"{index}.png", index * frames, frames, *view) for index in range(scenes))
    return Timeline(width, height, 10, scenes * frames, shown, (), crossfade=min(3, frames - 1))


def short_of(folder: Path, font_folder: Path, **more: object) -> Short:
    timeline = msgspec.json.decode((folder / "timeline.json").read_bytes(), type=Timeline)
    wanted: dict[str, object] = {"title": TITLE, "fonts": str(font_folder), **more}
    return Short(timeline, folder, msgspec.convert(wanted, About))


def written(folder: Path, code: str) -> Path:
    """A look's file with this code, `short` being its argument if it is no whole program."""
    whole = code if "def look" in code or "look =" in code else f"def look(short):\n{textwrap.indent(code, '    ')}"
    (folder / "mine.py").write_text(f"import moviepy, numpy as np\n{whole}\n")
    return folder / "mine.py"


def source(look: Path, folder: Path, font_folder: Path, first: int = 0, frames: int = 36) -> Command:
    return looks.look_source(
        look,
        folder / "timeline.json",
        folder,
        first,
        frames,
        mark=looks.key(look),
        title=TITLE,
        fonts=font_folder,
        captions=CaptionLook(),
    )


def run(command: Command, *more: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([*command.argv, *more], capture_output=True, check=False, timeout=60)


def wrong(folder: Path, font_folder: Path, code: str, number: int = 0) -> str:
    """The message with which a look of this code fails, at the latest when a frame is drawn."""
    look = written(folder, code)
    with pytest.raises(BadInput) as caught:
        LookFilm(look, None, short_of(folder, font_folder)).frame(number)
    assert str(look) in caught.value.message
    assert not caught.value.retryable
    return caught.value.message


def test_a_look_that_ships_is_known_by_its_name() -> None:
    """Two are there; each name leads to a file that can be a look."""
    assert looks.names() == ["documentary", "title-card"]
    for name in looks.names():
        looks.examine({"look": str(looks.resolve(name))}, lambda *_: None)


def test_an_unknown_look_is_refused_with_those_that_are_near() -> None:
    """A slip of the finger is put right, anything else is told what there is."""
    with pytest.raises(BadInput, match="titlecard") as near:
        looks.resolve("titlecard")
    assert near.value.hint == "Did you mean title-card?"
    with pytest.raises(BadInput) as far:
        looks.resolve("qqq")
    assert "documentary, title-card" in far.value.hint


@pytest.mark.parametrize("name", ["missing.py", "folder.py", "mine.py"])
def test_a_look_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    """No file, a folder, a file too large to be a look: each is named."""
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "mine.py").write_bytes(b"#" * (looks.LARGEST_BYTES + 1))
    with pytest.raises(BadInput, match=name):
        looks.resolve(str(tmp_path / name))


def test_a_relative_path_is_no_look() -> None:
    """It would mean something else to the daemon than to who gave it."""
    with pytest.raises(BadInput, match="absolute"):
        looks.resolve("mine/look.py")


def test_the_key_is_the_content(tmp_path: Path) -> None:
    """Another content is another key; the same content elsewhere is the same key."""
    one, other = tmp_path / "a.py", tmp_path / "b.py"
    one.write_text("a = 1")
    other.write_text("a = 1")
    before = looks.key(one)
    assert looks.key(other) == before
    one.write_text("a = 2")
    assert looks.key(one) != before


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (b"def look(short:\n", "no Python in line 1"),
        (b"x = 1\ny = = 2\ndef look(short): ...", "no Python in line 2"),
        (b"\xff\xfe\x00", "no Python"),
        (b"def look(s): ...\0", "no Python"),
        (b"(" * 50_000, "no Python"),
        (b"def view(short): ...", "no function `look`"),
        (b"", "no function `look`"),
    ],
)
def test_what_can_be_no_look_is_told_without_running_it(tmp_path: Path, code: bytes, says: str) -> None:
    """Files that are no Python, and those without a `look`, are refused with the line where there is one."""
    (tmp_path / "mine.py").write_bytes(code)
    with pytest.raises(BadInput, match=says):
        looks.examine({"look": str(tmp_path / "mine.py")}, lambda *_: None)


@pytest.mark.parametrize(
    "code", ["def look(short): ...", "from other import look", "look = print", "if True:\n    def look(s): ..."]
)
def test_whatever_binds_look_may_be_one(tmp_path: Path, code: str) -> None:
    """A function, an import or an assignment; what it does is seen when it runs."""
    (tmp_path / "mine.py").write_text(code)
    looks.examine({"look": str(tmp_path / "mine.py")}, lambda *_: None)


def test_the_film_as_a_look_is_the_ordinary_film_to_the_bit(folder: Path, font_folder: Path) -> None:
    """A frame that a look passes on loses nothing on its way through RGB."""
    look = written(folder, "return short.film()")
    done = run(source(look, folder, font_folder))
    assert done.returncode == 0, done.stderr
    assert done.stdout == run(frame_source(folder / "timeline.json", folder, 0, 36)).stdout


def test_frames_of_a_look_are_coloured_as_those_of_the_camera(folder: Path, font_folder: Path) -> None:
    """Red comes out as BT.709 in limited range has it."""
    look = written(folder, "return moviepy.ColorClip(short.size, (255, 0, 0), duration=short.duration_s)")
    frame = LookFilm(look, None, short_of(folder, font_folder)).frame(3)
    assert (frame[:HEIGHT] == 63).all()
    assert np.abs(to_rgb(frame).astype(int) - (255, 0, 0)).max() <= 2


@pytest.mark.parametrize("name", looks.names())
def test_any_range_of_a_look_can_be_drawn(folder: Path, font_folder: Path, name: str) -> None:
    """Frames drawn by themselves, backwards or with steps are those of the whole short."""
    look = looks.resolve(name)
    whole = run(source(look, folder, font_folder))
    assert whole.returncode == 0, whole.stderr
    frames = [whole.stdout[at : at + FRAME_BYTES] for at in range(0, len(whole.stdout), FRAME_BYTES)]
    assert len(frames) == 36
    assert run(source(look, folder, font_folder, 13, 4)).stdout == b"".join(frames[13:17])
    assert run(source(look, folder, font_folder, 2, 3), "--step=15").stdout == b"".join(frames[2:33:15])
    film = LookFilm(look, None, short_of(folder, font_folder))
    assert all(film.frame(number).tobytes() == frames[number] for number in (35, 24, 11, 12, 0))


def test_the_title_card_gives_way_to_the_film(folder: Path, font_folder: Path) -> None:
    """The title stands in the upper half, darkened around; afterwards every frame is the ordinary one."""
    short = short_of(folder, font_folder)
    film, plain = LookFilm(looks.resolve("title-card"), None, short), Film(short.timeline, folder)
    card = to_rgb(film.frame(8))
    assert (card[: HEIGHT // 2].min(axis=2) > 240).sum() > 100
    assert (card[int(0.8 * HEIGHT) :] < 200).all()
    assert film.frame(18).tobytes() == plain.frame(18).tobytes()


def test_the_documentary_shows_each_picture_in_a_pale_frame(folder: Path, font_folder: Path) -> None:
    """Across the middle of the frame there is table, paper, picture, paper and table."""
    (folder / "timeline.json").write_bytes(msgspec.json.encode(film_of(270, 480)))
    row = to_rgb(LookFilm(looks.resolve("documentary"), None, short_of(folder, font_folder)).frame(11))[240]
    paper = np.flatnonzero((np.abs(row.astype(int) - (241, 235, 223)) < 12).all(axis=1))
    assert paper[0] < 270 * 0.25
    assert paper[-1] > 270 * 0.75
    assert row[: paper[0] - 4].mean() < 100


@pytest.mark.parametrize("name", looks.names())
@pytest.mark.parametrize("size", [(108, 192), (192, 108), (128, 128)])
@pytest.mark.parametrize(
    ("title", "place", "scale"),
    [
        (TITLE, CaptionPlace.AUTO, 1.0),
        ("", CaptionPlace.TOP, 2.0),
        ("Run", CaptionPlace.MIDDLE, 0.5),
        ("word " * 40, CaptionPlace.BOTTOM, 2.0),
        ("W" * 200, CaptionPlace.AUTO, 1.0),
        ("המגדלור שלא ישן לעולם", CaptionPlace.AUTO, 1.0),
        ("灯塔" * 20, CaptionPlace.TOP, 1.0),
    ],
)
def test_the_looks_that_ship_draw_any_title_in_any_shape(
    folder: Path, font_folder: Path, name: str, size: tuple[int, int], title: str, place: CaptionPlace, scale: float
) -> None:
    """None of it is too long, of an unknown script or in the captions' way."""
    (folder / "timeline.json").write_bytes(msgspec.json.encode(film_of(*size)))
    captions = {"place": place, "size": scale}
    film = LookFilm(looks.resolve(name), None, short_of(folder, font_folder, title=title, captions=captions))
    assert all(film.frame(number).shape == (size[1] * 3 // 2, size[0]) for number in (0, 4, 13))


@pytest.mark.parametrize("name", looks.names())
@pytest.mark.parametrize(("scenes", "frames"), [(1, 1), (3, 1), (2, 2)])
def test_the_looks_that_ship_draw_the_shortest_film(
    folder: Path, font_folder: Path, name: str, scenes: int, frames: int
) -> None:
    """Scenes shorter than any move of theirs are drawn, too."""
    (folder / "timeline.json").write_bytes(msgspec.json.encode(film_of(WIDTH, HEIGHT, scenes, frames)))
    film = LookFilm(looks.resolve(name), None, short_of(folder, font_folder))
    assert all(film.frame(number).any() for number in range(scenes * frames))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import nothing_of_that_name\ndef look(short): ...", "raised ModuleNotFoundError in line 2, loading it: No"),
        ("raise SystemExit(0)\ndef look(short): ...", "raised SystemExit in line 2, loading it: 0"),
        ("raise KeyboardInterrupt\ndef look(short): ...", "raised KeyboardInterrupt in line 2, loading it"),
        ("def look(short:\n", "is no Python in line 2"),
        ("def gaze(short): ...\nlook = 3", "has no function `look`"),
        ("def look(): ...", "raised TypeError: look() takes 0 positional arguments"),
        ("raise ValueError('a reason\\nof two lines')", "raised ValueError in line 3: a reason of two lines"),
        ("return None", "line 2, returned NoneType, not a moviepy.VideoClip"),
        ("return short.film().with_duration(None)", "duration is None; the short lasts 3.600 s"),
        ("return short.film().with_duration(float('inf'))", "duration is inf"),
        ("return short.film().with_duration(float('nan'))", "duration is nan"),
        ("return short.film().with_duration(3.4)", "returned a clip of 3.400 s; the short lasts 3.600 s"),
        ("return short.film().resized(0.5)", "returned a clip of 54×96 pixels; the short has 108×192"),
        ("return moviepy.VideoClip(duration=short.duration_s)", "returned a clip of no pixels"),
        ("return moviepy.ColorClip(short.size, 0.5, is_mask=True, duration=3.6)", "returned a mask"),
        ("return moviepy.AudioClip(lambda t: t, duration=3.6)", "returned AudioClip"),
    ],
)
def test_a_look_that_is_wrong_from_the_start(folder: Path, font_folder: Path, code: str, says: str) -> None:
    """The message names the file, the line where there is one, and what is wrong."""
    assert says in wrong(folder, font_folder, code)


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        ("1 / 0", "raised ZeroDivisionError in line 3, drawing frame 5: division by zero"),
        ("exit(0)", "raised SystemExit in line 3, drawing frame 5"),
        ("None", "gave a frame of shape (), not of 108×192 RGB, drawing frame 5"),
        ("np.zeros((192, 108), np.uint8)", "gave a frame of 108×192 grey"),
        ("np.zeros((192, 108, 4), np.uint8)", "gave a frame of 108×192 RGBA"),
        ("np.zeros((192, 108, 2), np.uint8)", "gave a frame of 108×192 2 channels"),
        ("np.zeros((90, 50, 3), np.uint8)", "gave a frame of 50×90 RGB"),
        ("np.full((192, 108, 3), np.nan)", "levels that are no number"),
        ("np.zeros((192, 108, 3), bool)", "gave a frame of bool"),
        ("np.zeros((192, 108, 3), complex)", "gave a frame of complex128"),
        ("np.full((192, 108, 3), 'a')", "gave a frame of <U1"),
    ],
)
def test_a_look_that_goes_wrong_in_the_middle(folder: Path, font_folder: Path, frame: str, says: str) -> None:
    """The message names the frame, too."""
    code = f"return short.clip(\n    lambda n: short.camera()(n) if n < 5 else {frame})"
    code = code.replace("\n    ", " ")
    assert says in wrong(folder, font_folder, code, 5)


@pytest.mark.parametrize(
    ("code", "says", "level"),
    [
        ("return short.clip(lambda n: np.full((192, 108, 3), 99.7))", "float64", 100),
        ("return short.clip(lambda n: np.full((192, 108, 3), 400))", "int64", 255),
        ("return short.clip(lambda n: np.full((192, 108, 3), -7, np.float32))", "float32", 0),
        ("return moviepy.ColorClip(short.size, (200,) * 3, duration=3.6).with_opacity(0.5)", "see-through", 100),
        ("return moviepy.ColorClip(short.size, (100,) * 3, duration=3.55)", "less than a frame off", 100),
    ],
)
def test_what_can_be_put_right_is_with_a_warning(
    folder: Path, font_folder: Path, capfd: pytest.CaptureFixture[str], code: str, says: str, level: int
) -> None:
    """Levels that are no bytes, parts that are see-through, a length off by less than a frame; told once."""
    film = LookFilm(written(folder, code), None, short_of(folder, font_folder))
    assert all(np.abs(to_rgb(film.frame(number)).astype(int) - level).max() <= 2 for number in (0, 35))
    told = capfd.readouterr().err
    assert told.count("warning: the look") == 1
    assert says in told


def test_a_look_that_raises_ends_the_program_with_its_traceback(folder: Path, font_folder: Path) -> None:
    """Frames before it were written; the last line is for people; nothing is written beside the look's file."""
    look = written(folder, "return short.clip(lambda n: short.camera()(n) if n < 2 else 1 / 0)")
    before = sorted(folder.iterdir())
    done = run(source(look, folder, font_folder))
    said = done.stderr.decode().splitlines()
    assert done.returncode == 2
    assert len(done.stdout) == 2 * FRAME_BYTES
    assert "Traceback (most recent call last):" in said
    assert any("mine.py" in line and "line 3" in line for line in said[:-1])
    assert said[-1].endswith("raised ZeroDivisionError in line 3, drawing frame 2: division by zero")
    assert sorted(folder.iterdir()) == before


def test_what_a_look_prints_is_no_part_of_the_frames(folder: Path, font_folder: Path) -> None:
    """It goes to the log."""
    look = written(folder, "print('hello')\nimport os; os.write(1, b'there\\n')\nreturn short.film()")
    done = run(source(look, folder, font_folder, 0, 2))
    assert len(done.stdout) == 2 * FRAME_BYTES
    assert b"there" in done.stderr


def test_a_look_that_was_changed_meanwhile_is_not_drawn(folder: Path, font_folder: Path) -> None:
    """Its frames would not be those that the fingerprint stands for."""
    command = source(written(folder, "return short.film()"), folder, font_folder)
    written(folder, "return short.film().with_duration(3.6)")
    done = run(command)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"was changed" in done.stderr


def test_a_picture_that_is_missing_is_not_the_looks_fault(folder: Path, font_folder: Path) -> None:
    """The picture is named, not the look."""
    (folder / "1.png").unlink()
    done = run(source(written(folder, "return short.film()"), folder, font_folder))
    assert done.returncode == 2
    assert b"1.png cannot be read" in done.stderr.splitlines()[-1]


def test_a_look_is_like_any_clip_of_moviepy(folder: Path, font_folder: Path) -> None:
    """Clips laid over each other, cut and joined make a short as well."""
    code = """
    film = short.film()
    head = moviepy.ColorClip(short.size, (0, 0, 0), duration=1.0)
    joined = moviepy.concatenate_videoclips([head, film.subclipped(1.0)])
    mark = moviepy.ColorClip((10, 10), (0, 255, 0), duration=short.duration_s).with_position((5, 5))
    return moviepy.CompositeVideoClip([joined, mark])
    """
    short = short_of(folder, font_folder)
    film = LookFilm(written(folder, textwrap.dedent(code)), None, short)
    first, later = to_rgb(film.frame(3)), film.frame(20)[40:HEIGHT].astype(int)
    assert first[40:].max() <= 3
    assert np.abs(first[8:12, 8:12].astype(int) - (0, 255, 0)).max() <= 3
    assert np.abs(later - Film(short.timeline, folder).frame(20)[40:HEIGHT]).max() <= 2


def checkered() -> NDArray[np.uint8]:
    return np.full((4, 4, 4), (255, 255, 255, 128), np.uint8)


def test_a_layer_lies_where_it_is_put_and_not_beyond_the_frame() -> None:
    """Half outside on any side, only what is inside is drawn; wholly outside, nothing is."""
    for dx, dy, drawn in [(0, 0, 16), (-2, 0, 8), (8, 8, 4), (0, -3, 4), (20, 0, 0), (0, -9, 0)]:
        frame = np.zeros((10, 10, 3), np.uint8)
        Layer.of(checkered()).over(frame, dx, dy)
        assert (frame[..., 0] == 128).sum() == drawn


def test_a_layer_moves_by_parts_of_a_pixel() -> None:
    """Its light is shared between neighbours, and none is lost."""
    frame = np.zeros((10, 10, 3), np.uint8)
    Layer.of(checkered(), 2, 2).over(frame, 0.5, 0.25)
    assert frame[3, 2, 0] == 64
    assert abs(int(frame[..., 0].sum()) - 16 * 128) < 16


def test_a_layer_can_be_faint_or_unseen() -> None:
    """At an opacity of a half, half of it; at none, the frame as it was."""
    frame = np.full((4, 4, 3), 100, np.uint8)
    Layer.sheet("#C8C8C8", 4, 4).over(frame, opacity=0.0)
    assert (frame == 100).all()
    Layer.sheet("#C8C8C8", 4, 4).over(frame, opacity=0.5)
    assert (frame == 150).all()
