from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from processes.children_support import MemoryRegistry
from servers.loopback import Handler, Time, body, drip, huge, redirect, reset, silence, status
from servers.site import JAPANESE, PARAGRAPHS, RUSSIAN, TITLE, Site, bomb, page
from support import InProcess, TestDesk

from shortsd.domain.errors import BadInput, ServiceFailed
from shortsd.domain.story import Article
from shortsd.processes.children import ChildProcesses
from shortsd.processes.limits import Limits
from shortsd.processes.workers import WorkerProcesses
from shortsd.providers.articles import extract
from shortsd.providers.articles.web import TERMS, WebArticles
from shortsd.providers.web.service import Ways
from shortsd.providers.web.terms import Terms

Fetch = Callable[..., Any]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def fetch(site: Site) -> Fetch:
    """Fetches the article at a path of the site, which alone is trusted, or at an address."""
    time = Time()

    async def fetch(path: str, terms: Terms = TERMS) -> Article:
        trusted = [httpx.URL(site.address).netloc.decode()]
        articles = WebArticles(InProcess(), trusted, terms, Ways(time, time.wait, lambda: 0.0))
        return await articles.fetch(f"{site.address}{path}" if path.startswith("/") else path, TestDesk())

    return fetch


async def refused(asking: Any) -> str:
    """What is said of an article that cannot be had for good, in a line."""
    with pytest.raises(BadInput) as caught:
        await asking
    assert not caught.value.retryable
    return f"{caught.value.message} {caught.value.hint}"


async def test_the_article_alone(site: Site, fetch: Fetch) -> None:
    """Of a newspaper's page the article is taken, with its title, author, site and language, and nothing around it."""
    found = await fetch("/article")
    assert (found.title, found.author, found.site, found.language) == (TITLE, "Ida Marsh", "The Skerry Post", "en-GB")
    assert all(paragraph in found.text for paragraph in PARAGRAPHS)
    assert not any(word in found.text for word in ("cookies", "Sport", "First!", "Gulls", "rights reserved"))
    assert not found.text.startswith(TITLE)
    assert found.url == f"{site.address}/article"


async def test_an_article_with_its_structure(site: Site, tmp_path: Path) -> None:
    """Headings, lists, code and the whole addresses of pictures are there as Markdown; a picture is fetched alone."""
    articles = WebArticles(InProcess(), [httpx.URL(site.address).netloc.decode()])
    found, markdown = await articles.structured(f"{site.address}/lesson", TestDesk())
    assert found.title == "On tea"
    picture = f"{site.address}/kettle.png"
    assert all(one in markdown for one in ("## What you need", "- Loose leaves", "brew(leaves)", f"]({picture})"))
    await articles.picture(picture, tmp_path / "kettle", TestDesk())
    assert (tmp_path / "kettle").read_bytes().startswith(b"\x89PNG")
    assert "where image" in await refused(articles.picture(f"{site.address}/article", tmp_path / "no", TestDesk()))


async def test_in_a_worker(site: Site) -> None:
    """A real worker does the same, and the daemon's own process loads nothing of it."""
    children = ChildProcesses(MemoryRegistry(), "test", Limits())
    articles = WebArticles(WorkerProcesses(children), [httpx.URL(site.address).netloc.decode()])
    desk = TestDesk()
    assert (await articles.fetch(f"{site.address}/packed", desk)).title == TITLE
    assert desk.log.lines == [f"info reads {site.address}/packed"]
    assert await refused(articles.fetch(f"{site.address}/scripts", desk))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/latin", "The café’s naïve “fée” paid 5 €."),
        ("/russian", RUSSIAN.strip()),
        ("/japanese", JAPANESE),
        ("/utf16", PARAGRAPHS[0]),
        ("/odd-charset", PARAGRAPHS[1]),
        ("/plain", PARAGRAPHS[2]),
    ],
)
async def test_encodings(fetch: Fetch, path: str, said: str) -> None:
    """A page is read as its server says, as it says itself, or as it looks like."""
    assert said in (await fetch(path)).text


async def test_plain_text(fetch: Fetch) -> None:
    """Of a plain text the first line is the title, if it stands alone."""
    found = await fetch("/plain")
    assert (found.title, found.text) == (TITLE, "\n\n".join(PARAGRAPHS))


async def test_a_long_one(fetch: Fetch) -> None:
    """Of a long article the beginning is kept, whole paragraphs of it."""
    text = (await fetch("/long")).text
    assert extract.MOST * 0.9 < len(text) <= extract.MOST
    assert text.endswith(tuple(paragraph[-20:] for paragraph in PARAGRAPHS))


async def test_redirects(site: Site, fetch: Fetch) -> None:
    """A page that has moved is found, and says where; one that goes on moving is not."""
    assert (await fetch("/hops/4")).url == f"{site.address}/article"
    assert "redirects more than 5 times" in await refused(fetch("/hops/5"))
    site.fail(*[redirect("/loop")] * 9, at="/loop")
    assert "redirects more than 5 times" in await refused(fetch("/loop"))


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:1/",
        "//[::ffff:10.0.0.1]/",
        "http://0/",
        "http://127.1",
    ],
)
async def test_redirects_into_a_private_network(site: Site, fetch: Fetch, to: str) -> None:
    """A page at large that leads into this machine or the network around it is refused."""
    site.fail(redirect(to))
    assert "of this machine and of private networks" in await refused(fetch("/article"))


async def test_another_port_of_a_trusted_host(site: Site, fetch: Fetch) -> None:
    """Trust in one port of a host is none in the others: they are not asked."""
    with Site() as other:
        site.fail(redirect(f"{other.address}/article"))
        assert "services.trusted" in await refused(fetch("/article"))
        assert "services.trusted" in await refused(fetch(f"{other.address}/article"))
    assert other.requests == []


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("file:///etc/passwd", "no address of a page"),
        ("ftp://files.example/", "no address of a page"),
        ("https://me:secret@site.example/", "a user's name or password"),
        ("mailto:me@site.example", "an address, a port or a header is none"),
    ],
)
async def test_redirects_to_what_is_no_page(site: Site, fetch: Fetch, to: str, said: str) -> None:
    """Neither files nor passwords are reached by a redirect, and no password is told."""
    site.fail(redirect(to))
    told = await refused(fetch("/article"))
    assert said in told
    assert "secret" not in told


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (status(401), "answered 401, which wants a login"),
        (status(403), "answered 403, which lets nobody in"),
        (status(404), "answered 404, which knows no such page"),
        (status(410), "answered 410, which says that the page is gone"),
        (status(451), "answered 451."),
        (page(b"%PDF-1.7", "application/pdf"), "sent application/pdf where text/html"),
        (page(b"{}", "application/json"), "sent application/json where"),
        (huge(6, "text/html"), "sent more than 5 MB"),
        (page(b" " * (6 << 20), "text/html"), "sent more than 5 MB"),
        (page("<html><body>" + "<div>" * 100_000 + "deep"), "No article was found at"),
        (page(""), "No article was found at"),
        (page(b"\0" * 1000), "No article was found at"),
    ],
    ids=["401", "403", "404", "410", "451", "PDF", "JSON", "huge", "too large", "nested", "empty", "zeros"],
)
async def test_pages_that_are_none(site: Site, fetch: Fetch, fault: Handler, said: str) -> None:
    """What a second look will not better is told with the address, and is not asked for again."""
    site.fail(fault)
    told = await refused(fetch("/article"))
    assert said in told
    assert f"{site.address}/article" in told
    assert len(site.requests) == 1


@pytest.mark.parametrize("path", ["/scripts", "/login"])
async def test_no_article(fetch: Fetch, path: str) -> None:
    """A page without an article is told as one, and why that may be."""
    told = await refused(fetch(path))
    assert "No article was found" in told
    assert "made by scripts, or stand behind a login" in told


@pytest.mark.parametrize(
    "fault",
    [
        status(429),
        status(429, Retry_After="86400"),
        status(500),
        status(503),
        reset(b"<html>", "text/html"),
        body(b"<html>", "text/html", length=9),
    ],
    ids=["429", "429 for a day", "500", "503", "reset", "cut off"],
)
async def test_what_may_pass(site: Site, fetch: Fetch, fault: Handler) -> None:
    """A server that fails now may do better later."""
    site.fail(*[fault] * 2)
    with pytest.raises(ServiceFailed) as caught:
        await fetch("/article")
    assert caught.value.retryable


async def test_better_the_second_time(site: Site, fetch: Fetch) -> None:
    """A page that fails once is fetched."""
    site.fail(status(503))
    assert (await fetch("/article")).title == TITLE


@pytest.mark.parametrize(
    "fault", [silence(), drip(b"<p>" * 1000, 0.01, "text/html")], ids=["silence", "a byte a moment"]
)
async def test_too_slow(site: Site, fetch: Fetch, fault: Handler) -> None:
    """A page has so long in all, whatever it does with it."""
    site.fail(*[fault] * 2)
    with pytest.raises(ServiceFailed, match=r"127\.0\.0\.1 did not answer (with)?in") as caught:
        await fetch("/article", Terms(whole_s=0.2))
    assert caught.value.retryable


async def test_a_bomb(site: Site, fetch: Fetch) -> None:
    """What is small only while it is packed is refused."""
    packed = bomb(100)

    async def as_a_page(request: Any) -> Any:
        answer = await packed(request)
        answer.headers["Content-Type"] = "text/html"
        return answer

    site.fail(as_a_page)
    assert "sent more than 5 MB" in await refused(fetch("/article"))


@pytest.mark.parametrize(
    "url", ["", "a.example", "ftp://a.example/", "https://u:p@a.example/", f"https://a/{'a' * 2000}"]
)
async def test_addresses_that_are_none(site: Site, fetch: Fetch, url: str) -> None:
    """What is no address of a page is told at once."""
    assert "address" in await refused(fetch(url))
    assert site.requests == []


@given(st.binary(max_size=200), st.none() | st.text(max_size=12))
@settings(deadline=None)
def test_any_page(content: bytes, charset: str | None) -> None:
    """Whatever a page is made of, a text comes of it."""
    assert isinstance(extract.decoded(content, charset), str)
