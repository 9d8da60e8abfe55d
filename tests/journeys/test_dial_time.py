"""Calling hours count when the owner dials, too, by the customer's clock at that moment (docs/policy.md, *The callback time*)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sandbox.driver import PATIENCE, Message, Modal
from tests.journeys.floor import ASK, FORM, Floor, stored_at
from tests.journeys.telling import logs, nothing_happens, opens, record

ASKED: dict[str, Any] = {"Outside calling hours": ["Customer asked for this time"]}
THANKSGIVING = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
"""Noon in New York on a holiday."""


def at(time: str, day: str = "2026-11-23") -> dict[str, Any]:
    return {"Callback date": day, "Callback time": time}


def facts(desk: Floor, kind: str) -> Sequence[Any]:
    """Whether the record says of each such event that the customer asked for the time."""
    store = stored_at(desk.database)
    try:
        found = store.ask_now(lambda reading: reading.events(1))
    finally:
        store.close()
    return [event.facts.get("asked_for_time") for event in found if event.kind == kind]


def is_asked(desk: Floor, card: Message) -> Modal:
    """Ben wants to call, and is asked whether the customer wants it as well."""
    assert desk.ben.clicks("Calling now", on=card, within=PATIENCE).acked
    return desk.ben.modal("Calling now")


def late_in_the_evening(desk: Floor) -> Message:
    """A case that was promised for 20:55; it is 21:10 by now in New York."""
    card = desk.claimed(**at("20:55"))
    desk.clock.reaches(datetime(2026, 11, 24, 2, 10, tzinfo=UTC))
    desk.ben.sees("Overdue", in_=card)
    return card.becomes("Overdue")


def test_outside_calling_hours_the_owner_is_asked_first(desk: Floor) -> None:
    """What the clock shows there and why, the next free time; without the tick nothing happens, with it the call runs."""
    card = late_in_the_evening(desk)
    with nothing_happens(desk, card):
        modal = is_asked(desk, card)
        assert modal.labels() == ["Outside calling hours"]
        assert "It is 9:10 PM on Mon 23 Nov in New York, where the customer is." in modal.text
        assert "Calling hours are 8:00 AM to 9:00 PM in New York." in modal.text
        assert "use Reschedule: the next free time is 8:00 AM on Tue 24 Nov there" in modal.text
        assert modal.options("Outside calling hours") == ["Customer asked for this time"]
        refused = modal.submit()
        assert "Tick this only if" in refused.errors["Outside calling hours"]
    assert modal.submit(ASKED).closed
    line = desk.ana.sees("calling now (attempt 1)", in_=card)
    assert "the customer asked for this time" in line.text
    assert facts(desk, "calling") == [True]
    assert "The customer asked for this time" in card.becomes("On the call").text


def test_who_does_not_go_on_reschedules_instead(desk: Floor) -> None:
    """The form is closed, nothing happened; the new time is inside calling hours, and there nobody asks."""
    card = late_in_the_evening(desk)
    with nothing_happens(desk, card):
        is_asked(desk, card).close()
    modal = opens(desk.ben, "Reschedule", on=card)
    morning = {"Callback date": "2026-11-24", "Callback time": "08:00"}
    assert modal.submit({**morning, "Who wanted the new time?": "We did"}).closed
    desk.ana.sees("rescheduled case 1", in_=card)
    desk.clock.reaches(datetime(2026, 11, 24, 13, 0, tzinfo=UTC))
    desk.ben.clicks("Calling now", on=card.now(), within=PATIENCE)
    line = desk.ana.sees("calling now (attempt 1)", in_=card)
    assert "asked" not in line.text
    assert facts(desk, "calling") == [None]
    assert not desk.ben.modals()


def test_a_time_that_was_booked_at_the_customers_wish_is_not_asked_again(desk: Floor) -> None:
    """The callback keeps that fact; the record has it from the beginning."""
    card = desk.claimed(**{"Callback time": "22:30", **ASKED})
    assert "The customer asked for this time" in card.text
    desk.clock.reaches(datetime(2026, 11, 24, 3, 30, tzinfo=UTC))
    due = desk.ben.sees("is the agreed time", in_=card)
    desk.ben.clicks("Calling now", on=due)
    line = desk.ana.sees("calling now (attempt 1)", in_=card)
    assert "the customer asked for this time" in line.text
    assert not desk.ben.modals()
    assert (facts(desk, "raised"), facts(desk, "calling")) == ([True], [True])


def test_the_wish_goes_with_its_time(desk: Floor) -> None:
    """The next callback is another promise: whoever calls it at night is asked."""
    card = desk.claimed(**{"Callback time": "22:30", **ASKED})
    modal = opens(desk.ben, "Reschedule", on=card)
    said = {"Callback time": "20:50", "Who wanted the new time?": "The customer"}
    assert modal.submit(said).closed
    moved = card.becomes("8:50 PM in New York")
    assert "asked for this time" not in moved.text
    desk.clock.reaches(datetime(2026, 11, 24, 2, 1, tzinfo=UTC))
    is_asked(desk, card.now()).close()


def test_on_a_holiday_and_on_the_way_there(desk: Floor) -> None:
    """Promised the day before, called a day late: the day is the customer's."""
    card = desk.claimed(**at("20:30", "2026-11-25"))
    desk.clock.reaches(THANKSGIVING)
    desk.ben.sees("Overdue", in_=card)
    modal = is_asked(desk, card)
    assert "It is 12:00 PM on Thu 26 Nov in New York, where the customer is" in modal.text
    assert "is a holiday there (Thanksgiving Day)" in modal.text
    assert "8:00 AM on Fri 27 Nov there" in modal.text


def test_whoever_may_not_call_is_not_asked_and_a_call_that_runs_neither(desk: Floor) -> None:
    """The rules about who and when come first."""
    card = late_in_the_evening(desk)
    desk.arjun.clicks("Calling now", on=card, within=PATIENCE)
    desk.arjun.is_told("Only the owner (@Ben Carter) can", in_=ASK)
    assert not desk.arjun.modals()
    assert is_asked(desk, card).submit(ASKED).closed
    card.becomes("On the call")
    desk.ben.clicks("Calling now", on=card, as_seen=True)
    desk.ben.is_told("You are already on this call", in_=ASK)
    assert not desk.ben.modals()


def test_somebody_else_took_the_case_while_the_owner_was_asked(desk: Floor) -> None:
    """The form says who has it; no call is begun."""
    card = late_in_the_evening(desk)
    modal = is_asked(desk, card)
    desk.tess.clicks("Take over", on=card)
    desk.ana.sees("took case 1 over", in_=card)
    result = modal.submit(ASKED)
    assert not result.closed
    assert "@Tess Lim, who has only just got it" in modal.text
    assert (1, "calling", "U0BEN") not in record(desk)


# The form offers the next free time


NOBODY = "Nobody calls at 9:00 PM on Mon 23 Nov"
OFFER = "Use 8:00 AM on Tue 24 Nov"


def the_form(desk: Floor, **changes: Any) -> Modal:
    """Ana's form for a promise at 21:00, filled in as far as it asks."""
    desk.ana.types("/escalate", in_=ASK)
    form = desk.ana.modal("Escalate")
    desk.fills(form, {**FORM, **desk.time_in(60), "Callback time": "21:00", "Language": "Spanish", **changes})
    return form


def takes(desk: Floor, form: Modal, offer: str, date: str, time: str) -> None:
    """The click that puts the free time in place of what was entered."""
    form.click(offer)
    desk.slack.eventually(lambda: form.value("Callback time") == time or None, about=offer)
    assert form.value("Callback date") == date


def test_the_form_offers_the_next_free_time(desk: Floor) -> None:
    """Below the time, as soon as it is entered. All that was entered stays, until a click takes the offer."""
    form = the_form(desk)
    form.shows(NOBODY)
    assert "Calling hours are 8:00 AM to 9:00 PM in New York." in form.text
    result = form.submit()
    assert result.errors.keys() == {"Callback time"}
    assert "Choose 8:00 AM on Tue 24 Nov, the next free time" in result.errors["Callback time"]
    assert (form.value("Callback date"), form.value("Callback time")) == ("2026-11-23", "21:00")
    assert record(desk) == []
    takes(desk, form, OFFER, "2026-11-24", "08:00")
    assert NOBODY not in form.text
    for label in ("Customer", "Contact number", "What happened and what was promised"):
        assert form.value(label) == FORM[label]
    assert form.value("Language") == "Spanish"
    assert form.submit().closed
    card = desk.ben.sees("Case 1", in_=ASK)
    assert "Tue 8:00 AM in New York" in card.text
    assert facts(desk, "raised") == [None]


def test_a_tick_keeps_the_time_that_they_agreed(desk: Floor) -> None:
    """Nobody types the time again."""
    form = the_form(desk)
    form.shows(NOBODY)
    assert form.submit(ASKED).closed
    card = desk.ben.sees("Case 1", in_=ASK)
    assert "Mon 9:00 PM in New York" in card.text
    assert facts(desk, "raised") == [True]


def test_another_time_is_read_as_entered(desk: Floor) -> None:
    """Free: it stands. Not free: the next one is offered. With a tick it stands whatever it is."""
    form = the_form(desk)
    form.shows(NOBODY)
    takes(desk, form, OFFER, "2026-11-24", "08:00")
    form.choose("Callback time", "23:10")  # on the day offered before
    form.shows("Nobody calls at 11:10 PM on Tue 24 Nov")
    form.choose("Callback date", "2026-11-26")
    form.shows("Thanksgiving Day")
    assert form.text.count(":warning:") == 1
    takes(desk, form, "Use 8:00 AM on Fri 27 Nov", "2026-11-27", "08:00")
    form.choose("Callback time", "23:20")
    form.shows("Nobody calls at 11:20 PM on Fri 27 Nov")
    assert form.submit(ASKED).closed
    card = desk.ben.sees("Case 1", in_=ASK)
    assert "Fri 11:20 PM in New York" in card.text


def test_a_choice_that_redraws_the_form_keeps_the_time(desk: Floor) -> None:
    """The customer stays on the line after all, and then does not: their time is there again, and so is the offer."""
    form = the_form(desk)
    form.shows(NOBODY)
    form.choose("The customer", "Is waiting on the line")
    desk.slack.eventually(lambda: True if "Callback time" not in form.labels() else None, about="no time")
    assert NOBODY not in form.text
    form.choose("The customer", "Agreed to a callback")
    form.shows(NOBODY)
    assert form.value("Callback time") == "21:00"
    takes(desk, form, OFFER, "2026-11-24", "08:00")
    assert form.submit().closed


def test_an_offer_outlives_the_question_about_a_second_case(desk: Floor) -> None:
    """The customer has an open case already; the tick keeps the agreed time even then."""
    desk.escalates(desk.arjun)
    form = the_form(desk)
    form.shows(NOBODY)
    form.shows("already has an open case")
    assert form.submit(ASKED).errors.keys() == {"Already open"}
    assert form.submit({"Already open": ["Raise a second case anyway"]}).closed
    card = desk.ben.sees("Case 2", in_=ASK)
    assert "Mon 9:00 PM in New York" in card.text


def test_every_form_that_takes_a_time_offers_one(desk: Floor) -> None:
    """Reschedule, the next attempt, a follow-up, another attempt, reopening: the same answer, and nothing is replaced."""
    card = desk.claimed()
    late = {"Callback time": "21:00"}

    def offers(modal: Modal, entries: dict[str, Any]) -> None:
        assert not modal.submit({**entries, **late}).closed
        assert (modal.value("Callback date"), modal.value("Callback time")) == ("2026-11-23", "21:00")
        assert NOBODY in modal.text
        assert modal.submit().errors.keys() == {"Callback time"}, "what is below it already"

    modal = opens(desk.ben, "Reschedule", on=card)
    offers(modal, {"Who wanted the new time?": "We did"})
    assert modal.value("Who wanted the new time?") == "We did"
    modal.close()

    modal = opens(desk.ben, "Escalate further", on=card)
    offers(modal, {"Who reviews it?": "Mia Grant", "Reason": "Above my limit."})
    assert modal.submit(ASKED).closed
    line = desk.ana.sees("escalated case 1", in_=card)
    assert "Mon 9:00 PM in New York" in line.text
    assert "the customer asked for this time" in line.text

    modal = logs(desk.mia, "No answer", on=card)
    modal.shows("next call?")
    offers(modal, {"Note": "Rang for a minute."})
    takes(desk, modal, OFFER, "2026-11-24", "08:00")
    modal.choose("How did the call end?", "Busy")
    desk.slack.settles()
    assert (modal.value("Note"), modal.value("Callback time")) == ("Rang for a minute.", "08:00")
    assert modal.submit().closed
    line = desk.ana.sees("(attempt 1): Busy", in_=card)
    assert "Tue 8:00 AM in New York" in line.text
