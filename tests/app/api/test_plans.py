from openviber_app.api import environments, plans
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client

PLAN = "/api/environments/plan"
DRAFT = {"name": "", "type": "github", "repoUrl": "github.com/acme/api", "repoBranch": "main"}


async def test_a_half_written_environment_has_a_plan(runtime: Runtime, people: People) -> None:
    async with api_client(runtime, plans.router, person=people.alice) as api:
        answer = await api.post(PLAN, json=DRAFT)
    assert answer.status_code == 200
    assert answer.json()["steps"][0] == {
        "phase": "fetch",
        "does": "clone",
        "what": "github.com/acme/api",
        "facts": [{"label": "at", "text": "main"}],
    }


async def test_a_plan_of_an_environment_is_its_owners(runtime: Runtime, people: People) -> None:
    routers = (environments.router, plans.router)
    secrets = [{"key": "STRIPE_KEY", "value": "hunter2-secret"}]
    async with api_client(runtime, *routers, person=people.alice) as api:
        body = {**DRAFT, "name": "api", "secrets": secrets}
        made = (await api.post("/api/environments", json=body)).json()
        shown = await api.post(f"{PLAN}?environmentId={made['id']}", json=DRAFT)
        assert "STRIPE_KEY ••••" in shown.text
        assert "hunter2" not in shown.text
    async with api_client(runtime, *routers, person=people.bob) as api:
        foreign = await api.post(f"{PLAN}?environmentId={made['id']}", json=DRAFT)
        assert foreign.status_code == 404
        assert "STRIPE_KEY" not in foreign.text
