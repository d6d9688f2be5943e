"""`shortsctl ps`: shows the daemon's processes."""

import argparse

from shortsd.cli import daemon, output, table, tree

EXAMPLES = """
shortsctl ps
watch -n1 shortsctl ps
shortsctl ps --json | jq '.jobs[].stages[].processes[].pid'
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """How to print them."""
    parser.description = (
        "Show the daemon's processes by job and stage. CPU is that of one processor, since a moment ago; below LAST "
        "PROGRESS stands how far a stage is, and how long ago a process gave a sign of life."
    )
    parser.add_argument("--json", action="store_true", help="print an object in JSON")


def run(args: argparse.Namespace) -> int:
    """Print the tree."""
    processes = daemon.client().processes()
    if args.json:
        output.json(processes)
        return 0
    for line in tree.lines(processes, table.Paper(output.columns())):
        output.result(line)
    if not processes.jobs and not processes.others:
        output.say("no processes but the daemon itself: no job is running.")
    return 0
