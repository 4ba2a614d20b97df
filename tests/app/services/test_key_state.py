"""How the keys stand, over the API too."""

import pytest

from openviber_app.api import keys as routes
from openviber_app.domain.errors import ForbiddenError
from openviber_app.services import key_state
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client
from tests.support.environments import secret
from tests.support.tampering import make_victim


async def test_each_thing_that_does_not_open_is_named(runtime: Runtime, people: People) -> None:
    victim = await make_victim(
        runtime, people.alice, secrets=(secret("A", "value-of-a"), secret("B", "value-of-b"))
    )
    found = await key_state.verify(runtime, actor=people.alice.actor)
    assert (found.environments, found.secrets, found.findings) == (1, 2, ())
    await victim.execute("UPDATE environment_secrets SET encrypted_value = x'00' WHERE key = 'A'")
    await victim.execute("UPDATE environments SET secrets_manifest = ''")
    found = await key_state.verify(runtime, actor=None)
    assert [(one.environment, one.secret) for one in found.findings] == [
        ("library", ""),
        ("library", "A"),
    ]
    with pytest.raises(ForbiddenError):
        await key_state.verify(runtime, actor=people.bob.actor)


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
