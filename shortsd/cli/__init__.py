"""`shortsctl`: asks the daemon for work and shows how far it is."""

import sys
from collections.abc import Sequence

from shortsd.cli import output
from shortsd.domain.errors import ShortsError

INTERRUPTED = 130
"""128 and SIGINT's number, as shells count."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code (DESIGN section 6)."""
    output.attach()
    try:
        from shortsd.cli import parser  # noqa: PLC0415 - Ctrl-C while modules load is to be answered as any other

        code = parser.run(sys.argv[1:] if argv is None else argv)
        output.flush()
    except ShortsError as error:
        return output.failed(error)
    except KeyboardInterrupt:
        output.say("interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        output.hang_up()
        return 0
    return code
