"""What tests share: a desk that remembers what it was told, workers without a process, a ledger without a database."""

import importlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shortsd.domain.memory import Seen
from shortsd.domain.ports import Desk
from shortsd.domain.story import Picture


@dataclass
class ListLog:
    """A log that keeps its lines."""

    lines: list[str] = field(default_factory=list)

    def info(self, message: str) -> None:
        self.lines.append(f"info {message}")

    def warning(self, message: str) -> None:
        self.lines.append(f"warning {message}")

    def output(self, source: str, *lines: str) -> None:
        self.lines.extend(f"{source}: {line}" for line in lines)


@dataclass
class TestDesk:
    """A desk whose log and progress can be looked at."""

    __test__ = False

    job: int = 1
    stage: str = "test"
    log: ListLog = field(default_factory=ListLog)
    seen: list[tuple[float, float, str]] = field(default_factory=list)

    def progress(self, done: float, total: float, message: str = "") -> None:
        self.seen.append((done, total, message))


class InProcess:
    """Workers that call the function here and now, passing JSON as the real ones do."""

    async def call(self, target: str, request: Mapping[str, Any], desk: Desk) -> Any:
        module, _, function = target.partition(":")
        called = getattr(importlib.import_module(module), function)
        return json.loads(json.dumps(called(json.loads(json.dumps(dict(request))), desk.progress)))


@dataclass
class ListLedger:
    """The port PictureLedger in memory."""

    shown: dict[int, list[Seen]] = field(default_factory=dict)

    async def seen(self, shorts: int, job: int) -> frozenset[Seen]:
        others = [
            pictures for number, pictures in sorted(self.shown.items(), reverse=True) if number != job and pictures
        ]
        return frozenset(one for pictures in others[:shorts] for one in pictures)

    async def show(self, job: int, pictures: Sequence[Picture]) -> None:
        self.shown[job] = [Seen(picture.source, picture.id) for picture in pictures if picture.id]
