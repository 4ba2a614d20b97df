from openviber_app.services.runtime import Runtime
from openviber_app.store.settings_rows import delete_setting, find_setting, put_setting


async def test_a_fact_is_written_replaced_and_forgotten(runtime: Runtime) -> None:
    async with runtime.store.write() as db:
        assert await find_setting(db, "a") is None
        await put_setting(db, "a", 1)
        await put_setting(db, "a", {"b": [2]})
    async with runtime.store.write() as db:
        assert await find_setting(db, "a") == {"b": [2]}
        await delete_setting(db, "a")
        await delete_setting(db, "a")
    async with runtime.store.read() as db:
        assert await find_setting(db, "a") is None
