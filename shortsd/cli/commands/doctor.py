"""`shortsctl doctor`: checks everything a short needs, and says what to do about what is missing."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from shortsd import __version__
from shortsd.cli import daemon, output
from shortsd.client.client import Client
from shortsd.client.text import padded, shown
from shortsd.config.places import socket_to_ask
from shortsd.domain.errors import NoDaemon, ShortsError
from shortsd.wire.models import Finding, Findings

EXAMPLES = """
shortsctl doctor
shortsctl doctor --json | jq '.findings[] | select(.ok | not)'
"""

_RESTART = "`shortsctl shutdown` ends it; the next `shortsctl make` starts the new one."


def arguments(parser: argparse.ArgumentParser) -> None:
    """None but the form of the answer."""
    parser.description = (
        "Check everything a short needs, and say what to do about each thing missing. Exits with 1 if one is."
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Look at everything and print it."""
    found = Findings(findings=list(_look(daemon.client())))
    if args.json:
        output.json(found)
    else:
        _print(found)
    return 0 if all(finding.ok for finding in found.findings) else 1


def _look(client: Client) -> Iterator[Finding]:
    socket = socket_to_ask()
    try:
        health = client.live()
    except ShortsError as gone:  # nobody, or one that says why it cannot start
        yield from _without_daemon(socket, gone)
        return
    yield Finding(name="socket", ok=True, detail=f"process {health.pid} answers on {socket}")
    same = health.version == __version__
    detail = f"{health.version}" if same else f"{health.version}, and this command is {__version__}"
    yield Finding(name="version", ok=same, detail=detail, remedy="" if same else _RESTART)
    yield from client.doctor().findings


def _without_daemon(socket: Path, gone: ShortsError) -> Iterator[Finding]:
    from shortsd.client import autostart, behind  # noqa: PLC0415 - not needed while a daemon runs

    service, environ = behind.service(socket), dict(os.environ)
    if service is not None:
        yield Finding(name="socket", ok=False, detail=behind.told(service, socket, gone), remedy=behind.hint(gone))
        yield Finding(name="service", ok=False, detail=service.told(), remedy=service.remedy())
        environ = behind.environment(service)
    elif isinstance(gone, NoDaemon) and autostart.own(socket):
        yield Finding(name="socket", ok=True, detail=f"{gone.message} One is started when needed.")
    else:
        whose = " It is not yours to start." if isinstance(gone, NoDaemon) else ""
        yield Finding(name="socket", ok=False, detail=f"{gone.message}{whose}", remedy=gone.hint)
    yield from autostart.check(environ=environ).findings if environ else ()


def _print(found: Findings) -> None:
    room = max(len(finding.name) for finding in found.findings)
    for finding in found.findings:
        mark = "ok     " if finding.ok else "MISSING"
        output.result(f"{mark}  {padded(shown(finding.name), room)}  {shown(finding.detail)}")
        for line in () if finding.ok else finding.remedy.splitlines():
            output.result(f"{' ' * (len(mark) + 2)}{shown(line)}")
