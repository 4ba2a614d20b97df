"""The routes by which keys change, a node's and the board's; they speak the protocol's words."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotFoundError
from openviber_app.domain.roles import require_scope
from openviber_app.domain.scopes import Scope
from openviber_app.services import node_keys, nodes, signing_key
from openviber_app.services.runtime import current
from openviber_app.services.visitors import actor_of, bearer, client_of
from openviber_protocol.canonical import hub_key_signed, rotate_signed
from openviber_protocol.frame import Wire

router = APIRouter(prefix="/api", tags=["keys"])

FOR_ADMINS = {"x-scope": Scope.ADMIN.value}

Short = Annotated[str, Field(max_length=512)]


class RotateRequest(Wire):
    """A node's new public keys, and the SHA-256 (hex) of its new token.

    Both signatures are over `canonical.rotate_signed`: `signature` is the old signing key's,
    `proof` the new one's.
    """

    signing_key: Short
    sealing_key: Short
    token_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    signature: Short
    proof: Short


class RotateReply(Wire):
    """What the board knows the node by from now on."""

    signing_key_id: str
    sealing_key_id: str


class FollowerOut(Wire):
    """A node, and whether it trusts today's key already: the others take it when they connect."""

    id: UUID
    name: str
    is_connected: bool
    has_key: bool


class HubKeyOut(Wire):
    """The key with which this board signs, those before it, oldest first, and who follows it."""

    key_id: str
    since: datetime | None
    earlier_key_ids: tuple[str, ...]
    nodes: tuple[FollowerOut, ...]


@router.post("/nodes/{node_id}/keys")
async def rotate_node_keys(node_id: UUID, body: RotateRequest, request: Request) -> RotateReply:
    """Take a node's new keys; it sends them itself, with its old token, signed by its old key."""
    runtime = current()
    node = await nodes.get_node_by_token(runtime, bearer(request) or "")
    if node.id != node_id:
        raise NotFoundError("node")
    taken = await node_keys.take_keys(
        runtime,
        node,
        node_keys.NewKeys(
            signing_key=body.signing_key,
            sealing_key=body.sealing_key,
            token_hash=body.token_hash,
            signature=body.signature,
            proof=body.proof,
            signed=rotate_signed(
                node_id=node.id,
                old_key_id=node.signing_key_id or "",
                signing_key=body.signing_key,
                sealing_key=body.sealing_key,
                token_hash=body.token_hash,
            ),
        ),
        client=client_of(request, runtime),
    )
    return RotateReply(signing_key_id=taken.signing_key_id, sealing_key_id=taken.sealing_key_id)


@router.get("/keys/signing", openapi_extra=FOR_ADMINS)
async def get_signing_key(request: Request) -> HubKeyOut:
    """Return which key this board signs with, to everybody here; nodes are anybody's."""
    await _admin(request)
    return _out(await signing_key.get_hub_key(current()))


@router.post("/keys/signing/rotate", openapi_extra=FOR_ADMINS)
async def rotate_signing_key(request: Request) -> HubKeyOut:
    """Sign with a new key, named by the old one; nodes follow by themselves. Owners only."""
    runtime = current()
    return _out(
        await signing_key.rotate_hub_key(
            runtime,
            await _admin(request),
            signed_over=lambda old, new: hub_key_signed(old_key=old, new_key=new),
            client=client_of(request, runtime),
        )
    )


async def _admin(request: Request) -> Actor:
    """Return who asks; a token of theirs needs the scope of the board's keys."""
    actor = await actor_of(request, current())
    require_scope(actor, Scope.ADMIN)
    return actor


def _out(key: signing_key.HubKey) -> HubKeyOut:
    return HubKeyOut.model_validate(asdict(key))
