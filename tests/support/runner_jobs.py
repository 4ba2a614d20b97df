"""Attempts for runners: the job, the sealed hand-over, the real process, and what it wrote."""

import base64
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from openviber_daemon.redaction.secret import Secret
from openviber_daemon.runner.bundle import GitCredential, OpenedBundle, ScopedSecret
from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.runner.execution import Execution
from openviber_daemon.runner.job import Job
from openviber_protocol.canonical import bundle_info, bundle_signed, key_id

STANDARD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def make_spec(**changes: object) -> dict[str, Any]:
    """Build an EnvironmentSpec as on the wire: an empty folder that needs nothing."""
    return {
        "environmentId": str(uuid4()),
        "ownerId": str(uuid4()),
        "name": "an environment",
        "type": "manual",
        "repoUrl": "",
        "repoBranch": "",
        "localPath": "",
        "workingDir": "",
        "submodules": False,
        "useNodeCredentials": False,
        "setup": {
            "mode": "manual",
            "script": "",
            "maintenanceScript": "",
            "checkCommand": "",
            "timeLimitSeconds": 60,
        },
        "variables": {},
        "secrets": [],
        "persistVolume": False,
        "networkAccess": True,
        "containerImage": "",
        "authorName": "OpenViber",
        "authorEmail": "openviber@localhost",
        "allowedHosts": [],
        "fingerprint": {},
        **changes,
    }


def make_prepare_payload(spec: Mapping[str, Any], execution_id: UUID) -> dict[str, Any]:
    """Build a PreparePayload without its bundle."""
    return {
        "bindingId": str(uuid4()),
        "environmentId": spec["environmentId"],
        "prepareId": str(execution_id),
        "kind": "prepare",
        "strategy": "auto_clone",
        "existingPath": "",
        "fastForward": False,
        "force": False,
        "spec": spec,
    }


def make_submit_payload(
    spec: Mapping[str, Any], execution_id: UUID, *, text: str, **changes: object
) -> dict[str, Any]:
    """Build a SubmitPayload without its bundle."""
    return {
        "threadId": str(uuid4()),
        "environmentId": spec["environmentId"],
        "bindingId": str(uuid4()),
        "runId": str(execution_id),
        "executor": "shell",
        "text": text,
        "branch": "viber/a-thread",
        "strategy": "auto_clone",
        "existingPath": "",
        "spec": spec,
        **changes,
    }


@contextmanager
def opened_execution(
    home: Path,
    *,
    secrets: Mapping[str, str | tuple[str, str]] | None = None,
    git: GitCredential | None = None,
    payload: Mapping[str, Any] | None = None,
    kind: str = "prepare",
    log_limit_bytes: int = 256 * 1024 * 1024,
) -> Iterator[Execution]:
    """Give a real Execution inside this process; `secrets` are values, or (value, scope)."""
    execution_id = uuid4()
    spec = make_spec()
    if payload is None and kind == "run":
        payload = make_submit_payload(spec, execution_id, text="")
    job = Job(
        kind="run" if kind == "run" else "prepare",
        execution_id=str(execution_id),
        command_id=str(uuid4()),
        attempt=1,
        home=home,
        payload=payload or make_prepare_payload(spec, execution_id),
        log_limit_bytes=log_limit_bytes,
    )
    attempt_dir = home / "attempts" / str(execution_id)
    attempt_dir.mkdir(parents=True, mode=0o700)
    scoped = {
        name: value if isinstance(value, tuple) else (value, "both")
        for name, value in (secrets or {}).items()
    }
    bundle = OpenedBundle(
        {name: ScopedSecret(Secret(v), scope) for name, (v, scope) in scoped.items()},  # pyright: ignore[reportArgumentType] - a test names a real scope
        git,
    )
    cancel = CancelFlag()
    execution = Execution(job, attempt_dir, bundle=bundle, cancel=cancel)
    try:
        yield execution
    finally:
        execution.close()
        cancel.close()


@dataclass(frozen=True)
class Attempt:
    """The directory of one execution and what its runner has written there."""

    path: Path
    execution_id: UUID

    def events(self) -> list[dict[str, Any]]:
        try:
            lines = (self.path / "events").read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines if line.endswith(b"\n")]

    def final(self) -> dict[str, Any] | None:
        events = self.events()
        return events[-1] if events and events[-1]["final"] else None

    def log(self) -> bytes:
        try:
            return (self.path / "log").read_bytes()
        except FileNotFoundError:
            return b""

    def all_bytes(self) -> bytes:
        """Everything in the directory, to look for what must not be there."""
        return b"\n".join(p.read_bytes() for p in self.path.rglob("*") if p.is_file())


class SealingBoard:
    """A board with one node: hands over jobs as the daemon does, with properly sealed bundles."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.hub_key = Ed25519PrivateKey.generate()
        self.node_key = X25519PrivateKey.generate()
        self.node_id = uuid4()
        keys = home / "keys"
        keys.mkdir(parents=True, mode=0o700)
        self.sealing_key_file = keys / "sealing.key"
        self.sealing_key_file.write_bytes(base64.b64encode(self.node_key.private_bytes_raw()))

    def make_job(
        self, kind: str, payload: Mapping[str, Any], execution_id: UUID, *, log_limit: int = 2**28
    ) -> Attempt:
        """Make the attempt's directory with its job."""
        attempt = Attempt(self.home / "attempts" / str(execution_id), execution_id)
        attempt.path.mkdir(parents=True, mode=0o700)
        job = {
            "kind": kind,
            "executionId": str(execution_id),
            "commandId": str(uuid4()),
            "attempt": 1,
            "home": str(self.home),
            "payload": payload,
            "logLimitBytes": log_limit,
        }
        (attempt.path / "job.json").write_text(json.dumps(job))
        return attempt

    def seal(
        self,
        attempt: Attempt,
        *,
        secrets: Mapping[str, Mapping[str, str]],
        git: Mapping[str, str] | None = None,
        expires_at: int | None = None,
    ) -> dict[str, Any]:
        """Build what goes to the runner's input."""
        job = json.loads((attempt.path / "job.json").read_text())
        expires = int(time.time()) + 300 if expires_at is None else expires_at
        node_key_id = key_id(self.node_key.public_key().public_bytes_raw())
        info = bundle_info(
            nonce="bm9uY2U=",
            node_id=self.node_id,
            node_key_id=node_key_id,
            environment_id=UUID(job["payload"]["environmentId"]),
            binding_id=UUID(job["payload"]["bindingId"]),
            command_id=UUID(job["commandId"]),
            attempt=job["attempt"],
            expires_at=expires,
        )
        plaintext = json.dumps({"secrets": secrets, "git": git}).encode()
        ciphertext = SUITE.encrypt(plaintext, self.node_key.public_key(), info=info)
        return {
            "bundle": {
                "nodeKeyId": node_key_id,
                "hubKeyId": key_id(self.hub_public),
                "expiresAt": expires,
                "ciphertext": base64.b64encode(ciphertext).decode(),
                "signature": base64.b64encode(
                    self.hub_key.sign(bundle_signed(info=info, ciphertext=ciphertext))
                ).decode(),
            },
            "info": base64.b64encode(info).decode(),
            "hubKey": base64.b64encode(self.hub_public).decode(),
            "sealingKeyFile": str(self.sealing_key_file),
        }

    def without_bundle(self) -> dict[str, Any]:
        """Build the hand-over of a job that has no secrets."""
        return {
            "bundle": None,
            "info": "",
            "hubKey": base64.b64encode(self.hub_public).decode(),
            "sealingKeyFile": str(self.sealing_key_file),
        }

    @property
    def hub_public(self) -> bytes:
        return self.hub_key.public_key().public_bytes_raw()

    def start(self, attempt: Attempt, handover: Mapping[str, Any]) -> "subprocess.Popen[bytes]":
        """Start the real runner as the daemon does."""
        return self.start_raw(attempt, json.dumps(handover).encode() + b"\n")

    def start_raw(self, attempt: Attempt, line: bytes) -> "subprocess.Popen[bytes]":
        """Start the real runner with any input."""
        with (attempt.path / "runner.err").open("ab") as words:
            process = subprocess.Popen(
                [sys.executable, "-I", "-m", "openviber_daemon.runner", str(attempt.path)],
                stdin=subprocess.PIPE,
                stdout=words,
                stderr=words,
                cwd=attempt.path,
                env={"PATH": STANDARD_PATH, "HOME": str(self.home), "LANG": "C.UTF-8"},
                start_new_session=True,
            )
        assert process.stdin
        with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
            stdin.write(line)
        return process
