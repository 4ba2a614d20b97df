from dataclasses import FrozenInstanceError

import pytest

from openviber_app.domain.actors import Actor
from openviber_app.domain.ids import new_id


def test_who_acts_does_not_change_on_the_way() -> None:
    actor = Actor(user_id=new_id(), name="Ada", email="ada@example.test", role="member")
    with pytest.raises(FrozenInstanceError):
        actor.role = "owner"  # pyright: ignore[reportAttributeAccessIssue]
