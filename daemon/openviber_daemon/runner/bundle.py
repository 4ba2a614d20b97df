"""Opening the sealed secrets of one command, after checking that this board sealed them for it."""

import base64
import json
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from openviber_daemon.redaction.secret import Secret
from openviber_daemon.runner.errors import BundleRefusedError
from openviber_daemon.runner.job import Handover, Job
from openviber_protocol.canonical import bundle_info, bundle_signed, key_id

CLOCK_TOLERANCE_SECONDS = 60
PREVIOUS_SEALING_KEY = "sealing.previous.key"
_INFO_PARTS = 9

_KINDS: dict[str, Literal["token", "deploy_key"]] = {"token": "token", "deploy_key": "deploy_key"}
_SCOPES: dict[str, Literal["setup", "runtime", "both"]] = {
    "setup": "setup",
    "runtime": "runtime",
    "both": "both",
}


@dataclass(frozen=True)
class ScopedSecret:
    """One secret of the environment, and when scripts get it."""

    value: Secret
    scope: Literal["setup", "runtime", "both"]


@dataclass(frozen=True)
class GitCredential:
    """How git proves itself to the repository's host."""

    kind: Literal["token", "deploy_key"]
    secret: Secret
    username: str = ""
    known_hosts: str = ""


@dataclass(frozen=True)
class OpenedBundle:
    """What the bundle held."""

    secrets: Mapping[str, ScopedSecret] = field(default_factory=dict)
    git: GitCredential | None = None

    def list_plaintexts(self) -> list[str]:
        """List every value that must never be shown."""
        values = [secret.value.open() for secret in self.secrets.values()]
        return [*values, self.git.secret.open()] if self.git else values


def open_bundle(job: Job, handover: Handover) -> OpenedBundle:
    """Check and open the bundle of a job; a job that needs none may come without.

    Raises:
        BundleRefusedError: it is missing, forged, expired, meant for another command or damaged.
    """
    wanted = {secret["name"] for secret in job.payload["spec"].get("secrets", ())}
    if handover.bundle is None:
        if wanted:
            raise BundleRefusedError(
                "the board sent no secrets although the environment has some: "
                "nothing was run; try again"
            )
        return OpenedBundle()
    opened = _parse(_decrypt(job, handover, handover.bundle))
    if missing := sorted(wanted - opened.secrets.keys()):
        raise BundleRefusedError(
            f"the board's bundle lacks the secret {', '.join(missing)}: nothing was run; "
            "save the secret again, then try again"
        )
    return opened


def _decrypt(job: Job, handover: Handover, bundle: Mapping[str, Any]) -> bytes:
    # 40 ms of imports, which a run without secrets does not pay.
    from cryptography.exceptions import InvalidSignature, InvalidTag  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - see above
        Ed25519PublicKey,
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

    try:
        ciphertext = base64.b64decode(bundle["ciphertext"], validate=True)
        signature = base64.b64decode(bundle["signature"], validate=True)
        expires_at = int(bundle["expiresAt"])
        hub_key = Ed25519PublicKey.from_public_bytes(handover.hub_key)
    except (KeyError, TypeError, ValueError):
        raise BundleRefusedError("the sealed secrets are damaged: nothing was run") from None
    try:
        hub_key.verify(signature, bundle_signed(info=handover.info, ciphertext=ciphertext))
    except InvalidSignature:
        raise BundleRefusedError(
            "the sealed secrets were not signed by the board that this node belongs to: "
            "nothing was run; if the board was set up anew, onboard the node again"
        ) from None
    _check_binding(job, handover.info, bundle, expires_at)
    if (late := time.time() - expires_at) > CLOCK_TOLERANCE_SECONDS:
        raise BundleRefusedError(
            f"the sealed secrets expired {late:.0f} s ago by this node's clock: nothing was run; "
            "compare the clocks of the node and the board, then try again"
        )
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    try:
        key = X25519PrivateKey.from_private_bytes(
            _find_sealing_key(handover.sealing_key_file, wanted=str(bundle.get("nodeKeyId", "")))
        )
    except (OSError, ValueError):
        raise BundleRefusedError(
            f"the node's key {str(handover.sealing_key_file)!r} cannot be read: "
            "nothing was run; onboard the node again"
        ) from None
    try:
        return suite.decrypt(ciphertext, key, info=handover.info)
    except (InvalidTag, ValueError):
        raise BundleRefusedError(
            "the secrets were not sealed to this node's key: nothing was run; onboard it again"
        ) from None


def _find_sealing_key(file: Path, *, wanted: str) -> bytes:
    """Read the key that the bundle names: today's, or the one before if that was just replaced."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import (  # noqa: PLC0415 - as above
        X25519PrivateKey,
    )

    today = base64.b64decode(file.read_bytes().strip(), validate=True)
    previous = file.with_name(PREVIOUS_SEALING_KEY)
    if previous.exists():
        before = base64.b64decode(previous.read_bytes().strip(), validate=True)
        public = X25519PrivateKey.from_private_bytes(before).public_key().public_bytes_raw()
        if key_id(public) == wanted:
            return before
    return today


def _check_binding(job: Job, info: bytes, bundle: Mapping[str, Any], expires_at: int) -> None:
    """Rebuild what the seal is bound to, from the job; nonce and node are the daemon's to check."""
    try:
        parts = _unpack(info)
        expected = bundle_info(
            nonce=parts[1].decode(),
            node_id=UUID(parts[2].decode()),
            node_key_id=bundle["nodeKeyId"],
            environment_id=UUID(job.payload["environmentId"]),
            binding_id=UUID(job.payload["bindingId"]),
            command_id=UUID(job.command_id),
            attempt=job.attempt,
            expires_at=expires_at,
        )
    except (KeyError, ValueError, IndexError):
        expected = b""
    if info != expected:
        raise BundleRefusedError(
            "the sealed secrets belong to another command: nothing was run; try again"
        )


def _unpack(packed: bytes) -> list[bytes]:
    parts: list[bytes] = []
    while packed and len(parts) < _INFO_PARTS:
        (size,) = struct.unpack_from(">I", packed.ljust(4, b"\0"))
        parts.append(packed[4 : 4 + size])
        packed = packed[4 + size :]
    return parts


def _parse(plaintext: bytes) -> OpenedBundle:
    try:
        raw = json.loads(plaintext)
        git = raw["git"]
        return OpenedBundle(
            secrets={
                name: ScopedSecret(Secret(_text(secret["value"])), _SCOPES[secret["scope"]])
                for name, secret in raw["secrets"].items()
            },
            git=git
            and GitCredential(
                kind=_KINDS[git["kind"]],
                secret=Secret(_text(git["secret"])),
                username=git.get("username") or "",
                known_hosts=git.get("known_hosts") or "",
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BundleRefusedError(
            "the sealed secrets are not in the form this node knows: "
            "nothing was run; update the node or the board"
        ) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
