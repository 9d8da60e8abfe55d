"""Marks that only the key makes, over the record's lines and its end, over cases, their callbacks and attempts.

Existing rows stay as they are: once no older bot is running, the bot converts them (storage/privacy/sealing.py).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

VOUCHED = {
    "events": "mac",
    "record_heads": "mac",
    "cases": "stamp",
    "callbacks": "stamp",
    "attempts": "stamp",
}
STAGED = ("record_heads", "replicas")


def upgrade() -> None:
    for table, mark in VOUCHED.items():
        op.add_column(table, sa.Column(mark, sa.String(), nullable=False, server_default=sa.text("''")))
    for table in STAGED:
        op.add_column(table, sa.Column("stage", sa.Integer(), nullable=False, server_default=sa.text("0")))


def downgrade() -> None:
    """Bound texts stay bound: to read them, upgrade again."""
    for table in STAGED:
        op.drop_column(table, "stage")
    for table, mark in VOUCHED.items():
        op.drop_column(table, mark)
