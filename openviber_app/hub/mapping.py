"""Between the wire's words and the board's: frames become reports, command rows become frames."""

from typing import Any, assert_never

from openviber_app.domain.reports import (
    ItemRecord,
    LogEnd,
    PrepareReport,
    RunEnded,
    RunProgress,
    RunStarted,
    SelfTestResult,
    SlotCounts,
)
from openviber_app.store.tables import Command as CommandRow
from openviber_protocol.frames import (
    ArchivePayload,
    CancelPayload,
    Command,
    EnvironmentCancel,
    EnvironmentPrepare,
    EnvironmentSlots,
    EnvironmentStatus,
    EnvironmentSync,
    KeysRotate,
    PreparePayload,
    RecordFrame,
    RedactionTest,
    RedactionTested,
    RedactionTestPayload,
    RotatePayload,
    StopPayload,
    SubmitPayload,
    SyncPayload,
    ThreadArchive,
    ThreadCompleted,
    ThreadError,
    ThreadProgress,
    ThreadStarted,
    ThreadStop,
    ThreadSubmit,
)
from openviber_protocol.maker import FrameMaker
from openviber_protocol.payloads import LogFinal, SealedBundle, SlotReport

Report = PrepareReport | SlotCounts | RunStarted | RunProgress | RunEnded | SelfTestResult

COMMANDS = {
    "environment:prepare": (EnvironmentPrepare, PreparePayload),
    "environment:cancel": (EnvironmentCancel, CancelPayload),
    "environment:sync": (EnvironmentSync, SyncPayload),
    "thread:submit": (ThreadSubmit, SubmitPayload),
    "thread:stop": (ThreadStop, StopPayload),
    "thread:archive": (ThreadArchive, ArchivePayload),
    "keys:rotate": (KeysRotate, RotatePayload),
    "redaction:test": (RedactionTest, RedactionTestPayload),
}
"""The type in a command's row, with the frame and the payload it becomes."""


def _log_end(final: LogFinal | None) -> LogEnd | None:
    if final is None:
        return None
    return LogEnd(
        bytes=final.bytes,
        lines=final.lines,
        sha256=final.sha256,
        truncated_bytes=final.truncated_bytes,
    )


def _slots(report: SlotReport | None) -> SlotCounts | None:
    if report is None:
        return None
    return SlotCounts(binding_id=report.binding_id, ready=report.ready, claimed=report.claimed)


def _prepare_report(frame: EnvironmentStatus) -> PrepareReport:
    said = frame.payload
    return PrepareReport(
        binding_id=said.binding_id,
        prepare_id=said.prepare_id,
        status=said.status.value,
        phase=said.phase.value if said.phase else "",
        phases=[phase.model_dump(mode="json") for phase in said.phases],
        reason=said.reason.value if said.reason else "",
        message=said.message,
        noop=said.noop,
        resolved_working_dir=said.resolved_working_dir,
        fingerprint=dict(said.fingerprint),
        receipt=said.receipt.model_dump(mode="json") if said.receipt else {},
        slots=_slots(said.slots),
        redacted=said.redacted,
        log=_log_end(said.log),
    )


def _run_ended(frame: ThreadCompleted | ThreadError) -> RunEnded:
    said = frame.payload
    is_error = isinstance(frame, ThreadError)
    return RunEnded(
        thread_id=said.thread_id,
        run_id=said.run_id,
        exit_code=said.exit_code,
        duration_ms=said.duration_ms,
        reason=frame.payload.reason.value if is_error else "",
        message=frame.payload.message if is_error else "",
        files=[change.model_dump(mode="json", by_alias=False) for change in said.files],
        redacted=said.redacted,
        log=_log_end(said.log),
    )


def report_of(frame: RecordFrame) -> Report:
    """Say in the board's words what a record tells."""
    match frame:
        case EnvironmentStatus():
            return _prepare_report(frame)
        case EnvironmentSlots():
            slots = frame.payload.slots
            return SlotCounts(binding_id=slots.binding_id, ready=slots.ready, claimed=slots.claimed)
        case ThreadStarted():
            said = frame.payload
            return RunStarted(
                thread_id=said.thread_id,
                run_id=said.run_id,
                working_dir=said.working_dir,
                branch=said.branch,
                base_commit=said.base_commit,
                slots=_slots(said.slots),
            )
        case ThreadProgress():
            return RunProgress(
                thread_id=frame.payload.thread_id,
                run_id=frame.payload.run_id,
                records=[
                    ItemRecord(
                        op=record.op,
                        id=record.id,
                        kind=record.kind.value if record.kind else None,
                        status=record.status.value if record.status else None,
                        text=record.text,
                        fields=dict(record.fields),
                    )
                    for record in frame.payload.records
                ],
            )
        case ThreadCompleted() | ThreadError():
            return _run_ended(frame)
        case RedactionTested():
            told = frame.payload
            return SelfTestResult(
                test_id=told.test_id, tried=told.tried, masked=told.masked, missed=told.missed
            )
        case _:
            assert_never(frame)


def is_last(frame: RecordFrame) -> bool:
    """Whether this record ends its execution: nothing follows it in its stream."""
    match frame:
        case ThreadCompleted() | ThreadError():
            return True
        case EnvironmentStatus():
            return frame.payload.log is not None
        case EnvironmentSlots() | ThreadStarted() | ThreadProgress() | RedactionTested():
            return False
        case _:
            assert_never(frame)


def log_end_of(frame: RecordFrame) -> LogEnd | None:
    """Return what a last record says of the log; None when there was none to speak of."""
    match frame:
        case ThreadCompleted() | ThreadError() | EnvironmentStatus():
            return _log_end(frame.payload.log)
        case EnvironmentSlots() | ThreadStarted() | ThreadProgress() | RedactionTested():
            return None
        case _:
            assert_never(frame)


def command_frame(
    row: CommandRow, payload: dict[str, Any], *, bundle: SealedBundle | None, maker: FrameMaker
) -> Command:
    """Make the frame of a command; `payload` is in snake_case.

    Raises:
        pydantic.ValidationError: the payload is not one of this protocol's.
    """
    frame_class, payload_class = COMMANDS[row.type]
    content = payload if bundle is None else {**payload, "bundle": bundle}
    return maker.make(
        frame_class,
        payload_class.model_validate(content),
        command_id=row.id,
        attempt=row.attempt,
    )
