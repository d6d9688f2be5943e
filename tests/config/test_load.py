from pathlib import Path

import pytest

from shortsd.config.load import load
from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def refusal(file: Path) -> BadInput:
    """The error that a file is refused with; whatever it is, it names the file."""
    with pytest.raises(BadInput) as caught:
        load(file)
    assert str(file) in caught.value.message
    return caught.value


def test_no_file_gives_the_defaults(file: Path) -> None:
    """Nobody has to write a configuration."""
    assert load(file) == Settings()


def test_an_empty_file_gives_the_defaults(file: Path) -> None:
    """Neither does an empty one change anything."""
    file.write_text("")
    assert load(file) == Settings()


def test_what_is_set_is_taken_and_the_rest_stays(file: Path) -> None:
    """A key replaces its own default only."""
    file.write_text('[video]\nfps = 60\n[voice]\nvoice = "de"\n')
    settings = load(file)
    assert (settings.video.fps, settings.voice.voice) == (60, "de")
    assert settings.video.width == Settings().video.width
    assert settings.daemon == Settings().daemon


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("services.groq", "SHORTSD_GROQ_KEY"),
        ("services.speech", '`speech_key = "…"` in secrets.toml'),
        ("writer.base_url", "SHORTSD_LLM_KEY"),
        ("services.youtube", "docs/services.md"),
    ],
)
def test_an_address_has_no_key_in_it(file: Path, key: str, place: str) -> None:
    """It is said where that goes instead, and nothing of it is told."""
    file.write_text(f'{key} = "https://ann:hunter2@example.com/v1"')
    error = refusal(file)
    assert f"`{key}`" in error.message
    assert place in error.hint
    assert "hunter2" not in error.message + error.hint


@pytest.mark.parametrize("value", ['"publis"', "3"])
def test_a_word_that_is_none_of_a_few_gets_all_of_them(file: Path, value: str) -> None:
    """What could be meant is told in full."""
    file.write_text(f"[review]\nbefore = {value}\n")
    assert refusal(file).message.endswith("`review.before` takes one of nothing, render, publish.")


def test_a_whole_number_is_taken_for_seconds(file: Path) -> None:
    """Where parts of a second are possible, none are needed."""
    file.write_text("[children]\nstall_s = 30\n")
    assert load(file).children.stall_s == 30.0


@pytest.mark.parametrize(
    ("text", "name", "near"),
    [
        ("[vidoe]\nfps = 30\n", "vidoe", "video"),
        ("[video]\nheigth = 1920\n", "video.heigth", "video.height"),
        ("[daemon]\nmax_paralel_jobs = 2\n", "daemon.max_paralel_jobs", "daemon.max_parallel_jobs"),
        ("[children]\nstall = 9\n", "children.stall", "children.stall_s"),
    ],
)
def test_an_unknown_key_is_refused_by_name_with_a_suggestion(file: Path, text: str, name: str, near: str) -> None:
    """The key is named with its table, and so is the one that was probably meant."""
    file.write_text(text)
    error = refusal(file)
    assert f"`{name}`" in error.message
    assert error.hint == f"Did you mean `{near}`?"


def test_an_unknown_key_like_no_other_gets_the_list_of_known_ones(file: Path) -> None:
    """Where nothing is near, all keys of the table are told."""
    file.write_text("[video]\nqqq = 1\n")
    assert refusal(file).hint == "Known here: width, height, fps, crf, preset, encoder, cuts, fit."


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[video]\nfps = "30"\n', "video.fps"),
        ("[video]\nfps = 29.97\n", "video.fps"),
        ("[video]\nwidth = true\n", "video.width"),
        ("[voice]\nvoice = 7\n", "voice.voice"),
        ("[children]\nnice = [5]\n", "children.nice"),
        ("daemon = 1\n", "daemon"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(file: Path, text: str, place: str) -> None:
    """The key is named, and where to see what it takes."""
    file.write_text(text)
    error = refusal(file)
    assert f"`{place}`: Expected " in error.message
    assert "config.example.toml" in error.hint


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("daemon.max_parallel_jobs", "0"),
        ("daemon.log_level", '"loud"'),
        ("daemon.min_free_mb", "-1"),
        ("video.width", "1081"),
        ("video.width", "126"),
        ("video.height", "4098"),
        ("video.height", "-2"),
        ("video.fps", "0"),
        ("video.fps", "121"),
        ("video.crf", "-1"),
        ("video.crf", "52"),
        ("video.preset", '"ultrafast"'),
        ("voice.voice", '" "'),
        ("voice.max_speech_s", "0"),
        ("children.nice", "-1"),
        ("children.nice", "20"),
        ("children.stall_s", "0"),
        ("children.stall_s", "nan"),
        ("children.time_limit_s", "-0.5"),
        ("inbox.folder", '"stories"'),
    ],
)
def test_a_value_out_of_bounds_is_refused(file: Path, key: str, value: str) -> None:
    """The key is named, and what it takes."""
    file.write_text(f"{key} = {value}\n")
    error = refusal(file)
    assert f"`{key}` takes " in error.message


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("daemon.max_parallel_jobs", "1"),
        ("daemon.min_free_mb", "0"),
        ("video.width", "128"),
        ("video.height", "4096"),
        ("video.fps", "120"),
        ("video.crf", "0"),
        ("video.crf", "51"),
        ("children.nice", "19"),
        ("children.stall_s", "0.1"),
    ],
)
def test_a_value_on_its_bound_is_taken(file: Path, key: str, value: str) -> None:
    """Bounds belong to what is allowed."""
    file.write_text(f"{key} = {value}\n")
    table, name = key.split(".")
    assert getattr(getattr(load(file), table), name) == float(value)


def test_broken_toml_is_refused_with_its_line(file: Path) -> None:
    """Where the file stops making sense is told, not where it was read."""
    file.write_text("[video]\nfps = \n")
    error = refusal(file)
    assert "line 2" in error.message
    assert error.hint


def test_a_file_that_is_not_utf8_is_refused_with_the_byte(file: Path) -> None:
    """TOML is UTF-8; the first byte that is not is named."""
    file.write_bytes(b'[voice]\nvoice = "\xff"\n')
    error = refusal(file)
    assert "0xff" in error.message
    assert "position 17" in error.message


def test_a_folder_in_the_files_place_is_refused(file: Path) -> None:
    """What cannot be read at all is no missing file: its settings would be lost without a word."""
    file.mkdir()
    assert "cannot be read" in refusal(file).message
