"""Marks by which sealed texts are found, when personal data was blanked, and whether the files hold traces of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0010"
down_revision = "0009"

MARKS = {"contact": "contact_mark", "other_contact": "other_contact_mark", "reference": "reference_mark"}


def upgrade() -> None:
    """What is there is not sealed yet: it is found as it stands."""
    op.drop_index("ix_cases_contact", "cases")
    op.drop_index("ix_cases_reference", "cases")
    op.add_column("cases", sa.Column("blanked_at", Instant(), nullable=True))
    for name, mark in MARKS.items():
        op.add_column("cases", sa.Column(mark, sa.Text(), nullable=False, server_default=sa.text("''")))
        op.execute(f"UPDATE cases SET {mark} = coalesce({name}, '')")
        op.create_index(f"ix_cases_{name}", "cases", [mark, "raised_at"])
    op.add_column("vault_keys", sa.Column("done_at", Instant(), nullable=True))
    op.execute("INSERT INTO counters (name, value) VALUES ('traces', 0)")


def downgrade() -> None:
    """Texts that are sealed stay so: the older schema has to be left again before they can be read."""
    op.execute("DELETE FROM counters WHERE name = 'traces'")
    op.drop_column("vault_keys", "done_at")
    for name, mark in MARKS.items():
        op.drop_index(f"ix_cases_{name}", "cases")
        op.drop_column("cases", mark)
    op.drop_column("cases", "blanked_at")
    op.create_index("ix_cases_contact", "cases", ["contact", "raised_at"])
    op.create_index("ix_cases_reference", "cases", ["reference", "raised_at"])
