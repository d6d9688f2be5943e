"""Check: the finished file looked at as a stranger would, before anybody else sees it."""

from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.errors import CheckFailed
from shortsd.domain.ports import Children
from shortsd.media.inspect import Check, Expected, checks, inspect
from shortsd.stages.plan import Plan
from shortsd.stages.render import Render
from shortsd.stages.runner import Work


@dataclass(frozen=True, slots=True)
class Report:
    """What was found; all of it is well."""

    checks: tuple[Check, ...]


async def check(file: Path, plan: Plan, film: Render, children: Children, ffmpeg: str, work: Work) -> Report:
    """Measure a rendered short. Raises CheckFailed, naming each thing that is not as it should be."""
    work.progress(0, film.duration_s)
    facts = await inspect(children, ffmpeg, file, work)
    expected = Expected(width=plan.width, height=plan.height, fps=plan.fps, duration_s=film.duration_s)
    found = checks(facts, expected)
    for one in found:
        (work.log.info if one.ok else work.log.warning)(f"{one.name}: {one.measured} (limit: {one.limit})")
    wrong = [f"{one.name} is {one.measured}, not {one.limit}" for one in found if not one.ok]
    if wrong:
        raise CheckFailed(
            f"The finished file is not as it should be: {'; '.join(wrong)}.",
            f"The file was kept for a look: {file}.",
        )
    work.progress(film.duration_s, film.duration_s)
    return Report(found)
