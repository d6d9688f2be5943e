"""Loading modules."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Import without looking for garbage: there is none, and what is imported stays, so that it is never looked at.

    Collections would go through all that was loaded before, again and again: a tenth of a daemon's start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
