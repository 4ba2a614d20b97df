"""The whole schema on one page."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from openviber_app.domain.ids import new_id

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite forgets the zone, this puts it back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def _key() -> Any:
    return Field(default_factory=new_id, primary_key=True)


def _ref(target: str, *, index: bool = True, nullable: bool = False) -> Any:
    column = sa.Column(
        sa.Uuid(), sa.ForeignKey(target, ondelete="CASCADE"), index=index, nullable=nullable
    )
    return Field(default=None, sa_column=column) if nullable else Field(sa_column=column)


def _time(*, nullable: bool = False, index: bool = False) -> Any:
    column = sa.Column(UtcDateTime(), nullable=nullable, index=index)
    return Field(default=None, sa_column=column) if nullable else Field(sa_column=column)


def _json(name: str | None = None) -> Any:
    column = (
        sa.Column(name, sa.JSON(), nullable=False) if name else sa.Column(sa.JSON(), nullable=False)
    )
    return Field(default_factory=dict, sa_column=column)


def _text() -> Any:
    return Field(default="", sa_column=sa.Column(sa.Text(), nullable=False, server_default=""))


# ------------------------------------------------------------------- people


class User(SQLModel, table=True):
    __tablename__ = "users"
    id: UUID = _key()
    name: str
    email: str = Field(unique=True)
    password_hash: str
    role: str = "member"  # owner | admin | member
    created_at: datetime = _time()


class UserSession(SQLModel, table=True):
    __tablename__ = "sessions"
    token_hash: str = Field(primary_key=True)  # sha256 hex of the cookie
    user_id: UUID = _ref("users.id")
    created_at: datetime = _time()
    expires_at: datetime = _time()
    last_seen_at: datetime = _time()
    user_agent: str = ""


class ApiToken(SQLModel, table=True):
    __tablename__ = "api_tokens"
    id: UUID = _key()
    user_id: UUID = _ref("users.id")
    name: str
    token_hash: str = Field(unique=True)
    created_at: datetime = _time()
    expires_at: datetime | None = _time(nullable=True)
    last_used_at: datetime | None = _time(nullable=True)


class BoardSetting(SQLModel, table=True):
    """Facts of the board itself, such as the hash of its set-up code."""

    __tablename__ = "board_settings"
    key: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_column=sa.Column(sa.JSON(), nullable=False))


# -------------------------------------------------------------------- nodes


class OnboardToken(SQLModel, table=True):
    __tablename__ = "onboard_tokens"
    id: UUID = _key()
    user_id: UUID = _ref("users.id")
    node_id: UUID = _ref("viber_nodes.id")
    token_hash: str = Field(unique=True)
    created_at: datetime = _time()
    expires_at: datetime = _time()
    used_at: datetime | None = _time(nullable=True)


class Node(SQLModel, table=True):
    """A machine. Its row is made with the one-time token and claimed by the daemon."""

    __tablename__ = "viber_nodes"
    id: UUID = _key()
    user_id: UUID = _ref("users.id")
    name: str
    auth_token_hash: str | None = Field(default=None, unique=True)
    signing_key: str | None = None  # base64 of the raw Ed25519 public key
    signing_key_id: str | None = None
    sealing_key: str | None = None  # base64 of the raw X25519 public key
    sealing_key_id: str | None = None
    created_at: datetime = _time()
    claimed_at: datetime | None = _time(nullable=True)
    epoch: int = 0
    boot_id: str = ""
    daemon_version: str = ""
    capabilities: dict[str, Any] = _json()
    load: dict[str, Any] = _json()
    is_connected: bool = False
    link_changed_at: datetime | None = _time(nullable=True)
    last_seen_at: datetime | None = _time(nullable=True)


class Command(SQLModel, table=True):
    """The hub's outbox: committed before the API answers; `payload` holds references, no secret."""

    __tablename__ = "commands"
    id: UUID = _key()
    node_id: UUID = _ref("viber_nodes.id")
    type: str
    attempt: int = 1
    payload: dict[str, Any] = _json()
    status: str = Field(default="pending", index=True)
    reply: str = ""
    created_at: datetime = _time()
    sent_at: datetime | None = _time(nullable=True)
    replied_at: datetime | None = _time(nullable=True)


class StreamCursor(SQLModel, table=True):
    """How far a node's stream is committed here."""

    __tablename__ = "stream_cursors"
    node_id: UUID = Field(
        sa_column=sa.Column(
            sa.Uuid(), sa.ForeignKey("viber_nodes.id", ondelete="CASCADE"), primary_key=True
        )
    )
    stream: str = Field(primary_key=True)
    next: int = Field(default=0, sa_column=sa.Column(sa.BigInteger(), nullable=False))
    is_settled: bool = False


# ------------------------------------------------------------- environments


class Environment(SQLModel, table=True):
    __tablename__ = "environments"
    id: UUID = _key()
    user_id: UUID = _ref("users.id")
    name: str
    description: str = _text()
    type: str  # github | local | manual
    repo_url: str = ""
    repo_org: str = ""
    repo_name: str = ""
    repo_branch: str = ""
    local_path: str = ""
    container_image: str = ""
    working_dir: str = ""
    setup_mode: str = "auto"  # auto | manual
    setup_script: str = _text()
    maintenance_script: str = _text()
    check_command: str = _text()
    time_limit_seconds: int = 1200
    network_access: bool = True
    persist_volume: bool = False
    submodules: bool = False
    use_node_credentials: bool = False
    author_name: str = ""
    author_email: str = ""
    default_binding_id: UUID | None = None
    secrets_generation: int = 0
    version: int = 1
    metadata_: dict[str, Any] = _json("metadata")
    created_at: datetime = _time()
    updated_at: datetime = _time()


class EnvironmentVar(SQLModel, table=True):
    __tablename__ = "environment_vars"
    __table_args__ = (sa.UniqueConstraint("environment_id", "key"),)
    id: UUID = _key()
    environment_id: UUID = _ref("environments.id")
    key: str
    value: str = _text()
    is_secret: bool = False
    position: int = 0


class EnvironmentSecret(SQLModel, table=True):
    """`encrypted_value` opens only with its own row's names: see the vault."""

    __tablename__ = "environment_secrets"
    __table_args__ = (sa.UniqueConstraint("environment_id", "key"),)
    id: UUID = _key()
    environment_id: UUID = _ref("environments.id")
    key: str
    purpose: str = "variable"  # variable | git_token | deploy_key | known_hosts
    scope: str = "both"  # setup | runtime | both
    version: int = 1
    encrypted_value: bytes = Field(sa_column=sa.Column(sa.LargeBinary(), nullable=False))
    kms_key_id: str
    created_at: datetime = _time()
    set_by: UUID | None = None


class Binding(SQLModel, table=True):
    __tablename__ = "environment_bindings"
    __table_args__ = (sa.UniqueConstraint("environment_id", "node_id"),)
    id: UUID = _key()
    environment_id: UUID = _ref("environments.id")
    node_id: UUID = _ref("viber_nodes.id")
    strategy: str = "auto_clone"  # auto_clone | existing_path
    existing_path: str = ""
    resolved_working_dir: str = ""
    status: str = "pending"
    stale_reasons: list[str] = Field(
        default_factory=list, sa_column=sa.Column(sa.JSON(), nullable=False)
    )
    fingerprint: dict[str, str] = _json()  # of the last prepare that succeeded
    slots_ready: int = 0
    slots_claimed: int = 0
    last_prepare_id: UUID | None = None
    last_prepare_at: datetime | None = _time(nullable=True)
    last_error: str = _text()
    proved_at: datetime | None = _time(nullable=True)
    created_at: datetime = _time()


class Prepare(SQLModel, table=True):
    __tablename__ = "prepares"
    __table_args__ = (sa.UniqueConstraint("binding_id", "attempt"),)
    id: UUID = _key()
    binding_id: UUID = _ref("environment_bindings.id")
    command_id: UUID = Field(index=True)
    attempt: int
    kind: str = "prepare"  # prepare | spare
    status: str = Field(default="queued", index=True)
    environment_version: int = 1
    phases: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=sa.Column(sa.JSON(), nullable=False)
    )
    phase: str = ""
    reason: str = ""
    message: str = _text()
    noop: bool = False
    fingerprint: dict[str, str] = _json()
    receipt: dict[str, Any] = _json()
    redacted: int = 0
    log_bytes: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger()))
    log_lines: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger()))
    log_sha256: str = ""
    log_truncated_bytes: int = Field(
        default=0, sa_column=sa.Column(sa.BigInteger(), nullable=False)
    )
    log_complete: bool = False
    cancel_requested_at: datetime | None = _time(nullable=True)
    created_at: datetime = _time()
    started_at: datetime | None = _time(nullable=True)
    ended_at: datetime | None = _time(nullable=True)
    proved_at: datetime | None = _time(nullable=True)


class LogChunk(SQLModel, table=True):
    """Redacted bytes of one execution's log, at most 64 KiB a row; `offset` is in bytes."""

    __tablename__ = "log_chunks"
    execution_id: UUID = Field(primary_key=True)
    offset: int = Field(
        sa_column=sa.Column("offset", sa.BigInteger(), primary_key=True, autoincrement=False)
    )
    data: bytes = Field(sa_column=sa.Column(sa.LargeBinary(), nullable=False))


# ------------------------------------------------------------------ threads


class Thread(SQLModel, table=True):
    __tablename__ = "threads"
    __table_args__ = (
        sa.Index("ix_threads_list", "environment_id", "status", "last_message_at", "id"),
    )
    id: UUID = _key()
    user_id: UUID = _ref("users.id")
    environment_id: UUID = _ref("environments.id")
    title: str
    active_node_id: UUID | None = None
    binding_id: UUID | None = None  # the binding whose slot the thread holds
    branch: str = ""
    working_dir: str = ""
    base_commit: str = ""
    status: str = "active"
    timeline_seq: int = Field(default=0, sa_column=sa.Column(sa.BigInteger(), nullable=False))
    last_message_at: datetime = _time()
    created_at: datetime = _time()
    updated_at: datetime = _time()


class Message(SQLModel, table=True):
    __tablename__ = "messages"
    id: UUID = _key()
    thread_id: UUID = _ref("threads.id")
    text: str = _text()
    executor: str = "shell"
    status: str = "queued"
    run_id: UUID | None = None
    created_at: datetime = _time()


class Run(SQLModel, table=True):
    __tablename__ = "runs"
    id: UUID = _key()
    thread_id: UUID = _ref("threads.id")
    message_id: UUID = _ref("messages.id")
    binding_id: UUID | None = None
    node_id: UUID | None = None
    command_id: UUID = Field(index=True)
    attempt: int = 1
    executor: str = "shell"
    status: str = Field(default="queued", index=True)
    reason: str = ""
    message: str = _text()
    exit_code: int | None = None
    duration_ms: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger()))
    files: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=sa.Column(sa.JSON(), nullable=False)
    )
    redacted: int = 0
    log_bytes: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger()))
    log_lines: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger()))
    log_sha256: str = ""
    log_truncated_bytes: int = Field(
        default=0, sa_column=sa.Column(sa.BigInteger(), nullable=False)
    )
    log_complete: bool = False
    late_result: dict[str, Any] = _json()  # evidence from a superseded attempt
    stop_requested_at: datetime | None = _time(nullable=True)
    created_at: datetime = _time()
    started_at: datetime | None = _time(nullable=True)
    ended_at: datetime | None = _time(nullable=True)
    proved_at: datetime | None = _time(nullable=True)


class TimelineItem(SQLModel, table=True):
    """`position` is the item's place for good; `seq` the thread's counter at its last change."""

    __tablename__ = "timeline_items"
    __table_args__ = (
        sa.UniqueConstraint("thread_id", "position"),
        sa.UniqueConstraint("thread_id", "seq"),
        sa.UniqueConstraint("run_id", "source_id"),
    )
    id: UUID = _key()
    thread_id: UUID = _ref("threads.id", index=False)
    run_id: UUID | None = None
    source_id: str | None = None  # the id that the node gave it, unique in the run
    position: int = Field(sa_column=sa.Column(sa.BigInteger(), nullable=False))
    seq: int = Field(sa_column=sa.Column(sa.BigInteger(), nullable=False))
    kind: str
    status: str = "completed"
    text: str = _text()
    fields: dict[str, Any] = _json()
    created_at: datetime = _time()
    updated_at: datetime = _time()
