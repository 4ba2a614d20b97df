from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotSignedInError,
    TooManyRequestsError,
)
from openviber_app.domain.people import PersonDraft
from openviber_app.domain.secret import Secret
from openviber_app.services import access, accounts, password_resets
from openviber_app.services.password_resets import CannotResetError
from openviber_app.services.runtime import Runtime
from openviber_app.services.setup_code import ensure_setup_code
from openviber_app.store.people_tables import PasswordReset
from openviber_app.vault.tokens import hash_token
from tests.support import board
from tests.support.audited import deeds
from tests.support.board import StillClock

OLD, NEW = Secret("correct horse"), Secret("battery staple")


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def runtime(tmp_path: Path, clock: StillClock) -> AsyncIterator[Runtime]:
    async with board.runtime(tmp_path, clock=clock) as built:
        yield built


@pytest.fixture
async def ada(runtime: Runtime) -> Actor:
    code = await ensure_setup_code(runtime)
    assert code is not None
    draft = PersonDraft(name="Ada", email="ada@example.test", password=OLD)
    return await accounts.create_owner(runtime, draft, code=code)


async def test_a_code_sets_a_new_password_once_and_signs_everybody_out(
    runtime: Runtime, ada: Actor
) -> None:
    grant = await accounts.start_session(runtime, ada)
    offered = await password_resets.offer(runtime, " ADA@example.test ")
    with runtime.bus.listening(access.access_topic(ada.user_id)) as sockets:
        await password_resets.use(runtime, code=offered.code, password=NEW, client="192.0.2.1")
        assert sockets.wake.is_set()
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_session(runtime, grant.value)
    assert await accounts.sign_in(runtime, email=ada.email, password=NEW) == ada
    with pytest.raises(NotSignedInError):
        await accounts.sign_in(runtime, email=ada.email, password=OLD)
    with pytest.raises(ForbiddenError, match="was used"):
        await password_resets.use(runtime, code=offered.code, password=OLD)
    (reset,) = await deeds(runtime, "user.password_reset")
    (offer,) = await deeds(runtime, "user.reset_offered")
    assert (offer.actor_id, offer.target_name) == (None, "Ada")
    assert (reset.actor_name, reset.client) == ("Ada", "192.0.2.1")


async def test_a_code_is_stored_as_a_hash_and_printed_behind_the_hash_sign(
    runtime: Runtime, ada: Actor
) -> None:
    offered = await password_resets.offer(runtime, ada.email)
    assert f"https://b.example/reset#{offered.code}" in offered.words("https://b.example")
    assert offered.code not in repr(offered)
    async with runtime.store.read() as db:
        (row,) = (await db.execute(PasswordReset.__table__.select())).all()  # pyright: ignore[reportAttributeAccessIssue]
    assert row.token_hash == hash_token(offered.code)
    assert offered.code not in repr(row)


async def test_a_code_ends_after_a_quarter_of_an_hour_or_with_the_next_one(
    runtime: Runtime, clock: StillClock, ada: Actor
) -> None:
    first = await password_resets.offer(runtime, ada.email)
    second = await password_resets.offer(runtime, ada.email)
    with pytest.raises(ForbiddenError):
        await password_resets.use(runtime, code=first.code, password=NEW)
    clock.move(timedelta(minutes=15))
    with pytest.raises(ForbiddenError, match="15 minutes"):
        await password_resets.use(runtime, code=second.code, password=NEW)
    await accounts.sign_in(runtime, email=ada.email, password=OLD)


async def test_a_password_that_cannot_be_taken_does_not_cost_the_code(
    runtime: Runtime, ada: Actor
) -> None:
    offered = await password_resets.offer(runtime, ada.email)
    for wrong in ("short", ada.email):
        with pytest.raises(InvalidInputError) as caught:
            await password_resets.use(runtime, code=offered.code, password=Secret(wrong))
        assert [problem.pointer for problem in caught.value.problems] == ["/password"]
    await password_resets.use(runtime, code=f" {offered.code} ", password=NEW)


async def test_codes_cannot_be_guessed_fast(runtime: Runtime, ada: Actor) -> None:
    offered = await password_resets.offer(runtime, ada.email)
    for n in range(10):
        with pytest.raises(ForbiddenError):
            await password_resets.use(
                runtime, code=f"ov_reset_{n}", password=NEW, client="192.0.2.1"
            )
    with pytest.raises(TooManyRequestsError):
        await password_resets.use(runtime, code=offered.code, password=NEW, client="192.0.2.1")
    await password_resets.use(runtime, code=offered.code, password=NEW, client="192.0.2.2")


async def test_nobody_and_nonsense_are_told_in_words(runtime: Runtime, ada: Actor) -> None:
    with pytest.raises(CannotResetError, match=r"nobody on this board has .* bob@example.test"):
        await password_resets.offer(runtime, "bob@example.test")
    with pytest.raises(CannotResetError, match="not an e-mail address"):
        await password_resets.offer(runtime, "bob")
    assert not await deeds(runtime, "user.reset_offered")


async def test_the_console_needs_no_lock_and_writes_beside_a_board_that_runs(
    runtime: Runtime, ada: Actor
) -> None:
    async with runtime.store.read() as db:  # the board is in the middle of something
        await db.get(PasswordReset, ada.user_id)
        offered = await password_resets.offer_from_console(runtime.settings, ada.email)
    await password_resets.use(
        replace(runtime, clock=StillClock(offered.expires_at - timedelta(minutes=1))),
        code=offered.code,
        password=NEW,
    )


async def test_where_no_board_is_none_is_made(runtime: Runtime, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "board.sqlite3"
    settings = replace(
        runtime.settings, data=nowhere.parent, database_url=f"sqlite+aiosqlite:///{nowhere}"
    )
    with pytest.raises(CannotResetError, match="there is no board in DATA="):
        await password_resets.offer_from_console(settings, "ada@example.test")
    assert not nowhere.parent.exists()
    empty = tmp_path / "empty.sqlite3"
    empty.touch()
    older = replace(runtime.settings, database_url=f"sqlite+aiosqlite:///{empty}")
    with pytest.raises(CannotResetError, match="start this version's board once"):
        await password_resets.offer_from_console(older, "ada@example.test")
