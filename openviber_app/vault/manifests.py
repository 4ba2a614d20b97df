"""The sealed list of an environment's secrets: which there are, and in which version.

A row of a secret opens with its own names; so does an older row of the same secret. The list says
which rows are the ones that were saved last. It is bound to its environment and its generation.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from uuid import UUID

from openviber_app.domain.secret import Secret
from openviber_app.vault.errors import UnsealError
from openviber_app.vault.rows import RowNames, SealedRow

_NO_SECRET = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Listed:
    """One secret: everything of its row but the value, which is bound to the row itself."""

    key: str
    secret_id: str
    version: int
    scope: str
    purpose: str


def manifest_names(*, user_id: UUID, environment_id: UUID, generation: int) -> RowNames:
    """Return what a manifest is bound to; no secret has this id."""
    return RowNames(
        user_id=user_id,
        environment_id=environment_id,
        secret_id=_NO_SECRET,
        key="manifest",
        version=generation,
    )


def write_list(listed: Collection[Listed]) -> Secret:
    """Return a list as it is sealed."""
    return Secret(json.dumps([asdict(one) for one in sorted(listed)]))


def read_list(opened: Secret) -> frozenset[Listed]:
    """Return an opened list.

    Raises:
        UnsealError: it is none.
    """
    try:
        return frozenset(Listed(**one) for one in json.loads(opened.open()))
    except (ValueError, TypeError) as error:
        raise UnsealError("the list of an environment's secrets") from error


def as_text(row: SealedRow) -> str:
    """Return a sealed list as its column holds it: the key's id on a line of its own, then hex."""
    return f"{row.kms_key_id}\n{row.encrypted_value.hex()}"


def from_text(text: str) -> SealedRow:
    """Return a sealed list out of its column.

    Raises:
        UnsealError: it is none.
    """
    key_id, _, value = text.partition("\n")
    try:
        return SealedRow(encrypted_value=bytes.fromhex(value), kms_key_id=key_id)
    except ValueError as error:
        raise UnsealError("the list of an environment's secrets") from error
