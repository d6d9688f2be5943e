import pytest

from shortsd.domain.errors import BadRequest
from shortsd.domain.ids import Chosen, parse


def test_ids_ranges_and_batches() -> None:
    """The three ways to name jobs can be mixed."""
    assert parse(["4", "7-9", "b3"]) == Chosen(ranges=((4, 4), (7, 9)), batches=(3,))


@pytest.mark.parametrize("word", ["", "x", "9-7", "-3", "4-", "b", "b1-2", "5" * 19, "٣", "1\n"])
def test_what_names_no_job_is_refused(word: str) -> None:
    """With an example of what would."""
    with pytest.raises(BadRequest) as caught:
        parse([word])
    assert "`4 7-9 b3`" in caught.value.hint
