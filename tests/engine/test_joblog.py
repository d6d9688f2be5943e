import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shortsd.domain.errors import Unavailable
from shortsd.engine.joblog import LIMIT, JobLogs, StageLog

LONG_S = 60.0


async def test_a_follower_gets_every_line_once_and_ends_with_the_job(tmp_path: Path) -> None:
    """Old lines, lines written meanwhile, and the last one, in order."""
    logs, going = JobLogs(tmp_path, lambda: 0.0), True

    async def goes_on() -> bool:
        return going

    logs.write(1, "first\nsecond")
    followed = await logs.follow(1, None, goes_on, LONG_S)
    old = await anext(followed)
    following = asyncio.ensure_future(_rest(followed))
    for number in range(50):
        logs.write(1, f"line {number}")
        await asyncio.sleep(0)
    logs.write(1, "last")
    going = False
    logs.look(1)
    lines = [line.split(" ", 2)[2] for line in [*old, *await following]]
    assert lines == ["first", "second", *(f"line {number}" for number in range(50)), "last"]


async def test_a_follower_can_begin_at_the_last_lines(tmp_path: Path) -> None:
    """As `tail -n` does."""
    logs = JobLogs(tmp_path, lambda: 0.0)

    async def ended() -> bool:
        return False

    logs.write(1, "a\nb\nc")
    assert [line[-1] for line in await _rest(await logs.follow(1, 2, ended, LONG_S))] == ["b", "c"]
    assert await _rest(await logs.follow(2, None, ended, LONG_S)) == []


async def test_a_follower_for_whom_there_is_nothing_is_told_so(tmp_path: Path) -> None:
    """After a while, so that its stream can give a sign of life; then it goes on."""
    logs = JobLogs(tmp_path, lambda: 0.0)

    async def goes_on() -> bool:
        return True

    followed = await logs.follow(1, None, goes_on, 0.001)
    assert await anext(followed) == []
    logs.write(1, "news")
    found = [await anext(followed), await anext(followed)]
    assert [line[-4:] for lines in found for line in lines] == ["news"]
    await followed.aclose()


async def test_a_follower_that_goes_leaves_nothing_behind(tmp_path: Path) -> None:
    """Whether its client has hung up or the job has ended: a daemon that is asked for weeks does not grow by it."""
    logs, going = JobLogs(tmp_path, lambda: 0.0), True

    async def goes_on() -> bool:
        return going

    followed = await logs.follow(1, None, goes_on, 0.001)
    await anext(followed)
    assert len(logs._news) == 1
    await followed.aclose()
    going = False
    await _rest(await logs.follow(2, None, goes_on, LONG_S))
    assert len(logs._news) == 0


def test_a_log_that_was_full_begins_anew_when_it_was_removed(tmp_path: Path) -> None:
    """It is full by its bytes, not for ever."""
    logs = JobLogs(tmp_path, lambda: 0.0)
    logs.write(1, "first")
    os.truncate(logs.file(1), LIMIT)
    logs.write(1, "too much")
    assert "the log ends here" in logs.tail(1, 1)[0]
    logs.remove(1)
    logs.write(1, "news")
    assert [line[-4:] for line in logs.tail(1, 5)] == ["news"]


def test_a_full_log_is_not_even_opened(tmp_path: Path) -> None:
    """What comes after its end makes no file anew, let alone that it costs the loop anything."""
    logs = JobLogs(tmp_path, lambda: 0.0)
    logs.write(1, "first")
    os.truncate(logs.file(1), LIMIT)
    logs.write(1, "too much")
    logs.file(1).unlink()
    logs.write(1, "and more")
    assert not logs.file(1).exists()


def test_a_log_is_filled_to_its_end_with_whole_lines(tmp_path: Path) -> None:
    """Of lines that come together, those that have room are kept."""
    logs = JobLogs(tmp_path, lambda: 0.0)
    logs.write(1, "a")
    os.truncate(logs.file(1), LIMIT - 60)
    logs.write(1, "b\nc\nd")
    assert [line[-1] for line in logs.tail(1, 3)] == ["b", "c", "B"]


def test_lines_of_a_child_are_written_at_once() -> None:
    """Those that came together are one write, each named by its stage and child."""
    written: list[str] = []
    StageLog(written.append, "render").output("ffmpeg", "a", "b")
    assert written == ["[render] ffmpeg: a\n[render] ffmpeg: b"]


def test_a_removed_folder_is_made_again(tmp_path: Path) -> None:
    """Nothing but what was in it is lost."""
    logs = JobLogs(tmp_path / "logs", lambda: 0.0)
    logs.write(1, "a")
    logs.remove(1)
    (tmp_path / "logs").rmdir()
    logs.write(1, "b")
    assert [line[-1] for line in logs.tail(1, 5)] == ["b"]


def test_a_log_that_cannot_be_written_is_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Once for each job, however much is written to it, and again when it could be written meanwhile."""
    logs = JobLogs(tmp_path, lambda: 0.0)
    for turn in range(2):
        logs.file(1).mkdir()
        for _ in range(3):
            logs.write(1, "a")
        assert len(caplog.records) == turn + 1
        logs.file(1).rmdir()
        logs.write(1, "b")
        logs.file(1).unlink()


async def test_a_log_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """Whoever asks for its end, or to follow it, is told why there is nothing before anything else."""
    logs = JobLogs(tmp_path, lambda: 0.0)
    logs.file(1).mkdir()

    async def ended() -> bool:
        return False

    with pytest.raises(Unavailable, match="The log of job 1 cannot be read: Is a directory"):
        logs.tail(1, 5)
    with pytest.raises(Unavailable, match="The log of job 1 cannot be read: Is a directory"):
        await logs.follow(1, None, ended, LONG_S)


def test_the_tail_of_a_log(tmp_path: Path) -> None:
    """The last lines, oldest first, each with its time; nothing for a job without a log."""
    logs = JobLogs(tmp_path, lambda: 0.0)
    logs.write(1, "a\nb\nc")
    assert logs.tail(1, 2) == ["1970-01-01 00:00:00.000 b", "1970-01-01 00:00:00.000 c"]
    assert logs.tail(2, 5) == []


async def _rest(found: AsyncIterator[list[str]]) -> list[str]:
    return [line async for lines in found for line in lines]
