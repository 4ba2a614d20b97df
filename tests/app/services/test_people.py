import pytest

from openviber_app.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    NotSignedInError,
)
from openviber_app.domain.ids import new_id
from openviber_app.services import access, accounts, invites
from openviber_app.services import people as service
from openviber_app.services.runtime import Runtime
from openviber_app.store.people_tables import User
from openviber_app.store.tables import Environment, Node
from tests.support.audited import deeds
from tests.support.board import People, add_person
from tests.support.workbench import make_bench


async def test_people_are_shown_with_what_would_go_with_them(
    runtime: Runtime, people: People
) -> None:
    await make_bench(runtime, people.bob.actor)
    alice, bob = await service.list_people(runtime, people.alice.actor)
    assert (alice.is_last_owner, alice.can_manage) == (True, True)
    assert (bob.environments, bob.nodes, bob.threads, bob.is_last_owner) == (1, 1, 1, False)
    with pytest.raises(ForbiddenError, match="manage people"):
        await service.list_people(runtime, people.bob.actor)


async def test_another_role_ends_sessions_and_open_invites_and_is_written_down(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    await service.change_role(runtime, alice, user_id=bob.user_id, role="admin")
    grant = await accounts.start_session(runtime, bob)
    admin = await accounts.get_actor_by_session(runtime, grant.value)
    await invites.create_invite(runtime, admin, note="Grace")
    with runtime.bus.listening(access.access_topic(bob.user_id)) as sockets:
        view = await service.change_role(runtime, alice, user_id=bob.user_id, role="member")
        assert sockets.wake.is_set()
    assert view.role == "member"
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_session(runtime, grant.value)
    assert await invites.list_invites(runtime, alice) == []
    down, up = await deeds(runtime, "user.role_changed")
    assert (up.facts, down.facts) == (
        {"from": "member", "to": "admin"},
        {"from": "admin", "to": "member"},
    )
    assert (down.actor_name, down.target_name) == ("Alice", "Bob")


async def test_the_same_role_again_signs_nobody_out(runtime: Runtime, people: People) -> None:
    bob = people.bob.actor
    grant = await accounts.start_session(runtime, bob)
    await service.change_role(runtime, people.alice.actor, user_id=bob.user_id, role="member")
    assert await accounts.get_actor_by_session(runtime, grant.value) == bob
    assert not await deeds(runtime, "user.role_changed")


async def test_the_last_owner_stays(runtime: Runtime, people: People) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    with pytest.raises(ConflictError, match="last owner"):
        await service.change_role(runtime, alice, user_id=alice.user_id, role="admin")
    with pytest.raises(ConflictError, match="last owner"):
        await service.remove_person(runtime, alice, user_id=alice.user_id)
    await service.change_role(runtime, alice, user_id=bob.user_id, role="owner")
    await service.remove_person(runtime, alice, user_id=alice.user_id)
    async with runtime.store.read() as db:
        assert await db.get(User, alice.user_id) is None


async def test_an_admin_manages_members_and_nobody_above(runtime: Runtime, people: People) -> None:
    grace = (await add_person(runtime, name="Grace", role="admin")).actor
    other = (await add_person(runtime, name="Other", role="admin")).actor
    bob, alice = people.bob.actor, people.alice.actor
    for target, role in ((bob, "admin"), (bob, "owner"), (other, "member"), (alice, "member")):
        with pytest.raises(ForbiddenError, match="make or change admins and owners"):
            await service.change_role(runtime, grace, user_id=target.user_id, role=role)
    for target in (other, alice):
        with pytest.raises(ForbiddenError):
            await service.remove_person(runtime, grace, user_id=target.user_id)
    await service.remove_person(runtime, grace, user_id=bob.user_id)
    with pytest.raises(ForbiddenError):
        await service.remove_person(runtime, bob, user_id=grace.user_id)


async def test_nobody_and_no_role_are_told_as_such(runtime: Runtime, people: People) -> None:
    alice = people.alice.actor
    with pytest.raises(NotFoundError, match="no such person"):
        await service.change_role(runtime, alice, user_id=new_id(), role="admin")
    with pytest.raises(NotFoundError, match="no such person"):
        await service.remove_person(runtime, alice, user_id=new_id())
    with pytest.raises(InvalidInputError):
        await service.change_role(runtime, alice, user_id=people.bob.actor.user_id, role="king")


async def test_somebody_leaves_with_everything_even_while_their_work_goes_on(
    runtime: Runtime, people: People
) -> None:
    bob = people.bob.actor
    bench = await make_bench(runtime, bob)
    run = await bench.run_of(await bench.say())
    await bench.deliver(run)
    await bench.start(run)
    grant = await accounts.start_session(runtime, bob)
    outbox = f"outbox:{bench.node.id}"
    with runtime.bus.listening(outbox, access.access_topic(bob.user_id)) as sockets:
        await service.remove_person(runtime, people.alice.actor, user_id=bob.user_id)
        assert set(sockets.take()) == {outbox, access.access_topic(bob.user_id)}
    async with runtime.store.read() as db:
        assert await db.get(Node, bench.node.id) is None
        assert await db.get(Environment, bench.environment.id) is None
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_session(runtime, grant.value)
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_token(runtime, people.bob.token)
    (first,) = await deeds(runtime, "user.signed_out")
    assert (first.target_name, first.actor_name) == ("Bob", "Alice")
    (deed,) = await deeds(runtime, "user.removed")
    assert deed.target_name == "Bob"
    assert deed.facts["environments"] == deed.facts["nodes"] == 1
