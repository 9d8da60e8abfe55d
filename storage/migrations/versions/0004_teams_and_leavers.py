"""The team that somebody is in, and who has left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("people", sa.Column("team", sa.String(), nullable=True))
    op.add_column("people", sa.Column("left_at", Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "left_at")
    op.drop_column("people", "team")
