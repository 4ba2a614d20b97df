"""The redaction self-test: made-up secrets through a real runner, and what came out of it."""

import base64
import json
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from openviber_daemon.attempt import Attempt, Job, make_attempt
from openviber_daemon.canaries import find_missed, is_left, list_forms, make_canaries
from openviber_daemon.errors import NodeError
from openviber_daemon.home import Home
from openviber_daemon.launch import Launcher
from openviber_protocol.canonical import bundle_info, bundle_signed, key_id

FEATURE = "redaction-test"
"""What a node that can do this names in its hello."""

LIMIT_SECONDS = 60
LIFE_SECONDS = 300
LOG_LIMIT_BYTES = 1 << 20
SCRIPT = f"exec {sys.executable} -I -m openviber_daemon.canaries"


class SelfTestError(NodeError):
    """The self-test could not be carried out."""


@dataclass(frozen=True)
class SelfTest:
    """Runs in a folder of its own, which is removed afterwards."""

    home: Home
    launcher: Launcher

    def run(self, test_id: UUID) -> list[tuple[str, Mapping[str, object]]]:
        """Carry a test out and give its `redaction:tested` record.

        Raises:
            SelfTestError: the runner did not do its work; nothing was learned.
        """
        canaries = make_canaries()
        forms = list_forms(canaries)
        folder = Path(tempfile.mkdtemp(prefix="self-test-", dir=self.home.root))
        try:
            attempt = self._carry_out(folder, canaries)
            missed = find_missed(forms, attempt.log.read_bytes())
            kept = {"its events": "events", "the runner's own words": "runner.err"}
            files = {name: (attempt.path / file).read_bytes() for name, file in kept.items()}
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        values = [value.encode() for value in canaries.values()]
        missed += [name for name, text in files.items() if any(is_left(v, text) for v in values)]
        tried = len(forms) + len(files)
        told = {
            "testId": str(test_id), "tried": tried, "masked": tried - len(missed), "missed": missed,
        }  # fmt: skip
        return [("redaction:tested", told)]

    def _carry_out(self, folder: Path, canaries: Mapping[str, str]) -> Attempt:
        job = _job(canaries)
        (folder / "attempts").mkdir(mode=0o700)
        attempt = make_attempt(
            folder / "attempts" / str(job.execution_id),
            job,
            home=folder,
            log_limit_bytes=LOG_LIMIT_BYTES,
        )
        process = self.launcher.launch(attempt.path, _seal(job, canaries, folder / "sealing.key"))
        try:
            process.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise SelfTestError(
                f"the runner of the self-test was not finished after {LIMIT_SECONDS} s: "
                "the node may be very busy; try again"
            ) from None
        end = attempt.last_event() or {}
        if end.get("type") != "thread:completed":
            raise SelfTestError(
                "the runner of the self-test did not get to its end: "
                "run `openviber doctor` on the node"
            )
        return attempt


def _job(canaries: Iterable[str]) -> Job:
    execution_id = uuid.uuid4()
    refs = [{"name": name, "version": 1, "scope": "both"} for name in canaries]
    spec = {
        "environmentId": str(uuid.uuid4()), "ownerId": str(uuid.uuid4()), "name": "self-test",
        "type": "manual", "repoUrl": "", "repoBranch": "", "localPath": "", "workingDir": "",
        "submodules": False, "useNodeCredentials": False, "variables": {}, "secrets": refs,
        "setup": {
            "mode": "manual", "script": "", "maintenanceScript": "", "checkCommand": "",
            "timeLimitSeconds": LIMIT_SECONDS,
        },
        "persistVolume": False, "networkAccess": True, "containerImage": "", "allowedHosts": [],
        "authorName": "OpenViber", "authorEmail": "openviber@localhost", "fingerprint": {},
    }  # fmt: skip
    payload = {
        "threadId": str(uuid.uuid4()), "environmentId": spec["environmentId"],
        "bindingId": str(uuid.uuid4()), "runId": str(execution_id), "executor": "shell",
        "text": SCRIPT, "branch": "viber/self-test", "strategy": "auto_clone", "existingPath": "",
        "spec": spec,
    }  # fmt: skip
    return Job("run", execution_id, uuid.uuid4(), 1, payload)


def _seal(job: Job, canaries: Mapping[str, str], key_file: Path) -> bytes:
    """Seal the canaries as a board would, with keys that exist for this test only."""
    # 40 ms of imports that a daemon which is never asked does not pay.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - see above
        Ed25519PrivateKey,
    )
    from cryptography.hazmat.primitives.asymmetric.x25519 import (  # noqa: PLC0415 - see above
        X25519PrivateKey,
    )
    from cryptography.hazmat.primitives.hpke import (  # noqa: PLC0415 - see above
        AEAD,
        KDF,
        KEM,
        Suite,
    )

    hub, node = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
    key_file.touch(mode=0o600)
    key_file.write_bytes(base64.b64encode(node.private_bytes_raw()))
    node_key_id = key_id(node.public_key().public_bytes_raw())
    hub_public = hub.public_key().public_bytes_raw()
    expires_at = int(time.time()) + LIFE_SECONDS
    info = bundle_info(
        nonce="",
        node_id=uuid.uuid4(),
        node_key_id=node_key_id,
        environment_id=UUID(str(job.payload["environmentId"])),
        binding_id=UUID(str(job.payload["bindingId"])),
        command_id=job.command_id,
        attempt=job.attempt,
        expires_at=expires_at,
    )
    scoped = {name: {"value": value, "scope": "both"} for name, value in canaries.items()}
    plaintext = json.dumps({"secrets": scoped, "git": None}).encode()
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    ciphertext = suite.encrypt(plaintext, node.public_key(), info=info)
    signature = hub.sign(bundle_signed(info=info, ciphertext=ciphertext))
    words = {
        "bundle": {
            "nodeKeyId": node_key_id,
            "hubKeyId": key_id(hub_public),
            "expiresAt": expires_at,
            "ciphertext": base64.b64encode(ciphertext).decode(),
            "signature": base64.b64encode(signature).decode(),
        },
        "info": base64.b64encode(info).decode(),
        "hubKey": base64.b64encode(hub_public).decode(),
        "sealingKeyFile": str(key_file),
    }
    return json.dumps(words).encode() + b"\n"
