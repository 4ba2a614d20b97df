"""Who is asking and what they may, as dependencies of routes: here scopes are checked."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from openviber_app.domain.actors import Actor
from openviber_app.domain.roles import require_scope
from openviber_app.domain.scopes import Scope, default_scope
from openviber_app.services.runtime import Runtime, current
from openviber_app.services.visitors import actor_of


class Needing:
    """The person behind a request; a token of theirs needs a scope, by default the method's."""

    def __init__(self, scope: Scope | None = None) -> None:
        self._scope = scope

    async def __call__(self, connection: HTTPConnection) -> Actor:
        actor = await actor_of(connection, current())
        require_scope(actor, self.scope_for(connection.scope["method"]))
        return actor

    def scope_for(self, method: str) -> Scope:
        """Return what a request of this method needs here."""
        return self._scope or default_scope(method)


CurrentActor = Annotated[Actor, Depends(Needing())]
"""GET needs `read`, everything else `write`."""

Reader = Annotated[Actor, Depends(Needing(Scope.READ))]
Runner = Annotated[Actor, Depends(Needing(Scope.RUN))]
Admin = Annotated[Actor, Depends(Needing(Scope.ADMIN))]
"""Their role is judged by the service, with `require_right`."""

CurrentRuntime = Annotated[Runtime, Depends(current)]


def needed_scope(route: APIRoute) -> Scope | None:
    """Return what a route needs; None is a route without a person."""
    needs = next(iter(_needs(route.dependant)), None)
    return needs.scope_for(min(route.methods or {"GET"})) if needs else None


def _needs(dependant: Dependant) -> Iterator[Needing]:
    if isinstance(dependant.call, Needing):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _needs(inner)
