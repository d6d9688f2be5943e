"""A week, from the command to the channel, through dying daemons."""

import json
import os
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from channel import channel
from daemon import TINY, wait_for
from secrets_search import written
from servers.youtube import Video

from shortsd.wire.channel import WeekRequest

SMALLEST = (
    TINY.replace("270", "128")
    .replace("480", "128")
    .replace("fps = 10", "fps = 2")
    .replace("retries = 0", "retries = 3\nretry_wait_s = 0.2")
)
COUNT = int(os.environ.get("WEEK", "8"))
"""Shorts; `WEEK=16 pytest tests/whole/test_week.py` makes a whole week."""


def _has(videos: list[Video], count: int) -> bool:
    return len(videos) >= count


@pytest.mark.timeout(300)
def test_a_week_is_uploaded_once_each_at_its_hour_through_two_deaths(short_folder: Path) -> None:
    """Shorts, none alike, each on the channel once and to be seen at its slot; no key is left anywhere."""
    with channel(short_folder / "h", SMALLEST, words=30) as (daemon, services):
        request = WeekRequest(count=COUNT, per_day=4, topics=["horror"])
        week = daemon.client.week(request, str(uuid4()))
        assert "written by openrouter" in week.estimate.uses
        assert "YouTube takes 22 more videos today" in week.estimate.uses[-1]
        for share in (COUNT // 5, COUNT // 2):
            videos = services.youtube.videos
            wait_for(partial(_has, videos, share), f"{share} videos", patience_s=120)
            daemon.kill()
            daemon.start()
        for job in week.jobs:
            daemon.finished(job)

        assert len(videos) == COUNT
        hours = [datetime.fromisoformat(video.resource["status"]["publishAt"]).timestamp() for video in videos]
        assert sorted(hours) == week.slots
        marks = [tag for video in videos for tag in video.resource["snippet"]["tags"] if tag.startswith("shortsd-")]
        assert len(set(marks)) == len(marks) == COUNT

        shorts = [json.loads(Path(daemon.client.job(job).result["metadata"]).read_text()) for job in week.jobs]
        assert len({short["text"] for short in shorts}) == COUNT
        shown = [(picture["source"], picture["id"]) for short in shorts for picture in short["pictures"]]
        assert len(set(shown)) == len(shown) >= COUNT
        assert all(source == "Pexels" for source, _ in shown)

        stood = daemon.client.batch(week.batch or 0)
        assert (stood.total, stood.done, stood.errors) == (COUNT, COUNT, 0)
        history = json.loads((daemon.places.output / "history.json").read_text())
        assert {entry["link"] for entry in history} == {f"https://youtu.be/{video.id}" for video in videos}
        token = daemon.places.state / "youtube-token.json"
        token.unlink()
        for key in services.keys:
            assert written(daemon.folder, key) == []
