"""An owner whose shift is over is called together with those on shift (policy.md, *What the bot does by itself*).

Every story begins at five past one in the night at the site (Manila), noon where the customers are.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from cases.program import Shift
from sandbox.driver import Message
from tests.journeys.floor import PATIENT, Floor
from tests.journeys.telling import opens, set_up
from tests.journeys.test_pings import ping, said

NIGHT = Shift("Night", tuple(range(7)), time(22), time(6), groups=("S0TLS",))
DAY = Shift("Day", tuple(range(7)), time(6), time(22), groups=("S0SMES",), users=("U0MIA",))
MORNING = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
"""Six in Manila: the night shift ends; five in the afternoon in New York."""

AFTERNOON: dict[str, Any] = {"Callback date": "2026-11-23", "Callback time": "18:30"}
"""Half past seven in Manila, in the day shift."""

ON_DAY = {"S0SMES", "U0MIA"}


def shifts(desk: Floor, *worked: Shift) -> None:
    set_up(desk, shifts=worked)


def passes_to(desk: Floor, card: Message, text: str, hour: int, minute: int) -> Message:
    """It becomes so late in Manila, on Tuesday; then this stands in the thread."""
    desk.clock.reaches(datetime(2026, 11, 23, hour + 16, minute, tzinfo=UTC))
    return desk.mia.sees(text, in_=card, within=PATIENT)


def test_an_owner_who_went_home_is_called_with_those_on_shift(desk: Floor) -> None:
    """Warned, called, chased: the owner and whoever is there, who may take it over at the agreed time."""
    shifts(desk, NIGHT, DAY)
    card = desk.claimed(**AFTERNOON)
    warning = passes_to(desk, card, "is to be called", 7, 15)
    assert warning.mentions() == {"U0BEN"} | ON_DAY
    assert "The owner is off shift" in warning.text
    due = passes_to(desk, card, "is the agreed time", 7, 30)
    assert due.mentions() == {"U0BEN"} | ON_DAY
    assert due.buttons() == ["Calling now", "Take over"]
    overdue = passes_to(desk, card, "Overdue: case 1", 7, 45)
    assert overdue.mentions() == {"U0BEN", "S0TLS"} | ON_DAY
    desk.sam.clicks("Take over", on=overdue)
    desk.ben.sees("@Sam Ortiz took case 1 over", in_=card, within=PATIENT)


def test_an_owner_on_shift_is_called_alone(desk: Floor) -> None:
    """So is one in a program without shifts."""
    shifts(desk, NIGHT, DAY)
    card = desk.claimed(minutes=30)
    warning = ping(desk, card, "you call case 1", minutes=15)
    assert warning.mentions() == {"U0BEN"}
    assert "off shift" not in warning.text
    due = ping(desk, card, "is the agreed time", minutes=15, after=warning)
    assert (due.mentions(), due.buttons()) == ({"U0BEN"}, ["Calling now"])


def test_whoever_comes_on_shift_is_called_alone_again(desk: Floor) -> None:
    """The case was handed over to the day: its owner is there when the time comes."""
    shifts(desk, NIGHT, DAY)
    card = desk.claimed(**AFTERNOON)
    modal = opens(desk.ben, "Hand over", on=card)
    assert modal.submit({"Hand over to": "Sam"}).closed
    card.becomes("With @Sam Ortiz", within=PATIENT)
    due = passes_to(desk, card, "is the agreed time", 7, 30)
    assert due.mentions() == {"U0SAM"}
    assert said(card, "off shift") == []


def test_a_shift_over_midnight_ends_in_the_morning(desk: Floor) -> None:
    """Ben's night began the day before; a minute before six he is there, at six he is not."""
    shifts(desk, NIGHT, DAY)
    there = desk.claimed(**{**AFTERNOON, "Callback time": "16:59"})
    other: dict[str, Any] = {"Customer": "Joe Poe", "Contact number": "+1 212 555 0199"}
    gone = desk.escalates(desk.arjun, **{**AFTERNOON, "Callback time": "17:00"}, **other)
    desk.ben.clicks("Claim", on=gone)
    desk.ana.sees("claimed case 2", in_=gone, within=PATIENT)
    assert passes_to(desk, there, "is the agreed time", 5, 59).mentions() == {"U0BEN"}
    desk.clock.reaches(MORNING)
    due = desk.mia.sees("is the agreed time", in_=gone, within=PATIENT)
    assert due.mentions() == {"U0BEN"} | ON_DAY


def test_where_nobody_is_on_shift_the_smes_and_tls_are_called(desk: Floor) -> None:
    """Between two shifts, and in one whose group nobody is in."""
    shifts(desk, NIGHT)
    card = desk.claimed(**AFTERNOON)
    due = passes_to(desk, card, "is the agreed time", 7, 30)
    assert due.mentions() == {"U0BEN", "S0SMES", "S0TLS"}


def test_somebody_who_left_the_shifts_group_is_off_shift(desk: Floor) -> None:
    """Who is in a group is read at the moment of the ping."""
    shifts(desk, NIGHT, DAY)
    card = desk.claimed(minutes=30)
    desk.slack.set_usergroup("billing-tls", ["Tess"])
    desk.slack.settles()
    due = ping(desk, card, "is the agreed time", minutes=30)
    assert due.mentions() == {"U0BEN", "S0TLS"}
