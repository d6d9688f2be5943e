"""Signing in: a stand-in for Google, and a browser that follows where it is led."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from servers.google import Google
from servers.loopback import silence

from shortsd.channel import account
from shortsd.config.places import Places
from shortsd.config.secrets import Secret, Secrets
from shortsd.config.settings import Services, Settings
from shortsd.domain.errors import BadInput
from shortsd.engine.signin import SignIn

CLIENT = {"youtube_client_id": Google.client[0], "youtube_client_secret": Google.client[1]}
SECRETS = Secrets({name: Secret(value, "a test") for name, value in CLIENT.items()})


@pytest.fixture
def google() -> Iterator[Google]:
    with Google() as google:
        yield google


@pytest.fixture
def settings(google: Google) -> Settings:
    return Settings(services=Services(google_accounts=google.address, google_tokens=google.address))


@pytest.fixture
async def signin(settings: Settings, tmp_path: Path) -> AsyncIterator[SignIn]:
    made = SignIn(lambda: account(settings, SECRETS, home(tmp_path)))
    yield made
    await made.close()


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(follow_redirects=True, trust_env=False) as client:
        yield client


def home(folder: Path) -> Places:
    places = Places.find({"SHORTSD_HOME": str(folder)})
    places.state.mkdir(exist_ok=True)
    return places


def redirect(url: str) -> str:
    """Where a page sends the browser back to."""
    return parse_qs(urlsplit(url).query)["redirect_uri"][0]


def state(url: str) -> str:
    return parse_qs(urlsplit(url).query)["state"][0]


async def test_a_browser_signs_in(signin: SignIn, browser: httpx.AsyncClient) -> None:
    """Who waits hears of it, and the browser shows it."""
    begun = await signin.begin()
    assert begun.state == "waiting"
    waiting = asyncio.create_task(signin.state(wait_s=30))
    page = await browser.get(begun.url)
    assert "shortsd is signed in" in page.text
    assert (await waiting).state == "signed_in"
    assert (await signin.state()).error is None


async def test_nobody_has_signed_in(signin: SignIn) -> None:
    """That is told without waiting."""
    assert (await signin.state(wait_s=30)).state == "signed_out"


async def test_a_person_says_no(signin: SignIn, browser: httpx.AsyncClient, google: Google) -> None:
    """It is told why, to the browser and to who waits."""
    google.says = "access_denied"
    page = await browser.get((await signin.begin()).url)
    assert "Not signed in" in page.text
    ended = await signin.state(wait_s=30)
    assert ended.state == "signed_out"
    assert ended.error is not None
    assert "access_denied" in ended.error.message


async def test_an_answer_with_another_state(signin: SignIn, browser: httpx.AsyncClient) -> None:
    """It is somebody else's: it signs nobody in, and the right one is still waited for."""
    begun = await signin.begin()
    page = await browser.get(redirect(begun.url), params={"state": "another", "code": "4/theirs"})
    assert page.status_code == 400
    assert (await signin.state()).state == "waiting"
    await browser.get(begun.url)
    assert (await signin.state(wait_s=30)).state == "signed_in"


async def test_other_requests(signin: SignIn, browser: httpx.AsyncClient) -> None:
    """A browser that asks for an icon learns that there is none; garbage is hung up on."""
    begun = await signin.begin()
    icon = await browser.get(f"{redirect(begun.url)}favicon.ico")
    assert icon.status_code == 404
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(redirect(begun.url)).port)
    writer.write(b"x" * 100_000)
    assert await reader.read() == b""
    writer.close()
    assert (await signin.state()).state == "waiting"


async def test_what_is_said_is_no_markup(signin: SignIn, browser: httpx.AsyncClient) -> None:
    """An error in the address cannot show anything but itself."""
    begun = await signin.begin()
    page = await browser.get(redirect(begun.url), params={"state": state(begun.url), "error": "<script>"})
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


async def test_nobody_comes(settings: Settings, tmp_path: Path) -> None:
    """It is over after a while, and the port is closed."""
    signin = SignIn(lambda: account(settings, SECRETS, home(tmp_path)), limit_s=0.01)
    begun = await signin.begin()
    ended = await signin.state(wait_s=30)
    assert ended.error is not None
    assert "Nobody signed in" in ended.error.message
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", urlsplit(redirect(begun.url)).port)


async def test_a_second_sign_in_ends_the_first(signin: SignIn, browser: httpx.AsyncClient) -> None:
    """One port is open at a time."""
    first, second = await signin.begin(), await signin.begin()
    with pytest.raises(httpx.ConnectError):
        await browser.get(first.url)
    await browser.get(second.url)
    assert (await signin.state(wait_s=30)).state == "signed_in"


async def test_several_sign_ins_at_once_leave_one_port(signin: SignIn) -> None:
    """The last one is waited for; closed at once, none is left, nor one that begins while it closes."""
    begun = await asyncio.gather(*(signin.begin() for _ in range(3)))
    *others, last = [urlsplit(redirect(one.url)).port for one in begun]
    assert await signin.state() == begun[-1]
    for port in others:
        with pytest.raises(OSError, match="Connect call failed"):
            await asyncio.open_connection("127.0.0.1", port)
    _, writer = await asyncio.open_connection("127.0.0.1", last)
    writer.close()
    again = await signin.begin()
    await signin.close()
    for port in (last, urlsplit(redirect(again.url)).port):
        with pytest.raises(OSError, match="Connect call failed"):
            await asyncio.open_connection("127.0.0.1", port)


async def test_who_signs_out_is_not_signed_in_by_who_came_before(
    signin: SignIn, browser: httpx.AsyncClient, google: Google
) -> None:
    """A browser has brought its answer, and Google takes its time over it."""
    google.fail(silence(), at="/token")
    begun = await signin.begin()
    coming = asyncio.create_task(browser.get(begun.url))
    while not google.asked("/token"):
        await asyncio.to_thread(os.getpid)
    assert (await signin.end()).state == "signed_out"
    with pytest.raises(httpx.HTTPError):
        await coming
    assert (await signin.state()).state == "signed_out"


async def test_without_a_client(settings: Settings, tmp_path: Path) -> None:
    """What has to be made at Google is said, and no port is left open."""
    signin = SignIn(lambda: account(settings, Secrets(), home(tmp_path)))
    with pytest.raises(BadInput, match="youtube_client_id") as refused:
        await signin.begin()
    assert "Desktop app" in refused.value.hint
    assert (await signin.state()).state == "signed_out"


async def test_signing_out(signin: SignIn, browser: httpx.AsyncClient, google: Google) -> None:
    """The tokens are taken back."""
    await browser.get((await signin.begin()).url)
    assert (await signin.end()).state == "signed_out"
    assert not google.staying
