"""Routes of nodes."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import Field
from starlette.requests import Request

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.payload import Payload
from openviber_app.domain.errors import NotFoundError, NotSignedInError
from openviber_app.services import node_config, nodes
from openviber_app.services.visitors import bearer

router = APIRouter(prefix="/api/nodes", tags=["nodes"])

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class NodeName(Payload):
    """How its owner calls a node."""

    name: Annotated[str, Field(max_length=200)]


class OnboardCommands(Payload):
    """`install` is for a machine that has only Python; `onboard` for one that has the daemon."""

    install: str
    onboard: str


class OnboardTokenOut(Payload):
    """A one-time token, with what to type where; `warning` says what the address means."""

    token: str
    expires_at: datetime
    node_id: UUID
    commands: OnboardCommands
    address: str
    encrypted: bool
    warning: str


class NodeOut(Payload):
    """A node. `link` is `waiting` (not onboarded), `connected` or `unreachable`."""

    id: UUID
    name: str
    link: str
    link_changed_at: datetime | None
    last_seen_at: datetime | None
    daemon_version: str
    capabilities: dict[str, Any]
    load: dict[str, Any]
    created_at: datetime
    claimed_at: datetime | None
    bindings: int
    prepares: int
    runs: int


class NodeListOut(Payload):
    """Nodes, oldest first."""

    nodes: list[NodeOut]


class NodeConfigBody(Payload):
    """What a node may know; `version` changes when the rest does."""

    environments: list[dict[str, Any]]
    bindings: list[dict[str, Any]]
    version: str


class NodeConfigOut(Payload):
    """A node's configuration."""

    config: NodeConfigBody


def _commands(address: str, token: str, *, insecure: bool) -> OnboardCommands:
    flags = " --allow-insecure" if insecure else ""
    script = f"{address}/api/daemon/install.py"
    fetch = f"import urllib.request as u; exec(u.urlopen('{script}').read())"
    return OnboardCommands.model_validate(
        {
            "install": f'OPENVIBER_TOKEN={token} python3 -c "{fetch}" --board {address}{flags}',
            "onboard": f"openviber onboard --token {token} --board {address}{flags}",
        }
    )


def _warning(address: str, *, insecure: bool, is_local: bool) -> str:
    if is_local:
        return (
            f"{address} is reached from this machine only; for another machine start the board"
            " with HOST=0.0.0.0, or better with PUBLIC_URL=https://... behind a TLS proxy"
        )
    if insecure:
        return (
            f"{address} is not encrypted: whoever is on the way can read logs and steer the node;"
            " secrets stay sealed. Put a TLS proxy in front and set PUBLIC_URL=https://..."
        )
    return ""


@router.post("/tokens", status_code=201)
async def make_token(
    body: NodeName, actor: CurrentActor, runtime: CurrentRuntime
) -> OnboardTokenOut:
    """Make a node and the one-time token that a machine claims it with."""
    made = await nodes.make_token(runtime, actor, name=body.name)
    address = runtime.settings.public_url
    parts = urlsplit(address)
    encrypted, is_local = parts.scheme == "https", parts.hostname in LOOPBACK
    insecure = not encrypted and not is_local
    return OnboardTokenOut.model_validate(
        {
            "token": made.token,
            "expiresAt": made.expires_at,
            "nodeId": made.node_id,
            "commands": _commands(address, made.token, insecure=insecure),
            "address": address,
            "encrypted": encrypted,
            "warning": _warning(address, insecure=insecure, is_local=is_local),
        }
    )


@router.get("")
async def list_nodes(actor: CurrentActor, runtime: CurrentRuntime) -> NodeListOut:
    """List your nodes."""
    views = await nodes.list_nodes(runtime, actor)
    return NodeListOut(nodes=[_out(view) for view in views])


def _out(view: nodes.NodeView) -> NodeOut:
    return NodeOut.model_validate(view, by_name=True)


@router.get("/{node_id}")
async def get_node(node_id: UUID, actor: CurrentActor, runtime: CurrentRuntime) -> NodeOut:
    """Return one node."""
    return _out(await nodes.get_node(runtime, actor, node_id=node_id))


@router.patch("/{node_id}")
async def rename_node(
    node_id: UUID, body: NodeName, actor: CurrentActor, runtime: CurrentRuntime
) -> NodeOut:
    """Rename a node."""
    return _out(await nodes.rename_node(runtime, actor, node_id=node_id, name=body.name))


@router.delete("/{node_id}", status_code=204)
async def delete_node(node_id: UUID, actor: CurrentActor, runtime: CurrentRuntime) -> None:
    """Remove a node with its mappings, and close its connection."""
    await nodes.delete_node(runtime, actor, node_id=node_id)


@router.get("/{node_id}/config", response_model=NodeConfigOut)
async def get_config(
    node_id: UUID,
    request: Request,
    runtime: CurrentRuntime,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Any:
    """Return a node's own configuration; only that node's token opens it."""
    token = bearer(request)
    if token is None:
        raise NotSignedInError("send the node's own token")
    node = await nodes.get_node_by_token(runtime, token)
    if node.id != node_id:
        raise NotFoundError("node")
    async with runtime.store.read() as db:
        config = await node_config.build_config(db, node_id=node_id)
    etag = f'"{config.version}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if if_none_match and etag in {tag.strip() for tag in if_none_match.split(",")}:
        return Response(status_code=304, headers=headers)
    body = NodeConfigOut(config=NodeConfigBody.model_validate(config))
    return Response(body.model_dump_json(), media_type="application/json", headers=headers)
