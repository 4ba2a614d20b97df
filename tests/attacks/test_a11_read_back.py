"""A11: a secret is read back through whatever the board answers."""

from hashlib import sha256
from pathlib import Path

from openviber_app.api import bindings, deliveries, environments, keys, plans
from tests.support.board import People, api_client
from tests.support.tampering import VALUE, Victim

ROUTERS = (bindings.router, deliveries.router, environments.router, keys.router, plans.router)


async def test_no_answer_holds_a_value_its_length_or_its_hash(
    victim: Victim, people: People, tmp_path: Path
) -> None:
    await victim.send()
    path = f"/api/environments/{victim.environment_id}"
    async with api_client(victim.runtime, *ROUTERS, person=people.alice) as api:
        answers = [
            await api.get(where)
            for where in ("/api/environments", path, f"{path}/deliveries", "/api/bindings")
        ]
        answers += [await api.get("/api/keys"), await api.post("/api/keys/verify")]
        detail = answers[1].json()
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    for text in (answer.text for answer in answers):
        assert VALUE not in text
        assert sha256(VALUE.encode()).hexdigest()[:16] not in text
    (shown,) = detail["secrets"]
    assert set(shown) & {"value", "encryptedValue", "length", "size", "hash"} == set()
    (row,) = await victim.secret_rows()
    everything = "".join(answer.text for answer in answers)
    assert row.encrypted_value.hex()[:24] not in everything
    assert not any(
        VALUE.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()
    )


async def test_only_the_owner_sees_keys_and_only_an_environments_owner_its_deliveries(
    victim: Victim, people: People
) -> None:
    async with api_client(victim.runtime, *ROUTERS, person=people.bob) as api:
        assert (await api.get("/api/keys")).status_code == 403
        assert (await api.post("/api/keys/verify")).status_code == 403
        assert (await api.post("/api/keys/wrapping/rotate")).status_code == 403
        missing = await api.get(f"/api/environments/{victim.environment_id}/deliveries")
        assert missing.status_code == 404
