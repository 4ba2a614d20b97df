from openviber_app.api import drafts
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client


async def test_a_draft_is_kept_shown_and_forgotten(runtime: Runtime, people: People) -> None:
    path = "/api/drafts/environment:new"
    owner = str(people.alice.actor.user_id)
    nothing = {
        "key": "environment:new",
        "ownerId": owner,
        "value": None,
        "revision": 0,
        "updatedAt": None,
    }
    async with api_client(runtime, drafts.router, person=people.alice) as api:
        assert (await api.get(path)).json() == nothing
        kept = await api.put(path, json={"value": {"name": "checkout-api"}})
        assert kept.status_code == 200
        assert kept.json() == (await api.get(path)).json()
        assert kept.json()["value"] == {"name": "checkout-api"}
        assert kept.json()["updatedAt"].endswith("Z")
        assert (await api.delete(path)).status_code == 204
        assert (await api.delete(path)).status_code == 204
        assert (await api.get(path)).json() == nothing


async def test_a_draft_without_a_value_is_refused_and_null_empties(
    runtime: Runtime, people: People
) -> None:
    async with api_client(runtime, drafts.router, person=people.alice) as api:
        assert (await api.put("/api/drafts/a", json={})).status_code == 422
        assert (await api.put("/api/drafts/a", json={"value": None})).status_code == 200
        refused = await api.put("/api/drafts/a%20b", json={"value": "x"})
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["#path/key"]


async def test_a_second_person_sees_nothing_of_the_first(runtime: Runtime, people: People) -> None:
    async with api_client(runtime, drafts.router, person=people.alice) as api:
        await api.put("/api/drafts/a", json={"value": "private words"})
    async with api_client(runtime, drafts.router, person=people.bob) as api:
        assert "private words" not in (await api.get("/api/drafts/a")).text
        await api.put("/api/drafts/a", json={"value": "bob's"})
        await api.delete("/api/drafts/a")
    async with api_client(runtime, drafts.router, person=people.alice) as api:
        assert (await api.get("/api/drafts/a")).json()["value"] == "private words"
