from dataclasses import FrozenInstanceError, replace

import pytest

from openviber_app.domain.actors import Actor
from openviber_app.domain.ids import new_id
from openviber_app.domain.scopes import ALL_SCOPES


def test_who_acts_does_not_change_on_the_way() -> None:
    actor = Actor(user_id=new_id(), name="Ada", email="ada@example.test", role="member")
    with pytest.raises(FrozenInstanceError):
        actor.role = "owner"  # pyright: ignore[reportAttributeAccessIssue]


def test_one_person_is_the_same_by_session_and_by_token() -> None:
    ada = Actor(user_id=new_id(), name="Ada", email="ada@example.test", role="member")
    assert ada.scopes == ALL_SCOPES
    assert replace(ada, scopes=frozenset(), client="192.0.2.1") == ada
