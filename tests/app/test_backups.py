"""Backup and restore of a board, with the drill: what was kept opens elsewhere."""

import os
import sqlite3
import stat
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from openviber_app.backups import BackupError, backup, restore
from openviber_app.services.runtime import Runtime
from openviber_app.services.secrets import check_vault
from openviber_app.settings import Settings
from openviber_app.store.engine import sqlite_url
from tests.support import board
from tests.support.board import People
from tests.support.environments import secret
from tests.support.tampering import VALUE, Victim, make_victim


def _elsewhere(settings: Settings, folder: Path) -> Settings:
    return replace(settings, data=folder, database_url=sqlite_url(folder / "board.sqlite3"))


async def test_a_backup_taken_while_the_board_writes_opens_elsewhere(
    runtime: Runtime, people: People, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    await check_vault(runtime)
    victim = await make_victim(runtime, people.alice, secrets=(secret("TOKEN", VALUE),))
    file, settings = folder / "board.backup", runtime.settings
    async with runtime.store.write():  # somebody writes at this moment
        said = backup(settings, file)
    assert "holds the board's keys" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await victim.save(people.alice, secret("TOKEN", "saved-after-the-backup"))

    assert "secrets verify" in restore(_elsewhere(settings, folder / "data"), file)
    assert stat.S_IMODE((folder / "data" / "keys" / "kek.json").stat().st_mode) == 0o600
    async with board.runtime(folder / "data") as restored:
        await check_vault(restored)
        there = Victim(restored, victim.mapped, victim.keys)
        (frame,) = await there.send()  # it seals: value, list and generation belong together
        assert frame.payload.bundle is not None  # pyright: ignore[reportAttributeAccessIssue]
        assert [row.version for row in await there.secret_rows()] == [1]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A board that is only files."""
    data = tmp_path / "board"
    (data / "keys").mkdir(parents=True)
    (data / "keys" / "kek.json").write_text("{}")
    with sqlite3.connect(data / "board.sqlite3") as db:
        db.execute("CREATE TABLE t (a)")
    db.close()
    return Settings(data, "", 3000, sqlite_url(data / "board.sqlite3"), "", ())


def test_an_existing_file_and_a_used_folder_are_left_alone(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "b"
    file.write_text("mine")
    with pytest.raises(BackupError, match="exists already"):
        backup(settings, file)
    assert file.read_text() == "mine"
    backup(settings, tmp_path / "c")
    with pytest.raises(BackupError, match="not empty"):
        restore(settings, tmp_path / "c")


@pytest.mark.parametrize("damage", ["cut", "half", "changed", "empty", "nonsense", "absent"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    settings: Settings, tmp_path: Path, damage: str
) -> None:
    file, target = tmp_path / "b", tmp_path / "new" / "data"
    backup(settings, file)
    whole = file.read_bytes()
    at = whole.index(b"SQLite format 3") + 200
    content = {
        "cut": whole[: at + 50],
        "half": whole[:1024],
        "changed": whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :],
        "empty": b"",
        "nonsense": os.urandom(4096),
    }.get(damage)
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BackupError):
        restore(_elsewhere(settings, target), file)
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("name", ["../evil", "keys/../../evil", "/evil", "keys/a/b", "other"])
def test_a_name_that_no_backup_has_is_not_written(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "b"
    backup(settings, file)
    with tarfile.open(file, "a") as archive:
        archive.addfile(tarfile.TarInfo(name))
    with pytest.raises(BackupError, match="not a whole backup"):
        restore(_elsewhere(settings, tmp_path / "new" / "data"), file)
    assert list((tmp_path / "new").iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_no_board_and_another_database_are_said(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no board"):
        backup(_elsewhere(settings, tmp_path / "nothing"), tmp_path / "b")
    other = replace(settings, database_url="postgresql+asyncpg://board@db/board")
    for call in (backup, restore):
        with pytest.raises(BackupError, match="pg_dump"):
            call(other, tmp_path / "b")
    assert not (tmp_path / "b").exists()
