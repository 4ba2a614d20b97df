"""The sealed list of an environment's secrets; tests/attacks/test_a06_rollback.py attacks it."""

import pytest
import sqlalchemy as sa

from openviber_app.domain.errors import InvalidInputError, SecretsChangedError
from openviber_app.services import environments, manifests, secrets
from openviber_app.services.runtime import Runtime
from openviber_app.store.environments import list_secrets
from openviber_app.store.tables import Environment
from openviber_app.vault.manifests import Listed
from tests.support.board import People
from tests.support.environments import github_draft, secret

ONE = Listed(key="A", secret_id="1", version=1, scope="both", purpose="variable")


async def test_environments_that_are_older_than_the_lists_get_theirs_once(
    runtime: Runtime, people: People
) -> None:
    draft = github_draft(secrets=(secret("A", "value-a-1"),))
    view = await environments.create_environment(runtime, people.alice.actor, draft)
    wipe = sa.text("UPDATE environments SET secrets_manifest = ''")
    async with runtime.store.write() as db:
        await db.execute(wipe)
    await secrets.check_vault(runtime)  # the first start of this version
    async with runtime.store.read() as db:
        opened = await secrets.open_for_node(runtime, db, view.row.id)
    assert opened.variables["A"]["value"] == "value-a-1"
    async with runtime.store.write() as db:
        await db.execute(wipe)
    await secrets.check_vault(runtime)
    async with runtime.store.read() as db:
        with pytest.raises(SecretsChangedError, match="gone"):
            await secrets.open_for_node(runtime, db, view.row.id)


async def test_an_environment_without_secrets_needs_no_list(
    runtime: Runtime, people: People
) -> None:
    view = await environments.create_environment(runtime, people.alice.actor, github_draft())
    async with runtime.store.read() as db:
        row = await db.get_one(Environment, view.row.id)
        await manifests.check(runtime.vault, row, await list_secrets(db, environment_id=row.id))
    assert row.secrets_manifest == ""


async def test_a_board_that_died_before_it_noted_a_save_notes_it_later(
    runtime: Runtime, people: People
) -> None:
    draft = github_draft(secrets=(secret("A", "value-a-1"),))
    view = await environments.create_environment(runtime, people.alice.actor, draft)
    (runtime.settings.data / "keys" / "generations.json").unlink()
    assert runtime.vault.high_water.of(view.row.id) == 0
    async with runtime.store.read() as db:
        await secrets.open_for_node(runtime, db, view.row.id)
    assert runtime.vault.high_water.of(view.row.id) == 1


def test_a_save_vouches_only_for_rows_of_the_last_list() -> None:
    manifests.require_trusted([ONE], [ONE])
    with pytest.raises(InvalidInputError, match="of A is not"):
        manifests.require_trusted([ONE], [])
