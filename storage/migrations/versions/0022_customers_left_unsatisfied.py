"""When a manager gets back to a customer who was left unsatisfied, and when they did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0022"
down_revision = "0021"

COLUMNS = ("follow_up_at", "followed_up_at")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("cases", sa.Column(name, Instant(), nullable=True))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("cases", name)
