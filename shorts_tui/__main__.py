"""`shorts-tui`: the dashboard, in a terminal or in a page."""

import argparse
import sys
from collections.abc import Sequence

from shortsd import __version__
from shortsd.client.client import Client
from shortsd.client.transport import Transport
from shortsd.config.places import Places, socket_to_ask
from shortsd.domain.errors import BadInput, ShortsError

BAD_USAGE = 2
PORT = 8321

EXAMPLES = """
shorts-tui                      the dashboard, in this terminal
shorts-tui --serve              in a web page of this machine; prints its address
shorts-tui --serve 0            on any free port
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the dashboard until the user leaves it; its exit code."""
    options = _parser().parse_args(argv)
    try:
        return _serve(options) if options.serve is not None else _show(options)
    except ShortsError as error:
        sys.stderr.write("".join(f"{line}\n" for line in (f"shorts-tui: {error.message}", f"  {error.hint}")))
        return BAD_USAGE


def _show(options: argparse.Namespace) -> int:
    socket, places = socket_to_ask(), Places.find()
    from shorts_tui.app import ShortsApp  # noqa: PLC0415 - `--help` and a wrong word are answered without Textual
    from shorts_tui.host import Options  # noqa: PLC0415 - as above
    from shorts_tui.themes import wanted  # noqa: PLC0415 - as above

    theirs = places if places.socket == socket else None
    look = Options(options.images, options.images_as, options.motion, wanted(options.theme, places.config_file.parent))
    app = ShortsApp(Client(Transport(socket)), look, reports=places.logs, places=theirs)
    app.run()
    return app.return_code or 0


def _serve(options: argparse.Namespace) -> int:
    from shorts_tui.serve import loopback, serve  # noqa: PLC0415 - a server is loaded for who asks for one

    if not loopback(options.host):
        _warn(options.host, sure=options.yes)
    words = [*([] if options.images else ["--no-images"]), *([] if options.motion else ["--no-motion"])]
    words += ["--theme", options.theme] if options.theme else []
    serve(options.host, options.serve, words, _tell)
    return 0


def _tell(address: str) -> None:
    sys.stdout.write(f"Open {address}\nCtrl-C ends it; the daemon goes on.\n")
    sys.stdout.flush()


def _warn(host: str, *, sure: bool) -> None:
    """Say what it means to serve others. Raises BadInput if the user does not want that."""
    sys.stderr.write(
        f"shorts-tui: whoever reaches {host} and has the address can stop, make and publish shorts as you can,\n"
        "  and what they do is not encrypted on its way. An SSH tunnel to this machine is the safer way.\n"
    )
    if sure:
        return
    if not sys.stdin.isatty():
        raise BadInput("Nothing is served beyond this machine without a yes.", "Add --yes if you mean it.")
    sys.stderr.write("Serve it all the same? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise BadInput("Nothing is served.", "`--serve` without `--host` serves this machine alone.")


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{port} is no port")
    return port


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shorts-tui",
        description="A dashboard of the daemon's jobs.",
        epilog=f"examples:{EXAMPLES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"shorts-tui {__version__}")
    parser.add_argument("--no-images", dest="images", action="store_false", help="show no pictures in the terminal")
    parser.add_argument(
        "--images-as",
        choices=("auto", "kitty", "sixel", "blocks"),
        default="auto",
        help="how the terminal is given pictures: Kitty's protocol, Sixel, or half blocks; by its name if not said",
    )
    parser.add_argument("--theme", metavar="NAME", help="how it looks, such as textual-light, nord or high-contrast")
    parser.add_argument("--no-motion", dest="motion", action="store_false", help="move nothing that need not move")
    parser.add_argument(
        "--serve",
        type=_port,
        nargs="?",
        const=PORT,
        metavar="PORT",
        help=f"show it in a web page on this machine (default port: {PORT}; 0 takes any that is free)",
    )
    parser.add_argument("--host", default="127.0.0.1", help="serve this address instead of this machine alone")
    parser.add_argument("--yes", action="store_true", help="with --host: serve others without a question")
    return parser


if __name__ == "__main__":
    sys.exit(main())
