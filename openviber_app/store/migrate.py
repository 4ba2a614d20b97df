"""Brings a database to the schema of this version, with Alembic."""

import os
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Column, Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from openviber_app.domain.errors import OpenViberError

HEAD = "head"
BUSY_TIMEOUT_MS = 30_000
PRIVATE = 0o600
_HERE = Path(__file__).resolve()


class MigrationError(OpenViberError):
    """The database cannot be brought to this version's schema; the message says why."""


def scripts_folder() -> Path:
    """Return where the migrations lie: inside an installed package, or at the top of a checkout."""
    packaged = _HERE.parents[1] / "migrations"
    return packaged if packaged.is_dir() else _HERE.parents[2] / "alembic"


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings; `connection` is the one that the migrations run on."""
    config = Config()
    config.set_main_option("script_location", str(scripts_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


async def upgrade(url: str, revision: str = HEAD) -> None:
    """Bring a database up, all in one transaction; a current one is left as it is.

    Raises:
        MigrationError: the database comes from a newer version.
    """
    await run(url, lambda connection: command.upgrade(alembic_config(connection), revision))


async def downgrade(url: str, revision: str) -> None:
    """Bring a database down to an older revision (`base` is an empty one)."""
    await run(url, lambda connection: command.downgrade(alembic_config(connection), revision))


async def run(url: str, work: Any) -> None:
    """Run `work(connection)` in one write transaction, with foreign keys checked at its end.

    Raises:
        MigrationError: the database does not fit this version.
    """
    engine = migration_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(work)
            await connection.run_sync(_check_references)
    except CommandError as error:
        raise MigrationError(
            f"this database cannot be used by this version of OpenViber ({error}): it was "
            "probably made by a newer one; install that, or choose another data folder"
        ) from error
    finally:
        await engine.dispose()


def migration_engine(url: str) -> AsyncEngine:
    """Return an engine whose transactions hold schema changes too.

    Foreign keys are off: SQLite changes a table by copying it, and dropping the old one would
    delete every row that refers to it.
    """
    file = make_url(url).database or ":memory:"
    if make_url(url).get_backend_name() == "sqlite" and file != ":memory:":
        _make_private(Path(file))
    engine = create_async_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare)
        event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _make_private(file: Path) -> None:
    """Let the board's user alone read the database; what SQLite puts beside it follows its mode."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=PRIVATE)
    if file.stat().st_uid == os.getuid():
        file.chmod(PRIVATE)


def has_other_default(
    _context: object,
    _inspected: object,
    column: Column[Any],
    stored: str | None,
    _default: object,
    _rendered: str | None,
) -> bool:
    """Compare server defaults; Alembic's own way takes an empty text for none at all."""
    wanted = getattr(column.server_default, "arg", None)
    return (None if wanted is None else str(wanted)) != (
        None if stored is None else stored.strip("()").strip("'")
    )


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(1)
    if broken:
        raise MigrationError(f"rows of {broken[0][0]} refer to missing rows of {broken[0][2]}")
