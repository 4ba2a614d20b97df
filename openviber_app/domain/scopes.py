"""The scopes of API tokens: which kinds of requests a program may send."""

from collections.abc import Iterable
from enum import StrEnum

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Scope(StrEnum):
    """One kind of request; a signed-in browser has every scope."""

    READ = "read"
    """Look: lists, logs, timelines, the live channel."""
    RUN = "run"
    """Work in what is there: prepares, threads, messages, stop, cancel."""
    WRITE = "write"
    """Change what is there: environments, secrets, mappings, nodes, tokens, the account."""
    ADMIN = "admin"
    """Run the board: people, invites, keys, the audit log."""


ALL_SCOPES = frozenset(Scope)
USUAL_SCOPES = ALL_SCOPES - {Scope.ADMIN}


def default_scope(method: str) -> Scope:
    """Return what a request of this method needs, unless its route says otherwise."""
    return Scope.READ if method.upper() in SAFE_METHODS else Scope.WRITE


def known_scopes(names: Iterable[str]) -> frozenset[Scope]:
    """Return the scopes among these names: a name of another version gives nothing."""
    return frozenset(scope for scope in Scope if scope.value in set(names))


def in_order(scopes: Iterable[Scope]) -> list[Scope]:
    """Return scopes in the order in which people read them."""
    held = set(scopes)
    return [scope for scope in Scope if scope in held]
