from pathlib import Path

import pytest

from shortsd.domain.errors import BadInput, Unavailable
from shortsd.media import fonts, measure


def test_install_writes_fonts_that_open(tmp_path: Path) -> None:
    """The bold file belongs to the family that ASS is told, and the helpers lie beside it."""
    files = fonts.install(tmp_path / "fonts")
    assert measure.load(files.file).family == files.family
    assert {measure.load(file).family for file in fonts.beside(files.file)} >= {"FiraGO", "Noto Sans Symbols2"}


def test_install_leaves_whole_files_alone_and_mends_others(tmp_path: Path) -> None:
    """A second call rewrites only a file that is not whole."""
    files = fonts.install(tmp_path)
    helper = tmp_path / "NotoSans-Bold.ttf"
    before = files.file.stat().st_ino
    helper.write_bytes(b"half a fo")
    fonts.install(tmp_path)
    assert files.file.stat().st_ino == before
    assert helper.stat().st_size > 400_000


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Where the fonts cannot be written, the error names the file."""
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="FiraGO-Bold"):
        fonts.install(tmp_path / "file" / "fonts")


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    """A broken font file is named in a sentence."""
    (tmp_path / "x.ttf").write_bytes(b"nothing")
    with pytest.raises(BadInput, match=r"x\.ttf"):
        measure.load(tmp_path / "x.ttf")


def test_helpers_take_over_what_the_main_font_lacks(tmp_path: Path) -> None:
    """A symbol goes to the font that has it; what no font has is reported once."""
    face = measure.Typeface(fonts.beside(fonts.install(tmp_path).file))
    assert [(run.face.family, run.text) for run in face.runs("a❤️b")] == [
        ("FiraGO", "a"),
        ("Noto Sans Symbols2", "❤️"),
        ("FiraGO", "b"),
    ]
    assert [run.face.family for run in face.runs("a灯")] == ["FiraGO", "Noto Sans CJK JP"]
    assert face.missing("🎃 a 🎃❤️") == ("🎃",)
