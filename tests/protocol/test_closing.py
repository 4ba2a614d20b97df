"""The table of close codes."""

import pytest

from openviber_protocol.closing import (
    CLOSE_POLICIES,
    MAX_REASON_BYTES,
    CloseReason,
    code_of,
    fit_reason,
    policy_for,
)

CODES = {
    1000: (True, False),
    1001: (True, False),
    1005: (True, False),
    1006: (True, False),
    1011: (True, False),
    1012: (True, False),
    1013: (True, False),
    4400: (True, False),
    4401: (False, False),
    4403: (False, False),
    4409: (False, False),
    4426: (True, True),
}


@pytest.mark.parametrize(("code", "policy"), CODES.items())
def test_every_code_says_whether_to_come_back(code: int, policy: tuple[bool, bool]) -> None:
    found = policy_for(code)
    assert (found.code, found.retry, found.slow) == (code, *policy)
    assert found.meaning


def test_every_reason_but_the_unknown_one_has_exactly_one_code() -> None:
    assert set(CLOSE_POLICIES) == set(CloseReason) - {CloseReason.UNKNOWN}
    assert {policy.code for policy in CLOSE_POLICIES.values()} == set(CODES)


def test_a_code_that_nobody_declared_is_worth_a_retry() -> None:
    found = policy_for(4999)
    assert (found.reason, found.code, found.retry) == (CloseReason.UNKNOWN, 4999, True)


def test_a_connection_that_broke_without_a_code_is_an_abnormal_one() -> None:
    assert policy_for(None).reason is CloseReason.ABNORMAL


def test_a_reason_leads_to_its_code() -> None:
    assert code_of(CloseReason.SUPERSEDED) == 4409


def test_a_long_reason_is_cut_between_two_characters() -> None:
    cut = fit_reason("ä" * 100)
    assert cut == "ä" * 61
    assert len(cut.encode()) <= MAX_REASON_BYTES
    assert fit_reason("short") == "short"
