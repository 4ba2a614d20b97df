from datetime import UTC, datetime, timedelta

import pytest

from openviber_app.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    NotSignedInError,
)
from openviber_app.domain.ids import new_id
from openviber_app.domain.scopes import Scope
from openviber_app.services import accounts, api_tokens
from openviber_app.services.people import change_role
from openviber_app.services.runtime import Runtime
from openviber_app.store.people_tables import ApiToken
from openviber_app.vault.tokens import hash_token
from tests.support.audited import deeds
from tests.support.board import People


async def test_a_token_signs_in_its_person(runtime: Runtime, people: People) -> None:
    view, value = await api_tokens.create_token(runtime, people.bob.actor, name=" laptop ")
    assert value.startswith("ov_")
    assert view.name == "laptop"
    assert await accounts.get_actor_by_token(runtime, value) == people.bob.actor
    assert await accounts.get_actor_by_token(runtime, people.alice.token) == people.alice.actor


async def test_only_its_hash_is_stored(runtime: Runtime, people: People) -> None:
    view, value = await api_tokens.create_token(runtime, people.bob.actor, name="laptop")
    async with runtime.store.read() as db:
        row = await db.get_one(ApiToken, view.id)
    assert row.token_hash == hash_token(value)
    assert value not in repr(row)


async def test_a_revoked_token_is_worth_nothing(runtime: Runtime, people: People) -> None:
    view, value = await api_tokens.create_token(runtime, people.bob.actor, name="laptop")
    await api_tokens.revoke_token(runtime, people.bob.actor, token_id=view.id)
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_token(runtime, value)


async def test_another_persons_token_answers_like_a_missing_one(
    runtime: Runtime, people: People
) -> None:
    view, value = await api_tokens.create_token(runtime, people.bob.actor, name="laptop")
    for token_id in (view.id, new_id()):
        with pytest.raises(NotFoundError, match="no such token"):
            await api_tokens.revoke_token(runtime, people.alice.actor, token_id=token_id)
    assert await accounts.get_actor_by_token(runtime, value)
    listed = await api_tokens.list_tokens(runtime, people.alice.actor)
    assert view.id not in {token.id for token in listed}


async def test_a_token_needs_a_name_and_a_time_to_come(runtime: Runtime, people: People) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(InvalidInputError) as caught:
        await api_tokens.create_token(runtime, people.bob.actor, name=" ", expires_at=past)
    assert [problem.pointer for problem in caught.value.problems] == ["/name", "/expiresAt"]
    with pytest.raises(InvalidInputError, match="zone"):
        await api_tokens.create_token(
            runtime, people.bob.actor, name="x", expires_at=past.replace(tzinfo=None)
        )


async def test_a_person_has_at_most_a_hundred(runtime: Runtime, people: People) -> None:
    have = len(await api_tokens.list_tokens(runtime, people.bob.actor))
    for n in range(api_tokens.TOKENS_MAX - have):
        await api_tokens.create_token(runtime, people.bob.actor, name=f"n{n}")
    with pytest.raises(ConflictError, match="revoke one"):
        await api_tokens.create_token(runtime, people.bob.actor, name="one more")


async def test_a_token_has_the_scopes_it_was_given_and_loses_what_its_persons_role_does(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    usual, _ = await api_tokens.create_token(runtime, bob, name="usual")
    assert usual.scopes == ("read", "run", "write")
    _, value = await api_tokens.create_token(runtime, alice, name="all", scopes=set(Scope))
    assert (await accounts.get_actor_by_token(runtime, value)).scopes == set(Scope)
    await change_role(runtime, alice, user_id=bob.user_id, role="owner")
    await change_role(runtime, alice, user_id=alice.user_id, role="member")
    assert (await accounts.get_actor_by_token(runtime, value)).scopes == set(Scope) - {"admin"}


async def test_a_token_makes_none_that_may_more_or_lasts_longer(
    runtime: Runtime, people: People
) -> None:
    bob, now = people.bob.actor, runtime.clock.now()
    with pytest.raises(ForbiddenError, match="only owners and admins give the scope admin"):
        await api_tokens.create_token(runtime, bob, name="x", scopes=[Scope.ADMIN])
    with pytest.raises(InvalidInputError, match="can do nothing"):
        await api_tokens.create_token(runtime, bob, name="x", scopes=[])
    end = now + timedelta(days=1)
    _, value = await api_tokens.create_token(
        runtime, bob, name="ci", scopes=[Scope.WRITE], expires_at=end
    )
    program = await accounts.get_actor_by_token(runtime, value)
    for scopes in ([Scope.READ], [Scope.READ, Scope.WRITE]):
        with pytest.raises(ForbiddenError, match="no scope read itself"):
            await api_tokens.create_token(runtime, program, name="x", scopes=scopes, expires_at=end)
    for later in (None, end + timedelta(seconds=1)):
        with pytest.raises(InvalidInputError, match="lasts longer than itself"):
            await api_tokens.create_token(runtime, program, name="x", expires_at=later)
    view, _ = await api_tokens.create_token(runtime, program, name="child", expires_at=end)
    assert view.scopes == ("write",)


async def test_tokens_are_written_down_without_their_value(
    runtime: Runtime, people: People
) -> None:
    view, value = await api_tokens.create_token(runtime, people.bob.actor, name="laptop")
    await api_tokens.revoke_token(runtime, people.bob.actor, token_id=view.id)
    revoked, created = await deeds(runtime, "token.")
    assert (created.action, revoked.action) == ("token.created", "token.revoked")
    assert created.facts["scopes"] == ["read", "run", "write"]
    assert value not in repr((created, revoked))
    assert hash_token(value) not in repr((created, revoked))
