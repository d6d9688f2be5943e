"""A daemon that waits less for its clients, and never gets on with its jobs: `python -m impatient`.

It is the real one with shorter bounds, given somebody to be there when a stage begins who never goes away.
"""

import asyncio

from shortsd.api.limits import Bounds
from shortsd.config.load import load
from shortsd.config.logs import set_up
from shortsd.config.places import Places
from shortsd.domain.leave import leave
from shortsd.domain.witness import Nobody
from shortsd.ground import Around
from shortsd.lifecycle import serve

BOUNDS = Bounds(head_s=0.5, body_s=0.5, taken_s=0.5, connections=20, lingering=5, linger_s=0.2)


class Stayer(Nobody):
    """A witness that never goes away."""

    async def entered(self, stage: str) -> None:
        del stage
        await asyncio.Event().wait()


def main() -> None:
    set_up("info")
    places = Places.find()
    asyncio.run(serve(Around(load(places.config_file), places, witness=Stayer()), bounds=BOUNDS))


if __name__ == "__main__":
    main()
    leave(0)
