"""How the keys stand, thing by thing."""

import pytest

from openviber_app.domain.errors import ForbiddenError
from openviber_app.services import key_state
from openviber_app.services.runtime import Runtime
from tests.support.board import People
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
