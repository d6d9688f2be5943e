"""The command line: verbs, their options, their help. Only the chosen verb's module is loaded."""

import argparse
import re
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn, Protocol

from shortsd import __version__
from shortsd.cli import output
from shortsd.domain.errors import BadRequest

PROG = "shortsctl"

VERBS = {
    "make": "make shorts and follow them to the end",
    "week": "make shorts for the hours of the days to come",
    "creation": "turn picture books into videos",
    "channel": "write down what is said in the videos of a channel",
    "preview": "show a frame of a short, or a strip of it, before it is rendered",
    "ls": "list jobs",
    "jobs": "list, attach, stop, clean: other words for ls, attach, stop, clean",
    "show": "show all there is about jobs",
    "logs": "print a job's log",
    "attach": "follow jobs that are under way",
    "stop": "stop jobs",
    "review": "look at jobs that wait for it, and change them",
    "approve": "let jobs in review go on",
    "priority": "let jobs be made before others, or after",
    "pause": "start no more jobs",
    "resume": "start jobs again",
    "schedule": "list the hours at which shorts are to be seen",
    "history": "list what was published",
    "retry": "do jobs again, keeping what is finished",
    "clean": "free the disk space that ended jobs take",
    "voices": "list the voices that can be asked for",
    "ps": "show the daemon's processes by job and stage",
    "stats": "show how long stages take, how jobs end, and what is taken of the disk",
    "backup": "copy the job database into a file",
    "auth": "sign in to the channel that shorts are uploaded to",
    "config": "check and show the configuration",
    "doctor": "check that everything a short needs is there",
    "shutdown": "end the daemon",
    "service": "have systemd run the daemon",
    "completion": "print a script that completes commands in a shell",
}

OF_JOBS = {"list": "ls", "attach": "attach", "stop": "stop", "clean": "clean"}
"""What is said after `jobs`, and the verb that it is."""

_CODES = """exit codes:
  0 done, 1 the job failed, 2 bad usage, 3 no daemon, 4 no such id, 5 not possible in its state, 130 interrupted"""


class Formatter(argparse.HelpFormatter):
    """Fills paragraphs, and leaves lines that are indented as they are."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=20)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        fill = super()._fill_text
        return "\n".join(line if line[:1] in ("", " ") else fill(line, width, indent) for line in text.splitlines())


class Verb(Protocol):
    """What a module of `commands` has."""

    EXAMPLES: str

    def arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, args: argparse.Namespace) -> int: ...


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are errors like all others."""

    def error(self, message: str) -> NoReturn:
        raise BadRequest(f"{message[:1].lower()}{message[1:].rstrip('.')}.", f"`{self.prog} --help` tells more.")


def run(argv: Sequence[str]) -> int:
    """Run the verb that the words name; its exit code. Raises whatever ShortsError the verb raises."""
    if not argv or argv[0].startswith("-"):
        return _without_verb(argv)
    if argv[0] == "jobs" and len(argv) > 1 and argv[1] in OF_JOBS:
        argv = [OF_JOBS[argv[1]], *argv[2:]]
    if argv[0] not in VERBS:
        raise BadRequest(f'"{argv[0]}" is no command.', _near(argv[0]))
    verb = load(argv[0])
    return verb.run(_filled(_new(argv[0]), verb).parse_intermixed_args(argv[1:]))


def load(name: str) -> Verb:
    """The module of a verb."""
    module: Verb = import_module(f"shortsd.cli.commands.{name}")
    return module


def whole() -> Parser:
    """The parser of all verbs with all their options."""
    parser = _top()
    verbs = parser.add_subparsers(metavar="COMMAND", title="commands")
    for name, summary in VERBS.items():
        _filled(verbs.add_parser(name, help=summary, description=_sentence(summary)), load(name))
    return parser


def _without_verb(argv: Sequence[str]) -> int:
    parser = _top()
    verbs = parser.add_subparsers(metavar="COMMAND", title="commands")
    for name, summary in VERBS.items():
        verbs.add_parser(name, help=summary)
    parser.parse_args(argv)
    output.result(parser.format_help().rstrip())
    return 0


def _top() -> Parser:
    parser = Parser(
        prog=PROG,
        description="Asks shortsd for narrated vertical videos and shows how far they are.",
        epilog=f"`{PROG} COMMAND --help` shows a command's options and examples.\n\n{_CODES}",
        formatter_class=Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROG} {__version__}")
    return parser


def _new(name: str) -> Parser:
    return Parser(
        prog=f"{PROG} {name}",
        description=_sentence(VERBS[name]),
        formatter_class=Formatter,
        allow_abbrev=False,
    )


def _filled(parser: Parser, verb: Verb) -> Parser:
    verb.arguments(parser)
    lines = verb.EXAMPLES.strip().splitlines()
    parser.epilog = "examples:\n" + "\n".join(f"  {line}" for line in lines)
    return parser


def _sentence(summary: str) -> str:
    return re.sub(r"^.", lambda first: first[0].upper(), summary) + "."


def _near(word: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only for who mistyped

    near = get_close_matches(word, VERBS, n=1)
    return f"Did you mean `{PROG} {near[0]}`?" if near else f"`{PROG} --help` lists them."
