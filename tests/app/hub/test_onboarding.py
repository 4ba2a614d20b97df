"""How a machine becomes a node."""

import asyncio
import base64
from datetime import timedelta

import pytest

from openviber_app.api import nodes
from openviber_app.hub import onboarding
from openviber_app.services.runtime import Runtime
from tests.support import board
from tests.support.audited import deeds
from tests.support.board import People, StillClock, api_client
from tests.support.node_keys import Keys, onboard_body


async def _token(client, people: People, name: str = "studio-01") -> str:
    made = await client.post("/api/nodes/tokens", json={"name": name}, headers=people.alice.headers)
    assert made.status_code == 201, made.text
    return made.json()["token"]


async def test_the_claimed_row_is_the_node_with_the_keys_it_made(
    runtime: Runtime, people: People
) -> None:
    async with api_client(runtime, nodes.router, onboarding.router) as client:
        token = await _token(client, people)
        answer = await client.post("/api/nodes/onboard", json=onboard_body(Keys(), token))
        assert answer.status_code == 201, answer.text
        said = answer.json()
        assert said["name"] == "studio-01"
        assert said["authToken"].startswith("ov_node_")
        assert said["hubKey"] == runtime.vault.hub_public_key
        assert said["hubUrl"] == "ws://board.test/hub"
        listed = (await client.get("/api/nodes", headers=people.alice.headers)).json()["nodes"]
        assert [(n["id"], n["link"]) for n in listed] == [(said["nodeId"], "unreachable")]
        foreign = (await client.get("/api/nodes", headers=people.bob.headers)).json()
        assert foreign == {"nodes": []}
    (deed,) = await deeds(runtime, "node.claimed")
    assert (str(deed.target_id), deed.client) == (said["nodeId"], "127.0.0.1")
    assert deed.facts == {"key_id": listed[0]["signingKeyId"]}


async def test_of_two_who_race_with_one_token_one_becomes_the_node(
    runtime: Runtime, people: People
) -> None:
    async with api_client(runtime, nodes.router, onboarding.router) as client:
        token = await _token(client, people)
        answers = await asyncio.gather(
            *(client.post("/api/nodes/onboard", json=onboard_body(Keys(), token)) for _ in range(5))
        )
        assert sorted(a.status_code for a in answers) == [201, 403, 403, 403, 403]


async def test_a_token_is_of_no_use_after_15_minutes(tmp_path) -> None:
    clock = StillClock()
    async with board.runtime(tmp_path, clock=clock) as runtime:
        people = await board.two_users(runtime)
        async with api_client(runtime, nodes.router, onboarding.router) as client:
            token = await _token(client, people)
            clock.move(timedelta(minutes=15, seconds=1))
            answer = await client.post("/api/nodes/onboard", json=onboard_body(Keys(), token))
            assert answer.status_code == 403
            assert "make a new one" in answer.json()["detail"]


async def test_keys_that_the_machine_does_not_hold_are_refused(
    runtime: Runtime, people: People
) -> None:
    async with api_client(runtime, nodes.router, onboarding.router) as client:
        token = await _token(client, people)
        keys = Keys()
        other = base64.b64encode(Keys().public_signing).decode()
        for changes, pointer in [
            ({"signingKey": other}, "/signature"),
            ({"signature": "AAAA"}, "/signature"),
            ({"sealingKey": "bm90IGEga2V5"}, "/sealingKey"),
        ]:
            body = onboard_body(keys, token, **changes)
            answer = await client.post("/api/nodes/onboard", json=body)
            assert answer.status_code == 422
            assert pointer in [e["pointer"] for e in answer.json()["errors"]]
        good = await client.post("/api/nodes/onboard", json=onboard_body(keys, token))
        assert good.status_code == 201  # the token was not spent by the refusals


@pytest.mark.parametrize("token", ["", "ov_node_guess", "x" * 600])
async def test_a_guessed_token_is_refused(runtime: Runtime, token: str) -> None:
    async with api_client(runtime, onboarding.router) as client:
        answer = await client.post("/api/nodes/onboard", json=onboard_body(Keys(), token))
        assert answer.status_code in {403, 422}


async def test_guessing_is_slowed_down(runtime: Runtime) -> None:
    async with api_client(runtime, onboarding.router) as client:
        codes = [
            (
                await client.post("/api/nodes/onboard", json=onboard_body(Keys(), f"ov_{n}"))
            ).status_code
            for n in range(12)
        ]
    assert codes[0] == 403
    assert codes[-1] == 429


async def test_an_unknown_field_is_named(runtime: Runtime) -> None:
    async with api_client(runtime, onboarding.router) as client:
        body = onboard_body(Keys(), "ov_node_x") | {"surprise": 1}
        answer = await client.post("/api/nodes/onboard", json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/surprise"
