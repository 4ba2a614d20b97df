import pytest

from openviber_app.domain.secret import Secret
from openviber_app.services import passwords
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
    assert not await is_right(Secret(""), "")


async def test_an_account_without_a_password_is_opened_by_none_not_even_by_the_decoys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decoy = await hash_password(PASSWORD)
    monkeypatch.setattr(passwords, "_nobodys", lambda: decoy)
    for stored in (None, "", "!"):
        assert not await is_right(PASSWORD, stored)


async def test_a_hash_costs_what_owasp_asks_for_and_an_unknown_person_costs_as_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stored = await hash_password(PASSWORD)
    assert "$m=32768,t=3,p=1$" in stored
    seen: list[str] = []
    hasher = passwords._HASHER

    class Watching:
        def verify(self, plain: str, against: str) -> bool:
            seen.append(against.rpartition("$")[0].rpartition("$")[0])
            return hasher.verify(plain, against)

        def hash(self, plain: str) -> str:
            return hasher.hash(plain)

    monkeypatch.setattr(passwords, "_HASHER", Watching())
    for known in (stored, None, ""):
        await is_right(PASSWORD, known)
    assert len(seen) == 3
    assert set(seen) == {"$argon2id$v=19$m=32768,t=3,p=1"}


async def test_the_same_password_is_hashed_differently_each_time() -> None:
    assert await hash_password(PASSWORD) != await hash_password(PASSWORD)


async def test_the_way_a_keyboard_writes_an_accent_does_not_matter() -> None:
    stored = await hash_password(Secret("caf\u00e9 au lait"))
    assert await is_right(Secret("cafe\u0301 au lait"), stored)
