"""Language models that write, behind a loopback server; and an article to be retold."""

from dataclasses import replace

from servers.chat import ChatServer
from servers.loopback import Time

from shortsd.domain.story import Article
from shortsd.providers.web.service import Service, Ways
from shortsd.providers.writer.chat import ChatWriter
from shortsd.providers.writer.presets import PRESETS
from shortsd.providers.writer.prompts import Prompts

KEY = "sk-a-key-that-nobody-should-see"
PROMPTS = Prompts.read()
LIGHTHOUSE = Article(
    url="https://news.example/lighthouse",
    title="The Lighthouse That Would Not Go Dark",
    text="""\
The old lighthouse at Kermorvan was switched off on Tuesday, after 173 years.

Its last keeper, Yann Le Goff, 71, climbed the 96 steps one more time to put out the lamp by hand. "It is like burying \
a friend," he said.

A new life
The lighthouse was built in 1849, after a storm in which eleven fishing boats were lost within sight of the harbour. \
For most of its life the lamp burned oil, and a keeper had to wind the clockwork that turned the lens every four \
hours. Electricity came only in 1931.

Since 1994 the lighthouse has run without a keeper, but Le Goff, who lives in the cottage below, has gone on climbing \
up every evening to look after the lens.

The authority for coastal waters says that ships no longer need the light, because all of them find their way by \
satellite. Sailors of the village disagree. Three of them have begun to collect signatures, and more than 4,000 people \
have signed so far.

The lens, which weighs 2.3 tonnes and floats on a bath of mercury, will be moved to the museum in Brest next spring. \
What becomes of the tower is not decided. A hotel chain is said to have asked for it.

On Tuesday night, villagers stood on the quay with torches and lamps. When the light went out, they switched theirs \
on, one after the other, and kept them lit until morning.
""",
    author="M. Kerbrat",
    site="Le Journal",
    language="en",
)

_made: list[Service] = []


def service(server: ChatServer, provider: str = "openai", key: str = KEY, time: Time | None = None) -> Service:
    """A provider's endpoint, at the server's address, in a time of its own and as fast as can be."""
    now = time or Time()
    made = PRESETS[provider].service(server.base_url, key)
    made.terms = replace(made.terms, per_minute=0)
    made.ways = Ways(clock=now, wait=now.wait, draw=lambda: 0.5)
    _made.append(made)
    return made


async def close() -> None:
    """Let go of all connections; at the end of each test."""
    while _made:
        await _made.pop().close()


def writer(
    server: ChatServer,
    provider: str = "openai",
    *,
    language: str = "en",
    words: int = 140,
    prompts: Prompts = PROMPTS,
    time: Time | None = None,
) -> ChatWriter:
    """A writer at the server."""
    model = PRESETS[provider].model or "a-model"
    return ChatWriter(service(server, provider, time=time), model, prompts, language, words, provider)
