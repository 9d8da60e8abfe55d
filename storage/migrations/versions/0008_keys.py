"""With which keys personal texts are sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "vault_keys",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("vault_keys")
