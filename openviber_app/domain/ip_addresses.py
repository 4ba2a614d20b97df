"""Which IP addresses are those of the open internet."""

import ipaddress

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
