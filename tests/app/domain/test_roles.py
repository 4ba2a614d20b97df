from dataclasses import replace

import pytest

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ForbiddenError
from openviber_app.domain.ids import new_id
from openviber_app.domain.roles import (
    RIGHTS,
    Right,
    Role,
    can,
    may_manage,
    require_right,
    require_scope,
    scopes_of,
)
from openviber_app.domain.scopes import Scope

ADMINS_OWN = {Right.PEOPLE, Right.INVITES, Right.AUDIT}


def actor(role: str) -> Actor:
    return Actor(user_id=new_id(), name="Ada", email="ada@example.test", role=role)


def test_the_table_knows_every_role() -> None:
    assert set(RIGHTS) == set(Role)


@pytest.mark.parametrize("right", Right)
def test_owners_may_everything_admins_people_members_nothing(right: Right) -> None:
    assert can("owner", right)
    assert can("admin", right) is (right in ADMINS_OWN)
    assert not can("member", right)
    assert not can("", right)
    assert not can("root", right)


def test_admins_manage_members_and_only_owners_manage_the_rest() -> None:
    assert [role for role in Role if may_manage("owner", role)] == list(Role)
    assert [role for role in Role if may_manage("admin", role)] == ["member"]
    assert not any(may_manage("member", role) for role in Role)


def test_only_owners_and_admins_give_the_scope_of_admins() -> None:
    assert [role for role in Role if Scope.ADMIN in scopes_of(role)] == ["owner", "admin"]
    assert scopes_of("root") == scopes_of("member")


def test_who_may_not_is_told_whom_to_ask() -> None:
    require_right(actor("admin"), Right.AUDIT)
    with pytest.raises(
        ForbiddenError, match=r"as a member you may not invite people: ask an owner or an admin$"
    ):
        require_right(actor("member"), Right.INVITES)
    with pytest.raises(ForbiddenError, match=r"as an admin you may not rotate keys: ask an owner$"):
        require_right(actor("admin"), Right.KEYS)


def test_a_token_says_which_scope_it_lacks_and_a_right_needs_the_scope_too() -> None:
    looking = replace(actor("owner"), scopes=frozenset({Scope.READ}))
    require_scope(looking, Scope.READ)
    with pytest.raises(ForbiddenError, match=r"no scope run \(it has: read\)"):
        require_scope(looking, Scope.RUN)
    with pytest.raises(ForbiddenError, match="no scope admin"):
        require_right(looking, Right.PEOPLE)
