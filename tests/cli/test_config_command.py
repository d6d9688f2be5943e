import json
import subprocess
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest
from cli.running import Ctl

from shortsd.config.settings import Settings

HEAVY = {"textual", "httpx", "pydantic", "numpy", "cv2", "PIL", "fastapi", "rich", "shtab", "asyncio", "subprocess"}


def configured(home: Path, text: str) -> Path:
    (home / "config.toml").write_text(text)
    return home / "config.toml"


def test_what_can_be_used_is_ok(home: Path, ctl: Ctl) -> None:
    """No daemon is needed for that, and none is started."""
    configured(home, "[video]\nfps = 60\n")
    ran = ctl("config", "check")
    assert (ran.code, ran.out, ran.err) == (0, "ok\n", "")
    assert sorted(file.name for file in home.iterdir()) == ["config.toml"]


def test_what_cannot_be_used_is_told(home: Path, ctl: Ctl) -> None:
    """In the sentence that the daemon would say, with the exit code for bad input."""
    file = configured(home, "[video]\nfsp = 60\n")
    ran = ctl("config", "check")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"shortsctl: {file}: there is no setting `video.fsp`.\n  Did you mean `video.fps`?\n"


def test_none_is_as_good(home: Path, ctl: Ctl) -> None:
    """Nobody needs a configuration; that there is none is said."""
    assert home.is_dir()
    ran = ctl("config", "check")
    assert (ran.code, ran.out) == (0, "ok\n")
    assert "the defaults count" in ran.err


def test_another_file_may_be_checked(home: Path, ctl: Ctl) -> None:
    """Before it takes the place of the one that counts; it has to be there."""
    configured(home, "[video]\nfsp = 60\n")
    (home / "new.toml").write_text("[video]\nfps = 60\n")
    assert ctl("config", "check", "new.toml").code == 0
    assert ctl("config", "check", "config.toml").code == 2
    ran = ctl("config", "check", "none.toml")
    assert (ran.code, ran.out) == (2, "")
    assert "no configuration none.toml" in ran.err


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ('[writer]\nprovider = ["groq", "builtin"]', "writer.provider has groq, and there is no groq_key"),
        ('[voice]\nprovider = "openai"', "no openai_key"),
        ('[images]\nprovider = ["pexels", "painter"]', "no pexels_key"),
        ('[images]\nprovider = ["folder"]', "images.folder names none"),
        ('[music]\nfolder = "/no/such"', "music.folder names /no/such, which is no folder"),
        ("[youtube]\nupload = true", "no youtube_client_id and no youtube_client_secret"),
    ],
)
def test_what_will_hardly_do_what_was_meant_is_warned_of(home: Path, ctl: Ctl, text: str, warning: str) -> None:
    """It can be used all the same."""
    configured(home, text)
    ran = ctl("config", "check")
    assert (ran.code, ran.out) == (0, "ok\n")
    assert ran.err.startswith("shortsctl: warning: ")
    assert warning in ran.err


def test_secrets_that_are_there_are_not_missed(home: Path, ctl: Ctl) -> None:
    """Those in the file beside it; no word of them is shown."""
    configured(home, '[writer]\nprovider = "groq"\n[voice]\nprovider = "openai"\n')
    secrets = home / "secrets.toml"
    secrets.write_text('groq_key = "planted"\nspeech_key = "planted"\n')
    secrets.chmod(0o600)
    assert (ctl("config", "check").err, ctl("config", "show").code) == ("", 0)
    secrets.chmod(0o644)
    ran = ctl("config", "check")
    assert (ran.code, ran.out) == (2, ""), "a daemon would not start with it"
    assert "Others can read the secrets" in ran.err
    assert "planted" not in ran.err


def test_prompts_that_cannot_work_are_told(home: Path, ctl: Ctl) -> None:
    """As doctor tells it, with the file; while nobody writes by them, they are warned of alone."""
    configured(home, f'[writer]\nprompts = "{home}/prompts"\n')
    (home / "prompts").mkdir()
    (home / "prompts" / "story.md").write_text("A haiku about $tpoic.")
    unused = ctl("config", "check")
    assert (unused.code, unused.out) == (0, "ok\n")
    assert unused.err.startswith("shortsctl: warning: The prompt")
    (home / "secrets.toml").write_text('groq_key = "planted"\n')
    (home / "secrets.toml").chmod(0o600)
    used = ctl("config", "check")
    assert (used.code, used.out) == (2, "")
    assert f"{home}/prompts/story.md has tpoic, which nothing stands for" in used.err
    doctor = json.loads(ctl("doctor", "--json").out)["findings"]
    assert used.err.splitlines()[0].removeprefix("shortsctl: ") in [finding["detail"] for finding in doctor]


def test_a_writer_without_an_address_is_refused(home: Path, ctl: Ctl) -> None:
    """`custom` is nothing by itself."""
    configured(home, '[writer]\nprovider = "custom"\n')
    ran = ctl("config", "check")
    assert ran.code == 2
    assert "writer.base_url" in ran.err


def test_all_that_counts_is_shown_with_where_it_comes_from(home: Path, ctl: Ctl) -> None:
    """As TOML that could be a configuration itself."""
    configured(home, '[video]\nfps = 60\n[captions]\ncolour = "#00FF00"\n')
    out = ctl("config", "show").out
    shown = tomllib.loads(out)
    assert (shown["video"]["fps"], shown["captions"]["colour"]) == (60, "#00FF00")
    assert {table: set(keys) for table, keys in shown.items()} == {
        table: set(keys) for table, keys in asdict(Settings()).items()
    }
    assert [line.split()[0] for line in out.splitlines() if line.endswith("# file")] == ["fps", "colour"]


def test_it_is_shown_to_programs(home: Path, ctl: Ctl) -> None:
    """Each setting with its value and its source."""
    file = configured(home, "[video]\nfps = 60\n")
    shown = json.loads(ctl("config", "show", "--json").out)
    assert shown["file"] == str(file)
    assert shown["settings"]["video"]["fps"] == {"value": 60, "source": "file"}
    assert shown["settings"]["schedule"]["at"]["source"] == "default"


def test_where_it_lies_is_told(home: Path, ctl: Ctl) -> None:
    """There or not; a file beside that makes no sense."""
    ran = ctl("config", "path")
    assert (ran.code, ran.out) == (0, f"{home / 'config.toml'}\n")
    assert "none yet" in ran.err
    configured(home, "")
    assert ctl("config", "path").err == ""
    assert ctl("config", "path", "x.toml").code == 2


def test_config_is_light(home: Path) -> None:
    """It answers at once, loading nothing heavy."""
    configured(home, "[video]\nfps = 60\n")
    code = "import sys, shortsd.cli; shortsd.cli.main(['config', 'check']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "ok\n"
    assert not HEAVY & set(done.stderr.split())
