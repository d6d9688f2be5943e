import json

import pytest
from providers.web.service_support import KEY, Make, failure
from servers.loopback import Time, body, status
from servers.site import Site

from shortsd.providers.web.service import Service, Ways


@pytest.mark.parametrize(
    "said_of_it",
    [
        f"Incorrect key: {KEY}.",
        "x" * 190 + KEY,
        " " * 795 + KEY,
        f"/v1?key={KEY.replace('/', '%2F').replace('+', '%2B')} is not allowed",
        json.dumps({"error": {"message": f"no {KEY}"}}),
    ],
    ids=["plain", "at the cut", "after blanks", "in an address", "in JSON"],
)
async def test_a_key_that_is_told_back(site: Site, make: Make, said_of_it: str) -> None:
    """No message holds the key or a part of it, whatever the service says."""
    site.fail(status(400, said_of_it), body(b'{"ok": "' + KEY.encode() + b'"}'))
    wrong = await failure(make().ask("GET", "/json"))
    other = await failure(make().json("GET", "/json", dict[str, bool]))
    for error in (wrong, other):
        assert not any(part in error.message for part in ("sk-", "marked", "9f3"))


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY}\r\nX: 1", f"{KEY}é", "\ud800"])
async def test_a_key_that_cannot_be_sent(site: Site, time: Time, key: str) -> None:
    """A key that no header can hold is told as such, without it, and not tried again."""
    service = Service(
        "Example", site.address, headers=lambda: {"Authorization": key}, secrets=[key], ways=Ways(time, time.wait)
    )
    error = await failure(service.ask("GET", "/json"))
    await service.close()
    assert error.message.startswith("The key for Example has a letter in it")
    assert "marked" not in error.message
    assert error.__cause__ is error.__context__ is None
    assert (time.waits, site.requests, service.down) == ([], [], "")
