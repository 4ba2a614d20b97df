"""Every route answers as the OpenAPI document says, whatever it is sent, whoever asks."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support import board as boards
from tests.support.board import BASE_URL, People, api_client
from tests.support.routes import belongings, document, routers

CANARY = "canary-7Qd2xV-in-the-vault"
EXAMPLES = 4
"""For a route; each is sent by everybody. They are the same in every run of the tests."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS = {
    f"{one.method.upper()} {one.path}": one
    for found in SCHEMA.get_all_operations()
    if (one := found.ok())  # pyright: ignore[reportAttributeAccessIssue]
}


@dataclass
class House:
    """A board with two people's things, and a way to ask it from code that is not async."""

    runner: asyncio.Runner
    client: httpx2.AsyncClient
    identities: dict[str, dict[str, str]]
    ids: dict[str, str]

    def ask(self, case: Any, identity: str) -> httpx2.Response:
        """Send a case in somebody's name."""
        sent = case.as_transport_kwargs(base_url=BASE_URL)
        headers = {k: v for k, v in (sent.get("headers") or {}).items() if k != "Authorization"}
        asked = self.client.request(
            sent["method"],
            sent["url"],
            params=sent.get("params"),
            json=sent.get("json"),
            content=sent.get("data") if isinstance(sent.get("data"), bytes | str) else None,
            headers=headers | self.identities[identity],
        )
        return self.runner.run(_awaited(asked))


async def _awaited(asked: Any) -> Any:
    return await asked


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with asyncio.Runner() as runner:
        rooms = _rooms(tmp_path_factory.mktemp("board"), runner)
        yield runner.run(_awaited(anext(rooms)))
        runner.run(_awaited(rooms.aclose()))


async def _rooms(folder: Path, runner: asyncio.Runner) -> AsyncGenerator[House]:
    async with boards.runtime(folder) as runtime:
        people: People = await boards.two_users(runtime)
        owners = await belongings(runtime, people.alice)
        async with api_client(runtime, *routers()) as client:
            planted = await client.post(
                "/api/environments",
                json={
                    "name": "planted",
                    "type": "manual",
                    "secrets": [{"key": "CANARY", "value": CANARY}],
                },
                headers=people.alice.headers,
            )
            assert planted.status_code == 201, planted.text
            yield House(
                runner=runner,
                client=client,
                identities={
                    "none": {},
                    "member": people.bob.headers,
                    "owner": people.alice.headers,
                },
                ids=owners.ids | {"environment_id": planted.json()["id"]},
            )


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_as_documented_and_holds_no_secret(house: House, name: str) -> None:
    operation = OPERATIONS[name]

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
    )
    @given(case=operation.as_strategy())
    def answers(case: Any) -> None:
        if operation.method != "delete" and case.path_parameters:  # real ones; they are kept
            case.path_parameters = dict(case.path_parameters) | {
                key: house.ids[key] for key in case.path_parameters if key in house.ids
            }
        for identity in house.identities:
            answer = house.ask(case, identity)
            assert CANARY not in answer.text, identity
            assert not [value for value in answer.headers.values() if CANARY in value]
            case.validate_response(answer, checks=CHECKS)

    answers()
