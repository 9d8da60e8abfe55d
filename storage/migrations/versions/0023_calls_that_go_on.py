"""When somebody last said that a long call still goes on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("attempts", sa.Column("heard_at", Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("attempts", "heard_at")
