"""The indexes that hold some of a table's rows, for the migrations: the waiting few among the many settled.

Apart from the tables, because their conditions make SQLAlchemy read its parts for both databases: two megabytes that a
running bot does without.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, text

from storage import tables as t
from storage.records import NoticeKind, NoticeState, ReminderState


def _partial(name: str, where: str, *columns: Column[object], unique: bool = False) -> None:
    Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


CARD, REDACTION = NoticeKind.CARD, NoticeKind.REDACTION

reminders, notices, coaching = t.reminders.c, t.notices.c, t.coaching.c

_partial("ix_reminders_due", f"state = '{ReminderState.WAITING}'", reminders.due_at)
_partial(
    "uq_notices_card",
    f"kind = '{CARD}' AND state = '{NoticeState.WAITING}'",
    notices.case_number,
    unique=True,
)
_partial(
    "ix_notices_unsettled",
    f"state IN ('{NoticeState.WAITING}', '{NoticeState.SENDING}')",
    notices.channel,
    notices.case_number,
    notices.id,
)
_partial("ix_notices_parked", f"state = '{NoticeState.PARKED}'", notices.id)
_partial("ix_notices_recurring", "recurring IS NOT NULL", notices.recurring)
_partial("ix_coaching_chase", "state = 'owed'", coaching.chase_at)
_partial("ix_notices_of_case", f"state = '{NoticeState.SENT}' AND kind <> '{CARD}'", notices.case_number)
_partial("ix_notices_bundle", "bundle > 0", notices.bundle)
_partial("ix_notices_queued", f"state = '{NoticeState.QUEUED}'", notices.id)
_partial("ix_notices_redactions", f"kind = '{REDACTION}'", notices.program, notices.state)
_partial("ix_notices_redacted", f"kind = '{REDACTION}' AND state = '{NoticeState.QUEUED}'", notices.about)
