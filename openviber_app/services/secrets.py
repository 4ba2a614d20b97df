"""Secrets of environments: sealed when they are saved, opened only on their way to a node."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.draft_values import SecretChange
from openviber_app.domain.errors import InvalidInputError, Problem, SecretUnreadableError
from openviber_app.domain.ids import new_id
from openviber_app.domain.secret import Secret
from openviber_app.domain.secrets import SecretPurpose, SecretScope
from openviber_app.services import manifests
from openviber_app.services.runtime import Runtime
from openviber_app.store import environments, settings_rows
from openviber_app.store.tables import Environment, EnvironmentSecret
from openviber_app.vault.errors import KmsError
from openviber_app.vault.rows import RowNames, SealedRow, value_size
from openviber_app.vault.vault import Vault

CANARY = "vault_canary"
BUNDLE_MAX_BYTES = 64 * 1024
"""All values of an environment: they travel sealed in one frame of 256 KiB."""

PLACE_BYTES = 64
"""What a value costs in a bundle besides itself."""

ITS_LIST = "list of the environment"
"""How the sealed list of an environment's secrets is called where a secret would be named."""

_USERS = {"bitbucket.org": "x-token-auth"}
DEFAULT_GIT_USER = "x-access-token"
"""GitHub's name for the holder of a token; GitLab, Gitea and Forgejo take any."""


@dataclass(frozen=True, slots=True)
class SentSecret:
    """A secret that a node is sent, by its names."""

    secret_id: UUID
    key: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSecrets:
    """An environment's secrets in the clear, on their way to a node, with what they came from.

    They are opened before the write door is taken, for a key service may let one wait; whoever
    seals them there asks first whether they are still the ones that are stored.
    """

    variables: dict[str, dict[str, str]] = field(repr=False)
    for_git: dict[str, str] = field(repr=False)
    sent: tuple[SentSecret, ...]
    came_from: tuple[object, ...] = field(repr=False)


async def check_vault(runtime: Runtime) -> None:
    """Refuse to start on a database whose secrets this vault cannot open.

    Raises:
        WrongKeyError: the data folder's key is not the one that sealed the secrets.
        KmsError: the key service is away, or refuses.
    """
    made = await runtime.vault.make_canary()
    await runtime.vault.check_canary(made)  # the service wraps and unwraps now
    async with runtime.store.write() as db:
        canary = await settings_rows.find_setting(db, CANARY)
        if canary is None:
            await settings_rows.put_setting(db, CANARY, made)
    if canary is not None:
        await runtime.vault.check_canary(canary)
    await manifests.adopt(runtime)


async def apply_changes(
    db: AsyncSession,
    vault: Vault,
    environment: Environment,
    changes: Sequence[SecretChange],
    *,
    set_by: UUID,
    now: datetime,
) -> None:
    """Carry out checked changes; whatever is not mentioned stays as it is.

    Every change gets the environment's next generation as its version, so that a secret which was
    deleted and set again never has a version that a node has seen. The list of all is sealed anew,
    and vouches for no row that this save does not set and the last one did not list.

    Raises:
        InvalidInputError: the values are too large together, or rows were changed behind the board.
        KmsError: the key service is away, or refuses; nothing is stored.
    """
    rows = {
        row.key: row for row in await environments.list_secrets(db, environment_id=environment.id)
    }
    before = {key: manifests.listed(row) for key, row in rows.items()}
    trusted = await manifests.trusted_rows(vault, environment, list(rows.values()))
    generation = manifests.next_generation(vault, environment)
    is_changed = False
    for change in changes:
        row = rows.get(change.key)
        if change.is_deleted and row is not None:
            await db.delete(rows.pop(change.key))
            del before[change.key]
        elif change.value is not None:
            if row is None:
                row = rows[change.key] = _new_row(environment, change)
            row.version, row.created_at, row.set_by = generation, now, set_by
            row.purpose = change.purpose
            row.scope = change.scope or row.scope
            await _seal(vault, environment, row, change.value)
            db.add(row)
            before.pop(change.key, None)
        elif row is not None and change.scope is not None and change.scope != row.scope:
            row.scope = change.scope
        else:
            continue
        is_changed = True
    if is_changed:
        manifests.require_trusted(before.values(), trusted)
        environment.secrets_generation = generation
        await manifests.seal(vault, environment, rows.values())
    await db.flush()
    _require_small(list(rows.values()), changes)


async def open_for_node(runtime: Runtime, db: AsyncSession, environment_id: UUID) -> OpenedSecrets:
    """Open an environment's secrets for a bundle: the caller seals them at once and forgets them.

    Raises:
        SecretUnreadableError: one of them does not open.
        SecretsChangedError: they are not those that were saved last.
    """
    environment = await db.get_one(Environment, environment_id)
    rows = await environments.list_secrets(db, environment_id=environment_id)
    values = await _open_all(runtime.vault, environment, rows)
    return OpenedSecrets(
        variables={
            row.key: {"value": value.open(), "scope": row.scope}
            for row, value in zip(rows, values, strict=True)
            if row.purpose == SecretPurpose.VARIABLE
        },
        for_git={
            row.purpose: value.open()
            for row, value in zip(rows, values, strict=True)
            if row.purpose != SecretPurpose.VARIABLE
        },
        sent=tuple(SentSecret(row.id, row.key, row.version) for row in rows),
        came_from=_came_from(environment, rows),
    )


async def is_current(db: AsyncSession, environment: Environment, opened: OpenedSecrets) -> bool:
    """Whether what was opened is what is stored now."""
    rows = await environments.list_secrets(db, environment_id=environment.id)
    return opened.came_from == _came_from(environment, rows)


async def open_for_git(
    runtime: Runtime, db: AsyncSession, environment: Environment
) -> dict[str, str]:
    """Open what git proves itself with, by purpose: the caller asks one repository, and forgets.

    Raises:
        SecretUnreadableError: one of them does not open.
        SecretsChangedError: they are not those that were saved last.
    """
    rows = await environments.list_secrets(db, environment_id=environment.id)
    values = await _open_all(
        runtime.vault, environment, rows, only=lambda row: row.purpose != SecretPurpose.VARIABLE
    )
    for_git = [row.purpose for row in rows if row.purpose != SecretPurpose.VARIABLE]
    return {purpose: value.open() for purpose, value in zip(for_git, values, strict=True)}


def credential_for(repo_url: str, values: Mapping[str, str]) -> dict[str, str] | None:
    """Choose how git proves itself: a key over ssh, a token otherwise."""
    known_hosts = values.get(SecretPurpose.KNOWN_HOSTS, "")
    if not repo_url.startswith(("https://", "http://")):
        key = values.get(SecretPurpose.DEPLOY_KEY, "")
        if not key and not known_hosts:
            return None
        return {
            "kind": "deploy_key" if key else "token",  # no secret: only the known hosts count
            "secret": key.strip() + "\n" if key else "",
            "username": "",
            "known_hosts": known_hosts,
        }
    token = values.get(SecretPurpose.GIT_TOKEN, "").strip()
    if not token:
        return None
    user, colon, word = token.partition(":")
    if not colon:
        host = repo_url.partition("://")[2].partition("/")[0]
        user, word = _USERS.get(host, DEFAULT_GIT_USER), token
    return {"kind": "token", "secret": word, "username": user, "known_hosts": known_hosts}


def _new_row(environment: Environment, change: SecretChange) -> EnvironmentSecret:
    return EnvironmentSecret(
        id=new_id(),
        environment_id=environment.id,
        key=change.key,
        purpose=change.purpose,
        scope=SecretScope.BOTH,
        encrypted_value=b"",  # sealed before it is stored
        kms_key_id="",
    )


def names_of(environment: Environment, row: EnvironmentSecret) -> RowNames:
    """Return what a secret's value is bound to."""
    return RowNames(
        user_id=environment.user_id,
        environment_id=environment.id,
        secret_id=row.id,
        key=row.key,
        version=row.version,
    )


def sealed_of(row: EnvironmentSecret) -> SealedRow:
    """Return the sealed value of a row."""
    return SealedRow(encrypted_value=row.encrypted_value, kms_key_id=row.kms_key_id)


async def _seal(
    vault: Vault, environment: Environment, row: EnvironmentSecret, value: Secret
) -> None:
    sealed = await vault.seal_secret(value, names=names_of(environment, row))
    row.encrypted_value, row.kms_key_id = sealed.encrypted_value, sealed.kms_key_id


async def _open_all(
    vault: Vault,
    environment: Environment,
    rows: Sequence[EnvironmentSecret],
    *,
    only: Callable[[EnvironmentSecret], bool] = lambda _: True,
) -> list[Secret]:
    """Open the rows that are asked for, once all of them are those that were saved last."""
    try:
        await manifests.check(vault, environment, rows)
    except KmsError as error:
        raise SecretUnreadableError(ITS_LIST, str(error)) from error
    asked = [row for row in rows if only(row)]
    opened = await vault.open_all([(sealed_of(row), names_of(environment, row)) for row in asked])
    values: list[Secret] = []
    for row, value in zip(asked, opened, strict=True):
        if not isinstance(value, Secret):
            raise SecretUnreadableError(row.key, str(value)) from value
        values.append(value)
    return values


def _came_from(environment: Environment, rows: Sequence[EnvironmentSecret]) -> tuple[object, ...]:
    """Return everything that a change of any secret changes."""
    return (
        environment.secrets_generation,
        *((row.id, row.version, row.scope, row.encrypted_value) for row in rows),
    )


def _require_small(rows: Sequence[EnvironmentSecret], changes: Sequence[SecretChange]) -> None:
    """Refuse more than a bundle can carry; new values count as JSON writes them."""
    new = {change.key: change.value for change in changes if change.value is not None}
    total = sum(PLACE_BYTES + len(row.key) for row in rows)
    for row in rows:
        value = new.get(row.key)
        total += _size_in_bundle(value) if value is not None else value_size(row.encrypted_value)
    if new and total > BUNDLE_MAX_BYTES:
        limit = BUNDLE_MAX_BYTES // 1024
        raise InvalidInputError(
            [
                Problem(
                    "/secrets", f"all secrets of an environment have at most {limit} KiB together"
                )
            ]
        )


def _size_in_bundle(value: Secret) -> int:
    return len(json.dumps(value.open()))
