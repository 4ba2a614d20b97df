"""A35: a one-time token is used twice, guessed, kept too long, or read where it should not be."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from openviber_app.api import nodes
from openviber_app.hub import onboarding
from openviber_app.services.runtime import Runtime
from tests.support import board as boards
from tests.support.board import StillClock, api_client
from tests.support.board_process import BoardProcess
from tests.support.node_keys import Keys, onboard_body
from tests.support.rest import RefusedError, Rest

pytestmark = [pytest.mark.timeout(240)]


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def runtime(tmp_path: Path, clock: StillClock) -> AsyncIterator[Runtime]:
    async with boards.runtime(tmp_path, clock=clock) as built:
        yield built


@pytest.fixture
async def client(runtime: Runtime) -> AsyncIterator[httpx2.AsyncClient]:
    people = await boards.two_users(runtime)
    async with api_client(runtime, nodes.router, onboarding.router, person=people.alice) as opened:
        yield opened


async def new_token(client: httpx2.AsyncClient, name: str = "attic") -> str:
    made = await client.post("/api/nodes/tokens", json={"name": name})
    return str(made.json()["token"])


async def claim(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post("/api/nodes/onboard", json=onboard_body(Keys(), token))


async def test_it_works_once(client: httpx2.AsyncClient) -> None:
    token = await new_token(client)
    assert (await claim(client, token)).status_code == 201
    again = await claim(client, token)
    assert again.status_code == 403
    assert token not in again.text


async def test_it_ends_by_itself(client: httpx2.AsyncClient, clock: StillClock) -> None:
    token = await new_token(client)
    clock.move(timedelta(minutes=15, seconds=1))
    assert (await claim(client, token)).status_code == 403


async def test_guessing_ends_long_before_it_finds_one(client: httpx2.AsyncClient) -> None:
    token = await new_token(client)
    seen = [(await claim(client, f"{token[:-4]}{n:04d}")).status_code for n in range(30)]
    assert set(seen) == {403, 429}
    assert seen[0] == 403
    assert seen.count(403) <= 10
    assert (await claim(client, token)).status_code == 429  # not even with the right one


async def test_unknown_used_and_expired_are_told_apart_nowhere(
    client: httpx2.AsyncClient, clock: StillClock
) -> None:
    used, old = await new_token(client), await new_token(client, "cellar")
    assert (await claim(client, used)).status_code == 201
    said = [await claim(client, used), await claim(client, "ov_onboard_" + "x" * 43)]
    clock.move(timedelta(minutes=16))
    said.append(await claim(client, old))
    assert len({(one.status_code, one.content) for one in said}) == 1


@pytest.mark.e2e
def test_it_is_in_no_address_and_no_log(board: BoardProcess, rest: Rest) -> None:
    made: dict[str, Any] = rest.post("/api/nodes/tokens", {"name": "attic"})
    token = made["token"]
    for command in made["commands"].values():
        for word in command.split():
            assert not ("http" in word and token in word), word
    with pytest.raises(RefusedError) as refused:
        rest.post(f"/api/nodes/onboard?token={token}", {})
    assert refused.value.status == 422
    assert token not in board.log.read_text(errors="replace")
