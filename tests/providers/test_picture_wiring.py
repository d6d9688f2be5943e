import subprocess
import sys
from pathlib import Path

import pytest
from stocked import SIZE, scenes
from support import InProcess, ListLedger, TestDesk

from shortsd.config.load import parse
from shortsd.config.places import Places
from shortsd.config.secrets import Secret, Secrets
from shortsd.domain.ports import Pictures
from shortsd.domain.style import Fit
from shortsd.kept import Kept
from shortsd.pictures import pictures
from shortsd.providers.images.chain import FirstOf


def wired(tmp_path: Path, *keys: str, **images: object) -> Pictures:
    """The pictures of some settings, with these secrets."""
    secrets = Secrets({name: Secret(f"the {name}", "a test") for name in keys})
    places = Places.find({"SHORTSD_HOME": str(tmp_path)})
    settings = parse({"images": images}, "test")
    return pictures(settings, secrets, places, InProcess(), ListLedger(), Kept())(Fit.CROP)


@pytest.mark.parametrize(
    ("keys", "images", "names"),
    [
        ([], {}, []),
        (["pexels_key"], {}, ["Pexels"]),
        (["unsplash_key", "pexels_key"], {"folder": "/pictures"}, ["your folder of pictures", "Pexels", "Unsplash"]),
        (["pexels_key"], {"provider": "painter"}, []),
        (["pexels_key", "unsplash_key"], {"provider": ["unsplash", "painter", "pexels"]}, ["Unsplash"]),
        (["pexels_key"], {"provider": "folder", "folder": "/pictures"}, ["your folder of pictures"]),
    ],
)
def test_settings_say_who_is_asked(
    tmp_path: Path, keys: list[str], images: dict[str, object], names: list[str]
) -> None:
    """In their order, the painter at last; with `auto` those that there is a key or a folder for."""
    made = wired(tmp_path, *keys, **images)
    assert [source.name for source in made.sources] == names if isinstance(made, FirstOf) else names == []


def test_the_painter_alone_is_what_it_was(tmp_path: Path) -> None:
    """Where nothing is configured, what was painted before is found again."""
    assert wired(tmp_path).key == "painter 3"


@pytest.mark.parametrize(("provider", "missing"), [("pexels", "pexels_key"), ("folder", "images.folder")])
async def test_a_source_without_its_means_says_so(tmp_path: Path, provider: str, missing: str) -> None:
    """The job's log names what is missing, and the short has painted pictures."""
    desk = TestDesk()
    made = await wired(tmp_path, provider=provider).pictures(scenes("forest"), SIZE, tmp_path, desk)
    assert [picture.source for picture in made] == ["painted"]
    assert missing in desk.log.lines[0]


def test_keys_do_not_show(tmp_path: Path) -> None:
    """Neither in what is built nor in its key."""
    made = wired(tmp_path, "pexels_key", "unsplash_key")
    assert "the pexels_key" not in made.key
    assert "the unsplash_key" not in repr(made)


def test_what_speaks_to_services_is_not_loaded_without_one() -> None:
    """A daemon that needs no network does not wait for httpx."""
    code = "import sys, shortsd.kit; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
