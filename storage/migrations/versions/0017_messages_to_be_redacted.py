"""Messages that are to be edited because their case was blanked: found among the outbox's rows, and counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

INDEXES = {
    "ix_notices_of_case": ("state = 'sent' AND kind <> 'card'", ["case_number"]),
    "ix_notices_bundle": ("bundle > 0", ["bundle"]),
    "ix_notices_queued": ("state = 'queued'", ["id"]),
    "ix_notices_redactions": ("kind = 'redaction'", ["program", "state"]),
    "ix_notices_redacted": ("kind = 'redaction' AND state = 'queued'", ["about"]),
}


def upgrade() -> None:
    for name, (where, columns) in INDEXES.items():
        op.create_index(
            name, "notices", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "notices")
