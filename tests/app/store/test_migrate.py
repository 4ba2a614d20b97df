import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from openviber_app.store import migrate
from openviber_app.store.engine import Store, sqlite_url


async def _revision(url: str) -> list[str]:
    found: list[str] = []
    await migrate.run(
        url,
        lambda connection: found.extend(
            connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars()
        ),
    )
    return found


async def test_an_upgrade_makes_the_folder_the_file_and_the_schema(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "new" / "board.sqlite3")
    await migrate.upgrade(url)
    assert len(await _revision(url)) == 1


@pytest.mark.parametrize("is_there", [False, True])
async def test_nobody_else_on_the_machine_reads_a_database(
    tmp_path: Path, *, is_there: bool
) -> None:
    file = tmp_path / "board.sqlite3"
    tmp_path.chmod(0o755)  # a folder that somebody made beforehand
    if is_there:
        file.touch(mode=0o644)
    store = Store(sqlite_url(file))
    try:
        await migrate.upgrade(sqlite_url(file))
        async with store.write() as db:
            await db.execute(sa.text("SELECT 1"))
            made = {one.name: one.stat().st_mode & 0o777 for one in tmp_path.iterdir()}
    finally:
        await store.close()
    assert made == dict.fromkeys(("board.sqlite3", "board.sqlite3-wal", "board.sqlite3-shm"), 0o600)


async def test_a_current_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "board.sqlite3"
    await migrate.upgrade(sqlite_url(file))
    before = file.read_bytes()
    await migrate.upgrade(sqlite_url(file))
    assert file.read_bytes() == before


async def test_a_database_of_a_newer_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "board.sqlite3")
    await migrate.upgrade(url)
    await migrate.run(
        url,
        lambda connection: connection.execute(
            sa.text("UPDATE alembic_version SET version_num = '9999'")
        ),
    )
    with pytest.raises(migrate.MigrationError, match="newer"):
        await migrate.upgrade(url)


async def test_a_migration_that_leaves_rows_without_their_parents_is_undone(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "board.sqlite3")
    await migrate.upgrade(url)
    orphan = sa.text(
        "INSERT INTO sessions"
        " (token_hash, user_id, created_at, expires_at, last_seen_at, user_agent)"
        " VALUES ('x', '00', '2026-01-01', '2026-01-01', '2026-01-01', '')"
    )
    with pytest.raises(migrate.MigrationError, match="sessions"):
        await migrate.run(url, lambda connection: connection.execute(orphan))
    found: list[int] = []
    count = sa.text("SELECT count(*) FROM sessions")
    await migrate.run(url, lambda connection: found.append(connection.execute(count).scalar_one()))
    assert found == [0]


def test_the_scripts_lie_at_the_top_of_a_checkout() -> None:
    assert (migrate.scripts_folder() / "env.py").is_file()
    assert (migrate.scripts_folder() / "versions").is_dir()


def test_an_installed_package_finds_the_scripts_that_its_wheel_carries(tmp_path: Path) -> None:
    root = Path(migrate.__file__).parents[2]
    package = tmp_path / "site" / "openviber_app"
    for part in ("store", "domain"):
        shutil.copytree(root / "openviber_app" / part, package / part)
    for file in ("__init__.py", "settings.py"):
        shutil.copy(root / "openviber_app" / file, package / file)
    shutil.copytree(root / "alembic", package / "migrations")  # pyproject's force-include
    program = (
        "import asyncio, sys; sys.path.insert(0, sys.argv[1])\n"
        "from openviber_app.store import migrate\n"
        "assert migrate.scripts_folder().name == 'migrations', migrate.scripts_folder()\n"
        "asyncio.run(migrate.upgrade(sys.argv[2]))\n"
    )
    url = sqlite_url(tmp_path / "board.sqlite3")
    arguments = [sys.executable, "-c", program, str(tmp_path / "site"), url]
    done = subprocess.run(
        arguments, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=50
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "board.sqlite3").stat().st_size > 0
