"""Ending what a daemon that died left running, and nothing else."""

import asyncio
import contextlib
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import psutil

from shortsd.domain.process import ChildRecord
from shortsd.processes.marked import end_all_found, lives, marked


@dataclass(frozen=True, slots=True)
class _Find:
    """A living process that is to be ended."""

    process: psutil.Process
    record: ChildRecord | None
    """What is known of it; None for one without the mark, in a group whose leader is proved to be ours."""


async def sweep(records: Collection[ChildRecord], home: str, grace_s: float = 2.0) -> Sequence[ChildRecord]:
    """End every process that carries the mark of `home`, by TERM, grace and KILL; what was found, oldest first.

    `records` are the children that the last daemon wrote down. Where one is proved to be the very process, by its
    start time and its mark, all of its group is ended, marked or not. Others that carry the mark are ended wherever
    they are: not recorded, in a session of their own, in a group whose leader is gone. Anything else is not touched,
    nor are this process, its ancestors and its descendants, so that a running daemon may sweep, too.
    """
    known = {_key(record): record for record in records}
    found = await end_all_found(lambda: asyncio.to_thread(_find, home, known), grace_s)
    records = [one.record for one in found if one.record is not None]
    return sorted(records, key=lambda record: record.kernel_start_time)


def _key(record: ChildRecord) -> tuple[int, int]:
    return record.pid, record.kernel_start_time


def _find(home: str, known: Mapping[tuple[int, int], ChildRecord]) -> Sequence[_Find]:
    spared = _family()
    ours = {one.process: one.record for one in marked(home, spared)}
    groups = {record.group for record in ours.values() if _key(record) in known}
    strangers = [process for process in psutil.process_iter() if process.pid not in spared and process not in ours]
    mates = [process for process in strangers if _group(process) in groups]
    finds = [_Find(process, known.get(_key(record), record)) for process, record in ours.items()]
    return finds + [_Find(process, None) for process in mates if lives(process)]


def _family() -> Collection[int]:
    me = psutil.Process()
    return {me.pid, *(one.pid for one in me.parents()), *(one.pid for one in me.children(recursive=True))}


def _group(process: psutil.Process) -> int | None:
    with contextlib.suppress(OSError):
        return os.getpgid(process.pid)
    return None
