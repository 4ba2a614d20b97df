"""Holds an environment's secrets to the sealed list of what was saved last."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select

from openviber_app.domain.errors import InvalidInputError, Problem, SecretsChangedError
from openviber_app.services.runtime import Runtime
from openviber_app.store import environments, settings_rows
from openviber_app.store.tables import Environment, EnvironmentSecret
from openviber_app.vault.errors import UnsealError
from openviber_app.vault.manifests import (
    Listed,
    as_text,
    from_text,
    manifest_names,
    read_list,
    write_list,
)
from openviber_app.vault.rows import RowNames
from openviber_app.vault.vault import Vault

ADOPTED = "secrets_manifests"
"""The setting that says: from here on an environment without a list is refused."""


def listed(row: EnvironmentSecret) -> Listed:
    """Return what the list says of a row."""
    return Listed(
        key=row.key,
        secret_id=row.id.hex,
        version=row.version,
        scope=row.scope,
        purpose=row.purpose,
    )


def names_of(environment: Environment) -> RowNames:
    """Return what an environment's list is bound to, as its row has it now."""
    return manifest_names(
        user_id=environment.user_id,
        environment_id=environment.id,
        generation=environment.secrets_generation,
    )


async def seal(vault: Vault, environment: Environment, rows: Collection[EnvironmentSecret]) -> None:
    """Write the list of an environment's secrets for its current generation.

    Raises:
        KmsError: the key service is away, or refuses.
    """
    text = write_list([listed(row) for row in rows])
    sealed = await vault.seal_secret(text, names=names_of(environment))
    environment.secrets_manifest = as_text(sealed)


async def check(vault: Vault, environment: Environment, rows: Sequence[EnvironmentSecret]) -> None:
    """Refuse secrets that are not exactly those that were saved last.

    Raises:
        SecretsChangedError: a row was put back, removed, added or changed, or the list was.
        KmsError: the key service is away, or refuses.
    """
    generation, seen = environment.secrets_generation, vault.high_water.of(environment.id)
    if generation < seen:
        raise SecretsChangedError(
            f"they are of generation {generation}, and {seen} was saved already"
        )
    if generation == 0 and not rows and not environment.secrets_manifest:
        return
    wanted = await _read(vault, environment)
    found = {listed(row) for row in rows}
    if found != wanted:
        raise SecretsChangedError(_difference(wanted, found))
    vault.high_water.rise(environment.id, generation)


async def trusted_rows(
    vault: Vault, environment: Environment, rows: Sequence[EnvironmentSecret]
) -> frozenset[Listed]:
    """Return what a save may leave untouched: what the list of the last save says too.

    Raises:
        KmsError: the key service is away, or refuses.
    """
    if environment.secrets_generation < vault.high_water.of(environment.id):
        return frozenset()
    if not rows:
        return frozenset()
    try:
        return await _read(vault, environment)
    except SecretsChangedError:
        return frozenset()


def require_trusted(untouched: Collection[Listed], trusted: Collection[Listed]) -> None:
    """Refuse a save that would vouch for rows which nobody saved here.

    Raises:
        InvalidInputError: some are not in the list of the last save.
    """
    strange = sorted(one.key for one in untouched if one not in trusted)
    if strange:
        raise InvalidInputError(
            [
                Problem(
                    "/secrets",
                    f"what is stored of {', '.join(strange)} is not what was saved last: somebody"
                    " changed the database behind the board; set each of them again, or delete it",
                )
            ]
        )


async def adopt(runtime: Runtime) -> None:
    """Make the lists of environments that are older than the lists, once.

    Raises:
        KmsError: the key service is away, or refuses.
    """
    async with runtime.store.write() as db:
        if await settings_rows.find_setting(db, ADOPTED) is not None:
            return
        query = select(Environment).where(
            col(Environment.secrets_generation) > 0, col(Environment.secrets_manifest) == ""
        )
        for environment in (await db.execute(query)).scalars().all():
            rows = await environments.list_secrets(db, environment_id=environment.id)
            await seal(runtime.vault, environment, rows)
        await settings_rows.put_setting(db, ADOPTED, {"since": runtime.clock.now().isoformat()})


def next_generation(vault: Vault, environment: Environment) -> int:
    """Return the number of the next save, higher than any that a node may have seen."""
    return max(environment.secrets_generation, vault.high_water.of(environment.id)) + 1


def remember(runtime: Runtime, environment: Environment) -> None:
    """Note, after the commit, which generation is stored."""
    runtime.vault.high_water.rise(environment.id, environment.secrets_generation)


async def _read(vault: Vault, environment: Environment) -> frozenset[Listed]:
    if not environment.secrets_manifest:
        raise SecretsChangedError("the sealed list of them is gone")
    try:
        sealed = from_text(environment.secrets_manifest)
        return read_list(await vault.open_secret(sealed, names=names_of(environment)))
    except UnsealError as error:
        why = "the sealed list of them belongs elsewhere, or was changed"
        raise SecretsChangedError(why) from error


def _difference(wanted: Collection[Listed], found: Collection[Listed]) -> str:
    by_key = {one.key: one for one in wanted}
    said: list[str] = []
    for one in sorted(found):
        was = by_key.pop(one.key, None)
        if was is None:
            said.append(f"{one.key} was never saved here")
        elif was.version != one.version:
            said.append(f"{one.key} has version {one.version} instead of {was.version}")
        elif was != one:
            said.append(f"{one.key} was changed")
    said += [f"{key} is missing" for key in sorted(by_key)]
    return ", ".join(said)
