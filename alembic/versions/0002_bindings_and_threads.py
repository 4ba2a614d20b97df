"""Bindings, prepares, threads, runs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "environment_bindings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("environment_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Uuid(), nullable=False),
        sa.Column("strategy", sa.String(), nullable=False),
        sa.Column("existing_path", sa.String(), nullable=False),
        sa.Column("resolved_working_dir", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("stale_reasons", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.JSON(), nullable=False),
        sa.Column("slots_ready", sa.Integer(), nullable=False),
        sa.Column("slots_claimed", sa.Integer(), nullable=False),
        sa.Column("last_prepare_id", sa.Uuid(), nullable=True),
        sa.Column("last_prepare_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment_id"],
            ["environments.id"],
            name="fk_environment_bindings_environment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["node_id"],
            ["viber_nodes.id"],
            name="fk_environment_bindings_node_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_environment_bindings"),
        sa.UniqueConstraint(
            "environment_id", "node_id", name="uq_environment_bindings_environment_id_node_id"
        ),
    )
    op.create_index(
        "ix_environment_bindings_environment_id",
        "environment_bindings",
        ["environment_id"],
        unique=False,
    )
    op.create_index(
        "ix_environment_bindings_node_id", "environment_bindings", ["node_id"], unique=False
    )
    op.create_table(
        "threads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("environment_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("active_node_id", sa.Uuid(), nullable=True),
        sa.Column("binding_id", sa.Uuid(), nullable=True),
        sa.Column("branch", sa.String(), nullable=False),
        sa.Column("working_dir", sa.String(), nullable=False),
        sa.Column("base_commit", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("last_run_id", sa.Uuid(), nullable=True),
        sa.Column("timeline_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_message_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment_id"],
            ["environments.id"],
            name="fk_threads_environment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_threads_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_threads"),
    )
    op.create_index("ix_threads_environment_id", "threads", ["environment_id"], unique=False)
    op.create_index(
        "ix_threads_list",
        "threads",
        ["user_id", "environment_id", "status", "last_message_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_threads_of_user",
        "threads",
        ["user_id", "status", "last_message_at", "id"],
        unique=False,
    )
    op.create_index("ix_threads_user_id", "threads", ["user_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("executor", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name="fk_messages_thread_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint(
            "thread_id", "idempotency_key", name="uq_messages_thread_id_idempotency_key"
        ),
    )
    op.create_index("ix_messages_thread_id", "messages", ["thread_id"], unique=False)
    op.create_table(
        "prepares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("binding_id", sa.Uuid(), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("environment_version", sa.Integer(), nullable=False),
        sa.Column("phases", sa.JSON(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("noop", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.JSON(), nullable=False),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.Column("redacted", sa.Integer(), nullable=False),
        sa.Column("log_bytes", sa.BigInteger(), nullable=True),
        sa.Column("log_lines", sa.BigInteger(), nullable=True),
        sa.Column("log_sha256", sa.String(), nullable=False),
        sa.Column("log_truncated_bytes", sa.BigInteger(), nullable=False),
        sa.Column("log_complete", sa.Boolean(), nullable=False),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["binding_id"],
            ["environment_bindings.id"],
            name="fk_prepares_binding_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_prepares"),
        sa.UniqueConstraint("binding_id", "attempt", name="uq_prepares_binding_id_attempt"),
    )
    op.create_index("ix_prepares_binding_id", "prepares", ["binding_id"], unique=False)
    op.create_index("ix_prepares_command_id", "prepares", ["command_id"], unique=False)
    op.create_index("ix_prepares_status", "prepares", ["status"], unique=False)
    op.create_table(
        "timeline_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("source_id", sa.String(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name="fk_timeline_items_thread_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_timeline_items"),
        sa.UniqueConstraint("run_id", "source_id", name="uq_timeline_items_run_id_source_id"),
        sa.UniqueConstraint("thread_id", "position", name="uq_timeline_items_thread_id_position"),
        sa.UniqueConstraint("thread_id", "seq", name="uq_timeline_items_thread_id_seq"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("binding_id", sa.Uuid(), nullable=True),
        sa.Column("node_id", sa.Uuid(), nullable=True),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("executor", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("redacted", sa.Integer(), nullable=False),
        sa.Column("log_bytes", sa.BigInteger(), nullable=True),
        sa.Column("log_lines", sa.BigInteger(), nullable=True),
        sa.Column("log_sha256", sa.String(), nullable=False),
        sa.Column("log_truncated_bytes", sa.BigInteger(), nullable=False),
        sa.Column("log_complete", sa.Boolean(), nullable=False),
        sa.Column("late_result", sa.JSON(), nullable=False),
        sa.Column("seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("stop_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_runs_message_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name="fk_runs_thread_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_changes", "runs", ["thread_id", "seq"], unique=False)
    op.create_index("ix_runs_command_id", "runs", ["command_id"], unique=False)
    op.create_index("ix_runs_message_id", "runs", ["message_id"], unique=False)
    op.create_index("ix_runs_status", "runs", ["status"], unique=False)
    op.create_index("ix_runs_thread_id", "runs", ["thread_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_runs_thread_id", table_name="runs")
    op.drop_index("ix_runs_status", table_name="runs")
    op.drop_index("ix_runs_message_id", table_name="runs")
    op.drop_index("ix_runs_command_id", table_name="runs")
    op.drop_index("ix_runs_changes", table_name="runs")
    op.drop_table("runs")
    op.drop_table("timeline_items")
    op.drop_index("ix_prepares_status", table_name="prepares")
    op.drop_index("ix_prepares_command_id", table_name="prepares")
    op.drop_index("ix_prepares_binding_id", table_name="prepares")
    op.drop_table("prepares")
    op.drop_index("ix_messages_thread_id", table_name="messages")
    op.drop_table("messages")
    op.drop_index("ix_threads_user_id", table_name="threads")
    op.drop_index("ix_threads_of_user", table_name="threads")
    op.drop_index("ix_threads_list", table_name="threads")
    op.drop_index("ix_threads_environment_id", table_name="threads")
    op.drop_table("threads")
    op.drop_index("ix_environment_bindings_node_id", table_name="environment_bindings")
    op.drop_index("ix_environment_bindings_environment_id", table_name="environment_bindings")
    op.drop_table("environment_bindings")
