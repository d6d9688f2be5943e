"""Which addresses are those of the internet at large."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_ANYBODYS = IPv6Network("2000::/3")
"""All that is given out of IPv6 to be reached from anywhere (RFC 4291, 2.4; IANA's registry of the address space)."""
_NAT64 = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as a network without IPv4 has them (RFC 6052, 2.1)."""
_NOBODYS = (
    IPv4Network("192.0.0.0/24"),  # protocols of the IETF, RFC 6890
    IPv4Network("192.88.99.0/24"),  # the way into 6to4, RFC 7526
    IPv6Network("2001::/23"),  # protocols of the IETF, Teredo among them, which holds IPv4 addresses; RFC 2928, 4380
    IPv6Network("3fff::/20"),  # examples, RFC 9637
)
"""What ipaddress takes for public, in one version of Python or another."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet at large, be it IPv4 within IPv6. Raises ValueError."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        within = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(ip.packed[-4:]) if ip in _NAT64 else None)
        if within is not None:
            return is_public(str(within))
        if ip not in _ANYBODYS:
            return False
    special = ip.is_multicast or ip.is_reserved or any(ip in network for network in _NOBODYS)
    return ip.is_global and not special
