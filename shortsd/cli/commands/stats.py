"""`shortsctl stats`: how long stages take, how jobs end, and what all of it takes."""

import argparse
from collections.abc import Iterator, Sequence

from shortsd.cli import daemon, output
from shortsd.client.text import lasted, padded, shown, size, width
from shortsd.wire.figures import Stats

EXAMPLES = """
shortsctl stats
shortsctl stats --days 7
shortsctl stats --json | jq '.stages[] | select(.name == "render").p95_s'
"""

_DAYS = 30.0
_LATEST = 7
"""Days that are shown one by one; `--json` has all of them."""
_GAP = "  "
_LABEL = 14
"""Cells for what a line is about."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Over how many days."""
    parser.description = (
        "Show how long stages took and how jobs ended in the last days, and what is taken of the disk now. Median and "
        "p95 (95 % took no longer) are measured times, by nearest rank, of runs that did their work: what was reused "
        "does not count. Deleted jobs are not counted."
    )
    parser.add_argument("--days", type=float, default=_DAYS, metavar="N", help="over so many days (default: 30)")
    parser.add_argument("--json", action="store_true", help="print an object in JSON")


def run(args: argparse.Namespace) -> int:
    """Print the figures."""
    stats = daemon.client().stats(args.days)
    if args.json:
        output.json(stats)
        return 0
    for line in lines(stats):
        output.result(line)
    return 0


def lines(stats: Stats) -> Iterator[str]:
    """All figures, for people."""
    if stats.stages:
        yield from _table(("STAGE", "RUNS", "MEDIAN", "P95"), _stages(stats))
        yield ""
    if stats.shorts_by_day:
        yield from _table(("DAY", "SHORTS"), [(day.day, str(day.shorts)) for day in stats.shorts_by_day[-_LATEST:]])
        yield ""
    for label, value in _facts(stats).items():
        yield f"{padded(label, _LABEL)}{_GAP}{value}"


def _stages(stats: Stats) -> list[tuple[str, ...]]:
    return [
        (
            shown(one.name if one.kind == "short" else f"{one.kind}: {one.name}"),
            str(one.count),
            lasted(one.median_s),
            lasted(one.p95_s),
        )
        for one in stats.stages
    ]


def _facts(stats: Stats) -> dict[str, str]:
    ended, disk = stats.ended, stats.disk
    counts = ((ended.succeeded, "succeeded"), (ended.failed, "failed"), (ended.stopped, "stopped"))
    again = ended.started_again
    facts = {
        "jobs now": ", ".join(f"{count} {shown(state)}" for state, count in stats.jobs.items()) or "none",
        f"last {_days(stats.days)}": ", ".join(f"{count} {how}" for count, how in counts),
    }
    if ended.success_rate is not None:
        facts["success rate"] = f"{100 * ended.success_rate:.0f} %, {again} of them all needed more than one start"
    if stats.render_speed is not None:
        facts["render speed"] = f"{stats.render_speed:.2f} s of video a second"
    return facts | {
        "work": size(disk.work_bytes),
        "cache": size(disk.cache_bytes),
        "output": size(disk.output_bytes),
        "free": size(disk.free_bytes),
        "database": f"{size(disk.database_bytes)}, {stats.events} events",
    }


def _days(days: float) -> str:
    return "day" if days == 1 else f"{days:g} days"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Rows below a head: the first column at the left, numbers at the right."""
    widths = [max(width(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        yield _GAP.join(padded(cell, widths[at], right=at > 0) for at, cell in enumerate(row)).rstrip()
