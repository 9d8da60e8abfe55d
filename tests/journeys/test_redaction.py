"""After a customer is forgotten, nothing that the bot said in the channel shows who it was or what was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.app.wiring import Pace
from sandbox.driver import Message
from storage.privacy import redaction, retention
from tests.chaos.running import until
from tests.journeys.floor import ASK, Floor, floor, stored_at
from tests.journeys.telling import closes, lines, opens, rests
from tests.journeys.test_privacy import NUMBER, TOLD, WORDS, known, seen
from tests.journeys.test_recurring import ASKED, MORNING

UPDATES = "chat.update"
JANE: dict[str, Any] = {"Customer": WORDS["name"], **TOLD}
NOTE = "Zoe said yes"


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Floor]:
    """A floor on which messages are edited as fast as they can be."""
    with floor(sqlite_url, pace=Pace(beat=0.05, post=0.0, edit=0.0)) as place:
        yield place


def told_much(desk: Floor) -> Message:
    """A case that the bot spoke of often: a note, pings, the end, a digest."""
    card = desk.claimed(minutes=30, **JANE)
    opens(desk.ana, "Add note", on=card).submit({"Note": NOTE})
    desk.ana.sees(NOTE, in_=card)
    desk.clock.passes(minutes=15)
    desk.ben.sees("you call case 1", in_=card)
    desk.clock.passes(minutes=45)
    desk.ben.sees("Overdue: case 1", in_=card)
    closes(desk, card, Notes=f"{WORDS['notes']}, and he is content.")
    rests(desk)
    return card


def forgets(desk: Floor) -> None:
    """As `askdesk forget` does, beside the running bot."""
    store = stored_at(desk.database)
    try:
        program = store.ask_now(lambda reading: reading.program(1))
        store.write_now(retention.forget, program, f"+1{NUMBER}", "", desk.clock.now())
    finally:
        store.close()


def left(desk: Floor) -> int:
    store = stored_at(desk.database)
    try:
        return store.ask_now(redaction.progress).waiting
    finally:
        store.close()


def edited(desk: Floor) -> None:
    until(lambda: True if not left(desk) else None, about="all messages are edited")
    rests(desk)


def facts(desk: Floor) -> list[dict[str, Any]]:
    """What the record says of messages that were edited."""
    store = stored_at(desk.database)
    try:
        with store.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT facts FROM events WHERE kind = 'redacted'")
            return [json.loads(row[0]) for row in rows]
    finally:
        store.close()


def public(desk: Floor) -> str:
    """What a person who raised nothing sees; what was whispered to Ana is out of reach."""
    return seen(desk.tess)


def test_nothing_that_the_bot_said_shows_a_forgotten_customer(desk: Floor) -> None:
    """Neither in the thread nor in the channel; who did what is still told."""
    card = told_much(desk)
    assert known(public(desk), ["name", "story", "notes"]) == ["name", "story", "notes"]
    forgets(desk)
    edited(desk)
    assert known(public(desk)) == []
    said = lines(card)
    assert any("noted" in line and "The text was deleted" in line for line in said)
    assert any("A reminder about case 1 (name deleted)" in line for line in said)
    (fact,) = facts(desk)
    assert fact["unreachable"] == 0


def test_a_stop_in_the_middle_is_gone_on_with(desk: Floor) -> None:
    """The messages are rows: what was not edited yet is, by the next start."""
    told_much(desk)
    desk.slack.faults.add("http_500", UPDATES, times=2)
    forgets(desk)
    desk.closes()
    assert left(desk)
    desk.opens()
    desk.clock.passes(minutes=5)
    edited(desk)
    assert known(public(desk)) == []


def test_what_slack_lets_nobody_edit_is_counted_and_parks_nothing(desk: Floor) -> None:
    """A workspace may close the window for edits; the rest is edited."""
    told_much(desk)
    rests(desk)
    desk.closes()
    forgets(desk)
    waiting = left(desk)
    desk.slack.faults.add("error", UPDATES, times=None, error="edit_window_closed")
    desk.opens()
    edited(desk)
    (fact,) = facts(desk)
    assert fact == {"messages": 0, "unreachable": waiting}
    desk.slack.faults.clear()


def test_a_digest_that_named_a_forgotten_customer_is_taken_down(desk: Floor) -> None:
    """Whole: how the desk stood that morning nobody knows by now."""
    card = desk.claimed(minutes=600, **JANE, **ASKED)
    desk.clock.reaches(MORNING)
    desk.ben.sees("Tuesday 24 November", in_=ASK)
    rests(desk)
    closes(desk, card)
    rests(desk)
    assert known(public(desk), ["name"]) == ["name"]
    forgets(desk)
    edited(desk)
    assert known(public(desk)) == []
    desk.ben.sees("This digest was taken down", in_=ASK)
