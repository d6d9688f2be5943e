"""A channel is written down: one batch, over which the daemon is killed, and what is asked for after it."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from uuid import uuid4

import ears
import held
import pytest
from daemon import TINY, Home, home, wait_for
from servers.loopback import Loopback, silence, status, together
from servers.speech import spoken
from servers.videos import SENTENCES, Clip, VideoSite, vtt

from shortsd.domain.errors import BadInput, ServiceFailed
from shortsd.wire.channel import BatchView
from shortsd.wire.models import JobView, NewJob, NewJobs
from shortsd.wire.transcripts import ChannelListing, ListingRequest, Transcripts, TranscriptsRequest

CONFIG = f"""{TINY}
max_parallel_jobs = 2

[channels]
wait_s = 1.0
"""
PLAIN = 6
EMPTY, MISSING, PRIVATE, GONE, HANGING = range(PLAIN, PLAIN + 5)


@dataclass
class Written:
    """A home, the site that is written down there, and what came of that."""

    home: Home
    site: VideoSite
    other: Loopback
    found: ChannelListing
    made: Transcripts
    jobs: list[JobView] = field(default_factory=list)
    batch: BatchView | None = None

    @property
    def feed(self) -> str:
        return f"{self.site.address}/feed"

    def files(self, suffix: str) -> list[Path]:
        return sorted(Path(self.made.folder).glob(f"*{suffix}"))

    def ctl(self, *words: str) -> "CompletedProcess[str]":
        return self.home.ctl("channel", *words)


@pytest.fixture(scope="module")
def written() -> Iterator[Written]:
    """A batch of all that a channel may hold, in the middle of which the daemon was killed while two were at work."""
    clips = [Clip(f"Video {number}: {'../' * number}", name=f"id-{number}") for number in range(PLAIN)]
    clips[1].tracks = {"de": vtt("Die Lampe."), "en": vtt(*SENTENCES)}
    clips += [
        Clip("Empty", {"en": "file:///etc/passwd", "en-GB": "WEBVTT\n"}, "empty"),
        Clip("Missing", {"en": vtt("x")}, "missing"),
    ]
    clips += [Clip("Private", name="private"), Clip("Gone", name="gone"), Clip("Hanging", name="hanging")]
    site, other = VideoSite(*clips, sound=spoken("Nobody rang it that night.")), Loopback()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shorts-")))
        stack.enter_context(together(site, other))
        clips[PRIVATE].tracks = {"en": f"{other.address}/secret.vtt"}
        site.fail(status(404), at=f"/subtitles/{MISSING}/")
        site.fail(status(404), at=f"/watch/{GONE}")
        site.fail(silence(), at=f"/watch/{HANGING}")
        path = str(Path(held.__file__).parent)
        daemon = stack.enter_context(home(folder / "h", CONFIG, "held", PYTHONPATH=path))
        found = daemon.client.channel_listing(ListingRequest(url=f"{site.address}/feed"))
        wanted = TranscriptsRequest(url=f"{site.address}/feed", id=found.id, title=found.title, videos=found.videos)
        made = daemon.client.transcripts(wanted, uuid4().hex)
        written = Written(daemon, site, other, found, made)
        _kill(written)
        written.jobs = [daemon.until(job, "succeeded", "failed") for job in made.jobs]
        assert made.batch is not None
        written.batch = daemon.client.batch(made.batch)
        yield written


def _kill(written: Written) -> None:
    """Kill the daemon when some videos are done, and two have fetched all that they need."""
    client, jobs = written.home.client, written.made.jobs
    wait_for(lambda: client.job(jobs[1]).state == "succeeded", "the second transcript", pause_s=0.1)
    held.hold(written.home.folder, "summary")
    wait_for(lambda: sum(job.stage == "summary" for job in client.jobs(["running"]).jobs) == 2, "two to be held")
    written.home.kill()
    held.release(written.home.folder, "summary")
    written.home.start()


def test_a_listing_tells_what_there_is(written: Written) -> None:
    """What was found, what is left and how long that takes is known before anything is made of it."""
    found = written.found
    assert (found.title, found.folder, found.found, found.done) == ("Skerry & Sons", "skerry-sons", PLAIN + 5, 0)
    assert [video.title for video in found.videos[-2:]] == ["Gone", "Hanging"]
    assert found.videos[0].uploaded == "2026-11-28"
    assert found.estimate.jobs == PLAIN + 5
    assert found.estimate.seconds > 0


def test_total_done_and_errors(written: Written) -> None:
    """A batch counts its videos, and one that fails keeps no other back."""
    assert written.batch is not None
    assert (written.batch.total, written.batch.done, written.batch.errors) == (PLAIN + 5, PLAIN, 5)
    assert sum(job.deaths for job in written.jobs) == 2


def test_none_is_fetched_twice(written: Written) -> None:
    """Though the daemon was killed in the middle, each page and each transcript was asked for once."""
    asked = [request.path for request in written.site.requests]
    for number in range(PLAIN):
        assert asked.count(f"/watch/{number}") == 1
        assert asked.count(f"/subtitles/{number}/en.vtt") == 1
    assert "/subtitles/1/de.vtt" not in asked


def test_what_is_written_down(written: Written) -> None:
    """A text, subtitles and all that is known, under names that stay in the channel's folder."""
    first, second = written.files(".txt")[:2]
    assert first.name == "video-0.id-0.en.txt"
    assert first.read_text() == f"{' '.join(SENTENCES)}\n"
    assert second.name == "video-1.id-1.en.txt"
    assert first.with_suffix(".srt").read_text().startswith("1\n00:00:00,000 --> 00:00:02,000\nThe lamp")
    known = json.loads(first.with_suffix(".json").read_text())
    assert (known["video"]["id"], known["transcript"]["source"]) == ("id-0", "manual")
    assert len(written.files(".json")) == PLAIN + 1
    assert {file.parent.name for file in written.home.places.output.rglob("*.txt")} == {"skerry-sons"}


def test_what_cannot_be_written_down(written: Written) -> None:
    """Each says what is wrong with it: nothing to read and nobody to listen, a private address, no page, no answer."""
    failed = {job.title: job.error for job in written.jobs if job.error}
    said = {title: f"{error.stage}: {error.message}" for title, error in failed.items()}
    assert "no subtitles that could be used" in said["Empty"]
    assert "(manual, en: file:///etc/passwd leads to what is no page" in said["Empty"]
    assert "; manual, en-GB: they are empty)" in said["Empty"]
    assert "answered 404" in said["Missing"]
    assert {error.hint.partition(",")[0] for title, error in failed.items() if title in ("Empty", "Missing")} == {
        "Install shorts[speech]"
    }
    assert "private networks are not asked" in said["Private"]
    assert said["Gone"].startswith("metadata: ")
    assert "answered 404" in said["Gone"]
    assert said["Hanging"].startswith("metadata: ")
    assert failed["Hanging"].code == "service_failed"
    assert all("Traceback" not in written.home.log(job.id) for job in written.jobs if job.error)
    assert written.other.requests == []


def test_a_language_that_a_video_does_not_have(written: Written) -> None:
    """It is told which ones it has."""
    wanted = {"url": f"{written.site.address}/watch/1", "video": "lost", "channel": "skerry-sons", "language": "fr"}
    [job] = written.home.client.create(NewJobs(jobs=[NewJob(kind="transcript", params=wanted)]), uuid4().hex).jobs
    error = written.home.until(job.id, "failed").error
    assert error is not None
    assert "(there are some in de, en)" in error.message


def test_jobs_look_like_those_of_shorts(written: Written) -> None:
    """Lists, figures and the history have them with their stages and units, and `jobs` is another word."""
    listed = written.home.ctl("jobs", "list", "--state", "failed").stdout
    assert "transcript" in listed
    shown = written.home.client.job(written.made.jobs[0])
    assert [stage.name for stage in shown.stages] == ["metadata", "subtitles", "sound", "speech", "summary", "save"]
    assert {stage.state for stage in shown.stages} <= {"done", "reused"}
    stats = written.home.client.stats()
    assert "metadata" in {stage.name for stage in stats.stages if stage.kind == "transcript"}
    history = {one.title: one.file for one in written.home.client.history().shorts}
    assert history["Video 0:"] == str(written.files(".txt")[0])


def test_again_takes_what_is_new(written: Written) -> None:
    """Once there is a model to listen by, what had failed for want of words is heard, and nothing else is fetched."""
    model = ears.make(written.home.folder / "a-model")
    config = written.home.folder / "config.toml"
    config.write_text(CONFIG + f'speech_model = "{model}"\n')
    wait_for(lambda: "was read again" in written.home.said(), "the new configuration", pause_s=0.1)
    before = len(written.site.requests)
    done = written.ctl("transcribe", written.feed, "--limit", str(MISSING + 1))
    assert done.returncode == 0, done.stderr
    assert f"{MISSING + 1} videos, 2 to be done" in done.stderr
    assert f"{PLAIN} done already" in done.stderr
    heard = {Path(line).name: Path(line).read_text() for line in done.stdout.splitlines()}
    assert heard == {
        "empty.empty.en.txt": f"{ears.HEARD}\n",
        "missing.missing.en.txt": "x\n",
    }
    asked = {request.path for request in written.site.requests[before:]}
    fresh = {f"/watch/{EMPTY}", f"/subtitles/{EMPTY}/en-GB.vtt", f"/sound/{EMPTY}.wav"}
    assert asked == {"/feed", *fresh, f"/watch/{MISSING}", f"/subtitles/{MISSING}/en.vtt"}


def test_summaries_and_topics(written: Written) -> None:
    """What is written down is summed up without being fetched again, and becomes topics for a week."""
    before = len(written.site.requests)
    done = written.ctl("summarize", written.feed, "--since", "2026-11-28")
    assert done.returncode == 0, done.stderr
    assert [request.path for request in written.site.requests[before:]] == ["/feed"]
    (summary,) = written.files(".md")
    assert summary == Path(done.stdout.strip())
    assert "The lamp burned every night." in summary.read_text()
    assert "- Uploaded: 2026-11-28" in summary.read_text()
    topics = written.ctl("ideas", "skerry-sons")
    assert topics.stdout.startswith("Video 0: ")
    assert "shortsctl week --count 1 --topic 'Video 0:" in topics.stderr
    assert written.ctl("ideas", written.feed).stdout == topics.stdout
    unknown = [written.ctl("ideas", name) for name in ("../..", "https://other.example/feed?a=b")]
    assert [done.returncode for done in unknown] == [4, 4]
    assert "There are: skerry-sons." in unknown[1].stderr


def test_the_same_video_at_once(written: Written) -> None:
    """Two jobs for one video, whoever asked for them, are done one after the other: the second one finds it there."""
    before = len(written.site.requests)
    params = {"url": f"{written.site.address}/watch/0", "video": "new", "channel": "skerry-sons", "site": written.feed}
    jobs = [NewJob(kind="transcript", params={**params, "summarize": wanted}) for wanted in (False, True)]
    for job in written.home.client.create(NewJobs(jobs=jobs), uuid4().hex).jobs:
        written.home.finished(job.id)
    asked = [request.path for request in written.site.requests[before:]]
    assert asked == ["/watch/0", "/subtitles/0/en.vtt"]


def test_a_video_that_came_before(written: Written) -> None:
    """One of which the listing did not tell when it came is left out where its page does; nothing is written down."""
    wanted = {"url": f"{written.site.address}/watch/0", "video": "old", "channel": "skerry-sons", "site": written.feed}
    new = NewJob(kind="transcript", params={**wanted, "uploaded": "2026-11-01", "since": "2026-11-02"})
    job = written.home.finished(written.home.client.create(NewJobs(jobs=[new]), uuid4().hex).jobs[0].id)
    assert job.result["skipped"] == "it came on 2026-11-01, before 2026-11-02"
    assert not [file for file in written.files(".txt") if ".old." in file.name]


def test_an_address_where_nobody_is(written: Written) -> None:
    """What the system said of it is told in words."""
    with pytest.raises(ServiceFailed, match=r"^127\.0\.0\.1 .*the connection was refused\.$"):
        written.home.client.channel_listing(ListingRequest(url="http://127.0.0.1:1/"))


@pytest.mark.parametrize(("url", "said"), [("/nothing", "answered 404"), ("ftp://a.example/", "no address of a page")])
def test_addresses_of_nothing(written: Written, url: str, said: str) -> None:
    """They are told at once, and no job is made."""
    address = f"{written.site.address}{url}" if url.startswith("/") else url
    with pytest.raises(BadInput, match=said):
        written.home.client.channel_listing(ListingRequest(url=address))
