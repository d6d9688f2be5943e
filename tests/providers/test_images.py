import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms
from support import InProcess, TestDesk

from shortsd.domain.errors import BadInput
from shortsd.domain.process import ChildRecord
from shortsd.domain.story import SceneBrief
from shortsd.domain.style import Fit
from shortsd.processes.children import ChildProcesses
from shortsd.processes.workers import WorkerProcesses
from shortsd.providers.images import prepare
from shortsd.providers.images.folder import FolderPictures

SIZE = (90, 160)
RED, GREEN, BLUE = (200, 30, 30), (30, 180, 40), (30, 40, 200)


class NoRegistry:
    """Remembers no children; these tests do not outlive them."""

    async def add(self, record: ChildRecord) -> None: ...
    async def remove(self, pid: int) -> None: ...
    async def all(self) -> list[ChildRecord]:
        return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "my pictures"
    made.mkdir()
    return made


def plain(path: Path, colour: Any = RED, size: tuple[int, int] = (200, 300), mode: str = "RGB", **options: Any) -> Path:
    Image.new(mode, size, colour).save(path, **options)
    return path


def scenes(count: int) -> list[SceneBrief]:
    return [SceneBrief(index, "Some words.", "eerie", 1) for index in range(count)]


def prepared(folder: Path, count: int = 1, size: tuple[int, int] = SIZE, fit: Fit = Fit.CROP) -> list[dict[str, Any]]:
    to = folder.parent / "prepared"
    to.mkdir(exist_ok=True)
    request = {"folder": str(folder), "scenes": count, "size": list(size), "fit": fit, "to": str(to)}
    pictures: list[dict[str, Any]] = prepare.prepare(request, lambda *_: None)["pictures"]
    return [each | {"image": Image.open(io.BytesIO((to / each["file"]).read_bytes()))} for each in pictures]


def only(folder: Path, size: tuple[int, int] = SIZE, fit: Fit = Fit.CROP) -> Image.Image:
    (picture,) = prepared(folder, 1, size, fit)
    image: Image.Image = picture["image"]
    assert (image.mode, image.format, image.size) == ("RGB", "JPEG", (picture["width"], picture["height"]))
    return image


def centre(image: Image.Image) -> np.ndarray:
    pixel: np.ndarray = np.asarray(image)[image.height // 2, image.width // 2]
    return pixel.astype(int)


def close(image: Image.Image, colour: tuple[int, int, int], within: int = 6) -> bool:
    return bool((np.abs(centre(image) - colour) <= within).all())


async def test_pictures_match_scenes_by_the_natural_order_of_names(folder: Path, tmp_path: Path) -> None:
    """2 comes before 10, capitals do not matter, and of more pictures than scenes the first ones are shown."""
    for name in ("10.png", "2.PNG", "1.Jpg", "b.webp"):
        plain(folder / name)
    pictures = await FolderPictures(InProcess(), folder).pictures(scenes(3), SIZE, tmp_path, TestDesk())
    assert [picture.source for picture in pictures] == ["1.Jpg", "2.PNG", "10.png"]


async def test_fewer_pictures_than_scenes_go_round(folder: Path, tmp_path: Path) -> None:
    """Two pictures fill five scenes in turn, and progress reaches the end."""
    plain(folder / "a.png", RED)
    plain(folder / "b.png", BLUE)
    desk = TestDesk()
    pictures = await FolderPictures(InProcess(), folder).pictures(scenes(5), SIZE, tmp_path, desk)
    assert [picture.source for picture in pictures] == ["a.png", "b.png", "a.png", "b.png", "a.png"]
    assert desk.seen[-1][:2] == (5, 5)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(folder: Path, orientation: int) -> None:
    """Whatever way the camera was held, the red edge that belongs on top is on top."""
    upright = Image.new("RGB", (120, 200), BLUE)
    upright.paste(RED, (0, 0, 120, 60))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(folder / "a.jpg", exif=exif, quality=95)
    image = only(folder)
    assert image.height > image.width
    top, bottom = (np.asarray(image)[row, image.width // 2].astype(int) for row in (8, image.height - 8))
    assert np.abs(top - RED).max() < 12
    assert np.abs(bottom - BLUE).max() < 12
    assert 0x0112 not in image.getexif()


def test_cmyk_without_a_profile_has_sane_colours(folder: Path) -> None:
    """Process red is red, not its negative."""
    plain(folder / "a.jpg", (0, 255, 255, 0), mode="CMYK", quality=95)
    red, green, blue = centre(only(folder))
    assert red > 200
    assert max(green, blue) < 60


def test_a_colour_profile_is_converted_to_srgb(folder: Path) -> None:
    """A picture in a space with other primaries shows the colour that was meant, not its raw numbers."""
    plain(folder / "a.png", RED, icc_profile=swapped_profile())
    assert close(only(folder), RED[::-1], 8)


def swapped_profile() -> bytes:
    """SRGB with its red and blue primaries exchanged."""
    raw = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return raw.replace(b"rXYZ", b"tmp_", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"tmp_", b"bXYZ", 1)


def test_a_broken_colour_profile_is_left_out(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The picture is shown as if it had none, and the log says so."""
    plain(folder / "a.png", RED, icc_profile=b"not a profile")
    assert close(only(folder), RED)
    assert "colour profile of a.png" in caplog.text


def test_transparent_places_show_the_backdrop(folder: Path) -> None:
    """Alpha is laid on near black, whatever colour hides under it."""
    plain(folder / "a.png", (255, 255, 255, 0), mode="RGBA")
    assert close(only(folder), prepare.BACKDROP)


def test_half_transparent_grey_is_mixed_with_the_backdrop(folder: Path) -> None:
    """Grey with alpha keeps both."""
    plain(folder / "a.png", (200, 128), mode="LA")
    assert close(only(folder), (108, 108, 110))


def test_a_palette_with_a_transparent_colour(folder: Path) -> None:
    """A transparent palette entry shows the backdrop."""
    image = Image.new("P", (200, 300), 1)
    image.putpalette([0, 0, 0, *GREEN])
    image.save(folder / "a.png", transparency=1)
    assert close(only(folder), prepare.BACKDROP)


def test_a_palette_keeps_its_colours(folder: Path) -> None:
    """An opaque palette picture is shown as it is."""
    image = Image.new("P", (200, 300), 1)
    image.putpalette([0, 0, 0, *GREEN])
    image.save(folder / "a.png")
    assert close(only(folder), GREEN)


@pytest.mark.parametrize(("mode", "colour"), [("L", 120), ("1", 1)])
def test_greyscale_and_bilevel_become_rgb(folder: Path, mode: str, colour: int) -> None:
    """Pictures without colour are shown in grey."""
    plain(folder / "a.png", colour, mode=mode)
    level = 255 if mode == "1" else colour
    assert close(only(folder), (level, level, level))


def test_sixteen_bit_grey_is_scaled_not_clipped(folder: Path) -> None:
    """A gradient over all 65536 levels is one over all 256."""
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (400, 1))
    Image.fromarray(ramp).save(folder / "a.png")
    row = np.asarray(only(folder, (256, 400)))[200, :, 0].astype(int)
    assert np.abs(row - np.arange(256)).max() <= 3


def test_sixteen_bit_colour_is_scaled(folder: Path) -> None:
    """Colour of 16 bits a channel keeps its hue and level."""
    cv2.imwrite(str(folder / "a.png"), np.full((300, 200, 3), [c * 257 for c in RED[::-1]], np.uint16))
    assert close(only(folder), RED)


@pytest.mark.parametrize("name", ["a.webp", "a.png", "a.gif"])
def test_the_first_frame_of_an_animation_is_shown(folder: Path, name: str) -> None:
    """Animated WebP, PNG and GIF are stills here."""
    frames = [Image.new("RGB", (200, 300), colour) for colour in (RED, GREEN, BLUE)]
    frames[0].save(folder / name, save_all=True, append_images=frames[1:], duration=100)
    assert close(only(folder), RED)


@pytest.mark.parametrize("size", [(800, 1000), (3000, 600), (500, 4000)])
def test_a_large_picture_is_shrunk_but_covers_the_frame(folder: Path, size: tuple[int, int]) -> None:
    """It is no smaller than the frame either way, and no larger than it needs to be."""
    plain(folder / "a.jpg", size=size)
    width, height = only(folder).size
    assert width >= SIZE[0]
    assert height >= SIZE[1]
    assert width == SIZE[0] or height == SIZE[1]


def test_a_small_picture_is_never_blown_up(folder: Path) -> None:
    """A picture that does not cover the frame keeps its size."""
    plain(folder / "a.png", size=(50, 40))
    assert only(folder).size == (50, 40)


def test_a_page_is_more_than_a_dot(folder: Path, tmp_path: Path) -> None:
    """What is too small to be seen is told with how large it would have to be."""
    pictures = [{"file": str(plain(folder / "a.png", size=(200, 63))), "name": "a.jpg"}]
    request = {"pictures": pictures, "to": str(tmp_path), "size": [320, 180], "fit": "blur"}
    answer = prepare.prepare_each(request, lambda *_: None)
    assert answer["pictures"] == [{"reason": "it has 200×63 pixels, and no side may have less than 64"}]


def test_a_panorama_is_trimmed(folder: Path) -> None:
    """A strip keeps four frames' widths about its centre, since no file could hold all of it."""
    plain(folder / "a.png", size=(70000, 160))
    assert only(folder).size == (360, 160)


def test_corrupt_pictures_are_left_out_with_a_warning(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Text named .jpg, a truncated JPEG, a broken PNG and an empty file are named; the good one is shown."""
    (folder / "1 text.jpg").write_text("not a picture")
    whole = plain(folder / "2 cut.jpg", size=(600, 600)).read_bytes()
    (folder / "2 cut.jpg").write_bytes(whole[: len(whole) // 2])
    broken = bytearray(plain(folder / "3 broken.png").read_bytes())
    broken[60] ^= 0xFF
    (folder / "3 broken.png").write_bytes(bytes(broken))
    (folder / "4 empty.webp").touch()
    plain(folder / "5 good.png", GREEN)
    (picture,) = prepared(folder, 3)
    assert picture["source"] == "5 good.png"
    for name in ("1 text.jpg", "2 cut.jpg", "3 broken.png", "4 empty.webp"):
        assert f"The picture {name} is left out: " in caplog.text


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge, in a few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_decompression_bomb_is_left_out(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A picture over the limit is not decoded; the warning says how large it is and what the limit is."""
    (folder / "a.png").write_bytes(bomb(60000, 60000))
    plain(folder / "b.png")
    assert prepared(folder)[0]["source"] == "b.png"
    assert "3600 megapixels; at most 120 megapixels are read" in caplog.text


def huge_jpeg(path: Path) -> None:
    """A grey JPEG of 20,000 by 20,000 pixels, red above: one line of blocks as a decoder needs it, many times."""
    strip = Image.new("RGB", (20000, 20000), BLUE)
    strip.paste(RED, (0, 0, 20000, 10000))
    strip.save(path, quality=60)


def test_a_huge_jpeg_is_shrunk_while_it_is_decoded(folder: Path) -> None:
    """A picture of 400 megapixels is shown, and a process that may take 700 MB of memory can prepare it."""
    huge_jpeg(folder / "a.jpg")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_DATA, (700 << 20, 700 << 20));"
        "from pathlib import Path; from shortsd.providers.images.prepare import ready;"
        "image = ready(Path(sys.argv[1]), (90, 160)); print(image.size, image.getpixel((20, 20)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder / "a.jpg")], check=True, capture_output=True, text=True
    )
    assert run.stdout.startswith("(160, 160) (20")


def test_a_huge_progressive_jpeg_is_left_out(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It would have to be decoded whole; a warning says so, and the others are shown."""
    Image.new("L", (12000, 11000)).save(folder / "a.jpg", progressive=True, quality=5)
    plain(folder / "b.png")
    assert prepared(folder)[0]["source"] == "b.png"
    assert "12000×11000 pixels, 132 megapixels; at most 120 megapixels are read" in caplog.text


def test_a_picture_of_one_pixel_is_shown(folder: Path) -> None:
    """It is a flat colour."""
    plain(folder / "a.png", GREEN, (1, 1))
    assert only(folder).size == (1, 1)
    assert close(only(folder, fit=Fit.BLUR), GREEN, 8)


@pytest.mark.parametrize("name", ["a.png", "a.gif", "a.webp"])
def test_a_broken_header_is_left_out(folder: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever byte of the first forty is wrong, the picture is shown or left out with a warning; the next is shown."""
    plain(folder / "b.png", GREEN)
    whole = plain(folder / name, size=(60, 80)).read_bytes()
    for at in range(4, 40):
        caplog.clear()
        (folder / name).write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        names = [picture["source"] for picture in prepared(folder, 2)]
        assert names == [name, "b.png"] or (names == ["b.png"] and f"{name} is left out" in caplog.text)


def matrix_profile(curve: np.ndarray, primaries: np.ndarray) -> bytes:
    """An ICC profile of a display: how its levels become light, and what its red, green and blue are in D50 XYZ."""
    tags = {b"wtpt": xyz(0.9642, 1.0, 0.8249), b"desc": b"desc" + bytes(4) + struct.pack(">I", 2) + b"x\0" + bytes(78)}
    tags |= {name: xyz(*column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries.T, strict=True)}
    steps = np.rint(curve * 65535).astype(">u2").tobytes()
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), b"curv" + bytes(4) + struct.pack(">I", len(curve)) + steps)
    table, data, at = b"", b"", 132 + 12 * len(tags)
    for name, tag in tags.items():
        padded = tag + bytes(-len(tag) % 4)
        table += name + struct.pack(">II", at + len(data), len(tag))
        data += padded
    head = struct.pack(">I4sI4s4s4s", at + len(data), b"", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">iii", 63190, 65536, 54061)
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + data


def xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">iii", *(round(value * 65536) for value in (x, y, z)))


BT2020_D50 = np.array([[0.6734, 0.1657, 0.1251], [0.2790, 0.6753, 0.0456], [-0.0019, 0.0300, 0.7969]])
"""Columns: red, green and blue of Recommendation ITU-R BT.2020, adapted to D50."""


def test_a_wide_gamut_picture_is_converted(folder: Path) -> None:
    """Grey stays grey and a BT.2020 green becomes the greenest that sRGB has, of a picture with linear light."""
    linear = matrix_profile(np.linspace(0, 1, 256), BT2020_D50)
    image = Image.new("RGB", (200, 300), (55, 55, 55))
    image.paste((0, 255, 0), (0, 0, 200, 100))
    image.save(folder / "a.png", icc_profile=linear)
    shown = only(folder)
    assert close(shown, (128, 128, 128), 4)
    red, green, blue = np.asarray(shown)[20, 45].astype(int)
    assert green > 245
    assert max(red, blue) < 30


def test_a_picture_of_high_dynamic_range_is_converted(folder: Path) -> None:
    """The PQ curve (SMPTE ST 2084), at 203 of 10,000 candelas for white, in a profile: grey at half of that is grey."""
    level = np.linspace(0, 1, 1024)
    power = level ** (1 / 78.84375)
    light = 10000 / 203 * (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
    plain(folder / "a.png", (128, 128, 128), icc_profile=matrix_profile(np.minimum(light, 1), BT2020_D50))
    expected = 255 * (1.055 * np.interp(128 / 255, level, light) ** (1 / 2.4) - 0.055)
    assert close(only(folder), (round(expected),) * 3, 4)


def test_a_picture_of_another_shape_is_shown_whole(folder: Path) -> None:
    """All of a wide picture is there, between darker blurs of itself, and the answer says so."""
    image = Image.new("RGB", (320, 160), GREEN)
    image.paste(RED, (0, 0, 8, 160))
    image.paste(BLUE, (312, 0, 320, 160))
    image.save(folder / "a.png")
    (made,) = prepared(folder, fit=Fit.BLUR)
    row = np.asarray(made["image"])[80].astype(int)
    assert (made["whole"], made["image"].size) == (True, SIZE)
    assert np.abs(row[4] - RED).max() < 60
    assert np.abs(row[-5] - BLUE).max() < 60
    for y in (10, 150):
        over = np.asarray(made["image"])[y, 45].astype(int)
        assert 5 < over[1] < GREEN[1] / 2 + 10


def test_what_a_whole_picture_is_about_stays_where_it_is(folder: Path) -> None:
    """The aim moves with the picture into its place in the frame."""
    image = Image.new("RGB", (400, 200), (200, 190, 170))
    image.paste(RED, (280, 80, 320, 120))
    image.save(folder / "a.png")
    (cropped,) = prepared(folder)
    (made,) = prepared(folder, fit=Fit.BLUR)
    assert cropped["aim"] == pytest.approx((0.75, 0.5), abs=0.06)
    assert made["aim"] == pytest.approx((0.04 + 0.92 * 0.75, 0.5), abs=0.06)


@pytest.mark.parametrize("size", [(900, 1600), (900, 1660), (940, 1600)])
def test_a_picture_of_nearly_the_frames_shape_fills_it(folder: Path, size: tuple[int, int]) -> None:
    """A few percent are cropped rather than shown before a blur."""
    plain(folder / "a.jpg", size=size)
    (made,) = prepared(folder, fit=Fit.BLUR)
    assert not made["whole"]


def test_a_picture_of_nothing_has_no_aim(folder: Path) -> None:
    """There is nothing to look at in a flat colour."""
    plain(folder / "a.png")
    assert prepared(folder)[0]["aim"] is None


def test_the_key_tells_the_fit(folder: Path) -> None:
    """The same pictures shown another way are others."""
    plain(folder / "a.png")
    assert FolderPictures(InProcess(), folder, Fit.BLUR).key != FolderPictures(InProcess(), folder).key


def test_pictures_are_known_by_their_content(folder: Path) -> None:
    """A JPEG without an extension is a picture, so is a GIF; text, hidden files and sub-folders are not."""
    plain(folder / "photo", format="JPEG")
    (folder / "notes.txt").write_text("buy milk")
    plain(folder / "dot", 1, mode="P", format="GIF")
    plain(folder / ".hidden.png")
    (folder / "deeper.png").mkdir()
    assert [picture["source"] for picture in prepared(folder, 9)] == ["dot", "photo"]


@pytest.mark.parametrize(
    "name", [b"-rf.png", b'it\'s "so".png', b"two\nlines.png", b"\xff\xfe.png", "絵 😀.png".encode()]
)
def test_odd_names_work(folder: Path, name: bytes) -> None:
    """Dashes, quotes, line ends and bytes that are no UTF-8 are only names, shown on one line."""
    plain(folder / "plain.png").rename(folder / os.fsdecode(name))
    (picture,) = prepared(folder)
    assert picture["source"].isprintable()
    assert picture["source"].encode("utf-8")


def test_links_are_followed(folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A link to a picture elsewhere is a picture; one that leads nowhere is warned of."""
    plain(tmp_path / "elsewhere.png", GREEN)
    (folder / "a.png").symlink_to(tmp_path / "nowhere.png")
    (folder / "b.png").symlink_to(tmp_path / "elsewhere.png")
    assert close(only(folder), GREEN)
    assert "The picture a.png is left out: No such file or directory." in caplog.text


async def test_real_workers_prepare_pictures(folder: Path, tmp_path: Path) -> None:
    """Through a child process the pictures, the progress and the warnings arrive, and bad input is told as such."""
    workers = WorkerProcesses(ChildProcesses(NoRegistry(), "images"))
    desk = TestDesk()
    (folder / "1.jpg").write_text("no picture")
    plain(folder / os.fsdecode(b"2 \xff.png"))
    source = FolderPictures(workers, folder)
    (picture,) = await source.pictures(scenes(1), SIZE, tmp_path, desk)
    assert (tmp_path / picture.file).exists()
    assert desk.seen[-1][:2] == (1, 1)
    assert any("1.jpg is left out" in line for line in desk.log.lines)
    (folder / os.fsdecode(b"2 \xff.png")).unlink()
    with pytest.raises(BadInput, match=r"1\.jpg"):
        await source.check(TestDesk())


async def test_check_accepts_a_folder_with_one_good_picture(folder: Path) -> None:
    """A corrupt picture beside a good one is no reason to refuse a job."""
    (folder / "a.jpg").write_bytes(b"\xff\xd8\xff nothing")
    plain(folder / "b.png")
    await FolderPictures(InProcess(), folder).check(TestDesk())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: None, "does not exist"),
        (lambda path: path.write_text("x"), "is not a folder"),
        (lambda path: path.mkdir(), "has no pictures"),
        (lambda path: (path.mkdir(), (path / "a.jpg").write_text("x")), "can be read: a.jpg: it is not a JPEG"),
    ],
    ids=["missing", "file", "empty", "corrupt"],
)
async def test_check_refuses_a_folder_without_pictures(tmp_path: Path, make: Any, message: str) -> None:
    """The message names the folder and says what is wrong; there is always a hint."""
    make(tmp_path / "pics")
    with pytest.raises(BadInput, match=message) as refused:
        await FolderPictures(InProcess(), tmp_path / "pics").check(TestDesk())
    assert str(tmp_path / "pics") in refused.value.message
    assert refused.value.hint


def test_the_key_changes_with_the_pictures(folder: Path) -> None:
    """A new, changed or renamed picture is another key; the same folder, and other files in it, are not."""
    source = FolderPictures(InProcess(), folder)
    keys = [source.key]
    file = plain(folder / "a.png")
    keys.append(source.key)
    os.utime(file, (1, 1))
    keys.append(source.key)
    file.rename(folder / "b.png")
    keys.append(source.key)
    plain(folder / "c.png")
    keys.append(source.key)
    (folder / "notes.txt").write_text("x")
    assert source.key == keys[-1]
    assert len(set(keys)) == len(keys)


def test_prepared_pictures_keep_their_colour_sharp(folder: Path) -> None:
    """Colour is not subsampled, so that thin red lines stay red."""
    plain(folder / "a.png")
    assert [component[1:3] for component in only(folder).layer] == [(1, 1)] * 3  # type: ignore[attr-defined]  # JPEG
