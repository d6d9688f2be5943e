"""A daemon that can be held inside of a stage: `python -m held`.

It is the real one, given somebody to be there when a stage begins: as long as a file `hold-STAGE` lies in its home, the
stage says `held-STAGE` and waits. Its clock can be put forward and back by the seconds in a file `clock`; its
housekeeping is done twice a second.
"""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from shortsd.config.load import load
from shortsd.config.places import Places
from shortsd.domain.leave import leave
from shortsd.domain.witness import Nobody
from shortsd.ground import Around
from shortsd.lifecycle import serve


@dataclass(frozen=True)
class Holder(Nobody):
    """A witness that lets no stage work that is to be held."""

    home: Path

    async def entered(self, stage: str) -> None:
        while (self.home / f"hold-{stage}").exists():
            (self.home / f"held-{stage}").touch()
            await asyncio.sleep(0.01)


def main() -> None:
    places = Places.find()
    home = places.state.parent

    def clock() -> float:
        offset = home / "clock"
        return time.time() + (float(offset.read_text()) if offset.exists() else 0.0)

    settings = load(places.config_file)
    asyncio.run(serve(Around(settings, places, witness=Holder(home), clock=clock, housekeeping_s=0.5)))


def put_clock(home: Path, seconds: float) -> None:
    """Let the daemon's clock jump, to so many seconds before or after the true time."""
    (home / "clock.new").write_text(str(seconds))
    (home / "clock.new").rename(home / "clock")


def hold(home: Path, stage: str) -> Path:
    """Ask for a stage to be held; the file that appears when it is."""
    (home / f"hold-{stage}").touch()
    return home / f"held-{stage}"


def release(home: Path, stage: str) -> None:
    """Let a stage go on."""
    (home / f"hold-{stage}").unlink()


if __name__ == "__main__":
    main()
    leave(0)
