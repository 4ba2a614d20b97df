"""Why a node's link ended, and how far its clock is off."""

import sqlalchemy as sa
from alembic import op

revision = "0005_node_links"
down_revision = "0004_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "viber_nodes", sa.Column("link_reason", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("viber_nodes", sa.Column("clock_skew_seconds", sa.Float(), nullable=True))


def downgrade() -> None:
    for column in ("clock_skew_seconds", "link_reason"):
        op.drop_column("viber_nodes", column)
