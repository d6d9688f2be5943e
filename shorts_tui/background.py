"""What goes on in a thread of its own until it is stopped."""

import threading

from shortsd.client.transport import Hangup

_END_S = 2.0
"""How long the thread is waited for: one that has just asked something may take as long as an answer may."""


class Background:
    """Such a thread: `run` is what it does. It is started and stopped once."""

    def __init__(self, name: str) -> None:
        self._ended = threading.Event()
        self._again = threading.Event()
        self._thread = threading.Thread(target=self.run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._ended.set()
        self._again.set()
        if self._thread.is_alive():
            self._thread.join(_END_S)

    def look_again(self) -> None:
        """There may be more to do: wait no longer."""
        self._again.set()

    def run(self) -> None:
        """Go on until it has `ended`; called in the thread."""
        raise NotImplementedError

    @property
    def ended(self) -> bool:
        """Whether nothing more is to be done."""
        return self._ended.is_set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it is to look again, or for so many seconds at most."""
        self._again.wait(seconds)
        self._again.clear()


class Listener(Background):
    """One that reads streams of the daemon, each with `hangup`: to stop is to break them off."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.hangup = Hangup()

    def stop(self) -> None:
        """Hang up, and wait until that is heard."""
        self._ended.set()
        self.hangup()
        super().stop()
