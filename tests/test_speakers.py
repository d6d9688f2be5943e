"""Who speaks, on settings and keys."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shortsd.config.places import Places
from shortsd.config.secrets import Secret, Secrets
from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput
from shortsd.kept import Kept
from shortsd.providers.voice.chain import VoiceChain
from shortsd.providers.voice.espeak import EspeakVoice
from shortsd.speakers import speakers

KEY = "sk-0123456789"


def chain(folder: Path, *secrets: str, services: dict[str, Any] | None = None, **voice: Any) -> VoiceChain:
    settings = msgspec.convert({"voice": voice, "services": services or {}}, Settings)
    found = Secrets({name: Secret(KEY, "a test") for name in secrets})
    return speakers(settings, found, Places.find({"SHORTSD_HOME": str(folder)}), Kept())


async def cast(made: VoiceChain) -> list[str]:
    """Who would speak, without the voices' ids."""
    return [speaker.provider for speaker in await made.speakers("en-us")]


@pytest.mark.parametrize(
    ("provider", "secrets", "names"),
    [
        ("espeak", [], ["espeak"]),
        ("edge", [], ["edge"]),
        (["edge", "espeak"], [], ["edge", "espeak"]),
        ("auto", [], ["edge", "espeak"]),
        ("auto", ["openai_key"], ["openai", "edge", "espeak"]),
        ("auto", ["speech_key"], ["openai", "edge", "espeak"]),
        ("auto", ["pexels_key"], ["edge", "espeak"]),
        ("openai", ["openai_key"], ["openai"]),
    ],
)
async def test_who_is_asked(tmp_path: Path, provider: object, secrets: list[str], names: list[str]) -> None:
    """Those that are named, in their order; of `auto` those that may work."""
    assert await cast(chain(tmp_path, *secrets, provider=provider)) == names


async def test_an_endpoint_of_ones_own_needs_no_key(tmp_path: Path) -> None:
    """It is among those that may work."""
    own = {"speech": "http://127.0.0.1:8880/v1"}
    assert await cast(chain(tmp_path, services=own, provider="auto")) == ["openai", "edge", "espeak"]


def test_openai_without_a_key_is_refused(tmp_path: Path) -> None:
    """At once, with what to do about it."""
    with pytest.raises(BadInput) as refused:
        chain(tmp_path, provider=["openai", "espeak"])
    assert "SHORTSD_OPENAI_KEY" in refused.value.hint


def test_openais_key_is_for_openai(tmp_path: Path) -> None:
    """Another endpoint does not get it, but for one that is the writer's, too."""
    other = {"speech": "https://voices.example/v1"}
    assert _shown(chain(tmp_path, "openai_key", services=other, provider="openai")) == {}
    assert _shown(chain(tmp_path, "speech_key", services=other, provider="openai"))
    both = {**other, "openai": other["speech"]}
    assert _shown(chain(tmp_path, "openai_key", services=both, provider="openai"))


def _shown(made: VoiceChain) -> object:
    """What an endpoint is sent to know us by."""
    cached: Any = made._members[0].voice
    return cached._voice._service.headers()


def test_a_key_is_in_no_key_of_a_cache(tmp_path: Path) -> None:
    """Nor does espeak-ng alone have another than it had."""
    assert KEY not in chain(tmp_path, "openai_key", provider="auto").key
    assert chain(tmp_path).key == EspeakVoice().key


async def test_espeak_stands_in_with_the_configured_voice(tmp_path: Path) -> None:
    """Where the language of what was asked for is not known."""
    made = chain(tmp_path, "openai_key", provider=["openai", "espeak"], voice="de")
    assert str((await made.speakers("nova"))[1]) == "espeak:de"
    named = chain(tmp_path, "openai_key", provider=["openai", "espeak"], voice="openai:nova")
    assert str((await named.speakers("nova"))[1]) == "espeak:en-us"


def test_nothing_heavy_is_loaded_that_is_not_configured() -> None:
    """What a service needs takes a quarter of a second to load."""
    code = "import sys, shortsd.kit; print({'httpx', 'aiohttp', 'edge_tts'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
