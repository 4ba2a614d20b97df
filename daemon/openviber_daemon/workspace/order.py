"""What the board ordered, as plain values read from a command's payload."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

Payload = Mapping[str, object]


def _text(source: Payload, name: str, default: str = "") -> str:
    value = source.get(name, default)
    return value if isinstance(value, str) else default


def _flag(source: Payload, name: str, *, default: bool = False) -> bool:
    value = source.get(name, default)
    return value if isinstance(value, bool) else default


def _mapping(source: Payload, name: str) -> Payload:
    value = source.get(name)
    return cast("Payload", value) if isinstance(value, Mapping) else {}


def _texts(source: Payload, name: str) -> dict[str, str]:
    return {str(key): str(value) for key, value in _mapping(source, name).items()}


@dataclass(frozen=True)
class Setup:
    """How a workspace becomes usable; the scripts' time limit is in seconds."""

    mode: str = "auto"
    script: str = ""
    maintenance_script: str = ""
    check_command: str = ""
    time_limit: float = 1200


@dataclass(frozen=True)
class Spec:
    """An environment as this node needs to know it."""

    environment_id: str
    owner_id: str
    name: str
    type: str
    repo_url: str
    repo_branch: str
    local_path: str
    working_dir: str
    submodules: bool
    use_node_credentials: bool
    setup: Setup
    variables: dict[str, str]
    secret_scopes: dict[str, str]
    persist_volume: bool
    author_name: str
    author_email: str
    allowed_hosts: tuple[str, ...]
    fingerprint: dict[str, str]


@dataclass(frozen=True)
class Order:
    """One prepare or one run of a binding."""

    binding_id: str
    environment_id: str
    spec: Spec
    strategy: str = "auto_clone"
    existing_path: str = ""
    kind: str = "prepare"
    fast_forward: bool = False
    force: bool = False
    prepare_id: str = ""
    thread_id: str = ""
    branch: str = ""

    @property
    def in_place(self) -> bool:
        """Whether the work happens in one folder, instead of slots of a repository."""
        return self.spec.type != "github" or self.strategy == "existing_path"


def read_spec(source: Payload) -> Spec:
    """Read an `EnvironmentSpec` payload; missing fields have the protocol's defaults."""
    setup = _mapping(source, "setup")
    limit = setup.get("timeLimitSeconds", 1200)
    secrets = source.get("secrets")
    hosts = source.get("allowedHosts")
    scopes = {
        _text(ref, "name"): _text(ref, "scope", "both")
        for ref in (cast("list[Payload]", secrets) if isinstance(secrets, list) else [])
    }
    return Spec(
        environment_id=_text(source, "environmentId"),
        owner_id=_text(source, "ownerId"),
        name=_text(source, "name"),
        type=_text(source, "type", "github"),
        repo_url=_text(source, "repoUrl"),
        repo_branch=_text(source, "repoBranch"),
        local_path=_text(source, "localPath"),
        working_dir=_text(source, "workingDir"),
        submodules=_flag(source, "submodules"),
        use_node_credentials=_flag(source, "useNodeCredentials"),
        setup=Setup(
            mode=_text(setup, "mode", "auto"),
            script=_text(setup, "script"),
            maintenance_script=_text(setup, "maintenanceScript"),
            check_command=_text(setup, "checkCommand"),
            time_limit=float(limit) if isinstance(limit, int | float) else 1200,
        ),
        variables=_texts(source, "variables"),
        secret_scopes=scopes,
        persist_volume=_flag(source, "persistVolume"),
        author_name=_text(source, "authorName", "OpenViber") or "OpenViber",
        author_email=_text(source, "authorEmail", "openviber@localhost") or "openviber@localhost",
        allowed_hosts=tuple(str(host) for host in hosts) if isinstance(hosts, list) else (),
        fingerprint=_texts(source, "fingerprint"),
    )


def read_order(source: Payload) -> Order:
    """Read a `PreparePayload` or a `SubmitPayload`."""
    return Order(
        binding_id=_text(source, "bindingId"),
        environment_id=_text(source, "environmentId"),
        spec=read_spec(_mapping(source, "spec")),
        strategy=_text(source, "strategy", "auto_clone"),
        existing_path=_text(source, "existingPath"),
        kind=_text(source, "kind", "prepare"),
        fast_forward=_flag(source, "fastForward"),
        force=_flag(source, "force"),
        prepare_id=_text(source, "prepareId"),
        thread_id=_text(source, "threadId"),
        branch=_text(source, "branch"),
    )
