import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers.site import Site

from shortsd.domain.errors import BadInput
from shortsd.providers.web.guard import GuardedTransport, Resolve, addresses, forgetful
from shortsd.providers.web.public import is_public

PUBLIC = "8.8.8.8"


class Recorder(httpx.AsyncBaseTransport):
    """Remembers where requests would have gone."""

    def __init__(self) -> None:
        self.hosts: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.hosts.append(request.url.host)
        return httpx.Response(200)


def known(*answers: Sequence[str]) -> Resolve:
    """Names that are asked for, answered in this order."""
    left = iter(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        assert host
        assert port
        return next(left)

    return resolve


async def get(
    url: str, *trusted: str, resolve: Resolve = addresses, inner: httpx.AsyncBaseTransport | None = None
) -> httpx.Response:
    async with httpx.AsyncClient(transport=GuardedTransport(trusted, inner, resolve)) as client:
        return await client.get(url)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


PRIVATE = [
    "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "192.0.0.8",
    "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "203.0.113.5", "224.0.0.1", "224.0.1.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1",
    "64:ff9b:1::8.8.8.8", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "2002:c0a8:101::1", "3fff::1",
    "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address: str) -> None:
    """What IANA's registries keep for special purposes (RFC 6890) is not public, nor IPv6 that holds such IPv4."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"]
)
def test_addresses_that_are_public(address: str) -> None:
    """What anybody may have is public, also where a network without IPv4 writes it as IPv6."""
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_within_another(address: IPv4Address) -> None:
    """IPv4 within IPv6 is as public as it is by itself."""
    within = [
        IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed),
        IPv6Address(b"\x20\x02" + address.packed + b"\0" * 10),
        IPv6Address(b"\x00\x64\xff\x9b" + b"\0" * 8 + address.packed),
    ]
    assert {is_public(str(one)) for one in within} == {is_public(str(address))}


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.1", "2130706433", "0x7f000001", "017700000001", "0",
        "127.0.0.1.", "[::1]", "[::ffff:127.0.0.1]", "[::]", "127。0。0。1",
    ],
)  # fmt: skip
async def test_ways_to_write_this_machine(host: str) -> None:
    """However this machine is written, it is not asked."""
    inner = Recorder()
    with pytest.raises(BadInput, match=r"of this machine and of private networks"):
        await get(f"http://{host}:8000/", inner=inner)
    assert inner.hosts == []


async def test_one_address_of_many() -> None:
    """A host that has one address of a private network among its own is not asked at all."""
    inner = Recorder()
    with pytest.raises(BadInput, match=r"^shop\.example is at 10\.0\.0\.7: addresses") as caught:
        await get("https://shop.example/", resolve=known([PUBLIC, "10.0.0.7"]), inner=inner)
    assert "services.trusted" in caught.value.hint
    assert inner.hosts == []


async def test_a_name_that_changes_its_address() -> None:
    """What was looked at is what is asked: a name is resolved once for a request, and again for the next."""
    inner, resolve = Recorder(), known([PUBLIC], ["127.0.0.1"])
    assert (await get("http://rebind.example/", resolve=resolve, inner=inner)).status_code == 200
    with pytest.raises(BadInput):
        await get("http://rebind.example/", resolve=resolve, inner=inner)
    assert inner.hosts == [PUBLIC]


async def test_the_host_is_told(site: Site) -> None:
    """The server is told the host's name, although it is asked at its address."""
    port = httpx.URL(site.address).port
    answer = await get(f"http://news.example:{port}/json", "news.example", resolve=known(["127.0.0.1"]))
    assert answer.json() == {"ok": True}
    assert str(answer.url) == f"http://news.example:{port}/json"
    assert site.requests[0].headers["Host"] == f"news.example:{port}"


async def test_the_next_address(site: Site) -> None:
    """A host is asked at its next address if nobody takes connections at the first."""
    port = httpx.URL(site.address).port
    found = known(["127.0.0.2", "127.0.0.1"])
    assert (await get(f"http://two.example:{port}/json", "two.example", resolve=found)).status_code == 200
    with pytest.raises(httpx.ConnectError):
        await get(f"http://none.example:{port}/", "none.example", resolve=known(["127.0.0.2", "127.0.0.3"]))


async def test_trust(site: Site) -> None:
    """A trusted host may have any address, at all of its ports or at one."""
    url, port = f"{site.address}/json", httpx.URL(site.address).port
    assert (await get(url, "127.0.0.1")).status_code == 200
    assert (await get(url, f"127.0.0.1:{port}")).status_code == 200
    for name in ("127.0.0.1:1", "localhost", "27.0.0.1", ""):
        with pytest.raises(BadInput):
            await get(url, name)


@pytest.mark.parametrize(
    ("trusted", "url"),
    [
        ("nas.local", "http://NAS.local./"),
        ("NAS.local:80", "http://nas.local/"),
        ("nas.local:443", "https://nas.local/"),
        ("::1", "http://[::1]/"),
        ("[::1]:8080", "http://[::1]:8080/"),
    ],
)
async def test_ways_to_write_trust(trusted: str, url: str) -> None:
    """Trust knows no letter case and no final dot, and the ports of http and https."""
    assert (await get(url, trusted, resolve=known(["::1"]), inner=Recorder())).status_code == 200


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://files.example/", "no address of a page"),
        ("file:///etc/passwd", "no address of a page"),
        ("http:///path", "no address of a page"),
        ("http://./", "no address of a page"),
        ("http://me:secret@page.example/", "http://page.example/ is asked for with a user's name or password"),
        (f"http://{'a' * 64}.example/", "There cannot be a host"),
        ("http://a..example/", "There cannot be a host"),
    ],
)
async def test_odd_addresses(url: str, said: str) -> None:
    """What is no address of a page, or tells a password, is refused; the password is not repeated."""
    with pytest.raises(BadInput, match=said) as caught:
        await get(url, inner=Recorder())
    assert "secret" not in caught.value.message


async def test_a_host_that_nobody_knows() -> None:
    """A name without an address is a connection that fails, which may be better later."""

    async def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError(-2, f"{host}:{port} not known")

    for resolve in (unknown, known([])):
        with pytest.raises(httpx.ConnectError, match="nobody"):
            await get("http://nobody.example/", resolve=resolve)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made by openssl")
async def test_certificates(tmp_path: Path) -> None:
    """Over TLS a server has to prove the name that was asked for, not the address, whatever was proved before."""
    async with _tls(*_certificate(tmp_path)) as (port, trust):

        async def here(_host: str, _port: int) -> Sequence[str]:
            return ["127.0.0.1"]

        guard = GuardedTransport(["bank.example", "evil.example"], forgetful(trust), here)
        async with httpx.AsyncClient(transport=guard) as client:
            assert (await client.get(f"https://bank.example:{port}/")).text == "hello"
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await client.get(f"https://evil.example:{port}/")


def _certificate(folder: Path) -> tuple[Path, Path]:
    """The certificate of bank.example, signed by itself, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=bank.example", "-addext", "subjectAltName=DNS:bank.example"]
    command += ["-keyout", str(key), "-out", str(certificate), "-days", "2"]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


@asynccontextmanager
async def _tls(certificate: Path, key: Path) -> AsyncIterator[tuple[int, ssl.SSLContext]]:
    """A server on loopback that has a certificate: its port, and who believes it."""
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(certificate, key)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):  # nothing more is asked for
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=ours) as server:
        yield server.sockets[0].getsockname()[1], ssl.create_default_context(cafile=str(certificate))
