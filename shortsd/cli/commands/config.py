"""`shortsctl config`: checks and shows the configuration, whether or not a daemon runs."""

import argparse
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shortsd.cli import output
from shortsd.cli.params import sendable
from shortsd.client.text import padded, shown, width
from shortsd.config.advice import advice
from shortsd.config.load import load, parse, read
from shortsd.config.places import SYSTEM_SOCKET, Places, socket_to_ask
from shortsd.config.secrets import Secrets
from shortsd.config.writing import require_prompts
from shortsd.domain.errors import BadInput, BadRequest

EXAMPLES = """
shortsctl config check                    what is wrong with it, if anything is
shortsctl config check new.toml && mv new.toml "$(shortsctl config path)"
shortsctl config show                     every setting that counts, and where it comes from
shortsctl config show --json | jq .settings.video.fps.value
"""

_ROOM = 40
"""Cells for a setting before the word on where it comes from."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which file."""
    parser.description = (
        "Check or show the configuration, or print where it lies; no daemon is asked. `check` exits with 2 if a daemon "
        "would refuse it. A daemon that runs reads the file again by itself when it changes."
    )
    parser.add_argument("what", choices=["check", "show", "path"], metavar="WHAT", help="check, show, path")
    parser.add_argument("file", nargs="?", metavar="FILE", help="check or show this one (default: the daemon's)")
    parser.add_argument("--json", action="store_true", help="show: print JSON")


def run(args: argparse.Namespace) -> int:
    """Do it. Raises BadInput for a configuration that cannot be used."""
    environ = _environment()
    if args.what == "path":
        return _path(Places.find(environ).config_file, args.file)
    file = _named(args.file) if args.file is not None else Places.find(environ).config_file
    return _check(file, environ) if args.what == "check" else _show(file, as_json=args.json)


def _environment() -> dict[str, str]:
    """Where the daemon looks whose socket is asked: the system's has its files elsewhere."""
    if socket_to_ask() != SYSTEM_SOCKET:
        return dict(os.environ)
    from shortsd.client.behind import SYSTEM  # noqa: PLC0415 - loads what speaks to systemd

    return {**os.environ, **SYSTEM}


def _named(name: str) -> Path:
    """A file that was named, which must be there."""
    file = Path(sendable("configuration", name) or "")
    if not file.is_file():
        raise BadInput(f"There is no configuration {name}.", "Name a file that is there, or none.")
    return file


def _path(file: Path, named: str | None) -> int:
    if named is not None:
        raise BadRequest("`config path` takes no file.", "It prints where the daemon's configuration lies.")
    output.result(shown(str(file)))
    if not file.exists():
        output.say("there is none yet, and the defaults count.")
    return 0


def _check(file: Path, environ: dict[str, str]) -> int:
    settings = load(file)
    secrets = Secrets.take(dict(environ), file.parent)
    require_prompts(settings, secrets)
    for line in advice(settings, secrets):
        output.say(shown(f"warning: {line}"))
    if not file.exists():
        output.say(shown(f"there is no {file}, and the defaults count."))
    output.result("ok")
    return 0


def _show(file: Path, *, as_json: bool) -> int:
    given = read(file)
    settings = asdict(parse(given, str(file)))
    if as_json:
        output.json({"file": str(file), "settings": _sourced(settings, given)})
        return 0
    for line in _lines(_sourced(settings, given)):
        output.result(shown(line))
    return 0


def _sourced(settings: Mapping[str, Mapping[str, Any]], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each table, and in it each setting with where it comes from."""
    return {
        table: {
            key: {"value": value, "source": "file" if key in given.get(table, ()) else "default"}
            for key, value in keys.items()
        }
        for table, keys in settings.items()
    }


def _lines(settings: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """All of it as TOML, which could be a configuration itself."""
    for at, (table, keys) in enumerate(settings.items()):
        yield from [""] if at else []
        yield f"[{table}]"
        for key, one in keys.items():
            setting = f"{key} = {json.dumps(one['value'], ensure_ascii=False)}"
            yield f"{padded(setting, max(_ROOM, width(setting)))}  # {one['source']}"
