"""A daemon whose jobs do not end when they are to: `python -m stubborn`.

It is the real one, given somebody to be there when a stage begins who does not hear that it is over.
"""

import asyncio
import contextlib
import sys

from shortsd.config.load import load
from shortsd.config.places import Places
from shortsd.domain.witness import Nobody
from shortsd.ground import Around
from shortsd.lifecycle import serve


class Stubborn(Nobody):
    """A witness who stays, whoever cancels it."""

    async def entered(self, stage: str) -> None:
        del stage
        sys.stderr.write("stays\n")
        while True:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()


def main() -> None:
    places = Places.find()
    asyncio.run(serve(Around(load(places.config_file), places, witness=Stubborn())))


if __name__ == "__main__":
    main()
