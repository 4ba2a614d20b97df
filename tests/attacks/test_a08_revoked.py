"""A08: a stolen token, after its node was revoked."""

from uuid import UUID

import httpx2
import pytest
from sqlmodel import select

from openviber_app.domain.errors import RevokedNodeError
from openviber_app.hub.sealing import Recipient, new_nonce, seal_for
from openviber_app.services import secrets
from openviber_app.store import commands
from openviber_app.store.tables import Command, Node
from tests.app.hub.conftest import Served

SECRET = {"key": "API_KEY", "value": "canary-a08"}


async def _config(served: Served) -> httpx2.Response:
    return await served.client.get(
        f"/api/nodes/{served.node.node_id}/config",
        headers={"Authorization": f"Bearer {served.node.auth_token}"},
    )


async def test_a_connected_thief_is_cut_off_and_his_token_opens_nothing_any_more(
    served: Served,
) -> None:
    node = served.node
    environment = await served.environment(secrets=[SECRET])
    mapped = await served.map(environment["id"])
    assert (await _config(served)).status_code == 200
    async with node.connected() as session:
        command = await served.command()
        assert node.open_bundle(command, session.peer.nonce)["secrets"]
        revoked = await served.post(f"/api/nodes/{node.node_id}/revoke", status=200)
        assert revoked["node"]["link"] == "revoked"
        assert await session.closed() == 4403
        assert "was revoked" in session.close_reason
    for _ in range(2):
        async with node.dialled() as session:
            assert await session.closed() == 4403
            assert session.challenge is None  # it is not even asked who it is
    answer = await _config(served)
    assert answer.status_code == 401
    assert "was revoked" in answer.json()["detail"]
    await served.becomes(f"/api/nodes/{node.node_id}", link="revoked")
    found = await served.get(f"/api/prepares/{mapped['prepare']['id']}")
    assert found["status"] in {"lost", "cancelled"}
    assert "was revoked" in found["message"]


async def test_no_bundle_is_sealed_for_a_revoked_node_whoever_asks(served: Served) -> None:
    environment = await served.environment(secrets=[SECRET])
    mapped = await served.map(environment["id"])
    await served.post(f"/api/nodes/{served.node.node_id}/revoke", status=200)
    runtime = served.runtime
    async with runtime.store.read() as db:
        opened = await secrets.open_for_node(runtime, db, UUID(environment["id"]))
    async with runtime.store.write() as db:
        node = await db.get_one(Node, served.node.node_id)
        waiting = await commands.list_undelivered(db, node_id=node.id)
        assert waiting == []  # what was asked of it is withdrawn
        prepare = await served.get(f"/api/prepares/{mapped['prepare']['id']}")
        assert prepare["status"] == "cancelled"
        query = select(Command).where(Command.node_id == node.id)
        row = (await db.execute(query)).scalars().first()
        assert row is not None
        to = Recipient(new_nonce(b"n" * 32), node)
        with pytest.raises(RevokedNodeError):
            await seal_for(runtime, db, row, to=to, opened=opened, now=runtime.clock.now())


async def test_a_revoked_node_cannot_give_itself_new_keys(served: Served) -> None:
    await served.post(f"/api/nodes/{served.node.node_id}/revoke", status=200)
    answer = await served.client.post(
        f"/api/nodes/{served.node.node_id}/keys",
        json=dict.fromkeys(
            ("signingKey", "sealingKey", "tokenHash", "signature", "proof"), "0" * 64
        ),
        headers={"Authorization": f"Bearer {served.node.auth_token}"},
    )
    assert answer.status_code == 401
