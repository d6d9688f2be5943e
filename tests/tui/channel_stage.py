"""A stand-in with a channel's life: batches, a week, a history, processes, findings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.staged import NOW, Staged, failed, finished, rendering, staged

from shortsd.wire.channel import Calendar, Shown
from shortsd.wire.figures import JobProcesses, ProcessTree, ProcessView, StageProcesses
from shortsd.wire.models import ErrorBody, Finding, JobView

DAY = 86_400.0
HOURS = (9 * 3600, 18 * 3600)
MONDAY = NOW - NOW % DAY - 4 * DAY
"""Of the week in which NOW lies (a Friday), midnight in UTC."""

TITLES = (
    "The lamp that burned in room 7",
    "A bell under the harbour",
    "What the keeper wrote on the last page, and why nobody was to read it before the winter came",
    "東京の夜の灯台守",
    "The train that never stops 🚂",
    "Don't answer the second knock",
)


def week() -> list[JobView]:
    """A batch of a week: two a day, seen until today, waiting from then on; one failed, one in review."""
    jobs = []
    for number in range(14):
        at = MONDAY + number // 2 * DAY + HOURS[number % 2]
        job = _of_week(20 + number, TITLES[number % len(TITLES)], at)
        jobs.append(job)
    return jobs


def _of_week(number: int, title: str, at: float) -> JobView:
    given = {"title": title, "batch": 3, "publish_at": at, "created_at": MONDAY - DAY, "stages": []}
    if number == 27:
        error = ErrorBody(code="unavailable", message="The picture service does not answer.", hint="", stage="images")
        return rendering(number, **given, state="failed", stage=None, message="", error=error, percent=30.0)
    if number == 29:
        return rendering(number, **given, state="review", stage=None, message="", percent=60.0, eta_s=None)
    if at < NOW:
        link = {"link": f"https://youtu.be/{number:05}", "video": f"/out/{number}.mp4"}
        return rendering(
            number, **given, state="succeeded", stage=None, message="", percent=100.0, ended_at=at - DAY, result=link
        )
    if number in (30, 31):
        return rendering(number, **given)
    return rendering(
        number, **given, state="queued", stage=None, message="", percent=0.0, eta_s=None, started_at=None, attempt=0
    )


def history(count: int = 250) -> list[Shown]:
    """Published shorts, newest first."""
    return [
        Shown(
            job=number, title=TITLES[number % len(TITLES)], made_at=NOW - (count - number) * 9 * 3600,
            publish_at=None if number % 5 == 0 else NOW - (count - number) * 9 * 3600 + 1800,
            batch=number // 16, duration_s=31.0 + number % 20, video=f"/home/ann/Videos/shortsd/{number}-short.mp4",
            link="" if number % 5 == 0 else f"https://youtu.be/{number:011}",
        )
        for number in range(count, 0, -1)
    ]  # fmt: skip


def processes() -> ProcessTree:
    """Two jobs being rendered, and one whose story the daemon writes itself."""

    def process(
        pid: int, name: str, cpu: float, mb: int, *children: ProcessView, quiet: float | None = None
    ) -> ProcessView:
        return ProcessView(
            pid=pid, name=name, age_s=float(pid % 100), cpu_percent=cpu, memory_bytes=mb * 1_000_000, quiet_s=quiet,
            children=list(children),
        )  # fmt: skip

    def job(number: int, title: str, stage: str, message: str, *running: ProcessView) -> JobProcesses:
        stages = [StageProcesses(stage=stage, message=message, processes=list(running))]
        return JobProcesses(job=number, title=title, percent=41.0, stages=stages)

    return ProcessTree(
        daemon=process(4100, "shortsd", 3.0, 88),
        jobs=[
            job(
                30,
                TITLES[4],
                "render",
                "412 of 900 frames",
                process(4212, "python -m shortsd.media.frames", 61.0, 140),
                process(4213, "ffmpeg", 118.0, 230, quiet=0.2),
            ),
            job(
                31,
                TITLES[3],
                "render",
                "12 of 870 frames",
                process(4220, "python -m shortsd.media.frames", 22.0, 130),
                process(4221, "ffmpeg", 40.0, 190, quiet=12.0),
            ),
            job(32, TITLES[2], "story", ""),
        ],
        others=[process(4300, "ffprobe", 1.0, 12)],
    )


FINDINGS = [
    Finding(name="ffmpeg", ok=True, detail="7.0.2 with libass, libx264, libvmaf"),
    Finding(name="disk", ok=True, detail="120.0 GB free under /home/ann/Videos/shortsd"),
    Finding(
        name="font", ok=False, detail="no font has the letters of ja",
        remedy="Install one: `apt install fonts-noto-cjk`.\nOr name one in [captions] of config.toml.",
    ),
    Finding(name="voice", ok=True, detail="espeak-ng speaks 127 languages"),
    Finding(name="youtube", ok=False, detail="nobody is signed in", remedy="`shortsctl auth youtube` signs you in."),
]  # fmt: skip


@contextmanager
def laid_out(folder: Path) -> Iterator[Staged]:
    """The stand-in with all of it."""
    with staged(folder, finished(5), failed(6), rendering(7), *week()) as stage:
        stage.daemon.calendar = Calendar(zone="Europe/Berlin", slots=[])
        stage.daemon.shorts = history()
        stage.daemon.tree = processes()
        stage.daemon.findings = FINDINGS
        yield stage
