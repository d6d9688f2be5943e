"""Folders that are watched: real ones, on a real kernel."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shortsd.engine.watching import Watch

LONG_S = 60.0


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watch]:
    """Two folders, one of which is not there yet; the first wait, which comes back at once, is over."""
    (tmp_path / "here").mkdir()
    async with Watch(lambda: [tmp_path / "here", tmp_path / "not yet"]) as made:
        assert await made.wait(LONG_S)
        yield made


async def test_a_change_wakes(watch: Watch, tmp_path: Path) -> None:
    """A file that comes, one that is written, one that goes."""
    file = tmp_path / "here" / "file"
    for change in (file.touch, lambda: file.write_text("x"), file.unlink):
        change()
        assert await watch.wait(LONG_S)


async def test_without_a_change_the_wait_is_over_in_time(watch: Watch) -> None:
    """Who waits looks for itself then."""
    assert not await watch.wait(0.01)


async def test_a_folder_may_go_and_come(watch: Watch, tmp_path: Path) -> None:
    """Made anew, or made at last, it is watched as before."""
    for folder in (tmp_path / "here", tmp_path / "not yet"):
        if folder.exists():
            folder.rename(tmp_path / "gone")
            assert await watch.wait(LONG_S)
        folder.mkdir()
        assert await watch.wait(LONG_S)
        (folder / "file").touch()
        assert await watch.wait(LONG_S)
