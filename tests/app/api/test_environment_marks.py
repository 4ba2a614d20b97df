from openviber_app.api import environment_marks
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client
from tests.support.workbench import add_environment


async def test_a_mark_keeps_what_a_patch_leaves_out(runtime: Runtime, people: People) -> None:
    environment = await add_environment(runtime, people.alice.actor)
    url = f"/api/environments/{environment.id}/mark"
    async with api_client(runtime, environment_marks.router, person=people.alice) as api:
        pinned = (await api.patch(url, json={"isPinned": True})).json()
        assert pinned == {"environmentId": str(environment.id), "isPinned": True, "usedAt": None}
        used = (await api.patch(url, json={"isCurrent": True})).json()
        assert used["isPinned"]
        assert used["usedAt"]
    async with api_client(runtime, environment_marks.router, person=people.bob) as api:
        assert (await api.patch(url, json={"isPinned": True})).status_code == 404
