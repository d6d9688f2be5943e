import os
import subprocess
import sys
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from shortsd.domain.errors import BadInput
from shortsd.domain.style import Cut
from shortsd.domain.timeline import Scene, Timeline, View
from shortsd.media.encode import frame_source
from shortsd.media.frames import Film, write_frames
from shortsd.media.planes import split, to_yuv420
from shortsd.media.sampling import STEP, Sampler

WIDTH, HEIGHT = 270, 480
FRAME_BYTES = WIDTH * HEIGHT * 3 // 2

NO_SPLICE = Path(__file__).parents[1] / "no_splice.py"

RED_709 = (63, 102, 240)
"""Y, Cb, Cr of (255, 0, 0): 16 + 219 × 0.2126; 128 - 224 × 0.2126 / 1.8556; 128 + 112."""


def save(path: Path, rgb: NDArray[np.uint8]) -> None:
    assert cv2.imwrite(str(path), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))


def noise(seed: int, width: int = 400, height: int = 700) -> NDArray[np.uint8]:
    rough = np.random.default_rng(seed).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def flat(colour: tuple[int, int, int], width: int = 400, height: int = 700) -> NDArray[np.uint8]:
    return np.full((height, width, 3), colour, np.uint8)


def one_scene(start: View, end: View, frames: int = 20) -> Timeline:
    return Timeline(WIDTH, HEIGHT, 10, frames, (Scene("0.png", 0, frames, start, end),), ())


def tracked(film: Film, count: int, edge: int) -> list[float]:
    """Where a vertical edge between `edge` levels of luma stands in each frame, in pixels, by its mean."""
    rows = (split(film.frame(number))[0][HEIGHT // 2].astype(float) for number in range(count))
    return [float(((row - row.min()) / (row.max() - row.min()) > -1).sum() - (row - 16).sum() / edge) for row in rows]


@pytest.fixture
def film_files(tmp_path: Path) -> tuple[Timeline, Path]:
    """Three scenes with crossfades over pictures of three shapes."""
    for index, (width, height) in enumerate([(400, 700), (900, 500), (301, 1203)]):
        save(tmp_path / f"{index}.png", noise(index, width, height))
    views = [
        (View(0.5, 0.5, 1.0), View(0.4, 0.4, 1.2)),
        (View(0.3, 0.5, 1.1), View(0.6, 0.5, 1.1)),
        (View(0.5, 0.6, 1.2), View(0.5, 0.4, 1.02)),
    ]
    scenes = tuple(Scene(f"{index}.png", index * 8, 8, *view) for index, view in enumerate(views))
    film = Timeline(WIDTH, HEIGHT, 10, 24, scenes, (), crossfade=3)
    (tmp_path / "timeline.json").write_bytes(msgspec.json.encode(film))
    return film, tmp_path


def drawn(folder: Path, first: int, frames: int) -> bytes:
    command = frame_source(folder / "timeline.json", folder, first, frames)
    return subprocess.run(command.argv, check=True, capture_output=True).stdout


def test_a_frame_alone_is_the_frame_in_order(film_files: tuple[Timeline, Path]) -> None:
    """Frame n is the same to the byte, whichever frames were drawn before it."""
    timeline, folder = film_files
    film = Film(timeline, folder)
    in_order = [film.frame(number).tobytes() for number in range(timeline.frames)]

    backwards = Film(timeline, folder)
    for number in reversed(range(timeline.frames)):
        assert backwards.frame(number).tobytes() == in_order[number]
    assert Film(timeline, folder).frame(9).tobytes() == in_order[9]


def test_two_ranges_are_the_whole(film_files: tuple[Timeline, Path]) -> None:
    """Two runs of the program draw what one draws, cut in the middle of a crossfade, and the API draws the same."""
    timeline, folder = film_files

    whole = drawn(folder, 0, 24)

    assert whole == drawn(folder, 0, 9) + drawn(folder, 9, 15)
    assert len(whole) == 24 * FRAME_BYTES
    assert whole[17 * FRAME_BYTES : 18 * FRAME_BYTES] == Film(timeline, folder).frame(17).tobytes()


def test_every_third_frame_can_be_drawn(film_files: tuple[Timeline, Path]) -> None:
    """With a step of three, the program writes frames 1, 4 and 7, the same as the API draws them."""
    timeline, folder = film_files
    argv = [*frame_source(folder / "timeline.json", folder, 1, 3).argv, "--step", "3"]

    written = subprocess.run(argv, check=True, capture_output=True).stdout

    assert written == b"".join(Film(timeline, folder).frame(number).tobytes() for number in (1, 4, 7))


def test_frames_are_the_same_in_a_container(film_files: tuple[Timeline, Path]) -> None:
    """Where an engine's seccomp profile forbids vmsplice, they go into the pipe by other means."""
    timeline, folder = film_files
    argv = frame_source(folder / "timeline.json", folder, 0, 3).argv

    written = subprocess.run([sys.executable, NO_SPLICE, *argv], check=True, capture_output=True).stdout

    assert written == b"".join(Film(timeline, folder).frame(number).tobytes() for number in range(3))


def test_only_two_pictures_are_kept(film_files: tuple[Timeline, Path]) -> None:
    """However many scenes were drawn, no more than two of them are in memory."""
    timeline, folder = film_files
    film = Film(timeline, folder)

    for number in range(timeline.frames):
        film.frame(number)
        assert len(film._reels) <= 2


@pytest.mark.parametrize(
    ("colour", "levels"),
    [
        ((255, 0, 0), RED_709),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
    ],
)
def test_colours_are_bt709_in_limited_range(
    tmp_path: Path, colour: tuple[int, int, int], levels: tuple[int, int, int]
) -> None:
    """A flat colour has the levels that Recommendation BT.709 gives it, all over the frame."""
    save(tmp_path / "0.png", flat(colour))

    frame = Film(one_scene(View(0.5, 0.5, 1.0), View(0.5, 0.5, 1.2)), tmp_path).frame(7)

    for plane, level in zip(split(frame), levels, strict=True):
        assert (plane == level).all()


def test_a_still_has_the_colours_of_the_picture(tmp_path: Path) -> None:
    """What a thumbnail is made of is RGB, within a rounding of what was painted."""
    save(tmp_path / "0.png", flat((200, 120, 40)))

    still = Film(one_scene(View(0.5, 0.5, 1.0), View(0.5, 0.5, 1.0)), tmp_path).still(0)

    assert still.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(still.astype(int) - (200, 120, 40)).max() <= 2


def test_a_still_camera_does_not_wobble(tmp_path: Path) -> None:
    """A scene whose two views are one shows the same bytes in every frame."""
    save(tmp_path / "0.png", noise(1))
    film = Film(one_scene(View(0.47, 0.52, 1.13), View(0.47, 0.52, 1.13)), tmp_path)

    assert len({film.frame(number).tobytes() for number in range(20)}) == 1


def test_a_picture_of_the_frames_size_is_shown_as_it_is(tmp_path: Path) -> None:
    """Filmed whole and at its own size, a picture's luma and chroma come out untouched."""
    picture = noise(2, WIDTH, HEIGHT)
    save(tmp_path / "0.png", picture)

    frame = Film(one_scene(View(0.5, 0.5, 1.0), View(0.5, 0.5, 1.0)), tmp_path).frame(0)

    for plane, expected in zip(split(frame), to_yuv420(picture), strict=True):
        assert (plane == expected).all()


def test_a_slow_pan_moves_by_less_than_a_pixel_a_frame(tmp_path: Path) -> None:
    """An edge goes one way, eased, in steps far smaller than a pixel: nothing snaps to whole pixels."""
    picture = flat((0, 0, 0), 540, 960)
    picture[:, 270:] = 255
    save(tmp_path / "0.png", picture)
    film = Film(one_scene(View(0.5, 0.5, 1.1), View(0.51, 0.5, 1.1), frames=40), tmp_path)

    places = tracked(film, 40, edge=219)
    steps = -np.diff(places)

    assert 2.7 < places[0] - places[-1] < 3.3
    assert steps.min() > -0.05
    assert steps.max() < 0.2


def test_chroma_moves_with_luma(tmp_path: Path) -> None:
    """The edge between two colours is at the same place in the chroma planes as in luma, all along a move."""
    picture = flat((0, 0, 255), 540, 960)
    picture[:, 270:] = (255, 255, 0)
    save(tmp_path / "0.png", picture)
    film = Film(one_scene(View(0.45, 0.5, 1.05), View(0.55, 0.5, 1.2), frames=12), tmp_path)

    gaps = []
    for number in range(12):
        y, u, _ = (plane[100].astype(float) for plane in split(film.frame(number)))
        luma = ((y - y[-1]) / (y[0] - y[-1])).sum()  # left side of the first bright pixel
        chroma = ((u - u[-1]) / (u[0] - u[-1])).sum() * 2 - 0.5  # a chroma sample is centred on its left pixel
        gaps.append(luma - chroma)

    assert max(map(abs, gaps)) < 0.25
    assert abs(np.mean(gaps)) < 0.1


def test_a_wide_picture_is_cropped_about_its_view(tmp_path: Path) -> None:
    """A picture of another shape covers the frame: nothing is squeezed, and the view says which part is seen."""
    picture = flat((0, 0, 0), 1200, 480)
    picture[:, 900:] = 255
    save(tmp_path / "0.png", picture)

    left = Film(one_scene(View(0.2, 0.5, 1.0), View(0.2, 0.5, 1.0)), tmp_path).frame(0)
    right = Film(one_scene(View(1.0, 0.5, 1.0), View(1.0, 0.5, 1.0)), tmp_path).frame(0)

    assert (split(left)[0] == 16).all()
    assert (split(right)[0] == 235).all()


def test_a_far_too_large_picture_does_not_alias(tmp_path: Path) -> None:
    """Pixel-fine stripes of a huge picture melt into grey, whatever their phase, and do not flicker."""
    picture = flat((0, 0, 0), 1890, 3360)
    picture[:, ::2] = 255
    save(tmp_path / "0.png", picture)
    film = Film(one_scene(View(0.5, 0.5, 1.02), View(0.5, 0.5, 1.1), frames=6), tmp_path)

    for number in range(6):
        luma = split(film.frame(number))[0][:, 4:-4]
        assert np.abs(luma.astype(int) - 126).max() < 12


def test_a_crossfade_goes_from_one_picture_to_the_other(tmp_path: Path) -> None:
    """Over the crossfade the luma rises step by step from the first scene's to the second's."""
    save(tmp_path / "0.png", flat((0, 0, 0)))
    save(tmp_path / "1.png", flat((255, 255, 255)))
    view = View(0.5, 0.5, 1.0)
    scenes = (Scene("0.png", 0, 5, view, view), Scene("1.png", 5, 10, view, view))
    film = Film(Timeline(WIDTH, HEIGHT, 10, 15, scenes, (), crossfade=4), tmp_path)

    levels = [int(film.frame(number)[0, 0]) for number in range(15)]

    assert levels[:5] == [16] * 5
    assert levels[9:] == [235] * 6
    assert levels[4:10] == sorted(set(levels))


def two_scenes(folder: Path, cut: Cut, colours: tuple[tuple[int, int, int], tuple[int, int, int]]) -> Film:
    for index, colour in enumerate(colours):
        save(folder / f"{index}.png", flat(colour))
    view = View(0.5, 0.5, 1.0)
    scenes = (Scene("0.png", 0, 10, view, view), Scene("1.png", 10, 20, view, view))
    return Film(Timeline(WIDTH, HEIGHT, 10, 30, scenes, (), crossfade=9, cut=cut), folder)


def test_a_dip_goes_through_black(tmp_path: Path) -> None:
    """The first picture darkens to black, in luma and in colour, and the second comes out of it."""
    film = two_scenes(tmp_path, Cut.DIP, ((200, 0, 0), (0, 0, 255)))

    levels = [tuple(int(plane[9, 9]) for plane in split(film.frame(number))) for number in range(8, 22)]

    assert levels[6] == (16, 128, 128)
    assert [level[0] for level in levels[:7]] == sorted((level[0] for level in levels[:7]), reverse=True)
    assert [level[0] for level in levels[6:]] == sorted(level[0] for level in levels[6:])
    assert all(level[2] > 128 for level in levels[:6])
    assert all(level[1] > 128 for level in levels[7:])


def test_a_hard_cut_is_over_at_once(tmp_path: Path) -> None:
    """Whatever the length of transitions, the frame after the first scene's last is all of the second."""
    film = two_scenes(tmp_path, Cut.HARD, ((0, 0, 0), (255, 255, 255)))

    assert (split(film.frame(9))[0] == 16).all()
    assert (split(film.frame(10))[0] == 235).all()


def test_a_whip_swishes_from_right_to_left(tmp_path: Path) -> None:
    """More and more of the second picture comes in from the right, blurred across and not down."""
    film = two_scenes(tmp_path, Cut.WHIP, ((0, 0, 0), (255, 255, 255)))

    lumas = [split(film.frame(number))[0] for number in range(10, 20)]
    light = [float(luma.mean()) for luma in lumas]

    assert light == sorted(light)
    assert (light[0], light[-1]) == (16, 235)
    for luma in lumas:
        assert (luma == luma[0]).all()
        assert (np.diff(luma[0].astype(int)) >= 0).all()
    assert np.diff(lumas[4][0].astype(int)).max() < 10


def test_a_whip_begins_and_ends_slowly(tmp_path: Path) -> None:
    """The frames on either side of it are hardly another than its first and last, in colour as in luma."""
    for index in range(2):
        save(tmp_path / f"{index}.png", noise(index))
    view = View(0.5, 0.5, 1.0)
    scenes = (Scene("0.png", 0, 30, view, view), Scene("1.png", 30, 60, view, view))
    film = Film(Timeline(WIDTH, HEIGHT, 60, 90, scenes, (), crossfade=24, cut=Cut.WHIP), tmp_path)

    def apart(number: int) -> float:
        return float(np.abs(film.frame(number).astype(int) - film.frame(number + 1)).mean())

    assert max(apart(29), apart(53)) < apart(41) * 0.6


@pytest.mark.parametrize("size", [(270, 480), (480, 270), (270, 270)])
@pytest.mark.parametrize("cut", list(Cut))
@pytest.mark.parametrize("fps", [30, 60])
def test_every_cut_works_in_every_shape(tmp_path: Path, size: tuple[int, int], cut: Cut, fps: int) -> None:
    """Any frame of a transition is the same drawn alone or in order, tall, wide or square."""
    for index in range(2):
        save(tmp_path / f"{index}.png", noise(index))
    views = View(0.4, 0.5, 1.1), View(0.5, 0.5, 1.05)
    scenes = (Scene("0.png", 0, 20, *views), Scene("1.png", 20, 20, *views))
    line = Timeline(*size, fps, 40, scenes, (), crossfade=12, cut=cut)
    film = Film(line, tmp_path)

    frames = [film.frame(number) for number in range(15, 36)]

    assert all(frame.shape == (size[1] * 3 // 2, size[0]) for frame in frames)
    for number in (15, 22, 28):
        assert (Film(line, tmp_path).frame(number) == frames[number - 15]).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (2000, 3), (3000, 5000)])
def test_a_picture_of_any_size_can_be_filmed(tmp_path: Path, size: tuple[int, int]) -> None:
    """A single pixel, a line, and far more than is needed: all fill the frame."""
    save(tmp_path / "0.png", flat((200, 120, 40), *size))
    expected = to_yuv420(flat((200, 120, 40)))
    film = Film(one_scene(View(0.3, 0.6, 1.0), View(0.6, 0.4, 1.15)), tmp_path)

    for number in (0, 10, 19):
        for plane, colour in zip(split(film.frame(number)), expected, strict=True):
            assert np.abs(plane.astype(int) - int(colour[0, 0])).max() <= 1


def test_samples_lie_where_they_should() -> None:
    """Resized from a whole pixel or warped, a ramp has the level of its place to the 64th of a step, and rounding."""
    ramp = np.tile(np.arange(0, 250, 0.25), (400, 1))
    smooth = np.asarray(ramp.round(), np.uint8)
    to = np.empty((90, 160), np.uint8)
    sampler = Sampler(160, 90)

    for start in np.linspace(200, 210, 37):
        for step in (1.0, 1.31, STEP, 1.4999):
            sampler.sample(smooth, (start, 190.3), (step, step), to)
            places = start + (np.arange(160) + 0.5) * step
            assert np.abs(to - (places - 0.5) / 4).max() < 1.1


def test_odd_sizes_are_refused(tmp_path: Path) -> None:
    """4:2:0 video has even sizes only."""
    with pytest.raises(BadInput, match="271×480"):
        Film(Timeline(271, 480, 10, 1, (), ()), tmp_path)


def test_a_frame_outside_the_short_is_refused(film_files: tuple[Timeline, Path]) -> None:
    """There is no frame after the last."""
    with pytest.raises(BadInput, match="no frame 24"):
        Film(*film_files).frame(24)


@pytest.mark.parametrize("content", [None, b"", b"not a picture", b"\x89PNG\r\n\x1a\n0000"])
def test_a_bad_picture_ends_the_program_with_a_sentence(
    film_files: tuple[Timeline, Path], content: bytes | None
) -> None:
    """A picture that is missing, empty or broken: exit code 2, and a line on stderr that names it."""
    _, folder = film_files
    (folder / "0.png").unlink()
    if content is not None:
        (folder / "0.png").write_bytes(content)

    run = subprocess.run(frame_source(folder / "timeline.json", folder, 0, 1).argv, check=False, capture_output=True)

    assert (run.returncode, run.stdout) == (2, b"")
    assert "0.png" in run.stderr.decode().splitlines()[-1]


@pytest.mark.parametrize("content", [None, b"{}", b"\xff"])
def test_a_bad_timeline_ends_the_program_with_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    """A timeline that is missing or makes no sense: exit code 2, and one line on stderr that names it."""
    if content is not None:
        (tmp_path / "timeline.json").write_bytes(content)

    run = subprocess.run(
        frame_source(tmp_path / "timeline.json", tmp_path, 0, 1).argv, check=False, capture_output=True
    )

    assert (run.returncode, run.stdout) == (2, b"")
    (line,) = run.stderr.decode().splitlines()
    assert str(tmp_path / "timeline.json") in line


def test_a_reader_that_goes_away_ends_it_quietly(film_files: tuple[Timeline, Path]) -> None:
    """When nobody reads any more, the program ends with code 1 and says nothing: the reader's error is what matters."""
    _, folder = film_files
    reading, writing = os.pipe()
    os.close(reading)
    try:
        command = frame_source(folder / "timeline.json", folder, 0, 24)
        run = subprocess.run(command.argv, check=False, stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)

    assert (run.returncode, run.stderr) == (1, b"")


def test_a_slow_reader_gets_the_same_frames(film_files: tuple[Timeline, Path]) -> None:
    """While the pipe stays full, frames that wait in it are not drawn over."""
    timeline, folder = film_files
    command = frame_source(folder / "timeline.json", folder, 0, 24)
    read = b""

    with subprocess.Popen(command.argv, stdout=subprocess.PIPE, bufsize=0) as program:
        assert program.stdout
        while piece := program.stdout.read(4000):
            read += piece

    film = Film(timeline, folder)
    assert read == b"".join(film.frame(number).tobytes() for number in range(24))


def test_frames_go_to_any_descriptor(film_files: tuple[Timeline, Path]) -> None:
    """`write_frames` writes whole frames to a file as it does to a pipe."""
    timeline, folder = film_files
    out = folder / "out.yuv"

    with out.open("wb") as file:
        write_frames(Film(timeline, folder), 22, 2, file.fileno())

    assert out.read_bytes() == drawn(folder, 22, 2)


def test_direction_and_argv_are_light() -> None:
    """What the daemon imports of the film loads neither numpy nor OpenCV."""
    code = (
        "import sys, shortsd.media.direction, shortsd.media.encode, shortsd.media.progress;"
        "sys.exit(bool({'numpy', 'cv2', 'PIL'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
