"""Onboarding: how a machine becomes a node."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from openviber_app.domain.errors import ForbiddenError, InvalidInputError, Problem
from openviber_app.domain.ip_addresses import brake_key
from openviber_app.domain.reports import Advance
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.nodes import NODE_TOKEN_PREFIX
from openviber_app.services.runtime import Runtime
from openviber_app.store import nodes
from openviber_app.store.tables import Node
from openviber_app.vault.bundles import is_sealing_key
from openviber_app.vault.signing import key_id_of, verify_signature
from openviber_app.vault.tokens import hash_token, new_token

REFUSED = (
    "this one-time token is unknown, used or expired; make a new one on the board: Nodes > Add node"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a new node sends. Keys are base64 of the raw public keys; `signed` is what it signed."""

    token: str
    signing_key: str
    sealing_key: str
    signature: str
    signed: bytes
    hostname: str
    capabilities: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Claim(by {self.hostname})"


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the node needs from now on; `auth_token` exists nowhere else."""

    node_id: UUID
    name: str
    auth_token: str
    hub_key: str
    hub_key_id: str
    hub_url: str

    def __repr__(self) -> str:
        return f"Claimed({self.name})"


def hub_url(public_url: str) -> str:
    """Return the address of the socket that belongs to a board's address."""
    return public_url.replace("http", "ws", 1) + "/hub"


async def claim(runtime: Runtime, request: Claim, *, client: str) -> Claimed:
    """Turn a one-time token into a node: the row it was made with gets the machine's keys.

    Raises:
        TooManyRequestsError: too many tokens were tried from this address.
        InvalidInputError: a key is no key, or the signature was not made with it.
        ForbiddenError: the token is unknown, used or expired.
    """
    tried = f"onboard {brake_key(client)}"
    runtime.tries.add(tried)
    _check(request)
    auth_token = new_token(NODE_TOKEN_PREFIX)
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        node_id = await nodes.use_onboard_token(db, token_hash=hash_token(request.token), now=now)
        node = await db.get(Node, node_id) if node_id else None
        if node is None or node.claimed_at is not None:
            raise ForbiddenError(REFUSED)
        node.auth_token_hash = hash_token(auth_token)
        node.signing_key = request.signing_key
        node.signing_key_id = key_id_of(request.signing_key)
        node.sealing_key = request.sealing_key
        node.sealing_key_id = key_id_of(request.sealing_key)
        node.hub_key_id = runtime.vault.hub_key_id
        node.capabilities = dict(request.capabilities)
        node.claimed_at = now
        target = Target(kind="node", id=node.id, name=node.name)
        facts = {"key_id": node.signing_key_id}
        record(runtime, db, Deed(action="node.claimed", target=target, client=client, facts=facts))
    runtime.tries.forget(tried)
    runtime.announce([Advance(f"user:{node.user_id}")])
    return Claimed(
        node_id=node.id,
        name=node.name,
        auth_token=auth_token,
        hub_key=runtime.vault.hub_public_key,
        hub_key_id=runtime.vault.hub_key_id,
        hub_url=hub_url(runtime.settings.public_url),
    )


def _check(request: Claim) -> None:
    problems: list[Problem] = []
    if not is_sealing_key(request.sealing_key):
        problems.append(Problem("/sealingKey", "this is not the base64 of an X25519 public key"))
    if not verify_signature(request.signing_key, request.signed, request.signature):
        problems.append(
            Problem("/signature", "this was not signed by the holder of the signing key")
        )
    if problems:
        raise InvalidInputError(problems)
