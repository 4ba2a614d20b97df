"""Every route of the API as its OpenAPI document lists it, with things of people to ask for."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from fastapi import APIRouter

from openviber_app import api, hub
from openviber_app.api.app import create_api
from openviber_app.domain.actors import Actor
from openviber_app.domain.ids import new_id
from openviber_app.domain.sharing import Access
from openviber_app.services import accounts, api_tokens, sessions, shares
from openviber_app.services.runtime import Runtime
from openviber_app.store import users
from openviber_app.store.people_tables import Identity, Invite, User
from openviber_app.vault.tokens import hash_token
from tests.support.board import Person, add_person
from tests.support.mapped import claimed_node
from tests.support.workbench import add_prepare, make_bench


@cache
def routers() -> tuple[APIRouter, ...]:
    """Return every router that a module of the board makes."""
    modules = [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for package in (api, hub)
        for found in pkgutil.iter_modules(package.__path__)
    ]
    made = [getattr(module, "router", None) for module in modules]
    return tuple(router for router in made if isinstance(router, APIRouter))


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return create_api(*routers()).openapi()


def _resolved(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a schema's alternatives, each without references."""
    if "$ref" in schema:
        return _resolved(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return [one for part in schema["anyOf"] for one in _resolved(part)]
    return [schema]


@dataclass(frozen=True)
class Field:
    """A field of a body, at the top of it."""

    name: str
    alternatives: list[Mapping[str, Any]] = field(repr=False)

    def is_of(self, **wanted: str) -> bool:
        """Whether one of its types is this one."""
        return any(all(a.get(k) == v for k, v in wanted.items()) for a in self.alternatives)

    @property
    def is_choice(self) -> bool:
        return any("enum" in a or "const" in a for a in self.alternatives)


@dataclass(frozen=True)
class Route:
    """One operation."""

    method: str
    path: str
    parameters: list[Mapping[str, Any]] = field(repr=False)
    fields: list[Field] = field(repr=False)
    has_body: bool = False
    scope: str = ""
    """What a token needs; empty: no person is asked for."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def ids(self) -> list[str]:
        """The ids in its path."""
        return [
            p["name"]
            for p in self.parameters
            if p["in"] == "path" and p["schema"].get("format") == "uuid"
        ]


def every_route() -> Iterator[Route]:
    """Give every operation of the document."""
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema")
            fields = [
                Field(name, _resolved(schema))
                for shape in (_resolved(body) if body else [])
                for name, schema in shape.get("properties", {}).items()
            ]
            parameters = operation.get("parameters", [])
            # one path for two nouns: both are asked
            kinds = next((p["schema"]["enum"] for p in parameters if p["name"] == "kind"), [""])
            for kind in kinds:
                there = path.replace("{kind}", kind)
                yield Route(
                    method.upper(),
                    there,
                    parameters,
                    fields,
                    has_body=bool(body),
                    scope=operation.get("x-scope", ""),
                )


BODIES: dict[str, dict[str, Any]] = {
    "POST /api/setup": {
        "name": "C",
        "email": "c@x.test",
        "password": "a long enough one",
        "code": "1",
    },
    "POST /api/sessions": {"email": "c@x.test", "password": "a long enough one"},
    "POST /api/tokens": {"name": "ci"},
    "POST /api/join": {
        "name": "C",
        "email": "c@x.test",
        "password": "a long enough one",
        "token": "ov_invite_never_was",
    },
    "POST /api/password-reset": {"code": "ov_reset_never_was", "password": "a long enough one"},
    "POST /api/invites": {"role": "member"},
    "PATCH /api/users/{user_id}": {"role": "member"},
    "PATCH /api/me": {"name": "Mine"},
    "PUT /api/me/password": {
        "currentPassword": "a long enough one",
        "newPassword": "another long one",
    },
    "POST /api/openid/start": {"invite": "ov_invite_x"},
    "POST /api/me/identities": {},
    "PUT /api/drafts/{key}": {"value": "mine"},
    "POST /api/users": {"name": "C", "email": "c@x.test", "password": "a long enough one"},
    "POST /api/environments": {"name": "mine", "type": "manual"},
    "POST /api/environments/plan": {"name": "mine", "type": "manual"},
    "POST /api/environments/check": {"name": "mine", "type": "manual"},
    "PUT /api/environments/{environment_id}": {"name": "mine", "type": "manual"},
    "PATCH /api/environments/{environment_id}/mark": {"isPinned": True},
    "PUT /api/environments/{environment_id}/shares": {
        "email": "carol@example.test",
        "role": "viewer",
    },
    "POST /api/environments/{environment_id}/bindings": {"nodeId": "{own node}"},
    "POST /api/bindings/{binding_id}/prepares": {},
    "PATCH /api/bindings/{binding_id}": {"isDefault": True},
    "POST /api/nodes/{node_id}/keys": {
        "signingKey": "k",
        "sealingKey": "k",
        "tokenHash": "0" * 64,
        "signature": "s",
        "proof": "s",
    },
    "POST /api/nodes/tokens": {"name": "mine"},
    "PATCH /api/nodes/{node_id}": {"name": "mine"},
    "POST /api/nodes/onboard": {
        "token": "t",
        "signingKey": "k",
        "sealingKey": "k",
        "signature": "s",
    },
    "POST /api/threads": {"environmentId": "{own environment}"},
    "PATCH /api/threads/{thread_id}": {"title": "mine"},
    "POST /api/threads/{thread_id}/messages": {"text": "ls"},
}
"""A body that each route would take; a new route with a body needs one here."""


@dataclass(frozen=True)
class Belongings:
    """One of everything that a person can have; `node_token` is their node's own."""

    ids: dict[str, str]
    node_token: str

    def path(self, route: Route, **others: str) -> str:
        """Return a route's path with this person's ids in it."""
        ids = self.ids | others
        if route.path.startswith("/api/prepares"):
            ids["execution_id"] = others.get("execution_id", self.ids["prepare_id"])
        return route.path.format(key="note", **{name: ids[name] for name in route.ids})

    def body(self, route: Route) -> dict[str, Any] | None:
        """Return a body for a route that names this person's own things."""
        if not route.has_body:
            return None
        own = {"{own node}": "node_id", "{own environment}": "environment_id"}
        return {
            name: self.ids[own[value]] if value in own else value
            for name, value in BODIES[str(route)].items()
        }


async def _carol(runtime: Runtime) -> User:
    """Return somebody with whom everybody shares."""
    async with runtime.store.read() as db:
        found = await users.find_user_by_email(db, "carol@example.test")
    if found is None:
        await add_person(runtime, name="Carol")
        return await _carol(runtime)
    return found


async def belongings(runtime: Runtime, person: Person) -> Belongings:
    """Make one of everything for a person."""
    bench = await make_bench(runtime, person.actor, title="private")
    prepare = await add_prepare(runtime, bench.binding)
    run = await bench.run_of(await bench.say())
    queued = await bench.say("next")
    for execution_id in (prepare.id, run.id):
        await bench.log(execution_id, b"private words\n", offset=0)
    (token,) = await api_tokens.list_tokens(runtime, person.actor)
    await accounts.start_session(runtime, person.actor)
    (session, *_) = await sessions.list_sessions(runtime, person.actor, cookie="")
    identity = Identity(
        user_id=person.actor.user_id,
        issuer="https://id.example.org",
        subject=person.actor.name,
        created_at=runtime.clock.now(),
    )
    async with runtime.store.write() as db:
        db.add(identity)
    node = await claimed_node(runtime, person, name="attic")
    invite = await add_invite(runtime, person.actor)
    carol = await _carol(runtime)
    await shares.put_share(
        runtime,
        person.actor,
        environment_id=bench.environment.id,
        email=carol.email,
        role=Access.VIEWER,
    )
    ids = {
        "environment_id": bench.environment.id,
        "binding_id": bench.binding.id,
        "prepare_id": prepare.id,
        "thread_id": bench.thread.id,
        "run_id": run.id,
        "message_id": queued.id,
        "execution_id": run.id,
        "token_id": token.id,
        "session_id": session.id,
        "node_id": node.id,
        "identity_id": identity.id,
        "user_id": carol.id,
        "invite_id": invite.id,
    }
    return Belongings(
        {name: str(value) for name, value in ids.items()}, f"ov_node_attic_{person.actor.name}"
    )


async def add_invite(runtime: Runtime, actor: Actor) -> Invite:
    """Store an invite that somebody made, whoever they are by now."""
    now = runtime.clock.now()
    invite = Invite(
        created_by=actor.user_id,
        token_hash=hash_token(f"of {actor.user_id}"),
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    async with runtime.store.write() as db:
        db.add(invite)
    return invite


def missing_ids() -> dict[str, str]:
    """Return an id of each kind that nothing has."""
    return {
        f"{noun}_id": str(new_id())
        for noun in (
            *(
                "environment",
                "binding",
                "prepare",
                "thread",
                "run",
                "message",
                "execution",
                "token",
                "node",
                "session",
                "identity",
                "user",
                "invite",
            ),
        )
    }
