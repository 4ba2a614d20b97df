import asyncio
from dataclasses import replace

from openviber_app.services import environments
from openviber_app.services.environment_checks import check_environment
from openviber_app.services.runtime import Runtime
from openviber_app.services.samples import get_or_make_sample, sample_draft
from openviber_app.services.specs import build_spec
from openviber_app.store.tables import Environment
from tests.support.board import BASE_URL, People
from tests.support.environments import github_draft

URL = f"{BASE_URL}/sample.git"


async def test_a_person_gets_one_sample_however_often_they_ask(
    runtime: Runtime, people: People
) -> None:
    made = await asyncio.gather(
        *(get_or_make_sample(runtime, people.alice.actor) for _ in range(3))
    )
    assert sorted(is_new for _, is_new in made) == [False, False, True]
    assert len({view.row.id for view, _ in made}) == 1
    row = made[0][0].row
    assert (row.name, row.repo_url, row.repo_branch) == ("sample", URL, "main")
    assert row.metadata_["suggestions"][0]["label"] == "Run the tests"
    bobs, is_new = await get_or_make_sample(runtime, people.bob.actor)
    assert is_new
    assert bobs.row.id != row.id


async def test_the_sample_moves_with_the_board(runtime: Runtime, people: People) -> None:
    before, _ = await get_or_make_sample(runtime, people.alice.actor)
    settings = replace(runtime.settings, public_url="https://Board.example:8443")
    moved, is_new = await get_or_make_sample(
        replace(runtime, settings=settings), people.alice.actor
    )
    assert (is_new, moved.row.id) == (False, before.row.id)
    assert moved.row.repo_url == "https://board.example:8443/sample.git"
    assert moved.row.version == before.row.version + 1


async def test_only_the_sample_tells_its_node_that_one_address_is_allowed(
    runtime: Runtime, people: People
) -> None:
    sample, _ = await get_or_make_sample(runtime, people.alice.actor)
    other = await environments.create_environment(runtime, people.alice.actor, github_draft())
    async with runtime.store.read() as db:
        for view, allowed in ((sample, [URL]), (other, [])):
            row = await db.get_one(Environment, view.row.id)
            assert (await build_spec(db, row))["allowed_hosts"] == allowed


async def test_the_samples_scripts_have_nothing_to_be_said_of(
    runtime: Runtime, people: People
) -> None:
    report = await check_environment(runtime, people.alice.actor, sample_draft(URL))
    assert [script.status for script in report.scripts] == ["ok", "ok", "ok"]
    assert report.variables.status == "ok"
    assert report.problems == ()
