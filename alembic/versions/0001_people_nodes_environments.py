"""People, nodes, environments."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_settings",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_board_settings"),
    )
    op.create_table(
        "log_chunks",
        sa.Column("execution_id", sa.Uuid(), nullable=False),
        sa.Column("offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("execution_id", "offset", name="pk_log_chunks"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_api_tokens_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
    )
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["user_id"], unique=False)
    op.create_table(
        "environments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("repo_url", sa.String(), nullable=False),
        sa.Column("repo_org", sa.String(), nullable=False),
        sa.Column("repo_name", sa.String(), nullable=False),
        sa.Column("repo_branch", sa.String(), nullable=False),
        sa.Column("local_path", sa.String(), nullable=False),
        sa.Column("container_image", sa.String(), nullable=False),
        sa.Column("working_dir", sa.String(), nullable=False),
        sa.Column("setup_mode", sa.String(), nullable=False),
        sa.Column("setup_script", sa.Text(), server_default="", nullable=False),
        sa.Column("maintenance_script", sa.Text(), server_default="", nullable=False),
        sa.Column("check_command", sa.Text(), server_default="", nullable=False),
        sa.Column("time_limit_seconds", sa.Integer(), nullable=False),
        sa.Column("network_access", sa.Boolean(), nullable=False),
        sa.Column("persist_volume", sa.Boolean(), nullable=False),
        sa.Column("submodules", sa.Boolean(), nullable=False),
        sa.Column("use_node_credentials", sa.Boolean(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("author_email", sa.String(), nullable=False),
        sa.Column("default_binding_id", sa.Uuid(), nullable=True),
        sa.Column("secrets_generation", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("metadata", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_environments_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_environments"),
    )
    op.create_index("ix_environments_user_id", "environments", ["user_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_sessions_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"], unique=False)
    op.create_table(
        "viber_nodes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("auth_token_hash", sa.String(), nullable=True),
        sa.Column("signing_key", sa.String(), nullable=True),
        sa.Column("signing_key_id", sa.String(), nullable=True),
        sa.Column("sealing_key", sa.String(), nullable=True),
        sa.Column("sealing_key_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("boot_id", sa.String(), nullable=False),
        sa.Column("daemon_version", sa.String(), nullable=False),
        sa.Column("capabilities", sa.JSON(), nullable=False),
        sa.Column("load", sa.JSON(), nullable=False),
        sa.Column("is_connected", sa.Boolean(), nullable=False),
        sa.Column("link_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_viber_nodes_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_viber_nodes"),
        sa.UniqueConstraint("auth_token_hash", name="uq_viber_nodes_auth_token_hash"),
    )
    op.create_index("ix_viber_nodes_user_id", "viber_nodes", ["user_id"], unique=False)
    op.create_table(
        "commands",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["node_id"], ["viber_nodes.id"], name="fk_commands_node_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_commands"),
    )
    op.create_index("ix_commands_node_id", "commands", ["node_id"], unique=False)
    op.create_index("ix_commands_status", "commands", ["status"], unique=False)
    op.create_table(
        "environment_secrets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("environment_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("encrypted_value", sa.LargeBinary(), nullable=False),
        sa.Column("kms_key_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["environment_id"],
            ["environments.id"],
            name="fk_environment_secrets_environment_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_environment_secrets"),
        sa.UniqueConstraint(
            "environment_id", "key", name="uq_environment_secrets_environment_id_key"
        ),
    )
    op.create_index(
        "ix_environment_secrets_environment_id",
        "environment_secrets",
        ["environment_id"],
        unique=False,
    )
    op.create_table(
        "environment_vars",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("environment_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["environment_id"],
            ["environments.id"],
            name="fk_environment_vars_environment_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_environment_vars"),
        sa.UniqueConstraint("environment_id", "key", name="uq_environment_vars_environment_id_key"),
    )
    op.create_index(
        "ix_environment_vars_environment_id", "environment_vars", ["environment_id"], unique=False
    )
    op.create_table(
        "onboard_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("node_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["node_id"], ["viber_nodes.id"], name="fk_onboard_tokens_node_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_onboard_tokens_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_onboard_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_onboard_tokens_token_hash"),
    )
    op.create_index("ix_onboard_tokens_node_id", "onboard_tokens", ["node_id"], unique=False)
    op.create_index("ix_onboard_tokens_user_id", "onboard_tokens", ["user_id"], unique=False)
    op.create_table(
        "stream_cursors",
        sa.Column("node_id", sa.Uuid(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.Column("is_settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["node_id"], ["viber_nodes.id"], name="fk_stream_cursors_node_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("node_id", "stream", name="pk_stream_cursors"),
    )


def downgrade() -> None:
    op.drop_table("stream_cursors")
    op.drop_index("ix_onboard_tokens_user_id", table_name="onboard_tokens")
    op.drop_index("ix_onboard_tokens_node_id", table_name="onboard_tokens")
    op.drop_table("onboard_tokens")
    op.drop_index("ix_environment_vars_environment_id", table_name="environment_vars")
    op.drop_table("environment_vars")
    op.drop_index("ix_environment_secrets_environment_id", table_name="environment_secrets")
    op.drop_table("environment_secrets")
    op.drop_index("ix_commands_status", table_name="commands")
    op.drop_index("ix_commands_node_id", table_name="commands")
    op.drop_table("commands")
    op.drop_index("ix_viber_nodes_user_id", table_name="viber_nodes")
    op.drop_table("viber_nodes")
    op.drop_index("ix_sessions_user_id", table_name="sessions")
    op.drop_table("sessions")
    op.drop_index("ix_environments_user_id", table_name="environments")
    op.drop_table("environments")
    op.drop_index("ix_api_tokens_user_id", table_name="api_tokens")
    op.drop_table("api_tokens")
    op.drop_table("users")
    op.drop_table("log_chunks")
    op.drop_table("board_settings")
