"""What a node's frames carry: defaults and limits."""

import pytest
from pydantic import ValidationError

from openviber_protocol.node_payloads import (
    ErrorPayload,
    HeartbeatPayload,
    LogPayload,
    NodeAckPayload,
    StatusPayload,
)
from openviber_protocol.payloads import NodeLoad
from tests.support.frame_examples import NODE_EXAMPLES
from tests.support.peers import EXECUTION


def test_a_piece_of_log_has_a_limit_before_it_is_decoded() -> None:
    with pytest.raises(ValidationError, match="90000"):
        LogPayload(execution_id=EXECUTION, data="a" * 90_001)


def test_messages_have_a_limit() -> None:
    assert NodeAckPayload(accepted=True, message="x" * 4096).accepted
    with pytest.raises(ValidationError):
        NodeAckPayload(accepted=True, message="x" * 4097)
    with pytest.raises(ValidationError):
        ErrorPayload(message="x" * 4097)


def test_a_status_knows_three_words() -> None:
    example = NODE_EXAMPLES["environment:status"]["payload"]
    for status in ("preparing", "ready", "error"):
        assert StatusPayload.model_validate({**example, "status": status}).status == status
    with pytest.raises(ValidationError, match="status"):
        StatusPayload.model_validate({**example, "status": "lost"})


def test_the_echo_of_a_heartbeat_carries_no_load() -> None:
    assert HeartbeatPayload(n=4).load == NodeLoad()
