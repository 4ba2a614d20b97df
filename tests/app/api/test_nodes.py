"""Routes of nodes: yours, and nobody else's."""

import uuid
from dataclasses import replace

import httpx2
import pytest

from openviber_app.api import nodes
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Node
from tests.support.audited import deeds
from tests.support.board import People, api_client
from tests.support.mapped import claimed_node, map_environment


async def test_a_token_comes_with_the_two_commands(runtime: Runtime, people: People) -> None:
    async with api_client(runtime, nodes.router, person=people.alice) as client:
        answer = await client.post("/api/nodes/tokens", json={"name": "studio-01"})
        assert answer.status_code == 201
        made = answer.json()
        assert made["token"].startswith("ov_node_")
        onboard = f"openviber onboard --token {made['token']} --board http://board.test"
        assert made["commands"]["onboard"] == onboard + " --allow-insecure"
        assert made["token"] in made["commands"]["install"]
        assert "http://board.test/api/daemon/install.py" in made["commands"]["install"]
        assert (made["address"], made["encrypted"]) == ("http://board.test", False)
        assert "not encrypted" in made["warning"]


async def test_nodes_of_others_look_like_no_nodes(runtime: Runtime, people: People) -> None:
    theirs = await claimed_node(runtime, people.bob)
    async with api_client(runtime, nodes.router, person=people.alice) as client:
        assert (await client.get("/api/nodes")).json() == {"nodes": []}
        for node_id in (theirs.id, uuid.uuid4()):
            for answer in (
                await client.get(f"/api/nodes/{node_id}"),
                await client.patch(f"/api/nodes/{node_id}", json={"name": "mine"}),
                await client.delete(f"/api/nodes/{node_id}"),
            ):
                assert answer.status_code == 404
                assert answer.json()["detail"] == "no such node"
        still = await client.get(f"/api/nodes/{theirs.id}", headers=people.bob.headers)
        assert still.json()["name"] == "studio-01"


async def test_a_node_is_renamed_and_removed(runtime: Runtime, people: People) -> None:
    node = await claimed_node(runtime, people.alice)
    async with api_client(runtime, nodes.router, person=people.alice) as client:
        renamed = await client.patch(f"/api/nodes/{node.id}", json={"name": "attic"})
        assert (renamed.status_code, renamed.json()["name"]) == (200, "attic")
        bad = await client.patch(f"/api/nodes/{node.id}", json={"name": ""})
        assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/name")
        assert (await client.delete(f"/api/nodes/{node.id}")).status_code == 204
        assert (await client.get(f"/api/nodes/{node.id}")).status_code == 404


async def test_making_one_time_tokens_is_limited_for_each_person(
    runtime: Runtime, people: People
) -> None:
    async with api_client(runtime, nodes.router, person=people.alice) as client:

        async def made(name: str, **headers: str) -> httpx2.Response:
            return await client.post("/api/nodes/tokens", json={"name": name}, headers=headers)

        first = await made("attic")
        again = f"/api/nodes/{first.json()['nodeId']}/tokens"
        answers = [first, *[await client.post(again) for _ in range(9)]]
        left = nodes.ONE_TIME_TOKENS_LIMIT - len(answers)
        answers += [await made(f"cellar-{n}") for n in range(left)]
        assert {answer.status_code for answer in answers} == {201}
        refused = [await made("one too many"), await client.post(again)]
        assert [answer.status_code for answer in refused] == [429, 429]
        assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
        listed = (await client.get("/api/nodes")).json()["nodes"]
        assert len(listed) == 1 + left  # what was refused made no node
        assert (await made("mine", **people.bob.headers)).status_code == 201


async def test_another_command_ends_the_one_before(runtime: Runtime, people: People) -> None:
    async with api_client(runtime, nodes.router, person=people.alice) as client:
        first = (await client.post("/api/nodes/tokens", json={"name": "attic"})).json()
        path = f"/api/nodes/{first['nodeId']}"
        second = await client.post(f"{path}/tokens")
        assert second.status_code == 201
        assert second.json()["token"] != first["token"]
        assert (await client.get(path)).json()["tokenExpiresAt"] == second.json()["expiresAt"]
        foreign = await client.post(f"{path}/tokens", headers=people.bob.headers)
        assert foreign.status_code == 404
        claimed = await claimed_node(runtime, people.alice)
        refused = await client.post(f"/api/nodes/{claimed.id}/tokens")
        assert refused.status_code == 409
        assert "studio-01 was set up already" in refused.json()["detail"]
        assert (await client.get(f"/api/nodes/{claimed.id}")).json()["tokenExpiresAt"] is None


@pytest.mark.parametrize("body", [{}, {"name": 3}, {"name": "a", "nodeId": "b"}, []])
async def test_a_body_that_is_none_is_refused(
    runtime: Runtime, people: People, body: object
) -> None:
    async with api_client(runtime, nodes.router, person=people.alice) as client:
        assert (await client.post("/api/nodes/tokens", json=body)).status_code == 422
        assert (await client.get("/api/nodes")).json() == {"nodes": []}


async def test_a_configuration_is_for_its_own_node_only(runtime: Runtime, people: People) -> None:
    ours = await map_environment(runtime, people.alice)
    theirs = await map_environment(runtime, people.bob)
    async with api_client(runtime, nodes.router) as client:
        path = f"/api/nodes/{ours.node.id}/config"
        own = {"Authorization": "Bearer ov_node_studio-01_Alice"}
        answer = await client.get(path, headers=own)
        assert answer.status_code == 200
        config = answer.json()["config"]
        assert [b["id"] for b in config["bindings"]] == [str(ours.binding.id)]
        assert str(theirs.binding.id) not in answer.text
        assert answer.headers["etag"] == f'"{config["version"]}"'
        same = await client.get(path, headers=own | {"If-None-Match": answer.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")
        other = await client.get(path, headers=own | {"If-None-Match": '"old"'})
        assert other.status_code == 200
        foreign = {"Authorization": "Bearer ov_node_studio-01_Bob"}
        assert (await client.get(path, headers=foreign)).status_code == 404
        assert (await client.get(path)).status_code == 401
        assert (await client.get(path, headers=people.alice.headers)).status_code == 401


async def test_without_a_session_there_is_nothing_to_see(runtime: Runtime) -> None:
    async with api_client(runtime, nodes.router) as client:
        assert (await client.get("/api/nodes")).status_code == 401
        assert (await client.post("/api/nodes/tokens", json={"name": "x"})).status_code == 401


async def test_a_self_test_needs_a_connected_node_of_ones_own(
    runtime: Runtime, people: People
) -> None:
    node = await claimed_node(runtime, people.alice)
    async with api_client(runtime, nodes.router, person=people.alice) as client:
        path = f"/api/nodes/{node.id}/self-test"
        assert (await client.post(path)).status_code == 409
        assert (await client.post(path, headers=people.bob.headers)).status_code == 404
        async with runtime.store.write() as db:
            row = await db.get_one(Node, node.id)
            row.is_connected, row.capabilities = True, {"features": ["redaction-test"]}
            row.self_test = {"tried": 44, "masked": 43, "missed": ["hex"]}
        answer = await client.post(path)
        assert answer.status_code == 202
        told = answer.json()["selfTest"]
        assert (told["tried"], told["masked"], told["missed"]) == (44, 43, ["hex"])


async def test_behind_a_trusted_proxy_a_deed_is_the_visitors(
    runtime: Runtime, people: People
) -> None:
    node = await claimed_node(runtime, people.alice)
    settings = replace(runtime.settings, trusted_proxies=("127.0.0.1",))
    behind = replace(runtime, settings=settings)
    seen = {"X-Forwarded-For": "203.0.113.5"}
    async with api_client(behind, nodes.router, person=people.alice) as client:
        for deed in ("drain", "resume", "rotate-key", "revoke"):
            answer = await client.post(f"/api/nodes/{node.id}/{deed}", headers=seen)
            assert answer.status_code == 200
    done = ["node.drained", "node.resumed", "node.rotation_asked", "node.revoked"]
    for action in done:
        (deed,) = await deeds(runtime, action)
        assert deed.client == "203.0.113.5"
