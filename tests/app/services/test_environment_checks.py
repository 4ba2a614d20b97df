import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from openviber_app.domain.draft_values import SecretChange, VariableDraft
from openviber_app.domain.drafts import EnvironmentDraft, EnvironmentType, SetupMode
from openviber_app.domain.errors import NotFoundError
from openviber_app.domain.ids import new_id
from openviber_app.domain.secrets import SecretPurpose, SecretScope
from openviber_app.services.environment_checks import check_environment
from openviber_app.services.environments import create_environment
from openviber_app.services.nodes import make_token
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Node
from tests.support.board import People, with_git_hosts
from tests.support.environments import add_node, secret
from tests.support.git_server import GitServer

TOKEN = "ov-secret-of-a-repository"
MANUAL = EnvironmentDraft(
    name="scratch",
    type=EnvironmentType.MANUAL,
    setup_mode=SetupMode.MANUAL,
    setup_script="echo hello\n",
)


@pytest.fixture
def private(tmp_path: Path) -> Iterator[GitServer]:
    with GitServer(tmp_path / "git", token=TOKEN) as started:
        yield started


def on(url: str, **fields: object) -> EnvironmentDraft:
    draft = EnvironmentDraft(name="demo", type=EnvironmentType.GITHUB, repo_url=url)
    return replace(draft, **fields)


async def test_a_good_draft_has_no_errors_and_no_warnings(runtime: Runtime, people: People) -> None:
    await add_node(runtime, user_id=people.alice.actor.user_id)
    report = await check_environment(runtime, people.alice.actor, MANUAL)
    assert (report.errors, report.warnings, report.problems) == (0, 0, ())
    assert report.repository.status == "skipped"
    assert [script.status for script in report.scripts] == ["ok", "ok", "ok"]
    assert report.variables.status == "ok"
    assert [(item.node.name, item.reasons) for item in report.nodes] == [("studio-01", ())]


async def test_fields_scripts_names_and_nodes_are_judged_together(
    runtime: Runtime, people: People
) -> None:
    await add_node(runtime, user_id=people.alice.actor.user_id)
    await make_token(runtime, people.alice.actor, name="laptop")
    draft = replace(
        MANUAL,
        name="",
        network_access=False,
        setup_script='if true; then\necho "$FOO"\n',
        maintenance_script='echo "$CONFIG" "$BAR" "$LATER"\necho $BAR\n',
        check_command='test -n "$BAR$GONE"',
        variables=(VariableDraft("CONFIG", "1"),),
        secrets=(
            secret("LATER", "hunter22", scope=SecretScope.RUNTIME),
            SecretChange(key="GONE", is_deleted=True),
        ),
    )
    report = await check_environment(runtime, people.alice.actor, draft)
    assert {p.pointer for p in report.problems} == {"/name", "/secrets/1/key"}
    setup, maintenance, check = report.scripts
    assert (setup.field, setup.status, maintenance.status) == ("setup_script", "error", "warning")
    assert {f.code for f in setup.findings if f.level == "error"} >= {"bash", "SC1046"}
    assert report.variables.undefined == ("BAR", "LATER", "GONE")
    assert (report.variables.variables, report.variables.secrets) == (1, 1)
    errors = sum(f.level == "error" for f in setup.findings)
    assert (report.errors, report.warnings) == (2 + errors, 3)
    assert check.status == "warning"
    studio, laptop = report.nodes
    assert "no sandbox" in studio.reasons[0]
    assert laptop.reasons == ("run its one-time command there first",)


async def test_a_script_that_is_not_used_is_not_judged(runtime: Runtime, people: People) -> None:
    draft = replace(MANUAL, setup_mode=SetupMode.AUTO, setup_script="fi")
    report = await check_environment(runtime, people.alice.actor, draft)
    assert report.errors == 0


async def test_the_repository_is_asked_with_the_token_of_the_draft(
    runtime: Runtime, people: People, private: GitServer
) -> None:
    runtime = with_git_hosts(runtime, private.host)
    draft = on(private.create_repo("demo", {"a": "1"}))
    without = await check_environment(runtime, people.alice.actor, draft)
    assert (without.repository.status, without.errors) == ("error", 1)
    change = secret("", TOKEN, purpose=SecretPurpose.GIT_TOKEN)
    found = await check_environment(runtime, people.alice.actor, replace(draft, secrets=(change,)))
    assert (found.repository.status, found.repository.branch) == ("ok", "main")
    assert found.errors == 0


async def test_a_stored_token_is_used_for_its_own_host_only(
    runtime: Runtime, people: People, private: GitServer, tmp_path: Path
) -> None:
    runtime = with_git_hosts(runtime, private.host, "127.0.0.1")
    change = secret("", TOKEN, purpose=SecretPurpose.GIT_TOKEN)
    draft = on(private.create_repo("demo", {"a": "1"}))
    made = await create_environment(runtime, people.alice.actor, replace(draft, secrets=(change,)))
    ada = people.alice.actor
    stored = await check_environment(runtime, ada, draft, environment_id=made.row.id)
    assert stored.repository.status == "ok"
    deleted = replace(
        draft,
        secrets=(SecretChange(purpose=SecretPurpose.GIT_TOKEN, is_deleted=True),),
    )
    found = await check_environment(runtime, ada, deleted, environment_id=made.row.id)
    assert found.repository.status == "error"
    with GitServer(tmp_path / "stranger", token=TOKEN) as stranger:
        elsewhere = replace(draft, repo_url=stranger.create_repo("demo", {"a": "1"}))
        found = await check_environment(runtime, ada, elsewhere, environment_id=made.row.id)
    assert found.repository.status == "error"
    assert "store a token" in found.repository.message


async def test_what_the_board_alone_cannot_reach_is_a_warning(
    runtime: Runtime, people: People
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{closed.getsockname()[1]}"
        runtime = with_git_hosts(runtime, host)
        report = await check_environment(runtime, people.alice.actor, on(f"http://{host}/a/b"))
    assert (report.repository.status, report.errors, report.warnings) == ("error", 0, 1)


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (on("http://10.0.0.1/a/b"), "that can be used first"),
        (on("https://example.org/a/b", use_node_credentials=True), "only a node can ask"),
        (
            EnvironmentDraft(name="x", type=EnvironmentType.LOCAL, local_path="/srv/x"),
            "the node looks",
        ),
        (MANUAL, "no repository"),
    ],
)
async def test_a_repository_that_was_not_asked_says_why(
    runtime: Runtime, people: People, draft: EnvironmentDraft, words: str
) -> None:
    report = await check_environment(runtime, people.alice.actor, draft)
    assert report.repository.status == "skipped"
    assert words in report.repository.message


async def test_somebody_elses_environment_and_nodes_are_not_there(
    runtime: Runtime, people: People
) -> None:
    made = await create_environment(runtime, people.alice.actor, MANUAL)
    await add_node(runtime, user_id=people.alice.actor.user_id)
    for missing in (made.row.id, new_id()):
        with pytest.raises(NotFoundError):
            await check_environment(runtime, people.bob.actor, MANUAL, environment_id=missing)
    assert (await check_environment(runtime, people.bob.actor, MANUAL)).nodes == ()


async def test_what_cannot_be_stored_is_not_given_to_a_program(
    runtime: Runtime, people: People
) -> None:
    draft = replace(MANUAL, setup_script="echo \ud800", check_command="x" * 600_000)
    report = await check_environment(runtime, people.alice.actor, draft)
    assert {p.pointer for p in report.problems} >= {"/setupScript", "/checkCommand"}
    assert [script.findings for script in report.scripts] == [(), (), ()]


async def test_two_checks_of_one_person_follow_each_other(runtime: Runtime, people: People) -> None:
    reports = await asyncio.gather(
        *(check_environment(runtime, people.alice.actor, MANUAL) for _ in range(2))
    )
    assert [report.errors for report in reports] == [0, 0]


async def test_a_node_without_git_does_not_fit_a_repository(
    runtime: Runtime, people: People
) -> None:
    node = await add_node(runtime, user_id=people.alice.actor.user_id)
    async with runtime.store.write() as db:
        row = await db.get_one(Node, node.id)
        row.capabilities = {"os": "linux"}
    (found,) = (
        await check_environment(
            runtime,
            people.alice.actor,
            on("https://nowhere.invalid/a/b", use_node_credentials=True),
        )
    ).nodes
    assert "no git" in found.reasons[0]
