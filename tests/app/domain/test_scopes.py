from openviber_app.domain.scopes import (
    ALL_SCOPES,
    USUAL_SCOPES,
    Scope,
    default_scope,
    in_order,
    known_scopes,
)


def test_looking_needs_read_and_everything_else_write_unless_a_route_says_otherwise() -> None:
    assert [default_scope(method) for method in ("GET", "head", "POST", "DELETE")] == [
        *("read", "read", "write", "write")
    ]


def test_a_scope_of_another_version_gives_nothing() -> None:
    assert known_scopes(["read", "root", ""]) == {Scope.READ}


def test_scopes_are_said_in_one_order_and_admin_is_not_a_usual_one() -> None:
    assert in_order(ALL_SCOPES) == ["read", "run", "write", "admin"]
    assert in_order(USUAL_SCOPES) == ["read", "run", "write"]
