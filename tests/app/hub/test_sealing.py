"""Secrets are opened for a command that carries them, and for nothing else."""

import base64

import pytest

from openviber_app.domain.draft_values import SecretChange
from openviber_app.domain.secret import Secret
from openviber_app.hub.sealing import LIFE_SECONDS, Recipient, new_nonce, open_ahead, seal_for
from openviber_app.services.runtime import Runtime
from openviber_app.store import commands
from openviber_app.store.tables import Node
from openviber_app.vault.errors import UnsealError
from tests.support.board import People
from tests.support.mapped import map_environment
from tests.support.node_keys import Keys


async def _sealed(runtime: Runtime, people: People, *, secret: bool, key: str):
    changes = (SecretChange(key="TOKEN", value=Secret("hunter2-secret")),) if secret else ()
    mapped = await map_environment(runtime, people.alice, secrets=changes)
    now = runtime.clock.now()
    opened = await open_ahead(runtime, mapped.prepare.command_id)
    async with runtime.store.write() as db:
        node = await db.get_one(Node, mapped.node.id)
        node.sealing_key, node.sealing_key_id = key, "k"
        command = await commands.find_command(db, command_id=mapped.prepare.command_id)
        assert command is not None
        to = Recipient(new_nonce(b"n" * 32), node)
        sealed = await seal_for(runtime, db, command, to=to, opened=opened, now=now)
        return (sealed.bundle if sealed else None), now


async def test_a_bundle_is_good_for_ten_minutes(runtime: Runtime, people: People) -> None:
    key = base64.b64encode(Keys().public_sealing).decode()
    bundle, now = await _sealed(runtime, people, secret=True, key=key)
    assert bundle is not None
    assert bundle.expires_at == int(now.timestamp()) + LIFE_SECONDS == int(now.timestamp()) + 600
    assert "hunter2" not in repr(bundle)


async def test_without_secrets_there_is_no_bundle(runtime: Runtime, people: People) -> None:
    bundle, _ = await _sealed(runtime, people, secret=False, key="unused")
    assert bundle is None


async def test_a_node_without_a_key_gets_nothing(runtime: Runtime, people: People) -> None:
    with pytest.raises(UnsealError):
        await _sealed(runtime, people, secret=True, key="")
