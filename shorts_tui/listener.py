"""What listens to the daemon in a thread of its own until it is stopped."""

import threading

from shortsd.client.transport import Hangup

_END_S = 2.0
"""How long the thread is waited for: one that has just asked something may take as long as an answer may."""


class Listener:
    """Such a thread: `run` is what it does, and what it reads ends with `hangup`. It is started and stopped once."""

    def __init__(self, name: str) -> None:
        self.hangup = Hangup()
        self._ended = threading.Event()
        self._again = threading.Event()
        self._thread = threading.Thread(target=self.run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Hang up, and wait for the thread."""
        self._ended.set()
        self._again.set()
        self.hangup()
        if self._thread.is_alive():
            self._thread.join(_END_S)

    def look_again(self) -> None:
        """Wait no longer: there may be more to hear."""
        self._again.set()

    def run(self) -> None:
        """Listen until it has `ended`; called in the thread."""
        raise NotImplementedError

    @property
    def ended(self) -> bool:
        """Whether nothing is to be heard any more."""
        return self._ended.is_set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it is to look again, or for so many seconds at most."""
        self._again.wait(seconds)
        self._again.clear()
