import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx2
import pytest

from openviber_app.api import environments
from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client
from tests.support.environments import add_node, add_ready_binding

GITHUB = {"name": "Requests", "type": "github", "repoUrl": "https://github.com/psf/requests"}
SECRET = "hunter2-secret"
ENVIRONMENTS = "/api/environments"


@pytest.fixture
async def client(runtime: Runtime, people: People) -> AsyncIterator[httpx2.AsyncClient]:
    async with api_client(runtime, environments.router, person=people.alice) as client:
        yield client


async def _create(client: httpx2.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await client.post(ENVIRONMENTS, json=GITHUB | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _pointers(answer: httpx2.Response) -> list[str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return [error["pointer"] for error in answer.json()["errors"]]


async def test_an_environment_is_made_shown_listed_saved_and_deleted(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.post(
        ENVIRONMENTS,
        json=GITHUB
        | {
            "repoUrl": "github.com/psf/requests/tree/main",
            "setupMode": "manual",
            "setupScript": "pip install -e .",
            "variables": [{"key": "CI", "value": "1"}],
            "secrets": [{"key": "TOKEN", "value": SECRET, "scope": "runtime"}],
        },
    )
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{ENVIRONMENTS}/{made['id']}"
    assert answer.headers["etag"] == '"1"'
    assert (made["repoOrg"], made["repoName"], made["repoBranch"]) == ("psf", "requests", "main")
    assert made["pill"] == "Unmapped"

    shown = await client.get(f"{ENVIRONMENTS}/{made['id']}")
    assert shown.json() == made

    listed = (await client.get(ENVIRONMENTS)).json()["environments"]
    assert [item["id"] for item in listed] == [made["id"]]
    assert "variables" not in listed[0]

    saved = await client.put(f"{ENVIRONMENTS}/{made['id']}", json=GITHUB | {"name": "Renamed"})
    assert saved.status_code == 200
    assert (saved.json()["name"], saved.json()["version"]) == ("Renamed", 2)
    assert saved.json()["setupMode"] == "auto"  # left out: the default
    assert [item["key"] for item in saved.json()["secrets"]] == ["TOKEN"]

    assert (await client.delete(f"{ENVIRONMENTS}/{made['id']}")).status_code == 204
    assert (await client.get(f"{ENVIRONMENTS}/{made['id']}")).status_code == 404


async def test_a_secret_goes_in_and_never_comes_out(
    client: httpx2.AsyncClient, people: People
) -> None:
    made = await _create(client, secrets=[{"key": "TOKEN", "value": SECRET}])
    (shown,) = made["secrets"]
    assert shown == {
        "key": "TOKEN",
        "scope": "both",
        "purpose": "variable",
        "isSet": True,
        "updatedAt": shown["updatedAt"],
        "setBy": str(people.alice.actor.user_id),
    }
    path = f"{ENVIRONMENTS}/{made['id']}"
    refused = await client.put(
        path,
        json=GITHUB | {"name": "", "secrets": [{"key": "LD_PRELOAD", "value": SECRET}]},
    )
    for answer in (await client.get(path), await client.get(ENVIRONMENTS), refused):
        assert SECRET not in answer.text
        assert str(len(SECRET)) + '"' not in answer.text


async def test_a_whole_reading_can_be_saved_back_and_leaves_secrets_alone(
    client: httpx2.AsyncClient,
) -> None:
    made = await _create(
        client,
        secrets=[{"key": "TOKEN", "value": SECRET}],
        variables=[{"key": "A", "value": "1"}],
        metadata={"color": "red", "nested": [1, None]},
    )
    taken = environments.EnvironmentIn.model_json_schema()["properties"]
    body = {name: made[name] for name in taken if name != "secrets"}
    body["secrets"] = [{"key": item["key"]} for item in made["secrets"]]
    saved = (await client.put(f"{ENVIRONMENTS}/{made['id']}", json=body)).json()
    ignored = {"version", "updatedAt"}
    assert {k: v for k, v in saved.items() if k not in ignored} == {
        k: v for k, v in made.items() if k not in ignored
    }


async def test_the_mask_is_refused_as_a_value_and_a_deletion_is_explicit(
    client: httpx2.AsyncClient,
) -> None:
    made = await _create(client, secrets=[{"key": "TOKEN", "value": SECRET}])
    path = f"{ENVIRONMENTS}/{made['id']}"
    masked = await client.put(path, json=GITHUB | {"secrets": [{"key": "TOKEN", "value": "••••"}]})
    assert masked.status_code == 422
    assert _pointers(masked) == ["/secrets/0/value"]
    short = await client.put(path, json=GITHUB | {"secrets": [{"key": "TOKEN", "value": "abc"}]})
    assert _pointers(short) == ["/secrets/0/value"]
    gone = await client.put(path, json=GITHUB | {"secrets": [{"key": "TOKEN", "delete": True}]})
    assert gone.json()["secrets"] == []


async def test_another_persons_environment_answers_like_a_missing_one(
    client: httpx2.AsyncClient, people: People
) -> None:
    made = await _create(client)
    bob = people.bob.headers
    answers: list[list[tuple[int, str]]] = []
    for target in (made["id"], str(new_id())):
        path = f"{ENVIRONMENTS}/{target}"
        answers.append(
            [
                (answer.status_code, answer.text)
                for answer in (
                    await client.get(path, headers=bob),
                    await client.put(path, headers=bob, json=GITHUB),
                    await client.put(path, headers=bob, json=GITHUB | {"version": 7}),
                    await client.delete(path, headers=bob),
                )
            ]
        )
    foreign, missing = answers
    assert foreign == missing
    assert {code for code, _ in foreign} == {404}
    assert (await client.get(ENVIRONMENTS, headers=bob)).json() == {"environments": []}
    assert (await client.get(f"{ENVIRONMENTS}/{made['id']}")).json()["version"] == 1


async def test_nobody_gets_in_without_a_credential(client: httpx2.AsyncClient) -> None:
    made = await _create(client)
    for header in ("", "Bearer ", "Bearer ov_wrong", "Basic abc"):
        for path in (ENVIRONMENTS, f"{ENVIRONMENTS}/{made['id']}"):
            answer = await client.get(path, headers={"Authorization": header})
            assert answer.status_code == 401
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"type": "gitlab"}, "/type"),
        ({"setupMode": "maybe"}, "/setupMode"),
        ({"surprise": 1}, "/surprise"),
        ({"user_id": "x"}, "/user_id"),
        ({"repo_url": "https://github.com/a/b"}, "/repo_url"),
        ({"name": 5}, "/name"),
        ({"name": None}, "/name"),
        ({"name": ""}, "/name"),
        ({"networkAccess": "yes"}, "/networkAccess"),
        ({"networkAccess": 1}, "/networkAccess"),
        ({"timeLimitSeconds": "60"}, "/timeLimitSeconds"),
        ({"timeLimitSeconds": 1.5}, "/timeLimitSeconds"),
        ({"timeLimitSeconds": 0}, "/timeLimitSeconds"),
        ({"variables": {"A": "1"}}, "/variables"),
        ({"variables": [{"key": "A"}]}, "/variables/0/value"),
        ({"variables": [{"key": "A", "value": 1}]}, "/variables/0/value"),
        ({"variables": [{"key": "A", "value": "1", "isSecret": True}]}, "/variables/0/isSecret"),
        ({"variables": [{"key": "A B", "value": "1"}]}, "/variables/0/key"),
        ({"variables": [{"key": "A", "value": ""}, {"key": "A", "value": ""}]}, "/variables/1/key"),
        ({"variables": [{"key": "LD_PRELOAD", "value": "/evil.so"}]}, "/variables/0/key"),
        ({"variables": [{"key": "A", "value": "a\0b"}]}, "/variables/0/value"),
        ({"variables": [{"key": "A", "value": "x" * 70000}]}, "/variables/0/value"),
        ({"variables": [{"key": f"V{n}", "value": ""} for n in range(201)]}, "/variables"),
        (
            {"secrets": [{"key": "A", "value": "long-enough", "scope": "always"}]},
            "/secrets/0/scope",
        ),
        ({"secrets": [{"key": "A", "value": "long-enough", "purpose": "x"}]}, "/secrets/0/purpose"),
        ({"secrets": [{"key": "A"}]}, "/secrets/0/value"),
        ({"secrets": [{"key": "A", "delete": True}]}, "/secrets/0/key"),
        ({"secrets": [{"key": "A", "value": 5}]}, "/secrets/0/value"),
        ({"repoUrl": "https://me:pw@github.com/a/b"}, "/repoUrl"),
        ({"repoUrl": "ext::sh"}, "/repoUrl"),
        ({"repoUrl": "http://127.0.0.1/x.git"}, "/repoUrl"),
        ({"repoBranch": "-x"}, "/repoBranch"),
        ({"workingDir": "../.."}, "/workingDir"),
        ({"metadata": []}, "/metadata"),
        ({"version": 1}, "/version"),
    ],
)
async def test_bad_input_has_a_pointer_and_writes_nothing(
    client: httpx2.AsyncClient, fields: dict[str, Any], pointer: str
) -> None:
    answer = await client.post(ENVIRONMENTS, json=GITHUB | fields)
    assert answer.status_code == 422
    assert _pointers(answer) == [pointer]
    assert (await client.get(ENVIRONMENTS)).json() == {"environments": []}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"name": "\\ud800"}', b'{"\\ud800": 1}', b"[" * 5000],
)
async def test_a_body_that_is_no_environment_is_a_4xx(
    client: httpx2.AsyncClient, body: bytes
) -> None:
    answer = await client.post(
        ENVIRONMENTS, content=body, headers={"Content-Type": "application/json"}
    )
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    json.loads(answer.text)


async def test_an_oversized_body_is_refused(client: httpx2.AsyncClient) -> None:
    answer = await client.post(ENVIRONMENTS, json=GITHUB | {"description": "x" * 1_100_000})
    assert answer.status_code == 413
    assert (await client.get(ENVIRONMENTS)).json() == {"environments": []}


async def test_an_optimistic_save_is_refused_by_header_or_by_field(
    client: httpx2.AsyncClient,
) -> None:
    path = f"{ENVIRONMENTS}/{(await _create(client))['id']}"
    first = await client.put(path, json=GITHUB, headers={"If-Match": '"1"'})
    assert first.headers["etag"] == '"2"'
    assert (await client.put(path, json=GITHUB, headers={"If-Match": '"1"'})).status_code == 409
    assert (await client.put(path, json=GITHUB | {"version": 1})).status_code == 409
    assert (await client.put(path, json=GITHUB | {"version": 2})).status_code == 200
    assert (await client.put(path, json=GITHUB, headers={"If-Match": "*"})).status_code == 200
    odd = await client.put(path, json=GITHUB, headers={"If-Match": "abc"})
    assert odd.status_code == 422


async def test_the_pill_of_a_mapped_environment_is_in_the_list(
    client: httpx2.AsyncClient, runtime: Runtime, people: People
) -> None:
    made = await _create(client)
    node = await add_node(runtime, user_id=people.alice.actor.user_id, connected=False)
    view = await add_ready_binding(
        runtime, environment_id=UUID(made["id"]), node_id=node.id, status="pending"
    )
    ((item),) = (await client.get(ENVIRONMENTS)).json()["environments"]
    assert (item["pill"], item["waitsFor"]) == ("Preparing", "studio-01")
    assert item["defaultBindingId"] == str(view.id)
