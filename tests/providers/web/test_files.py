import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from providers.web.service_support import NOBODY, Make, failure
from servers.loopback import Handler, huge, redirect, reset
from servers.site import Site, bomb, page

from shortsd.providers.web.bodies import unpacked


async def test_download(site: Site, make: Make, tmp_path: Path) -> None:
    """A file is saved as it is; of one that broke off nothing stays in it."""
    site.fail(reset(b"half of something longer"), page(b"\x89PNG", "image/png; q=1"))
    answer = await make().download(f"{site.address}/x", tmp_path / "file", most_bytes=1 << 20)
    assert (answer.status, (tmp_path / "file").read_bytes()) == (200, b"\x89PNG")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (page(b"%PDF-1.7", "application/pdf"), "sent application/pdf where image/jpeg or image/png was wanted."),
        (page(b"<html>", "text/html"), "sent text/html where"),
        (page(b"?", ""), "where image/jpeg or image/png was wanted."),
        (page(b"x" * (2 << 20), "image/png"), "sent more than 1 MB."),
        (huge(3, "image/png"), "sent more than 1 MB."),
        (bomb(3), "sent application/json where"),
    ],
    ids=["a PDF", "HTML", "nothing", "too large", "too large, unannounced", "a bomb"],
)
async def test_files_that_are_not_wanted(site: Site, make: Make, tmp_path: Path, fault: Handler, told: str) -> None:
    """A file of another type, or a larger one, is refused at the first look, for good."""
    site.fail(fault)
    types = ["image/jpeg", "image/png"]
    error = await failure(make().download(f"{site.address}/x", tmp_path / "file", most_bytes=1 << 20, types=types))
    assert told in error.message
    assert (error.retryable, len(site.requests)) == (False, 1)


async def test_pages_along_redirects(site: Site, make: Make) -> None:
    """A page is fetched along so many redirects, and says where it was found."""
    how: Any = {"most_bytes": 1 << 20, "types": ["text/html"], "hops": 3}
    answer = await make().page(f"{site.address}/hops/2", **how)
    assert (answer.status, answer.url) == (200, f"{site.address}/article")
    assert b"Skerry" in answer.body
    error = await failure(make().page(f"{site.address}/hops/9", **how))
    assert (error.message, error.retryable) == ("Example redirects more than 3 times.", False)


async def test_a_redirect_takes_no_key_along(site: Site, make: Make) -> None:
    """Where a redirect leads elsewhere, the service's headers stay behind."""
    with Site() as elsewhere:
        site.fail(redirect(f"{elsewhere.address}/article"))
        await make().page(f"{site.address}/x", most_bytes=1 << 20, types=["text/html"], hops=1)
    assert "Authorization" in site.requests[0].headers
    assert "Authorization" not in elsewhere.requests[0].headers


async def test_a_bomb_goes_off_piece_by_piece() -> None:
    """What is packed never takes more than its pieces, although it has three hundred times as much in it."""
    packed = gzip.compress(b" " * (100 << 20))

    async def stream() -> AsyncIterator[bytes]:
        for at in range(0, len(packed), 1 << 16):
            yield packed[at : at + (1 << 16)]

    response = httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=stream())
    response.request = httpx.Request("GET", NOBODY)
    sizes = [len(piece) async for piece in unpacked(response)]
    assert (sum(sizes), max(sizes)) == (100 << 20, 1 << 18)
