"""How many calls programs took; and cases found by when they were raised and promised, for reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "call_volume",
        sa.Column("program", sa.Integer(), sa.ForeignKey("programs.id"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("hour", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("calls", sa.Integer(), nullable=False),
    )
    op.create_index("ix_cases_program_raised", "cases", ["program", "raised_at"])
    op.create_index("ix_cases_program_due", "cases", ["program", "first_due_at"])


def downgrade() -> None:
    op.drop_index("ix_cases_program_due", "cases")
    op.drop_index("ix_cases_program_raised", "cases")
    op.drop_table("call_volume")
