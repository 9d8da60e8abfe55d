"""How often a program was saved, so that every replica notices a change of the settings."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("INSERT INTO counters (name, value) VALUES ('programs', 1)")


def downgrade() -> None:
    op.execute("DELETE FROM counters WHERE name = 'programs'")
