from hypothesis import given
from hypothesis import strategies as st

from openviber_app.vault.framing import join


@given(st.lists(st.binary(max_size=8)), st.lists(st.binary(max_size=8)))
def test_two_different_lists_never_give_the_same_bytes(
    one: list[bytes], other: list[bytes]
) -> None:
    assert (join(*one) == join(*other)) == (one == other)
