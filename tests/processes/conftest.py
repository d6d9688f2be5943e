import contextlib
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psutil
import pytest
from processes.children_support import Leave, MakeChildren, MemoryRegistry

from shortsd.processes.children import ChildProcesses
from shortsd.processes.identity import mark
from shortsd.processes.limits import Limits

ORPHAN = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", sys.argv[1]], start_new_session=True)
"""


@pytest.fixture
def home() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def registry() -> MemoryRegistry:
    return MemoryRegistry()


@pytest.fixture
def make_children(registry: MemoryRegistry, home: str) -> MakeChildren:
    """Makes ChildProcesses with the given limits; a short grace unless said otherwise."""

    def make(**limits: Any) -> ChildProcesses:
        return ChildProcesses(registry, home, replace(Limits(grace_s=0.1), **limits))

    return make


@pytest.fixture
def children(make_children: MakeChildren) -> ChildProcesses:
    return make_children()


@pytest.fixture
def leave(home: str) -> Iterator[Leave]:
    """Leaves a process behind as a dead daemon does, marked by `home` unless told otherwise; its pids, and others
    that it makes, as they tell them.
    """
    left: list[int] = []

    def leave(*code: str, pids: int = 1, marks: dict[str, str] | None = None) -> list[int]:
        environment = os.environ | (mark(home, 7) if marks is None else marks)
        argv = [sys.executable, "-c", ORPHAN, "\n".join(code)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment) as parent:
            assert parent.stdout is not None
            parent.wait()
            told = [int(parent.stdout.readline()) for _ in range(pids)]
        left.extend(told)
        return told

    yield leave
    for pid in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(pid).kill()


@pytest.fixture(autouse=True)
def _nobody_left() -> Iterator[None]:
    """No test leaves a child of the test process behind, not even a dead one."""
    before = {child.pid for child in psutil.Process().children()}
    yield
    left = [child for child in psutil.Process().children() if child.pid not in before]
    assert not left
