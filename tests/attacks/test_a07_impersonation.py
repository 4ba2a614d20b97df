"""A07: a node's token is stolen, its keys are not."""

import base64
import hashlib
from dataclasses import replace

from openviber_protocol.canonical import key_id, rotate_signed
from tests.app.hub.conftest import Served
from tests.support.fake_node import until
from tests.support.node_keys import Keys

SECRET = {"key": "API_KEY", "value": "canary-a07"}


async def test_the_token_alone_opens_no_session_and_takes_nobodys_place(served: Served) -> None:
    thief = replace(served.node, keys=Keys(), commands=[], replies={})
    owner = served.node.keys
    environment = await served.environment(secrets=[SECRET])
    async with served.node.connected() as session:
        async with thief.dialled() as stolen:  # with keys of his own
            assert await stolen.closed() == 4401
        async with thief.dialled(
            signing_key_id=key_id(owner.public_signing),
            sealing_key_id=key_id(owner.public_sealing),
        ) as stolen:  # under the owner's names
            assert await stolen.closed() == 4401
            assert "not signed with the node's key" in stolen.close_reason
        await served.map(environment["id"])
        command = await served.command()  # the real one is still there, and gets its work
        assert served.node.open_bundle(command, session.peer.nonce)["secrets"]
        assert session.close_code is None
    assert thief.commands == []


async def test_a_signature_that_was_overheard_is_worth_nothing_on_another_connection(
    served: Served,
) -> None:
    overheard: list[bytes] = []
    node = served.node
    async with node.connected(boot_id="the same") as session:
        overheard.append(node.keys.signing.sign(session.peer.bytes_to_sign()))
    async with node.dialled(boot_id="the same") as session:  # only the board's nonce is another one
        session.sign = lambda _message: overheard[0]
        assert await session.closed() == 4401
        assert "not signed" in session.close_reason


async def test_the_token_alone_changes_no_keys(served: Served) -> None:
    node, new = served.node, Keys()
    signing = base64.b64encode(new.public_signing).decode()
    sealing = base64.b64encode(new.public_sealing).decode()
    token_hash = hashlib.sha256(b"ov_node_of-the-thief").hexdigest()
    signed = rotate_signed(
        node_id=node.node_id,
        old_key_id=key_id(node.keys.public_signing),
        signing_key=signing,
        sealing_key=sealing,
        token_hash=token_hash,
    )
    mine = base64.b64encode(new.signing.sign(signed)).decode()
    answer = await served.client.post(
        f"/api/nodes/{node.node_id}/keys",
        json={
            "signingKey": signing,
            "sealingKey": sealing,
            "tokenHash": token_hash,
            "signature": mine,
            "proof": mine,
        },
        headers={"Authorization": f"Bearer {node.auth_token}"},
    )
    assert answer.status_code == 403
    async with node.connected() as session:
        await until(lambda: session.welcome, what="the owner's welcome")
