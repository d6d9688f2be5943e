"""Takes a sample of this machine and of the jobs' speed every now and then."""

import asyncio
import time
from collections.abc import Callable

from shorts_tui.known import Known
from shorts_tui.vitals import Machine, Speedometer, Vitals, uploads


class Pulse:
    """Keeps the vitals. `machine` may wait for a disk: it is asked in a thread. `clock` is the app's."""

    def __init__(self, machine: Callable[[], Machine], clock: Callable[[], float]) -> None:
        self.vitals = Vitals()
        self._machine = machine
        self._clock = clock
        self._speed = Speedometer(time.monotonic)
        self._counted: tuple[int, int] = (0, 0)
        self._asking = False

    def hear(self, known: Known) -> None:
        """Take in what is known now."""
        self._speed.hear(known)

    async def beat(self, known: Known) -> Vitals:
        """The vitals now; those before where a disk still keeps the last look waiting."""
        if self._asking:
            return self.vitals
        self._asking = True
        try:
            machine = await asyncio.to_thread(self._machine)
        finally:
            self._asking = False
        self.vitals = Vitals(machine, self._speed.beat(), self._uploads(known))
        return self.vitals

    def _uploads(self, known: Known) -> int:
        """Counted anew only where something happened: there may be ten thousand jobs."""
        revision, before = self._counted
        if known.revision != revision:
            self._counted = known.revision, uploads(known, self._clock())
            return self._counted[1]
        return before
