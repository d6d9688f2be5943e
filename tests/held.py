"""A daemon that can be held inside of a stage: `python -m held`.

It is the real one, given somebody to be there when a stage begins: as long as a file `hold-STAGE` lies in its home, the
stage says `held-STAGE` and waits.
"""

import asyncio
import sys
from pathlib import Path

from shortsd.app import serve
from shortsd.config.load import load
from shortsd.config.places import Places
from shortsd.domain.stage import StageName


def main() -> None:
    places = Places.find()
    home = places.state.parent

    async def entered(stage: StageName) -> None:
        while (home / f"hold-{stage}").exists():
            (home / f"held-{stage}").touch()
            await asyncio.sleep(0.01)

    asyncio.run(serve(load(places.config_file), places, entered))


def hold(home: Path, stage: str) -> Path:
    """Ask for a stage to be held; the file that appears when it is."""
    (home / f"hold-{stage}").touch()
    return home / f"held-{stage}"


def release(home: Path, stage: str) -> None:
    """Let a stage go on."""
    (home / f"hold-{stage}").unlink()


if __name__ == "__main__":
    sys.exit(main())
