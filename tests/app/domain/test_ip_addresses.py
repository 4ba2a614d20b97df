import pytest

from openviber_app.domain.ip_addresses import (
    brake_key,
    forwarded_for,
    is_literal,
    is_public,
    is_within,
)


@pytest.mark.parametrize("ip", ["140.82.121.4", "2606:50c0:8000::153", "::ffff:140.82.121.4"])
def test_an_address_of_the_open_internet_is_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
        *("::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "224.0.0.1", "ff02::1"),
    ],
)
def test_a_private_address_is_not_public_however_it_is_wrapped(ip: str) -> None:
    assert not is_public(ip)


def test_an_address_is_told_from_a_name() -> None:
    assert is_literal("127.0.0.1")
    assert is_literal("[::1]")
    assert not is_literal("localhost")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("testclient", "testclient", True),
    ],
)
def test_a_visitor_has_one_ipv4_address_or_a_whole_network_of_ipv6(
    one: str, other: str, *, is_same: bool
) -> None:
    assert (brake_key(one) == brake_key(other)) is is_same


@pytest.mark.parametrize(
    ("header", "peer", "found"),
    [
        ("203.0.113.9", "198.51.100.7", "198.51.100.7"),  # a stranger says what it likes
        ("", "10.0.0.1", "10.0.0.1"),
        ("203.0.113.9", "10.0.0.1", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", "10.0.0.1", "203.0.113.9"),  # 1.1.1.1 was typed by the visitor
        ("1.1.1.1,203.0.113.9, 10.0.0.2", "10.0.0.1", "203.0.113.9"),
        ("[2001:db8::1]", "10.0.0.1", "2001:db8::1"),
        ("unknown", "10.0.0.1", "10.0.0.1"),
        ("203.0.113.9, <script>", "10.0.0.1", "10.0.0.1"),
    ],
)
def test_a_forwarded_address_counts_as_far_as_proxies_are_trusted(
    header: str, peer: str, found: str
) -> None:
    assert forwarded_for(header, peer=peer, trusted=("10.0.0.0/8",)) == found
    assert forwarded_for(header, peer=peer, trusted=()) == peer


def test_an_address_lies_in_a_network() -> None:
    assert is_within("::ffff:10.1.2.3", ("10.0.0.0/8",))
    assert is_within("::1", ("127.0.0.1", "::1"))
    assert not is_within("10.0.0.1", ("2001:db8::/32",))
    assert not is_within("somewhere", ("0.0.0.0/0",))
