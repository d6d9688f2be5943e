"""The daemon's main: its options, and an exit code."""

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from shortsd import __version__
from shortsd.domain.leave import leave
from shortsd.domain.loading import loading


def run() -> NoReturn:
    """Be the program `shortsd`."""
    logging.captureWarnings(True)
    leave(main())


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the options say; an exit code."""
    options = _parser().parse_args(argv)
    with loading():
        from shortsd import program  # noqa: PLC0415 - half a second that those who ask for help do without
    return program.run(options.config, check=options.check)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shortsd",
        description="The daemon that makes shorts. Runs in the foreground and logs to standard error.",
        epilog="SHORTSD_HOME=DIR puts everything under one folder; SHORTSD_SOCKET names the socket.",
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="read this configuration (default: config.toml)")
    parser.add_argument("--check", action="store_true", help="look at everything a short needs, print it as JSON, end")
    parser.add_argument("--version", action="version", version=f"shortsd {__version__}")
    return parser


if __name__ == "__main__":
    run()
