"""What `openviber-board backup` and `restore` do: one private file with database and keys.

A backup is a tar of `manifest.json`, `board.sqlite3` and `keys/...`; the manifest has the sha256 of
each. The keys are copied before the database: what the keys know of newer secrets than the database
would be refused as a rollback, so they may be older, never newer.
"""

import io
import json
import os
import sqlite3
import stat
import tarfile
import tempfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path, PurePosixPath

from openviber_app.domain.errors import OpenViberError
from openviber_app.settings import Settings

MANIFEST, DATABASE, KEYS = "manifest.json", "board.sqlite3", "keys"
FORMAT = 1
FILE_MODE, FOLDER_MODE = 0o600, 0o700
DATABASE_PREFIX = "sqlite+aiosqlite:///"
SAID = (
    "{file} holds the board's keys: whoever reads it can read every secret. Keep it as you would"
    " keep the secrets themselves."
)


class BackupError(OpenViberError):
    """A backup cannot be made or used; the message says why."""


def backup(settings: Settings, file: Path) -> str:
    """Copy a board, running or not, into a new file; returns what to tell the person.

    Raises:
        BackupError: the file exists, there is no board, or its database is not SQLite.
    """
    database = _database(settings)
    if not database.exists():
        raise BackupError(f"there is no board in DATA={settings.data}: {database} does not exist")
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    except FileExistsError as error:
        raise BackupError(f"{file} exists already: choose another name") from error
    except OSError as error:
        raise BackupError(f"cannot write {file}: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            _write(stream, settings, database)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        file.unlink()
        raise
    return SAID.format(file=file)


def restore(settings: Settings, file: Path) -> str:
    """Unpack a backup into an empty data folder; returns what to tell the person.

    Raises:
        BackupError: the folder is not empty, or the file is no whole backup.
    """
    _database(settings)
    data = settings.data
    if data.exists() and any(data.iterdir()):
        raise BackupError(f"DATA={data} is not empty: restore into a new folder")
    data.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data.parent, prefix=f".{data.name}-") as beside:
        whole = Path(beside) / "data"
        whole.mkdir(mode=FOLDER_MODE)
        _unpack(file, whole)
        if data.exists():
            data.rmdir()
        whole.rename(data)
    return f"restored to DATA={data}. Start the board, then run: openviber-board secrets verify"


def _database(settings: Settings) -> Path:
    if not settings.database_url.startswith(DATABASE_PREFIX):
        raise BackupError(
            "this board's database is not SQLite: copy the folder "
            f"{settings.data / KEYS} first, then run pg_dump, and keep both together"
        )
    return Path(settings.database_url.removeprefix(DATABASE_PREFIX))


def _write(stream: io.BufferedWriter, settings: Settings, database: Path) -> None:
    keys = sorted((settings.data / KEYS).iterdir())
    parts = {f"{KEYS}/{key.name}": key.read_bytes() for key in keys if key.name[0] != "."}
    with tempfile.TemporaryDirectory(dir=settings.data, prefix=".backup-") as folder:
        copy = Path(folder) / DATABASE
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        sums = {name: sha256(content).hexdigest() for name, content in parts.items()}
        with copy.open("rb") as opened:
            sums[DATABASE] = _sum(opened)
        document = json.dumps({"format": FORMAT, "sha256": sums}, indent=1).encode()
        with tarfile.open(fileobj=stream, mode="w") as archive:
            for name, content in {MANIFEST: document, **parts}.items():
                archive.addfile(_member(name, len(content)), io.BytesIO(content))
            with copy.open("rb") as opened:
                archive.addfile(_member(DATABASE, copy.stat().st_size), opened)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, FILE_MODE
    return member


def _unpack(file: Path, whole: Path) -> None:
    try:
        with tarfile.open(file, mode="r:") as archive:
            first = archive.next()
            if first is None or first.name != MANIFEST:
                raise BackupError(f"{file} is not a backup of a board")
            document = json.loads(_bytes(archive, first))
            if document["format"] != FORMAT:
                raise BackupError(f"{file} is a backup of another version of OpenViber")
            sums = {str(name): str(value) for name, value in document["sha256"].items()}
            found = {member.name: _take(archive, member, whole) for member in archive}
            found.pop(MANIFEST, None)
    except OSError as error:
        raise BackupError(f"cannot read {file}: {error.strerror or error}") from error
    except (tarfile.TarError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"{file} is not a whole backup of a board") from error
    if found != sums or DATABASE not in sums:
        raise BackupError(f"{file} was cut or changed since it was made: take another backup")


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, whole: Path) -> str:
    """Write one member and return its sum; only names that a backup has are written."""
    if member.name == MANIFEST:
        return ""
    place = PurePosixPath(member.name)
    is_key = len(place.parts) == 2 and place.parts[0] == KEYS and place.name not in {"", ".."}  # noqa: PLR2004 - folder and name
    if not member.isreg() or not (is_key or member.name == DATABASE):
        raise ValueError(member.name)
    target = whole / place
    target.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
    descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(descriptor, "r+b") as stream:
        source = archive.extractfile(member)
        while source is not None and (chunk := source.read(1 << 20)):
            stream.write(chunk)
        stream.seek(0)
        return _sum(stream)


def _bytes(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    source = archive.extractfile(member)
    return source.read() if source else b""


def _sum(stream: io.BufferedIOBase) -> str:
    digest = sha256()
    while chunk := stream.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()
