"""Looks at everything that a short needs where no daemon runs."""

import asyncio
import os
import tempfile
from dataclasses import replace
from pathlib import Path

from shortsd.config.home import held
from shortsd.config.places import Places
from shortsd.config.secrets import Secrets
from shortsd.config.settings import Settings
from shortsd.domain.errors import ShortsError
from shortsd.domain.process import ChildRecord
from shortsd.engine.doctor import Doctor
from shortsd.kit import child_processes, forgetful, tools
from shortsd.store.examine import examine
from shortsd.wire.models import Finding

CHECK_MARK = "check"
"""What children of a check carry: no home's, so that a daemon that starts meanwhile does not take them for ghosts."""


async def check(settings: Settings, places: Places) -> list[Finding]:
    """What doctor finds where no daemon runs."""
    stored = await asyncio.to_thread(_database, places)
    children, memory = child_processes(settings, CHECK_MARK, _Unrecorded()), forgetful()
    with tempfile.TemporaryDirectory() as folder:  # who looks may be root, and the daemon's files somebody else's
        try:
            secrets = Secrets.take(os.environ, places.config_file.parent)
            apart = replace(places, cache=Path(folder))
            kit = await asyncio.to_thread(tools, settings, apart, secrets, children, memory)
        except ShortsError as exc:
            return [Finding(name="set-up", ok=False, detail=exc.message, remedy=exc.hint), stored]
        try:
            return [*await Doctor(kit, settings, places, secrets)(), stored]
        finally:
            await memory.kept.close()


def _database(places: Places) -> Finding:
    """Whether a daemon could start on the job database."""
    if held(places):
        return Finding(name="database", ok=True, detail=f"{places.database}, which a daemon works with")
    try:
        return Finding(name="database", ok=True, detail=examine(places.database))
    except ShortsError as exc:
        return Finding(name="database", ok=False, detail=exc.message, remedy=exc.hint)


class _Unrecorded:
    """A registry for children that do not outlive a command (processes.registry.Registry)."""

    async def add(self, record: ChildRecord) -> None:
        del record

    async def remove(self, pid: int) -> None:
        del pid
