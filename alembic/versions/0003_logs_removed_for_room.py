"""When a log was removed to make room."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("prepares", "runs"):
        op.add_column(table, sa.Column("log_removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in ("runs", "prepares"):
        op.drop_column(table, "log_removed_at")
