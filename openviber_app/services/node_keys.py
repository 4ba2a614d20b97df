"""A node's own keys: asking it for new ones, and taking them."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    NotSignedInError,
    Problem,
)
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import Advance
from openviber_app.domain.statuses import CommandStatus, advance
from openviber_app.services import audit
from openviber_app.services.nodes import NodeView, get_node
from openviber_app.services.runtime import Runtime
from openviber_app.store import commands, nodes
from openviber_app.store.tables import Node
from openviber_app.vault.bundles import is_sealing_key
from openviber_app.vault.signing import key_id_of, verify_signature

ASK = "keys:rotate"


@dataclass(frozen=True, slots=True)
class NewKeys:
    """What a node sends: base64 public keys, its new token's hash, and both signatures.

    `signed` are the bytes that the old key (`signature`) and the new one (`proof`) have signed.
    """

    signing_key: str
    sealing_key: str
    token_hash: str
    signature: str
    proof: str
    signed: bytes

    def __repr__(self) -> str:
        return "NewKeys()"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the node is known by from now on."""

    signing_key_id: str
    sealing_key_id: str


async def ask_for_new_keys(
    runtime: Runtime, actor: Actor, *, node_id: UUID, client: str = ""
) -> NodeView:
    """Have a node make new keys: now, or when it next connects. Asking again changes nothing.

    Raises:
        NotFoundError: no such node.
        ConflictError: it was revoked, or never set up.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        node = await nodes.find_node(db, user_id=actor.user_id, node_id=node_id)
        if node is None:
            raise NotFoundError("node")
        if node.revoked_at is not None:
            raise ConflictError(f"{node.name} was revoked: nothing can be asked of it any more")
        if node.claimed_at is None:
            raise ConflictError(f"{node.name} was never set up: it has no keys yet")
        waiting = await commands.list_undelivered(db, node_id=node_id)
        if not any(row.type == ASK for row in waiting):
            commands.add_command(
                db, command_id=new_id(), node_id=node_id, type=ASK, attempt=1, payload={}, now=now
            )
            target = audit.Target(kind="node", id=node.id, name=node.name)
            deed = audit.Deed(
                action="node.rotation_asked", target=target, actor=actor, client=client
            )
            audit.record(runtime, db, deed)
    runtime.announce([Advance(f"outbox:{node_id}"), Advance(f"user:{actor.user_id}")])
    return await get_node(runtime, actor, node_id=node_id)


async def take_keys(runtime: Runtime, known: Node, keys: NewKeys, *, client: str = "") -> Taken:
    """Put a node's new keys and token in the place of its old ones, which are worth nothing then.

    The hub ends the session that the old ones opened; what was on its way is sealed anew.

    Raises:
        InvalidInputError: a key is no key, or its holder did not sign.
        ForbiddenError: the node's old key did not sign.
        NotSignedInError: the node's keys were changed meanwhile, or it was revoked.
    """
    if not verify_signature(known.signing_key or "", keys.signed, keys.signature):
        raise ForbiddenError("these new keys are not signed with the node's present key")
    _check(keys)
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        node = await db.get(Node, known.id)
        if (
            node is None
            or node.revoked_at is not None
            or not hmac.compare_digest(node.auth_token_hash or "", known.auth_token_hash or "")
        ):
            raise NotSignedInError("this node's keys were changed meanwhile")
        old_key_id = node.signing_key_id
        node.signing_key, node.signing_key_id = keys.signing_key, key_id_of(keys.signing_key)
        node.sealing_key, node.sealing_key_id = keys.sealing_key, key_id_of(keys.sealing_key)
        node.auth_token_hash = keys.token_hash
        node.keys_rotated_at, node.fenced_at = now, None
        for row in await commands.list_undelivered(db, node_id=node.id):
            if row.type == ASK and row.status == CommandStatus.SENT:
                row.status = advance(CommandStatus.SENT, CommandStatus.ACCEPTED)
                row.replied_at = now
            elif row.type == ASK:
                row.status = advance(CommandStatus(row.status), CommandStatus.WITHDRAWN)
        audit.record(
            runtime,
            db,
            audit.Deed(
                action="node.keys_rotated",
                target=audit.Target(kind="node", id=node.id, name=node.name),
                client=client,
                facts={"old_key_id": old_key_id, "new_key_id": node.signing_key_id},
            ),
        )
    runtime.announce([Advance(f"outbox:{node.id}"), Advance(f"user:{node.user_id}")])
    return Taken(node.signing_key_id, node.sealing_key_id)


def _check(keys: NewKeys) -> None:
    problems: list[Problem] = []
    if not is_sealing_key(keys.sealing_key):
        problems.append(Problem("/sealingKey", "this is not the base64 of an X25519 public key"))
    if not verify_signature(keys.signing_key, keys.signed, keys.proof):
        problems.append(Problem("/proof", "this was not signed by the holder of the new key"))
    if problems:
        raise InvalidInputError(problems)
