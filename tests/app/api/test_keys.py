from openviber_app.api import keys as routes
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client
from tests.support.environments import secret
from tests.support.tampering import make_victim


async def test_the_routes_tell_rotate_and_verify(runtime: Runtime, people: People) -> None:
    await make_victim(runtime, people.alice, secrets=(secret("A", "value-of-a"),))
    async with api_client(runtime, routes.router, person=people.alice) as api:
        before = (await api.get("/api/keys")).json()
        assert (before["provider"], before["rotation"]) == ("local", None)
        assert before["keys"] == [
            {"keyId": before["currentKeyId"], "secrets": 1, "lists": 1, "isCurrent": True}
        ]
        started = await api.post("/api/keys/wrapping/rotate")
        assert (started.status_code, started.json()["total"]) == (202, 2)
        assert runtime.rotation_wanted.is_set()
        after = (await api.get("/api/keys")).json()
        assert [key["isCurrent"] for key in after["keys"]] == [True, False]
        assert (after["rotation"]["done"], after["rotation"]["stopped"]) == (0, "")
        assert (await api.post("/api/keys/verify")).json()["findings"] == []
