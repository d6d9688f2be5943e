import asyncio
import gzip
import json
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.loopback import Handler, Time, body, drip, huge, raw, redirect, reset, silence, status
from servers.site import Site, bomb, page

from shortsd.domain.errors import ServiceFailed, ShortsError
from shortsd.providers.web.bodies import said, unpacked
from shortsd.providers.web.service import Answer, Service, Ways
from shortsd.providers.web.terms import Terms

KEY = "sk-marked/key+9f3"
NOBODY = "http://127.0.0.1:1"
"""Where nobody takes connections."""
Make = Callable[..., Service]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def make(site: Site, time: Time) -> AsyncIterator[Make]:
    """Services at the site, or elsewhere, that wait by `time` and draw nothing."""
    made: list[Service] = []

    def make(address: str | None = None, **terms: Any) -> Service:
        service = Service(
            "Example",
            site.address if address is None else address,
            Terms(**terms),
            headers=lambda: {"Authorization": f"Bearer {KEY}"},
            secrets=[KEY],
            ways=Ways(clock=time, wait=time.wait, draw=lambda: 0.0),
        )
        made.append(service)
        return service

    yield make
    for service in made:
        await service.close()


async def failure(asking: Any) -> ServiceFailed:
    with pytest.raises(ServiceFailed) as caught:
        await asking
    return caught.value


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


# The circuit: whether the service is asked at all.


async def test_trips_and_comes_back(site: Site, make: Make, time: Time) -> None:
    """After so many failures it is not asked until its time has come; one more failure then is enough, or a success."""
    service = make(tries=1, trip_after=3, trip_s=300.0)
    site.fail(*[status(500, "Overheated.")] * 4)
    for _ in range(2):
        await failure(service.ask("GET", "/json"))
    assert not service.down
    await failure(service.ask("GET", "/json"))
    assert service.down.startswith("Example answered 500: Overheated. It is not asked before 20")
    error = await failure(service.ask("GET", "/json"))
    assert (error.message, error.retryable, len(site.requests)) == (service.down, True, 3)

    time.now += 300
    assert not service.down
    await failure(service.ask("GET", "/json"))
    assert (bool(service.down), len(site.requests)) == (True, 4)

    time.now += 300
    assert (await service.ask("GET", "/json")).status == 200
    site.fail(status(500))
    await failure(service.ask("GET", "/json"))
    assert not service.down


@pytest.mark.parametrize(
    ("fault", "down_s"),
    [
        (status(429, Retry_After="61"), 61),
        (status(503, Retry_After=formatdate(Time().now + 3600, usegmt=True)), 3600),
        (status(429, Retry_After="9" * 400), 86_400),
        (status(401), 300),
        (status(404), 0),
        (status(429, Retry_After="60"), 0),
    ],
    ids=["61 s", "an hour", "for ever", "no such key", "a wrong request", "a minute"],
)
async def test_left_alone_at_once(site: Site, make: Make, time: Time, fault: Handler, down_s: float) -> None:
    """Who asks for a wait above ours is left alone for it, a day at most; who refuses our key is for a while."""
    site.fail(fault)
    service = make(longest_wait_s=60.0, trip_s=300.0)
    with suppress(ServiceFailed):
        await service.ask("GET", "/json")
    began = Time().now
    if down_s:
        time.now = began + down_s - 1
        assert service.down
        time.now = began + down_s
    assert not service.down


async def test_a_wrong_answer_of_ours_is_no_failure(site: Site, make: Make) -> None:
    """However many requests were wrong, the service is asked."""
    service = make(trip_after=1)
    site.fail(*[status(404)] * 3)
    for _ in range(3):
        await failure(service.ask("GET", "/json"))
    assert (await service.ask("GET", "/json")).status == 200


async def test_who_waits_for_a_turn(site: Site, make: Make) -> None:
    """Requests that waited for their turn while the circuit opened are not sent."""
    site.fail(*[status(500)] * 9)
    service = make(at_once=1, tries=1, trip_after=1)
    errors = await asyncio.gather(*(failure(service.ask("GET", "/json")) for _ in range(5)))
    assert len(site.requests) == 1
    assert [error.message.startswith("Example answered 500.") for error in errors] == [True] * 5


async def test_many_tasks(site: Site, make: Make) -> None:
    """Of many tasks so many are served at the same time, and all in the end."""
    inside, most = 0, 0
    two = asyncio.Barrier(2)

    async def meet(_: web.Request) -> web.StreamResponse:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await two.wait()
        inside -= 1
        return web.json_response({})

    site.fail(*[meet] * 20)
    service = make(at_once=2)
    answers = await asyncio.gather(*(service.ask("GET", "/json") for _ in range(20)))
    assert ([answer.status for answer in answers], most) == ([200] * 20, 2)


async def test_cancelled(site: Site, make: Make) -> None:
    """A cancelled request leaves no connection and no turn behind, and counts as no failure, in whichever phase."""
    service = make(at_once=1, trip_after=1)
    for fault in (silence(), drip(b"x" * 1000, pause_s=0.01)):
        site.fail(fault)
        seen = len(site.requests)
        task = asyncio.create_task(service.ask("GET", "/json"))
        while len(site.requests) == seen or not _connections(service):  # noqa: ASYNC110 - it is another thread's
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert _connections(service) == []
    assert (await service.ask("GET", "/json")).status == 200


def _connections(service: Service) -> list[Any]:
    assert service._client is not None
    transport = service._client._transport
    assert isinstance(transport, httpx.AsyncHTTPTransport)
    return list(transport._pool.connections)


# Secrets.


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
    assert error.message.startswith("Example cannot be asked")
    assert "marked" not in error.message
    assert error.__cause__ is error.__context__ is None
    assert (time.waits, site.requests, service.down) == ([], [], "")


# Addresses.


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


# Files.


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


# Pages.


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


# Anything.


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
