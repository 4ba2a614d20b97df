"""Routes of nodes."""

import dataclasses
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Response
from pydantic import Field
from starlette.requests import Request

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.payload import Payload
from openviber_app.domain import node_commands
from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotFoundError, NotSignedInError
from openviber_app.services import node_config, node_keys, node_standing, nodes, self_tests
from openviber_app.services.runtime import Runtime
from openviber_app.services.visitors import bearer, client_of

ONE_TIME_TOKENS_LIMIT = 30

router = APIRouter(prefix="/api/nodes", tags=["nodes"])


def _client(request: Request, runtime: CurrentRuntime) -> str:
    return client_of(request, runtime)


Client = Annotated[str, Depends(_client)]


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


class SelfTestOut(Payload):
    """The last redaction self-test: of `tried` forms of made-up secrets, `missed` got through.

    `at` is when its result came, none when there was none yet; `problem` says why the last one
    that was asked for did not come about.
    """

    at: datetime | None = None
    tried: int = 0
    masked: int = 0
    missed: tuple[str, ...] = ()
    problem: str = ""


class NodeOut(Payload):
    """A node. `link` is `waiting` (not onboarded), `connected`, `unreachable` or `revoked`.

    `link_reason` says why it is unreachable, `clock_skew_seconds` how far its clock was ahead of
    the board's when it connected, `token_expires_at` until when its one-time token works,
    `fenced_at` when a second daemon last had its identity, `rotation` what became of the wish for
    new keys.
    """

    id: UUID
    name: str
    link: str
    link_changed_at: datetime | None
    link_reason: str
    last_seen_at: datetime | None
    clock_skew_seconds: float | None
    token_expires_at: datetime | None
    daemon_version: str
    capabilities: dict[str, Any]
    load: dict[str, Any]
    self_test: SelfTestOut
    created_at: datetime
    claimed_at: datetime | None
    drained_at: datetime | None
    revoked_at: datetime | None
    fenced_at: datetime | None
    signing_key_id: str
    keys_since: datetime | None
    rotation: str
    bindings: int
    prepares: int
    runs: int


class SeenOut(Payload):
    """A secret of which the node was sent `version`; `is_open` while that is the one in use."""

    environment_id: UUID
    environment: str
    secret_id: UUID
    key: str
    version: int
    current_version: int | None
    last_at: datetime
    is_open: bool


class RevokedOut(Payload):
    """A revoked node, with the secrets it has seen; those that are open are to be rotated."""

    node: NodeOut
    secrets: list[SeenOut]


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


def _made(runtime: Runtime, made: nodes.MadeToken) -> OnboardTokenOut:
    door = node_commands.door_at(runtime.settings.public_url)
    return OnboardTokenOut.model_validate(
        {
            "token": made.token,
            "expiresAt": made.expires_at,
            "nodeId": made.node_id,
            "commands": OnboardCommands.model_validate(
                {"install": door.install(made.token), "onboard": door.onboard(made.token)}
            ),
            "address": door.address,
            "encrypted": door.is_encrypted,
            "warning": door.warning,
        }
    )


def _count_token(runtime: Runtime, actor: Actor) -> None:
    """Count a one-time token, for a new node or for one that waits.

    Raises:
        TooManyRequestsError: the person has made as many as one makes in a while.
    """
    runtime.tries.add(f"one-time tokens of {actor.user_id}", limit=ONE_TIME_TOKENS_LIMIT)


@router.post("/tokens", status_code=201)
async def make_token(
    body: NodeName, actor: CurrentActor, runtime: CurrentRuntime
) -> OnboardTokenOut:
    """Make a node and the one-time token that a machine claims it with."""
    _count_token(runtime, actor)
    return _made(runtime, await nodes.make_token(runtime, actor, name=body.name))


@router.get("")
async def list_nodes(actor: CurrentActor, runtime: CurrentRuntime) -> NodeListOut:
    """List your nodes."""
    views = await nodes.list_nodes(runtime, actor)
    return NodeListOut(nodes=[_out(view) for view in views])


def _out(view: nodes.NodeView) -> NodeOut:
    fields = {field.name: getattr(view, field.name) for field in dataclasses.fields(view)}
    known = {key: view.self_test[key] for key in SelfTestOut.model_fields if key in view.self_test}
    return NodeOut.model_validate({**fields, "self_test": SelfTestOut(**known)}, by_name=True)


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


@router.post("/{node_id}/drain")
async def drain_node(
    node_id: UUID, actor: CurrentActor, client: Client, runtime: CurrentRuntime
) -> NodeOut:
    """Give a node no new work; what runs there goes on, what is queued waits."""
    return _out(await node_standing.drain(runtime, actor, node_id=node_id, client=client))


@router.post("/{node_id}/resume")
async def resume_node(
    node_id: UUID, actor: CurrentActor, client: Client, runtime: CurrentRuntime
) -> NodeOut:
    """Give a drained node work again."""
    return _out(await node_standing.resume(runtime, actor, node_id=node_id, client=client))


@router.post("/{node_id}/rotate-key")
async def rotate_key(
    node_id: UUID, actor: CurrentActor, client: Client, runtime: CurrentRuntime
) -> NodeOut:
    """Have a node make new keys and a new token: now, or when it next connects."""
    return _out(await node_keys.ask_for_new_keys(runtime, actor, node_id=node_id, client=client))


@router.post("/{node_id}/settle-identity")
async def settle_identity(
    node_id: UUID, actor: CurrentActor, client: Client, runtime: CurrentRuntime
) -> NodeOut:
    """Take back the warning that two daemons use a node's identity."""
    return _out(await node_standing.settle_identity(runtime, actor, node_id=node_id, client=client))


@router.post("/{node_id}/revoke")
async def revoke_node(
    node_id: UUID, actor: CurrentActor, client: Client, runtime: CurrentRuntime
) -> RevokedOut:
    """Make a node's token and keys worth nothing; the answer lists the secrets to rotate."""
    revoked = await node_standing.revoke(runtime, actor, node_id=node_id, client=client)
    return RevokedOut.model_validate(
        {
            "node": _out(revoked.node),
            "secrets": [SeenOut.model_validate(seen, by_name=True) for seen in revoked.seen],
        }
    )


@router.delete("/{node_id}", status_code=204)
async def delete_node(node_id: UUID, actor: CurrentActor, runtime: CurrentRuntime) -> None:
    """Remove a node with its mappings, and close its connection."""
    await nodes.delete_node(runtime, actor, node_id=node_id)


@router.post("/{node_id}/self-test", status_code=202)
async def start_self_test(node_id: UUID, actor: CurrentActor, runtime: CurrentRuntime) -> NodeOut:
    """Have a connected node print made-up secrets through its redactor; its score follows."""
    await self_tests.start(runtime, actor, node_id=node_id)
    return _out(await nodes.get_node(runtime, actor, node_id=node_id))


@router.post("/{node_id}/tokens", status_code=201)
async def make_another_token(
    node_id: UUID, actor: CurrentActor, runtime: CurrentRuntime
) -> OnboardTokenOut:
    """Make a new one-time token for a node that still waits; the old one ends."""
    _count_token(runtime, actor)
    return _made(runtime, await nodes.make_another_token(runtime, actor, node_id=node_id))


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
