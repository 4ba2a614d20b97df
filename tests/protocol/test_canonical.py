"""The bytes that are signed or bound: no two meanings may share them."""

import inspect
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openviber_protocol.canonical import (
    bundle_info,
    bundle_signed,
    hello_signed,
    onboard_signed,
    pack,
)

PARTS = st.lists(st.binary(max_size=4), max_size=4)


@given(PARTS, PARTS)
def test_two_lists_of_parts_never_give_the_same_bytes(one: list[bytes], two: list[bytes]) -> None:
    assert (pack(*one) == pack(*two)) == (one == two)


def test_the_form_is_the_one_that_nodes_out_there_use() -> None:
    assert pack(b"a", b"") == b"\x00\x00\x00\x01a\x00\x00\x00\x00"
    signed = onboard_signed(token="t", signing_key="s", sealing_key="k")
    assert signed.hex() == (
        "00000014" + b"openviber-onboard-v1".hex() + "0000000174" + "0000000173" + "000000016b"
    )


@pytest.mark.parametrize(
    "make", [hello_signed, bundle_info, bundle_signed, onboard_signed], ids=lambda f: f.__name__
)
def test_every_field_changes_the_bytes(make: Callable[..., bytes]) -> None:
    given_values: dict[type, tuple[Any, Any]] = {
        str: ("a", "b"),
        bytes: (b"a", b"b"),
        int: (1, 2),
        UUID: (UUID(int=1), UUID(int=2)),
    }
    fields = {
        name: given_values[parameter.annotation]
        for name, parameter in inspect.signature(make).parameters.items()
    }
    first = make(**{name: values[0] for name, values in fields.items()})
    for name in fields:
        changed = {key: values[key == name] for key, values in fields.items()}
        assert make(**changed) != first, name
