import pytest

from openviber_app.domain.errors import NotFoundError, NotSignedInError
from openviber_app.domain.ids import new_id
from openviber_app.services import accounts, sessions
from openviber_app.services.runtime import Runtime
from openviber_app.vault.tokens import hash_token
from tests.support.board import People

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


async def test_a_person_sees_where_they_are_signed_in(runtime: Runtime, people: People) -> None:
    alice = people.alice.actor
    here = await accounts.start_session(runtime, alice, user_agent=FIREFOX)
    await accounts.start_session(runtime, people.bob.actor)
    (view,) = await sessions.list_sessions(runtime, alice, cookie=here.value)
    assert (view.device, view.is_current) == ("Firefox on Linux", True)
    assert hash_token(here.value)[:12] not in view.id.hex
    (seen_by_a_program,) = await sessions.list_sessions(runtime, alice, cookie="")
    assert not seen_by_a_program.is_current


async def test_a_revoked_browser_is_signed_out_and_no_other(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    here = await accounts.start_session(runtime, alice)
    away = await accounts.start_session(runtime, alice)
    listed = await sessions.list_sessions(runtime, alice, cookie=here.value)
    (other,) = (view for view in listed if not view.is_current)
    with pytest.raises(NotFoundError):
        await sessions.revoke_session(runtime, people.bob.actor, session_id=other.id)
    with pytest.raises(NotFoundError):
        await sessions.revoke_session(runtime, alice, session_id=new_id())
    await sessions.revoke_session(runtime, alice, session_id=other.id)
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_session(runtime, away.value)
    assert await accounts.get_actor_by_session(runtime, here.value) == alice


async def test_everywhere_else_leaves_this_browser_and_other_people_alone(
    runtime: Runtime, people: People
) -> None:
    here = await accounts.start_session(runtime, people.alice.actor)
    away = await accounts.start_session(runtime, people.alice.actor)
    bobs = await accounts.start_session(runtime, people.bob.actor)
    await sessions.revoke_others(runtime, people.alice.actor, cookie=here.value)
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_session(runtime, away.value)
    for grant in (here, bobs):
        await accounts.get_actor_by_session(runtime, grant.value)
