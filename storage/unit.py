"""One unit of work: everything that a change means, in one transaction, or none of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, RowMapping, Table, delete, func, insert, select, update

from cases.case import Case, Status
from cases.errors import NoSuchCase
from cases.events import AROUND_A_CASE, Event, Happened
from cases.figures.report import Asked
from cases.figures.volume import Volume
from cases.moves import Change
from cases.ownership import CHANGES_OWNER
from cases.people import DESK
from cases.program import Program
from cases.reminders.engine import Chain, Reminder, announced, may_begin, replanned, wanted
from cases.reminders.recurring import Recurring, RecurringKind
from cases.reminders.rules import Rule
from cases.roster import Roster
from storage import record, statements
from storage import tables as t
from storage.inserts import insert_into
from storage.mapping import Row, attempt_row, callback_row, case_row, program_row
from storage.personal import row_key
from storage.reading import Reading, case_of_row, part_of
from storage.record import Head
from storage.records import NoticeKind
from storage.stamps import STAMP, is_genuine, stamp
from storage.tables import Stage
from storage.vault import Vault

log = structlog.get_logger(__name__)

PROGRAMS = "programs"
"""The counters: the last case's number, and how often a program was saved or a user group or channel became another."""

URGENT = 1
"""The urgency of a notice that goes before routine lines: an overdue promise."""


LOUD = frozenset({Happened.OWNER_LEFT})
"""Lines that the whole channel sees, not the thread alone."""


ANSWERS = CHANGES_OWNER | {Happened.STAYS}
"""Events after which the post before a shift's end has other people with other cases in it."""

ANSWERED_WITHIN = timedelta(hours=1)
"""For so long after its shift has ended a handover shows what became of it; then it stays as it is."""


class StaleCase(Exception):
    """Somebody else saved this case since it was read; the change is to be tried again on what stands now."""


class UnitOfWork(Reading):
    """One transaction's reads and writes; see `Store.begin`."""

    def __init__(self, connection: Connection, vault: Vault | None = None) -> None:
        super().__init__(connection, vault)
        self._sqlite = connection.dialect.name == "sqlite"
        self._heads: dict[int, Head] = {}
        """Where records end; each is held by this transaction."""
        self._genuine: dict[tuple[str, str], bool | None] = {}
        """Which rows of those that are held are as Askdesk left them (`stamps.is_genuine`)."""

    def once(self, key: str, now: datetime) -> bool:
        """Whether `key` is new. What arrives twice (a retry, a double click) is acted on once."""
        added = self.connection.execute(statements.add_key(lite=self._sqlite), {"key": key, "at": now})
        return added.first() is not None

    def forget(self, key: str) -> None:
        """Takes `once` back: nothing was done, the same submission may come again."""
        self.connection.execute(delete(t.handled).where(t.handled.c.key == key))

    def next_number(self) -> int:
        """The number of the next case, without gaps; holds others back until this transaction ends."""
        number: int = self.connection.execute(statements.NEXT_NUMBER).scalar_one()
        return number

    def locked_programs(self) -> tuple[Program, ...]:
        """Every program, held for this transaction: two who change settings come one after the other."""
        if not self._sqlite:
            held = select(t.counters.c.value).where(t.counters.c.name == PROGRAMS)
            self.connection.execute(held.with_for_update())
        return self.programs()

    def locked_case(self, number: int, program: int) -> Case:
        """The case, held for this transaction, so that two clicks come one after the other."""
        if not self._sqlite:
            held = self.connection.execute(statements.HOLD_CASE, {"of_number": number})
            if held.one_or_none() is None:
                raise NoSuchCase(number)
        found = self.connection.execute(
            statements.ONE_CASE_STAMPED, {"of_number": number, "of_program": program}
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise NoSuchCase(number)
        self._look(row)
        return case_of_row(row, self.vault)

    def held_cases(self, *where: ColumnElement[bool]) -> Sequence[RowMapping]:
        """The rows of some cases, held for this transaction, to be changed with `amend_columns`."""
        held = select(t.cases.c.number).where(*where).with_for_update()
        numbers = self.connection.execute(held.order_by(t.cases.c.number)).scalars().all()
        # Once they are held: a statement that waits for a row reads its last line as it was before.
        query = select(t.cases, statements.LAST_LINE).where(t.cases.c.number.in_(numbers))
        rows = self.connection.execute(query.order_by(t.cases.c.number)).mappings().all()
        for row in rows:
            self._look(row)
        return rows

    def amend_columns(
        self, row: RowMapping, values: Mapping[str, Any], event: Event, program: int, now: datetime
    ) -> None:
        """Changes columns of a held case otherwise than by a move, with a line of its own in the record."""
        _, line = self._append([event], program, row["number"], now)
        changed = {**row, **values, "version": row["version"] + 1}
        new = {**values, "version": changed["version"], STAMP: self._stamp(t.cases, changed, program, line)}
        self.connection.execute(update(t.cases).where(t.cases.c.number == row["number"]).values(new))

    def amend_rows(
        self, table: Table, where: ColumnElement[bool], values: Mapping[str, Any], program: int
    ) -> None:
        """The same for rows that hang on held cases; the line is the case's."""
        for row in self.connection.execute(select(table).where(where).with_for_update()).mappings().all():
            self._judge(table, row)
            new = {**values, STAMP: self._stamp(table, {**row, **values}, program)}
            same = [column == row[column.name] for column in table.primary_key]
            self.connection.execute(update(table).where(*same).values(new))

    def keep(self, change: Change, program: Program, now: datetime) -> Case:
        """Saves a change whole: the case, its callbacks and attempts, the record, reminders and notices.

        Raises StaleCase when the case was saved by somebody else since it was read.
        """
        head = self.head(program.id)
        lines, end = record.lines(change.events, head, change.case.number, now, self.vault)
        case = self._save_case(change.case, program.id, end.hash)
        self._put_stamped(t.callbacks, [callback_row(case.number, one) for one in change.callbacks], head)
        calls = [attempt_row(case.number, one, self.vault, bound=head.binds) for one in change.attempts]
        self._put_stamped(t.attempts, calls, head)
        ids = self._enter(lines, end)
        # The record's head is held from here on, by settings that change as well: these are the newest.
        self._replan(case, self.program(program.id), now)
        # The card goes first: if somebody deleted it, it is posted again before the lines that belong under it.
        self._card(case.number, program, now)
        self.connection.execute(
            statements.ADD_NOTICES,
            [
                notice
                for number, event in zip(ids, change.events, strict=True)
                for notice in _seen(event, number, case.number, program, now)
            ],
        )
        if any(event.kind in ANSWERS for event in change.events):
            self._redraw_handover(program, now)
        return case

    def note(
        self, program: Program, event: Event, now: datetime, kind: NoticeKind = NoticeKind.PROGRAM_LINE
    ) -> None:
        """Something happened to the program itself: a line of its record, and one in its channel (or another `kind`)."""
        (number,) = self.append([event], program.id, None, now)
        line = notice_row(kind, None, program, now, event=number)
        self.connection.execute(insert(t.notices), [line])

    def tell(self, event: Event, case: int, program: Program, now: datetime) -> None:
        """Something happened around a case that does not change it: a line of its record and of its thread."""
        if event.kind not in AROUND_A_CASE:
            raise ValueError(f"{event.kind} changes a case: use keep or amend")
        (number,) = self.append([event], program.id, case, now)
        line = notice_row(NoticeKind.LINE, case, program, now, event=number)
        self.connection.execute(insert(t.notices), [line])

    def once_recurring(self, program: int, post: Recurring, now: datetime) -> int | None:
        """The new row of a recurring post; None where somebody has made it already."""
        row = {
            "program": program,
            "kind": post.kind.value,
            "key": post.key,
            "at": post.at,
            "made_at": now,
        }
        added = insert_into(t.recurring, lite=self._sqlite).values(row).on_conflict_do_nothing()
        found: int | None = self.connection.execute(added.returning(t.recurring.c.id)).scalar_one_or_none()
        return found

    def post_recurring(self, kind: RecurringKind, number: int, program: Program, now: datetime) -> None:
        """The notice of a recurring post's row."""
        row = notice_row(NoticeKind(kind.value), None, program, now, recurring=number)
        self.connection.execute(insert(t.notices), [row])

    def post_report(self, program: Program, asked: Asked, now: datetime) -> bool:
        """A report that somebody asked for goes to the channel; False where the same click came before."""
        number = self.once_recurring(program.id, Recurring(RecurringKind.REPORT, asked.key, now), now)
        if number is None:
            return False
        self.post_recurring(RecurringKind.REPORT, number, program, now)
        return True

    def _redraw_handover(self, program: Program, now: datetime) -> None:
        """The handover that was just posted shows who has which case by now; redraws that wait are one."""
        since = (now - ANSWERED_WITHIN).astimezone(UTC).isoformat()  # its key is the end of its shift
        shown = {"of_program": program.id, "since": since}
        for number in self.connection.execute(statements.SHOWN_HANDOVERS, shown).scalars().all():
            self.redraw_handover(number, program, now)

    def redraw_handover(self, number: int, program: Program, now: datetime) -> None:
        """A handover shows how things stand, unless a notice of it waits already.

        That one is held, so that delivery, about to draw it, waits until this change can be seen.
        """
        n = t.notices.c
        waits = select(n.id).where(n.recurring == number, n.state == "waiting").limit(1)
        if self.connection.execute(waits.with_for_update()).first() is None:
            self.post_recurring(RecurringKind.HANDOVER, number, program, now)

    def redraw(self, case: int, program: Program, now: datetime) -> None:
        """The card shows how the case stands; redraws that still wait are one."""
        self._card(case, program, now)

    def redraw_all(self, cases: Mapping[int, Program], now: datetime) -> None:
        """The same for several cases, each with its program."""
        self._put_cards([notice_row(NoticeKind.CARD, case, program, now) for case, program in cases.items()])

    def remember_superior(self, person: str, superior: str, now: datetime) -> None:
        """Who an agent's direct superior is: asked once, remembered; what the roster says meanwhile counts more."""
        said = {"superior": superior, "updated_at": now}
        self._add_missing(t.people, [{"id": person, **said}])
        by_roster = t.people.c.superior.is_not(None) & t.people.c.team.is_not(None)
        unknown = update(t.people).where(t.people.c.id == person, ~by_roster)
        self.connection.execute(unknown.values(**said))

    def keep_roster(self, entries: Roster, now: datetime) -> None:
        """Everybody's superior and team, as the roster has them; who is named in it is there."""
        rows = [
            {"id": person, "superior": entry.superior, "team": entry.team, "left_at": None, "updated_at": now}
            for person, entry in sorted(entries.items())
        ]
        self._put(t.people, rows)

    def note_left(self, person: str, now: datetime) -> None:
        """Somebody's account was deactivated: they are nobody's superior any more, so that the next form asks.

        It is remembered of those whom the roster, a case or a program knows, not of everybody in the workspace: one
        who is named in a program's settings is called no more, so that others stand in.
        """
        named = any(person in program.named for program in self.programs())
        owns = select(t.cases.c.number).where(t.cases.c.owner == person).limit(1)
        leads = select(t.people.c.id).where(t.people.c.superior == person).limit(1)
        if named or any(self.connection.execute(known).first() is not None for known in (owns, leads)):
            self._add_missing(t.people, [{"id": person, "updated_at": now}])
        active = update(t.people).where(t.people.c.id == person, t.people.c.left_at.is_(None))
        self.connection.execute(active.values(left_at=now, updated_at=now))
        below = update(t.people).where(t.people.c.superior == person)
        self.connection.execute(below.values(superior=None, updated_at=now))

    def note_return(self, person: str, now: datetime) -> None:
        """Somebody's account is active again; what was taken from them stays as it is."""
        self.connection.execute(
            update(t.people).where(t.people.c.id == person).values(left_at=None, updated_at=now)
        )

    def keep_group(self, group: str, members: Sequence[str], now: datetime) -> None:
        """A user group's good list; every replica notices where it is another one than before."""
        before = self.groups().get(group)
        self._put(t.groups, [{"id": group, "members": list(members), "read_at": now, "gone": False}])
        if before is None or before.gone or before.members != tuple(members):
            self._count_change()

    def keep_channel(self, channel: str, members: Sequence[str], now: datetime) -> None:
        """Who is in a channel; every replica notices where it is somebody else than before."""
        before = self.channel(channel)
        self._put(t.channels, [{"id": channel, "members": list(members), "read_at": now}])
        if before is None or before.members != tuple(members):
            self._count_change()

    def lose_group(self, group: str, now: datetime) -> None:
        """Slack has this user group no more: a mention of it would reach nobody."""
        self._add_missing(t.groups, [{"id": group, "members": [], "read_at": now, "gone": False}])
        there = update(t.groups).where(t.groups.c.id == group, t.groups.c.gone.is_(False))
        if self.connection.execute(there.values(gone=True)).rowcount:
            self._count_change()

    def keep_volume(self, volume: Volume) -> None:
        """How many calls programs took on these days, in place of what was known of them."""
        for program, day in volume:
            of_day = delete(t.volume).where(t.volume.c.program == program, t.volume.c.day == day)
            self.connection.execute(of_day)
        rows = [
            {"program": program, "day": day, "hour": t.WHOLE_DAY if hour is None else hour, "calls": calls}
            for (program, day), hours in volume.items()
            for hour, calls in hours.items()
        ]
        if rows:
            self.connection.execute(insert(t.volume), rows)

    def keep_permalink(self, case: int, permalink: str) -> None:
        self.connection.execute(
            update(t.posts).where(t.posts.c.case_number == case).values(permalink=permalink)
        )

    def count_refusal(self, person: str, place: str, what: str, now: datetime) -> None:
        """A try from the wrong place is counted; what it said is not stored (house rule 5)."""
        row = {"at": now, "person": person, "place": place, "what": what}
        self.connection.execute(insert(t.refusals), [row])

    def keep_program(self, program: Program) -> Program:
        """Adds a program, or brings the one of that channel up to date; hands it back with its id."""
        self._count_change()
        held = select(t.programs.c.id).where(t.programs.c.channel == program.channel)
        known = self.connection.execute(held).scalar_one_or_none()
        row = program_row(program)
        if known is None:
            stage = self._stage_of_new()
            known = self.connection.execute(insert(t.programs).returning(t.programs.c.id), [row]).scalar_one()
            head = Head(known, 0, record.GENESIS, stage, is_ours=True)
            first = {"program": known, **record.head_row(head, self.vault)}
            self.connection.execute(insert(t.heads), [first])
        else:
            self.connection.execute(update(t.programs).where(t.programs.c.id == known).values(**row))
        return replace(program, id=known)

    def _count_change(self) -> None:
        """Replicas look at this number every beat."""
        counter = update(t.counters).where(t.counters.c.name == PROGRAMS)
        self.connection.execute(counter.values(value=t.counters.c.value + 1))

    def open_program(self, program: Program, event: Event, now: datetime) -> Program:
        """A new program, with the first line of its record and of its channel.

        The others' records name it as well: a program that is deleted with all that it has is missed there.
        """
        before = self.programs()
        opened = self.keep_program(program)
        self.note(opened, event, now)
        for other in before:
            beside = Event(event.kind, event.by, {**event.facts, "programs": str(opened.id)})
            self.append([beside], other.id, None, now)
        return opened

    def _stage_of_new(self) -> Stage:
        """How a new program's record is vouched for: as the others are, and from its first line where it is the first."""
        if not self.vault.has_key:
            return Stage.LINKED
        others = [head.stage for head in self.record_heads()]
        if others:
            return min(others)
        return Stage.BOUND if self.vault.strict or not self.has_older_bots() else Stage.LINKED

    def keep_settings(self, before: Program, after: Program, event: Event, now: datetime) -> None:
        """What a manager changed, whole: the program, the record, the line in the channel, the reminders that wait, and
        the cards that show it.
        """
        self.keep_program(after)
        self.note(after, event, now)
        self.replan_program(before, after, now)
        if _drawn_from(before) != _drawn_from(after):
            self.redraw_all({case.number: after for case in self.waiting_cases(after.id)}, now)

    def rename_department(self, program: Program, old: str, new: str, now: datetime) -> None:
        """The cases that are in a department go with it when its name changes."""
        there = (t.cases.c.program == program.id, t.cases.c.department == old)
        event = Event(Happened.DEPARTMENT_RENAMED, DESK.id, {"was": old, "department": new})
        for row in self.held_cases(*there, t.cases.c.status != Status.CLOSED.value):
            self.amend_columns(row, {"department": new}, event, program.id, now)
            self._card(row["number"], program, now)

    def replan_program(self, before: Program, after: Program, now: datetime) -> None:
        """The reminders that wait follow another ladder; what was sent stays sent, and no promise moves."""
        if before.ladder == after.ladder:
            return
        cases = {case.number: case for case in self.waiting_cases(after.id)}
        ours = select(t.cases.c.number).where(t.cases.c.program == after.id)
        of_ours = t.reminders.c.case_number.in_(ours)
        chain = (t.reminders.c.case_number, t.reminders.c.callback, t.reminders.c.rule, t.reminders.c.round)
        said = select(*chain, func.count().label("times"), func.max(t.reminders.c.step).label("last"))
        sent = {
            tuple(row[:4]): (row.times, row.last)
            for row in self.connection.execute(
                said.where(of_ours, t.reminders.c.state == "sent").group_by(*chain)
            )
        }
        waiting = select(t.reminders).where(of_ours, t.reminders.c.state == "waiting").with_for_update()
        for row in self.connection.execute(waiting).mappings().all():
            case = cases.get(row["case_number"])
            if case is None:
                continue
            reminder = reminder_value(row)
            times, last = sent.get(tuple(row[column.name] for column in chain), (0, -1))
            new = replanned(reminder, case, before.ladder, after.ladder, times, now)
            if new != reminder:
                moved = update(t.reminders).where(t.reminders.c.id == row["id"])
                step = max(new.step, last + 1)
                self.connection.execute(moved.values(step=step, due_at=new.due_at))
        ahead = [
            reminder_row(case.number, first)
            for case in cases.values()
            for first in announced(case, before, after, now)
        ]
        self._add_missing(t.reminders, ahead)

    def forget_handled(self, before: datetime) -> None:
        """Keys older than Slack's longest retry need not be kept."""
        self.connection.execute(delete(t.handled).where(t.handled.c.at < before))

    def _save_case(self, case: Case, program: int, line: str) -> Case:
        """`line` is the hash of the last line about this change."""
        columns = case_row(case, self.vault, bound=self.head(program).binds)
        row = {**columns, "version": case.version + 1}
        if case.version == 0:
            row[STAMP] = self._stamp(t.cases, row, program, line)
            self.connection.execute(insert(t.cases), [row])
        else:
            if (t.cases.name, row_key(t.cases, row)) not in self._genuine:
                self.held_cases(t.cases.c.number == case.number)
            row[STAMP] = self._stamp(t.cases, row, program, line)
            row |= {"of_number": case.number, "of_version": case.version}
            if self.connection.execute(statements.SAVE_CASE, row).rowcount != 1:
                raise StaleCase(f"case {case.number}")
        return replace(case, version=case.version + 1)

    def amend(self, case: Case, event: Event, program: int, now: datetime) -> None:
        """Saves a case that changed otherwise than by a move, with a line of its own in the record; nobody is told."""
        lines, end = record.lines([event], self.head(program), case.number, now, self.vault)
        self._save_case(case, program, end.hash)
        self._enter(lines, end)

    # What is vouched for

    def head(self, program: int) -> Head:
        """Where a program's record ends, held for this transaction."""
        found = self._heads.get(program)
        if found is None:
            row = self.connection.execute(statements.HEAD, {"of": program}).mappings().one()
            found = self._heads[program] = record.head(row, self.vault)
            if not found.is_ours:
                log.error(
                    "the record's end was changed by hand: nothing is vouched for from here on, see askdesk verify",
                    program=program,
                )
        return found

    def raise_stage(self, program: int, stage: Stage) -> None:
        """The record is vouched for as this stage says, from the line that is appended next."""
        self._heads[program] = replace(self.head(program), stage=stage)

    def _look(self, row: Row) -> None:
        """Whether a held case, and the promise and the call that came with it, are as Askdesk left them."""
        self._judge(t.cases, row, row["last_line"] or "")
        for table, prefix in ((t.callbacks, "cb_"), (t.attempts, "at_")):
            if row.get(f"{prefix}number") is not None:
                self._judge(table, part_of(row, table, prefix))

    def _judge(self, table: Table, row: Row, line: str = "") -> None:
        key = row_key(table, row)
        found = self._genuine[table.name, key] = is_genuine(table, row, self.vault, line)
        if found is False and self.vault.has_key:
            log.error("a row was changed by hand, see askdesk verify", table=table.name, row=key)

    def _stamp(self, table: Table, row: Row, program: int, line: str = "") -> str:
        """The stamp of a row that is written now; none where what stood there before was not ours."""
        head, key = self.head(program), (table.name, row_key(table, row))
        ours = self._genuine.get(key, True)
        if ours is None:
            ours = head.stage is not Stage.BOUND
        mark = stamp(table, row, self.vault, line) if ours and head.vouches else ""
        self._genuine[key] = bool(mark) if head.binds else None
        return mark

    def _put_stamped(self, table: Table, rows: list[dict[str, Any]], head: Head) -> None:
        self._put(table, [{**row, STAMP: self._stamp(table, row, head.program)} for row in rows])

    def append(self, events: Sequence[Event], program: int, case: int | None, now: datetime) -> list[int]:
        """Lines of the record, and nothing else: who changes a case or a program uses `keep`, `amend` or `note`. Their ids."""
        return self._append(events, program, case, now)[0]

    def _append(
        self, events: Sequence[Event], program: int, case: int | None, now: datetime
    ) -> tuple[list[int], str]:
        """The new lines' ids, and the hash of the last one."""
        lines, end = record.lines(events, self.head(program), case, now, self.vault)
        return self._enter(lines, end), end.hash

    def _enter(self, lines: list[dict[str, Any]], end: Head) -> list[int]:
        ids = list(self.connection.execute(statements.ADD_EVENTS, lines).scalars())
        self.connection.execute(statements.SAVE_HEAD, {"of": end.program, **record.head_row(end, self.vault)})
        self._heads[end.program] = end
        return ids

    def _replan(self, case: Case, program: Program, now: datetime) -> None:
        """Chains that the case no longer wants end here, in the transaction that ended their reason.

        A chain that has begun goes on as it stands; a new one gets its first reminder. A time agreed at shorter
        notice than the heads-up has none.
        """
        wishes = wanted(case, program)
        rows = self.connection.execute(statements.REMINDERS, {"of_case": case.number}).all()
        kept = {(wish.chain.rule.value, wish.chain.callback, wish.chain.round) for wish in wishes}
        over = [row.id for row in rows if (row.rule, row.callback, row.round) not in kept]
        if over:
            ended = update(t.reminders).where(t.reminders.c.id.in_(over))
            self.connection.execute(ended.values(state="dropped", settled_at=now))
        going = {(row.rule, row.callback, row.round) for row in rows}
        first = [
            reminder_row(case.number, wish)
            for wish in wishes
            if (wish.chain.rule.value, wish.chain.callback, wish.chain.round) not in going
            and may_begin(wish, now)
        ]
        self._add_missing(t.reminders, first)

    def _card(self, case: int, program: Program, now: datetime) -> None:
        self._put_cards([notice_row(NoticeKind.CARD, case, program, now)])

    def _put_cards(self, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(statements.redraw(lite=self._sqlite), rows)

    def _add_missing(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(statements.add_missing(table, lite=self._sqlite), rows)

    def _put(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(statements.upsert(table, tuple(rows[0]), lite=self._sqlite), rows)


def _drawn_from(program: Program) -> tuple[object, ...]:
    """What cards show of a program's settings: the site's days, and for how long a call counts as going on."""
    return program.timezone, program.ladder.call_may_take


def _seen(event: Event, number: int, case: int, program: Program, now: datetime) -> Iterator[dict[str, Any]]:
    """How an event is seen: as a line in the thread; a new case by its card, and by a word to who raised it.

    Where the customer was here before, a line tells those who had them.
    """
    if event.kind is Happened.RAISED:
        yield notice_row(NoticeKind.CONFIRMATION, case, program, now, person=event.by)
        if not event.facts.get("related_owners"):
            return
    row = notice_row(NoticeKind.LINE, case, program, now, event=number)
    yield {**row, "broadcast": event.kind in LOUD}


def reminder_value(row: Row) -> Reminder:
    """A reminder from its row."""
    return Reminder(Chain(Rule(row["rule"]), row["callback"], row["round"]), row["step"], row["due_at"])


def reminder_row(case: int, reminder: Reminder) -> dict[str, Any]:
    """The columns of a reminder that waits."""
    return {
        "case_number": case,
        "callback": reminder.chain.callback,
        "rule": reminder.chain.rule.value,
        "round": reminder.chain.round,
        "step": reminder.step,
        "due_at": reminder.due_at,
        "state": "waiting",
    }


def notice_row(
    kind: NoticeKind,
    case: int | None,
    program: Program,
    now: datetime,
    *,
    event: int | None = None,
    person: str | None = None,
    recurring: int | None = None,
) -> dict[str, Any]:
    """The columns of a notice that waits, to be seen in the program's channel."""
    return {
        "program": program.id,
        "channel": program.channel,
        "kind": kind.value,
        "case_number": case,
        "recurring": recurring,
        "event": event,
        "person": person,
        "rule": None,
        "step": 0,
        "about": 0,
        "round": 0,
        "late": 0,
        "broadcast": False,
        "urgency": 0,
        "state": "waiting",
        "not_before": now,
        "tries": 0,
        "uncertain": False,
        "created_at": now,
    }
