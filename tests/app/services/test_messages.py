"""Tests of `openviber_app.services.messages`."""

import asyncio

import pytest

from openviber_app.domain.errors import ConflictError, InvalidInputError, NotFoundError
from openviber_app.services import messages
from openviber_app.services.runtime import Runtime
from openviber_app.services.timeline_pages import get_page
from openviber_app.store.tables import Binding
from tests.support.board import People
from tests.support.workbench import Bench, make_bench


async def _count(bench: Bench) -> int:
    found, _ = await messages.list_messages(
        bench.runtime, bench.actor, thread_id=bench.thread.id, limit=100
    )
    return len(found)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("make test\nmake lint", "make test"),
        ("\n\n   ls    -l  \n", "ls -l"),
        ("#!/bin/bash\necho hi", "echo hi"),
        ("x" * 200, "x" * 79 + "…"),
        ("#!/bin/sh", ""),
    ],
)
def test_a_title_is_the_first_line_that_says_something(text: str, title: str) -> None:
    assert messages.title_from(text) == title


async def test_the_first_message_names_the_thread_and_the_second_does_not(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    await bench.say("make test")
    await bench.say("make lint")
    row = await bench.row()
    assert row.title == "make test"
    assert row.branch.startswith("viber/make-test-")


async def test_a_message_stands_in_the_timeline_from_the_start(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    first, second = await bench.say("a"), await bench.say("b")
    page = await get_page(runtime, bench.actor, thread_id=bench.thread.id)
    shown = [(item.id, item.kind, item.status, item.text) for item in page.items]
    assert shown == [
        (first.id, "user_message", "completed", "a"),
        (second.id, "user_message", "pending", "b"),
    ]
    assert page.items[0].run_id == first.run_id


async def test_said_again_with_the_same_key_it_was_said_once(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)

    async def say(text: str) -> tuple[messages.MessageView, bool]:
        return await messages.submit(
            runtime, bench.actor, thread_id=bench.thread.id, text=text, idempotency_key="k1"
        )

    answers = await asyncio.gather(*(say("ls") for _ in range(5)))
    assert len({view.id for view, _ in answers}) == 1
    assert [is_new for _, is_new in answers].count(True) == 1
    assert await _count(bench) == 1
    assert len(await bench.commands()) == 1
    with pytest.raises(ConflictError, match="used for another message"):
        await say("rm -r build")


async def test_a_key_counts_within_its_thread(runtime: Runtime, people: People) -> None:
    for _ in range(2):
        bench = await make_bench(runtime, people.alice.actor)
        _, is_new = await messages.submit(
            runtime, bench.actor, thread_id=bench.thread.id, text="ls", idempotency_key="k"
        )
        assert is_new


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the message is empty"),
        (" \n\t", "the message is empty"),
        ("a\0b", "NUL"),
        ("ä" * 40_000, "80000 bytes are too many"),
    ],
)
async def test_what_cannot_be_run_is_refused_and_nothing_is_written(
    runtime: Runtime, people: People, text: str, said: str
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    with pytest.raises(InvalidInputError, match=said) as caught:
        await bench.say(text)
    assert [problem.pointer for problem in caught.value.problems] == ["/text"]
    assert await _count(bench) == 0


async def test_without_a_place_to_run_the_message_is_refused_with_advice(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor, status="error")
    with pytest.raises(ConflictError, match="could not be prepared on studio-01"):
        await bench.say()
    async with runtime.store.write() as db:
        await db.delete(await db.get_one(Binding, bench.binding.id))
    with pytest.raises(ConflictError, match="map it to a node first"):
        await bench.say()
    assert await _count(bench) == 0


async def test_nobody_speaks_in_another_persons_thread(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    bob = people.bob.actor
    with pytest.raises(NotFoundError, match=r"^no such thread$"):
        await messages.submit(runtime, bob, thread_id=bench.thread.id, text="ls")
    with pytest.raises(NotFoundError, match=r"^no such thread$"):
        await messages.list_messages(runtime, bob, thread_id=bench.thread.id, limit=1)
    assert await _count(bench) == 0


async def test_a_queued_message_can_be_taken_back_and_never_runs(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    first, second = await bench.say("a"), await bench.say("b")

    async def withdraw(message: messages.MessageView) -> messages.MessageView:
        return await messages.withdraw(
            runtime, bench.actor, thread_id=bench.thread.id, message_id=message.id
        )

    assert (await withdraw(second)).status == "withdrawn"
    seq = (await bench.row()).timeline_seq
    assert (await withdraw(second)).status == "withdrawn"
    assert (await bench.row()).timeline_seq == seq
    await bench.end(await bench.run_of(first))
    assert len(await bench.commands("thread:submit")) == 1
    page = await get_page(runtime, bench.actor, thread_id=bench.thread.id)
    said = {item.text: item for item in page.items}
    assert said["b"].fields["withdrawn"] is True
    assert said["b"].status == "completed"
    with pytest.raises(ConflictError, match="stop the run instead"):
        await withdraw(first)


async def test_a_message_is_taken_back_in_its_own_thread_by_its_own_person(
    runtime: Runtime, people: People
) -> None:
    bench, other = [await make_bench(runtime, people.alice.actor) for _ in range(2)]
    await bench.say("a")
    message = await bench.say("b")
    for actor, thread in ((people.bob.actor, bench.thread), (bench.actor, other.thread)):
        with pytest.raises(NotFoundError, match=r"^no such message$"):
            await messages.withdraw(runtime, actor, thread_id=thread.id, message_id=message.id)
