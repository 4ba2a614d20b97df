import pytest

from openviber_app.domain.errors import NotFoundError
from openviber_app.services import environment_marks
from openviber_app.services.runtime import Runtime
from tests.support.board import People
from tests.support.workbench import add_environment


async def test_the_environment_that_was_chosen_last_is_known_to_its_person(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    one, two = [await add_environment(runtime, alice, name=name) for name in "ab"]
    for row in (one, two, one):
        await environment_marks.change_mark(runtime, alice, environment_id=row.id, is_current=True)
    marks = await environment_marks.list_marks(runtime, alice)
    last = max(marks.values(), key=lambda mark: str(mark.used_at))
    assert last.environment_id == one.id
    assert await environment_marks.list_marks(runtime, people.bob.actor) == {}


async def test_nobody_pins_another_persons_environment(runtime: Runtime, people: People) -> None:
    environment = await add_environment(runtime, people.alice.actor)
    with pytest.raises(NotFoundError):
        await environment_marks.change_mark(
            runtime, people.bob.actor, environment_id=environment.id, is_pinned=True
        )
