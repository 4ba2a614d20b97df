import pytest

from openviber_app.domain.node_commands import door_at, is_older


@pytest.mark.parametrize(
    ("address", "flag", "words"),
    [
        ("https://board.example", "", ""),
        ("http://127.0.0.1:3000", "", "from this machine only"),
        ("http://board.example:3000", " --allow-insecure", "not encrypted"),
    ],
)
def test_the_command_fits_the_address_and_says_what_the_address_means(
    address: str, flag: str, words: str
) -> None:
    door = door_at(address)
    assert door.onboard("T") == f"openviber onboard --token T --board {address}{flag}"
    assert door.install("T").startswith("OPENVIBER_TOKEN=T python3 -c ")
    assert f"{address}/api/daemon/install.py" in door.install("T")
    assert door.install("T").endswith(f"--board {address}{flag}")
    assert (words in door.warning) if words else not door.warning
    assert "TOKEN" not in door.update()


@pytest.mark.parametrize(
    ("version", "than", "is_so"),
    [
        ("0.9.0", "0.10.0", True),
        ("0.10.0", "0.9.0", False),
        ("1.0.0", "1.0.0", False),
        ("", "1.0.0", False),
        ("1.0.0", "", False),
        ("1.0.0rc1", "2.0.0", False),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, than: str, *, is_so: bool) -> None:
    assert is_older(version, than) is is_so
