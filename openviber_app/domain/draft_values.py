"""The variables of a draft, with the changes to its secrets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openviber_app.domain.errors import Problem
from openviber_app.domain.names import name_problem
from openviber_app.domain.secret import MASK, Secret
from openviber_app.domain.secrets import (
    RESERVED_KEYS,
    VALUE_MAX_BYTES,
    SecretPurpose,
    SecretScope,
    value_problem,
)

VARIABLES_MAX = 200
SECRETS_MAX = 100


@dataclass(frozen=True, slots=True)
class VariableDraft:
    """A plain variable."""

    key: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretChange:
    """What a save does to one secret: without a value and a deletion it stays as it is."""

    key: str = ""
    value: Secret | None = None
    is_deleted: bool = False
    scope: SecretScope | None = None
    purpose: SecretPurpose = SecretPurpose.VARIABLE


def with_keys(changes: Sequence[SecretChange]) -> tuple[SecretChange, ...]:
    """Return the changes with git's own keys filled in: their purpose says enough."""
    return tuple(
        replace(change, key=RESERVED_KEYS[change.purpose])
        if not change.key and change.purpose in RESERVED_KEYS
        else change
        for change in changes
    )


def check_variables(variables: Sequence[VariableDraft], problems: list[Problem]) -> None:
    """Add what is wrong with the plain variables."""
    if len(variables) > VARIABLES_MAX:
        problems.append(
            Problem("/variables", f"an environment has at most {VARIABLES_MAX} variables")
        )
    seen: set[str] = set()
    for at, item in enumerate(variables):
        pointer = f"/variables/{at}"
        if (problem := name_problem(item.key)) is not None:
            problems.append(Problem(f"{pointer}/key", problem))
        elif item.key in seen:
            problems.append(Problem(f"{pointer}/key", f"{item.key} is there twice"))
        seen.add(item.key)
        if (problem := _plain_problem(item.value)) is not None:
            problems.append(Problem(f"{pointer}/value", problem))


def check_secrets(
    changes: Sequence[SecretChange],
    variables: Sequence[VariableDraft],
    existing: Mapping[str, SecretPurpose],
    problems: list[Problem],
) -> None:
    """Add what is wrong with the changes, and with the names that there would be afterwards."""
    seen: set[str] = set()
    for at, change in enumerate(changes):
        found = list(_change_problems(change, existing))
        if change.key in seen:
            found.append(("key", f"{change.key} is there twice"))
        seen.add(change.key)
        problems += [Problem(f"/secrets/{at}/{name}", message) for name, message in found]
    kept = _kept(changes, existing)
    if len(kept) > SECRETS_MAX:
        problems.append(Problem("/secrets", f"an environment has at most {SECRETS_MAX} secrets"))
    problems += [
        Problem(f"/variables/{at}/key", f"{item.key} is a secret already: delete it there first")
        for at, item in enumerate(variables)
        if item.key in kept
    ]


def _kept(changes: Sequence[SecretChange], existing: Mapping[str, SecretPurpose]) -> set[str]:
    """Return the keys of the secrets that there are after the save."""
    deleted = {change.key for change in changes if change.is_deleted}
    return (
        set(existing) | {change.key for change in changes if change.value is not None}
    ) - deleted


def _change_problems(
    change: SecretChange, existing: Mapping[str, SecretPurpose]
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    reserved = RESERVED_KEYS.get(change.purpose)
    if reserved is not None and change.key != reserved:
        found.append(("key", f"a secret for this purpose is called {reserved}"))
    elif reserved is None and (problem := name_problem(change.key)) is not None:
        found.append(("key", problem))
    if change.is_deleted and change.value is not None:
        found.append(("value", "a secret is either deleted or given a value"))
    elif change.is_deleted and change.key not in existing:
        found.append(("key", f"there is no secret {change.key} to delete"))
    elif change.value is None and not change.is_deleted and change.key not in existing:
        found.append(("value", "a new secret needs a value"))
    elif change.value is not None:
        problem = value_problem(change.value, purpose=change.purpose)
        if problem is not None:
            found.append(("value", problem))
    return found


def _plain_problem(value: str) -> str | None:
    if "\0" in value:
        return "a value cannot hold a NUL character"
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        return "a value must be valid Unicode"
    if size > VALUE_MAX_BYTES:
        return f"a value has at most {VALUE_MAX_BYTES // 1024} KiB"
    if value == MASK:
        return f"{MASK} is what is shown in place of a secret: is this variable meant to be one?"
    return None
