"""Somebody who writes the database, knows the whole source and lacks the key: whatever they forge, `verify` finds it.

Each forgery is one transaction, looked at before it is taken back. It may link lines anew, copy marks and sealed texts,
put old rows back, and let the bot itself write on over what was forged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, create_engine, delete, insert, select, text, update
from sqlalchemy.engine import make_url

from cases import coaching as feedback
from cases import moves
from cases.case import Case
from cases.coaching import CoachingOutcome, Feedback
from cases.events import Event, Happened
from cases.forms import Promise
from cases.moves import Change
from cases.people import DESK
from cases.program import Program
from cases.retention import by_request
from cases.words import Disposition, Missed
from storage import record
from storage import tables as t
from storage.privacy import keyring, retention, sealing
from storage.privacy.sealing import Place
from storage.reading import Reading
from storage.record import Point
from storage.tables import Stage
from storage.unit import UnitOfWork
from storage.vault import Vault, new_key
from storage.verify import verify
from storage.writing import coaching
from storage.writing.cases import rename_department, save_change
from storage.writing.programs import open_program
from tests import build
from tests.build import BEN, DUE, MIA, NOW, TESS, acting
from tests.storage.book import Book, opened
from tests.storage.test_sealing import full_life

VAULT = Vault([new_key()])
LATER = DUE + timedelta(days=1)


@dataclass
class Desk:
    """A database with a life in it, and what somebody saw there earlier."""

    book: Book
    attacker: Engine
    other: Program
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def looks(self, connection: Connection) -> list[str]:
        """What verifying every record finds."""
        reading = Reading(connection, VAULT)
        found = [verify(reading, program.id).broken for program in reading.programs()]
        return [broken for broken in found if broken is not None]


Forgery = Callable[[Connection, Desk], None]
FORGERIES: dict[str, Forgery] = {}


def forgery(forge: Forgery) -> Forgery:
    FORGERIES[forge.__name__] = forge
    return forge


def rows(connection: Connection, table: Table, **where: Any) -> list[dict[str, Any]]:
    query = select(table).order_by(*table.primary_key)
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    return [dict(row) for row in connection.execute(query).mappings()]


def change(connection: Connection, table: Table, where: dict[str, Any], **values: Any) -> None:
    query = update(table).where(*(table.c[name] == value for name, value in where.items()))
    assert connection.execute(query.values(**values)).rowcount > 0


def number_of(connection: Connection, kind: str) -> int:
    """The place of a line of that kind in the first record."""
    return int(rows(connection, t.events, program=1, kind=kind)[0]["place"])


def link_anew(connection: Connection, **marks: str) -> None:
    """Every hash of the first record made anew from what stands there now, and its end moved to the last."""
    previous = record.GENESIS
    lines = sorted(rows(connection, t.events, program=1), key=lambda row: int(row["place"]))
    for place_, row in enumerate(lines, start=1):
        new = {**row, "place": place_, "previous": previous}
        previous = record.linked(new)
        values = {"previous": new["previous"], "hash": previous, **marks}
        change(connection, t.events, {"id": row["id"]}, place=-place_, **values)
    for place_ in range(1, len(lines) + 1):
        change(connection, t.events, {"program": 1, "place": -place_}, place=place_)
    change(connection, t.heads, {"program": 1}, length=len(lines), hash=previous)


def cut(connection: Connection, length: int) -> None:
    """The first record ends earlier."""
    connection.execute(delete(t.events).where(t.events.c.program == 1, t.events.c.place > length))
    last = rows(connection, t.events, program=1, place=length)[0]
    change(connection, t.heads, {"program": 1}, length=length, hash=last["hash"])


def seals(unit: UnitOfWork) -> int:
    """A pass over everything, as when a key is new; how many rows are left after it."""
    sealing.begin(unit, LATER)
    todo: Place | None = Place()
    while todo is not None:
        todo = sealing.seal_next(unit, todo)
    return sealing.finish(unit, LATER, retire=True)


def forget_case(connection: Connection, number: int, *tables: Table) -> None:
    for table in tables:
        connection.execute(delete(table).where(table.c.case_number == number))
    connection.execute(delete(t.cases).where(t.cases.c.number == number))


HANGING = (t.callbacks, t.attempts, t.coaching, t.reminders, t.notices, t.posts)


# The record


@forgery
def another_actor(connection: Connection, desk: Desk) -> None:
    change(connection, t.events, {"program": 1, "kind": "closed"}, by="U0TESS")
    link_anew(connection)


@forgery
def other_facts_under_a_key_of_their_own(connection: Connection, desk: Desk) -> None:
    change(connection, t.events, {"program": 1, "kind": "noted"}, facts='{"x":1}')
    link_anew(connection, mac="deadbeef:" + "0" * 32)


@forgery
def other_facts_sealed_with_a_key_of_their_own(connection: Connection, desk: Desk) -> None:
    """Everything that Askdesk would vouch for, vouched for with another key."""
    vault = Vault([new_key()])
    change(connection, t.events, {"program": 1, "kind": "noted"}, by="U0TESS")
    link_anew(connection)
    for row in rows(connection, t.events, program=1):
        change(connection, t.events, {"id": row["id"]}, mac=vault.vouch(record.LINE, row["hash"]))
    head = rows(connection, t.heads, program=1)[0]
    end = record.Head(1, head["length"], head["hash"], Stage.BOUND, is_ours=True)
    change(connection, t.heads, {"program": 1}, **record.head_row(end, vault))


@forgery
def back_to_plain_links(connection: Connection, desk: Desk) -> None:
    """As if no version had ever keyed it."""
    change(connection, t.events, {"program": 1, "kind": "noted"}, by="U0TESS")
    link_anew(connection, mac="")
    change(connection, t.heads, {"program": 1}, stage=0, mac="")
    for table in (t.cases, t.callbacks, t.attempts):
        connection.execute(update(table).values(stamp=""))


@forgery
def plain_links_from_a_line_on(connection: Connection, desk: Desk) -> None:
    at = number_of(connection, "closed")
    change(connection, t.events, {"program": 1, "place": at}, by="U0TESS")
    link_anew(connection)
    connection.execute(update(t.events).where(t.events.c.program == 1, t.events.c.place >= at).values(mac=""))
    change(connection, t.heads, {"program": 1}, stage=0, mac="")


@forgery
def the_bot_is_to_key_what_was_put_back(connection: Connection, desk: Desk) -> None:
    """Half put back to plain links, so that the next start keys it anew."""
    plain_links_from_a_line_on(connection, desk)
    change(connection, t.keys, {}, done_at=None)
    sealing.begin(UnitOfWork(connection, VAULT), LATER)


@forgery
def a_line_is_gone(connection: Connection, desk: Desk) -> None:
    connection.execute(
        delete(t.events).where(t.events.c.id == rows(connection, t.events, kind="noted")[0]["id"])
    )
    link_anew(connection)


@forgery
def two_lines_are_swapped(connection: Connection, desk: Desk) -> None:
    at = number_of(connection, "claimed")
    for old, new in ((at, 999), (at + 1, at), (999, at + 1)):
        change(connection, t.events, {"program": 1, "place": old}, place=new)
    link_anew(connection)


@forgery
def two_lines_are_shown_the_other_way_round(connection: Connection, desk: Desk) -> None:
    """What a person reads goes by the id, which no hash covers."""
    first, second = (row["id"] for row in rows(connection, t.events, program=1, case_number=2)[:2])
    for old, new in ((first, 99_999), (second, first), (99_999, second)):
        change(connection, t.events, {"id": old}, id=new)


def forged_line(connection: Connection, kind: Happened, case: int | None, by: str, **facts: Any) -> None:
    """A line behind the last, as the source writes it without a key."""
    (row,) = rows(connection, t.heads, program=1)
    plain = record.Head(1, row["length"], row["hash"], Stage.LINKED, is_ours=True)
    lines, end = record.lines([Event(kind, by, facts)], plain, case, LATER, Vault())
    connection.execute(insert(t.events), lines)
    change(connection, t.heads, {"program": 1}, length=end.length, hash=end.hash)


@forgery
def a_line_is_added(connection: Connection, desk: Desk) -> None:
    forged_line(connection, Happened.NOTED, 2, "U0TESS")


@forgery
def a_line_is_added_with_anothers_mark(connection: Connection, desk: Desk) -> None:
    forged_line(connection, Happened.NUMBER_SHOWN, 2, "U0TESS")
    mark = rows(connection, t.events, program=1)[0]["mac"]
    change(connection, t.events, {"program": 1, "by": "U0TESS", "kind": "number_shown"}, mac=mark)


@forgery
def a_line_is_added_and_the_bot_writes_on(connection: Connection, desk: Desk) -> None:
    forged_line(connection, Happened.NOTED, 2, "U0TESS")
    UnitOfWork(connection, VAULT).append([Event(Happened.NUMBER_SHOWN, MIA.id)], 1, 2, LATER)


@forgery
def the_end_is_cut_off(connection: Connection, desk: Desk) -> None:
    cut(connection, rows(connection, t.heads, program=1)[0]["length"] - 1)


@forgery
def the_end_is_cut_off_and_the_bot_writes_on(connection: Connection, desk: Desk) -> None:
    the_end_is_cut_off(connection, desk)
    UnitOfWork(connection, VAULT).append([Event(Happened.NUMBER_SHOWN, MIA.id)], 1, 2, LATER)


@forgery
def an_old_end_is_put_back(connection: Connection, desk: Desk) -> None:
    """With the mark that it had then."""
    (old,) = [row for row in desk.seen["record_heads"] if row["program"] == 1]
    cut(connection, old["length"])
    change(connection, t.heads, {"program": 1}, **old)


@forgery
def the_record_is_emptied(connection: Connection, desk: Desk) -> None:
    connection.execute(delete(t.notices))
    connection.execute(delete(t.events).where(t.events.c.program == 1))
    change(connection, t.heads, {"program": 1}, length=0, hash=record.GENESIS)


@forgery
def the_record_is_gone_with_its_end(connection: Connection, desk: Desk) -> None:
    connection.execute(delete(t.events).where(t.events.c.program == 1))
    connection.execute(delete(t.heads).where(t.heads.c.program == 1))


@forgery
def a_program_is_gone_with_all_that_it_had(connection: Connection, desk: Desk) -> None:
    number = desk.other.id
    for (case,) in connection.execute(select(t.cases.c.number).where(t.cases.c.program == number)).all():
        forget_case(connection, case, t.events, *HANGING)
    for table in (t.events, t.heads, t.notices, t.recurring):
        connection.execute(delete(table).where(table.c.program == number))
    connection.execute(delete(t.programs).where(t.programs.c.id == number))


@forgery
def everything_of_a_customer_is_gone(connection: Connection, desk: Desk) -> None:
    """Also from the record, which is linked anew."""
    forget_case(connection, 3, t.events, *HANGING)
    link_anew(connection)


# Texts


@forgery
def a_text_is_moved_to_another_case(connection: Connection, desk: Desk) -> None:
    change(connection, t.cases, {"number": 2}, details=rows(connection, t.cases, number=3)[0]["details"])


@forgery
def a_text_is_moved_to_another_column(connection: Connection, desk: Desk) -> None:
    change(connection, t.cases, {"number": 2}, customer=rows(connection, t.cases, number=2)[0]["details"])


@forgery
def a_text_is_moved_to_another_attempt(connection: Connection, desk: Desk) -> None:
    note = rows(connection, t.attempts, case_number=1, number=1)[0]["note"]
    change(connection, t.attempts, {"case_number": 2, "number": 1}, note=note)


@forgery
def what_was_said_is_moved_to_another_line(connection: Connection, desk: Desk) -> None:
    one, other = (row for row in rows(connection, t.events, program=1, kind="noted")[:2])
    change(connection, t.events, {"id": other["id"]}, said=one["said"], said_hash=one["said_hash"])
    link_anew(connection)


@forgery
def feedback_is_moved_to_another_agent(connection: Connection, desk: Desk) -> None:
    one, other = (row for row in rows(connection, t.coaching) if row["feedback"])
    change(connection, t.coaching, {"id": other["id"]}, feedback=one["feedback"])


@forgery
def feedback_is_put_in_the_clear(connection: Connection, desk: Desk) -> None:
    change(connection, t.coaching, {"id": rows(connection, t.coaching)[0]["id"]}, feedback='{"item":1}')


@forgery
def feedback_was_given_earlier(connection: Connection, desk: Desk) -> None:
    """So that it was on time."""
    change(connection, t.coaching, {"state": "given"}, given_at=NOW)


@forgery
def feedback_is_due_later(connection: Connection, desk: Desk) -> None:
    change(connection, t.coaching, {"is_pattern": False}, due_at=LATER + timedelta(days=30))


@forgery
def feedback_of_another_superior(connection: Connection, desk: Desk) -> None:
    """Who may read it, then."""
    change(connection, t.coaching, {"is_pattern": False}, superior="U0TESS")


@forgery
def feedback_was_read(connection: Connection, desk: Desk) -> None:
    change(connection, t.coaching, {"state": "given"}, state="acknowledged", acknowledged_at=LATER)


@forgery
def feedback_is_owed_no_more(connection: Connection, desk: Desk) -> None:
    connection.execute(delete(t.coaching))


@forgery
def feedback_is_owed_without_a_cause(connection: Connection, desk: Desk) -> None:
    row = rows(connection, t.coaching)[0]
    connection.execute(insert(t.coaching), [{**row, "id": 99, "case_number": 2, "feedback": None}])


@forgery
def a_number_is_put_in_the_clear(connection: Connection, desk: Desk) -> None:
    """So that the owner calls somebody else."""
    change(connection, t.cases, {"number": 2}, contact="+19005550100", contact_mark="+19005550100", stamp="")


@forgery
def the_bot_is_to_seal_what_was_put_in_the_clear(connection: Connection, desk: Desk) -> None:
    """As when a key is new: stages and dates put back, and a pass over everything."""
    a_number_is_put_in_the_clear(connection, desk)
    change(connection, t.keys, {}, done_at=None)
    connection.execute(update(t.heads).values(stage=int(Stage.KEYED)))
    seals(UnitOfWork(connection, VAULT))


@forgery
def a_text_is_sealed_as_older_versions_did(connection: Connection, desk: Desk) -> None:
    """One that somebody kept from that time: it opens anywhere."""
    change(connection, t.cases, {"number": 2}, details=VAULT.seal("Everything is fine."))


@forgery
def a_text_is_gone(connection: Connection, desk: Desk) -> None:
    change(connection, t.cases, {"number": 2}, details="")


@forgery
def what_was_said_is_gone_and_a_line_says_why(connection: Connection, desk: Desk) -> None:
    connection.execute(update(t.events).where(t.events.c.case_number == 2).values(said=None))
    forged_line(connection, Happened.BLANKED, 2, DESK.id)


@forgery
def a_customer_is_not_to_be_found(connection: Connection, desk: Desk) -> None:
    """Whoever asks to be forgotten is looked up by the mark."""
    change(connection, t.cases, {"number": 3}, contact_mark="")


# Cases and what hangs on them


@forgery
def another_owner(connection: Connection, desk: Desk) -> None:
    change(connection, t.cases, {"number": 2}, owner="U0TESS")


@forgery
def a_figure_of_the_reports(connection: Connection, desk: Desk) -> None:
    change(connection, t.cases, {"number": 1}, claimed_at=LATER)


@forgery
def a_column_that_no_event_tells(connection: Connection, desk: Desk) -> None:
    change(connection, t.cases, {"number": 2}, allowed=99)


@forgery
def a_column_that_no_event_tells_and_the_bot_moves_the_case(connection: Connection, desk: Desk) -> None:
    change(connection, t.cases, {"number": 2}, allowed=99)
    unit = UnitOfWork(connection, VAULT)
    program = unit.program(1)
    save_change(
        unit, moves.add_note(unit.locked_case(2, 1), acting(TESS, NOW), "Still waiting."), program, LATER
    )


@forgery
def a_changed_case_and_the_bot_blanks_it(connection: Connection, desk: Desk) -> None:
    change(connection, t.cases, {"number": 1}, scenario="before", first_due_at=LATER)
    unit = UnitOfWork(connection, VAULT)
    retention.blank(unit, unit.program(1), [1], by_request(), LATER)


@forgery
def closed_by_hand(connection: Connection, desk: Desk) -> None:
    change(
        connection,
        t.cases,
        {"number": 2},
        status="closed",
        outcome="resolved",
        closed_at=LATER,
        callback=None,
    )


@forgery
def closed_by_hand_with_a_line(connection: Connection, desk: Desk) -> None:
    closed_by_hand(connection, desk)
    forged_line(connection, Happened.CLOSED, 2, BEN.id, outcome="resolved", satisfied="yes", missed="none")


@forgery
def a_case_as_it_was(connection: Connection, desk: Desk) -> None:
    """With the stamp that it had then."""
    (old,) = [row for row in desk.seen["cases"] if row["number"] == 2]
    change(connection, t.cases, {"number": 2}, **old)


@forgery
def a_case_is_gone(connection: Connection, desk: Desk) -> None:
    forget_case(connection, 3, *HANGING)


@forgery
def a_case_is_added(connection: Connection, desk: Desk) -> None:
    (row,) = rows(connection, t.cases, number=3)
    connection.execute(insert(t.cases), [{**row, "number": 77}])


@forgery
def a_case_of_another_program(connection: Connection, desk: Desk) -> None:
    change(connection, t.cases, {"number": 3}, program=desk.other.id)


@forgery
def a_promise_at_another_time(connection: Connection, desk: Desk) -> None:
    change(connection, t.callbacks, {"case_number": 2, "number": 1}, due_at=LATER)


@forgery
def a_longer_window(connection: Connection, desk: Desk) -> None:
    """So that a promise was kept."""
    change(connection, t.callbacks, {"case_number": 1, "number": 1}, window_seconds=86_400)


@forgery
def a_promise_is_gone(connection: Connection, desk: Desk) -> None:
    connection.execute(delete(t.callbacks).where(t.callbacks.c.case_number == 1, t.callbacks.c.number == 2))


@forgery
def a_promise_is_added(connection: Connection, desk: Desk) -> None:
    (row,) = rows(connection, t.callbacks, case_number=3)
    connection.execute(insert(t.callbacks), [{**row, "number": 2, "state": "moved"}])


@forgery
def an_attempt_went_otherwise(connection: Connection, desk: Desk) -> None:
    change(connection, t.attempts, {"case_number": 2, "number": 1}, disposition="reached")


@forgery
def an_attempt_began_earlier(connection: Connection, desk: Desk) -> None:
    change(connection, t.attempts, {"case_number": 1, "number": 1}, started_at=NOW - timedelta(hours=1))


@forgery
def an_attempt_is_gone(connection: Connection, desk: Desk) -> None:
    connection.execute(delete(t.attempts).where(t.attempts.c.case_number == 2))


@forgery
def stamps_are_taken_off(connection: Connection, desk: Desk) -> None:
    change(connection, t.cases, {"number": 2}, superior="U0TESS", stamp="")
    change(connection, t.heads, {"program": 1}, stage=int(Stage.KEYED))


@forgery
def anothers_stamp(connection: Connection, desk: Desk) -> None:
    (other,) = rows(connection, t.cases, number=3)
    change(connection, t.cases, {"number": 2}, zone="UTC", stamp=other["stamp"])


# The desk


def life(book: Book, seen: dict[str, list[dict[str, Any]]]) -> Program:
    """Cases in every state, two programs, feedback; on the way somebody looks at it all. The other program."""
    book.store.write_now(keyring.unlock, NOW)
    opened_by = Event(Happened.DESK_OPENED, MIA.id, {"name": book.program.name})
    book.store.write_now(lambda unit: unit.append([opened_by], 1, None, NOW))
    other = book.store.write_now(
        lambda unit: open_program(unit, build.program(channel="C0CARE", name="Care"), opened_by, NOW)
    )
    full_life(book)
    waiting = book.claims(book.raises())
    book.raises()
    book.notes(waiting, "She wrote as well.")
    with book.store.read() as reading:
        for table in (t.cases, t.heads):
            seen[table.name] = rows(reading.connection, table)
    again = Promise(LATER, build.CUSTOMER_ZONE)
    waiting = book.moves(
        waiting,
        lambda one: moves.log_outcome(
            one, acting(BEN, DUE), Disposition.NO_ANSWER, "Rang for a minute", again
        ),
        DUE,
    )
    book.notes(waiting, "And once more.")
    ending = build.closing(missed=Missed.ONE)

    def ends(one: Case) -> Change:
        return moves.complete(one, acting(BEN, DUE), ending)

    for _ in range(2):
        missed = book.claims(book.raises())
        book.moves(missed, ends, DUE)
        case = book.case(missed.number)
        (item, *_) = book.store.write_now(coaching.open_after, case, book.program, DUE, BEN.id)
        said = Feedback("She did not listen.", CoachingOutcome.TRAINING)
        given = feedback.given(item, BEN, book.program, DUE)
        book.store.write_now(coaching.give, given, said, book.program, DUE)
    gone = book.closes(book.claims(book.raises()), DUE)
    book.store.write_now(retention.blank, book.program, [gone.number], by_request(), LATER)
    book.raises(program=other)
    return other


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, _names: Iterator[int]
) -> Iterator[Desk]:
    """Made once: every forgery is taken back."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('desk') / 'askdesk.db'}"
    else:
        server, name = request.getfixturevalue("postgres"), f"askdesk_{next(_names)}"
        admin = create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        admin.dispose()
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
    with opened(url, VAULT) as book:
        seen: dict[str, list[dict[str, Any]]] = {}
        attacker = create_engine(url)  # without the desk's own switches: foreign keys hold nobody up
        yield Desk(book, attacker, life(book, seen), seen)
        attacker.dispose()


@pytest.fixture
def connection(desk: Desk) -> Iterator[Connection]:
    with desk.attacker.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
        connection.rollback()


@pytest.mark.parametrize("name", FORGERIES)
def test_every_forgery_is_found(desk: Desk, connection: Connection, name: str) -> None:
    assert desk.looks(connection) == []
    FORGERIES[name](connection, desk)
    assert desk.looks(connection) != []


def test_what_the_bot_does_is_no_forgery(desk: Desk, connection: Connection) -> None:
    """The same steps without a forgery before them."""
    unit = UnitOfWork(connection, VAULT)
    program = unit.program(1)
    save_change(
        unit, moves.add_note(unit.locked_case(2, 1), acting(TESS, NOW), "Still waiting."), program, LATER
    )
    rename_department(unit, program, "IT", "Tech", LATER)
    retention.blank(unit, program, [1], by_request(), LATER)
    assert seals(unit) == 0
    assert desk.looks(connection) == []


def test_a_database_put_back_as_a_whole_is_found_by_what_was_noted(
    desk: Desk, connection: Connection
) -> None:
    """Nothing within it tells: it is as Askdesk left it, only earlier."""
    reading = Reading(connection, VAULT)
    head = reading.record_head(1)
    assert head is not None
    noted = Point(head.length, head.hash[:12])
    assert verify(reading, 1, since=noted).broken is None
    ended = verify(reading, 1, since=Point(head.length + 3, head.hash)).broken
    assert (
        ended
        == f"it ends with line {head.length}, and line {head.length + 3} was noted ({Point(head.length + 3, head.hash)})"
    )
    other = verify(reading, 1, since=Point(head.length - 1, head.hash)).broken
    assert (
        other == f"line {head.length - 1} is not the one that was noted ({Point(head.length - 1, head.hash)})"
    )


@pytest.mark.parametrize("kind", ["raised", "claimed", "coaching_given", "record_keyed"])
@pytest.mark.parametrize("facts", ["{}", '{"item":77,"callback":"x","programs":"x"}', "[]", "x"])
def test_without_the_key_a_line_that_makes_no_sense_ends_no_walk_in_a_crash(
    desk: Desk, connection: Connection, kind: str, facts: str
) -> None:
    connection.execute(update(t.events).where(t.events.c.kind == kind).values(facts=facts))
    link_anew(connection)
    found = verify(Reading(connection, Vault()), 1).broken
    assert found is None or "says what cannot be" in found or "says otherwise" in found


def test_there_are_enough_of_them() -> None:
    assert len(FORGERIES) >= 40
