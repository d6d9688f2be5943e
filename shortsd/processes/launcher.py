"""What every child is before it is itself: ties its life to the daemon's, waits to be recorded, becomes the command.

Run as `python -I -S launcher.py PARENT GATE NICE COMMAND [ARGUMENT]...`: standard library only and imported by nobody,
because it stands between every child and its start. It leaves stdin, stdout and stderr alone. GATE is a socket that
it inherits: a byte from it opens the way, its end means that the daemon died before the child was recorded. If the
command cannot be executed, the errno is written back into it; it closes by itself once the command runs.
"""

import _signal as signal  # type: ignore[import-not-found]  # `signal` makes enums of it, a quarter of all that this costs
import os
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h
COULD_NOT_EXECUTE = 127  # as a shell has it
NOT_WANTED = 125


def main() -> None:
    """Become the command, or exit."""
    parent, gate, nice = (int(number) for number in sys.argv[1:4])
    _die_with_parent()
    # The parent may have died before its death could be heard of.
    if os.getppid() != parent or not os.read(gate, 1):
        sys.exit(NOT_WANTED)
    _be_nice(nice)
    _restore_signals()
    os.set_inheritable(gate, False)
    command = sys.argv[4:]
    try:
        os.execvp(command[0], command)  # noqa: S606 - no shell is the point
    except OSError as exc:
        os.write(gate, str(exc.errno).encode())
        sys.exit(COULD_NOT_EXECUTE)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - 4 ms that other systems need not pay

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _be_nice(nice: int) -> None:
    try:
        os.nice(nice)
    except OSError:  # a unit's filter of system calls may forbid it, which is no reason not to work
        return


def _restore_signals() -> None:
    """Undo what Python ignores, since a command inherits it: a writer must die when its reader is gone."""
    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


if __name__ == "__main__":
    main()
