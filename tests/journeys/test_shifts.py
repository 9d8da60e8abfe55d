"""An owner whose shift is over is called together with those on shift (docs/policy.md, *Owners who are off shift*).

Every story begins at five past one in the night at the site (Manila), noon where the customers are.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from typing import Any

from cases.program import Shift
from sandbox.driver import Message
from storage.outbox import outbox
from tests.chaos.running import until
from tests.journeys.floor import ASK, Floor, stored_at
from tests.journeys.telling import is_told_why_not, nothing_happens, opens, record, set_up
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
    midnight = MORNING - timedelta(hours=6)
    desk.clock.reaches(midnight + timedelta(hours=hour, minutes=minute))
    return desk.mia.sees(text, in_=card)


def test_an_owner_who_went_home_is_called_with_those_on_shift(desk: Floor) -> None:
    """Warned, called, chased: the owner and whoever is there, who may take it over at the agreed time."""
    shifts(desk, NIGHT, DAY)
    card = desk.claimed(**AFTERNOON)
    warning = passes_to(desk, card, "needs a call", 7, 15)
    assert warning.mentions() == {"U0BEN"} | ON_DAY
    assert "The owner is off shift" in warning.text
    due = passes_to(desk, card, "is the agreed time", 7, 30)
    assert due.mentions() == {"U0BEN"} | ON_DAY
    assert due.buttons() == ["Calling now", "Take over"]
    overdue = passes_to(desk, card, "Overdue: case 1", 7, 45)
    assert overdue.mentions() == {"U0BEN", "S0TLS"} | ON_DAY
    desk.sam.clicks("Take over", on=overdue)
    desk.ben.sees("Sam Ortiz took case 1 over", in_=card)


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
    assert modal.submit({"Hand over to": "Sam Ortiz"}).closed
    card.becomes("With @Sam Ortiz")
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
    desk.ana.sees("claimed case 2", in_=gone)
    assert passes_to(desk, there, "is the agreed time", 5, 59).mentions() == {"U0BEN"}
    desk.clock.reaches(MORNING)
    due = desk.mia.sees("is the agreed time", in_=gone)
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
    desk.slack.set_usergroup("billing-smes", ["Sam", "Sia", "Ben"])
    desk.slack.set_usergroup("billing-tls", ["Tess"])
    desk.slack.settles()
    due = ping(desk, card, "is the agreed time", minutes=30)
    assert due.mentions() == {"U0BEN", "S0TLS"}


# Before the shift ends


OTHER: dict[str, Any] = {"Customer": "Joe Poe", "Contact number": "+1 212 555 0199", **AFTERNOON}


def goes_home(desk: Floor, cases: int = 1) -> tuple[list[Message], Message]:
    """Ben's cases, and the post that says that his shift ends; it is 5:45 in Manila."""
    shifts(desk, NIGHT, DAY)
    cards = [desk.claimed(**AFTERNOON)]
    for number in range(2, cases + 1):
        cards.append(desk.escalates(desk.arjun, **{**OTHER, "Contact number": f"+1 212 555 01{number:02}"}))
        desk.ben.clicks("Claim", on=cards[-1])
        desk.ana.sees(f"claimed case {number}", in_=cards[-1])
    desk.clock.reaches(MORNING - timedelta(minutes=15))
    post = desk.mia.sees("Going home with open cases", in_=ASK)
    assert post.buttons() == ["Hand over", "I'll stay"]
    return cards, post


def test_who_stays_is_called_alone(desk: Floor) -> None:
    """Said in the thread; at the agreed time nobody else is called, and the case stays where it is."""
    (card,), post = goes_home(desk)
    desk.ben.clicks("I'll stay", on=post)
    desk.ben.is_told("You stay for case 1 (Jane Doe)", in_=ASK)
    desk.ana.sees("Ben Carter stays for the call of case 1", in_=card)
    due = passes_to(desk, card, "is the agreed time", 7, 30)
    assert (due.mentions(), due.buttons()) == ({"U0BEN"}, ["Calling now"])
    overdue = passes_to(desk, card, "Overdue: case 1", 7, 45)
    assert overdue.mentions() == {"U0BEN", "S0TLS"}, "the ladder climbs as ever"


def test_staying_is_for_one_call(desk: Floor) -> None:
    """The next attempt is another promise."""
    (card,), post = goes_home(desk)
    desk.ben.clicks("I'll stay", on=post)
    desk.ana.sees("stays for the call", in_=card)
    modal = opens(desk.ben, "Reschedule", on=card)
    later = {**AFTERNOON, "Callback time": "19:30", "Who wanted the new time?": "The customer"}
    assert modal.submit(later).closed
    desk.ana.sees("rescheduled case 1", in_=card)
    due = passes_to(desk, card, "is the agreed time", 8, 30)
    assert due.mentions() == {"U0BEN"} | ON_DAY


def test_nobody_says_for_others_that_they_stay(desk: Floor) -> None:
    """Nor does it help to click twice, or with no case left."""
    (card,), post = goes_home(desk)
    with nothing_happens(desk, card):
        is_told_why_not(
            desk, desk.tess, "I'll stay", "Only the owner (@Ben Carter) can stay on for case", on=post
        )
    for _ in range(2):
        desk.ben.clicks("I'll stay", on=post, as_seen=True)
    desk.slack.settles()
    assert len([entry for entry in record(desk) if entry[1] == "stays"]) == 1
    modal = opens(desk.ben, "Hand over", on=card.now())
    assert modal.submit({"Hand over to": "Sam Ortiz"}).closed
    card.becomes("With @Sam Ortiz")
    is_told_why_not(desk, desk.ben, "I'll stay", "@Ben Carter has no calls in the next shift", on=post)
    is_told_why_not(desk, desk.ben, "Hand over", "@Ben Carter has no open cases any more.", on=post)


def test_the_post_shows_what_became_of_it(desk: Floor) -> None:
    """Whoever looks at it before the shift ends sees who stays, and who has nothing left to hand over; one post."""
    _, post = goes_home(desk, 2)
    desk.ben.clicks("I'll stay", on=post)
    post = post.becomes("@Ben Carter stays: case 1 (Jane Doe)")
    assert post.buttons() == ["Hand over"]
    assert "late" not in post.text
    desk.ben.clicks("Hand over", on=post)
    modal = desk.ben.modal("Hand over")
    assert modal.submit({"Hand over to": "Sam Ortiz"}).closed
    post = desk.slack.eventually(
        lambda: None if (now := post.now()).buttons() else now, about="nobody goes home"
    )
    assert "Going home" not in post.text
    assert post.text.count("with @Sam Ortiz") == 2
    desk.clock.reaches(MORNING + timedelta(minutes=5))
    desk.ben.sees("Night ends at 06:00", in_=ASK)
    assert len([m for m in desk.slack.channel(ASK).messages() if "at 06:00" in m.text]) == 1


def test_a_post_that_somebody_deleted_stays_deleted(desk: Floor) -> None:
    """It is not posted again because Ben stays."""
    (card,), post = goes_home(desk)
    desk.mia.deletes(post)
    opened = opens(desk.ben, "Hand over", on=card.now())
    assert opened.submit({"Hand over to": "Sam Ortiz"}).closed
    desk.slack.eventually(
        lambda: (
            [entry for entry in desk.slack.traffic() if entry.get("error") == "message_not_found"] or None
        ),
        about="the redraw that finds nothing",
    )
    desk.ana.sees("over to @Sam Ortiz", in_=card)
    with closing(stored_at(desk.database)) as books:
        until(
            lambda: None if books.ask_now(outbox.channels) else True,
            about="nothing is tried again",
        )
    assert not [m for m in desk.slack.channel(ASK).messages() if "at 06:00" in m.text]


def test_one_case_goes_to_the_next_shift(desk: Floor) -> None:
    """The form of the case itself."""
    (card,), post = goes_home(desk)
    desk.ben.clicks("Hand over", on=post)
    modal = desk.ben.modal("Hand over")
    assert "Case 1 · Jane Doe" in modal.text
    assert modal.submit({"Hand over to": "Sam Ortiz"}).closed
    desk.ana.sees("over to @Sam Ortiz", in_=card)


def test_several_cases_go_to_the_next_shift_at_once(desk: Floor) -> None:
    """All are chosen to begin with; those that are left out stay. A manager may, who finds them lying about."""
    cards, post = goes_home(desk, 3)
    is_told_why_not(desk, desk.tess, "Hand over", "Only the owner (@Ben Carter) or a manager can", on=post)
    modal = opens(desk.mia, "Hand over", on=post)
    assert modal.labels() == ["Cases", "Hand over to", "Note"]
    assert len(modal.value("Cases")) == 3
    assert modal.submit().errors.keys() == {"Hand over to"}
    desk.slack.set_usergroup("billing-smes", ["Sia"])
    desk.slack.settles()
    assert "An agent can't take a case" in modal.submit({"Hand over to": "Sam Ortiz"}).errors["Hand over to"]
    desk.slack.set_usergroup("billing-smes", ["Sam", "Sia"])
    desk.slack.settles()
    assert record(desk)[-1][1] == "claimed", "none of them moved"
    two = ["Case 1 · Jane Doe", "Case 3 · Joe Poe"]
    assert modal.submit({"Cases": two, "Hand over to": "Sam Ortiz", "Note": "All three are nice."}).closed
    for card in (cards[0], cards[2]):
        line = desk.ana.sees("Mia Grant handed case", in_=card)
        assert line.mentions() == {"U0SAM", "U0BEN"}, "nobody for their own click"
    assert "With @Ben Carter" in cards[1].now().text


def test_a_case_that_was_taken_meanwhile_holds_the_others_back(desk: Floor) -> None:
    """The form says which; without it the others go."""
    cards, post = goes_home(desk, 2)
    desk.ben.clicks("Hand over", on=post)
    modal = desk.ben.modal("Hand over")
    other = opens(desk.mia, "Hand over", on=cards[1].now())
    assert other.submit({"Hand over to": "Tess Lim"}).closed
    cards[1].becomes("With @Tess Lim")
    refused = modal.submit({"Hand over to": "Sam Ortiz"})
    assert refused.errors == {"Cases": "Case 2 no longer has that owner. Uncheck it."}
    assert "With @Ben Carter" in cards[0].now().text
    assert modal.submit({"Cases": ["Case 1 · Jane Doe"]}).closed
    cards[0].becomes("With @Sam Ortiz")
