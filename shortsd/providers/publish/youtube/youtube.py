"""Publishing to a YouTube channel: each job's video once, whatever happens in between.

What is kept, always before it is acted on (domain.memory.Uploads):

1. a mark, before anything is sent; the video carries it;
2. the address of the session, before the first byte is sent to it;
3. the video's id, as soon as it is known; then that its captions and its thumbnail are there.

So a mark that never had a session has no bytes on the channel. One with a session may have all: the session itself is
asked, and if it is no more, the channel's uploads are searched for the mark before anything is sent again; once more
before any further session is begun, since somebody else may have been signed in then. What remains is a session that is
gone moments after its last byte, whose video is not listed yet: it is looked for several times, some seconds apart.
Google keeps sessions for days, and answers in them with the video once they are complete.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from shortsd.domain.errors import NotYet, ServiceFailed, ShortsError, Unavailable
from shortsd.domain.finish import in_thread
from shortsd.domain.memory import Upload, Uploads
from shortsd.domain.ports import Clock, Desk, Publication, Published
from shortsd.providers.publish.youtube import channel
from shortsd.providers.publish.youtube.api import Api
from shortsd.providers.publish.youtube.extras import add_captions, set_thumbnail
from shortsd.providers.publish.youtube.metadata import Manner, require_hour, resource
from shortsd.providers.publish.youtube.upload import CHUNK, Film, HourPassed, Session, SessionGone, begin
from shortsd.providers.web.waits import clock_time

MARK = "shortsd-"
DIGEST = 8
"""Hexadecimal digits at a mark's end that are those of its video's SHA-256."""
SESSIONS = 2
"""That are begun in one attempt at most."""
ASK_S = 3.0
"""How long somebody who stops a job waits to hear whether it is on the channel."""
LOOKS, LOOK_S = 3, 20.0
"""How often a video is looked for whose session is gone, and how many seconds lie between."""
FORMER = "The video on the channel is the one from before it was made anew: YouTube replaces none. Delete it there."


@dataclass(slots=True)
class YoutubePublisher:
    """domain.ports.Publisher to a channel. One video goes there at a time: a line carries no more for two.

    What is on a channel is not replaced, and never deleted by us.
    """

    api: Api
    uploads: Uploads
    manner: Manner
    clock: Clock
    chunk: int = CHUNK
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by who uploads."""

    @property
    def key(self) -> str:
        return "youtube-1"

    async def publish(self, publication: Publication, desk: Desk) -> Published:
        """Raises NotYet (before its hour, or the day's quota is spent), ServiceFailed, ServiceRefused, OSError."""
        film = await in_thread(Film.of, publication.video)
        async with self.turn:
            upload = await self._there(publication, film, desk)
            link = f"https://youtu.be/{upload.video}"
            desk.log.info(f"on YouTube as {link}")
            warnings = await self._completed(upload, publication) if _of(upload, film) else [FORMER]
        return Published(video=link, thumbnail="", metadata="", link=link, warnings=tuple(warnings))

    async def withdraw(self, job: int, created_at: float) -> None:
        """Take nothing back; raises Unavailable if there is a video, which is for its owner to delete.

        An unfinished upload is not seen, and is kept: every attempt that failed is withdrawn, also one that the next is
        to go on from. Google forgets an upload that nobody goes on with after some days. One of which nobody heard that
        it was finished is seen, at its hour: that is asked, for a moment.
        """
        del created_at
        upload = await self.uploads.get(job)
        if upload is not None and upload.session and not upload.video:
            upload = await self._by_now(upload)
        if upload is not None and upload.video:
            where = f"https://youtu.be/{upload.video}"
            raise Unavailable(f"The video of job {job} is on YouTube and stays there: {where}.", "Delete it there.")

    async def _by_now(self, upload: Upload) -> Upload:
        """An upload under way, with its video if it has come to one. Raises Unavailable if that cannot be told."""
        try:
            async with asyncio.timeout(ASK_S):
                video = await self._video(upload)
        except (ShortsError, TimeoutError) as exc:
            why = exc.message if isinstance(exc, ShortsError) else "YouTube did not answer at once."
            raise Unavailable(
                f"Whether the video of job {upload.job} came to YouTube is not known: {why}",
                f"Look for it there by its tag {upload.mark}.",
            ) from exc
        return await self._finished(upload, video) if video else upload

    async def _video(self, upload: Upload) -> str:
        """The video of an upload under way; empty if there is none."""
        try:
            heard = await self._session(upload).received()
        except SessionGone:
            return await channel.find(self.api, upload.mark)
        return heard if isinstance(heard, str) else ""

    async def _finished(self, upload: Upload, video: str) -> Upload:
        return await self._kept(replace(upload, session="", video=video, done_at=self.clock()))

    async def _there(self, publication: Publication, film: Film, desk: Desk) -> Upload:
        """The job's upload with its video: that which it had, or one that is sent now."""
        upload = await self.uploads.get(publication.job)
        if upload is not None and upload.session and not upload.video and not _of(upload, film):
            upload = await self._settled(upload, desk)
        if upload is None or not (upload.video or _of(upload, film)):
            upload = await self._kept(Upload(publication.job, _mark(film)))
        for _ in range(SESSIONS):
            if not upload.video:
                upload = await self._sent(upload, publication, film, desk)
        if not upload.video:
            raise ServiceFailed("YouTube forgets uploads while they are under way.")
        return upload

    async def _sent(self, upload: Upload, publication: Publication, film: Film, desk: Desk) -> Upload:
        """Send a film, or what is missing of it; without a session if that was gone."""
        received = None if upload.session else 0
        if not upload.session:
            if upload.begun_at and (video := await channel.find(self.api, upload.mark)):
                return await self._finished(upload, video)
            upload = await self._begun(upload, publication, film)
        desk.log.info(f"uploading {_mb(film.size)} MB to YouTube")

        def tell(sent: int, size: int) -> None:
            desk.progress(sent, size, f"{_mb(sent)} of {_mb(size)} MB")

        return await self._outcome(upload, lambda session: session.send(film, tell, received), desk)

    async def _begun(self, upload: Upload, publication: Publication, film: Film) -> Upload:
        """An upload with a new session. Raises NotYet before its hour, or if the day has not quota for all of it."""
        require_hour(publication, self.manner, self.clock())
        await self.api.quota.require_whole()
        said = resource(publication, upload.mark, self.manner, self.clock())
        try:
            session = await begin(self.api, said, film.size)
        except HourPassed:
            at = publication.publish_at or self.clock()
            why = f"YouTube does not take its hour, so that it is uploaded then, {clock_time(at)}."
            raise NotYet(why, "See whether this machine's clock is right.", until=at) from None
        return await self._kept(replace(upload, session=session, size=film.size, begun_at=self.clock()))

    async def _settled(self, upload: Upload, desk: Desk) -> Upload | None:
        """What came of an upload of another film of the job: its video if it was complete, else it is given up."""

        async def asked(session: Session) -> str:
            heard = await session.received()
            if isinstance(heard, str):
                return heard
            if heard >= session.size:
                raise ServiceFailed("YouTube has all of the video from before, and is still seeing to it.")
            await session.cancel()
            return ""

        settled = await self._outcome(upload, asked, desk)
        return settled if settled.video else None

    async def _outcome(self, upload: Upload, work: Callable[[Session], Awaitable[str]], desk: Desk) -> Upload:
        """The upload with the video that work in its session came to, or without the session if that is of no use.

        What a refused session came to is looked for as well: it is not known by that.
        """
        trouble: ServiceFailed | None = None
        try:
            video = await work(self._session(upload))
        except SessionGone:
            video = await self._found(upload.mark, desk)
        except ServiceFailed as exc:
            if exc.retryable or exc.status in (0, 401):  # it was not the session that refused
                raise
            trouble, video = exc, await self._found(upload.mark, desk)
        done_at = self.clock() if video else 0.0
        upload = await self._kept(replace(upload, session="", video=video, done_at=done_at))
        if trouble is not None and not video:
            raise trouble
        return upload

    async def _found(self, mark: str, desk: Desk) -> str:
        """The video on the channel that carries a mark, looked for more than once; empty if there is none."""
        desk.log.info(f"YouTube knows nothing of the upload any more; looking for its video, {mark}")
        for left in reversed(range(LOOKS)):
            video = await channel.find(self.api, mark)
            if video or not left:
                return video
            await self.api.service.ways.wait(LOOK_S)
        return ""

    async def _completed(self, upload: Upload, publication: Publication) -> list[str]:
        """Bring what captions and thumbnail are missing; what is to be said of those that did not come.

        Raises NotYet if the day's quota is spent before.
        """
        warnings = []
        if not upload.captions:
            trouble = await _tried(add_captions(self.api, upload.video, publication))
            upload = await self._kept(replace(upload, captions=not trouble))
            warnings += [f"YouTube has no captions of it: {trouble}"] if trouble else []
        if not upload.thumbnail:
            trouble = await _tried(set_thumbnail(self.api, upload.video, publication))
            await self._kept(replace(upload, thumbnail=not trouble))
            warnings += [f"YouTube has not its thumbnail: {trouble}"] if trouble else []
        return warnings

    def _session(self, upload: Upload) -> Session:
        return Session(self.api, upload.session, upload.size, self.chunk)

    async def _kept(self, upload: Upload) -> Upload:
        await self.uploads.put(upload)
        return upload


async def _tried(work: Awaitable[None]) -> str:
    """Why something was not done that need not be; empty if it was. Raises NotYet, as that will be done."""
    try:
        await work
    except NotYet:
        raise
    except ShortsError as exc:
        return exc.message
    except OSError as exc:
        return str(exc)
    return ""


def _mark(film: Film) -> str:
    """A new mark: nobody has it by chance, and it tells which film it is of."""
    return f"{MARK}{secrets.token_hex(6)}{film.digest[:DIGEST]}"


def _of(upload: Upload, film: Film) -> bool:
    """Whether an upload is that of a film."""
    return upload.mark.endswith(film.digest[:DIGEST])


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f}"
