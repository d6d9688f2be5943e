"""Who is signed in, and staying so."""

import asyncio
import stat
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from providers.youtube_support import Channel
from servers.loopback import Handler, body, reset, status

from shortsd.domain.errors import BadInput, ServiceFailed, ServiceRefused
from shortsd.providers.publish.youtube.account import SCOPES, Account, Client
from shortsd.providers.publish.youtube.tokens import Hidden, TokenFile, Tokens

REDIRECT = "http://127.0.0.1:1234/"
VERIFIER = "v" * 43


@pytest.fixture
def account(channel: Channel) -> Account:
    return channel.account(Hidden())


async def code(account: Account) -> str:
    """The code with which the page at Google sends a browser back."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.get(account.address(REDIRECT, "a state", VERIFIER))
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["a state"]
    return back["code"][0]


async def test_signing_in(account: Account, channel: Channel) -> None:
    """A code becomes tokens, in a file that only its user can read."""
    channel.file.unlink()
    await account.exchange(await code(account), REDIRECT, VERIFIER)
    assert await account.access() in channel.google.access
    assert stat.S_IMODE(channel.file.stat().st_mode) == 0o600
    assert [file.name for file in channel.home.glob("*token*")] == [channel.file.name]


async def test_what_is_asked_for(account: Account, channel: Channel) -> None:
    """No more than uploading, and seeing to one's own videos."""
    await code(account)
    assert channel.google.requests[0].query["scope"].split() == list(SCOPES)


async def test_a_code_of_somebody_else(account: Account) -> None:
    """Without the verifier that belongs to it, it is worth nothing."""
    with pytest.raises(ServiceRefused, match="expired or was taken back"):
        await account.exchange(await code(account), REDIRECT, "w" * 43)


async def test_not_all_is_allowed(account: Account, channel: Channel) -> None:
    """A box that was unticked is told, and nobody is signed in by it."""
    before = channel.file.read_bytes()
    channel.google.scope = SCOPES[0]
    with pytest.raises(BadInput, match=r"force-ssl is missing"):
        await account.exchange(await code(account), REDIRECT, VERIFIER)
    assert channel.file.read_bytes() == before


async def test_a_token_is_renewed_before_it_expires(account: Account, channel: Channel) -> None:
    """A new one is kept, with what it was got by."""
    old = channel.sign_in(lasts_s=60)
    fresh = await account.access()
    assert fresh != old["access_token"]
    kept = TokenFile(channel.file).read()
    assert kept == Tokens(old["refresh_token"], fresh, channel.time.now + 3599)


async def test_a_token_that_lasts_is_used(account: Account, channel: Channel) -> None:
    """Nobody is asked for another."""
    tokens = channel.sign_in()
    assert await account.access() == tokens["access_token"]
    assert channel.google.requests == []


async def test_jobs_renew_together(account: Account, channel: Channel) -> None:
    """Two that find it expired fetch one."""
    channel.sign_in(lasts_s=0)
    one, two = await asyncio.gather(account.access(), account.access())
    assert one == two
    assert len(channel.google.asked("/token")) == 1


async def test_it_was_revoked(account: Account, channel: Channel) -> None:
    """It says to sign in again, and the file stays as it is."""
    channel.sign_in(lasts_s=0)
    channel.google.staying.clear()
    with pytest.raises(ServiceRefused, match="expired or was taken back") as refused:
        await account.access()
    assert "shortsctl auth youtube" in refused.value.hint
    assert channel.file.exists()


async def test_a_client_that_google_does_not_know(channel: Channel) -> None:
    """It says what to compare."""
    channel.sign_in(lasts_s=0)
    account = channel.account(Hidden())
    account._client = Client("another", "secret")
    with pytest.raises(ServiceRefused, match="does not know the client"):
        await account.access()


@pytest.mark.parametrize("fault", [status(503), reset(), status(200, "<html>", "text/html"), body(b'{"access_token":')])
async def test_google_is_out_of_order(account: Account, channel: Channel, fault: Handler) -> None:
    """That may pass: it is no reason to sign in again."""
    channel.sign_in(lasts_s=0)
    channel.google.fail(*[fault] * 3)
    with pytest.raises(ServiceFailed) as failed:
        await account.access()
    assert failed.value.retryable


async def test_signing_out(account: Account, channel: Channel) -> None:
    """Google forgets us, and so does the home."""
    tokens = channel.sign_in()
    await account.sign_out()
    assert not channel.file.exists()
    assert tokens["refresh_token"] not in channel.google.staying
    with pytest.raises(ServiceRefused, match="Nobody is signed in"):
        await account.access()


async def test_signing_out_where_google_is_not_reached(account: Account, channel: Channel) -> None:
    """The tokens go all the same."""
    channel.google.fail(*[reset()] * 3)
    await account.sign_out()
    assert not channel.file.exists()


@pytest.mark.parametrize("written", [b"", b"{}", b"\xff", b'{"refresh_token": 3}'])
async def test_a_file_that_is_none_of_ours(account: Account, channel: Channel, written: bytes) -> None:
    """It is no traceback, and none of it is told."""
    channel.file.write_bytes(written)
    with pytest.raises(ServiceRefused, match="not understood"):
        await account.access()


async def test_a_file_that_others_can_read(account: Account, channel: Channel) -> None:
    """It is not used, and how to mend that is said."""
    channel.file.chmod(0o644)
    with pytest.raises(ServiceRefused, match="Others can read") as refused:
        await account.access()
    assert f"chmod 600 {channel.file}" in refused.value.hint


async def test_an_app_that_google_knows_nothing_of(channel: Channel) -> None:
    """What to make, and where to put it, is said where somebody wants to sign in."""
    account = channel.account(Hidden())
    account._client = Client("", "")
    with pytest.raises(BadInput) as refused:
        account.address(REDIRECT, "a state", VERIFIER)
    for word in ("Desktop app", "youtube_client_id", "secrets.toml", "SHORTSD_YOUTUBE_CLIENT_ID"):
        assert word in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize("before", [0, 160], ids=["at its beginning", "where it is cut"])
async def test_secrets_in_what_google_says(account: Account, channel: Channel, before: int) -> None:
    """They are not told on, nor a part of one."""
    tokens = channel.sign_in(lasts_s=0)
    secret = channel.google.client[1]
    said = f'{{"error": "{"x" * before} {tokens["refresh_token"]} {secret}"}}'
    channel.google.fail(status(400, said, "application/json"))
    with pytest.raises(ServiceRefused) as refused:
        await account.access()
    told = f"{refused.value!r} {refused.value.hint} {account!r} {Client('id', secret)!r}"
    assert tokens["refresh_token"][:10] not in told
    assert secret[:10] not in told
