"""`shortsctl pause`: starts no more jobs."""

import argparse

from shortsd.cli import daemon, output

EXAMPLES = """
shortsctl pause
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing."""
    parser.description = "Start no more jobs. Those that run go on; new ones wait, also across restarts."


def run(args: argparse.Namespace) -> int:
    """Let no job be started."""
    del args
    daemon.client().pause()
    output.say("no more jobs are started; `shortsctl resume` starts them again.")
    return 0
