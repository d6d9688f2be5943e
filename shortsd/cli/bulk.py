"""What is said before many jobs are asked for: how many, how long they take, how to leave them to the daemon."""

from shortsd.cli import output
from shortsd.client.text import lasted, shown
from shortsd.wire.channel import Estimate

MANY = 5
"""Jobs that are many."""


def tell(estimate: Estimate, command: str, *, followed: bool) -> None:
    """Say what jobs will take; `command` is what leaves them to the daemon, told if they are to be followed."""
    jobs = "1 job" if estimate.jobs == 1 else f"{estimate.jobs} jobs"
    output.say(f"{jobs}, about {lasted(estimate.seconds)} on this machine.")
    for line in estimate.uses:
        output.hint(shown(line))
    if followed:
        output.hint(f"`{command}` leaves them to the daemon and gives you the prompt back at once.")
