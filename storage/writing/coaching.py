"""Coaching as it is kept: items in the open, what was said sealed, and the reminders of those that are owed.

An item opens in the transaction of the close form that names the missed opportunity; its reminder is its own row's
`chase_at`, and ends in the transaction that says that feedback was given.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, insert, literal_column, or_, select, update

from cases import coaching
from cases.case import Case
from cases.coaching import Coaching, CoachingOutcome, CoachingState, Feedback, Miss
from cases.errors import NotPossible
from cases.figures.facts import CoachingFact
from cases.program import Program
from cases.roles import may_lead
from storage import tables as t
from storage.personal import place, row_key
from storage.reading import Reading
from storage.records import NoticeKind
from storage.rows import Row, Rows, json_form
from storage.unit import UnitOfWork
from storage.vault import WrongKey
from storage.writing.notices import add_notice, note_on_case, notice_row

log = structlog.get_logger(__name__)

c = t.coaching.c

LOOK_AGAIN = timedelta(hours=1)

RULE = "coaching"
"""What the notice of a reminder bears as its rule; `about` is the item."""


@dataclass(frozen=True)
class Said:
    """What was said about an item, for those who may read it; None where no key kept it, or where it was deleted."""

    feedback: Feedback | None
    comment: str | None


ITEMS = Rows(Coaching, t.coaching, names={"case": "case_number"})

OWED = c.state == literal_column("'owed'")
ANY_DUE = select(c.id).where(OWED, c.chase_at <= bindparam("now")).limit(literal_column("1"))


# Questions


def item(reading: Reading, number: int, program: int) -> Coaching:
    """The item; raises NotPossible where that program has none of that number."""
    query = select(t.coaching).where(c.id == number, c.program == program)
    row = reading.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotPossible("This feedback is not there any more.")
    return ITEMS.value(row)


def said(reading: Reading, number: int) -> Said:
    """What was said about an item. Whoever asks has seen to it that the reader may read it (`check_read`)."""
    query = select(t.coaching).where(c.id == number)
    return said_in_row(reading, reading.connection.execute(query).mappings().one())


def owed(reading: Reading, program: int) -> list[Coaching]:
    """Everything that is owed in a program, the oldest first."""
    query = select(t.coaching).where(c.program == program, c.state == CoachingState.OWED.value)
    return _values(reading, query.order_by(c.due_at, c.id))


def of_person(reading: Reading, program: int, person: str, since: datetime) -> list[Coaching]:
    """What was given to or by somebody since then, and all that they have not acknowledged yet; the newest first."""
    mine = or_(c.agent == person, c.superior == person, c.given_by == person)
    unread = (c.agent == person) & (c.state == CoachingState.GIVEN.value)
    query = select(t.coaching).where(c.program == program, mine, c.given_at.is_not(None))
    return _values(
        reading, query.where(or_(unread, c.given_at >= since)).order_by(c.given_at.desc(), c.id.desc())
    )


def given_since(reading: Reading, program: int, since: datetime) -> list[Coaching]:
    """What was given in a program since then, the newest first."""
    query = select(t.coaching).where(c.program == program, c.given_at >= since)
    return _values(reading, query.order_by(c.given_at.desc(), c.id.desc()))


def facts(reading: Reading, program: int, since: datetime, until: datetime) -> list[CoachingFact]:
    """What was due from `since` to before `until`, and when it was given: for the managers' numbers."""
    query = select(c.due_at, c.given_at).where(c.program == program, c.due_at >= since, c.due_at < until)
    return [CoachingFact(row.due_at, row.given_at) for row in reading.connection.execute(query)]


def next_chase(reading: Reading) -> datetime | None:
    """When somebody is reminded of feedback next."""
    query = select(c.chase_at).where(c.state == CoachingState.OWED.value, c.chase_at.is_not(None))
    return reading.value(query.order_by(c.chase_at).limit(1))


# Changes


def open_after(
    unit: UnitOfWork, case: Case, program: Program, now: datetime, found_by: str
) -> list[Coaching]:
    """The item of a case whose close form names a missed opportunity, and that of a pattern which it completes.

    A case has one item, however often it is closed. The superior is whoever the roster names now, else the case's, if
    they can be one; `found_by` sent the form.
    """
    if unit.finds(select(c.id).where(c.case_number == case.number).limit(1)):
        return []
    members, programs = unit.members(program.channel), unit.programs()

    def can(one: str) -> bool:
        return not unit.has_left(one) and (may_lead(programs, one, members) or unit.leads(one))

    sources = [unit.superior(case.raised_by), case.said.superior]
    superior = coaching.superior_of(case.raised_by, [one if one and can(one) else None for one in sources])
    opened = [_add(unit, case, program, coaching.owed(case, program, superior, now), now, found_by)]
    misses, last = _misses(unit, program, case.raised_by, now), _last_pattern(unit, program, case.raised_by)
    cases = coaching.pattern(program, misses, last, now)
    if cases:
        several = coaching.owed(case, program, superior, now, cases)
        opened.append(_add(unit, case, program, several, now, found_by))
    return opened


def give(
    unit: UnitOfWork, changed: Coaching, feedback: Feedback | None, program: Program, now: datetime
) -> Coaching:
    """Keeps that feedback was given and, sealed, what it says. Without a key it says nothing that could be kept."""
    sealed = None
    if feedback is not None and unit.vault.has_key:
        sealed = _seal(unit, changed, "feedback", json_form(Feedback).held(feedback))
    return _settle(unit, changed, program, now, feedback=sealed)


def acknowledge(
    unit: UnitOfWork, changed: Coaching, comment: str, program: Program, now: datetime
) -> Coaching:
    """Keeps that the agent has read it and, sealed, the comment."""
    sealed = _seal(unit, changed, "comment", {"comment": comment}) if comment and unit.vault.has_key else None
    return _settle(unit, changed, program, now, comment=sealed)


def pass_on(unit: UnitOfWork, person: str, now: datetime) -> list[Program]:
    """Managers stand in for a superior who has left, in all the feedback that they owe; the programs that hear of it."""
    owed = (c.superior == person, c.state == CoachingState.OWED.value)
    held = select(t.coaching).where(*owed).order_by(c.id).with_for_update()
    rows = unit.connection.execute(held).mappings().all()
    told: dict[int, Program] = {}
    for row in rows:
        passed, event = coaching.passed_on(ITEMS.value(row))
        program = told.setdefault(passed.program, unit.program(passed.program))
        unit.connection.execute(update(t.coaching).where(c.id == passed.id).values(superior=passed.superior))
        note_on_case(unit, event, passed.case, program, now)
    return list(told.values())


def locked(unit: UnitOfWork, number: int, program: int) -> Coaching:
    """The item, held for this transaction, so that two who give it come one after the other."""
    held = select(c.id).where(c.id == number).with_for_update()
    unit.connection.execute(held).all()
    return item(unit, number, program)


def any_due(reading: Reading, now: datetime) -> bool:
    """Whether somebody is to be reminded of feedback."""
    return reading.finds(ANY_DUE, {"now": now})


def chase_due(unit: UnitOfWork, now: datetime, at_most: int) -> list[str]:
    """Reminds of items that are due for it, the oldest first, and plans their next reminders; the channels that hear of it."""
    waiting = (
        select(t.coaching)
        .where(c.state == CoachingState.OWED.value, c.chase_at <= now)
        .order_by(c.chase_at, c.id)
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    programs = {program.id: program for program in unit.programs()}
    channels = []
    for row in unit.connection.execute(waiting).mappings().all():
        try:
            item, program = ITEMS.value(row), programs[row["program"]]
            following = coaching.chased(replace(item, step=item.step + 1), program, now)
        except Exception:
            # One item that cannot be read must not hold up the others.
            log.exception("feedback's reminder cannot be judged; it is looked at again", item=row["id"])
            later = update(t.coaching).where(c.id == row["id"])
            unit.connection.execute(later.values(chase_at=now + LOOK_AGAIN))
            continue
        _remind(unit, item, following, row["chase_at"], program, now)
        channels.append(program.channel)
    return channels


def _remind(
    unit: UnitOfWork, item: Coaching, following: Coaching, at: datetime, program: Program, now: datetime
) -> None:
    """A reminder that was due at an instant, and the next one."""
    moved = update(t.coaching).where(c.id == item.id)
    unit.connection.execute(moved.values(step=following.step, chase_at=following.chase_at))
    late = int((now - at) / timedelta(seconds=1))
    ping = {"rule": RULE, "step": item.step, "about": item.id, "late": late}
    add_notice(unit, notice_row(NoticeKind.COACHING, item.case, program, now, **ping))


def _add(
    unit: UnitOfWork, case: Case, program: Program, fresh: Coaching, now: datetime, found_by: str
) -> Coaching:
    query = insert(t.coaching).values(**_row(fresh)).returning(c.id)
    kept = replace(fresh, id=unit.connection.execute(query).scalar_one())
    note_on_case(unit, coaching.event_of(kept, found_by), case.number, program, now)
    return kept


def _settle(
    unit: UnitOfWork, changed: Coaching, program: Program, now: datetime, **texts: str | None
) -> Coaching:
    mine = update(t.coaching).where(c.id == changed.id)
    unit.connection.execute(mine.values(**_row(changed), **texts))
    note_on_case(unit, coaching.event_of(changed), changed.case, program, now)
    return changed


def _misses(unit: UnitOfWork, program: Program, agent: str, now: datetime) -> list[Miss]:
    """The agent's missed opportunities of the time in which they may be a pattern."""
    query = select(t.coaching).where(
        c.program == program.id,
        c.agent == agent,
        c.is_pattern.is_(False),
        c.opened_at > now - program.pattern_within,
    )
    return [
        Miss(row["case_number"], row["opened_at"], _cleared(unit, row))
        for row in unit.connection.execute(query).mappings()
    ]


def _cleared(unit: UnitOfWork, row: Row) -> bool:
    """Whether the superior saw no missed opportunity after all, as far as a key kept what was said."""
    if row["feedback"] is None:
        return False
    return _feedback(_open(unit, row, "feedback")).outcome is CoachingOutcome.NOT_MISSED


def _last_pattern(unit: UnitOfWork, program: Program, agent: str) -> datetime | None:
    query = select(c.opened_at).where(c.program == program.id, c.agent == agent, c.is_pattern.is_(True))
    return unit.value(query.order_by(c.opened_at.desc()).limit(1))


# Rows


def said_in_row(reading: Reading, row: Row) -> Said:
    """What was said about the item of a row; for those who may read it."""
    return Said(
        None if row["feedback"] is None else _feedback(_open(reading, row, "feedback")),
        None if row["comment"] is None else str(_open(reading, row, "comment")["comment"]),
    )


def _values(reading: Reading, query: Any) -> list[Coaching]:
    return [ITEMS.value(row) for row in reading.connection.execute(query).mappings()]


def _row(value: Coaching) -> dict[str, Any]:
    row = {**ITEMS.row(value), "is_pattern": value.is_pattern}
    del row["id"]
    return row


def _seal(unit: UnitOfWork, item: Coaching, name: str, texts: dict[str, Any]) -> str:
    """Sealed with the item's number, so that a text that was put under another item is found out."""
    text = json.dumps({"item": item.id, **texts}, ensure_ascii=False, separators=(",", ":"))
    binds = unit.head(item.program).binds
    return unit.vault.seal(text, place(t.coaching, name, row_key(t.coaching, _row(item))) if binds else None)


def _open(reading: Reading, row: Row, name: str) -> dict[str, Any]:
    sealed = reading.vault.read(row[name], place(t.coaching, name, row_key(t.coaching, row)))
    texts: dict[str, Any] = json.loads(sealed)
    if texts["item"] != row["id"]:
        raise WrongKey("What was said about one agent was put in another's place.")
    return texts


def _feedback(held: dict[str, Any]) -> Feedback:
    feedback: Feedback = json_form(Feedback).value(held)
    return feedback
