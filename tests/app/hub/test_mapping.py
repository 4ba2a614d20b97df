"""Between the wire's words and the board's: they are held equal here."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from openviber_app.api.bindings import BindingIn
from openviber_app.api.payload import Payload
from openviber_app.api.thread_payloads import MessageCreate
from openviber_app.domain.drafts import EnvironmentType, SetupMode
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import PrepareReport, RunEnded, RunProgress
from openviber_app.domain.secrets import SecretScope
from openviber_app.domain.statuses import (
    BindingStatus,
    CommandStatus,
    PrepareStatus,
    RunStatus,
    advance,
    is_final,
)
from openviber_app.hub.mapping import COMMANDS, command_frame, is_last, log_end_of, report_of
from openviber_app.services.prepare_reports import ENDS
from openviber_app.services.runs import STOPPED_REASONS
from openviber_app.store.tables import Command as CommandRow
from openviber_protocol import frames, hub_payloads, payloads
from openviber_protocol.frame import Frame, Wire
from openviber_protocol.maker import FrameMaker
from tests.support.frame_examples import HUB_EXAMPLES, NODE_EXAMPLES

MAKER = FrameMaker(new_id, lambda: datetime(2026, 11, 23, tzinfo=UTC))


def _frame(kind: type[Frame]) -> Frame:
    name = kind.model_fields["type"].default
    return kind.model_validate((HUB_EXAMPLES | NODE_EXAMPLES)[name])


@pytest.mark.parametrize("kind", get_args(frames.RecordFrame))
def test_every_record_has_words_of_the_boards_own(kind: type[Frame]) -> None:
    frame = _frame(kind)
    assert report_of(frame)  # type: ignore[arg-type]
    assert is_last(frame) is (log_end_of(frame) is not None)  # type: ignore[arg-type]


def test_every_command_of_the_protocol_can_be_in_the_outbox() -> None:
    wire = {kind.model_fields["type"].default for kind in get_args(frames.Command)}
    assert set(COMMANDS) == wire


@pytest.mark.parametrize("kind", get_args(frames.Command))
def test_a_commands_row_becomes_its_frame(kind: type[Frame]) -> None:
    example = _frame(kind)
    payload = example.payload.model_dump(mode="json", by_alias=False)  # type: ignore[attr-defined]
    bundle = payload.pop("bundle", None)
    row = CommandRow(
        id=new_id(),
        node_id=new_id(),
        type=kind.model_fields["type"].default,
        attempt=3,
        payload=payload,
        status=CommandStatus.PENDING,
        created_at=MAKER.now(),
    )
    sealed = payloads.SealedBundle.model_validate(bundle) if bundle else None
    frame = command_frame(row, payload, bundle=sealed, maker=MAKER)
    assert type(frame) is kind
    assert frame.payload == example.payload  # type: ignore[attr-defined]
    assert (frame.command_id, frame.attempt) == (row.id, 3)


def test_the_reasons_of_the_wire_and_the_ends_of_a_prepare_are_the_same_words() -> None:
    reasons = {reason.value for reason in payloads.ErrorReason}
    assert set(ENDS) <= reasons
    for reason, status in ENDS.items():
        if reason != "stopped":
            assert status.value == reason
    assert {s.value for s in payloads.WireStatus} == {"preparing", "ready", "error"}
    unhappy = {PrepareStatus.CANCELLED, PrepareStatus.INTERRUPTED, PrepareStatus.LOST}
    assert set(ENDS.values()) == unhappy


def _choices(model: type[Wire], name: str) -> set[str]:
    """Return the words that a field of the wire takes."""
    annotation = model.model_fields[name].annotation
    return set(get_args(annotation))


def _plain(model: type[Payload], name: str) -> set[str]:
    return set(get_args(model.model_fields[name].annotation))


def test_what_an_environment_can_be_is_the_same_on_both_sides() -> None:
    assert _choices(payloads.EnvironmentSpec, "type") == set(EnvironmentType)
    assert _choices(payloads.SetupSpec, "mode") == set(SetupMode)
    assert _choices(payloads.SecretRef, "scope") == set(SecretScope)


@pytest.mark.parametrize("payload", [hub_payloads.PreparePayload, hub_payloads.SubmitPayload])
def test_a_strategy_of_the_api_is_one_of_the_wire(payload: type[Wire]) -> None:
    assert _choices(payload, "strategy") == _plain(BindingIn, "strategy")


def test_an_executor_of_the_api_is_one_of_the_wire() -> None:
    assert _choices(hub_payloads.SubmitPayload, "executor") == _plain(MessageCreate, "executor")


@pytest.mark.parametrize("reason", payloads.ErrorReason)
def test_every_reason_of_the_wire_ends_a_prepare_for_good(reason: payloads.ErrorReason) -> None:
    end = ENDS.get(reason, PrepareStatus.FAILED)
    assert is_final(end)
    for current in (PrepareStatus.ACCEPTED, PrepareStatus.RUNNING):
        assert advance(current, end) is end


def test_the_ends_of_a_run_on_the_wire_are_ends_of_the_board() -> None:
    assert {reason for reason in payloads.ErrorReason if reason in STOPPED_REASONS} == {
        payloads.ErrorReason.STOPPED,
        payloads.ErrorReason.CANCELLED,
    }
    assert set(payloads.ErrorReason) >= STOPPED_REASONS
    for end in (RunStatus.COMPLETED, RunStatus.STOPPED, RunStatus.FAILED):
        assert is_final(end)
        assert advance(RunStatus.RUNNING, end) is end


@pytest.mark.parametrize("status", payloads.WireStatus)
def test_every_status_of_the_wire_is_one_of_a_binding(status: payloads.WireStatus) -> None:
    assert status.value in set(BindingStatus)


@pytest.mark.parametrize("status", [*payloads.ItemStatus])
def test_an_entrys_status_is_kept_as_it_is(status: payloads.ItemStatus) -> None:
    example = _frame(frames.ThreadProgress).model_dump(mode="json", by_alias=True)
    example["payload"]["records"] = [{"op": "upsert", "id": "a", "status": status.value}]
    report = report_of(frames.ThreadProgress.model_validate(example))
    assert isinstance(report, RunProgress)
    assert [record.status for record in report.records] == [status.value]


def test_a_status_keeps_its_phases_in_the_apis_own_form() -> None:
    report = report_of(_frame(frames.EnvironmentStatus))  # type: ignore[arg-type]
    assert isinstance(report, PrepareReport)
    assert all("durationMs" in phase for phase in report.phases)


def test_an_error_has_a_reason_and_an_end_by_itself_has_none() -> None:
    failed = report_of(_frame(frames.ThreadError))  # type: ignore[arg-type]
    ended = report_of(_frame(frames.ThreadCompleted))  # type: ignore[arg-type]
    assert isinstance(failed, RunEnded)
    assert isinstance(ended, RunEnded)
    assert failed.reason
    assert ended.reason == ""
