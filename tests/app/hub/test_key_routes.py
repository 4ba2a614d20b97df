"""Keys change while a node is connected: its own, and the board's."""

import base64
import hashlib
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from openviber_app.services.accounts import start_session
from openviber_app.services.visitors import COOKIE
from openviber_daemon.pinning import follow
from openviber_protocol.canonical import hub_key_signed, key_id, rotate_signed
from openviber_protocol.frames import EnvironmentPrepare, KeysRotate
from tests.app.hub.conftest import Served
from tests.support.board import add_person
from tests.support.fake_node import FakeNode, until
from tests.support.node_keys import Keys

NEW_TOKEN = "ov_node_chosen-by-the-node"
SECRET = {"key": "API_KEY", "value": "canary-of-the-bundle"}


def offer(node: FakeNode, keys: Keys, *, signer: Keys | None = None, **changes: Any) -> Any:
    """Make the body with which a node offers its new keys."""
    signing = base64.b64encode(keys.public_signing).decode()
    sealing = base64.b64encode(keys.public_sealing).decode()
    token_hash = hashlib.sha256(NEW_TOKEN.encode()).hexdigest()
    signed = rotate_signed(
        node_id=node.node_id,
        old_key_id=key_id(node.keys.public_signing),
        signing_key=signing,
        sealing_key=sealing,
        token_hash=token_hash,
    )
    old = (signer or node.keys).signing.sign(signed)
    return {
        "signingKey": signing,
        "sealingKey": sealing,
        "tokenHash": token_hash,
        "signature": base64.b64encode(old).decode(),
        "proof": base64.b64encode(keys.signing.sign(signed)).decode(),
    } | changes


async def send(served: Served, body: Any, *, token: str = "") -> httpx2.Response:
    return await served.client.post(
        f"/api/nodes/{served.node.node_id}/keys",
        json=body,
        headers={"Authorization": f"Bearer {token or served.node.auth_token}"},
    )


async def test_old_keys_that_waited_with_their_hello_take_nobodys_place(served: Served) -> None:
    node, new = served.node, Keys()
    thief = replace(node, commands=[], replies={})  # from a copy of the home
    kept: list[str] = []

    def keep(frames: list[str]) -> list[str]:
        kept.extend(frames)
        return []

    async with thief.dialled(wire=keep) as late:
        await until(lambda: kept, what="a signed hello, which is kept back")
        assert (await send(served, offer(node, new))).status_code == 200
        renewed = replace(node, keys=new, auth_token=NEW_TOKEN, commands=[], replies={})
        async with renewed.connected() as session:
            await late.socket.send(kept[0])
            assert await late.closed() == 4401
            environment = await served.environment()
            await served.map(environment["id"])
            await until(lambda: renewed.commands, what="the command for the new keys")
            assert session.close_code is None
    assert thief.commands == []


async def test_a_nodes_new_keys_replace_the_old_ones_and_what_was_on_its_way_is_sealed_anew(
    served: Served,
) -> None:
    old, new = served.node, Keys()
    environment = await served.environment(secrets=[SECRET])
    mapped = await served.map(environment["id"])
    mute = replace(old, commands=[], replies={})
    async with mute.connected() as session:
        session.peer.reply = lambda *_, **__: None
        await until(lambda: mute.commands, what="the prepare, sealed to the old key")
        await served.post(f"/api/nodes/{old.node_id}/rotate-key", status=200)
        await until(lambda: len(mute.commands) > 1, what="the wish for new keys")
        assert isinstance(mute.commands[1], KeysRotate)
        shown = await served.get(f"/api/nodes/{old.node_id}")
        assert shown["rotation"] == "studio-01 was asked to make new keys"
        body = offer(old, new)
        answer = await send(served, body)
        assert answer.status_code == 200, answer.text
        assert await session.closed() == 4401
        assert "keys were changed" in session.close_reason
    assert (await send(served, body)).status_code == 401  # the old token is worth nothing
    async with old.dialled() as session:
        assert await session.closed() == 4401
    assert (await send(served, body, token=NEW_TOKEN)).status_code == 403  # nor is that signature

    renewed = replace(old, keys=new, auth_token=NEW_TOKEN, commands=[], replies={})
    async with renewed.connected() as session:
        await until(lambda: renewed.commands, what="the prepare again")
        (command,) = renewed.commands
        assert isinstance(command, EnvironmentPrepare)
        assert str(command.payload.prepare_id) == mapped["prepare"]["id"]
        opened = renewed.open_bundle(command, session.peer.nonce)
        assert opened["secrets"]["API_KEY"]["value"] == SECRET["value"]
    shown = await served.get(f"/api/nodes/{old.node_id}")
    assert shown["signingKeyId"] == key_id(new.public_signing)
    assert shown["rotation"] == ""
    assert shown["keysSince"] > shown["claimedAt"]


@pytest.mark.parametrize(
    ("changes", "signer", "status", "words"),
    [
        ({}, Keys(), 403, "not signed with the node's present key"),
        ({"proof": base64.b64encode(b"x" * 64).decode()}, None, 422, "/proof"),
        ({"sealingKey": "AAAA"}, None, 403, "not signed"),
        ({"tokenHash": "0" * 64}, None, 403, "not signed"),
        ({"tokenHash": "short"}, None, 422, "/tokenHash"),
    ],
)
async def test_keys_that_the_node_did_not_sign_for_are_not_taken(
    served: Served, changes: Any, signer: Keys | None, status: int, words: str
) -> None:
    answer = await send(served, offer(served.node, Keys(), signer=signer, **changes))
    assert answer.status_code == status
    assert words in answer.text
    async with served.node.connected():
        await served.node_becomes("connected")


async def test_a_node_that_cannot_change_its_keys_says_why_on_the_page(served: Served) -> None:
    node = served.node
    shown = await served.post(f"/api/nodes/{node.node_id}/rotate-key", status=200)
    assert "when it connects" in shown["rotation"]
    again = await served.post(f"/api/nodes/{node.node_id}/rotate-key", status=200)
    assert again["rotation"] == shown["rotation"]
    async with node.dialled() as session:
        real = session.peer.reply

        def refuse(command_id: Any, attempt: int, **_: Any) -> None:
            real(command_id, attempt, accepted=False, message="its disk is full")

        session.peer.reply = refuse
        await served.becomes(
            f"/api/nodes/{node.node_id}", rotation="studio-01 kept its keys: its disk is full"
        )
    assert len(node.commands) == 1


def follower(node: FakeNode, *, has_key: bool, is_connected: bool = False) -> dict[str, Any]:
    return {
        "id": str(node.node_id),
        "name": "studio-01",
        "isConnected": is_connected,
        "hasKey": has_key,
    }


async def test_the_boards_new_key_reaches_a_connected_node_and_one_that_was_away(
    served: Served,
) -> None:
    node = served.node
    pinned = base64.b64encode(node.hub_key).decode()
    async with node.connected() as session:
        rotated = await served.post("/api/keys/signing/rotate", status=200)
        assert await session.closed() == 1012
        assert "new signing key" in session.close_reason
    await served.becomes("/api/keys/signing", nodes=[follower(node, has_key=False)])
    await served.post("/api/keys/signing/rotate", status=200)
    async with node.dialled() as session:  # it did not follow
        assert await session.closed() == 4401
        assert session.challenge is not None
        links = session.challenge.challenge.payload.keys or ()
    present = follow(pinned, links)
    assert len(links) == 2
    assert rotated["keyId"] == key_id(base64.b64decode(links[0].new_key))
    assert rotated["earlierKeyIds"] == [key_id(node.hub_key)]
    node.hub_key = base64.b64decode(present)
    environment = await served.environment(secrets=[SECRET])
    await served.map(environment["id"])
    async with node.connected() as session:
        command = await served.command()
        assert node.open_bundle(command, session.peer.nonce)["secrets"]
        shown = await served.get("/api/keys/signing")
        assert shown["nodes"] == [follower(node, has_key=True, is_connected=True)]
    assert shown["keyId"] == key_id(node.hub_key)
    await served.becomes("/api/keys/signing", nodes=[follower(node, has_key=True)])
    assert hub_key_signed(old_key="a", new_key="b") != hub_key_signed(old_key="ab", new_key="")


async def test_only_an_owner_changes_the_boards_key(served: Served) -> None:
    bob = served.people.bob.headers
    answer = await served.client.post("/api/keys/signing/rotate", headers=bob)
    assert answer.status_code == 403
    assert (await served.client.post("/api/keys/signing/rotate")).status_code == 401
    assert (await served.client.get("/api/keys/signing", headers=bob)).status_code == 403
    carol = (await add_person(served.runtime, name="Carol", role="admin")).headers
    assert (await served.client.get("/api/keys/signing", headers=carol)).status_code == 200
    answer = await served.client.post("/api/keys/signing/rotate", headers=carol)
    assert answer.status_code == 403
    assert (await served.client.get("/api/keys/signing")).status_code == 401


async def test_a_members_browser_sees_which_key_signs_and_does_not_change_it(
    served: Served,
) -> None:
    """A member's token has no scope for either, so only a session shows that the role decides."""
    bob = await start_session(served.runtime, served.people.bob.actor)
    cookie = {"Cookie": f"{COOKIE}={bob.value}"}
    seen = await served.client.get("/api/keys/signing", headers=cookie)
    assert (seen.status_code, seen.json()["keyId"]) == (200, served.runtime.vault.hub_key_id)
    refused = await served.client.post("/api/keys/signing/rotate", headers=cookie)
    assert refused.status_code == 403
    assert "only an owner" in refused.json()["detail"]
    assert seen.json()["keyId"] == served.runtime.vault.hub_key_id
