"""Cases keep the contacts that others took the place of: they are masked in texts like the present one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("cases", sa.Column("former_contacts", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "former_contacts")
