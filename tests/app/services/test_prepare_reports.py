"""What becomes of an attempt, report by report."""

from dataclasses import replace
from typing import Any

import pytest

from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import LogEnd, PrepareReport, SlotCounts
from openviber_app.services import prepare_reports
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Binding, Prepare
from tests.support.board import People
from tests.support.mapped import MappedEnvironment, map_environment

END = LogEnd(bytes=3, lines=1, sha256="ab", truncated_bytes=2)


def _report(mapped: MappedEnvironment, status: str, **said: Any) -> PrepareReport:
    report = PrepareReport(mapped.binding.id, mapped.prepare.id, status)
    return replace(report, **said)


async def _apply(
    runtime: Runtime, mapped: MappedEnvironment, report: PrepareReport
) -> tuple[Prepare, Binding]:
    async with runtime.store.write() as db:
        await prepare_reports.apply_report(
            db, node_id=mapped.node.id, report=report, now=runtime.clock.now()
        )
    return await _rows(runtime, mapped)


async def _rows(runtime: Runtime, mapped: MappedEnvironment) -> tuple[Prepare, Binding]:
    async with runtime.store.read() as db:
        return (
            await db.get_one(Prepare, mapped.prepare.id),
            await db.get_one(Binding, mapped.binding.id),
        )


async def test_a_prepare_runs_and_succeeds(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    prepare, binding = await _apply(
        runtime, mapped, _report(mapped, "preparing", phase="setup", phases=[{"name": "setup"}])
    )
    assert (prepare.status, prepare.phase, binding.status) == ("running", "setup", "preparing")
    assert prepare.started_at is not None
    ended = _report(
        mapped,
        "ready",
        log=END,
        resolved_working_dir="/work/1",
        fingerprint={"commit": "abc"},
        slots=SlotCounts(mapped.binding.id, ready=1, claimed=0),
        noop=True,
    )
    prepare, binding = await _apply(runtime, mapped, ended)
    assert (prepare.status, prepare.noop, prepare.phase) == ("succeeded", True, "setup")
    assert (prepare.log_bytes, prepare.log_truncated_bytes) == (3, 2)
    assert (binding.status, binding.resolved_working_dir) == ("ready", "/work/1")
    assert (binding.slots_ready, binding.fingerprint) == (1, {"commit": "abc"})
    assert binding.proved_at is not None


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("failed", "failed"),
        ("timeout", "failed"),
        ("refused", "failed"),
        ("cancelled", "cancelled"),
        ("stopped", "cancelled"),
        ("interrupted", "interrupted"),
        ("lost", "lost"),
    ],
)
async def test_every_reason_leaves_the_binding_in_error_with_its_words(
    runtime: Runtime, people: People, reason: str, status: str
) -> None:
    mapped = await map_environment(runtime, people.alice)
    report = _report(mapped, "error", reason=reason, message="why it did not work", log=END)
    prepare, binding = await _apply(runtime, mapped, report)
    assert (prepare.status, prepare.reason, prepare.message) == (
        status,
        reason,
        "why it did not work",
    )
    assert (binding.status, binding.last_error) == ("error", "why it did not work")


async def test_what_comes_after_the_end_is_evidence_and_changes_nothing(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    await _apply(
        runtime, mapped, _report(mapped, "error", reason="failed", message="first", log=END)
    )
    prepare, binding = await _apply(runtime, mapped, _report(mapped, "ready", log=END))
    assert (prepare.status, prepare.message) == ("failed", "first")
    assert prepare.receipt["lateResult"]["status"] == "ready"
    assert binding.status == "error"


async def test_a_report_of_another_node_or_binding_changes_nothing(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    other = await map_environment(runtime, people.bob)
    report = _report(mapped, "ready", log=END)
    async with runtime.store.write() as db:
        now = runtime.clock.now()
        assert (
            await prepare_reports.apply_report(db, node_id=other.node.id, report=report, now=now)
            == []
        )
        crossed = replace(report, binding_id=other.binding.id)
        assert (
            await prepare_reports.apply_report(db, node_id=mapped.node.id, report=crossed, now=now)
            == []
        )
        unknown = replace(report, prepare_id=new_id())
        assert (
            await prepare_reports.apply_report(db, node_id=mapped.node.id, report=unknown, now=now)
            == []
        )
    prepare, _ = await _rows(runtime, mapped)
    assert prepare.status == "queued"


async def test_a_spares_end_says_nothing_of_the_binding(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    await _apply(runtime, mapped, _report(mapped, "ready", log=END))
    spare = Prepare(
        binding_id=mapped.binding.id,
        command_id=new_id(),
        attempt=2,
        kind="spare",
        created_at=runtime.clock.now(),
    )
    async with runtime.store.write() as db:
        db.add(spare)
    report = PrepareReport(
        mapped.binding.id,
        spare.id,
        "error",
        reason="failed",
        message="no",
        slots=SlotCounts(mapped.binding.id, ready=0, claimed=1),
        log=END,
    )
    _, binding = await _apply(runtime, mapped, report)
    assert (binding.status, binding.last_error) == ("ready", "")
    assert (binding.slots_ready, binding.slots_claimed) == (0, 1)


async def test_a_refused_command_ends_its_prepare_once(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    for message in ("no room", "again"):
        async with runtime.store.write() as db:
            await prepare_reports.command_refused(
                db,
                command_id=mapped.prepare.command_id,
                message=message,
                now=runtime.clock.now(),
            )
    prepare, binding = await _rows(runtime, mapped)
    assert (prepare.status, prepare.reason, prepare.message) == ("failed", "refused", "no room")
    assert binding.status == "error"


async def test_only_what_was_taken_and_is_not_listed_was_interrupted(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    node_id, prepare_id = mapped.node.id, mapped.prepare.id

    async def hello(*, listed: set[Any], streams: set[Any]) -> str:
        async with runtime.store.write() as db:
            await prepare_reports.interrupt_missing(
                db, node_id=node_id, listed=listed, streams=streams, now=runtime.clock.now()
            )
        return (await _rows(runtime, mapped))[0].status

    assert await hello(listed=set(), streams=set()) == "queued"
    async with runtime.store.write() as db:
        await prepare_reports.accepted(db, command_id=mapped.prepare.command_id)
    assert await hello(listed={prepare_id}, streams=set()) == "accepted"
    assert await hello(listed=set(), streams={prepare_id}) == "accepted"
    assert await hello(listed=set(), streams=set()) == "interrupted"


async def test_the_first_binding_that_works_becomes_the_default(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    async with runtime.store.write() as db:
        environment = await db.get_one(type(mapped.environment), mapped.environment.id)
        environment.default_binding_id = None
    await _apply(runtime, mapped, _report(mapped, "ready", log=END))
    async with runtime.store.read() as db:
        environment = await db.get_one(type(mapped.environment), mapped.environment.id)
        assert environment.default_binding_id == mapped.binding.id
