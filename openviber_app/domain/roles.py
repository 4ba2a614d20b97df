"""Roles: one table of who may do what on a board."""

from collections.abc import Mapping
from enum import StrEnum

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ForbiddenError
from openviber_app.domain.scopes import ALL_SCOPES, USUAL_SCOPES, Scope, in_order


class Role(StrEnum):
    """What somebody is on this board; everybody owns what they make, whatever they are."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class Right(StrEnum):
    """What not everybody may; the value says it in words."""

    PEOPLE = "manage people"
    INVITES = "invite people"
    ADMINS = "make or change admins and owners"
    AUDIT = "read the audit log"
    KEYS = "rotate keys"
    BACKUP = "back up the board"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.ADMIN: frozenset({Right.PEOPLE, Right.INVITES, Right.AUDIT}),
    Role.MEMBER: frozenset(),
}


def can(role: str, right: Right) -> bool:
    """Whether somebody of this role may do this; an unknown role may nothing."""
    return role in RIGHTS and right in RIGHTS[Role(role)]


def scopes_of(role: str) -> frozenset[Scope]:
    """Return what somebody of this role can give to a token."""
    return ALL_SCOPES if role in {Role.OWNER, Role.ADMIN} else USUAL_SCOPES


def may_manage(actor_role: str, other_role: str) -> bool:
    """Whether one may invite, change or remove somebody of the other role."""
    right = Right.PEOPLE if other_role == Role.MEMBER else Right.ADMINS
    return can(actor_role, right)


def require_right(actor: Actor, right: Right) -> None:
    """Refuse who may not.

    Raises:
        ForbiddenError: the actor's role, or their token's scopes, do not give this right.
    """
    require_scope(actor, Scope.ADMIN)
    if can(actor.role, right):
        return
    having = " or ".join(f"an {role}" for role in Role if can(role, right))
    article = "a" if actor.role == Role.MEMBER else "an"
    raise ForbiddenError(f"as {article} {actor.role} you may not {right}: ask {having}")


def require_scope(actor: Actor, scope: Scope) -> None:
    """Refuse a token that was made for something else.

    Raises:
        ForbiddenError: the token lacks the scope; it names both.
    """
    if scope in actor.scopes:
        return
    held = ", ".join(in_order(actor.scopes)) or "none"
    raise ForbiddenError(
        f"this token has no scope {scope} (it has: {held}); make one with it under "
        "Settings > API tokens"
    )
