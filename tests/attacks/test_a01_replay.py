"""A01: a sealed bundle is replayed for another command, binding, node, attempt or connection."""

import base64
import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from openviber_app.domain.ids import new_id
from openviber_protocol.canonical import bundle_info
from tests.support.node_keys import Keys
from tests.support.tampering import NONCE, VALUE, Victim

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


async def test_a_bundle_opens_in_its_own_place_and_in_no_other(victim: Victim) -> None:
    (frame,) = await victim.send()
    bundle: Any = frame.payload.bundle  # pyright: ignore[reportAttributeAccessIssue]
    ciphertext = base64.b64decode(bundle.ciphertext)
    place: dict[str, Any] = {
        "nonce": NONCE,
        "node_id": victim.mapped.node.id,
        "node_key_id": "k",
        "environment_id": victim.environment_id,
        "binding_id": victim.mapped.binding.id,
        "command_id": frame.command_id,
        "attempt": frame.attempt,
        "expires_at": bundle.expires_at,
    }
    opened = SUITE.decrypt(ciphertext, victim.keys.sealing, info=bundle_info(**place))
    assert json.loads(opened)["secrets"]["TOKEN"]["value"] == VALUE
    elsewhere: dict[str, Any] = {
        "nonce": "another",
        "node_id": new_id(),
        "node_key_id": "other",
        "environment_id": new_id(),
        "binding_id": new_id(),
        "command_id": new_id(),
        "attempt": victim.mapped.prepare.attempt + 1,
        "expires_at": bundle.expires_at + 1,
    }
    for name, other in elsewhere.items():
        with pytest.raises(InvalidTag):
            SUITE.decrypt(
                ciphertext, victim.keys.sealing, info=bundle_info(**{**place, name: other})
            )
    with pytest.raises(InvalidTag):
        SUITE.decrypt(ciphertext, Keys().sealing, info=bundle_info(**place))
