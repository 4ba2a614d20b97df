"""What a hub's frames carry: defaults and limits."""

import pytest
from pydantic import ValidationError

from openviber_protocol.hub_payloads import (
    CancelPayload,
    PreparePayload,
    StopPayload,
    SubmitPayload,
    WelcomePayload,
)
from openviber_protocol.payloads import ErrorReason
from tests.support.frame_examples import HUB_EXAMPLES, SPEC
from tests.support.peers import EXECUTION, THREAD_ID

TERMS = HUB_EXAMPLES["hub:welcome"]["payload"]


@pytest.mark.parametrize("name", ["heartbeatSeconds", "logWindowBytes", "eventWindow"])
def test_a_session_without_heartbeats_or_room_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        WelcomePayload.model_validate({**TERMS, name: 0})


def test_a_prepare_is_ordinary_unless_it_says_otherwise() -> None:
    needed = ("bindingId", "environmentId", "prepareId")
    example = HUB_EXAMPLES["environment:prepare"]["payload"]
    said = PreparePayload.model_validate({**{n: example[n] for n in needed}, "spec": SPEC})
    assert (said.kind, said.strategy, said.force, said.bundle) == (
        "prepare",
        "auto_clone",
        False,
        None,
    )


def test_an_executor_or_a_strategy_that_nobody_has_is_refused() -> None:
    example = HUB_EXAMPLES["thread:submit"]["payload"]
    for name in ("executor", "strategy"):
        with pytest.raises(ValidationError, match=name):
            SubmitPayload.model_validate({**example, name: "magic"})


def test_a_cancel_and_a_stop_have_their_own_reasons() -> None:
    assert CancelPayload(prepare_id=EXECUTION).reason is ErrorReason.CANCELLED
    assert StopPayload(thread_id=THREAD_ID, run_id=EXECUTION).reason is ErrorReason.STOPPED
