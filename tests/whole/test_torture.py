"""Daemons killed at random, by all that kills: `make torture N=…` does it for longer."""

from pathlib import Path

import pytest
from torture import torture


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("kills", "seed"), [(13, 1), (12, 2)])
def test_daemons_that_are_killed_at_random_lose_nothing(short_folder: Path, kills: int, seed: int) -> None:
    """Every job that was accepted is there once and ends as asked; nothing is half made, done twice or left running."""
    tally = torture(short_folder, kills, seed)
    assert tally.ok, f"\n{tally}"
    assert tally.kills.total() >= kills
