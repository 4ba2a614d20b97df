"""The choice of a version."""

import pytest

from openviber_protocol.versions import choose_version, describe_mismatch


@pytest.mark.parametrize(
    ("ours", "theirs", "chosen"),
    [
        ((1, 1), (1, 1), 1),
        ((1, 3), (2, 5), 3),
        ((2, 5), (1, 3), 3),
        ((1, 1), (2, 3), None),
        ((2, 3), (1, 1), None),
        ((1, 4), (2, 2), 2),
    ],
)
def test_the_highest_version_of_both_ranges_is_chosen(
    ours: tuple[int, int], theirs: tuple[int, int], chosen: int | None
) -> None:
    assert choose_version(ours, theirs) == chosen


def test_the_side_that_is_behind_is_named() -> None:
    assert describe_mismatch((2, 3), (1, 1)).endswith("upgrade the node")
    assert describe_mismatch((1, 1), (2, 3)).endswith("upgrade the board")
