import re

from openviber_app.services.runtime import Runtime
from openviber_app.services.setup_code import SETTING, ensure_setup_code, hash_code
from openviber_app.store import settings_rows
from tests.support import board


async def test_each_start_without_an_owner_prints_a_new_code_and_stores_only_its_hash(
    runtime: Runtime,
) -> None:
    first, second = await ensure_setup_code(runtime), await ensure_setup_code(runtime)
    assert first is not None
    assert second is not None
    assert first != second
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", second)
    async with runtime.store.read() as db:
        assert await settings_rows.find_setting(db, SETTING) == hash_code(second)


async def test_a_board_with_an_owner_has_no_code(runtime: Runtime) -> None:
    assert await ensure_setup_code(runtime)
    await board.two_users(runtime)
    assert await ensure_setup_code(runtime) is None
    async with runtime.store.read() as db:
        assert await settings_rows.find_setting(db, SETTING) is None


def test_small_letters_spaces_and_dashes_are_forgiven() -> None:
    assert hash_code("ABCD-EFGH") == hash_code(" abcd efgh ") == hash_code("abcdefgh")
    assert hash_code("ABCD-EFGH") != hash_code("ABCD-EFGI")
