from openviber_app.services import owners
from openviber_app.services.runtime import Runtime
from tests.support.board import People


async def test_a_board_without_accounts_has_no_owner(runtime: Runtime) -> None:
    assert await owners.find_owner(runtime) is None


async def test_the_owner_is_the_one_with_that_role(runtime: Runtime, people: People) -> None:
    found = await owners.find_owner(runtime)
    roles = {person.actor.user_id: person.actor.role for person in (people.alice, people.bob)}
    assert found is not None
    assert roles[found.user_id] == "owner"
