"""F39: a value or the wrapping key is rotated between the opening and the sending of a bundle."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from openviber_app.hub.sealing import Recipient, SavedMeanwhileError, open_ahead, seal_for
from openviber_app.services import key_rotation
from openviber_app.services.runtime import Runtime
from openviber_app.store import commands
from openviber_app.store.tables import Node
from openviber_protocol.canonical import bundle_info
from tests.app.conftest import people, runtime
from tests.support.board import People
from tests.support.environments import secret
from tests.support.tampering import NONCE, Victim, make_victim

__all__ = ["people", "runtime"]
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


@pytest.fixture
async def victim(runtime: Runtime, people: People) -> Victim:
    both = (secret("ONE", "one-first"), secret("TWO", "two-first"))
    return await make_victim(runtime, people.alice, secrets=both)


def _values(victim: Victim, frame: Any) -> dict[str, str]:
    bundle = frame.payload.bundle
    info = bundle_info(
        nonce=NONCE,
        node_id=victim.mapped.node.id,
        node_key_id="k",
        environment_id=victim.environment_id,
        binding_id=victim.mapped.binding.id,
        command_id=frame.command_id,
        attempt=frame.attempt,
        expires_at=bundle.expires_at,
    )
    plain = SUITE.decrypt(base64.b64decode(bundle.ciphertext), victim.keys.sealing, info=info)
    return {key: one["value"] for key, one in json.loads(plain)["secrets"].items()}


async def test_f39_values_saved_after_the_opening_are_opened_again_never_mixed(
    victim: Victim, people: People
) -> None:
    command_id = victim.mapped.prepare.command_id
    opened = await open_ahead(victim.runtime, command_id)
    await victim.save(people.alice, secret("ONE", "one-second"))
    with pytest.raises(SavedMeanwhileError):  # noqa: PT012 - the door is part of it
        async with victim.runtime.store.write() as db:
            node = await db.get_one(Node, victim.mapped.node.id)
            command = await commands.find_command(db, command_id=command_id)
            assert command is not None
            to, now = Recipient(NONCE, node), victim.runtime.clock.now()
            await seal_for(victim.runtime, db, command, to=to, opened=opened, now=now)
    (frame,) = await victim.send()
    assert _values(victim, frame) == {"ONE": "one-second", "TWO": "two-first"}


async def test_f39_a_bundle_outlives_a_rotation_of_the_wrapping_key(victim: Victim) -> None:
    (before,) = await victim.send()
    await key_rotation.start(victim.runtime, actor=None)
    await key_rotation.advance(victim.runtime)
    await key_rotation.prune(victim.runtime)
    (after,) = await victim.send()
    wanted = {"ONE": "one-first", "TWO": "two-first"}
    assert _values(victim, before) == _values(victim, after) == wanted
