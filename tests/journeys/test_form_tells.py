"""What the form tells while it is filled in: nothing that somebody entered is replaced, no customer is raised twice
(docs/policy.md, *The callback time*, *Repeat contact*).
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.driver import Message
from tests.journeys.floor import ASK, FORM, Floor, stored_at
from tests.journeys.telling import closes, lines, nothing_happens, number, opens, record
from tests.journeys.test_form import DETAILS, form_of

LONDON = "+44 20 7946 0018"
ON_THE_LINE = "The customer is on the line now"


def rest(**changes: Any) -> dict[str, Any]:
    """What the form asks besides date and time."""
    return {**FORM, **changes}


def zone_of(desk: Floor, case: int = 1) -> str:
    store = stored_at(desk.database)
    try:
        return store.ask_now(lambda reading: reading.case(case, 1)).zone
    finally:
        store.close()


# Date and time


def test_a_time_that_was_entered_stays_until_the_agent_takes_another_one(desk: Floor) -> None:
    """Not even while another field is put right; the next free time is a click away, and only a click takes it."""
    form = form_of(desk.ana)
    desk.fills(form, rest(**number("12"), **{"Callback date": "2026-11-23", "Callback time": "23:30"}))
    form.shows("Nobody calls at 11:30 PM on Mon 23 Nov")
    refused = form.submit()
    assert refused.errors.keys() == {"Contact number", "Callback time"}
    assert not form.submit({"Contact number": "+1 212 555 0132"}).closed
    assert (form.value("Callback date"), form.value("Callback time")) == ("2026-11-23", "23:30")
    assert "Nobody calls at 11:30 PM on Mon 23 Nov" in form.text
    assert record(desk) == []
    form.click("Use 8:00 AM on Tue 24 Nov")
    desk.slack.eventually(lambda: form.value("Callback time") == "08:00" or None, about="it is taken")
    assert form.value("Callback date") == "2026-11-24"
    assert form.submit().closed
    assert "Tue 8:00 AM in New York" in desk.ben.sees("Case 1", in_=ASK).text


def test_a_number_that_is_typed_late_asks_whose_clock_the_time_is_on(desk: Floor) -> None:
    """The agent agreed on 20:00 with somebody in London, or did they mean New York? The form does not guess."""
    form = form_of(desk.ana)
    desk.fills(form, {"Callback time": "20:00"})
    form.choose("Contact number", LONDON)
    form.shows(
        "This number belongs to London (17:05 now), but date and time are for New York (12:05 PM now)."
    )
    assert form.value("Callback time") == "20:00"
    assert "Time zone" in form.required()
    desk.fills(form, {label: value for label, value in FORM.items() if label != "Contact number"})
    assert form.submit().errors.keys() == {"Time zone"}
    assert record(desk) == []
    assert form.submit({"Time zone": "Europe/London"}).closed
    assert "Mon 20:00 in London" in desk.ben.sees("Case 1", in_=ASK).text


def test_the_agent_may_say_that_the_customer_is_elsewhere(desk: Floor) -> None:
    """A number from London, a customer in New York: that is kept, and a third zone is on the list as well."""
    form = form_of(desk.ana)
    desk.fills(form, {"Callback time": "20:00"})
    form.choose("Contact number", LONDON)
    form.shows("This number belongs to London")
    form.choose("Time zone", "America/New_York")
    form.choose("The customer", "Is waiting on the line")
    desk.slack.eventually(lambda: "Callback time" not in form.labels() or None, about="no time")
    form.choose("The customer", "Agreed to a callback")
    desk.slack.eventually(lambda: "Callback time" in form.labels() or None, about="a time")
    assert form.value("Callback time") == "20:00", "what was entered outlives the change of mind"
    assert form.submit(rest(**number(LONDON))).errors.keys() == {"Time zone"}
    assert form.submit({"Time zone": "America/New_York"}).closed
    desk.ben.sees("Mon 8:00 PM in New York", in_=ASK)
    assert zone_of(desk) == "America/New_York"


def test_of_a_country_with_several_zones_the_agent_chooses_one(desk: Floor) -> None:
    """The form names the reason at that field, and presets the time once it is known."""
    form = form_of(desk.ana, "/escalate Bruce Hay +61 412 345 678")
    assert "This number's country has several time zones." in form.text
    desk.fills(form, {label: given for label, given in FORM.items() if label != "Contact number"})
    assert form.submit().errors.keys() == {"Time zone"}
    form.choose("Time zone", "Australia/Perth")
    form.shows("Date and time are for Perth (1:05 AM now).")
    assert (form.value("Callback date"), form.value("Callback time")) == ("2026-11-24", "08:00")
    assert form.submit().closed
    assert "Tue 8:00 AM in Perth" in desk.ben.sees("Case 1", in_=ASK).text


def test_what_the_form_preset_follows_the_number_and_says_so(desk: Floor) -> None:
    """Nobody entered that time: it is the form's own, and so is the zone beside it."""
    form = form_of(desk.ana)
    assert form.value("Callback time") == "12:45"
    assert "Date and time are for" not in form.text
    form.choose("Contact number", LONDON)
    form.shows("Date and time are for London (17:05 now).")
    assert form.value("Callback time") == "17:45"
    assert form.submit(rest(**number(LONDON))).closed
    assert "17:45 in London" in desk.ben.sees("Case 1", in_=ASK).text


# De-escalation


def test_nothing_attempted_and_what_was_tried_contradict_each_other(desk: Floor) -> None:
    """Refused at the field; either of the two is taken."""
    form = form_of(desk.ana)
    desk.fills(form, rest(**{"Could not attempt because": "Customer hung up"}))
    refused = form.submit()
    assert refused.errors.keys() == {"Could not attempt because"}
    assert "You also chose what you tried" in refused.errors["Could not attempt because"]
    assert record(desk) == []
    assert form.submit({"De-escalation tried": []}).closed
    assert "No de-escalation attempted: customer hung up" in desk.ben.sees("Case 1", in_=ASK).text


# An open case of the same customer


def told_of(desk: Floor, card: Message) -> list[str]:
    """What the thread has besides what was there."""
    desk.slack.settles()
    return list(lines(card))


def test_an_open_case_is_shown_as_soon_as_the_number_is_typed(desk: Floor) -> None:
    """Nothing else is filled in yet; a digit too few shows nothing, another number takes it away."""
    desk.escalates()
    form = form_of(desk.arjun)
    for typed in ("+1 212 555", "+1 212 555 013"):
        form.choose("Contact number", typed)
    assert "already has an open case" not in form.text
    form.choose("Contact number", "(212) 555-0132")
    form.shows("This customer already has an open case.")
    assert "Case 1 · Jane Doe" in form.text
    assert form.buttons()[:2] == ["Add to case 1", ON_THE_LINE]
    assert form.value("Contact number") == "(212) 555-0132"
    form.choose("Contact number", "+1 212 555 0199")
    desk.slack.eventually(lambda: "open case" not in form.text or None, about="another customer")


def test_what_came_with_the_command_is_looked_up_before_the_form_shows(desk: Floor) -> None:
    """And a reference finds the case as well, whoever it was raised for."""
    known: dict[str, Any] = {"Account or call reference": "NW-20418"}
    desk.escalates(**known)
    prefilled = form_of(desk.arjun, "/escalate J. Doe +1 212 555 0132")
    assert "Case 1 · Jane Doe" in prefilled.text
    prefilled.close()
    form = form_of(desk.arjun)
    desk.unfolds(form)
    form.choose("Account or call reference", "NW-20418")
    form.shows("Case 1 · Jane Doe")
    assert "0132" not in form.text, "the number of that case is masked, and not needed here"


def test_what_was_typed_is_added_to_the_open_case(desk: Floor) -> None:
    """One click: a note in its thread that its owner is told of, and the form has done its work."""
    card = desk.claimed()
    form = form_of(desk.arjun, "/escalate Jane Doe +1 212 555 0132")
    form.fill({"Reasons": ["Long wait"], DETAILS: "She asks where her refund is."})
    form.click("Add to case 1")
    form.shows("Added to Case 1 · Jane Doe. @Ben Carter has been told.")
    assert form.submit_label is None
    line = desk.ben.sees("She asks where her refund is.", in_=card)
    assert "Arjun Mehta noted" in line.text
    assert "The customer called again." in line.text
    assert "Reasons: Long wait" in line.text
    assert line.mentions() == {"U0BEN"}
    assert [entry[1] for entry in record(desk)] == ["raised", "claimed", "noted"]


def test_a_card_number_is_added_to_no_case(desk: Floor) -> None:
    """Why not is told upon the form, which stays as typed."""
    card = desk.claimed()
    form = form_of(desk.arjun, "/escalate Jane Doe +1 212 555 0132")
    form.fill({DETAILS: "She read out 4111 1111 1111 1111."})
    with nothing_happens(desk, card):
        form.click("Add to case 1")
        told = desk.arjun.modal("Not done")
        assert "payment card" in told.text
        told.close()
    assert form.value(DETAILS) == "She read out 4111 1111 1111 1111."


def test_the_owner_hears_at_once_that_the_customer_is_on_the_line(desk: Floor) -> None:
    """Whatever was agreed, she is on hold now: the owner is called, and takes the call with one click."""
    card = desk.claimed(minutes=180)
    form = form_of(desk.arjun, "/escalate Jane Doe +1 212 555 0132")
    form.click(ON_THE_LINE)
    form.shows("@Ben Carter has been told that the customer of Case 1 · Jane Doe is on the line.")
    ping = desk.ben.sees("Customer on hold: case 1", in_=card)
    assert desk.ben.is_mentioned(ping)
    line = desk.ben.sees("The customer of case 1 is on the line now, with Arjun Mehta", in_=card)
    assert line.mentions() == set(), "the ping below calls him"
    assert "Customer called again" in card.becomes("On hold since").text
    desk.ben.clicks("Take the call", on=ping)
    desk.ana.sees("is taking the call (attempt 1)", in_=card)
    assert [entry[1] for entry in record(desk)] == ["raised", "claimed", "called_again", "calling"]
    again = form_of(desk.arjun, "/escalate Jane Doe +1 212 555 0132")
    assert again.buttons()[0] == "Add to case 1"
    assert ON_THE_LINE not in again.buttons(), "Ben speaks to her"


def test_a_case_that_nobody_has_is_called_out_when_its_customer_is_on_the_line(desk: Floor) -> None:
    """From the start of the fast ladder; and when she hangs up, the first promise is still the first."""
    card = desk.escalates(minutes=180)
    form = form_of(desk.arjun, "/escalate Jane Doe +1 212 555 0132")
    form.click(ON_THE_LINE)
    form.shows("The SMEs and TLs have been told")
    ping = desk.sam.sees("Customer on hold: case 1", in_=card)
    assert ping.mentions() == {"S0SMES", "S0TLS"}
    shown = card.becomes("On hold since")
    assert shown.buttons()[0] == "Claim and take the call"
    desk.clock.passes(minutes=3)
    louder = desk.sam.sees("Customer on hold for 3 min", in_=card, after=ping)
    assert louder.mentions() == {"S0TLS"}
    desk.ana.clicks("Hung up", on=shown)
    desk.ana.sees("hung up after 3 min on hold", in_=card)
    assert re.search(r"First promised: [^(]*\(Mon 3:05 PM in New York\)", card.becomes("Call ").text)


def test_a_second_case_needs_its_tick_and_a_closed_case_none(desk: Floor) -> None:
    """What was shown while typing is not shown anew after the whole form: it says what to do, at the field."""
    card = desk.claimed()
    form = form_of(desk.arjun, "/escalate Jane Doe +1 212 555 0132")
    desk.fills(form, rest())
    refused = form.submit()
    assert "Add to case 1 instead, or tick this" in refused.errors["Already open"]
    form.close()
    closes(desk, card)
    form = form_of(desk.arjun, "/escalate Jane Doe +1 212 555 0132")
    assert "open case" not in form.text
    assert opens(desk.ana, "Add note", on=card).submit({"Note": "All is well."}).closed
