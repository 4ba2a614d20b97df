"""Goes on with a rotation of the wrapping key beside everything else that the board does."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from openviber_app.services import key_rotation
from openviber_app.services.runtime import Runtime

LOG = logging.getLogger(__name__)


@asynccontextmanager
async def running(runtime: Runtime) -> AsyncIterator[None]:
    """Work for as long as the block runs; what a killed board left is taken up first."""
    async with asyncio.TaskGroup() as tasks:
        worker = tasks.create_task(_work(runtime))
        try:
            yield
        finally:
            worker.cancel()


async def _work(runtime: Runtime) -> None:
    while True:  # until the board stops
        runtime.rotation_wanted.clear()
        try:
            await key_rotation.advance(runtime)
        except Exception:  # the board serves on, and the rotation can be asked for again
            LOG.exception("the rotation of the wrapping key stopped")
        await runtime.rotation_wanted.wait()
