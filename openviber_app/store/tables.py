"""The tables of nodes, environments and threads."""

# SQLModel declares __tablename__ as a declared_attr; its own documentation assigns a text.
# pyright: reportAssignmentType=false

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from openviber_app.store.columns import (
    json_column,
    key_column,
    ref_column,
    text_column,
    time_column,
)
from openviber_app.store.people_tables import User

USER = f"{User.__tablename__}.id"
"""Importing the table declares it: whoever has these tables has the one that they refer to."""

# -------------------------------------------------------------------- nodes


class OnboardToken(SQLModel, table=True):
    """A one-time token with which a machine claims its node's row."""

    __tablename__ = "onboard_tokens"
    id: UUID = key_column()
    user_id: UUID = ref_column(USER)
    node_id: UUID = ref_column("viber_nodes.id")
    token_hash: str = Field(unique=True)
    created_at: datetime = time_column()
    expires_at: datetime = time_column()
    used_at: datetime | None = time_column(nullable=True)


class Node(SQLModel, table=True):
    """A machine. Its row is made with the one-time token and claimed by the daemon."""

    __tablename__ = "viber_nodes"
    id: UUID = key_column()
    user_id: UUID = ref_column(USER)
    name: str
    auth_token_hash: str | None = Field(default=None, unique=True)
    signing_key: str | None = None  # base64 of the raw Ed25519 public key
    signing_key_id: str | None = None
    sealing_key: str | None = None  # base64 of the raw X25519 public key
    sealing_key_id: str | None = None
    created_at: datetime = time_column()
    claimed_at: datetime | None = time_column(nullable=True)
    hub_key_id: str = text_column()  # the board's key that it trusted when it was last here
    epoch: int = 0
    boot_id: str = ""
    daemon_version: str = ""
    capabilities: dict[str, Any] = json_column()
    load: dict[str, Any] = json_column()
    is_connected: bool = False
    link_changed_at: datetime | None = time_column(nullable=True)
    link_reason: str = text_column()
    clock_skew_seconds: float | None = None
    drained_at: datetime | None = time_column(nullable=True)  # it takes no new work since
    revoked_at: datetime | None = time_column(nullable=True)  # its token and keys are worth nothing
    fenced_at: datetime | None = time_column(nullable=True)  # a second daemon had its identity
    keys_rotated_at: datetime | None = time_column(nullable=True)  # None: those of its onboarding
    self_test: dict[str, Any] = json_column()  # the last redaction self-test, its score and misses
    last_seen_at: datetime | None = time_column(nullable=True)


class Command(SQLModel, table=True):
    """The hub's outbox: committed before the API answers; `payload` holds references, no secret."""

    __tablename__ = "commands"
    id: UUID = key_column()
    node_id: UUID = ref_column("viber_nodes.id")
    type: str
    attempt: int = 1
    payload: dict[str, Any] = json_column()
    status: str = Field(default="pending", index=True)
    reply: str = ""
    created_at: datetime = time_column()
    sent_at: datetime | None = time_column(nullable=True)
    replied_at: datetime | None = time_column(nullable=True)


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
    """A reusable context for threads: files, set-up, variables, policies."""

    __tablename__ = "environments"
    id: UUID = key_column()
    user_id: UUID = ref_column(USER)
    name: str
    description: str = text_column()
    type: str  # github | local | manual
    repo_url: str = ""
    repo_org: str = ""
    repo_name: str = ""
    repo_branch: str = ""
    local_path: str = ""
    container_image: str = ""
    working_dir: str = ""
    setup_mode: str = "auto"  # auto | manual
    setup_script: str = text_column()
    maintenance_script: str = text_column()
    check_command: str = text_column()
    time_limit_seconds: int = 1200
    network_access: bool = True
    persist_volume: bool = False
    submodules: bool = False
    use_node_credentials: bool = False
    author_name: str = ""
    author_email: str = ""
    default_binding_id: UUID | None = None
    secrets_generation: int = 0
    secrets_manifest: str = text_column()  # which versions there are, sealed by the vault
    version: int = 1
    metadata_: dict[str, Any] = json_column("metadata")
    created_at: datetime = time_column()
    updated_at: datetime = time_column()


class EnvironmentVar(SQLModel, table=True):
    """A plain variable of an environment."""

    __tablename__ = "environment_vars"
    __table_args__ = (sa.UniqueConstraint("environment_id", "key"),)
    id: UUID = key_column()
    environment_id: UUID = ref_column("environments.id")
    key: str
    value: str = text_column()
    is_secret: bool = False
    position: int = 0


class EnvironmentSecret(SQLModel, table=True):
    """`encrypted_value` opens only with its own row's names: see the vault."""

    __tablename__ = "environment_secrets"
    __table_args__ = (sa.UniqueConstraint("environment_id", "key"),)
    id: UUID = key_column()
    environment_id: UUID = ref_column("environments.id")
    key: str
    purpose: str = "variable"  # variable | git_token | deploy_key | known_hosts
    scope: str = "both"  # setup | runtime | both
    version: int = 1
    encrypted_value: bytes = Field(sa_column=sa.Column(sa.LargeBinary(), nullable=False))
    kms_key_id: str
    created_at: datetime = time_column()
    set_by: UUID | None = None


class Binding(SQLModel, table=True):
    """An environment on a node."""

    __tablename__ = "environment_bindings"
    __table_args__ = (sa.UniqueConstraint("environment_id", "node_id"),)
    id: UUID = key_column()
    environment_id: UUID = ref_column("environments.id")
    node_id: UUID = ref_column("viber_nodes.id")
    strategy: str = "auto_clone"  # auto_clone | existing_path
    existing_path: str = ""
    resolved_working_dir: str = ""
    status: str = "pending"
    stale_reasons: list[str] = Field(
        default_factory=list, sa_column=sa.Column(sa.JSON(), nullable=False)
    )
    fingerprint: dict[str, str] = json_column()  # of the last prepare that succeeded
    slots_ready: int = 0
    slots_claimed: int = 0
    last_prepare_id: UUID | None = None
    last_prepare_at: datetime | None = time_column(nullable=True)
    last_error: str = text_column()
    proved_at: datetime | None = time_column(nullable=True)
    created_at: datetime = time_column()


class Prepare(SQLModel, table=True):
    """One attempt of provisioning a binding."""

    __tablename__ = "prepares"
    __table_args__ = (sa.UniqueConstraint("binding_id", "attempt"),)
    id: UUID = key_column()
    binding_id: UUID = ref_column("environment_bindings.id")
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
    message: str = text_column()
    noop: bool = False
    fingerprint: dict[str, str] = json_column()
    receipt: dict[str, Any] = json_column()
    redacted: int = 0
    log_bytes: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger()))
    log_lines: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger()))
    log_sha256: str = ""
    log_truncated_bytes: int = Field(
        default=0, sa_column=sa.Column(sa.BigInteger(), nullable=False)
    )
    log_complete: bool = False
    log_removed_at: datetime | None = time_column(nullable=True)  # to make room
    cancel_requested_at: datetime | None = time_column(nullable=True)
    created_at: datetime = time_column()
    started_at: datetime | None = time_column(nullable=True)
    ended_at: datetime | None = time_column(nullable=True)
    proved_at: datetime | None = time_column(nullable=True)


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
    """One stream of work in an environment."""

    __tablename__ = "threads"
    __table_args__ = (
        sa.Index("ix_threads_list", "environment_id", "status", "last_message_at", "id"),
    )
    id: UUID = key_column()
    user_id: UUID = ref_column(USER)
    environment_id: UUID = ref_column("environments.id")
    title: str
    active_node_id: UUID | None = None
    binding_id: UUID | None = None  # the binding whose slot the thread holds
    branch: str = ""
    working_dir: str = ""
    base_commit: str = ""
    status: str = "active"
    last_run_id: UUID | None = None
    timeline_seq: int = Field(default=0, sa_column=sa.Column(sa.BigInteger(), nullable=False))
    last_message_at: datetime = time_column()
    created_at: datetime = time_column()
    updated_at: datetime = time_column()


class Message(SQLModel, table=True):
    """What a person said in a thread; it waits for its turn to become a run."""

    __tablename__ = "messages"
    __table_args__ = (sa.UniqueConstraint("thread_id", "idempotency_key"),)
    id: UUID = key_column()
    thread_id: UUID = ref_column("threads.id")
    sent_by: UUID | None = None  # no reference: what was said outlives who left
    text: str = text_column()
    executor: str = "shell"
    status: str = "queued"
    run_id: UUID | None = None
    idempotency_key: str | None = None
    created_at: datetime = time_column()


class Run(SQLModel, table=True):
    """One execution inside a thread."""

    __tablename__ = "runs"
    __table_args__ = (sa.Index("ix_runs_changes", "thread_id", "seq"),)
    id: UUID = key_column()
    thread_id: UUID = ref_column("threads.id")
    message_id: UUID = ref_column("messages.id")
    binding_id: UUID | None = None
    node_id: UUID | None = None
    command_id: UUID = Field(index=True)
    attempt: int = 1
    executor: str = "shell"
    status: str = Field(default="queued", index=True)
    reason: str = ""
    message: str = text_column()
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
    log_removed_at: datetime | None = time_column(nullable=True)  # to make room
    late_result: dict[str, Any] = json_column()  # evidence from a superseded attempt
    seq: int = Field(  # the thread's counter at the run's last change
        default=0, sa_column=sa.Column(sa.BigInteger(), nullable=False, server_default="0")
    )
    stop_requested_at: datetime | None = time_column(nullable=True)
    created_at: datetime = time_column()
    started_at: datetime | None = time_column(nullable=True)
    ended_at: datetime | None = time_column(nullable=True)
    proved_at: datetime | None = time_column(nullable=True)


class TimelineItem(SQLModel, table=True):
    """`position` is the item's place for good; `seq` the thread's counter at its last change."""

    __tablename__ = "timeline_items"
    __table_args__ = (
        sa.UniqueConstraint("thread_id", "position"),
        sa.UniqueConstraint("thread_id", "seq"),
        sa.UniqueConstraint("run_id", "source_id"),
    )
    id: UUID = key_column()
    thread_id: UUID = ref_column("threads.id", index=False)
    run_id: UUID | None = None
    source_id: str | None = None  # the id that the node gave it, unique in the run
    position: int = Field(sa_column=sa.Column(sa.BigInteger(), nullable=False))
    seq: int = Field(sa_column=sa.Column(sa.BigInteger(), nullable=False))
    kind: str
    status: str = "completed"
    text: str = text_column()
    fields: dict[str, Any] = json_column()
    created_at: datetime = time_column()
    updated_at: datetime = time_column()
