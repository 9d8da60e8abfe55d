"""Cases say when the last attempt that reached nobody began: the next one counts by itself only some time after it.

Of older cases nobody says so: their next attempt counts, as it did before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("cases", sa.Column("unreached_at", Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "unreached_at")
