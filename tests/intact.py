"""What must hold of a home however its daemons died. Each function lists what does not."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import imageio_ffmpeg
import msgspec
import psutil
from daemon import Home

from shortsd.engine.cleaning import FILES
from shortsd.stages.workspace import PART, RECORD


def rows(home: Home, sql: str) -> list[tuple[object, ...]]:
    """What the database of a home says, read beside the daemon."""
    with closing(sqlite3.connect(f"file:{home.places.database}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def damage(home: Home) -> list[str]:
    """What is wrong with the database, and gaps in the numbers of its events."""
    wrong = [str(row[0]) for row in rows(home, "PRAGMA quick_check") if row[0] != "ok"]
    gaps = rows(home, "SELECT seq FROM events WHERE seq > 1 AND seq - 1 NOT IN (SELECT seq FROM events)")
    return wrong + [f"no event before {seq}" for (seq,) in gaps]


def redone(home: Home) -> list[str]:
    """Stages that were done twice with the same fingerprint."""
    twice = rows(
        home,
        "SELECT job, stage, fingerprint FROM stage_runs WHERE outcome = 'done'"
        " GROUP BY job, stage, fingerprint HAVING count(*) > 1",
    )
    return [f"{stage} of job {job} was done twice ({mark})" for job, stage, mark in twice]


def half_made(home: Home) -> list[str]:
    """Folders of finished stages that are not as their records say."""
    folders = [folder for folder in home.places.work.glob("*/*-*") if folder.parent.name != PART]
    return [f"{folder} is not whole" for folder in folders if not _whole(folder)]


def orphans(home: Home) -> list[str]:
    """Processes that do not descend from the living daemon. For a while, those of a dead one are dying."""
    daemon = home.process.pid if home.process and home.lives else None
    return [f"{process} is an orphan" for process in home.strays() if not _descends(process, daemon)]


def unsettled(home: Home) -> list[str]:
    """What says that work goes on, or waits to be put in order, where all jobs have ended."""
    wrong = [f"{name} is on the register" for (name,) in rows(home, "SELECT name FROM children")]
    wrong += [f"job {job} is {state}" for job, state in rows(home, _UNENDED)]
    wrong += [f"{stage} of job {job} runs" for job, stage in rows(home, _RUNNING)]
    return wrong + [f"{part} was left" for part in _parts(home)]


_UNENDED = "SELECT id, state FROM jobs WHERE state NOT IN ('succeeded', 'failed', 'stopped')"
_RUNNING = "SELECT job, stage FROM stage_runs WHERE outcome = 'running'"


def misplaced(home: Home) -> list[str]:
    """What the output folder has and should not have, or the other way round."""
    made = [
        msgspec.json.decode(str(result)) for (result,) in rows(home, "SELECT result FROM jobs WHERE result != '{}'")
    ]
    due = {str(result[kind]) for result in made for kind in FILES}
    there = {str(home.places.output / name) for name in home.outputs()}
    return [f"{file} is missing" for file in due - there] + [f"{file} is nobody's" for file in there - due]


def unplayable(home: Home) -> list[str]:
    """What FFmpeg has against the videos that are there, read to their end."""
    return [said for file in home.places.output.glob("*.mp4") if (said := _played(file))]


def _played(video: Path) -> str:
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-xerror", "-i", video, "-f", "null", "-"]
    done = subprocess.run(argv, capture_output=True, check=False)
    return f"{video}: {done.stderr.decode()}" if done.returncode or done.stderr else ""


def _whole(folder: Path) -> bool:
    try:
        sizes: dict[str, int] = msgspec.json.decode((folder / RECORD).read_bytes())["sizes"]
    except (OSError, msgspec.DecodeError):
        return False
    files = {str(file.relative_to(folder)): file.stat().st_size for file in folder.rglob("*") if file.is_file()}
    return {name: size for name, size in files.items() if name != RECORD} == sizes


def _parts(home: Home) -> Iterator[Path]:
    """What was half made and not taken away."""
    yield from home.places.work.glob(f"*/{PART}")
    yield from (home.places.output / name for name in home.outputs() if name.startswith("."))


def _descends(process: psutil.Process, daemon: int | None) -> bool:
    try:
        return daemon in [parent.pid for parent in process.parents()]
    except psutil.Error:
        return not process.is_running()  # gone meanwhile, it is nobody's
