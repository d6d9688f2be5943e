"""Exit codes of the daemon after which systemd is not to start it again: both units name them, and 2 (bad input)."""

import os

UNUSABLE = os.EX_DATAERR
"""65: the job database was refused, and it will be no better the next time."""
OVERRUN = os.EX_TEMPFAIL
"""75: the shutdown took too long, so that it was cut short; somebody wanted the daemon to end."""
