"""What `openviber-board secrets` does: beside a running board, or while none runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url

from openviber_app.bus import Bus
from openviber_app.domain.clock import SystemClock
from openviber_app.domain.errors import OpenViberError
from openviber_app.services import key_rotation, key_state, secrets
from openviber_app.services.key_state import Verification
from openviber_app.services.runtime import Runtime
from openviber_app.settings import Settings
from openviber_app.store import migrate
from openviber_app.store.engine import Store
from openviber_app.store.trust_tables import KeyRotation
from openviber_app.vault.vault import Vault


def rotate(settings: Settings) -> int:
    """Wrap every secret's key with a new version of the wrapping key; return the exit code."""
    return asyncio.run(_rotate(settings))


def verify(settings: Settings, *, prune: bool) -> int:
    """Open every secret, print what does not open, return 1 if there is any."""
    return asyncio.run(_verify(settings, prune=prune))


async def _rotate(settings: Settings) -> int:
    async with _runtime(settings) as runtime:
        started = await key_rotation.start(runtime, actor=None)
        print(f"wrapping with {started.to_key_id}: {started.total - started.done} to go")

        def tell(rotation: KeyRotation) -> None:
            print(f"{rotation.done} of {rotation.total}", flush=True)

        rotation = await key_rotation.advance(runtime, on_batch=tell) or started
    for problem in rotation.problems.values():
        print(f"problem: {problem}")
    if rotation.ended_at is None:
        print("stopped; run it again to go on")
    return 1 if rotation.problems else 0


async def _verify(settings: Settings, *, prune: bool) -> int:
    async with _runtime(settings) as runtime:
        found = await key_state.verify(runtime, actor=None)
        for line in table(found):
            print(line)
        if found.findings:
            return 1
        for key_id in await key_rotation.prune(runtime) if prune else ():
            print(f"removed {key_id}: nothing uses it; a copy of the database from before needs it")
    return 0


def table(found: Verification) -> list[str]:
    """Return what did not open as lines in columns, then the sum: names, never values."""
    rows = [(one.environment, one.secret or "(list)", one.problem) for one in found.findings]
    lines: list[str] = []
    if rows:
        rows = [("ENVIRONMENT", "SECRET", "PROBLEM"), *rows]
        first, second = (max(len(row[at]) for row in rows) for at in (0, 1))
        lines = [f"{row[0]:<{first}}  {row[1]:<{second}}  {row[2]}" for row in rows]
    problems = f"{len(found.findings)} problem(s)" if found.findings else "all of them open"
    return [*lines, f"{found.secrets} secret(s) of {found.environments} environment(s): {problems}"]


@asynccontextmanager
async def _runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Open the board's parts without its lock: writes go through SQLite's own, one at a time."""
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        raise OpenViberError(f"there is no board in DATA={settings.data}: {file} does not exist")
    await migrate.upgrade(settings.database_url)
    store = Store(settings.database_url)
    try:
        vault = await asyncio.to_thread(Vault.open, settings.data, settings.kms)
        runtime = Runtime(
            settings=settings, store=store, vault=vault, bus=Bus(), clock=SystemClock()
        )
        await secrets.check_vault(runtime)
        yield runtime
        vault.close()
    finally:
        await store.close()


def sqlite_file(settings: Settings) -> Path | None:
    """Return the database's file; None when it is PostgreSQL."""
    address = make_url(settings.database_url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    return Path(address.database)
