"""Bytes to a channel: in chunks, over faults, and gone on with after an end of the daemon."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from providers.youtube_support import CHUNK, FILM, Channel, Killed, Steps, content, publication
from servers.loopback import Handler, body, reset, silence, status
from servers.youtube import UPLOADS, done_then, refusing
from support import TestDesk

from shortsd.domain.errors import NotYet, ServiceFailed, ServiceRefused, Unavailable


async def test_a_video_comes_whole_with_what_belongs_to_it(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Its bytes, its captions and its thumbnail are there, and its address is known."""
    published = await channel.publisher().publish(publication(tmp_path / "w"), desk)
    video = channel.video
    assert video.content == content()
    assert video.captions == {"en": (tmp_path / "w" / "s").read_bytes()}
    assert video.thumbnail == b"\xff\xd8jpeg"
    assert (published.link, published.warnings) == (f"https://youtu.be/{video.id}", ())


async def test_progress_is_told_by_byte(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Bytes of bytes, rising to the last one, and in megabytes for people."""
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    sent = [done for done, _, _ in desk.seen]
    assert sent == sorted(sent)
    assert desk.seen[-1] == (FILM, FILM, "0.8 of 0.8 MB")


async def test_a_second_attempt_sends_nothing_again(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """What is on the channel is taken as done."""
    first = await channel.publisher().publish(publication(tmp_path / "w"), desk)
    channel.youtube.requests.clear()
    assert await channel.publisher().publish(publication(tmp_path / "w"), desk) == first
    assert channel.youtube.requests == []


@pytest.mark.parametrize("kept", [True, False], ids=["session kept", "session gone"])
async def test_a_death_at_any_step_leaves_one_video(
    channel: Channel, tmp_path: Path, desk: TestDesk, *, kept: bool
) -> None:
    """Killed between any of its writes and requests, the next daemon goes on: one video, with the right bytes."""
    step = 0
    while True:
        step += 1
        channel.empty()
        await channel.database.transaction(lambda transaction: transaction.run("DELETE FROM uploads"))
        try:
            await channel.publisher(steps=Steps(step)).publish(publication(tmp_path / "w"), desk)
        except Killed:
            if not kept:
                channel.youtube.sessions.clear()
            published = await channel.publisher().publish(publication(tmp_path / "w"), desk)
            assert published.link.endswith(channel.video.id), step
            assert published.warnings == (), step
            assert channel.video.content == content(), step
            assert list(channel.video.captions) == ["en"], step
            assert channel.video.thumbnail, step
        else:
            break
    assert step > 10  # the mark, the session, three chunks, the video, captions and thumbnail, each kept


async def test_what_is_there_is_not_sent_again(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Killed after its second chunk, an upload goes on with the third."""
    begun, chunks_sent = 3, 2  # the mark, the session begun and kept
    with pytest.raises(Killed):
        await channel.publisher(steps=Steps(begun + chunks_sent + 1)).publish(publication(tmp_path / "w"), desk)
    channel.youtube.requests.clear()
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    ranges = [one.headers["Content-Range"] for one in channel.youtube.asked(UPLOADS)]
    assert ranges == [f"bytes */{FILM}", f"bytes {2 * CHUNK}-{FILM - 1}/{FILM}"]


async def test_a_smaller_range_than_was_sent(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """What was not taken of a chunk is sent again, and nothing else."""
    channel.youtube.takes.extend([1000, CHUNK, 0, 70_000])
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert channel.video.content == content()
    assert channel.youtube.asked(UPLOADS)[2].headers["Content-Range"].startswith("bytes 1000-")


async def test_no_byte_is_taken(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """An upload that stands still fails for now, rather than going on for ever."""
    channel.youtube.takes.extend([0] * 20)
    with pytest.raises(ServiceFailed, match="takes no more than 0 of") as failed:
        await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert failed.value.retryable


@pytest.mark.parametrize("fault", [status(503), reset(), status(500, Retry_After="7")])
async def test_a_chunk_whose_outcome_is_unknown(
    channel: Channel, tmp_path: Path, desk: TestDesk, fault: Handler
) -> None:
    """The session is asked how far it is, whether the chunk came or not, and the upload goes on from there."""
    youtube = channel.youtube
    youtube.fail(youtube.begin, fault, youtube.put, done_then(youtube.put, fault), at=UPLOADS)
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert channel.video.content == content()


async def test_the_last_answer_is_lost(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """The session tells of the video that it came to."""
    put = channel.youtube.put
    channel.youtube.fail(channel.youtube.begin, put, put, done_then(put, reset()), at=UPLOADS)
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert channel.video.content == content()


async def test_all_bytes_are_there_and_no_video_yet(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """The session is asked until it names one."""
    youtube = channel.youtube
    busy = status(308, Range=f"bytes=0-{FILM - 1}")
    youtube.fail(youtube.begin, youtube.put, youtube.put, done_then(youtube.put, busy), busy, busy, at=UPLOADS)
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert channel.video.content == content()
    assert channel.time.waits


async def test_silence_in_a_chunk(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """A request that is not answered is given up in time, and the session asked."""
    channel.youtube.fail(status(503), silence(), at=UPLOADS)
    await channel.publisher(read_s=0.2).publish(publication(tmp_path / "w"), desk)
    assert channel.video.content == content()


async def test_a_session_expires(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """The channel is looked through first, then the upload begins anew under the same mark."""
    with pytest.raises(Killed):
        await channel.publisher(steps=Steps(5)).publish(publication(tmp_path / "w"), desk)
    mark = (await channel.uploads.get(7)).mark  # type: ignore[union-attr] # it is there
    channel.youtube.fail(status(410), at=UPLOADS)
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert channel.video.content == content()
    assert mark in channel.video.resource["snippet"]["tags"]
    assert channel.youtube.asked("/youtube/v3/playlistItems")


async def test_a_video_that_is_not_listed_at_once(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """A session that is gone right after its last byte: the video is looked for again before anything is sent."""
    with pytest.raises(Killed):
        await channel.publisher(steps=Steps(7)).publish(publication(tmp_path / "w"), desk)
    channel.youtube.sessions.clear()
    channel.youtube.unlisted = 2
    published = await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert published.link.endswith(channel.video.id)


async def test_a_mark_is_found_among_many(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Uploads that came later do not hide it, page after page."""
    with pytest.raises(Killed):
        await channel.publisher(steps=Steps(7)).publish(publication(tmp_path / "w"), desk)
    video = channel.video
    for number in range(120):
        other = {**video.resource, "snippet": {**video.resource["snippet"], "tags": [f"shortsd-{number:012x}"]}}
        channel.youtube.videos.append(type(video)(f"other-{number}", other, b""))
    channel.youtube.sessions.clear()
    published = await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert published.link.endswith(video.id)
    assert len(channel.youtube.videos) == 121


async def test_cancelled_in_a_chunk(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Its session is gone on with."""
    held = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def hold(request: web.Request) -> web.StreamResponse:
        loop.call_soon_threadsafe(held.set)
        return await silence()(request)

    channel.youtube.fail(channel.youtube.begin, hold, at=UPLOADS)
    task = asyncio.create_task(channel.publisher().publish(publication(tmp_path / "w"), desk))
    await asyncio.wait_for(held.wait(), 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert channel.video.content == content()
    assert len(channel.youtube.sessions) == 1


async def test_another_film_of_the_job(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Made anew while its upload was under way, the job's old upload is given up and the new film sent."""
    with pytest.raises(Killed):
        await channel.publisher(steps=Steps(5)).publish(publication(tmp_path / "w"), desk)
    published = await channel.publisher().publish(publication(tmp_path / "w", seed=2), desk)
    assert channel.video.content == content(2)
    assert published.warnings == ()
    assert len(channel.youtube.sessions) == 1


@pytest.mark.parametrize("killed_at", [7, 99], ids=["nobody knew", "known"])
async def test_another_film_of_a_job_that_is_on_the_channel(
    channel: Channel, tmp_path: Path, desk: TestDesk, killed_at: int
) -> None:
    """YouTube replaces no video, and we send none twice: what is there stays, and that is told."""
    try:
        await channel.publisher(steps=Steps(killed_at)).publish(publication(tmp_path / "w"), desk)
    except Killed:
        assert killed_at == 7
    published = await channel.publisher().publish(publication(tmp_path / "w", seed=2), desk)
    assert channel.video.content == content(1)
    assert "YouTube replaces none" in published.warnings[0]


async def test_a_token_is_revoked_in_mid_upload(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """It fails and says what to do; signed in again, the upload goes on where it was."""
    google, youtube = channel.google, channel.youtube

    async def revoke(request: web.Request) -> web.StreamResponse:
        google.staying.clear()
        google.access.clear()
        return await youtube.put(request)

    youtube.fail(youtube.begin, youtube.put, revoke, at=UPLOADS)
    with pytest.raises(ServiceRefused) as refused:
        await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert "shortsctl auth youtube" in refused.value.hint
    channel.sign_in()
    youtube.requests.clear()
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert channel.video.content == content()
    assert youtube.asked(UPLOADS)[1].headers["Content-Range"].startswith(f"bytes {CHUNK}-")


async def test_an_access_token_is_not_taken_any_more(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """It is renewed once, and the chunk sent again."""
    youtube = channel.youtube

    async def forget(request: web.Request) -> web.StreamResponse:
        channel.google.access.clear()
        return await youtube.put(request)

    youtube.fail(youtube.begin, forget, at=UPLOADS)
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert channel.video.content == content()
    assert len(channel.google.asked("/token")) == 1


@pytest.mark.parametrize(("code", "reason"), [(400, "invalidVideoMetadata"), (403, "forbidden")])
async def test_the_session_refuses_the_video(
    channel: Channel, tmp_path: Path, desk: TestDesk, code: int, reason: str
) -> None:
    """What YouTube says is told, and that session not asked again: the next attempt begins another."""
    youtube = channel.youtube
    youtube.fail(youtube.begin, refusing(code, reason, "Bad film"), at=UPLOADS)
    with pytest.raises(ServiceFailed, match="Bad film") as failed:
        await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert not failed.value.retryable
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert channel.video.content == content()
    assert len(youtube.sessions) == 2


async def test_an_address_of_somebody_else(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Our token goes to nobody whom an answer names."""
    channel.youtube.fail(status(200, Location="http://127.0.0.1:9/upload?upload_id=x"), at=UPLOADS)
    with pytest.raises(ServiceFailed, match="not its own"):
        await channel.publisher().publish(publication(tmp_path / "w"), desk)


async def test_withdrawing_takes_nothing_from_the_channel(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """An attempt that failed is withdrawn, and the next one goes on where it was; what is there stays."""
    with pytest.raises(Killed):
        await channel.publisher(steps=Steps(5)).publish(publication(tmp_path / "w"), desk)
    await channel.publisher().withdraw(7, 1.5)
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    with pytest.raises(Unavailable, match="on YouTube and stays there"):
        await channel.publisher().withdraw(7, 1.5)
    assert channel.video.content == content()
    assert len(channel.youtube.sessions) == 1


async def test_withdrawing_what_nobody_knows_to_be_there(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Stopped after its last byte, a video would be seen at its hour: who stops it is told that it is there."""
    with pytest.raises(Killed):
        await channel.publisher(steps=Steps(7)).publish(publication(tmp_path / "w"), desk)
    channel.youtube.fail(*[status(503)] * 3, at=UPLOADS)
    with pytest.raises(Unavailable, match="is not known") as unknown:
        await channel.publisher().withdraw(7, 1.5)
    mark = (await channel.uploads.get(7)).mark  # type: ignore[union-attr] # it is there
    assert mark in unknown.value.hint
    with pytest.raises(Unavailable, match=f"stays there: https://youtu.be/{channel.video.id}"):
        await channel.publisher().withdraw(7, 1.5)


async def test_an_answer_that_names_no_video(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """It says nothing of what came of the upload: the session is asked."""
    put, nothing = channel.youtube.put, body(b'{"id": ""}')
    channel.youtube.fail(channel.youtube.begin, put, put, done_then(put, nothing), at=UPLOADS)
    await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert channel.video.content == content()


async def test_another_film_while_the_first_is_being_seen_to(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """All bytes of the first are there: it is not given up, and nothing is sent beside it."""
    with pytest.raises(Killed):
        await channel.publisher(steps=Steps(7)).publish(publication(tmp_path / "w"), desk)
    channel.youtube.fail(status(308, Range=f"bytes=0-{FILM - 1}"), at=UPLOADS)
    with pytest.raises(ServiceFailed, match="still seeing to it") as failed:
        await channel.publisher().publish(publication(tmp_path / "w", seed=2), desk)
    assert failed.value.retryable
    assert channel.video.content == content(1)
    assert len(channel.youtube.sessions) == 1


async def test_an_upload_that_ends_while_it_is_given_up(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """It is looked for on the channel, as any whose session is gone."""
    with pytest.raises(Killed):
        await channel.publisher(steps=Steps(7)).publish(publication(tmp_path / "w"), desk)
    channel.youtube.fail(status(308, Range=f"bytes=0-{CHUNK - 1}"), status(404), at=UPLOADS)
    published = await channel.publisher().publish(publication(tmp_path / "w", seed=2), desk)
    assert published.link.endswith(channel.video.id)
    assert "YouTube replaces none" in published.warnings[0]


async def test_a_list_that_is_not_to_be_had(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """That some page between says 404 is not YouTube's word that there is no video: nothing is sent."""
    with pytest.raises(Killed):
        await channel.publisher(steps=Steps(7)).publish(publication(tmp_path / "w"), desk)
    channel.youtube.sessions.clear()
    channel.youtube.fail(status(404, "<html>The hotel's network", "text/html"), at="/youtube/v3/playlistItems")
    with pytest.raises(ServiceFailed, match="does not list"):
        await channel.publisher().publish(publication(tmp_path / "w"), desk)
    published = await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert published.link.endswith(channel.video.id)


async def test_a_video_that_another_account_did_not_see(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """A session that was refused, and a channel on which nothing was found: it is looked for again before sending."""
    with pytest.raises(Killed):
        await channel.publisher(steps=Steps(7)).publish(publication(tmp_path / "w"), desk)
    channel.youtube.unlisted = 3
    channel.youtube.fail(refusing(403, "forbidden"), at=UPLOADS)
    with pytest.raises(ServiceRefused):
        await channel.publisher().publish(publication(tmp_path / "w"), desk)
    published = await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert published.link.endswith(channel.video.id)


async def test_jobs_at_the_same_time(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Each job has its video; they go one after the other."""
    publisher = channel.publisher()
    one, two = publication(tmp_path / "1"), publication(tmp_path / "2", seed=2, job=8)
    await asyncio.gather(publisher.publish(one, desk), publisher.publish(two, desk))
    assert {video.content for video in channel.youtube.videos} == {content(1), content(2)}
    begun = [one.method for one in channel.youtube.asked(UPLOADS)]
    assert begun == ["POST", "PUT", "PUT", "PUT"] * 2


async def test_secrets_are_told_to_nobody(
    channel: Channel, tmp_path: Path, desk: TestDesk, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a token nor the address of a session is in an error, a log or what is told on the way."""
    tokens = channel.sign_in()
    youtube = channel.youtube

    async def echo(request: web.Request) -> web.StreamResponse:
        said = f"{request.headers['Authorization']} {request.url}"
        return await refusing(400, "badRequest", said)(request)

    youtube.fail(youtube.begin, echo, at=UPLOADS)
    with caplog.at_level("WARNING"), pytest.raises(ServiceFailed) as failed:
        await channel.publisher().publish(publication(tmp_path / "w"), desk)
    told = f"{failed.value!r} {failed.value.hint} {desk.log.lines} {desk.seen} {caplog.text}"
    assert "Bearer" in told  # or it would not have been echoed
    for secret in (tokens["access_token"], tokens["refresh_token"], *youtube.sessions, channel.google.client[1]):
        assert secret not in told


async def test_nobody_is_signed_in(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """It says how to."""
    channel.file.unlink()
    with pytest.raises(ServiceRefused, match="Nobody is signed in") as refused:
        await channel.publisher().publish(publication(tmp_path / "w"), desk)
    assert "shortsctl auth youtube" in refused.value.hint
    assert channel.youtube.requests == []


async def test_a_video_that_is_there_waits_for_no_hour(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """An attempt after it was uploaded has nothing to wait for."""
    first = await channel.publisher().publish(publication(tmp_path / "w"), desk)
    later = publication(tmp_path / "w", publish_at=channel.time.now + 3600)
    assert (await channel.publisher().publish(later, desk)).link == first.link


async def test_a_private_video_waits_for_its_hour(channel: Channel, tmp_path: Path, desk: TestDesk) -> None:
    """Nothing is sent before, as YouTube keeps the hour of public ones only."""
    at = channel.time.now + 3600
    with pytest.raises(NotYet) as wait:
        await channel.publisher().publish(publication(tmp_path / "w", publish_at=at), desk)
    assert wait.value.until == at
    assert channel.youtube.requests == []
