"""A02: whoever knows a node's public key can seal to it; only the board can sign."""

import base64
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from openviber_daemon.config import load_config, save_config
from openviber_protocol.canonical import bundle_info, bundle_signed, key_id
from openviber_protocol.frames import ThreadSubmit
from tests.support.fake_hub import FakeHub, fake_hub
from tests.support.node_process import NodeProcess, make_node, submit

BOARD, THIEF = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
PLAIN = {"secrets": {"API_KEY": {"value": "planted-value", "scope": "both"}}, "git": None}


def sealed(node: NodeProcess, hub: FakeHub, frame: ThreadSubmit, signer: Any) -> ThreadSubmit:
    """Put a bundle into a run's command: sealed to the node's key, signed by anyone."""
    assert frame.command_id is not None
    expires_at = int(time.time()) + 600
    info = bundle_info(
        nonce=hub.nonce,
        node_id=node.node_id,
        node_key_id=node.keys.sealing_key_id,
        environment_id=frame.payload.environment_id,
        binding_id=frame.payload.binding_id,
        command_id=frame.command_id,
        attempt=1,
        expires_at=expires_at,
    )
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    public = node.keys.sealing.public_key()
    ciphertext = suite.encrypt(json.dumps(PLAIN).encode(), public, info=info)
    signature = signer.sign(bundle_signed(info=info, ciphertext=ciphertext))
    said = frame.model_dump(mode="json", by_alias=True)
    said["payload"]["bundle"] = {
        "nodeKeyId": node.keys.sealing_key_id,
        "hubKeyId": key_id(BOARD.public_key().public_bytes_raw()),
        "expiresAt": expires_at,
        "ciphertext": base64.b64encode(ciphertext).decode(),
        "signature": base64.b64encode(signature).decode(),
    }
    said["payload"]["spec"]["secrets"] = [{"name": "API_KEY", "version": 1, "scope": "both"}]
    return ThreadSubmit.model_validate_json(json.dumps(said))


@pytest.mark.parametrize("signer", [BOARD, THIEF], ids=["the board", "a thief"])
async def test_a_bundle_that_the_pinned_key_did_not_sign_is_not_opened_and_nothing_runs(
    tmp_path: Path, signer: Ed25519PrivateKey
) -> None:
    async with fake_hub() as hub:
        node = make_node(tmp_path, hub)
        public = BOARD.public_key().public_bytes_raw()
        pinned = base64.b64encode(public).decode()
        config = load_config(node.home)
        save_config(node.home, replace(config, hub_key=pinned, hub_key_id=key_id(public)))
        try:
            node.start()
            await hub.until(lambda: hub.epoch, f"a welcome; the daemon said: {node.output()}")
            frame = submit(f'touch "{node.work}/ran-$API_KEY"', folder=node.work)
            await hub.command(sealed(node, hub, frame, signer))
            run_id = frame.payload.run_id
            await hub.until(lambda: hub.final(run_id), "the end of the run")
            final = hub.final(run_id)
            assert final is not None
            ran = [file.name for file in node.work.iterdir()]
            if signer is BOARD:  # the same in every other way is opened: the signature decides
                assert ran == ["ran-planted-value"]
            else:
                assert ran == []
                assert final["type"] == "thread:error"
                assert "not signed by the board" in final["payload"]["message"]
        finally:
            await node.close()
