"""The board's key that this node trusts, and the way from it to the board's present one."""

import base64
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from openviber_daemon.errors import NodeError
from openviber_protocol.canonical import hub_key_signed, key_id
from openviber_protocol.payloads import HubKeyLink


class BrokenChainError(NodeError):
    """The board's present key does not follow from the one that this node has pinned."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the board shows a signing key that this node has no reason to trust: {reason}. "
            "It is another board, somebody in between, or a board that lost its keys"
        )


def follow(pinned: str, links: Sequence[HubKeyLink]) -> str:
    """Return the board's present key (base64), reached from the pinned one over its signatures.

    Raises:
        BrokenChainError: a signature is wrong, or no way leads from the pinned key to the end.
    """
    if not links:
        return pinned
    key = pinned
    for link in links:
        if link.old_key != key:
            continue
        if not _is_signed(link):
            raise BrokenChainError("the key before it did not sign it")
        key = link.new_key
    if key != links[-1].new_key:
        raise BrokenChainError("none of the keys before it is the one pinned at onboarding")
    return key


def id_of(public_key: str) -> str:
    """Name a base64 public key."""
    return key_id(base64.b64decode(public_key))


def _is_signed(link: HubKeyLink) -> bool:
    try:
        old = Ed25519PublicKey.from_public_bytes(base64.b64decode(link.old_key, validate=True))
        Ed25519PublicKey.from_public_bytes(base64.b64decode(link.new_key, validate=True))
        signature = base64.b64decode(link.signature, validate=True)
        old.verify(signature, hub_key_signed(old_key=link.old_key, new_key=link.new_key))
    except (InvalidSignature, ValueError):
        return False
    return True
