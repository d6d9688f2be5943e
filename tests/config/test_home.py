import fcntl
import os
from pathlib import Path

import pytest

from shortsd.config.home import LOOKS, claim, held, prepare
from shortsd.config.places import Places
from shortsd.domain.errors import Unavailable


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places.find({"SHORTSD_HOME": str(tmp_path)})
    prepare(made)
    return made


def test_a_home_is_held_by_who_has_claimed_it(places: Places) -> None:
    """And by nobody before and after."""
    assert not held(places)
    with claim(places):
        assert held(places)
    assert not held(places)


def test_a_home_is_claimed_by_one_at_a_time(places: Places) -> None:
    """The second one is told who has it, after no long wait."""
    waits: list[float] = []
    with claim(places), pytest.raises(Unavailable, match=rf"pid {os.getpid()}\b"), claim(places, waits.append):
        pass
    assert len(waits) == LOOKS - 1
    assert sum(waits) < 0.2


def test_who_only_looks_keeps_nobody_from_claiming(places: Places) -> None:
    """A look at whether it is held holds the lock itself, for a moment."""
    places.lock.touch()
    look = os.open(places.lock, os.O_RDONLY)
    fcntl.flock(look, fcntl.LOCK_SH)
    with claim(places, lambda _: os.close(look)):
        assert held(places)
