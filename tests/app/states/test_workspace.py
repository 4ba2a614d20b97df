from uuid import UUID

import pytest

from openviber_app.states.workspace import Workspace, selected_in

ID = "01a20958-e49b-7000-93cd-355797a26729"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", (None, None)),
        ("/threads/" + ID, (UUID(ID), None)),
        ("/threads/" + ID + "/", (UUID(ID), None)),
        ("/environments/" + ID, (None, UUID(ID))),
        ("/threads/not-an-id", (None, None)),
        ("/elsewhere/" + ID, (None, None)),
    ],
)
def test_what_is_selected_stands_in_the_address(
    path: str, found: tuple[UUID | None, UUID | None]
) -> None:
    assert selected_in(path) == found


def test_a_page_of_neither_may_carry_the_chosen_environment() -> None:
    assert selected_in("/", chosen_environment=ID) == (None, UUID(ID))
    assert selected_in("/", chosen_environment="x") == (None, None)
    assert selected_in(f"/threads/{ID}", chosen_environment="x") == (UUID(ID), None)


def test_the_state_holds_no_log_and_no_timeline() -> None:
    assert not {name for name in Workspace.vars if "log" in name or "item" in name}
