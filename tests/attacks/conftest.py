"""A board, two people, a node of one, and an environment whose rows somebody else writes in."""

import pytest

from openviber_app.services.runtime import Runtime
from tests.app.conftest import people, runtime
from tests.app.hub.conftest import served
from tests.support.board import People
from tests.support.environments import secret
from tests.support.tampering import VALUE, Victim, make_victim

__all__ = ["people", "runtime", "served", "victim"]


@pytest.fixture
async def victim(runtime: Runtime, people: People) -> Victim:
    return await make_victim(runtime, people.alice, secrets=(secret("TOKEN", VALUE),))
