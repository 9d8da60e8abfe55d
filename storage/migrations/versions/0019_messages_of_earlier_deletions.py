"""Messages about cases that an earlier version blanked are edited as well: that one left them as they were.

Edited are the messages that `storage.privacy.redaction` finds when a case is blanked now.
"""

from __future__ import annotations

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.tables import Instant

revision = "0019"
down_revision = "0018"

COPIED = ("program", "channel", "about", "not_before", "created_at")
GIVEN = {
    "kind": sa.literal("redaction"),
    "state": sa.literal("queued"),
    "uncertain": sa.false(),
    "broadcast": sa.false(),
    **{name: sa.literal_column("0") for name in ("step", "round", "late", "urgency", "tries")},
}

notices = sa.table(
    "notices",
    *(sa.column(name) for name in ("id", "case_number", "event", "bundle", "recurring", *COPIED, *GIVEN)),
)
cases = sa.table(
    "cases",
    *(sa.column(name) for name in ("number", "program")),
    *(sa.column(name, Instant()) for name in ("raised_at", "closed_at", "blanked_at")),
)
events = sa.table("events", sa.column("id"), sa.column("said_hash"))


def upgrade() -> None:
    n, c = notices.c, cases.c
    said_nothing = hashlib.sha256(b"").hexdigest()
    said = sa.exists().where(events.c.id == n.event, events.c.said_hash != said_nothing)
    message = sa.func.coalesce(sa.func.nullif(n.bundle, 0), n.id)
    about_cases = (
        sa.select(*_row(message))
        .join_from(notices, cases, c.number == n.case_number)
        .where(c.blanked_at.is_not(None), n.state == "sent")
        .where(sa.or_(n.kind.in_(("ping", "coaching")), sa.and_(n.kind == "line", said)))
        .group_by(message)
    )
    open_then = sa.and_(c.program == n.program, n.created_at.between(c.raised_at, c.closed_at))
    lists = (
        sa.select(*_row(sa.func.min(n.id)))
        .join_from(notices, cases, open_then)
        .where(c.blanked_at.is_not(None), n.state == "sent", n.kind.in_(("digest", "handover")))
        .group_by(n.recurring)
    )
    for found in (about_cases, lists):
        op.execute(sa.insert(notices).from_select([*COPIED, *GIVEN], found))


def downgrade() -> None:
    """What is edited by then stays so."""
    op.execute(sa.delete(notices).where(notices.c.kind == "redaction", notices.c.state == "queued"))


def _row(about: sa.ColumnElement[int]) -> list[Any]:
    """A message in the outbox's columns: it was to be edited since the first of its cases was blanked."""
    since = sa.func.min(cases.c.blanked_at)
    return [
        sa.func.min(notices.c.program),
        sa.func.min(notices.c.channel),
        about,
        since,
        since,
        *GIVEN.values(),
    ]
