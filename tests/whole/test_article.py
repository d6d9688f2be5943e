import pytest
from daemon import Home
from servers.site import Site

from shortsd.domain.errors import BadInput


def test_pages_of_this_machine(shared: Home) -> None:
    """A job for a page on this machine fails for good in its first stage, and the page is not asked for."""
    with Site() as site:
        job = shared.make(url=f"{site.address}/article")
        error = shared.until(job, "failed").error
    assert error is not None
    assert (error.code, error.stage) == ("bad_input", "story")
    assert "of this machine and of private networks" in error.message
    assert site.requests == []


def test_an_address_that_is_none(shared: Home) -> None:
    """No job is made for what is no address, and the password in it is told to nobody."""
    before = shared.client.jobs().jobs
    with pytest.raises(BadInput, match="a user's name or password") as caught:
        shared.make(url="https://me:secret@news.example/")
    assert "secret" not in caught.value.message
    assert shared.client.jobs().jobs == before
