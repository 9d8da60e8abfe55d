"""The indexes that hold some of a table's rows, for the migrations: the waiting few among the many settled.

Apart from the tables, because their conditions make SQLAlchemy read its parts for both databases: two megabytes that a
running bot does without.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, text

from storage import tables as t


def _partial(name: str, where: str, *columns: Column[object], unique: bool = False) -> None:
    Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


reminders, notices, coaching = t.reminders.c, t.notices.c, t.coaching.c

_partial("ix_reminders_due", "state = 'waiting'", reminders.due_at)
_partial("uq_notices_card", "kind = 'card' AND state = 'waiting'", notices.case_number, unique=True)
_partial(
    "ix_notices_unsettled",
    "state IN ('waiting', 'sending')",
    notices.channel,
    notices.case_number,
    notices.id,
)
_partial("ix_notices_parked", "state = 'parked'", notices.id)
_partial("ix_notices_recurring", "recurring IS NOT NULL", notices.recurring)
_partial("ix_coaching_chase", "state = 'owed'", coaching.chase_at)
_partial("ix_notices_of_case", "state = 'sent' AND kind <> 'card'", notices.case_number)
_partial("ix_notices_bundle", "bundle > 0", notices.bundle)
_partial("ix_notices_queued", "state = 'queued'", notices.id)
_partial("ix_notices_redactions", "kind = 'redaction'", notices.program, notices.state)
_partial("ix_notices_redacted", "kind = 'redaction' AND state = 'queued'", notices.about)
