from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from openviber_app.domain.reports import ItemRecord
from openviber_app.domain.statuses import ThreadStatus
from openviber_app.services.runtime import Runtime
from openviber_app.store import thread_search
from openviber_app.store.tables import Thread, TimelineItem
from openviber_app.store.thread_search import WordQuery
from tests.support.board import People
from tests.support.workbench import Bench, make_bench


async def texts_of(bench: Bench, *terms: str, user: object = None) -> list[str]:
    """Return the texts that have the terms, newest first."""
    query = WordQuery(user or bench.actor.user_id, terms)  # pyright: ignore[reportArgumentType]
    async with bench.runtime.store.read() as db:
        hits = await thread_search.list_hits(db, query)
        texts = await thread_search.list_texts(db, [hit.place for hit in hits])
    return [texts[hit.place] for hit in hits]


async def rename(bench: Bench, title: str) -> None:
    async with bench.runtime.store.write() as db:
        (await db.get_one(Thread, bench.thread.id)).title = title


async def test_titles_messages_and_what_runs_say_are_found_as_they_change(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor, title="Fix the webhook")
    run = await bench.run_of(await bench.say("make webhook-test"))
    await bench.start(run)
    await bench.tell(run, ItemRecord("upsert", "a", kind="agent_message", text="The Wébhook"))
    assert await texts_of(bench, "webhook") == [
        "The Wébhook",
        "make webhook-test",
        "Fix the webhook",
    ]
    await bench.tell(run, ItemRecord("append", "a", text=" is slow"))
    assert await texts_of(bench, "web", "slow") == ["The Wébhook is slow"]
    await bench.tell(run, ItemRecord("upsert", "a", text="nothing"))
    await rename(bench, "Another name")
    assert await texts_of(bench, "webhook") == ["make webhook-test"]
    assert await texts_of(bench, "NAME") == ["Another name"]
    async with runtime.store.write() as db:
        await db.delete(await db.get_one(Thread, bench.thread.id))
    assert await texts_of(bench, "webhook") == []
    async with runtime.store.read() as db:
        for table in ("search_entries", "search_words"):
            left = await db.execute(sa.text(f"SELECT count(*) FROM {table}"))
            assert left.scalar_one() == 0


async def test_two_people_with_the_same_words_find_only_their_own(
    runtime: Runtime, people: People
) -> None:
    alices = await make_bench(runtime, people.alice.actor, title="secret plan of alice")
    bobs = await make_bench(runtime, people.bob.actor, title="secret plan of bob")
    assert await texts_of(alices, "secret") == ["secret plan of alice"]
    assert await texts_of(bobs, "secret") == ["secret plan of bob"]
    foreign = people.bob.actor.user_id.hex
    place = bobs.environment.id.hex
    for tricky in (foreign, thread_search.OURS + place, f'x" OR place:"{place}', "secret OR"):
        assert await texts_of(alices, tricky) == []


async def test_what_is_typed_is_never_syntax(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor, title="plain")
    for typed in ('"', 'a"b', "NEAR(", "a AND", "NOT plain", "words:plain", "^plain", "{a}:", "a-"):
        await texts_of(bench, typed)
    assert await texts_of(bench, "words:plain") == []
    assert await texts_of(bench, '"plain"') == ["plain"]


async def test_places_statuses_and_environments_narrow_a_search(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    first = await make_bench(runtime, alice, title="word one")
    second = await make_bench(runtime, alice, title="word two")
    query = WordQuery(alice.user_id, ("word",))
    async with runtime.store.write() as db:
        (await db.get_one(Thread, second.thread.id)).status = "archived"
    async with runtime.store.read() as db:
        hits = await thread_search.list_hits(db, query)
        assert [hit.thread_id for hit in hits] == [second.thread.id, first.thread.id]
        assert all(hit.is_title for hit in hits)
        (older,) = await thread_search.list_hits(db, replace(query, before=hits[0].place))
        assert older == hits[1]
        active = replace(query, statuses=(ThreadStatus.ACTIVE,))
        assert await thread_search.list_hits(db, active) == [hits[1]]
        here = replace(query, environment_id=second.environment.id)
        assert await thread_search.list_hits(db, here) == [hits[0]]


async def test_only_the_beginning_of_a_long_text_is_indexed(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    async with runtime.store.write() as db:
        now = runtime.clock.now()
        row = TimelineItem(
            thread_id=bench.thread.id,
            position=1,
            seq=1,
            kind="agent_message",
            text="begin " + "x " * 20_000 + "end",
            created_at=now,
            updated_at=now,
        )
        db.add(row)
    assert len((await texts_of(bench, "begin"))[0]) == 16_384
    assert await texts_of(bench, "end") == []


def test_another_database_looks_through_the_texts_of_one_person(people: People) -> None:
    query = WordQuery(people.alice.actor.user_id, ("50%",), before=7)
    text = str(
        thread_search.look_through_statement(query).compile(
            dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
        )
    )
    assert text.count("threads.environment_id IN (SELECT environments.id") == 2
    assert text.count(f"environments.user_id = '{query.user_id}'") == 2
    assert text.count(f"shares.user_id = '{query.user_id}'") == 2
    assert "50/%" in text
