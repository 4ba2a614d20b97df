"""The tables of legal moves: each enum has its own, whatever its words are."""

from enum import StrEnum

import pytest

from openviber_app.domain.errors import IllegalTransitionError
from openviber_app.domain.statuses import (
    MOVES,
    BindingStatus,
    CommandStatus,
    PrepareStatus,
    RunStatus,
    advance,
    is_final,
    moves_of,
)

PAIRS = [(kind, now, then) for kind in MOVES for now in kind for then in kind]


@pytest.mark.parametrize(("kind", "now", "then"), PAIRS)
def test_a_status_moves_only_as_its_table_says(
    kind: type[StrEnum], now: StrEnum, then: StrEnum
) -> None:
    if then in MOVES[kind][now]:
        assert advance(now, then) is then  # type: ignore[type-var]
    else:
        with pytest.raises(IllegalTransitionError):
            advance(now, then)  # type: ignore[type-var]


@pytest.mark.parametrize("kind", list(MOVES))
def test_every_status_has_a_row_and_stays_in_its_own_kind(kind: type[StrEnum]) -> None:
    assert set(MOVES[kind]) == set(kind)
    for status in kind:
        assert all(type(following) is kind for following in moves_of(status))


def test_statuses_of_different_kinds_with_the_same_word_do_not_share_moves() -> None:
    assert advance(BindingStatus.PENDING, BindingStatus.PREPARING) is BindingStatus.PREPARING
    assert advance(CommandStatus.PENDING, CommandStatus.SENT) is CommandStatus.SENT
    assert not is_final(PrepareStatus.ACCEPTED)
    assert is_final(CommandStatus.ACCEPTED)
    assert RunStatus.STOPPED not in moves_of(PrepareStatus.RUNNING)
