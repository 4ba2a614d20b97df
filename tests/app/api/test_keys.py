import pytest

from openviber_app.api import keys as routes
from openviber_app.services.accounts import start_session
from openviber_app.services.runtime import Runtime
from openviber_app.services.visitors import COOKIE
from openviber_app.store.people_tables import User
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


@pytest.mark.parametrize("role", ["member", "admin"])
async def test_the_role_decides_even_for_somebody_with_every_scope(
    runtime: Runtime, people: People, role: str
) -> None:
    bob = people.bob.actor.user_id
    async with runtime.store.write() as db:
        (await db.get_one(User, bob)).role = role
    grant = await start_session(runtime, people.bob.actor)  # a session has every scope
    cookie = {"Cookie": f"{COOKIE}={grant.value}"}
    before = runtime.vault.kms_key_id
    async with api_client(runtime, routes.router) as api:
        for method, path in (
            ("GET", "/api/keys"),
            ("POST", "/api/keys/verify"),
            ("POST", "/api/keys/wrapping/rotate"),
        ):
            answer = await api.request(method, path, headers=cookie)
            assert answer.status_code == 403, path
            assert "only the owner" in answer.json()["detail"]
    assert runtime.vault.kms_key_id == before
