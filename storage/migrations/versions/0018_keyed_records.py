"""Marks that only the key makes, over the record's lines and its end, over cases, their callbacks and attempts.

What is there stays as it is: once no bot of an older version is at work, the bot brings it up to that
(storage/privacy/sealing.py).
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
    """Texts that are bound to their places stay so: the older schema has to be left again before they can be read."""
    for table in STAGED:
        op.drop_column(table, "stage")
    for table, mark in VOUCHED.items():
        op.drop_column(table, mark)
