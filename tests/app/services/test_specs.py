from openviber_app.domain.draft_values import VariableDraft
from openviber_app.domain.secrets import SecretPurpose, SecretScope
from openviber_app.services import environments
from openviber_app.services.runtime import Runtime
from openviber_app.services.specs import build_spec
from openviber_app.store.tables import Environment
from openviber_protocol.payloads import EnvironmentSpec
from tests.support.board import People, with_git_hosts
from tests.support.environments import github_draft, secret


async def test_a_spec_is_exactly_what_the_protocol_carries(
    runtime: Runtime, people: People
) -> None:
    draft = github_draft(
        variables=(VariableDraft("B", "2"), VariableDraft("A", "1")),
        secrets=(
            secret("TOKEN", "hunter2-secret", scope=SecretScope.SETUP),
            secret("", "ghp_0123456789", purpose=SecretPurpose.GIT_TOKEN),
        ),
    )
    view = await environments.create_environment(runtime, people.alice.actor, draft)
    with_git_hosts(runtime, "git.example:8080")
    async with runtime.store.read() as db:
        environment = await db.get_one(Environment, view.row.id)
        built = await build_spec(db, environment)
    spec = EnvironmentSpec.model_validate(built)
    assert set(built) == set(EnvironmentSpec.model_fields)
    assert spec.variables == {"B": "2", "A": "1"}
    assert [(ref.name, ref.version, ref.scope) for ref in spec.secrets] == [("TOKEN", 1, "setup")]
    assert spec.allowed_hosts == ("git.example:8080",)
    assert (spec.author_name, spec.author_email) == ("Alice", "alice@example.test")
    assert spec.fingerprint["secret TOKEN"] == "v1 setup"
    assert "secret git.token" in spec.fingerprint
    assert "hunter2" not in repr(built)
    assert "ghp_" not in repr(built)


async def test_the_environments_own_author_wins(runtime: Runtime, people: People) -> None:
    view = await environments.create_environment(runtime, people.alice.actor, github_draft())
    async with runtime.store.write() as db:
        environment = await db.get_one(Environment, view.row.id)
        environment.author_name, environment.author_email = "Bot", "bot@example.test"
        spec = await build_spec(db, environment)
    assert (spec["author_name"], spec["author_email"]) == ("Bot", "bot@example.test")
