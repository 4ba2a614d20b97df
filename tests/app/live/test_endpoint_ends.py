"""Tests of `openviber_app.live.endpoint`: a socket ends with the session or token it came with."""

import asyncio

import pytest
import websockets

from openviber_app.domain.scopes import Scope
from openviber_app.live import endpoint
from openviber_app.services import accounts, api_tokens, sessions, visitors
from openviber_app.services import people as service
from openviber_app.services.runtime import Runtime
from openviber_app.store import users
from openviber_app.vault.tokens import hash_token
from tests.support.board import People
from tests.support.live_client import PATIENCE, LiveClient, board_on_a_port, live_client


async def _closed_with(client: LiveClient) -> int:
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(websockets.ConnectionClosed):
            await _receive_for_ever(client)
    assert client.socket.close_code is not None
    return client.socket.close_code


async def _receive_for_ever(client: LiveClient) -> None:
    while True:
        await client.socket.recv()


async def test_signing_out_ends_the_watching(runtime: Runtime, people: People) -> None:
    """At once: the pause between two checks is far longer than this test may last."""
    grant = await accounts.start_session(runtime, people.alice.actor)
    cookie = {"Cookie": f"{visitors.COOKIE}={grant.value}"}
    async with board_on_a_port() as board, live_client(board, cookie) as client:
        await client.follow("user")
        await client.until(lambda c: c.events("user"))
        await accounts.end_session(runtime, grant.value)
        assert await _closed_with(client) == 4401


async def test_whatever_ends_a_session_or_a_token_ends_its_watching_and_no_others(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    view, value = await api_tokens.create_token(runtime, bob, name="look", scopes=[Scope.READ])

    async def by_session() -> dict[str, str]:
        grant = await accounts.start_session(runtime, bob)
        return {"Cookie": f"{visitors.COOKIE}={grant.value}"}

    async def revoke_token() -> None:
        await api_tokens.revoke_token(runtime, bob, token_id=view.id)

    async def revoke_session() -> None:
        await sessions.revoke_others(runtime, bob, cookie="")

    async def change_role() -> None:
        await service.change_role(runtime, alice, user_id=bob.user_id, role="admin")

    async def remove() -> None:
        await service.remove_person(runtime, alice, user_id=bob.user_id)

    async with board_on_a_port() as board, live_client(board, people.alice.headers) as other:
        for ends in (revoke_token, revoke_session, change_role, remove):
            shown = (
                {"Authorization": f"Bearer {value}"} if ends is revoke_token else await by_session()
            )
            async with live_client(board, shown) as client:
                await client.follow("user")
                await client.until(lambda c: c.events("user"))
                await ends()
                assert await _closed_with(client) == 4401, ends
        await other.follow("user")
        await other.until(lambda c: c.events("user"))


async def test_what_nobody_announced_is_noticed_a_little_later(
    runtime: Runtime, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "RECHECK_SECONDS", 0.02)
    grant = await accounts.start_session(runtime, people.alice.actor)
    cookie = {"Cookie": f"{visitors.COOKIE}={grant.value}"}
    async with board_on_a_port() as board, live_client(board, cookie) as client:
        await client.follow("user")
        await client.until(lambda c: c.events("user"))
        async with runtime.store.write() as db:  # as its end of 30 days, or another process
            await users.delete_session(db, hash_token(grant.value))
        assert await _closed_with(client) == 4401


async def test_a_token_needs_the_scope_to_read(runtime: Runtime, people: People) -> None:
    bob = people.bob.actor
    _, blind = await api_tokens.create_token(runtime, bob, name="x", scopes=[Scope.RUN])
    _, seeing = await api_tokens.create_token(runtime, bob, name="y", scopes=[Scope.READ])
    async with board_on_a_port() as board:
        async with live_client(board, {"Authorization": f"Bearer {blind}"}) as client:
            assert await _closed_with(client) == 4403
        async with live_client(board, {"Authorization": f"Bearer {seeing}"}) as client:
            await client.follow("user")
            await client.until(lambda c: c.events("user"))
