"""What was written as a language moves beside its code, and cases say where their phone numbers belong.

The bot moves it (storage/privacy/languages.py): it needs the key.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("cases", sa.Column("language_written", sa.Text(), nullable=True))
    op.add_column(
        "cases", sa.Column("phone_region", sa.String(), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    op.drop_column("cases", "phone_region")
    op.drop_column("cases", "language_written")
