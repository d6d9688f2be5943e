"""What tests share: a desk that remembers what it was told."""

from dataclasses import dataclass, field


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
