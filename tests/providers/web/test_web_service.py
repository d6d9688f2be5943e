import asyncio
import gzip
import json
import ssl
import threading
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from providers.web.service_support import KEY, NOBODY, Make, failure
from servers.loopback import Handler, Time, body, drip, huge, raw, redirect, reset, silence, status
from servers.site import Site, bomb, page

from shortsd.domain.errors import ShortsError
from shortsd.providers.web.bodies import Answer, said
from shortsd.providers.web.service import Service, Ways
from shortsd.providers.web.terms import Terms

AGAIN = [0.5, 1.0]
"""Our own waits before the second and the third request, nothing being drawn."""

BRIEF = {"read_s": 0.1, "whole_s": 0.3}
"""The patience with servers that are to be too slow."""
FAULTS = {
    "401": (status(401), "refuses our key (401)", [], False),
    "403": (status(403), "refuses our key (403)", [], False),
    "404": (status(404, "No such model."), "answered 404: No such model.", [], False),
    "408": (status(408), "answered 408.", AGAIN, True),
    "429": (status(429), "answered 429.", AGAIN, True),
    "429 for seconds": (status(429, Retry_After="7"), "answered 429.", [7.0, 7.0], True),
    "429 until a time": (status(429, Retry_After=formatdate(Time().now + 9, usegmt=True)), "429.", [9.0, 1.0], True),
    "429 until a time that is past": (status(429, Retry_After="Mon, 01 Jan 2001 00:00:00 GMT"), "429.", AGAIN, True),
    "429 for less than nothing": (status(429, Retry_After="-5"), "answered 429.", AGAIN, True),
    "429 for a day": (status(429, Retry_After="86400"), "answered 429.", [], True),
    "429 for ever": (status(429, Retry_After="9" * 400), "answered 429.", [], True),
    "500": (status(500), "answered 500.", AGAIN, True),
    "501": (status(501), "answered 501.", [], False),
    "503": (status(503, Retry_After="2"), "answered 503.", [2.0, 2.0], True),
    "reset in mid-body": (reset(b'{"ok": '), "broke off", AGAIN, True),
    "closed in mid-body": (body(b'{"ok": ', length=100), "broke off", AGAIN, True),
    "closed at once": (raw(b""), "broke off", AGAIN, True),
    "a byte a moment": (drip(b'{"ok": "' + b"x" * 200, pause_s=0.02), "did not answer in time", AGAIN, True),
    "silence": (silence(), "did not answer in time", AGAIN, True),
    "no HTTP": (raw(b"220 mail.example ESMTP\r\n\r\n"), "broke off", AGAIN, True),
    "headers without end": (raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000), "broke off", AGAIN, True),
    "two lengths": (raw(b"HTTP/1.1 200\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "broke off", AGAIN, True),
    "no length": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nab"), "broke off", AGAIN, True),
    "truncated JSON": (body(b'{"ok": tr'), "application/json that is not understood", [], True),
    "other JSON": (body(b'["ok"]'), "Expected `object`", [], True),
    "JSON without end": (body(b"[" * 100_000), "is not understood", [], True),
    "HTML": (body(b"<html>Sign in to the hotel's network", "text/html"), "answered with text/html that", [], True),
    "no UTF-8": (body(b'{"ok": "\xff"}'), "is not understood", [], True),
    "too much": (huge(3), "sent more than 1 MB", [], False),
    "too much, packed": (bomb(3), "sent more than 1 MB", [], False),
    "packed twice": (bomb(3, layers=2), "packed as 'gzip, gzip'", AGAIN, True),
    "packed otherwise": (page("{}", "application/json", Content_Encoding="br"), "packed as 'br'", AGAIN, True),
    "packed badly": (page("{}", "application/json", Content_Encoding="gzip"), "broke off", AGAIN, True),
    "packed, cut off": (page(gzip.compress(b"{}")[:-4], "text/json", Content_Encoding="gzip"), "cut off", AGAIN, True),
    "redirect": (redirect("http://169.254.169.254/"), "answered 302.", [], False),
    "redirect to nowhere": (redirect("http://a.example:port/"), "broke off", AGAIN, True),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
async def test_faults(site: Site, make: Make, time: Time, name: str) -> None:
    """What a GET that fails is told as, the waits before it is sent again if that can help, and whether it may pass."""
    fault, told, waits, retryable = FAULTS[name]
    site.fail(*[fault] * 9)
    service = make(most_bytes=1 << 20, **(BRIEF if "answer in time" in told else {}))
    error = await failure(service.json("GET", "/json", dict[str, Any]))
    assert told in error.message
    assert (time.waits, error.retryable) == (waits, retryable)
    assert len(site.requests) == len(waits) + 1


async def test_who_takes_minutes_is_not_waited_for_twice(site: Site, make: Make, time: Time) -> None:
    """Where the time of an answer is long, one who lets all of it go by is not asked again: the fallback is nearer."""
    site.fail(*[silence()] * 9)
    error = await failure(make(patient=False, **BRIEF).json("GET", "/json", dict[str, Any]))
    assert "did not answer in time" in error.message
    assert (time.waits, len(site.requests)) == ([], 1)


@pytest.mark.parametrize(
    ("fault", "requests"),
    [
        (status(429), 3),
        (status(500), 1),
        (status(503, Retry_After="2"), 1),
        (reset(b"{"), 1),
        (body(b"{", length=9), 1),
        (silence(), 1),
    ],
    ids=["429", "500", "503", "reset", "cut off", "silence"],
)
async def test_what_may_have_been_done(site: Site, make: Make, fault: Handler, requests: int) -> None:
    """A POST is sent again only after 429, which says that it was not looked at; else it might be done twice."""
    site.fail(*[fault] * 9)
    await failure(make(**BRIEF).ask("POST", "/json", body={"a": 1}))
    assert [request.body for request in site.requests] == [b'{"a":1}'] * requests


async def test_what_never_arrived(make: Make, time: Time) -> None:
    """A POST that found nobody to take it is sent again."""
    error = await failure(make(NOBODY).ask("POST", "/", body={}))
    assert error.message.startswith("Example cannot be reached (")
    assert (time.waits, error.retryable) == (AGAIN, True)


async def test_who_asks_may_know_better(site: Site, make: Make) -> None:
    """A POST that does no harm twice is sent again, a GET that counts is not."""
    site.fail(*[status(500)] * 9)
    await failure(make().ask("POST", "/json", again=True))
    await failure(make().ask("GET", "/json", again=False))
    assert [request.method for request in site.requests] == ["POST"] * 3 + ["GET"]


async def test_better_at_last(site: Site, make: Make, time: Time) -> None:
    """A request that succeeds in the end is as one that succeeded at once; so many failures do not add up."""
    service = make(trip_after=2)
    for _ in range(3):
        site.fail(status(503), reset())
        assert (await service.json("GET", "/json", dict[str, bool])) == {"ok": True}
    assert time.waits == AGAIN * 3


async def test_other_statuses(site: Site, make: Make) -> None:
    """A status that was asked for is no failure."""
    site.fail(status(308, Location="/x"))
    answer = await make().ask("PUT", "/json", content=b"abc", accept=[308])
    assert (answer.status, answer.headers["location"], site.requests[0].body) == (308, "/x", b"abc")


async def test_what_is_sent(site: Site, make: Make) -> None:
    """Its headers, the request's own and its query arrive."""
    await make().ask("GET", "/json", query={"q": "a&b", "n": 2}, headers={"X-Own": "1"})
    (request,) = site.requests
    assert request.query == {"q": "a&b", "n": "2"}
    assert (request.headers["Authorization"], request.headers["X-Own"]) == (f"Bearer {KEY}", "1")
    assert request.headers["User-Agent"].startswith("shortsd/")
    assert request.headers["Accept-Encoding"] == "gzip"


async def test_keys_stay_at_home(site: Site, make: Make, tmp_path: Path) -> None:
    """An address elsewhere, as answers may hold one, is asked without the service's headers."""
    with Site() as elsewhere:
        service = make()
        await service.ask("GET", f"{elsewhere.address}/json")
        await service.download(f"{elsewhere.address}/json", tmp_path / "file", most_bytes=100)
        await service.ask("GET", f"{site.address}/json")
        await service.ask("GET", "/json?from=http://a.example/")
    assert ["Authorization" in request.headers for request in elsewhere.requests] == [False, False]
    assert ["Authorization" in request.headers for request in site.requests] == [True, True]


async def test_no_more_than_was_announced(site: Site, make: Make) -> None:
    """What follows after the announced length is not read."""
    site.fail(body(b'{"ok": true}<script>', length=12))
    assert await make().json("GET", "/json", dict[str, bool]) == {"ok": True}


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:port", "http://127.0.0.1:99999", "http://xn--a", "http://ⓛ", "ftp://127.0.0.1",
        "127.0.0.1:80", "http://", "\ud800", "",
    ],
)  # fmt: skip
async def test_addresses_that_are_none(make: Make, time: Time, address: str) -> None:
    """A service at an address that cannot be is an error of ours, told at once, and says nothing of the service."""
    service = make(address, trip_after=1)
    error = await failure(service.ask("GET", "/json"))
    assert (error.retryable, time.waits, service.down) == (False, [], "")


@pytest.mark.parametrize("host", ["127.0.0.1:0", "[half", "a..b", f"{'a' * 64}.example"])
async def test_where_nobody_can_be(make: Make, host: str) -> None:
    """A host or a port that is none but looks like one cannot be reached."""
    error = await failure(make(f"http://{host}", tries=1).ask("GET", "/json"))
    assert "cannot be reached" in error.message


JSON = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["error", "message", "detail", "x"]), inner),
)


@given(st.binary() | JSON.map(lambda data: json.dumps(data).encode()))
def test_what_is_said(content: bytes) -> None:
    """Of any bytes a line is made that can be written down."""
    assert "\n" not in said(content).encode().decode()


LINES = st.sampled_from(["Retry-After", "Location", "Content-Encoding", "Content-Length", "Content-Type", "Set-Cookie"])
ANSWERS = st.binary(max_size=300) | st.builds(
    lambda code, headers, content: (
        b"HTTP/1.1 %d X\r\n" % code
        + b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers)
        + b"\r\n"
        + content
    ),
    st.integers(100, 599),
    st.lists(st.tuples(LINES, st.binary(max_size=30) | st.sampled_from([b"gzip", b"0", b"5", b"http://[", b"/a b"]))),
    st.binary(max_size=100) | st.sampled_from([b"[" * 5000, b'{"error": {"message": 1e999}}', b'{"detail": [[]]}']),
)
TRUST = ssl.create_default_context()
"""Made once: that takes longer than a request."""


@given(ANSWERS)
@settings(deadline=None, max_examples=100)
def test_any_answer(content: bytes) -> None:
    """Whatever a server sends, it is an answer or an error of ours whose message can be written down."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(content)
            writer.write_eof()
            await writer.drain()
        writer.close()

    async def ask() -> None:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            at = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            time = Time()
            terms = Terms(read_s=5.0, tries=2)
            service = Service(
                "Example", at, terms, ways=Ways(time, time.wait), transport=httpx.AsyncHTTPTransport(TRUST)
            )
            for asking in (
                service.json("GET", "/", dict[str, int]),
                service.page(f"{at}/", most_bytes=1000, types=["text/"], hops=1),
            ):
                try:
                    assert isinstance(await asking, dict | Answer)
                except ShortsError as exc:
                    exc.message.encode()
            service.down.encode()
            await service.close()

    asyncio.run(ask())


async def test_connections_are_not_taken_from_who_asks(site: Site, make: Make) -> None:
    """A service that is to rest does so when its answers have come; it can be asked again."""
    service, asked = make(), asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        loop.call_soon_threadsafe(asked.set)
        await asyncio.to_thread(let.wait)
        return await status(200, "{}")(request)

    loop, let = asyncio.get_running_loop(), threading.Event()
    site.fail(answer)
    asking = asyncio.create_task(service.ask("GET", "/"))
    await asked.wait()
    await service.rest()
    let.set()
    assert (await asking).status == 200
    await service.rest()
    assert service._client is None
    site.fail(status(200))
    assert (await service.ask("GET", "/")).status == 200
