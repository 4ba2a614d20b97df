from fastapi import APIRouter

from openviber_app.api import accounts, environments
from openviber_app.services.runtime import Runtime
from tests.support.board import api_client


async def test_an_unknown_path_is_a_problem_and_no_page(runtime: Runtime) -> None:
    async with api_client(runtime) as client:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            answer = await client.request(method, "/api/nothing/here")
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"] == f"there is no {method} /api/nothing/here"


async def test_the_openapi_document_names_fields_as_the_wire_does(runtime: Runtime) -> None:
    async with api_client(runtime, accounts.router, environments.router) as client:
        document = (await client.get("/api/openapi.json")).json()
    assert "/api/environments/{environment_id}" in document["paths"]
    fields = document["components"]["schemas"]["EnvironmentIn"]["properties"]
    assert "repoUrl" in fields
    assert "repo_url" not in fields
    assert document["components"]["schemas"]["EnvironmentIn"]["additionalProperties"] is False


async def test_no_route_of_these_takes_a_request_without_saying_who_may(runtime: Runtime) -> None:
    """Every route but set-up and sign-in answers 401 to a stranger, whatever the body is."""
    open_to_all = {("GET", "/api/setup"), ("POST", "/api/setup"), ("POST", "/api/sessions")}
    open_to_all |= {("DELETE", "/api/sessions/current"), ("POST", "/api/join")}
    open_to_all.add(("POST", "/api/password-reset"))
    async with api_client(runtime, accounts.router, environments.router) as client:
        paths = (await client.get("/api/openapi.json")).json()["paths"]
        for path, methods in paths.items():
            for method in methods:
                if (method.upper(), path) in open_to_all:
                    continue
                target = path.format(environment_id="x", token_id="x")
                answer = await client.request(method, target, json={})
                assert answer.status_code == 401, (method, path)


async def test_a_router_is_added_under_its_own_prefix(runtime: Runtime) -> None:
    router = APIRouter(prefix="/api/hello")

    @router.get("")
    async def hello() -> str:
        return "hello"

    async with api_client(runtime, router) as client:
        assert (await client.get("/api/hello")).json() == "hello"
