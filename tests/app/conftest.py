"""A board and two people, for every test below."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from openviber_app.services.runtime import Runtime
from tests.support import board


@pytest.fixture
async def runtime(tmp_path: Path) -> AsyncIterator[Runtime]:
    async with board.runtime(tmp_path) as built:
        yield built


@pytest.fixture
async def people(runtime: Runtime) -> board.People:
    return await board.two_users(runtime)
