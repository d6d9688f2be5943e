"""How jobs are named: ids `4`, ranges `7-9`, batches `b3`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shortsd.domain.errors import BadRequest

LIMIT = 2**62
"""Ids stay below this; SQLite's integers end at 2**63 - 1."""

MOST_RANGES = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a user named. A single id is a range of one, which must exist; of a wider range those count that do."""

    ranges: tuple[tuple[int, int], ...] = ()
    batches: tuple[int, ...] = ()


def parse(words: Iterable[str]) -> Chosen:
    """What these words name. Raises BadRequest for one that names nothing."""
    ranges: list[tuple[int, int]] = []
    batches: list[int] = []
    for word in words:
        match = re.fullmatch(r"(?:b([0-9]{1,19})|([0-9]{1,19})(?:-([0-9]{1,19}))?)", word)
        numbers = [int(number) for number in match.groups() if number] if match else []
        if match is None or any(number >= LIMIT for number in numbers) or numbers != sorted(numbers):
            raise BadRequest(f"{word!r} names no job.", "Name jobs as in `4 7-9 b3`: ids, ranges, batches.")
        if match[1]:
            batches.append(numbers[0])
        else:
            ranges.append((numbers[0], numbers[-1]))
    if sum(first != last for first, last in ranges) > MOST_RANGES:
        raise BadRequest(f"More than {MOST_RANGES} ranges were named.", "Name fewer, wider ones.")
    return Chosen(tuple(ranges), tuple(batches))
