"""IP addresses: which are of the open internet, and which belong to one visitor."""

import ipaddress
from collections.abc import Sequence

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(ip: str) -> bool:
    """Say whether an address is one of the open internet, also when it is wrapped in IPv6."""
    value = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(value, ipaddress.IPv6Address):
        inner = value.ipv4_mapped or value.sixtofour or (value.teredo or (None, None))[1]
        if inner is None and value in _NAT64:
            inner = ipaddress.IPv4Address(int(value) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return value.is_global and not value.is_multicast


def is_literal(host: str) -> bool:
    """Say whether a host is an address itself, and no name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def brake_key(address: str) -> str:
    """Return what one visitor's tries are counted under: of IPv6 everybody has a whole /64."""
    try:
        value = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    value = getattr(value, "ipv4_mapped", None) or value
    if isinstance(value, ipaddress.IPv4Address):
        return str(value)
    return str(ipaddress.ip_network((int(value), 64), strict=False))


def forwarded_for(header: str, *, peer: str, trusted: Sequence[str]) -> str:
    """Return the visitor's address behind proxies that are trusted, else the peer's own.

    Each proxy appends the address that it saw, so it is read from the right; what stands left of
    the first stranger is whatever that stranger wrote.
    """
    found = peer
    for name in reversed([part.strip() for part in header.split(",")]):
        if not is_literal(name) or not is_within(found, trusted):
            break
        found = name.strip("[]")
    return found


def is_within(address: str, networks: Sequence[str]) -> bool:
    """Whether an address lies in one of these networks (`10.0.0.0/8`, or one address)."""
    try:
        value = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    value = getattr(value, "ipv4_mapped", None) or value
    return any(value in ipaddress.ip_network(network, strict=False) for network in networks)
