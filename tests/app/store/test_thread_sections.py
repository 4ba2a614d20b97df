from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store import thread_sections
from openviber_app.store.mark_tables import ThreadMark
from openviber_app.store.tables import Thread
from openviber_app.store.thread_sections import Section, SectionCounts, SectionQuery
from tests.support.board import People
from tests.support.workbench import add_environment

HOUR = timedelta(hours=1)


async def fill(runtime: Runtime, people: People, count: int) -> SectionQuery:
    """Store a thread an hour; every tenth archived, the one after it paused, 7 and 10 pinned."""
    alice = people.alice.actor
    environment = await add_environment(runtime, alice)
    now = runtime.clock.now()
    rows = [
        Thread(
            id=new_id(),
            user_id=alice.user_id,
            environment_id=environment.id,
            title=f"thread {n}",
            status="archived" if n % 10 == 0 else "paused" if n % 10 == 1 else "active",
            last_message_at=now - HOUR * n,
            created_at=now,
            updated_at=now,
        )
        for n in range(count)
    ]
    async with runtime.store.write() as db:
        db.add_all(rows)
        await db.flush()
        db.add_all(
            ThreadMark(user_id=alice.user_id, thread_id=rows[n].id, is_pinned=True) for n in (7, 10)
        )
        # somebody else's pin is nobody's business here
        db.add(ThreadMark(user_id=people.bob.actor.user_id, thread_id=rows[3].id, is_pinned=True))
    return SectionQuery(alice.user_id, environment.id, Section.RECENT)


async def test_every_thread_is_in_one_section_and_any_place_is_in_reach(
    runtime: Runtime, people: People
) -> None:
    query = await fill(runtime, people, 100)
    async with runtime.store.read() as db:
        titles: list[str] = []
        for offset in range(0, 120, 30):
            page = await thread_sections.list_section(db, replace(query, offset=offset, limit=30))
            titles += [row.title for row in page]
        recent = [n for n in range(100) if n % 10 and n != 7]
        assert titles == [f"thread {n}" for n in recent]
        (pinned,) = await thread_sections.list_section(db, replace(query, section=Section.PINNED))
        assert pinned.title == "thread 7"
        archived = await thread_sections.list_section(db, replace(query, section=Section.ARCHIVED))
        assert [row.title for row in archived] == [f"thread {n}" for n in range(0, 100, 10)]
        stranger = replace(query, user_id=people.bob.actor.user_id)
        assert await thread_sections.list_section(db, stranger) == []


async def test_the_counts_are_those_of_the_headings(runtime: Runtime, people: People) -> None:
    query = await fill(runtime, people, 100)
    now = runtime.clock.now()
    async with runtime.store.read() as db:
        counts = await thread_sections.count_sections(
            db,
            user_id=query.user_id,
            environment_id=query.environment_id,
            today=now - 5.5 * HOUR,
            week=now - 50.5 * HOUR,
        )
        nobody = await thread_sections.count_sections(
            db,
            user_id=people.bob.actor.user_id,
            environment_id=query.environment_id,
            today=now,
            week=now,
        )
    # 1..5; 6..50 without 7 and five archived; 51..99 without five archived... of which 10 is one
    assert counts == SectionCounts(pinned=1, today=5, last_7_days=39, older=45, archived=10)
    assert nobody == SectionCounts()


async def test_a_page_walks_the_index_and_sorts_nothing(runtime: Runtime, people: People) -> None:
    query = await fill(runtime, people, 20)
    async with runtime.store.read() as db:
        compiled = thread_sections.ids_statement(replace(query, offset=9000)).compile(
            dialect=db.get_bind().dialect, compile_kwargs={"literal_binds": True}
        )
        plan = await db.execute(sa.text(f"EXPLAIN QUERY PLAN {compiled}"))
        steps = " | ".join(str(row[3]) for row in plan)
    assert steps.count("USING COVERING INDEX ix_threads_list") == 2
    assert "TEMP B-TREE" not in steps
