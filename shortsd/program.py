"""The daemon as a program: from a configuration to an exit code, and errors for people on the way."""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import msgspec

from shortsd import lifecycle, selfcheck
from shortsd.api.refusal import refuse
from shortsd.config.load import load
from shortsd.config.logs import set_up
from shortsd.config.places import Places
from shortsd.config.settings import Settings
from shortsd.domain.errors import BadInput, ShortsError, Unusable
from shortsd.ground import Around
from shortsd.systemd import activation, exits
from shortsd.wire.errors import TABLE
from shortsd.wire.models import Findings


def run(config: Path | None, *, check: bool) -> int:
    """Be the daemon, in the foreground, or `check` what it needs; an exit code."""
    given = None
    try:
        if check:
            return _check(*_configured(config))
        given = activation.take(os.environ)
        asyncio.run(lifecycle.serve(Around(*_configured(config)), given=given))
    except ShortsError as exc:
        sys.stderr.write(f"shortsd: {exc.message}\n" + (f"  {exc.hint}\n" if exc.hint else ""))
        if given:
            refuse(given, exc)
        return exits.UNUSABLE if isinstance(exc, Unusable) else TABLE[exc.code].exit
    except KeyboardInterrupt:
        return 130
    return 0


def _configured(file: Path | None) -> tuple[Settings, Places]:
    """What a user has set, in `file` or where it is looked for, and where everything lies; the log is set up."""
    places = Places.find()
    if file:
        places = replace(places, config_file=_there(file))
    settings = load(places.config_file)
    set_up(settings.daemon.log_level)
    return settings, places


def _check(settings: Settings, places: Places) -> int:
    """Look at everything that a short needs."""
    findings = asyncio.run(selfcheck.check(settings, places))
    sys.stdout.write(msgspec.json.encode(Findings(findings=findings)).decode() + "\n")
    return 0 if all(finding.ok for finding in findings) else 1


def _there(file: Path) -> Path:
    """A configuration that was named must be there: the defaults are not what was asked for."""
    if not file.is_file():
        raise BadInput(f"There is no configuration {file}.", "Name a file that is there, or none.")
    return file.absolute()
