from typing import Any

from openviber_app.services.runtime import Runtime
from openviber_app.store import keys
from tests.support.board import People
from tests.support.environments import secret
from tests.support.tampering import make_victim


async def test_what_is_on_another_key_is_found_and_put_back_only_if_unchanged(
    runtime: Runtime, people: People
) -> None:
    victim = await make_victim(runtime, people.alice, secrets=(secret("TOKEN", "first-value"),))
    current, (row,) = runtime.vault.kms_key_id, await victim.secret_rows()
    manifest = (await victim.environment()).secrets_manifest
    async with runtime.store.write() as db:
        assert await keys.count_by_key(db) == ({current: 1}, {current: 1})
        own: dict[str, Any] = {"key_id": current, "after": None, "limit": 9}
        assert list(await keys.list_secrets_on_other_keys(db, **own)) == []
        assert list(await keys.list_lists_on_other_keys(db, **own)) == []
        other: dict[str, Any] = own | {"key_id": "local:other:1"}
        assert len(await keys.list_secrets_on_other_keys(db, **other)) == 1
        assert len(await keys.list_lists_on_other_keys(db, **other)) == 1
        new = {"secret_id": row.id, "encrypted_value": b"new", "key_id": "k"}
        assert not await keys.put_secret(db, was=b"changed meanwhile", **new)
        assert await keys.put_secret(db, was=row.encrypted_value, **new)
        lists = {"environment_id": victim.environment_id, "text": "k\n00"}
        assert not await keys.put_list(db, was="changed meanwhile", **lists)
        assert await keys.put_list(db, was=manifest, **lists)
