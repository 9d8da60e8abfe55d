"""Which user groups Slack has no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    no: sa.Column[bool] = sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("user_groups", no)


def downgrade() -> None:
    op.drop_column("user_groups", "gone")
