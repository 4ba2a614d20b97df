"""What an environment was when it was prepared, part by part, so that `stale` can name a change."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Protocol

DIGEST_CHARACTERS = 32
_FIXED = (
    "type",
    "repository",
    "branch",
    "local path",
    "working directory",
    "setup mode",
    "setup script",
    "check command",
    "submodules",
    "image",
    "network access",
    "persistent volume",
)
_VARIABLE, _SECRET = "variable ", "secret "


class EnvironmentFacts(Protocol):
    """The columns of an environment that its set-up depends on."""

    type: str
    repo_url: str
    repo_branch: str
    local_path: str
    working_dir: str
    setup_mode: str
    setup_script: str
    check_command: str
    submodules: bool
    container_image: str
    network_access: bool
    persist_volume: bool


class VariableFacts(Protocol):
    """A plain variable."""

    key: str
    value: str


class SecretFacts(Protocol):
    """A secret, without its value."""

    key: str
    scope: str
    version: int


def config_parts(
    environment: EnvironmentFacts,
    variables: Sequence[VariableFacts],
    secrets: Sequence[SecretFacts],
) -> dict[str, str]:
    """Return the board's parts of a fingerprint. Secrets count by version, never by value."""
    script = environment.setup_script if environment.setup_mode == "manual" else ""
    values = {
        "type": environment.type,
        "repository": environment.repo_url,
        "branch": environment.repo_branch,
        "local path": environment.local_path,
        "working directory": environment.working_dir,
        "setup mode": environment.setup_mode,
        "setup script": _digest(script) if script else "",
        "check command": _digest(environment.check_command) if environment.check_command else "",
        "submodules": "yes" if environment.submodules else "",
        "image": environment.container_image,
        "network access": "" if environment.network_access else "off",
        "persistent volume": "yes" if environment.persist_volume else "",
    }
    parts = {name: value for name, value in values.items() if value}
    parts |= {_VARIABLE + item.key: _digest(item.value) for item in variables}
    parts |= {_SECRET + item.key: f"v{item.version} {item.scope}" for item in secrets}
    return parts


def is_board_part(name: str) -> bool:
    """Whether a part is the board's; the others (`commit`, `lockfile uv.lock`) are the node's."""
    return name in _FIXED or name.startswith((_VARIABLE, _SECRET))


def changed_parts(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the names of the board's parts that differ, in a stable order.

    `then` is a whole fingerprint of a prepare that succeeded; `now` comes from `config_parts`.
    """
    names = {name for name in (*then, *now) if is_board_part(name)}
    order = {name: at for at, name in enumerate(_FIXED)}
    return sorted(
        (name for name in names if then.get(name, "") != now.get(name, "")),
        key=lambda name: (order.get(name, len(order)), name),
    )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:DIGEST_CHARACTERS]
