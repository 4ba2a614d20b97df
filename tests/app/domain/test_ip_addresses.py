import pytest

from openviber_app.domain.ip_addresses import is_literal, is_public


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
