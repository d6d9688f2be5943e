"""`shortsctl completion`: prints a script that completes commands in a shell."""

import argparse

import shtab

from shortsd.cli import output, parser
from shortsd.domain.stage import STAGES

EXAMPLES = """
eval "$(shortsctl completion bash)"                                in ~/.bashrc
shortsctl completion zsh > ~/.zfunc/_shortsctl                     with ~/.zfunc in $fpath
shortsctl completion tcsh | sudo tee /etc/profile.d/shortsctl.completion.csh
"""

_PATHS = {"FILE": shtab.FILE, "FOLDER": shtab.DIRECTORY}
"""What to complete, by an option's metavar."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which shell."""
    parser.add_argument(
        "shell", choices=shtab.SUPPORTED_SHELLS, metavar="SHELL", help=", ".join(shtab.SUPPORTED_SHELLS)
    )


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    whole = parser.whole()
    for command in _commands(whole):
        for action in command._actions:  # noqa: SLF001 - shtab reads what it completes from there
            if action.metavar in _PATHS:
                action.complete = _PATHS[str(action.metavar)]  # type: ignore[attr-defined]  # shtab's own attribute
            if action.metavar == "STAGE":
                action.choices = STAGES
    output.result(shtab.complete(whole, shell=args.shell))
    return 0


def _commands(whole: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    chosen = next(each for each in whole._actions if isinstance(each, argparse._SubParsersAction))  # noqa: SLF001 - argparse has no other way in
    return list(chosen.choices.values())
