"""The daemon's main."""


def main() -> None:
    """Run the daemon in the foreground."""
