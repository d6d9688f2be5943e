import pickle
from pathlib import Path

import pytest

from shortsd.config.secrets import KNOWN, Secret, Secrets
from shortsd.domain.errors import BadInput

VALUE = "planted-and-never-shown"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "secrets.toml"
    made.write_text(f'pexels_key = "{VALUE}"\n')
    made.chmod(0o600)
    return made


def found(environ: dict[str, str], folder: Path) -> dict[str, tuple[str, str]]:
    return {name: (secret.reveal(), secret.source) for name, secret in Secrets.take(environ, folder).found.items()}


def test_no_secret_is_none(tmp_path: Path) -> None:
    """Nothing is needed."""
    assert found({"SHORTSD_PEXELS_KEY": ""}, tmp_path) == {}


def test_of_three_sources_the_nearest_wins(file: Path, tmp_path: Path) -> None:
    """The environment comes before systemd's credentials, and they before the file."""
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    assert found({}, tmp_path)["pexels_key"] == (VALUE, str(file))
    (credentials / "pexels_key").write_text("of systemd\n")
    environ = {"CREDENTIALS_DIRECTORY": str(credentials)}
    assert found(dict(environ), tmp_path)["pexels_key"] == ("of systemd", "systemd's credential pexels_key")
    environ["SHORTSD_PEXELS_KEY"] = "of the environment"
    assert found(environ, tmp_path)["pexels_key"] == ("of the environment", "SHORTSD_PEXELS_KEY")


def test_no_child_inherits_a_secret(tmp_path: Path) -> None:
    """The variables are taken out of the environment, and the way to systemd's credentials with them."""
    environ = {f"SHORTSD_{name.upper()}": VALUE for name in KNOWN}
    environ |= {"CREDENTIALS_DIRECTORY": str(tmp_path), "HOME": "/"}
    assert len(found(environ, tmp_path)) == len(KNOWN)
    assert environ == {"HOME": "/"}


def test_a_secret_does_not_show_itself() -> None:
    """Neither printed, formatted, in an error, nor on its way to another process."""
    secret = Secret(VALUE, "nowhere")
    assert VALUE not in f"{secret} {secret!r} {[secret]} {Secrets({'a': secret})}" + "%s" % secret  # noqa: UP031
    with pytest.raises(TypeError):
        pickle.dumps(secret)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_can_get_at_is_refused(file: Path, mode: int) -> None:
    """The error says how to close it."""
    file.chmod(mode)
    with pytest.raises(BadInput, match="Others can read") as caught:
        Secrets.take({}, file.parent)
    assert "chmod 600" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f'other_key = "{VALUE}"', "no secret `other_key`"),
        ("pexels_key = 7", "takes a text"),
        (f"pexels_key = {VALUE}", "are not TOML"),
        (f'pexels_key = "{VALUE}\xe9"', "are not TOML"),
    ],
)
def test_what_is_not_understood_is_refused_without_showing_it(file: Path, text: str, says: str) -> None:
    """File and key are named; no line of the file is."""
    file.write_text(text, "latin-1")
    with pytest.raises(BadInput, match=says) as caught:
        Secrets.take({}, file.parent)
    assert VALUE not in f"{caught.value.message} {caught.value.hint} {caught.value.__cause__}"
