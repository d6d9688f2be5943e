"""Metrics as Prometheus reads them (prometheus.io/docs/instrumenting/exposition_formats)."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from shortsd import __version__
from shortsd.engine.metrics import BOUNDS_S, Metrics

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
BOUNDS = (*(f"{bound:g}" for bound in BOUNDS_S), "+Inf")


def exposition(metrics: Metrics) -> bytes:
    """All metrics, and those of this process, as text."""
    registry = CollectorRegistry()
    registry.register(_Taken(metrics))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


@dataclass(frozen=True, slots=True, eq=False)
class _Taken(Collector):
    """Measures that were taken, as families of metrics."""

    metrics: Metrics

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily(
            "shortsd_build", "What runs.", value={"version": __version__, "python": platform.python_version()}
        )
        yield self._jobs()
        yield GaugeMetricFamily(
            "shortsd_queue_age_seconds", "How long the oldest job waits that could run.", value=self.metrics.queue_age_s
        )
        yield from self._children()
        yield self._used()
        yield self._stages()
        yield self._errors()

    def _jobs(self) -> Metric:
        family = GaugeMetricFamily("shortsd_jobs", "Jobs by state.", labels=["state"])
        for state, count in self.metrics.jobs.items():
            family.add_metric([state], count)
        return family

    def _children(self) -> Iterator[Metric]:
        count = GaugeMetricFamily("shortsd_children", "Child processes by stage.", labels=["stage"])
        memory = GaugeMetricFamily(
            "shortsd_children_resident_memory_bytes", "What child processes hold in memory.", labels=["stage"]
        )
        for stage, children in self.metrics.children.items():
            count.add_metric([stage], children.count)
            memory.add_metric([stage], children.memory_bytes)
        yield count
        yield memory

    def _used(self) -> Metric:
        family = GaugeMetricFamily("shortsd_used_bytes", "What files take, by what they are for.", labels=["folder"])
        for folder in ("work", "cache", "output"):
            family.add_metric([folder], getattr(self.metrics.used, folder))
        return family

    def _stages(self) -> Metric:
        family = HistogramMetricFamily(
            "shortsd_stage_duration_seconds",
            "How long stages took that did their work since the daemon started.",
            labels=["stage"],
        )
        for stage, took in self.metrics.tally.stages.items():
            family.add_metric([stage], list(zip(BOUNDS, took.up_to(), strict=True)), took.total_s)
        return family

    def _errors(self) -> Metric:
        family = CounterMetricFamily(
            "shortsd_errors", "Errors with which attempts at jobs ended since the daemon started.", labels=["code"]
        )
        for code, count in self.metrics.tally.errors.items():
            family.add_metric([code], count)
        return family
