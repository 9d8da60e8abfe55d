"""Whether the customer asked for a time at which no calls are made otherwise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = ("cases", "callbacks")


def upgrade() -> None:
    """Nobody knows it of what was agreed before: whoever calls then is asked."""
    for table in TABLES:
        no: sa.Column[bool] = sa.Column(
            "asked_for_time", sa.Boolean(), nullable=False, server_default=sa.false()
        )
        op.add_column(table, no)


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "asked_for_time")
