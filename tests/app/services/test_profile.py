import pytest

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import InvalidInputError, NotSignedInError, TooManyRequestsError
from openviber_app.domain.people import PersonDraft
from openviber_app.domain.secret import Secret
from openviber_app.services import accounts, profile
from openviber_app.services.runtime import Runtime
from openviber_app.services.setup_code import ensure_setup_code
from tests.support.audited import deeds

OLD, NEW = Secret("correct horse"), Secret("battery staple")


@pytest.fixture
async def ada(runtime: Runtime) -> Actor:
    code = await ensure_setup_code(runtime)
    assert code is not None
    draft = PersonDraft(name="Ada", email="ada@example.test", password=OLD)
    return await accounts.create_owner(runtime, draft, code=code)


async def change(
    runtime: Runtime, actor: Actor, *, name: str | None = None, email: str | None = None,
    current_password: Secret | None = None,
) -> Actor:  # fmt: skip
    return await profile.change_profile(
        runtime, actor, name=name, email=email, current_password=current_password
    )


def pointers(caught: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return [problem.pointer for problem in caught.value.problems]


async def test_a_name_changes_without_a_password(runtime: Runtime, ada: Actor) -> None:
    changed = await change(runtime, ada, name=" Ada L. ")
    assert (changed.name, changed.email) == ("Ada L.", ada.email)
    with pytest.raises(InvalidInputError) as caught:
        await change(runtime, ada, name=" ")
    assert pointers(caught) == ["/name"]


async def test_another_address_needs_the_password_and_signs_in(
    runtime: Runtime, ada: Actor
) -> None:
    for wrong in (None, Secret("wrong password")):
        with pytest.raises(InvalidInputError) as caught:
            await change(runtime, ada, email="lovelace@example.test", current_password=wrong)
        assert pointers(caught) == ["/currentPassword"]
    await change(runtime, ada, email=" Lovelace@Example.test", current_password=OLD)
    await accounts.sign_in(runtime, email="lovelace@example.test", password=OLD)


async def test_an_address_belongs_to_one_person(runtime: Runtime, ada: Actor) -> None:
    draft = PersonDraft(name="Bob", email="bob@example.test", password=OLD)
    await accounts.add_member(runtime, ada, draft)
    with pytest.raises(InvalidInputError) as caught:
        await change(runtime, ada, email="bob@example.test", current_password=OLD)
    assert pointers(caught) == ["/email"]


async def test_a_new_password_ends_the_other_sessions(runtime: Runtime, ada: Actor) -> None:
    here = await accounts.start_session(runtime, ada)
    away = await accounts.start_session(runtime, ada)
    fresh = await profile.change_password(runtime, ada, current=OLD, new=NEW, cookie=here.value)
    assert fresh is not None
    await accounts.sign_in(runtime, email=ada.email, password=NEW)
    with pytest.raises(NotSignedInError):
        await accounts.sign_in(runtime, email=ada.email, password=OLD)
    assert await accounts.get_actor_by_session(runtime, fresh.value) == ada
    for ended in (here, away):
        with pytest.raises(NotSignedInError):
            await accounts.get_actor_by_session(runtime, ended.value)


async def test_a_wrong_current_password_changes_nothing_and_cannot_be_guessed(
    runtime: Runtime, ada: Actor
) -> None:
    away = await accounts.start_session(runtime, ada)
    for _ in range(10):
        with pytest.raises(InvalidInputError) as caught:
            await profile.change_password(
                runtime, ada, current=Secret("a wrong one"), new=NEW, cookie=""
            )
        assert pointers(caught) == ["/currentPassword"]
    with pytest.raises(TooManyRequestsError):
        await profile.change_password(runtime, ada, current=OLD, new=NEW, cookie="")
    await accounts.sign_in(runtime, email=ada.email, password=OLD)
    await accounts.get_actor_by_session(runtime, away.value)


async def test_a_weak_new_password_is_refused_at_its_field(runtime: Runtime, ada: Actor) -> None:
    with pytest.raises(InvalidInputError) as caught:
        await profile.change_password(runtime, ada, current=OLD, new=Secret("short"), cookie="")
    assert pointers(caught) == ["/newPassword"]


async def test_a_program_that_changes_the_password_gets_no_session(
    runtime: Runtime, ada: Actor
) -> None:
    for cookie in ("", "made up"):
        fresh = await profile.change_password(runtime, ada, current=OLD, new=OLD, cookie=cookie)
        assert fresh is None


async def test_who_signs_in_by_which_address_is_written_down(runtime: Runtime, ada: Actor) -> None:
    await change(runtime, ada, email="lovelace@example.test", current_password=OLD)
    (deed,) = await deeds(runtime, "user.email_changed")
    assert deed.facts == {"from": ada.email, "to": "lovelace@example.test"}
