"""Which rows are shown, and in which order."""

import random

import pytest

from shorts_tui.listing import Listing
from shorts_tui.model import Job
from shorts_tui.query import Query, Searching
from shorts_tui.searching import JOBS
from shorts_tui.widgets.job_columns import columns
from shortsd.wire.models import ErrorBody


def job(number: int, **given: object) -> Job:
    told: dict[str, object] = {
        "id": number, "kind": "short", "title": f"Story {number}", "state": "queued", "priority": 0, "batch": None,
        "created_at": 0.0, "moved_at": 0.0,
    }  # fmt: skip
    return Job(**{**told, **given})  # type: ignore[arg-type]  # as laid out by each test


def listing() -> Listing[Job]:
    return Listing(columns(lambda: 0.0), JOBS, by="id")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bell", {2}),
        ("BELL harbour", {2}),
        ("bell tower", set()),
        ("state:fail", {3}),
        ("stage:render", {1}),
        ("b1", {1, 2}),
        ("b1 state:queued", {2}),
        ("answer", {3}),
        ("", {1, 2, 3}),
        ("colour:red", set()),
    ],
)
def test_all_words_and_terms_have_to_be_true_of_a_row(typed: str, found: set[int]) -> None:
    """Words stand anywhere, in any letters; terms are about one thing; b1 is batch 1, not batch 12."""
    rows = [
        job(1, state="running", stage="render", batch=1),
        job(2, title="A bell under the harbour", batch=1),
        job(3, state="failed", batch=12, error=ErrorBody(code="unavailable", message="It does not answer.")),
    ]
    query = Query.of(typed, JOBS)
    assert {row.id for row in rows if query.matches(row, JOBS)} == found


def test_few_changes_lead_to_the_same_order_as_a_fresh_look() -> None:
    """Whatever came, changed and went, filtered and sorted by whatever: as if all had been sorted anew."""
    draw = random.Random(7)
    kept, rows = listing(), {number: job(number) for number in range(300)}
    kept.take(rows, None)
    for _ in range(60):
        if draw.random() < 0.3:
            kept.filter(draw.choice(["", "1", "state:run", "sto 2", "b3"]))
        if draw.random() < 0.3:
            kept.sort(draw.choice(["id", "state", "title", "tries"]), backwards=draw.random() < 0.5)
        changed = draw.sample(range(400), 5)
        for number in changed:
            rows.pop(number, None)
            if draw.random() < 0.7:
                state, attempt = draw.choice(["running", "failed"]), draw.randrange(3)
                rows[number] = job(number, state=state, batch=draw.randrange(5), attempt=attempt)
        kept.take(rows, changed)
        fresh = listing()
        fresh.sort(kept.by, backwards=kept.backwards)
        fresh.filter(kept.typed)
        fresh.take(rows, None)
        assert kept.keys == fresh.keys


def test_what_changes_all_the_time_moves_rows_only_when_they_are_to_settle() -> None:
    """Sorted by how far they are, jobs keep their places until the second is over; new ones come at once."""
    rows = {1: job(1, percent=10.0), 2: job(2, percent=20.0)}
    kept = listing()
    kept.sort("done", backwards=True)
    kept.take(rows, None)
    rows |= {1: job(1, percent=30.0), 3: job(3, percent=5.0)}
    assert kept.take(rows, [1, 3])
    assert kept.keys == [2, 1, 3]
    assert kept.settle()
    assert kept.keys == [1, 2, 3]


def test_what_rows_are_searched_by_is_found_out_beforehand_and_once() -> None:
    """Little by little; a row that has become another is looked at again."""
    looked: list[int] = []

    def look(row: Job) -> str:
        looked.append(row.id)
        return JOBS.text(row)

    rows = {number: job(number) for number in range(5)}
    kept = Listing(columns(lambda: 0.0), Searching(look, JOBS.terms), by="id")
    kept.take(rows, None)
    assert kept.warm(3)
    assert not kept.warm(3)
    rows[2] = job(2, title="another")
    kept.take(rows, [2])
    kept.filter("another")
    assert kept.keys == [2]
    assert sorted(looked) == [0, 1, 2, 2, 3, 4]
