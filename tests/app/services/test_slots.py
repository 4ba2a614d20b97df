"""A spare slot is kept filled, and not for ever tried."""

import sqlalchemy as sa
from sqlmodel import col

from openviber_app.domain.reports import PrepareReport, SlotCounts
from openviber_app.services import bindings, prepare_reports, slots
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Binding, Prepare
from tests.support.board import People
from tests.support.mapped import GITHUB, MappedEnvironment, map_environment


async def _ready(runtime: Runtime, mapped: MappedEnvironment, *, spare: int = 0) -> None:
    """Let the first prepare succeed."""
    report = PrepareReport(
        binding_id=mapped.binding.id,
        prepare_id=mapped.prepare.id,
        status="ready",
        slots=SlotCounts(mapped.binding.id, ready=spare or 1, claimed=0),
    )
    async with runtime.store.write() as db:
        await prepare_reports.apply_report(
            db, node_id=mapped.node.id, report=report, now=runtime.clock.now()
        )


async def _claim_last_slot(runtime: Runtime, mapped: MappedEnvironment) -> None:
    counts = SlotCounts(mapped.binding.id, ready=0, claimed=1)
    async with runtime.store.write() as db:
        await slots.apply_slots(db, node_id=mapped.node.id, slots=counts, now=runtime.clock.now())


async def _prepares(runtime: Runtime) -> list[tuple[str, str]]:
    async with runtime.store.read() as db:
        rows = (await db.execute(sa.select(Prepare).order_by(col(Prepare.attempt)))).scalars()
        return [(row.kind, row.status) for row in rows]


async def test_when_the_last_spare_slot_is_claimed_another_is_filled_once(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice, **GITHUB)
    await _ready(runtime, mapped)
    await _claim_last_slot(runtime, mapped)
    await _claim_last_slot(runtime, mapped)
    assert await _prepares(runtime) == [("prepare", "succeeded"), ("spare", "queued")]
    async with runtime.store.read() as db:
        assert (await db.get_one(Binding, mapped.binding.id)).status == "ready"


async def test_a_spare_that_failed_is_not_tried_again_until_a_whole_prepare_succeeds(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice, **GITHUB)
    await _ready(runtime, mapped)
    await _claim_last_slot(runtime, mapped)
    async with runtime.store.write() as db:
        await db.execute(
            sa.update(Prepare).where(col(Prepare.kind) == "spare").values(status="failed")
        )
    await _claim_last_slot(runtime, mapped)
    assert [kind for kind, _ in await _prepares(runtime)] == ["prepare", "spare"]
    await bindings.prepare_again(
        runtime, people.alice.actor, binding_id=mapped.binding.id, force=False, fast_forward=False
    )
    async with runtime.store.write() as db:
        await db.execute(
            sa.update(Prepare).where(col(Prepare.attempt) == 3).values(status="succeeded")
        )
        (await db.get_one(Binding, mapped.binding.id)).status = "ready"
    await _claim_last_slot(runtime, mapped)
    assert [kind for kind, _ in await _prepares(runtime)] == [
        "prepare",
        "spare",
        "prepare",
        "spare",
    ]


async def test_nothing_is_filled_where_there_are_no_slots_or_too_many(
    runtime: Runtime, people: People
) -> None:
    manual = await map_environment(runtime, people.alice)
    await _ready(runtime, manual)
    await _claim_last_slot(runtime, manual)
    assert await _prepares(runtime) == [("prepare", "succeeded")]
    theirs = await map_environment(runtime, people.bob, **GITHUB)
    await _ready(runtime, theirs)
    crowded = SlotCounts(theirs.binding.id, ready=0, claimed=slots.MAX_SLOTS)
    async with runtime.store.write() as db:
        now = runtime.clock.now()
        foreign = await slots.apply_slots(db, node_id=manual.node.id, slots=crowded, now=now)
        assert foreign == []
        await slots.apply_slots(db, node_id=theirs.node.id, slots=crowded, now=now)
    assert [kind for kind, _ in await _prepares(runtime)] == ["prepare", "prepare"]
