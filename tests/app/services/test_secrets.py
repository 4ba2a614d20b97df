from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from openviber_app.domain.draft_values import SecretChange
from openviber_app.domain.drafts import EnvironmentDraft
from openviber_app.domain.errors import (
    InvalidInputError,
    SecretsChangedError,
    SecretUnreadableError,
)
from openviber_app.domain.secrets import SecretPurpose, SecretScope
from openviber_app.services import environments, secrets
from openviber_app.services.runtime import Runtime
from openviber_app.store import settings_rows
from openviber_app.store.environments import list_secrets
from openviber_app.store.tables import Environment, EnvironmentSecret
from openviber_app.vault.errors import WrongKeyError
from openviber_app.vault.vault import Vault
from tests.support.board import People
from tests.support.environments import github_draft, secret

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"


async def _create(runtime: Runtime, people: People, draft: EnvironmentDraft) -> UUID:
    return (await environments.create_environment(runtime, people.alice.actor, draft)).row.id


async def _save(
    runtime: Runtime, people: People, environment_id: UUID, *changes: SecretChange
) -> int:
    view = await environments.save_environment(
        runtime,
        people.alice.actor,
        environment_id=environment_id,
        draft=github_draft(secrets=changes),
    )
    return view.row.secrets_generation


async def _rows(runtime: Runtime, environment_id: UUID) -> Sequence[EnvironmentSecret]:
    async with runtime.store.read() as db:
        return await list_secrets(db, environment_id=environment_id)


async def _open(
    runtime: Runtime, environment_id: UUID
) -> tuple[dict[str, dict[str, str]], dict[str, str] | None]:
    async with runtime.store.read() as db:
        opened = await secrets.open_for_node(runtime, db, environment_id)
        environment = await db.get_one(Environment, environment_id)
    return opened.variables, secrets.credential_for(environment.repo_url, opened.for_git)


async def test_values_are_sealed_in_the_database_and_open_for_the_node(
    runtime: Runtime, people: People, tmp_path: Path
) -> None:
    draft = github_draft(
        secrets=(
            secret("TOKEN", "hunter2-secret"),
            secret("OTHER", "hunter3-secret", scope=SecretScope.RUNTIME),
        )
    )
    environment_id = await _create(runtime, people, draft)
    assert await _open(runtime, environment_id) == (
        {
            "OTHER": {"value": "hunter3-secret", "scope": "runtime"},
            "TOKEN": {"value": "hunter2-secret", "scope": "both"},
        },
        None,
    )
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.name.endswith("sqlite3-wal") for file in files)
    assert not any(b"hunter" in file.read_bytes() for file in files)


async def test_a_save_that_does_not_mention_a_secret_leaves_it_untouched(
    runtime: Runtime, people: People
) -> None:
    environment_id = await _create(
        runtime, people, github_draft(secrets=(secret("TOKEN", "hunter2-secret"),))
    )
    (before,) = await _rows(runtime, environment_id)
    assert await _save(runtime, people, environment_id) == 1
    assert await _save(runtime, people, environment_id, SecretChange(key="TOKEN")) == 1
    (after,) = await _rows(runtime, environment_id)
    assert after.encrypted_value == before.encrypted_value
    assert (after.version, after.created_at) == (before.version, before.created_at)


async def test_a_new_value_raises_the_version_and_the_generation(
    runtime: Runtime, people: People
) -> None:
    draft = github_draft(secrets=(secret("A", "value-a-1"), secret("B", "value-b-1")))
    environment_id = await _create(runtime, people, draft)
    assert await _save(runtime, people, environment_id, secret("A", "value-a-2")) == 2
    a, b = await _rows(runtime, environment_id)
    assert (a.version, b.version) == (2, 1)
    assert a.set_by == people.alice.actor.user_id
    values, _ = await _open(runtime, environment_id)
    assert {key: item["value"] for key, item in values.items()} == {
        "A": "value-a-2",
        "B": "value-b-1",
    }


async def test_a_secret_set_again_after_a_deletion_never_repeats_a_version(
    runtime: Runtime, people: People
) -> None:
    environment_id = await _create(
        runtime, people, github_draft(secrets=(secret("A", "value-a-1"),))
    )
    gone = SecretChange(key="A", is_deleted=True)
    assert await _save(runtime, people, environment_id, gone) == 2
    assert await _rows(runtime, environment_id) == []
    assert await _save(runtime, people, environment_id, secret("A", "value-a-2")) == 3
    (row,) = await _rows(runtime, environment_id)
    assert row.version == 3


async def test_a_scope_changes_without_the_value(runtime: Runtime, people: People) -> None:
    environment_id = await _create(
        runtime, people, github_draft(secrets=(secret("A", "value-a-1"),))
    )
    narrow = SecretChange(key="A", scope=SecretScope.SETUP)
    assert await _save(runtime, people, environment_id, narrow) == 2
    assert await _save(runtime, people, environment_id, narrow) == 2
    values, _ = await _open(runtime, environment_id)
    assert values == {"A": {"value": "value-a-1", "scope": "setup"}}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE environment_secrets SET encrypted_value = substr(encrypted_value, 1, 80)",
        "UPDATE environment_secrets SET version = version + 1",
        "UPDATE environment_secrets SET key = 'RENAMED'",
        "UPDATE environment_secrets SET kms_key_id = 'local:00000000:1'",
        "UPDATE environment_secrets SET id = x'00'",
    ],
)
async def test_a_row_that_was_changed_or_moved_does_not_open(
    runtime: Runtime, people: People, damage: str
) -> None:
    environment_id = await _create(
        runtime, people, github_draft(secrets=(secret("A", "value-a-1"),))
    )
    damage = damage.replace("x'00'", f"'{people.bob.actor.user_id.hex}'")
    async with runtime.store.write() as db:
        await db.execute(sa.text(damage))
    with pytest.raises((SecretUnreadableError, SecretsChangedError)) as caught:
        await _open(runtime, environment_id)
    assert "value-a" not in str(caught.value)


async def test_a_value_copied_between_two_peoples_environments_does_not_open(
    runtime: Runtime, people: People
) -> None:
    draft = github_draft(secrets=(secret("A", "value-a-1"),))
    alices = await _create(runtime, people, draft)
    bobs = (await environments.create_environment(runtime, people.bob.actor, draft)).row.id
    (stolen,) = await _rows(runtime, alices)
    async with runtime.store.write() as db:
        (row,) = await list_secrets(db, environment_id=bobs)
        row.encrypted_value, row.kms_key_id = stolen.encrypted_value, stolen.kms_key_id
    with pytest.raises(SecretUnreadableError):
        await _open(runtime, bobs)


@pytest.mark.parametrize(
    ("url", "token", "wanted"),
    [
        ("https://github.com/a/b", "ghp_0123456789", ("x-access-token", "ghp_0123456789")),
        ("https://bitbucket.org/a/b", "0123456789", ("x-token-auth", "0123456789")),
        ("https://git.example/a/b", "me:0123456789\n", ("me", "0123456789")),
    ],
)
async def test_a_git_token_goes_to_git_with_a_user_name_and_to_no_script(
    runtime: Runtime, people: People, url: str, token: str, wanted: tuple[str, str]
) -> None:
    draft = github_draft(
        repo_url=url, secrets=(secret("", token, purpose=SecretPurpose.GIT_TOKEN),)
    )
    values, git = await _open(runtime, await _create(runtime, people, draft))
    assert values == {}
    assert git == {
        "kind": "token",
        "username": wanted[0],
        "secret": wanted[1],
        "known_hosts": "",
    }


async def test_over_ssh_the_deploy_key_counts_and_the_token_does_not(
    runtime: Runtime, people: People
) -> None:
    changes = (
        secret("", "ghp_0123456789", purpose=SecretPurpose.GIT_TOKEN),
        secret("", KEY, purpose=SecretPurpose.DEPLOY_KEY),
        secret("", "git.example ssh-ed25519 AAAA", purpose=SecretPurpose.KNOWN_HOSTS),
    )
    ssh = github_draft(repo_url="git@git.example:a/b.git", secrets=changes)
    _, git = await _open(runtime, await _create(runtime, people, ssh))
    assert git is not None
    assert (git["kind"], git["secret"]) == ("deploy_key", KEY + "\n")
    assert git["known_hosts"].startswith("git.example ssh-ed25519")
    only_hosts = github_draft(repo_url="git@git.example:a/b.git", secrets=changes[2:])
    _, git = await _open(runtime, await _create(runtime, people, only_hosts))
    assert git is not None
    assert (git["secret"], bool(git["known_hosts"])) == ("", True)
    only_token = github_draft(repo_url="git@git.example:a/b.git", secrets=changes[:1])
    assert await _open(runtime, await _create(runtime, people, only_token)) == ({}, None)


async def test_all_secrets_together_must_fit_one_bundle(runtime: Runtime, people: People) -> None:
    environment_id = await _create(
        runtime, people, github_draft(secrets=(secret("A", "a" * 40_000),))
    )
    with pytest.raises(InvalidInputError) as caught:
        await _save(runtime, people, environment_id, secret("B", "b" * 40_000))
    assert caught.value.problems[0].pointer == "/secrets"
    assert [row.key for row in await _rows(runtime, environment_id)] == ["A"]
    await _save(runtime, people, environment_id, secret("A", "a" * 10_000), secret("B", "b" * 9))


async def test_a_board_starts_only_with_the_key_that_sealed_its_secrets(
    runtime: Runtime, tmp_path: Path
) -> None:
    await secrets.check_vault(runtime)
    await secrets.check_vault(runtime)
    object.__setattr__(runtime, "vault", Vault.open(tmp_path / "elsewhere"))
    with pytest.raises(WrongKeyError, match="keys folder"):
        await secrets.check_vault(runtime)
    async with runtime.store.read() as db:
        canary = await settings_rows.find_setting(db, secrets.CANARY)
    assert canary["kmsKeyId"] != runtime.vault.kms_key_id
