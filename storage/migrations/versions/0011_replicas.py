"""Several bots on one database: who sends in which channel, who is at work, whose a notice under way is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("channel", sa.String(), primary_key=True),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
    )
    op.create_table(
        "replicas",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("beat_at", Instant(), nullable=False),
    )
    op.add_column("notices", sa.Column("sender", sa.String(), nullable=True))
    parked = sa.text("state = 'parked'")
    op.create_index("ix_notices_parked", "notices", ["id"], sqlite_where=parked, postgresql_where=parked)


def downgrade() -> None:
    op.drop_index("ix_notices_parked", "notices")
    op.drop_column("notices", "sender")
    op.drop_table("replicas")
    op.drop_table("leases")
