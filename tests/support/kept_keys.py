"""What a board's files say of its wrapping keys, read while it runs or after it died."""

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from openviber_app.bus import Bus
from openviber_app.domain.clock import SystemClock
from openviber_app.domain.kms import KmsChoice
from openviber_app.services import secrets
from openviber_app.services.runtime import Runtime
from openviber_app.settings import Settings
from openviber_app.store.engine import Store, sqlite_url
from openviber_app.vault.vault import Vault
from tests.support.rest import Rest

Values = dict[str, dict[str, str]]
PER_ENVIRONMENT = 100
"""As many as an environment may have."""

STOPPED = "stopped"


@dataclass(frozen=True)
class Progress:
    """How far the latest rotation is, by its own word."""

    total: int
    done: int
    problems: Mapping[str, str]
    has_ended: bool


class KeptKeys:
    """The database of a board, without the board."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._file = data / "board.sqlite3"

    def _rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=30)) as db:
            return db.execute(query).fetchall()

    def progress(self) -> Progress | None:
        """Return how far the latest rotation is; None when there was none."""
        query = "SELECT total, done, problems, ended_at FROM key_rotations ORDER BY id DESC LIMIT 1"
        for total, done, problems, ended_at in self._rows(query):
            return Progress(total, done, json.loads(problems), ended_at is not None)
        return None

    def of_secrets(self) -> Counter[str]:
        """Return how many secrets are on which wrapping key."""
        return Counter(key for (key,) in self._rows("SELECT kms_key_id FROM environment_secrets"))

    def of_lists(self) -> Counter[str]:
        """Return how many environments' lists are on which wrapping key."""
        query = "SELECT secrets_manifest FROM environments WHERE secrets_manifest <> ''"
        return Counter(text.partition("\n")[0] for (text,) in self._rows(query))

    def of_canary(self) -> str:
        """Return the key of the word by which a board knows that its key is the right one."""
        query = "SELECT value FROM board_settings WHERE key = 'vault_canary'"
        ((value,),) = self._rows(query)
        return str(json.loads(value)["kmsKeyId"])

    @property
    def is_in_the_middle(self) -> bool:
        """Whether some rows have moved, some have not, and only a death has stopped the rest."""
        found = self.progress()
        is_open = found is not None and not found.has_ended and STOPPED not in found.problems
        return is_open and len(self.of_secrets()) > 1

    @property
    def used(self) -> set[str]:
        """Return every wrapping key that something stored needs."""
        return {*self.of_secrets(), *self.of_lists(), self.of_canary()}

    async def open_all(self, kms: KmsChoice | None = None) -> Values:
        """Open every secret as it would be opened for a node; by environment, then by name."""
        kms = kms or KmsChoice()
        url = sqlite_url(self._file)
        settings = Settings(self._data, "127.0.0.1", 1, url, "http://nowhere", (), kms=kms)
        store, vault = Store(url), Vault.open(self._data, kms)
        runtime = Runtime(
            settings=settings, store=store, vault=vault, bus=Bus(), clock=SystemClock()
        )
        try:
            async with store.read() as db:
                found: Values = {}
                for text, name in self._rows("SELECT id, name FROM environments"):
                    opened = await secrets.open_for_node(runtime, db, UUID(text))
                    found[name] = {key: one["value"] for key, one in opened.variables.items()}
            return found
        finally:
            vault.close()
            await store.close()


def add_environments(rest: Rest, values: Values, *, number: int, each: int) -> None:
    """Make environments full of secrets, and note in `values` what is in them."""
    for _ in range(number):
        name = f"full-{len(values)}"
        values[name] = {f"SECRET_{n}": f"value {n} of {name}, kept" for n in range(each)}
        changes = [{"key": key, "value": value} for key, value in values[name].items()]
        rest.environment(name, secrets=changes)
