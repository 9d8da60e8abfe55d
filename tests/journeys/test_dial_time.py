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
        assert "It is 21:10 on Mon 23 Nov where the customer is (America/New_York)" in modal.text
        assert "Calling hours are 08:00–21:00 in America/New_York." in modal.text
        assert "use Reschedule: the next free time is 08:00 on Tue 24 Nov there" in modal.text
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
    moved = card.becomes("20:50")
    assert "asked for this time" not in moved.text
    desk.clock.reaches(datetime(2026, 11, 24, 2, 1, tzinfo=UTC))
    is_asked(desk, card.now()).close()


def test_on_a_holiday_and_on_the_way_there(desk: Floor) -> None:
    """Promised the day before, called a day late: the day is the customer's."""
    card = desk.claimed(**at("20:30", "2026-11-25"))
    desk.clock.reaches(THANKSGIVING)
    desk.ben.sees("Overdue", in_=card)
    modal = is_asked(desk, card)
    assert "It is 12:00 on Thu 26 Nov where the customer is" in modal.text
    assert "is a holiday there (Thanksgiving Day)" in modal.text
    assert "08:00 on Fri 27 Nov there" in modal.text


def test_whoever_may_not_call_is_not_asked_and_a_call_that_runs_neither(desk: Floor) -> None:
    """The rules about who and when come first."""
    card = late_in_the_evening(desk)
    desk.tess.clicks("Calling now", on=card, within=PATIENCE)
    desk.tess.is_told("Only the owner (@Ben Carter) can", in_=ASK)
    assert not desk.tess.modals()
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
    assert "Only the owner (@Tess" in modal.text
    assert (1, "calling", "U0BEN") not in record(desk)


# The form proposes the next free time


def the_form(desk: Floor, **changes: Any) -> tuple[Modal, dict[str, Any]]:
    """Ana's form for a promise at 21:00, and what she enters."""
    desk.ana.types("/escalate", in_=ASK)
    form = desk.ana.modal("Escalate")
    entries = {**FORM, **desk.time_in(60), "Callback time": "21:00", "Language": "Spanish", **changes}
    return form, {label: value for label, value in entries.items() if label in form.labels()}


def test_the_form_proposes_the_next_free_time(desk: Floor) -> None:
    """Date and time are filled in anew, everything else stays as typed; one more submit and it stands."""
    form, entries = the_form(desk)
    result = form.submit(entries)
    assert not result.closed
    assert not result.errors
    assert (form.value("Callback date"), form.value("Callback time")) == ("2026-11-24", "08:00")
    assert "Calling hours are 08:00–21:00 in America/New_York." in form.text
    assert "08:00 on Tue 24 Nov" in form.text
    assert "To keep 21:00 on Mon 23 Nov" in form.text
    for label in ("Customer", "Contact number", "Language", "What happened and what was promised"):
        assert form.value(label) == entries[label]
    assert record(desk) == []
    assert form.submit().closed
    card = desk.ben.sees("Case 1", in_=ASK)
    assert "Tue 24 Nov, 08:00 America/New_York" in card.text
    assert facts(desk, "raised") == [None]


def test_a_tick_keeps_the_time_that_they_agreed(desk: Floor) -> None:
    """Nobody types the time again."""
    form, entries = the_form(desk)
    form.submit(entries)
    assert form.value("Callback time") == "08:00"
    assert form.submit(ASKED).closed
    card = desk.ben.sees("Case 1", in_=ASK)
    assert "Mon 23 Nov, 21:00 America/New_York" in card.text
    assert facts(desk, "raised") == [True]


def test_another_time_than_the_proposed_one_is_read_as_entered(desk: Floor) -> None:
    """Free: it stands. Not free: the next one is proposed. With a tick it stands whatever it is."""
    form, entries = the_form(desk)
    form.submit(entries)
    assert not form.submit({"Callback time": "23:10"}).closed  # on the day proposed before
    assert (form.value("Callback date"), form.value("Callback time")) == ("2026-11-25", "08:00")
    assert "To keep 23:10 on Tue 24 Nov" in form.text
    assert not form.submit({"Callback date": "2026-11-26"}).closed
    assert "Thanksgiving Day" in form.text
    assert form.value("Callback date") == "2026-11-27"
    assert form.text.count(":warning:") == 1
    assert form.submit({"Callback date": "2026-11-27", "Callback time": "23:20", **ASKED}).closed
    card = desk.ben.sees("Case 1", in_=ASK)
    assert "Fri 27 Nov, 23:20 America/New_York" in card.text


def test_the_same_time_entered_again_is_proposed_against_again(desk: Floor) -> None:
    """The fields show the proposal each time, not what was typed into them."""
    form, entries = the_form(desk)
    form.submit(entries)
    again = {"Callback date": "2026-11-23", "Callback time": "21:00"}
    for _ in range(3):
        assert not form.submit(again).closed
        assert (form.value("Callback date"), form.value("Callback time")) == ("2026-11-24", "08:00")
    assert form.submit().closed


def test_other_mistakes_are_shown_first(desk: Floor) -> None:
    """At their fields, with the sentence at the time; once they are mended the time is proposed."""
    form, entries = the_form(desk, **{"Contact number": "12"})
    result = form.submit(entries)
    assert result.errors.keys() == {"Contact number", "Callback time"}
    assert "Choose 08:00 on Tue 24 Nov, the next free time" in result.errors["Callback time"]
    assert form.value("Callback time") == "21:00"
    result = form.submit({"Contact number": "+1 212 555 0132"})
    assert not result.errors
    assert form.value("Callback time") == "08:00"
    result = form.submit({"Customer": "Jane 4111 1111 1111 1111", "Callback date": "2026-11-22"})
    assert result.errors.keys() == {"Customer", "Callback date"}, "at the fields that are shown now"
    assert form.submit({"Customer": "Jane", "Callback date": "2026-11-24"}).closed


def test_a_choice_that_redraws_the_form_keeps_the_proposal(desk: Floor) -> None:
    """The customer stays on the line after all, and then does not."""
    form, entries = the_form(desk)
    form.submit(entries)
    form.choose("The customer", "Is waiting on the line")
    desk.slack.eventually(lambda: True if "Callback time" not in form.labels() else None, about="no time")
    assert "To keep 21:00" not in form.text
    form.choose("The customer", "Agreed to a callback")
    desk.slack.eventually(lambda: True if "Callback time" in form.labels() else None, about="a time")
    assert form.submit({**desk.time_in(60)}).closed


def test_a_proposal_outlives_the_question_about_a_second_case(desk: Floor) -> None:
    """The customer has an open case already; the tick keeps the agreed time even then."""
    desk.escalates(desk.arjun)
    form, entries = the_form(desk)
    form.submit(entries)
    assert not form.submit().closed
    assert "already has an open case" in form.text
    assert (form.value("Callback date"), form.value("Callback time")) == ("2026-11-24", "08:00")
    assert "To keep 21:00 on Mon 23 Nov" in form.text
    assert form.submit({"Already open": ["Raise a second case anyway"], **ASKED}).closed
    card = desk.ben.sees("Case 2", in_=ASK)
    assert "Mon 23 Nov, 21:00 America/New_York" in card.text


def test_every_form_that_takes_a_time_proposes_one(desk: Floor) -> None:
    """Reschedule, the next attempt, a follow-up, another attempt, reopening: the same answer."""
    card = desk.claimed()
    late = {"Callback time": "21:00"}

    def proposes(modal: Modal, entries: dict[str, Any]) -> None:
        assert not modal.submit({**entries, **late}).closed
        assert (modal.value("Callback date"), modal.value("Callback time")) == ("2026-11-24", "08:00")
        assert "To keep 21:00 on Mon 23 Nov" in modal.text

    modal = opens(desk.ben, "Reschedule", on=card)
    proposes(modal, {"Who wanted the new time?": "We did"})
    assert modal.value("Who wanted the new time?") == "We did"
    modal.close()

    modal = opens(desk.ben, "Escalate further", on=card)
    proposes(modal, {"Who reviews it?": "Mia Grant", "Reason": "Above my limit."})
    assert modal.submit(ASKED).closed
    line = desk.ana.sees("escalated case 1", in_=card)
    assert "Mon 23 Nov, 21:00 America/New_York" in line.text
    assert "the customer asked for this time" in line.text

    modal = logs(desk.mia, "No answer", on=card)
    modal.shows("next call?")
    proposes(modal, {"Note": "Rang for a minute."})
    modal.choose("How did the call end?", "Busy")
    desk.slack.settles()
    assert (modal.value("Note"), modal.value("Callback time")) == ("Rang for a minute.", "08:00")
    assert modal.submit().closed
    line = desk.ana.sees("(attempt 1): Busy", in_=card)
    assert "Tue 24 Nov, 08:00" in line.text
