"""The notices of a recurring post are found by it, so that the post can be drawn anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

NAMED = sa.text("recurring IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_notices_recurring", "notices", ["recurring"], sqlite_where=NAMED, postgresql_where=NAMED
    )


def downgrade() -> None:
    op.drop_index("ix_notices_recurring", "notices")
