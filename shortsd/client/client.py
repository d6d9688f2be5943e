"""The daemon as an object: one method for each route, named as the API names it."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, BinaryIO, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from shortsd.client.sse import Message, Parser
from shortsd.client.transport import Hangup, Transport
from shortsd.domain.errors import Internal, NoDaemon
from shortsd.wire.channel import BatchView, Calendar, Estimate, History, Material, Queued, Week, WeekRequest
from shortsd.wire.figures import ProcessTree, Stats
from shortsd.wire.models import (
    Cleaned,
    Created,
    Ended,
    Findings,
    Health,
    JobsPage,
    JobView,
    LogLines,
    NewJobs,
    PreviewRequest,
    ShortParams,
    SignInView,
    VoiceList,
)
from shortsd.wire.transcripts import ChannelListing, Ideas, ListingRequest, Transcripts, TranscriptsRequest

T = TypeVar("T")

COPY_S = 600.0
"""How long a copy of the job database may take to be made, in seconds: some seconds for a gigabyte on a good disk."""
MAKE_S = 900.0
"""How long a preview may take whose voice and pictures have to be made first, in seconds."""
LISTING_S = 300.0
"""How long a channel may take to be listed, in seconds; the daemon gives up before."""
LOOK_S = 60.0
"""How long doctor, clean and other previews may take, in seconds: they run children and walk folders."""


def decode(body: bytes | str, kind: type[T]) -> T:
    """JSON as one of the wire's models. Raises Internal if it is something else."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as exc:
        raise Internal(
            f"The daemon's answer is not understood ({exc}).",
            "Its version may differ from this command's: `shortsctl doctor` compares them.",
        ) from exc


class Client:
    """Speaks with one daemon. Every method raises the ShortsError that the daemon answered, or NoDaemon."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def jobs(
        self, states: Sequence[str] = (), select: str | None = None, limit: int | None = None, cursor: int | None = None
    ) -> JobsPage:
        """A page of jobs, newest first; `select` is ids, ranges and batches, "4,7-9,b3"."""
        query = [("state", state) for state in states]
        query += [(key, str(value)) for key, value in _given(select=select, limit=limit, cursor=cursor).items()]
        return decode(self._transport.ask("GET", _target("/v1/jobs", query)), JobsPage)

    def create(self, jobs: NewJobs, key: str) -> Created:
        """Make jobs. The same `key` with the same jobs, sent again, makes no more."""
        headers = {"Idempotency-Key": key}
        return decode(self._transport.ask("POST", "/v1/jobs", msgspec.json.encode(jobs), headers), Created)

    def job(self, number: int) -> JobView:
        """A job with its stages."""
        return decode(self._transport.ask("GET", f"/v1/jobs/{number}"), JobView)

    def stop(self, number: int) -> JobView:
        return decode(self._transport.ask("POST", f"/v1/jobs/{number}/stop"), JobView)

    def retry(self, number: int, stage: str | None = None, changes: Any = None) -> JobView:
        """Do a job again, from `stage` on, or from where it failed or was stopped; with changes if some are given.

        Of changes that are a mapping, those to None are to be as if they had not been asked for.
        """
        body = msgspec.json.encode({**_given(stage=stage), **(_changes(changes) if changes else {})})
        return decode(self._transport.ask("POST", f"/v1/jobs/{number}/retry", body), JobView)

    def prioritize(self, number: int, priority: int) -> JobView:
        """Let a job be taken before others, or after."""
        body = msgspec.json.encode({"priority": priority})
        return decode(self._transport.ask("POST", f"/v1/jobs/{number}/priority", body), JobView)

    def approve(self, number: int) -> JobView:
        """Let a job in review go on."""
        return decode(self._transport.ask("POST", f"/v1/jobs/{number}/approve"), JobView)

    def material(self, number: int) -> Material:
        """A job's story and pictures, as far as they are there."""
        return decode(self._transport.ask("GET", f"/v1/jobs/{number}/material"), Material)

    def week(self, request: WeekRequest, key: str) -> Week:
        """Make a job for each of the next free hours. The same `key`, sent with the same request, makes no more."""
        headers = {"Idempotency-Key": key}
        return decode(self._transport.ask("POST", "/v1/week", msgspec.json.encode(request), headers, LOOK_S), Week)

    def estimate(self, jobs: int, kind: str = "short") -> Estimate:
        """How long so many jobs of a kind would take, and what would be used for them."""
        return decode(self._transport.ask("GET", _target("/v1/estimate", _given(jobs=jobs, kind=kind))), Estimate)

    def estimate_all(self, kinds: Iterable[str]) -> Estimate:
        """How long a job of each of these kinds would take, those of a kind after those of another; as `estimate`."""
        parts = [self.estimate(jobs, kind) for kind, jobs in Counter(kinds).items()]
        return Estimate(
            jobs=sum(part.jobs for part in parts),
            seconds=sum(part.seconds for part in parts),
            uses=list(dict.fromkeys(line for part in parts for line in part.uses)),
        )

    def channel_listing(self, request: ListingRequest) -> ChannelListing:
        """What videos there are at an address, and what is left of them to be done."""
        body = msgspec.json.encode(request)
        return decode(self._transport.ask("POST", "/v1/channels/listing", body, timeout_s=LISTING_S), ChannelListing)

    def transcripts(self, request: TranscriptsRequest, key: str) -> Transcripts:
        """Make a job for each of some videos. The same `key`, sent with the same request, makes no more."""
        body, headers = msgspec.json.encode(request), {"Idempotency-Key": key}
        return decode(self._transport.ask("POST", "/v1/channels/transcripts", body, headers, LOOK_S), Transcripts)

    def ideas(self, name: str, count: int) -> Ideas:
        """What stories could be about, out of the summaries of a channel."""
        target = _target(f"/v1/channels/{quote(name, safe='')}/ideas", _given(count=count))
        return decode(self._transport.ask("GET", target), Ideas)

    def schedule(self) -> Calendar:
        """The hours to come."""
        return decode(self._transport.ask("GET", "/v1/schedule"), Calendar)

    def history(self, limit: int | None = None, cursor: int | None = None) -> History:
        """A page of what was published, newest first."""
        target = _target("/v1/history", _given(limit=limit, cursor=cursor))
        return decode(self._transport.ask("GET", target), History)

    def batch(self, number: int) -> BatchView:
        """How a batch stands."""
        return decode(self._transport.ask("GET", f"/v1/batches/{number}"), BatchView)

    def pause(self) -> Queued:
        """Start no more jobs."""
        return decode(self._transport.ask("POST", "/v1/pause"), Queued)

    def resume(self) -> Queued:
        """Start jobs again."""
        return decode(self._transport.ask("POST", "/v1/resume"), Queued)

    def delete(self, number: int) -> None:
        self._transport.ask("DELETE", f"/v1/jobs/{number}")

    def log(self, number: int, lines: int | None = None) -> LogLines:
        """The last lines of a job's log."""
        target = _target(f"/v1/jobs/{number}/log", _given(lines=lines))
        return decode(self._transport.ask("GET", target), LogLines)

    def follow_log(self, number: int, lines: int | None = None, hangup: Hangup | None = None) -> Iterator[str]:
        """A job's log and what is still written to it, until the job has ended.

        Broken off by `hangup` it raises NoDaemon, as when the daemon goes.
        """
        query = {**_given(lines=lines), "follow": "true"}
        with self._messages(_target(f"/v1/jobs/{number}/log", query), {}, hangup) as messages:
            for message in messages:
                if message.event == "end":
                    return
                if message.event == "line":
                    yield decode(message.data, str)
        raise NoDaemon("The daemon went away.", "The log goes on when it runs again.")

    @contextmanager
    def events(
        self, job: int | None = None, after: str = "", hangup: Hangup | None = None
    ) -> Iterator[Iterator[Message]]:
        """What happens from now on, or from the event with the id `after` on; connected when the block is entered."""
        headers = {"Last-Event-ID": after} if after else {}
        with self._messages(_target("/v1/events", _given(job=job)), headers, hangup) as messages:
            yield messages

    def preview(self, number: int, at: float | None = None, *, strip: bool = False) -> bytes:
        """The frame of a job's short that is seen `at` so many seconds, or a contact sheet of the short: a PNG."""
        target = _target(f"/v1/jobs/{number}/preview", _given(at=at) | _set(strip=strip))
        return self._transport.ask("GET", target, timeout_s=LOOK_S)

    def preview_of(self, params: ShortParams, at: float | None = None, *, strip: bool = False) -> bytes:
        """As `preview`, of what no job was made of; the daemon makes its voice and pictures first."""
        body = msgspec.json.encode(PreviewRequest(params=params, at=at, strip=strip))
        return self._transport.ask("POST", "/v1/preview", body, timeout_s=MAKE_S)

    def clean(self, select: str | None = None, *, outputs: bool = False, dry_run: bool = False) -> Cleaned:
        """Take away what ended jobs no longer need; all that the selected ones have kept, with `outputs` their shorts.

        A dry run only tells what would be taken away.
        """
        target = _target("/v1/clean", _given(select=select) | _set(outputs=outputs, dry_run=dry_run))
        return decode(self._transport.ask("POST", target, timeout_s=LOOK_S), Cleaned)

    def processes(self) -> ProcessTree:
        """The daemon's processes, by job and stage."""
        return decode(self._transport.ask("GET", "/v1/processes"), ProcessTree)

    def stats(self, days: float | None = None) -> Stats:
        """Figures of what was made in the last so many days, and of what it takes."""
        return decode(self._transport.ask("GET", _target("/v1/stats", _given(days=days)), timeout_s=LOOK_S), Stats)

    def backup(self, to: BinaryIO) -> int:
        """Write a copy of the job database; its bytes. Raises NoDaemon if not all of it came, OSError of `to`."""
        digest, size = sha256(), 0
        with self._transport.download("/v1/backup", COPY_S) as (headers, chunks):
            for chunk in chunks:
                to.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        if headers.get("Repr-Digest") != f"sha-256=:{b64encode(digest.digest()).decode()}:":
            raise NoDaemon("The daemon went away before all of the backup had come.", "`shortsctl doctor` looks why.")
        return size

    def voices(self, language: str | None = None, provider: str | None = None) -> VoiceList:
        """Who can be asked to speak."""
        target = _target("/v1/voices", _given(language=language, provider=provider))
        return decode(self._transport.ask("GET", target, timeout_s=LOOK_S), VoiceList)

    def doctor(self) -> Findings:
        return decode(self._transport.ask("GET", "/v1/doctor", timeout_s=LOOK_S), Findings)

    def auth(self) -> SignInView:
        """Begin to sign in to the channel; the page to open."""
        return decode(self._transport.ask("POST", "/v1/auth/youtube"), SignInView)

    def auth_state(self, wait_s: float = 0.0) -> SignInView:
        """Whether somebody is signed in; while a browser is waited for, up to `wait_s` seconds later."""
        target = _target("/v1/auth/youtube", {"wait": str(wait_s)})
        return decode(self._transport.ask("GET", target, timeout_s=LOOK_S + wait_s), SignInView)

    def auth_end(self) -> SignInView:
        """Sign out."""
        return decode(self._transport.ask("DELETE", "/v1/auth/youtube", timeout_s=LOOK_S), SignInView)

    def shutdown(self, *, drain: bool = False) -> Ended:
        """End the daemon; with `drain`, when the jobs that run have ended."""
        return decode(self._transport.ask("POST", f"/v1/shutdown{'?drain=true' if drain else ''}"), Ended)

    def live(self) -> Health:
        """That the daemon answers, and what somebody should know of it."""
        return decode(self._transport.ask("GET", "/health/live"), Health)

    @contextmanager
    def _messages(
        self, target: str, headers: dict[str, str], hangup: Hangup | None = None
    ) -> Iterator[Iterator[Message]]:
        with self._transport.stream(target, {"Accept": "text/event-stream", **headers}, hangup) as chunks:
            parser = Parser()
            yield (message for chunk in chunks for message in parser.feed(chunk))


def _given(**query: str | float | None) -> dict[str, str]:
    return {key: str(value) for key, value in query.items() if value is not None}


def _changes(wanted: Any) -> dict[str, Any]:
    """How changes are asked for: a mapping, or params in which all that is None or false stays as it is."""
    given = msgspec.to_builtins(wanted)
    if not isinstance(wanted, Mapping):
        return {"changes": {name: value for name, value in given.items() if value is not None and value is not False}}
    unset = [name for name, value in given.items() if value is None]
    changes = {name: value for name, value in given.items() if value is not None}
    return {"changes": changes, **({"unset": unset} if unset else {})}


def _set(**query: bool) -> dict[str, str]:
    return {key: "true" for key, value in query.items() if value}


def _target(path: str, query: dict[str, str] | list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(query, quote_via=quote, safe=',')}" if query else path
