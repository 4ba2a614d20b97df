"""Seals an environment's secrets to one node for one command, at the moment of sending."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.errors import RevokedNodeError
from openviber_app.services import secrets
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Command, Node
from openviber_protocol.canonical import bundle_info, bundle_signed
from openviber_protocol.payloads import SealedBundle

LIFE_SECONDS = 600
"""A bundle is opened as soon as it arrives; the rest is for clocks that disagree."""

CARRIERS = {"environment:prepare", "thread:submit"}


@dataclass(frozen=True, slots=True)
class Recipient:
    """The node's end of one connection: a bundle opens there and nowhere else."""

    nonce: str
    node: Node


async def seal_for(
    runtime: Runtime, db: AsyncSession, command: Command, *, to: Recipient, now: datetime
) -> SealedBundle | None:
    """Open the secrets that a command needs and seal them for this sending of it.

    Raises:
        RevokedNodeError: the node was revoked.
        SecretUnreadableError: a stored secret does not open.
        UnsealError: the node's key is no key.
    """
    if command.type not in CARRIERS:
        return None
    if to.node.revoked_at is not None:
        raise RevokedNodeError(to.node.name)
    environment_id = UUID(command.payload["environment_id"])
    values, git = await secrets.open_for_node(runtime, db, environment_id)
    if not values and git is None:
        return None
    expires_at = int(now.timestamp()) + LIFE_SECONDS
    node_key_id = to.node.sealing_key_id or ""
    info = bundle_info(
        nonce=to.nonce,
        node_id=to.node.id,
        node_key_id=node_key_id,
        environment_id=environment_id,
        binding_id=UUID(command.payload["binding_id"]),
        command_id=command.id,
        attempt=command.attempt,
        expires_at=expires_at,
    )
    sealed = runtime.vault.seal_bundle(
        json.dumps({"secrets": values, "git": git}).encode(),
        node_sealing_key=to.node.sealing_key or "",
        info=info,
        signed_over=lambda ciphertext: bundle_signed(info=info, ciphertext=ciphertext),
    )
    return SealedBundle(
        node_key_id=node_key_id,
        hub_key_id=runtime.vault.hub_key_id,
        expires_at=expires_at,
        ciphertext=sealed.ciphertext,
        signature=sealed.signature,
    )


def new_nonce(random: bytes) -> str:
    """Write a challenge's random bytes the way the wire carries them."""
    return base64.b64encode(random).decode()
