"""Who is asking, as a dependency of routes."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from openviber_app.domain.actors import Actor
from openviber_app.services.runtime import Runtime, current
from openviber_app.services.visitors import actor_of


async def _actor(connection: HTTPConnection) -> Actor:
    return await actor_of(connection, current())


CurrentActor = Annotated[Actor, Depends(_actor)]
CurrentRuntime = Annotated[Runtime, Depends(current)]
