"""Tests of `openviber_app.domain.sharing`."""

import pytest

from openviber_app.domain.errors import ForbiddenError
from openviber_app.domain.sharing import LEAST, Access, Right, may, require

RIGHTS = {
    Access.VIEWER: {Right.SEE},
    Access.RUNNER: {Right.SEE, Right.RUN, Right.PREPARE},
    Access.EDITOR: {Right.SEE, Right.RUN, Right.PREPARE, Right.EDIT},
    Access.OWNER: set(Right),
}


@pytest.mark.parametrize("access", Access)
def test_each_access_holds_its_rights_and_no_others(access: Access) -> None:
    assert {right for right in Right if may(access, right)} == RIGHTS[access]


@pytest.mark.parametrize("right", Right)
def test_every_right_has_a_least_access(right: Right) -> None:
    assert may(LEAST[right], right)


def test_a_refusal_says_what_one_can_do_and_whom_to_ask() -> None:
    require(Access.RUNNER, Right.RUN, owner="Ada")
    with pytest.raises(ForbiddenError) as raised:
        require(Access.VIEWER, Right.RUN, owner="Ada")
    assert str(raised.value) == (
        "you can read this environment, but not run threads in it: ask Ada to let you run threads"
    )
