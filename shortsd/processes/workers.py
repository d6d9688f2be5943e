"""Calling a function of ours in a child process."""

import json
import logging
import sys
from collections.abc import Mapping
from typing import Any

from shortsd.domain.errors import ERRORS, Code, Internal
from shortsd.domain.ports import Children, Command, Desk
from shortsd.processes.protocol import Decoder

# Without -P a module in the daemon's working folder could stand in for one of the standard library's.
PYTHON = (sys.executable, "-P", "-X", "faulthandler", "-m", "shortsd.processes.worker")


class WorkerProcesses:
    """The port `Workers`, over child processes. A function gets one processor: jobs run beside one another."""

    def __init__(self, children: Children) -> None:
        self._children = children

    async def call(self, target: str, request: Mapping[str, Any], desk: Desk) -> Any:
        """Call `target` ("package.module:function") with a JSON request; its JSON answer.

        Raises ChildFailed, TimedOut, DiskFull, the ShortsError that the function raised, or Internal for anything
        else that it raised.
        """
        command = Command(target, (*PYTHON, target), json.dumps(request).encode())
        ear = _Ear(target, desk)
        await self._children.run(command, desk, ear.hear)
        return ear.answer()


class _Ear:
    """Hears what a worker says."""

    def __init__(self, target: str, desk: Desk) -> None:
        self._target = target
        self._desk = desk
        self._decoder = Decoder()
        self._last: dict[str, Any] = {}

    def hear(self, line: str) -> None:
        match self._decoder.feed(line):
            case {"progress": [done, total, message]}:
                self._desk.progress(done, total, message)
            case {"log": [level, message]}:
                (self._desk.log.warning if level >= logging.WARNING else self._desk.log.info)(message)
            case dict() as message:
                self._last = message

    def answer(self) -> Any:
        match self._last:
            case {"result": result}:
                return result
            case {"error": {"code": code, "message": message, "hint": hint, "retryable": bool(retryable)}}:
                raise ERRORS[Code(code)](message, hint, retryable=retryable)
        raise Internal(f"{self._target} ended without an answer.", "The job's log has what it wrote.")
