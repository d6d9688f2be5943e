"""Addresses of pages, as users give them."""

from urllib.parse import SplitResult, urlsplit

from shortsd.domain.errors import BadInput

LONGEST = 2000
"""Characters of an address; browsers and servers take about as many (RFC 9110, 4.1, asks for 8000 bytes at least)."""
EXAMPLE = "Give one such as https://example.org/story."


def page(address: str) -> str:
    """An address, if it has the form of a page's: http or https, a host, no name and password. Nothing is asked for it.

    Raises BadInput, which does not repeat a password.
    """
    address = address.strip()
    if not address:
        raise BadInput("The address is empty.", EXAMPLE)
    if len(address) > LONGEST:
        raise BadInput(f"The address has {len(address)} characters; {LONGEST} is the limit.", EXAMPLE)
    if not address.isprintable() or " " in address:
        raise BadInput(f"The address {address!a} holds a space or a character that none has.", EXAMPLE)
    parts = _split(address)
    if "@" in parts.netloc:
        raise BadInput("The address holds a user's name or password.", "Leave out what stands before the @.")
    if parts.scheme not in ("http", "https"):
        raise BadInput(f"{address!r} is no address of a page: it begins neither with https:// nor http://.", EXAMPLE)
    if not parts.hostname:
        raise BadInput(f"The address {address!r} names no host.", EXAMPLE)
    return address


def _split(address: str) -> SplitResult:
    """Its parts, the port being a number. Raises BadInput."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as exc:
        if "@" in address:
            raise BadInput("The address is none, and holds an @.", EXAMPLE) from None
        raise BadInput(f"The address {address!r} is none: {exc}.", EXAMPLE) from None
    return parts
