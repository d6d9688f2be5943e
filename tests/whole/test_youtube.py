"""A channel, from signing in to a short that is on it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import held
import httpx
import pytest
from daemon import STORY, TINY, Home, home, wait_for
from servers.google import Google
from servers.loopback import together
from servers.youtube import Youtube

from shortsd.wire.models import NewJob, NewJobs, ShortParams


@pytest.fixture
def google() -> Google:
    return Google()


@pytest.fixture
def youtube(google: Google) -> Youtube:
    return Youtube(google.admits)


@pytest.fixture
def uploading(short_folder: Path, google: Google, youtube: Youtube) -> Iterator[Home]:
    """A daemon that uploads its shorts, one being worked at at a time, by a clock that can be put."""
    with together(google, youtube):
        services = f"""
max_parallel_jobs = 1
jobs_ahead = 0
[youtube]
upload = true
[services]
youtube = "{youtube.address}"
google_accounts = "{google.address}"
google_tokens = "{google.address}"
"""
        identity, secret = google.client
        with home(
            short_folder / "h",
            TINY + services,
            module="held",
            SHORTSD_YOUTUBE_CLIENT_ID=identity,
            SHORTSD_YOUTUBE_CLIENT_SECRET=secret,
        ) as daemon:
            yield daemon


def sign_in(daemon: Home) -> tuple[str, str]:
    """Sign in with the command and a browser; what the command printed on stdout and on stderr."""
    command = [sys.executable, "-m", "shortsd.cli", "auth", "youtube", "--no-browser"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=daemon.environ, text=True, stdout=pipe, stderr=pipe) as signing:
        assert signing.stdout is not None
        url = signing.stdout.readline().strip()
        httpx.get(url, follow_redirects=True, trust_env=False)
        out, err = signing.communicate(timeout=30)
    assert signing.returncode == 0, err
    return url + out, err


def test_from_signing_in_to_a_short_on_the_channel(uploading: Home, google: Google, youtube: Youtube) -> None:
    """The command prints a page; once somebody has said yes there, shorts are uploaded. No secret is left anywhere."""
    assert uploading.ctl("auth", "youtube", "--status").stdout == "not signed in\n"
    url, said = sign_in(uploading)
    assert url.startswith(google.address)
    assert said.endswith("signed in.\n")
    finding = next(one for one in uploading.client.doctor().findings if one.name == "youtube")
    assert (finding.ok, finding.detail) == (True, "signed in; videos are private")

    job = uploading.make()
    made = uploading.finished(job)
    assert made.result["link"] == f"https://youtu.be/{youtube.videos[0].id}"
    assert youtube.videos[0].content == Path(made.result["video"]).read_bytes()

    told = uploading.log(job) + uploading.said() + uploading.ctl("show", str(job), "--json").stdout
    for secret in (*google.staying, *google.access, *youtube.sessions, google.client[1]):
        assert secret not in told

    assert uploading.ctl("auth", "youtube", "--sign-out").stdout == "not signed in\n"
    assert not google.staying


def test_an_upload_at_its_hour_waits_for_no_render(uploading: Home, google: Google, youtube: Youtube) -> None:
    """A private short goes to the channel when its hour comes, while another one holds the only place and turn."""
    token = uploading.places.state / "youtube-token.json"
    token.touch(0o600)
    token.write_text(json.dumps({**google.sign_in(), "expires_at": 4e9}))
    new = NewJob(params=ShortParams(story=STORY, seed=1), publish_at=time.time() + 3600)
    job = uploading.client.create(NewJobs(jobs=[new]), "a key").jobs[0].id
    assert uploading.until(job, "scheduled").due_at == new.publish_at
    reached = held.hold(uploading.folder, "render")
    other = uploading.make(seed=2)
    wait_for(reached.exists, "a render")
    held.put_clock(uploading.folder, 3601)
    assert uploading.finished(job).due_at is None
    assert [video.resource["status"]["privacyStatus"] for video in youtube.videos] == ["private"]
    assert uploading.client.job(other).stage == "render"


def test_a_short_with_nobody_signed_in(uploading: Home) -> None:
    """The job fails, saying how to sign in, and so does doctor."""
    job = uploading.make()
    failed = uploading.until(job, "failed")
    assert failed.error is not None
    assert failed.error.code == "service_refused"
    assert "shortsctl auth youtube" in failed.error.hint
    doctor = uploading.ctl("doctor")
    assert "MISSING  youtube" in doctor.stdout
    assert doctor.returncode == 1
