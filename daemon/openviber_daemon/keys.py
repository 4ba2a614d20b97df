"""The node's two key pairs."""

import base64
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from openviber_daemon.errors import NodeError
from openviber_daemon.home import Home, make_private_directory, write_private
from openviber_protocol.canonical import key_id

KEY_BYTES = 32


class MissingKeyError(NodeError):
    """A key file is gone or damaged."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"the node's key {path} cannot be used: {reason}. "
            "A node cannot prove who it is without it: "
            "onboard again with a new token: openviber onboard --replace --token <token>"
        )


@dataclass(frozen=True)
class NodeKeys:
    """The key that proves who the node is, and the one that secrets are sealed to."""

    signing: Ed25519PrivateKey = field(repr=False)
    sealing: X25519PrivateKey = field(repr=False)

    @property
    def signing_public(self) -> bytes:
        return self.signing.public_key().public_bytes_raw()

    @property
    def sealing_public(self) -> bytes:
        return self.sealing.public_key().public_bytes_raw()

    @property
    def signing_key_id(self) -> str:
        return key_id(self.signing_public)

    @property
    def sealing_key_id(self) -> str:
        return key_id(self.sealing_public)

    def sign(self, message: bytes) -> str:
        """Give the base64 of an Ed25519 signature."""
        return base64.b64encode(self.signing.sign(message)).decode()


def make_keys() -> NodeKeys:
    """Make two new key pairs."""
    return NodeKeys(signing=Ed25519PrivateKey.generate(), sealing=X25519PrivateKey.generate())


def save_keys(home: Home, keys: NodeKeys) -> None:
    """Write both private keys, each as the base64 of its 32 raw bytes."""
    make_private_directory(home.signing_key_file.parent)
    signing, sealing = keys_to_text(keys)
    write_private(home.signing_key_file, signing.encode() + b"\n")
    write_private(home.sealing_key_file, sealing.encode() + b"\n")


def keys_to_text(keys: NodeKeys) -> tuple[str, str]:
    """Give both private keys in base64; for files of this node only."""
    raw = (keys.signing.private_bytes_raw(), keys.sealing.private_bytes_raw())
    signing, sealing = (base64.b64encode(one).decode() for one in raw)
    return signing, sealing


def keys_from_text(signing: str, sealing: str) -> NodeKeys:
    """Read both private keys from base64.

    Raises:
        ValueError: one of them is no key.
    """
    return NodeKeys(
        signing=Ed25519PrivateKey.from_private_bytes(base64.b64decode(signing, validate=True)),
        sealing=X25519PrivateKey.from_private_bytes(base64.b64decode(sealing, validate=True)),
    )


def load_keys(home: Home) -> NodeKeys:
    """Read both private keys.

    Raises:
        MissingKeyError: one of them is absent or is not a key.
    """
    raw: list[bytes] = []
    for path in (home.signing_key_file, home.sealing_key_file):
        try:
            value = base64.b64decode(path.read_bytes().strip(), validate=True)
        except OSError as error:
            raise MissingKeyError(str(path), error.strerror or "it cannot be read") from error
        except ValueError:
            raise MissingKeyError(str(path), "it is not base64") from None
        if len(value) != KEY_BYTES:
            raise MissingKeyError(str(path), f"it holds {len(value)} bytes instead of {KEY_BYTES}")
        raw.append(value)
    return NodeKeys(
        signing=Ed25519PrivateKey.from_private_bytes(raw[0]),
        sealing=X25519PrivateKey.from_private_bytes(raw[1]),
    )
