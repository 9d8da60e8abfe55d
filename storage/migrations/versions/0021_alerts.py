"""Alerts: whom a ping mentions, and whether it still stands for its case. Those that were sent before are left as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

INDEXES = {
    "ix_notices_standing": ("alert > 0", "case_number"),
    "ix_notices_redrawn": ("kind = 'alert' AND state = 'waiting'", "about"),
}


def upgrade() -> None:
    op.add_column("notices", sa.Column("called", sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column("notices", sa.Column("alert", sa.Integer(), nullable=False, server_default=sa.text("0")))
    for name, (where, column) in INDEXES.items():
        op.create_index(
            name, "notices", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "notices")
    for column in ("alert", "called"):
        op.drop_column("notices", column)
