"""Who stays for a call though their shift is over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("callbacks", sa.Column("stays", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("callbacks", "stays")
