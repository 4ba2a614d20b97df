"""Roles, invites, shares, revoked nodes, what was delivered, what was done."""

import sqlalchemy as sa
from alembic import op

revision = "0007_trust"
down_revision = "0006_marks_and_search"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NODE_MOMENTS = ("drained_at", "revoked_at", "fenced_at", "keys_rotated_at")
ALL_SCOPES = '["read", "run", "write"]'
SQLITE_GUARD = (
    "CREATE TRIGGER audit_events_no_{what} BEFORE {what} ON audit_events "
    "BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END"
)
POSTGRES_GUARD = (
    "CREATE FUNCTION audit_events_guard() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit events are never changed'; END $$",
    "CREATE TRIGGER audit_events_guard BEFORE UPDATE OR DELETE ON audit_events "
    "FOR EACH ROW EXECUTE FUNCTION audit_events_guard()",
)



def _id() -> sa.Column:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _people() -> None:
    op.add_column(
        "api_tokens", sa.Column("scopes", sa.JSON(), nullable=False, server_default=ALL_SCOPES)
    )
    with op.batch_alter_table("api_tokens") as batch:
        batch.alter_column("scopes", server_default=None)
    op.create_table(
        "identities",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        _reference("identities", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    _index("identities", "user_id")
    op.create_table(
        "invites",
        _id(),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("used_by", sa.Uuid(), nullable=True),
        _reference("invites", "created_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invites_token_hash")),
    )
    _index("invites", "created_by")
    op.create_table(
        "password_resets",
        _id(),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _reference("password_resets", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_resets_token_hash")),
    )
    _index("password_resets", "user_id")


def _sharing_and_keys() -> None:
    op.create_table(
        "shares",
        _id(),
        sa.Column("environment_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _reference("shares", "environment_id", "environments"),
        _reference("shares", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint("environment_id", "user_id", name=op.f("uq_shares_environment_id_user_id")),
    )
    _index("shares", "environment_id")
    _index("shares", "user_id")
    op.create_table(
        "secret_deliveries",
        _id(),
        sa.Column("node_id", sa.Uuid(), nullable=False),
        sa.Column("environment_id", sa.Uuid(), nullable=False),
        sa.Column("secret_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        _reference("secret_deliveries", "node_id", "viber_nodes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret_deliveries")),
        sa.UniqueConstraint(
            "secret_id", "version", "node_id", name=op.f("uq_secret_deliveries_secret_id_version_node_id")
        ),
    )
    _index("secret_deliveries", "node_id")
    _index("secret_deliveries", "environment_id")
    op.create_table(
        "key_rotations",
        _id(),
        sa.Column("to_key_id", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_rotations")),
    )
    op.add_column(
        "environments",
        sa.Column("secrets_manifest", sa.Text(), nullable=False, server_default=""),
    )


def _lists_by_environment() -> None:
    """A list is of environments now, whoever started its threads."""
    op.drop_index("ix_threads_of_user", table_name="threads")
    op.drop_index("ix_threads_list", table_name="threads")
    op.create_index(
        "ix_threads_list",
        "threads",
        ["environment_id", "status", "last_message_at", "id"],
        unique=False,
    )


def _senders() -> None:
    """Until now only a thread's owner could say something in it."""
    op.add_column("messages", sa.Column("sent_by", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE messages SET sent_by = "
        "(SELECT user_id FROM threads WHERE threads.id = messages.thread_id)"
    )


def _audit() -> None:
    op.create_table(
        "audit_events",
        _id(),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("target_kind", sa.String(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("target_name", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    _index("audit_events", "created_at")
    _index("audit_events", "action")
    guards = (
        [SQLITE_GUARD.format(what=what) for what in ("UPDATE", "DELETE")]
        if op.get_bind().dialect.name == "sqlite"
        else POSTGRES_GUARD
    )
    for guard in guards:
        op.execute(guard)


def upgrade() -> None:
    _people()
    _sharing_and_keys()
    _lists_by_environment()
    _senders()
    for moment in NODE_MOMENTS:
        op.add_column("viber_nodes", sa.Column(moment, MOMENT, nullable=True))
    op.add_column(
        "viber_nodes", sa.Column("hub_key_id", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "viber_nodes", sa.Column("self_test", sa.JSON(), nullable=False, server_default="{}")
    )
    with op.batch_alter_table("viber_nodes") as batch:
        batch.alter_column("self_test", server_default=None)
    _audit()


def downgrade() -> None:
    op.drop_index("ix_threads_list", table_name="threads")
    for name, columns in (
        ("ix_threads_list", ["user_id", "environment_id", "status", "last_message_at", "id"]),
        ("ix_threads_of_user", ["user_id", "status", "last_message_at", "id"]),
    ):
        op.create_index(name, "threads", columns, unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_events_guard ON audit_events")
        op.execute("DROP FUNCTION audit_events_guard()")
    op.drop_table("audit_events")
    for column in ("self_test", "hub_key_id", *reversed(NODE_MOMENTS)):
        op.drop_column("viber_nodes", column)
    op.drop_column("messages", "sent_by")
    op.drop_column("environments", "secrets_manifest")
    for table in ("key_rotations", "secret_deliveries", "shares"):
        op.drop_table(table)
    for table in ("password_resets", "invites", "identities"):
        op.drop_table(table)
    op.drop_column("api_tokens", "scopes")
