"""The keys of a node that a test plays, and what it says with them when it is claimed."""

import base64
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from openviber_protocol.canonical import onboard_signed


@dataclass
class Keys:
    """The two keys of a node."""

    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sealing: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)

    @property
    def public_signing(self) -> bytes:
        return self.signing.public_key().public_bytes_raw()

    @property
    def public_sealing(self) -> bytes:
        return self.sealing.public_key().public_bytes_raw()


def onboard_body(keys: Keys, token: str, **changes: Any) -> dict[str, Any]:
    """Make the body with which a machine claims its node."""
    signing = base64.b64encode(keys.public_signing).decode()
    sealing = base64.b64encode(keys.public_sealing).decode()
    signed = onboard_signed(token=token, signing_key=signing, sealing_key=sealing)
    return {
        "token": token,
        "signingKey": signing,
        "sealingKey": sealing,
        "signature": base64.b64encode(keys.signing.sign(signed)).decode(),
        "hostname": "machine",
        "capabilities": {"os": "linux", "git": "2.39.5", "sandbox": ["native"]},
    } | changes
