"""A board without a socket: a real database, a real vault, two people, and an HTTP client."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
from fastapi import APIRouter

from openviber_app.api.app import create_api
from openviber_app.bus import Bus
from openviber_app.domain.actors import Actor
from openviber_app.domain.clock import Clock, SystemClock
from openviber_app.domain.openid import OpenIdSettings
from openviber_app.domain.roles import scopes_of
from openviber_app.domain.scopes import in_order
from openviber_app.domain.secret import Secret
from openviber_app.services import accounts
from openviber_app.services.runtime import Runtime, install
from openviber_app.settings import Settings
from openviber_app.store.engine import Store, sqlite_url
from openviber_app.store.migrate import upgrade
from openviber_app.store.people_tables import ApiToken, User
from openviber_app.vault.tokens import hash_token, new_token
from openviber_app.vault.vault import Vault

BASE_URL = "http://board.test"
NO_PASSWORD = "!"
CLIENT_SECRET = "a-client-secret-that-nobody-sees"


class StillClock:
    """A clock that moves only when it is told to."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)) -> None:
        self._now = start
        self._boottime = 1000.0

    def now(self) -> datetime:
        return self._now

    def boottime(self) -> float:
        return self._boottime

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by
        self._boottime += by.total_seconds()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account and an API token."""

    actor: Actor
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What an API request of this person carries."""
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True, slots=True)
class People:
    """Two people who may see nothing of each other."""

    alice: Person
    bob: Person


class _Folder:
    """Migrated once per test process; every test gets a copy."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="openviber-board-")
        self.file = Path(self.folder.name) / "board.sqlite3"


@cache
def _template() -> _Folder:
    return _Folder()


async def migrated_file(file: Path) -> Path:
    """Put a database with the newest schema at `file`."""
    template = _template()
    if not template.file.exists():
        await upgrade(sqlite_url(template.file))
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template.file, file)
    return file


@asynccontextmanager
async def runtime(
    folder: Path, *, clock: Clock | None = None, git_hosts: tuple[str, ...] = ()
) -> AsyncIterator[Runtime]:
    """Run a board's parts on a migrated database in `folder`, installed as this process's own."""
    clock = clock or SystemClock()
    file = folder / "board.sqlite3"
    if not file.exists():
        await migrated_file(file)
    settings = Settings(
        data=folder,
        host="127.0.0.1",
        port=3000,
        database_url=sqlite_url(file),
        public_url=BASE_URL,
        git_hosts=git_hosts,
    )
    store = Store(settings.database_url)
    built = Runtime(
        settings=settings, store=store, vault=Vault.open(folder), bus=Bus(), clock=clock
    )
    install(built)
    try:
        yield built
    finally:
        install(None)
        await store.close()


async def add_person(runtime: Runtime, *, name: str, role: str = accounts.MEMBER) -> Person:
    """Make an account that has a token and no password (hashing one takes a while)."""
    user = User(
        name=name,
        email=f"{name.lower()}@example.test",
        password_hash=NO_PASSWORD,
        role=role,
        created_at=runtime.clock.now(),
    )
    async with runtime.store.write() as db:
        db.add(user)
    actor = accounts.actor_from(user)
    token = new_token()
    row = ApiToken(
        user_id=actor.user_id,
        name="tests",
        token_hash=hash_token(token),
        scopes=[scope.value for scope in in_order(scopes_of(role))],
        created_at=runtime.clock.now(),
    )
    async with runtime.store.write() as db:  # by hand: no deed that a test did not do
        db.add(row)
    return Person(actor=actor, token=token)


async def two_users(runtime: Runtime) -> People:
    """Make Alice, who owns the board, and Bob, who does not."""
    return People(
        alice=await add_person(runtime, name="Alice", role=accounts.OWNER),
        bob=await add_person(runtime, name="Bob"),
    )


@asynccontextmanager
async def api_client(
    runtime: Runtime, *routers: APIRouter, person: Person | None = None
) -> AsyncIterator[httpx2.AsyncClient]:
    """Open a client of the API with these routers; `person` signs every request by token."""
    install(runtime)
    transport = httpx2.ASGITransport(create_api(*routers), raise_app_exceptions=True)
    headers = person.headers if person else {}
    async with httpx2.AsyncClient(
        transport=transport, base_url=BASE_URL, headers=headers
    ) as client:
        yield client


def with_git_hosts(runtime: Runtime, *hosts: str) -> Runtime:
    """Return the same board with these git hosts named by its owner, installed as the process's."""
    changed = replace(runtime, settings=replace(runtime.settings, git_hosts=hosts))
    install(changed)
    return changed


def with_provider(runtime: Runtime, issuer: str, **changes: Any) -> Runtime:
    """Return the same board with this OpenID provider set, installed as the process's."""
    provider = OpenIdSettings(
        issuer=issuer, client_id="board", client_secret=Secret(CLIENT_SECRET), name="Acme"
    )
    openid = replace(provider, **changes)
    changed = replace(runtime, settings=replace(runtime.settings, openid=openid))
    install(changed)
    return changed
