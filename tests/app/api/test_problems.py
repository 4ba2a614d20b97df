import httpx2
import pytest
import sqlalchemy as sa
from fastapi import APIRouter, HTTPException

from openviber_app.api.app import create_api
from openviber_app.api.payload import Payload
from openviber_app.api.problems import CODES, problem
from openviber_app.domain import errors
from openviber_app.domain.statuses import RunStatus
from openviber_app.services.runtime import Runtime, install
from tests.support.board import BASE_URL, api_client

RAISED: dict[str, tuple[Exception, int]] = {
    "missing": (errors.NotFoundError("environment"), 404),
    "conflict": (errors.ConflictError("stop the run first"), 409),
    "transition": (errors.IllegalTransitionError(RunStatus.LOST, RunStatus.RUNNING), 409),
    "stranger": (errors.NotSignedInError(), 401),
    "forbidden": (errors.ForbiddenError("only the owner"), 403),
    "often": (errors.TooManyRequestsError(7), 429),
    "unreadable": (errors.SecretUnreadableError("TOKEN"), 503),
    "other": (errors.OpenViberError("something else"), 400),
    "http": (HTTPException(405, "no such method"), 405),
}


class Body(Payload):
    inner_list: list[int]


def _router() -> APIRouter:
    router = APIRouter(prefix="/api/raise")

    @router.get("/{name}")
    async def throw(name: str) -> None:
        raise RAISED[name][0]

    @router.post("")
    async def take(body: Body, limit: int = 1) -> int:
        return limit + len(body.inner_list)

    @router.put("")
    async def refuse() -> None:
        raise errors.InvalidInputError(
            [errors.Problem("/name", "too long"), errors.Problem("/variables/0/key", "bad")]
        )

    return router


@pytest.mark.parametrize("name", RAISED)
async def test_an_error_has_its_code_and_its_own_words(runtime: Runtime, name: str) -> None:
    error, code = RAISED[name]
    async with api_client(runtime, _router()) as client:
        answer = await client.get(f"/api/raise/{name}")
    assert answer.status_code == answer.json()["status"] == code
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == getattr(error, "detail", str(error))
    assert answer.json()["title"]


async def test_a_database_that_does_not_answer_is_worth_another_try(runtime: Runtime) -> None:
    router = APIRouter(prefix="/api/rows")

    @router.get("")
    async def ask() -> None:
        async with runtime.store.read() as db:
            await db.execute(sa.text("SELECT a FROM nowhere"))

    async with api_client(runtime, router) as client:
        answer = await client.get("/api/rows")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "nowhere" not in answer.text


async def test_a_mistake_of_the_boards_own_is_a_problem_that_tells_nothing(
    runtime: Runtime,
) -> None:
    router = APIRouter(prefix="/api/mistake")

    @router.get("")
    async def divide() -> None:
        raise ZeroDivisionError("hunter2")

    install(runtime)
    transport = httpx2.ASGITransport(create_api(router), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        answer = await client.get("/api/mistake")
    assert answer.status_code == answer.json()["status"] == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "hunter2" not in answer.text
    async with api_client(runtime, router) as client:
        with pytest.raises(ZeroDivisionError):  # raised again for whoever writes the log
            await client.get("/api/mistake")


async def test_waiting_times_and_ways_to_sign_in_are_headers(runtime: Runtime) -> None:
    async with api_client(runtime, _router()) as client:
        assert (await client.get("/api/raise/often")).headers["retry-after"] == "7"
        assert (await client.get("/api/raise/stranger")).headers["www-authenticate"] == "Bearer"


async def test_every_problem_of_an_input_has_a_pointer(runtime: Runtime) -> None:
    async with api_client(runtime, _router()) as client:
        answer = await client.put("/api/raise")
    assert answer.status_code == 422
    assert answer.json()["detail"] == "2 problem(s) in the input"
    assert answer.json()["errors"] == [
        {"pointer": "/name", "detail": "too long"},
        {"pointer": "/variables/0/key", "detail": "bad"},
    ]


async def test_a_wrong_body_is_pointed_at_and_never_repeated(runtime: Runtime) -> None:
    async with api_client(runtime, _router()) as client:
        answer = await client.post("/api/raise", json={"innerList": [1, "hunter2"], "a/b~c": 1})
        query = await client.post("/api/raise?limit=x", json={"innerList": []})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/innerList/1", "/a~1b~0c"]
    assert "hunter2" not in answer.text
    assert [error["pointer"] for error in query.json()["errors"]] == ["#query/limit"]


def test_every_error_of_the_tree_has_a_code() -> None:
    direct = errors.OpenViberError.__subclasses__()
    ours = {c for c in direct if c.__module__ == "openviber_app.domain.errors"}
    assert ours == set(CODES)


def test_a_problem_without_pointers_has_no_list() -> None:
    assert b"errors" not in problem(404, "no").body
