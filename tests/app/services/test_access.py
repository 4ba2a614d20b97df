"""Tests of `openviber_app.services.access`."""

import pytest

from openviber_app.domain.errors import ForbiddenError, NotFoundError
from openviber_app.domain.sharing import Access, Right
from openviber_app.services import access, shares
from openviber_app.services.runtime import Runtime
from tests.support.board import People
from tests.support.workbench import make_bench


async def test_not_seen_is_not_found_and_seen_is_forbidden(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    bench = await make_bench(runtime, alice)
    key = bench.environment.id
    async with runtime.store.read() as db:
        with pytest.raises(NotFoundError):
            await access.require_right(db, bob, environment_id=key, right=Right.SEE)
    await shares.put_share(runtime, alice, environment_id=key, email=bob.email, role=Access.VIEWER)
    async with runtime.store.read() as db:
        standing = await access.require_right(db, bob, environment_id=key, right=Right.SEE)
        assert standing.owner_name == "Alice"
        with pytest.raises(ForbiddenError, match="ask Alice"):
            await access.require_right(db, bob, environment_id=key, right=Right.RUN)


async def test_a_node_that_comes_or_goes_is_told_to_whom_sees_what_is_on_it(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    bench = await make_bench(runtime, alice)
    topics = [access.user_topic(person.user_id) for person in (alice, bob)]
    async with runtime.store.read() as db:
        told = await access.tell_watchers_of_node(db, bench.node)
        assert [advance.topic for advance in told] == topics[:1]
    await shares.put_share(
        runtime, alice, environment_id=bench.environment.id, email=bob.email, role=Access.VIEWER
    )
    async with runtime.store.read() as db:
        told = await access.tell_watchers_of_node(db, bench.node)
        assert [advance.topic for advance in told] == topics


async def test_a_change_by_anybody_reaches_everybody_who_sees_the_environment(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    bench = await make_bench(runtime, alice)
    await shares.put_share(
        runtime, alice, environment_id=bench.environment.id, email=bob.email, role=Access.RUNNER
    )
    topics = [access.user_topic(person.user_id) for person in (alice, bob)]
    with runtime.bus.listening(*topics) as listener:
        run = await bench.run_of(await bench.say())
        assert set(listener.take()) == set(topics)
        await bench.start(run)
        assert {advance.topic for advance in bench.told} >= set(topics)


async def test_only_the_sockets_of_this_person_are_told(runtime: Runtime, people: People) -> None:
    bob, alice = people.bob.actor.user_id, people.alice.actor.user_id
    with runtime.bus.listening(access.access_topic(bob)) as bobs:
        access.ask_again(runtime, alice)
        assert not bobs.wake.is_set()
        access.ask_again(runtime, bob)
        assert bobs.take() == {access.access_topic(bob): 0}
