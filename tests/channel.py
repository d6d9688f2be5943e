"""A channel with all its services on loopback, for tests and benches of weeks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from daemon import Home, home
from servers.chat import ChatServer
from servers.google import Google
from servers.loopback import together
from servers.pexels import PexelsServer
from servers.speech import KEY as SPEECH_KEY
from servers.speech import SpeechService
from servers.youtube import Youtube

LLM_KEY = "sk-or-loopback-0123456789"

SERVICES = """
[writer]
provider = ["openrouter"]
words = {words}

[voice]
provider = ["openai"]

[images]
provider = ["pexels"]

[youtube]
upload = true
privacy = "public"

[schedule]
zone = "Europe/Berlin"

[services]
openrouter = "{chat.base_url}"
speech = "{speech.base_url}"
pexels = "{pexels.address}/v1"
youtube = "{youtube.address}"
google_accounts = "{google.address}"
google_tokens = "{google.address}"
trusted = ["127.0.0.1"]
"""


def _chat() -> ChatServer:
    return ChatServer(LLM_KEY)


@dataclass
class Services:
    """The services of a channel whose owner has signed in."""

    chat: ChatServer = field(default_factory=_chat)
    speech: SpeechService = field(default_factory=SpeechService)
    pexels: PexelsServer = field(default_factory=PexelsServer)
    google: Google = field(default_factory=Google)

    def __post_init__(self) -> None:
        self.youtube = Youtube(self.google.admits)
        self.tokens = self.google.sign_in()

    @property
    def keys(self) -> list[str]:
        """What must not be found anywhere."""
        staying = [str(self.tokens["refresh_token"]), *self.google.staying, *self.google.access]
        return [LLM_KEY, SPEECH_KEY, self.pexels.key, self.google.client[1], *staying]

    def settings(self, words: int) -> str:
        """What tells a daemon where they are; stories are to have so many words."""
        return SERVICES.format(
            words=words, chat=self.chat, speech=self.speech, pexels=self.pexels, youtube=self.youtube,
            google=self.google,
        )  # fmt: skip

    def secrets(self) -> dict[str, str]:
        """The environment that holds the keys."""
        identity, secret = self.google.client
        return {
            "SHORTSD_OPENROUTER_KEY": LLM_KEY,
            "SHORTSD_SPEECH_KEY": SPEECH_KEY,
            "SHORTSD_PEXELS_KEY": self.pexels.key,
            "SHORTSD_YOUTUBE_CLIENT_ID": identity,
            "SHORTSD_YOUTUBE_CLIENT_SECRET": secret,
        }

    def all(self) -> tuple[ChatServer, SpeechService, PexelsServer, Google, Youtube]:
        return self.chat, self.speech, self.pexels, self.google, self.youtube


@contextmanager
def channel(folder: Path, config: str, words: int, latency_s: float = 0.0) -> Iterator[tuple[Home, Services]]:
    """A daemon with such a channel, and the channel; each service takes so long for each answer."""
    services = Services()
    with together(*services.all()):
        for server in services.all():
            server.latency_s = latency_s
        state = folder / "state"
        state.mkdir(mode=0o700, parents=True)
        token = state / "youtube-token.json"
        token.write_bytes(msgspec.json.encode({**services.tokens, "expires_at": 4e9}))
        token.chmod(0o600)
        with home(folder, config + services.settings(words), **services.secrets()) as daemon:
            yield daemon, services
