import io
from dataclasses import replace

from client.standin import a_job, done
from rich.console import Console

from shortsd.cli.live import Live
from shortsd.wire.models import JobView, StageView


def drawn(*jobs: JobView, encoding: str = "utf-8", height: int = 24, away: bool = False) -> list[str]:
    """The display's lines without trailing space."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=80, height=height, color_system=None, force_terminal=True)
    live = Live([job.id for job in jobs], console, clock=lambda: 100.0)
    for job in jobs:
        live.job(job)
    if away:
        live.away()
    with console.capture() as captured:
        console.print(live.draw())
    return [line.rstrip() for line in captured.get().splitlines()]


def test_one() -> None:
    """A job alone shows its whole percentage and what is left, then each stage: time, bar or reuse."""
    stages = [
        StageView(name="story", state="reused", seconds=0.1),
        StageView(name="voice", state="done", seconds=3.14),
        StageView(name="render", state="running", percent=50, seconds=12.4, message="412 of 824 frames"),
        StageView(name="check", state="waiting"),
    ]
    lines = drawn(a_job(percent=63.2, eta_s=42.4, stages=stages))
    assert lines[0] == "7  The last train"
    assert lines[1].endswith("63 %  42 s left")
    assert lines[2].startswith("↻  story")
    assert lines[2].endswith("reused")
    assert lines[3].startswith("✓  voice   3.1 s")
    assert "12 s" in lines[4]
    assert lines[4].endswith("412 of 824 frames")
    assert lines[5] == "·  check"


def test_several() -> None:
    """Several jobs show a count and a line each, in the order asked for."""
    lines = drawn(done(a_job(7)), a_job(8, percent=20), replace(a_job(9), state="failed"))
    assert lines[0] == "1 of 3 done, 1 failed or stopped"
    assert [line.split()[1] for line in lines[1:]] == ["7", "8", "9"]


def test_more_than_fit() -> None:
    """If not all fit, those at work are shown first."""
    jobs = [a_job(number, state="queued") for number in range(1, 9)]
    lines = drawn(*jobs, a_job(9), height=5)
    assert len(lines) == 3
    assert lines[1].split()[1] == "9"


def test_ascii() -> None:
    """A terminal that knows no Unicode gets other marks."""
    assert all(line.isascii() for line in drawn(done(a_job()), encoding="ascii"))


def test_title_is_text() -> None:
    """Markup and controls in a title are shown, not obeyed, and a long one keeps to its line."""
    lines = drawn(a_job(title="[red]x[/red] \x1b[2J\n" + "鬼" * 80))
    assert lines[0].startswith(r"7  [red]x[/red] \x1b[2J\n鬼")
    assert lines[0].endswith("…")


def test_away() -> None:
    """That the daemon is away is said below."""
    assert "waiting for it to come back" in drawn(a_job(), away=True)[-1]
