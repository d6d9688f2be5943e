"""`shorts-tui`: the dashboard."""

import argparse
import sys
from collections.abc import Sequence

from shortsd import __version__
from shortsd.client.client import Client
from shortsd.client.transport import Transport
from shortsd.config.places import Places, socket_to_ask
from shortsd.domain.errors import ShortsError


def main(argv: Sequence[str] | None = None) -> int:
    """Run the dashboard until the user leaves it; its exit code."""
    options = _parser().parse_args(argv)
    try:
        socket, places = socket_to_ask(), Places.find()
        client = Client(Transport(socket))
    except ShortsError as error:
        sys.stderr.write(f"shorts-tui: {error.message}\n  {error.hint}\n")
        return 2
    from shorts_tui.app import ShortsApp  # noqa: PLC0415 - `--help` and a wrong word are answered without Textual
    from shorts_tui.host import Options  # noqa: PLC0415 - as above

    theirs = places if places.socket == socket else None
    app = ShortsApp(client, Options(options.images, options.images_as, options.motion), places=theirs)
    app.run()
    return app.return_code or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shorts-tui", description="A dashboard of the daemon's jobs.")
    parser.add_argument("--version", action="version", version=f"shorts-tui {__version__}")
    parser.add_argument("--no-images", dest="images", action="store_false", help="show no pictures in the terminal")
    parser.add_argument(
        "--images-as",
        choices=("auto", "kitty", "sixel", "blocks"),
        default="auto",
        help="how the terminal is given pictures: Kitty's protocol, Sixel, or half blocks; by its name if not said",
    )
    parser.add_argument("--no-motion", dest="motion", action="store_false", help="move nothing that need not move")
    return parser


if __name__ == "__main__":
    sys.exit(main())
