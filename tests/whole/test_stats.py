"""Statistics of real shorts."""

import json

from daemon import Home

from shortsd.domain.stage import STAGES


def last_event(daemon: Home) -> int:
    with daemon.client.events() as messages:
        return int(daemon.data(next(messages))["seq"])


def test_figures_of_what_was_made(shared: Home) -> None:
    """Every stage that worked, how jobs ended, and what is taken, as data and for people."""
    job = shared.make()
    shared.finished(job)
    shared.retry(job)
    shared.finished(job)
    stats = json.loads(shared.ctl("stats", "--json", "--days", "1").stdout)
    counts = {stage["name"]: stage["count"] for stage in stats["stages"]}
    assert counts == {stage: 2 if stage == "publish" else 1 for stage in STAGES}
    assert all(0 <= stage["median_s"] <= stage["p95_s"] for stage in stats["stages"])
    assert stats["jobs"] == {"succeeded": 1}
    assert stats["ended"]["success_rate"] == 1.0
    assert stats["ended"]["started_again"] == 1
    assert sum(day["shorts"] for day in stats["shorts_by_day"]) == 1
    assert stats["render_speed"] > 0
    assert stats["events"] == last_event(shared)
    assert all(stats["disk"][of] > 0 for of in ("cache_bytes", "free_bytes", "database_bytes"))
    said = shared.ctl("stats").stdout
    for word in ("STAGE", "MEDIAN", "P95", "render", "success rate", "100 %", "1 succeeded", "database"):
        assert word in said


def test_a_daemon_that_made_nothing_has_figures_too(daemon: Home) -> None:
    """Without a rate of nothing; a number of days that is none is refused."""
    done = daemon.ctl("stats")
    assert done.returncode == 0, done.stderr
    assert "jobs now" in done.stdout
    assert "success rate" not in done.stdout
    assert daemon.client.stats().ended.success_rate is None
    assert daemon.ctl("stats", "--days", "0").returncode == 2
