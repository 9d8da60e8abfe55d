"""What is owed to agents after missed opportunities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0012"
down_revision = "0011"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "coaching",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("program", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("is_pattern", sa.Boolean(), nullable=False),
        sa.Column("cases", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("superior", sa.String(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=True),
        sa.Column("given_at", Instant(), nullable=True),
        sa.Column("feedback", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", Instant(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("chase_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"]),
        sa.ForeignKeyConstraint(["program"], ["programs.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_number", "is_pattern", name="uq_coaching_case"),
    )
    op.create_index("ix_coaching_agent", "coaching", ["program", "agent", "opened_at"])
    owed = sa.text("state = 'owed'")
    op.create_index("ix_coaching_chase", "coaching", ["chase_at"], sqlite_where=owed, postgresql_where=owed)


def downgrade() -> None:
    op.drop_table("coaching")
