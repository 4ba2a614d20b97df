"""Tests of `openviber_app.api.shares`."""

from openviber_app.api import environments, shares
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client
from tests.support.workbench import add_environment


async def test_an_environment_is_shared_by_address_and_says_so(
    runtime: Runtime, people: People
) -> None:
    environment = await add_environment(runtime, people.alice.actor)
    path = f"/api/environments/{environment.id}"
    bob = people.bob
    routers = (environments.router, shares.router)
    async with api_client(runtime, *routers, person=people.alice) as api:
        assert (await api.get(path)).json()["access"] == "owner"
        body = {"email": bob.actor.email, "role": "viewer"}
        made = await api.put(f"{path}/shares", json=body)
        assert made.json()["name"] == "Bob"
        seen = (await api.get("/api/environments", headers=bob.headers)).json()["environments"]
        assert [(one["access"], one["ownerName"]) for one in seen] == [("viewer", "Alice")]
        refused = await api.delete(path, headers=bob.headers)
        assert refused.status_code == 403
        assert "ask Alice" in refused.json()["detail"]
        nobody = await api.put(f"{path}/shares", json=body | {"email": "x@example.test"})
        assert nobody.json()["errors"][0]["pointer"] == "/email"
        (one,) = (await api.get(f"{path}/shares")).json()["shares"]
        assert (one["role"], one["userId"]) == ("viewer", str(bob.actor.user_id))
        assert (await api.delete(f"{path}/shares/{one['userId']}")).status_code == 204
        assert (await api.get(path, headers=bob.headers)).status_code == 404
