"""Notices of no case and of many, and the recurring posts that were made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0003"
down_revision = "0002"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "recurring",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("program", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["program"], ["programs.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("program", "kind", "key", name="uq_recurring_key"),
    )
    _drop_indexes()  # SQLite's copy of the table would make them whole instead of partial
    with op.batch_alter_table("notices") as notices:
        notices.alter_column("case_number", existing_type=sa.Integer(), nullable=True)
        notices.add_column(sa.Column("recurring", ROW_ID, nullable=True))
        notices.add_column(sa.Column("bundle", ROW_ID, nullable=True))
        notices.create_foreign_key("fk_notices_recurring", "recurring", ["recurring"], ["id"])
    _create_indexes()


def downgrade() -> None:
    op.execute("DELETE FROM notices WHERE case_number IS NULL")  # the old schema has no place for them
    _drop_indexes()
    with op.batch_alter_table("notices") as notices:
        notices.drop_constraint("fk_notices_recurring", type_="foreignkey")
        notices.drop_column("bundle")
        notices.drop_column("recurring")
        notices.alter_column("case_number", existing_type=sa.Integer(), nullable=False)
    _create_indexes()
    op.drop_table("recurring")


def _drop_indexes() -> None:
    op.drop_index("ix_notices_unsettled", "notices")
    op.drop_index("uq_notices_card", "notices")


def _create_indexes() -> None:
    unsettled = sa.text("state IN ('waiting', 'sending')")
    card = sa.text("kind = 'card' AND state = 'waiting'")
    op.create_index(
        "ix_notices_unsettled",
        "notices",
        ["channel", "case_number", "id"],
        sqlite_where=unsettled,
        postgresql_where=unsettled,
    )
    op.create_index(
        "uq_notices_card", "notices", ["case_number"], unique=True, sqlite_where=card, postgresql_where=card
    )
