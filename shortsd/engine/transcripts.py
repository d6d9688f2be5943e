"""Channels elsewhere that are written down: what there is, what is left of it, a job for each, topics out of it."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from shortsd.domain import address
from shortsd.domain.errors import BadInput, BadRequest, NotFound
from shortsd.domain.finish import in_thread
from shortsd.domain.job import ENDED, Job
from shortsd.domain.keywords import keywords
from shortsd.domain.text import cut, line, plain
from shortsd.domain.transcript import Entry
from shortsd.engine.estimates import Estimates
from shortsd.engine.intake import TOGETHER, Intake, digest_of
from shortsd.engine.scheduler import Scheduler
from shortsd.stages import archive
from shortsd.stages.archive import Archive, Owner
from shortsd.stages.kinds.transcript import TRANSCRIPT, day, tag
from shortsd.stages.preflight import NoJob
from shortsd.stages.tools import Tools
from shortsd.store.idempotency import Accepted
from shortsd.store.jobs import Jobs
from shortsd.store.transcripts import TranscriptStore
from shortsd.wire.channel import Estimate
from shortsd.wire.models import NewJob
from shortsd.wire.transcripts import (
    ChannelListing,
    Idea,
    Ideas,
    ListingRequest,
    TranscriptParams,
    Transcripts,
    TranscriptsRequest,
    VideoView,
)

LISTED = 20_000
"""Videos of a channel that are looked at."""
TOPIC = 100
"""Characters of a topic."""
TOLD = 4
"""Keywords that a topic has beside the title, at most."""


@dataclass(frozen=True, slots=True)
class ChannelTranscripts:
    """One method for each verb. Channels have their folders in `root`; `tools` are by what is configured."""

    store: TranscriptStore
    jobs: Jobs
    estimates: Estimates
    take_in: Intake
    scheduler: Scheduler
    tools: Callable[[], Tools]
    root: Path
    _creating: asyncio.Lock = field(default_factory=asyncio.Lock)
    """So that two who ask for the same do not both get it."""

    async def listing(self, request: ListingRequest) -> ChannelListing:
        """What there is at an address, and what is left of it to be done.

        Raises BadInput, ServiceFailed, Unavailable, and what a child process may.
        """
        url, since, language = address.page(request.url), day(request.since), tag(request.language)
        limit = LISTED if request.limit is None else request.limit
        if not 1 <= limit <= LISTED:
            raise BadInput(f"{limit} videos cannot be listed.", f"Give a limit from 1 to {LISTED}.")
        found = await self.tools().videos.listing(url, limit, since, NoJob("listing"))
        name = await in_thread(archive.planned, self.root, Owner(found.id, found.title, url))
        left, done = await self._left(name, found.entries, language, since, summarize=request.summarize)
        batch = left[:TOGETHER]
        return ChannelListing(
            id=found.id,
            title=found.title,
            folder=name,
            found=len(found.entries),
            done=done,
            under_way=len(found.entries) - done - len(left),
            later=len(left) - len(batch),
            estimate=await self._estimate(len(batch), request),
            videos=[VideoView(id=one.id, url=one.url, title=one.title, uploaded=one.uploaded) for one in batch],
        )

    async def create(self, request: TranscriptsRequest, key: str | None) -> Transcripts:
        """Make a job for each of some videos, but for those that are done or under way.

        Asked again with the same key, it is what was made then. Raises BadInput, BadRequest, Conflict, DiskFull,
        Unavailable.
        """
        for url in (request.url, *(one.url for one in request.videos)):
            address.page(url)
        if not request.videos:
            raise BadRequest("No video was named.", "Give at least one in `videos`.")
        owner = Owner(line(request.id), line(request.title), request.url)
        async with self._creating:
            digest = digest_of(request)
            known = await self.jobs.known(key, digest) if key else None
            name = await in_thread(archive.claim, self.root, owner)
            made = known or await self._take_in(request, name, key, digest)
        self.scheduler.wake()
        jobs = [job.id for job in made.jobs] if made else []
        return Transcripts(folder=str(self.root / name), batch=made.batch if made else None, jobs=jobs)

    async def ideas(self, name: str, count: int) -> Ideas:
        """Topics out of the summaries of a channel, the newest first. Raises NotFound if there are none.

        `name` is that of its folder, or the address under which it was asked for.
        """
        folder = await in_thread(self._folder, name)
        if folder is None:
            known = ", ".join(await in_thread(self._names)) or "none yet"
            raise NotFound(f"There is no channel named {name!r}.", f"There are: {known}.")
        found = await in_thread(_ideas, Archive(folder))
        if not found:
            raise NotFound(f"There are no summaries of {name}.", "`shortsctl channel summarize URL` writes them.")
        return Ideas(ideas=found[:count])

    def _folder(self, name: str) -> Path | None:
        """The folder of that name, or of the channel with that address."""
        owners = self._owners()
        called = [folder for folder, owner in owners.items() if name in (folder.name, owner.url)]
        return called[0] if called else None

    def _names(self) -> list[str]:
        return [folder.name for folder in self._owners()]

    def _owners(self) -> dict[Path, archive.Owner]:
        """Whose folders there are, by name."""
        folders = sorted(self.root.iterdir()) if self.root.is_dir() else []
        return {folder: owner for folder in folders if (owner := archive.whose(folder)) is not None}

    async def _take_in(self, request: TranscriptsRequest, name: str, key: str | None, digest: str) -> Accepted | None:
        """The jobs of what is left of a request; None if nothing is."""
        entries = [Entry(one.id, one.url, one.title, one.uploaded) for one in request.videos]
        language, since = tag(request.language), day(request.since)
        left, _ = await self._left(name, entries, language, since, summarize=request.summarize)
        wanted = [
            TranscriptParams(
                channel=name,
                site=request.url,
                url=one.url,
                video=one.id,
                title=one.title,
                uploaded=one.uploaded,
                language=language,
                since=since,
                summarize=request.summarize,
            )
            for one in left
        ]
        if not wanted:
            return None
        news = [NewJob(kind=TRANSCRIPT.name, params=one, priority=request.priority) for one in wanted]
        return await self.take_in(news, key, digest)

    async def _left(
        self, name: str, entries: Sequence[Entry], language: str, since: str, *, summarize: bool
    ) -> tuple[list[Entry], int]:
        """The videos that are neither written down nor under way, each once, and how many are done."""
        suffix = archive.SUMMARY if summarize else archive.KEPT
        done = archive.done(await in_thread(Archive(self.root / name).files), language, suffix)
        jobs = await self.store.of(name)
        busy = {
            archive.key(job.params["video"])
            for job in jobs
            if job.state not in ENDED and _asks(job, language, summarize)
        }
        old = {archive.key(job.params["video"]) for job in jobs if since and _came(job) < since}
        keyed = {archive.key(one.id): one for one in entries}
        left = [one for key, one in keyed.items() if key not in done | busy | old]
        return left, sum(key in done | old for key in keyed)

    async def _estimate(self, jobs: int, request: ListingRequest) -> Estimate:
        made = await self.estimates(TRANSCRIPT.name, jobs)
        summarizer = [f"{self.tools().summarizer.name} summarizes"] if request.summarize else []
        return replace(made, uses=[*made.uses, *summarizer])


def _asks(job: Job, language: str, summarize: bool) -> bool:
    """Whether what a job is at is what is asked for."""
    return job.params.get("language", "") == language and (bool(job.params.get("summarize")) or not summarize)


def _came(job: Job) -> str:
    """The day on which the video of a job came that was left out for it; one far away for all others."""
    return str(job.result.get("uploaded") or "9999") if "skipped" in job.result else "9999"


def _ideas(channel: Archive) -> list[Idea]:
    """A topic for each summary, the newest video first, none twice."""
    files = channel.files()
    kept = {one.key: one.name for one in files if one.suffix == archive.KEPT}
    dated = [
        (found.video.uploaded, found.video.title, channel.folder / one.name)
        for one in files
        if one.suffix == archive.SUMMARY and one.key in kept and (found := channel.load(channel.folder / kept[one.key]))
    ]
    ideas: dict[str, Idea] = {}
    for _, title, file in sorted(dated, key=lambda one: one[:2], reverse=True):
        topic = topic_of(title, file.read_text("utf-8", "replace"))
        ideas.setdefault(" ".join(plain(topic)), Idea(topic=topic, title=title, file=str(file)))
    return list(ideas.values())


def topic_of(title: str, summary: str) -> str:
    """What a story could be about: a title without what is only there to be clicked, and what its summary speaks of."""
    said = re.sub(r"(?m)^(#.*|- \w+: .*)$", "", summary)
    named = line(re.sub(r"[\[(【][^\])】]*[\])】]|#(?!\d+\b)\w+", " ", title)).strip(" -–—|:") or line(title)
    known = set(plain(named))
    more = [word for word in keywords(said, said) if word not in known][:TOLD]
    return cut(f"{named}: {', '.join(more)}" if more else named, TOPIC)
