from dataclasses import replace

import pytest

from openviber_app.domain.draft_values import SecretChange
from openviber_app.domain.errors import InvalidInputError, NotFoundError
from openviber_app.domain.secrets import SecretScope
from openviber_app.services import environments, plans
from openviber_app.services.runtime import Runtime
from tests.support.board import People
from tests.support.environments import github_draft, secret


async def test_a_plan_counts_the_stored_secrets_with_their_changes(
    runtime: Runtime, people: People
) -> None:
    actor = people.alice.actor
    stored = github_draft(secrets=(secret("A", "hunter2"), secret("B", "hunter2")))
    view = await environments.create_environment(runtime, actor, stored)
    changed = github_draft(
        secrets=(
            SecretChange(key="A", is_deleted=True),
            SecretChange(key="C", scope=SecretScope.SETUP),
        )
    )
    steps = await plans.make_plan(runtime, actor, draft=changed, environment_id=view.row.id)
    (inject,) = [step for step in steps if step.phase == "inject"]
    assert inject.what == "0 variables, 2 secrets"
    assert inject.facts[0].text == "B ••••, C ••••"
    without = await plans.make_plan(runtime, actor, draft=github_draft(), environment_id=None)
    assert "0 variables, 0 secrets" in [step.what for step in without]


async def test_somebody_elses_environment_is_not_there(runtime: Runtime, people: People) -> None:
    view = await environments.create_environment(runtime, people.alice.actor, github_draft())
    with pytest.raises(NotFoundError):
        await plans.make_plan(
            runtime, people.bob.actor, draft=github_draft(), environment_id=view.row.id
        )


async def test_an_endless_text_is_refused(runtime: Runtime, people: People) -> None:
    draft = replace(github_draft(), description="x" * 100_000)
    with pytest.raises(InvalidInputError, match="/description"):
        await plans.make_plan(runtime, people.alice.actor, draft=draft, environment_id=None)
