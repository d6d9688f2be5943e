"""Who speaks when a service does not: one voice for a whole narration, and nothing spoken or paid for twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from listening import FFMPEG, PlainChildren
from servers.edge import EdgeService, cut_off
from servers.loopback import Time, body, silence, status, together
from servers.speech import KEY, SpeechService, spoken
from support import ListLog

from shortsd.config.settings import Settings
from shortsd.domain.errors import ChildFailed, ServiceFailed
from shortsd.domain.ports import Command, Desk, Output
from shortsd.domain.story import Story
from shortsd.providers.voice.cached import CachedVoice
from shortsd.providers.voice.chain import Member, VoiceChain
from shortsd.providers.voice.edge import EdgeVoice
from shortsd.providers.voice.espeak import EspeakVoice
from shortsd.providers.voice.speech import SpeechVoice
from shortsd.providers.web.service import Service, Ways
from shortsd.stages.pieces import Pieces
from shortsd.stages.plan import plan
from shortsd.stages.runner import Work
from shortsd.stages.voice import FILE, Narration, voice
from shortsd.wire.models import ShortParams

STORY = "The lamp went out. Nobody had touched it. Then it began to ring. He ran. She stayed, and listened."
FORBIDDEN = status(403)
UNWELL = status(500)


@dataclass
class Studio:
    """Edge, then a speech endpoint, then espeak-ng, each with its cache; asked anew like by another daemon."""

    folder: Path
    edge: EdgeService
    speech: SpeechService
    time: Time = field(default_factory=Time)
    log: ListLog = field(default_factory=ListLog)
    seen: list[float] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    tellings: int = 0

    def chain(self) -> VoiceChain:
        """The voices as a daemon has them that has just started."""
        ways, cache = Ways(self.time, self.time.wait, lambda: 0.5), self.folder / "speech"
        headers = {"Authorization": f"Bearer {KEY}"}
        self.services.append(
            Service("The voices", self.speech.base_url, headers=lambda: headers, secrets=(KEY,), ways=ways)
        )
        one = EdgeVoice(self.folder / "edge.json", self.edge.address, ways=ways)
        two = SpeechVoice(self.services[-1], "a-model", "onyx", own=False)
        three = EspeakVoice()
        members = [
            Member("edge", CachedVoice(one, cache), one.instead, "en-US-ChristopherNeural", one.at_once),
            Member("openai", CachedVoice(two, cache), two.instead, "onyx", two.at_once),
            Member("espeak", CachedVoice(three, cache), three.instead, "en-us"),
        ]
        return VoiceChain(members, members[-1])

    async def tell(self, asked: str = "en-us", last: int = 3) -> Narration:
        """A narration by the first `last` of them, in a folder of its own."""
        self.tellings += 1
        folder = self.folder / str(self.tellings)
        folder.mkdir()
        wanted = plan(ShortParams(story=STORY, voice=asked), Settings(), 1)
        speakers = (await self.chain().speakers(asked))[:last]
        work = Work(1, "voice", folder, self.log, lambda done, *_: self.seen.append(done), Pieces(folder / "p"))
        made = await voice(Story("A title", STORY), wanted, speakers, PlainChildren(), FFMPEG, work)
        assert [file.name for file in folder.iterdir()] == [FILE]
        assert [sentence.text for sentence in made.sentences] == [f"{part}." for part in STORY[:-1].split(". ")]
        return made

    def by_edge(self) -> Counter[str]:
        return Counter(asked.text for asked in self.edge.said)

    def by_speech(self) -> Counter[str]:
        return Counter(asked["input"] for asked in self.speech.said())

    def warnings(self) -> list[str]:
        return [line for line in self.log.lines if line.startswith("warning")]


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    edge, speech = EdgeService(), SpeechService()
    with together(edge, speech):
        made = Studio(tmp_path, edge, speech)
        yield made
        for service in made.services:
            await service.close()


async def test_the_first_speaks_if_it_can(studio: Studio) -> None:
    """All of it, several sentences at a time, each once; progress counts them, and the narration says who spoke."""
    made = await studio.tell()
    assert made.speaker == "edge:en-US-ChristopherNeural"
    assert set(studio.by_edge().values()) == {1}
    assert len(studio.by_edge()) == 5
    assert 1 < studio.edge.most_at_once <= 4
    assert studio.seen == [1, 2, 3, 4, 5]
    assert (studio.by_speech(), studio.warnings()) == (Counter(), [])


async def test_one_that_refuses_is_replaced_for_the_whole(studio: Studio) -> None:
    """A warning says who failed, why, and who speaks instead; no sentence is in the voice of the first."""
    studio.edge.fail(*[FORBIDDEN] * 100, at=EdgeService.PATH)
    made = await studio.tell()
    assert made.speaker == "openai:onyx"
    assert set(studio.by_speech().values()) == {1}
    assert len(studio.by_speech()) == 5
    (warning,) = studio.warnings()
    assert "edge:en-US-ChristopherNeural cannot speak: Edge's voices refuse us (403)." in warning
    assert "openai:onyx speaks instead." in warning


@pytest.mark.parametrize("sound", [bytes(48_000), b"\1\2" * 120], ids=["silence", "a click"])
async def test_what_is_no_speech_is_replaced_for_the_whole(studio: Studio, sound: bytes) -> None:
    """A service that gives sound, and nothing that a sentence could be heard in, has not spoken."""
    studio.edge.fail(*[FORBIDDEN] * 100, at=EdgeService.PATH)
    head = (await asyncio.to_thread(spoken, "One."))[:44]
    studio.speech.fail(*[body(head + sound, "audio/wav")] * 5, at="/v1/audio/speech")
    made = await studio.tell()
    assert made.speaker == "espeak:en-us"
    assert "which is no speech" in studio.warnings()[-1]


async def test_one_that_fails_in_the_middle_is_replaced_from_the_beginning(studio: Studio) -> None:
    """What it had spoken by then is not heard, but kept: when it works again nothing of it is asked for twice."""
    studio.edge.turns = [lambda _: None] * 2 + [cut_off] * 9
    made = await studio.tell()
    assert made.speaker == "openai:onyx"
    assert len(studio.by_speech()) == 5
    studio.edge.turns, kept = [], len([*(studio.folder / "speech").glob("*/*")]) - 5
    assert kept >= 1
    before = studio.by_edge().total()
    again = await studio.tell()
    assert again.speaker == "edge:en-US-ChristopherNeural"
    assert studio.by_edge().total() == before + 5 - kept


async def test_a_retry_speaks_nothing_twice(studio: Studio) -> None:
    """Neither what stood in for a service that is still away nor what that spoke since is asked for again."""
    studio.edge.fail(*[FORBIDDEN] * 100, at=EdgeService.PATH)
    one = await studio.tell()
    assert await studio.tell() == one
    assert studio.by_speech().total() == 5
    studio.edge.faults.clear()
    other = await studio.tell()
    assert other.speaker.startswith("edge:")
    assert await studio.tell() == other
    assert (studio.by_edge().total(), studio.by_speech().total()) == (5, 5)


async def test_all_that_fail_are_told(studio: Studio) -> None:
    """Each with its reason, and the key nowhere."""
    studio.edge.fail(*[FORBIDDEN] * 100, at=EdgeService.PATH)
    studio.speech.fail(*[status(401, f"no such key: {KEY}")] * 100, at="/v1/audio/speech")
    made = await studio.tell()
    assert made.speaker == "espeak:en-us"
    assert len(studio.warnings()) == 2
    assert "refuses our key (401)" in studio.warnings()[1]
    assert KEY not in "".join(studio.log.lines)


async def test_the_last_ones_error_fails_the_stage(studio: Studio) -> None:
    """Where nobody is left."""
    studio.edge.fail(*[FORBIDDEN] * 100, at=EdgeService.PATH)
    studio.speech.fail(*[UNWELL] * 100, at="/v1/audio/speech")
    with pytest.raises(ServiceFailed, match="The voices answered 500"):
        await studio.tell(last=2)


async def test_who_is_asked_for_comes_first(studio: Studio) -> None:
    """And who does not know it speaks with a voice of the same language in its place."""
    assert (await studio.tell("openai:nova")).speaker == "openai:nova"
    studio.speech.fail(*[UNWELL] * 100, at="/v1/audio/speech")
    studio.time.now += 1000
    (studio.folder / "speech").rename(studio.folder / "lost")
    assert (await studio.tell("openai:nova")).speaker == "edge:en-US-ChristopherNeural"


async def test_what_is_wrong_with_our_own_work_is_no_reason_to_ask_another(studio: Studio) -> None:
    """A sound that FFmpeg cannot read fails the stage: the next voice would not help."""
    speakers = await studio.chain().speakers("en-us")
    folder = studio.folder / "told"
    folder.mkdir()
    work = Work(1, "voice", folder, studio.log, lambda *_: None, Pieces(folder / "p"))
    wanted = plan(ShortParams(story=STORY), Settings(), 1)
    with pytest.raises(ChildFailed):
        await voice(Story("A title", STORY), wanted, speakers, NoFfmpeg(), FFMPEG, work)
    assert studio.warnings() == []


class NoFfmpeg(PlainChildren):
    """Children of which each fails."""

    async def run(self, command: Command, desk: Desk, on_line: Callable[[str], None] | None = None) -> Output:
        del command, desk, on_line
        raise ChildFailed("FFmpeg failed.")


async def test_a_cancelled_narration_ends_at_once(studio: Studio) -> None:
    """Nothing waits for a service that does not answer."""
    studio.edge.fail(*[silence()] * 4, at=EdgeService.PATH)
    task = asyncio.create_task(studio.tell())
    while len(studio.edge.asked(EdgeService.PATH)) < 4:  # noqa: ASYNC110 - the service lives in a thread
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
