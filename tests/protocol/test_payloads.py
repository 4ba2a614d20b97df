"""The values inside payloads: their limits and their defaults."""

import pytest
from pydantic import ValidationError

from openviber_protocol.payloads import (
    EnvironmentSpec,
    ErrorReason,
    NodeLoad,
    Phase,
    SetupSpec,
    TimelineRecord,
)
from tests.support.frame_examples import SPEC


def test_a_specification_survives_the_wire_unchanged() -> None:
    spec = EnvironmentSpec.model_validate(SPEC)
    assert spec.model_dump(mode="json", by_alias=True) == SPEC


def test_a_specification_holds_the_names_of_secrets_and_no_value() -> None:
    with pytest.raises(ValidationError, match="value"):
        EnvironmentSpec.model_validate(
            {**SPEC, "secrets": [{"name": "T", "version": 1, "value": "x"}]}
        )


def test_two_specifications_share_no_default() -> None:
    needed = {"environmentId": SPEC["environmentId"], "ownerId": SPEC["ownerId"], "name": "a"}
    one, two = (EnvironmentSpec.model_validate({**needed, "type": "manual"}) for _ in range(2))
    assert one.variables is not two.variables


@pytest.mark.parametrize("seconds", [0, -1, 24 * 3600 + 1])
def test_a_time_limit_is_between_a_second_and_a_day(seconds: int) -> None:
    with pytest.raises(ValidationError):
        SetupSpec(time_limit_seconds=seconds)


def test_the_phases_are_in_their_order() -> None:
    assert list(Phase) == ["resolve", "fetch", "checkout", "inject", "setup", "check"]


def test_every_reason_is_its_own_word() -> None:
    assert {reason.value for reason in ErrorReason} == {
        reason.name.lower() for reason in ErrorReason
    }


def test_an_items_id_is_short() -> None:
    with pytest.raises(ValidationError):
        TimelineRecord(op="upsert", id="x" * 129)


def test_a_number_that_json_lacks_is_written_as_null() -> None:
    assert '"load1M":null' in NodeLoad(load_1m=float("nan")).model_dump_json()
