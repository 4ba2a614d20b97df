"""Secrets of environments: sealed when they are saved, opened only on their way to a node."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.draft_values import SecretChange
from openviber_app.domain.errors import InvalidInputError, Problem, SecretUnreadableError
from openviber_app.domain.ids import new_id
from openviber_app.domain.secret import Secret
from openviber_app.domain.secrets import SecretPurpose, SecretScope
from openviber_app.services.runtime import Runtime
from openviber_app.store import environments, settings_rows
from openviber_app.store.tables import Environment, EnvironmentSecret
from openviber_app.vault.errors import UnsealError
from openviber_app.vault.rows import RowNames, SealedRow, value_size
from openviber_app.vault.vault import Vault

CANARY = "vault_canary"
BUNDLE_MAX_BYTES = 64 * 1024
"""All values of an environment: they travel sealed in one frame of 256 KiB."""

PLACE_BYTES = 64
"""What a value costs in a bundle besides itself."""

_USERS = {"bitbucket.org": "x-token-auth"}
DEFAULT_GIT_USER = "x-access-token"
"""GitHub's name for the holder of a token; GitLab, Gitea and Forgejo take any."""


async def check_vault(runtime: Runtime) -> None:
    """Refuse to start on a database whose secrets this vault cannot open.

    Raises:
        WrongKeyError: the data folder's key is not the one that sealed the secrets.
    """
    async with runtime.store.write() as db:
        canary = await settings_rows.find_setting(db, CANARY)
        if canary is None:
            await settings_rows.put_setting(db, CANARY, runtime.vault.make_canary())
            return
    runtime.vault.check_canary(canary)


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
    deleted and set again never has a version that a node has seen.

    Raises:
        InvalidInputError: the values are too large together.
    """
    rows = {
        row.key: row for row in await environments.list_secrets(db, environment_id=environment.id)
    }
    generation = environment.secrets_generation + 1
    for change in changes:
        row = rows.get(change.key)
        if change.is_deleted and row is not None:
            await db.delete(rows.pop(change.key))
        elif change.value is not None:
            if row is None:
                row = rows[change.key] = _new_row(environment, change)
            row.version, row.created_at, row.set_by = generation, now, set_by
            row.purpose = change.purpose
            row.scope = change.scope or row.scope
            _seal(vault, environment, row, change.value)
            db.add(row)
        elif row is not None and change.scope is not None and change.scope != row.scope:
            row.scope = change.scope
        else:
            continue
        environment.secrets_generation = generation
    await db.flush()
    _require_small(list(rows.values()), changes)


async def open_for_node(
    runtime: Runtime, db: AsyncSession, environment_id: UUID
) -> tuple[dict[str, dict[str, str]], dict[str, str] | None]:
    """Open an environment's secrets for a bundle: the caller seals them at once and forgets them.

    Returns the variables as `{name: {"value", "scope"}}`, then git's credential or None.

    Raises:
        SecretUnreadableError: one of them does not open.
    """
    environment = await db.get_one(Environment, environment_id)
    variables: dict[str, dict[str, str]] = {}
    for_git: dict[str, str] = {}
    for row in await environments.list_secrets(db, environment_id=environment_id):
        value = _open(runtime.vault, environment, row).open()
        if row.purpose == SecretPurpose.VARIABLE:
            variables[row.key] = {"value": value, "scope": row.scope}
        else:
            for_git[row.purpose] = value
    return variables, credential_for(environment.repo_url, for_git)


async def open_for_git(
    runtime: Runtime, db: AsyncSession, environment: Environment
) -> dict[str, str]:
    """Open what git proves itself with, by purpose: the caller asks one repository, and forgets.

    Raises:
        SecretUnreadableError: one of them does not open.
    """
    return {
        row.purpose: _open(runtime.vault, environment, row).open()
        for row in await environments.list_secrets(db, environment_id=environment.id)
        if row.purpose != SecretPurpose.VARIABLE
    }


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


def _names(environment: Environment, row: EnvironmentSecret) -> RowNames:
    return RowNames(
        user_id=environment.user_id,
        environment_id=environment.id,
        secret_id=row.id,
        key=row.key,
        version=row.version,
    )


def _seal(vault: Vault, environment: Environment, row: EnvironmentSecret, value: Secret) -> None:
    sealed = vault.seal_secret(value, names=_names(environment, row))
    row.encrypted_value, row.kms_key_id = sealed.encrypted_value, sealed.kms_key_id


def _open(vault: Vault, environment: Environment, row: EnvironmentSecret) -> Secret:
    sealed = SealedRow(encrypted_value=row.encrypted_value, kms_key_id=row.kms_key_id)
    try:
        return vault.open_secret(sealed, names=_names(environment, row))
    except UnsealError as error:
        raise SecretUnreadableError(row.key) from error


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
