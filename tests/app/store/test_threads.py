"""Tests of `openviber_app.store.threads`."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from openviber_app.domain.ids import new_id
from openviber_app.domain.statuses import ThreadStatus
from openviber_app.services.runtime import Runtime
from openviber_app.store import threads
from openviber_app.store.tables import Thread
from openviber_app.store.threads import ThreadQuery
from tests.support.board import People
from tests.support.workbench import add_environment, make_bench


async def _fill(runtime: Runtime, people: People, count: int) -> tuple[ThreadQuery, list[Thread]]:
    """Store threads, three of them at each moment, every tenth archived."""
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
            last_message_at=now - timedelta(seconds=n // 3),
            created_at=now,
            updated_at=now,
        )
        for n in range(count)
    ]
    async with runtime.store.write() as db:
        db.add_all(rows)
    return ThreadQuery(user_id=alice.user_id, environment_id=environment.id), rows


async def _pages(runtime: Runtime, query: ThreadQuery) -> list[list[Thread]]:
    pages: list[list[Thread]] = []
    more = True
    async with runtime.store.read() as db:
        while more:
            page, more = await threads.list_threads(db, query)
            pages.append(page)
            last = page[-1]
            query = ThreadQuery(
                user_id=query.user_id,
                environment_id=query.environment_id,
                statuses=query.statuses,
                before=(last.last_message_at, last.id),
                limit=query.limit,
            )
    return pages


async def test_pages_follow_each_other_without_a_gap_or_a_double(
    runtime: Runtime, people: People
) -> None:
    query, rows = await _fill(runtime, people, 230)
    pages = await _pages(runtime, query)
    wanted = sorted(rows, key=lambda row: (row.last_message_at, row.id), reverse=True)
    assert [row.id for page in pages for row in page] == [row.id for row in wanted]
    assert [len(page) for page in pages] == [50, 50, 50, 50, 30]


async def test_statuses_narrow_the_list(runtime: Runtime, people: People) -> None:
    query, rows = await _fill(runtime, people, 60)
    user, environment = query.user_id, query.environment_id
    archived = ThreadQuery(user, environment, statuses=(ThreadStatus.ARCHIVED,))
    everywhere = ThreadQuery(user)
    stranger = ThreadQuery(people.bob.actor.user_id, environment)
    async with runtime.store.read() as db:
        found, more = await threads.list_threads(db, archived)
        assert len(found) == 6
        assert not more
        assert len((await threads.list_threads(db, everywhere))[0]) == 50
        assert await threads.list_threads(db, stranger) == ([], False)
    assert len(rows) == 60


async def test_ten_thousand_threads_are_paged_by_an_index_without_sorting(
    runtime: Runtime, people: People
) -> None:
    query, rows = await _fill(runtime, people, 10_000)
    place = (rows[5000].last_message_at, rows[5000].id)
    for environment_id in (query.environment_id, None):
        for before in (None, place):
            page = ThreadQuery(query.user_id, environment_id, before=before)
            steps = await _plan(runtime, threads.page_statement(page, ThreadStatus.ACTIVE))
            assert "SEARCH threads USING COVERING INDEX ix_threads_list" in steps
            # over all environments the newest of the index's entries are kept, not whole rows
            assert ("TEMP B-TREE" in steps) == (environment_id is None)
            assert "SCAN" not in steps
            assert ("(last_message_at,id)<" in steps) == (before is not None)


async def _plan(runtime: Runtime, statement: sa.Select[UUID]) -> str:
    async with runtime.store.read() as db:
        compiled = statement.compile(
            dialect=db.get_bind().dialect, compile_kwargs={"literal_binds": True}
        )
        text = str(compiled).replace(":", r"\:")  # a colon in a time is no parameter
        plan = await db.execute(sa.text(f"EXPLAIN QUERY PLAN {text}"))
        return " | ".join(str(row[3]) for row in plan)


async def test_messages_are_paged_backwards_and_shown_forwards(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    sent = [await bench.say(f"echo {n}") for n in range(5)]
    async with runtime.store.read() as db:
        last, more = await threads.list_messages(
            db, thread_id=bench.thread.id, before=None, limit=3
        )
        assert [m.id for m in last] == [m.id for m in sent[2:]]
        assert more
        first, more = await threads.list_messages(
            db, thread_id=bench.thread.id, before=last[0].id, limit=3
        )
        assert [m.id for m in first] == [m.id for m in sent[:2]]
        assert not more


async def test_waiting_threads_come_in_the_order_of_their_waiting(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor, status="preparing")
    other = await make_bench(runtime, people.alice.actor, status="preparing")
    await bench.say()
    await bench.say()
    async with runtime.store.read() as db:
        found = await threads.list_waiting_threads(db, environment_id=bench.environment.id)
        assert [row.id for row in found] == [bench.thread.id]
        queued = await threads.count_queued_of(db, thread_ids=[bench.thread.id, other.thread.id])
        assert queued == {bench.thread.id: 2}
