"""Who is in each program's channel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("read_at", Instant(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("channels")
