import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from children_support import MakeChildren, MemoryRegistry

from shortsd.processes.child import Limits
from shortsd.processes.children import ChildProcesses


@pytest.fixture
def home() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def registry() -> MemoryRegistry:
    return MemoryRegistry()


@pytest.fixture
def make_children(registry: MemoryRegistry, home: str) -> MakeChildren:
    """Makes ChildProcesses with the given limits; a short grace unless said otherwise."""

    def make(**limits: float) -> ChildProcesses:
        here = {"PYTHONPATH": str(Path(__file__).parent)}
        return ChildProcesses(registry, home, Limits(**({"grace_s": 0.1} | limits)), here)

    return make


@pytest.fixture
def children(make_children: MakeChildren) -> ChildProcesses:
    return make_children()


@pytest.fixture(autouse=True)
def _nobody_left() -> Iterator[None]:
    """No test leaves a child of the test process behind, not even a dead one."""
    before = {child.pid for child in psutil.Process().children()}
    yield
    left = [child for child in psutil.Process().children() if child.pid not in before]
    assert not left
