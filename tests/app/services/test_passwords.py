from openviber_app.domain.secret import Secret
from openviber_app.services.passwords import hash_password, is_right

PASSWORD = Secret("correct horse")


async def test_a_password_is_right_for_its_own_hash_only() -> None:
    stored = await hash_password(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert "correct" not in stored
    assert await is_right(PASSWORD, stored)
    assert not await is_right(Secret("correct horsf"), stored)


async def test_nobody_has_a_password() -> None:
    assert not await is_right(PASSWORD, None)
    assert not await is_right(Secret("nobody has this password"), None)
    assert not await is_right(PASSWORD, "!")


async def test_the_same_password_is_hashed_differently_each_time() -> None:
    assert await hash_password(PASSWORD) != await hash_password(PASSWORD)


async def test_the_way_a_keyboard_writes_an_accent_does_not_matter() -> None:
    stored = await hash_password(Secret("caf\u00e9 au lait"))
    assert await is_right(Secret("cafe\u0301 au lait"), stored)
