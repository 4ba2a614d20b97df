"""Tests of `openviber_app.api.auth`."""

from fastapi import APIRouter

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client

router = APIRouter(prefix="/api/whoami")


@router.get("")
async def whoami(runtime: CurrentRuntime, actor: CurrentActor) -> dict[str, str]:
    return {"name": actor.name, "board": runtime.settings.public_url}


async def test_a_route_gets_its_person_and_its_board(runtime: Runtime, people: People) -> None:
    async with api_client(runtime, router) as api:
        for person in (people.alice, people.bob):
            answer = await api.get("/api/whoami", headers=person.headers)
            assert answer.json() == {"name": person.actor.name, "board": "http://board.test"}
        refused = await api.get("/api/whoami")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
