"""Check: the finished file looked at as a stranger would, before anybody else sees it. docs/checks.md has the list."""

from dataclasses import dataclass
from pathlib import Path

from shortsd.domain.errors import CheckFailed
from shortsd.domain.ports import Children
from shortsd.media.inspect import checks, inspect
from shortsd.media.judging import GLYPHS, Check, Expected, Kind, Lettering, captions
from shortsd.stages.runner import Work


@dataclass(frozen=True, slots=True)
class Report:
    """What was found; all that must be well is."""

    checks: tuple[Check, ...]


def require_letters(lettering: Lettering) -> None:
    """See, before a film is drawn, that it will show enough of what is said. Raises CheckFailed."""
    for one in captions(lettering):
        if one.name == GLYPHS and not one.ok and one.kind is Kind.MUST:
            raise CheckFailed(f"Captions would show boxes in place of {one.measured}.", f"{one.limit.capitalize()}.")


async def check(
    file: Path, expected: Expected, lettering: Lettering, children: Children, ffmpeg: str, work: Work
) -> Report:
    """Measure a rendered short. Raises CheckFailed, naming each thing that is not as it must be."""
    work.progress(0, expected.duration_s)
    facts = await inspect(children, ffmpeg, file, work)
    found = (*checks(facts, expected), *captions(lettering))
    for one in found:
        (work.log.info if one.ok else work.log.warning)(f"{one.name}: {one.measured} (limit: {one.limit})")
    wrong = [f"{one.name} is {one.measured}, not {one.limit}" for one in found if not one.ok and one.kind is Kind.MUST]
    if wrong:
        raise CheckFailed(
            f"The finished file is not as it should be: {'; '.join(wrong)}.",
            f"The file was kept for a look: {file}.",
        )
    work.progress(expected.duration_s, expected.duration_s)
    return Report(found)
