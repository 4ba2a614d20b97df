"""Seals an environment's secrets to one node for one command, at the moment of sending."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.errors import (
    OpenViberError,
    RevokedNodeError,
    SecretsChangedError,
    SecretUnreadableError,
)
from openviber_app.services import secrets
from openviber_app.services.runtime import Runtime
from openviber_app.services.secrets import OpenedSecrets, SentSecret
from openviber_app.store import commands
from openviber_app.store.tables import Command, Environment, Node
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


class SavedMeanwhileError(OpenViberError):
    """Secrets were saved between their opening and their sending: open them again."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bundle, with the names and versions of what is in it."""

    bundle: SealedBundle
    secrets: tuple[SentSecret, ...]


async def open_ahead(runtime: Runtime, command_id: UUID) -> OpenedSecrets | OpenViberError | None:
    """Open what a command needs before anything is written, or return why it does not open.

    None is for a command that carries no secrets.
    """
    async with runtime.store.read() as db:
        command = await commands.find_command(db, command_id=command_id)
        if command is None or command.type not in CARRIERS:
            return None
        environment_id = UUID(command.payload["environment_id"])
        if await db.get(Environment, environment_id) is None:
            return None
        try:
            return await secrets.open_for_node(runtime, db, environment_id)
        except (SecretUnreadableError, SecretsChangedError) as error:
            return error


async def seal_for(
    runtime: Runtime,
    db: AsyncSession,
    command: Command,
    *,
    to: Recipient,
    opened: OpenedSecrets | OpenViberError | None,
    now: datetime,
) -> Sealed | None:
    """Seal what was opened for this sending of a command.

    Raises:
        RevokedNodeError: the node was revoked.
        SecretUnreadableError, SecretsChangedError: what `open_ahead` found.
        SavedMeanwhileError: what was opened is not what is stored any more.
        UnsealError: the node's key is no key.
    """
    if isinstance(opened, OpenViberError):
        raise opened
    if command.type not in CARRIERS or opened is None:
        return None
    if to.node.revoked_at is not None:
        raise RevokedNodeError(to.node.name)
    environment_id = UUID(command.payload["environment_id"])
    environment = await db.get_one(Environment, environment_id)
    if not await secrets.is_current(db, environment, opened):
        raise SavedMeanwhileError
    git = secrets.credential_for(environment.repo_url, opened.for_git)
    if not opened.variables and git is None:
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
        json.dumps({"secrets": opened.variables, "git": git}).encode(),
        node_sealing_key=to.node.sealing_key or "",
        info=info,
        signed_over=lambda ciphertext: bundle_signed(info=info, ciphertext=ciphertext),
    )
    bundle = SealedBundle(
        node_key_id=node_key_id,
        hub_key_id=runtime.vault.hub_key_id,
        expires_at=expires_at,
        ciphertext=sealed.ciphertext,
        signature=sealed.signature,
    )
    return Sealed(bundle, opened.sent)


def new_nonce(random: bytes) -> str:
    """Write a challenge's random bytes the way the wire carries them."""
    return base64.b64encode(random).decode()
