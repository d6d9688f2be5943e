"""Pictures of a stock service and music of a folder, in a daemon."""

import json
from pathlib import Path
from typing import Any

from daemon import TINY, Home, home
from listening import make
from servers.pexels import PexelsServer
from servers.stock import Shot

MATERIAL = """
[images]
provider = ["pexels"]

[music]
folder = "{music}"

[services]
pexels = "{address}/v1"
trusted = ["127.0.0.1"]
"""


def published(home: Home, job: int) -> dict[str, Any]:
    """What lies beside a finished short."""
    assert home.finished(job).result is not None
    (file,) = home.places.output.glob(f"{job}-*.json")
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def test_material_from_elsewhere_is_shown_and_credited(short_folder: Path, tmp_path: Path) -> None:
    """The first short shows the only photo that there is and says whose it is; the second one must not, and paints."""
    music = tmp_path / "eerie"
    music.mkdir()
    make(music / "hum.wav", "sine=r=8000", 2)
    (tmp_path / "music.toml").write_text('[[track]]\nfile = "eerie/hum.wav"\nauthor = "Ann"\nlicence = "CC BY 4.0"\n')
    with PexelsServer(lambda _: [Shot(1)]) as server:
        config = TINY + MATERIAL.format(music=tmp_path, address=server.address)
        with home(short_folder / "h", config, SHORTSD_PEXELS_KEY=server.key) as running:
            first, second = (published(running, running.make(title=f"Lamp {number}")) for number in range(2))
            logs = [running.log(job) for job in (1, 2)]
    (photo,), (painted,) = first["pictures"], second["pictures"]
    thanks = [f"Photo by {photo['author']} ({photo['author_page']}) on Pexels: {photo['page']}"]
    music_thanks = ["Music: “hum” by Ann (CC BY 4.0)"]
    assert (photo["source"], photo["id"], painted["source"]) == ("Pexels", "1", "painted")
    assert (first["credits"], second["credits"]) == (thanks + music_thanks, music_thanks)
    assert first["description"].endswith("\n\nCredits\n" + "\n".join(first["credits"]))
    assert not any(server.key in text for text in (*logs, json.dumps([first, second])))
