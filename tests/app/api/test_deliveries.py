from openviber_app.api import deliveries as routes
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client
from tests.support.environments import secret
from tests.support.tampering import make_victim


async def test_the_route_shows_names_and_versions(runtime: Runtime, people: People) -> None:
    victim = await make_victim(runtime, people.alice, secrets=(secret("TOKEN", "first-value"),))
    await victim.send()
    async with api_client(runtime, routes.router, person=people.alice) as api:
        body = (await api.get(f"/api/environments/{victim.environment_id}/deliveries")).json()
    (one,) = body["deliveries"]
    assert (one["key"], one["version"], one["currentVersion"]) == ("TOKEN", 1, 1)
    assert body["stale"] == []
