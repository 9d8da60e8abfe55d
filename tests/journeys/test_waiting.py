"""The customer waits on the line: one click takes the case and the call (docs/policy.md, *A customer waiting on the line*)."""

from __future__ import annotations

from typing import Any

from sandbox.driver import Message
from tests.journeys.floor import CLOSE, Floor, floor, stored_at
from tests.journeys.telling import is_told_why_not, lines, nothing_happens, opens, record
from tests.journeys.test_claims import all_at_once

WAITS: dict[str, Any] = {"The customer": "Is waiting on the line"}
TAKE = "Claim and take the call"


def on_the_line(desk: Floor) -> Message:
    """The card of a customer who waits; nobody has it."""
    card = desk.escalates(**WAITS)
    desk.sam.sees("Now", in_=card)
    return card.now()


def test_one_click_takes_the_case_and_the_call(database_url: str) -> None:
    """Claimed and on the call at once, two lines of the record; then it goes on as any call."""
    with floor(database_url) as desk:
        card = on_the_line(desk)
        assert card.buttons() == [TAKE, "Reschedule"]
        desk.ben.clicks(TAKE, on=card)
        taken = card.becomes("On the call")
        assert taken.buttons()[0] == "Complete"
        claimed = desk.ana.sees("claimed case 1", in_=card)
        assert desk.ana.is_mentioned(claimed)
        desk.ana.sees("calling now (attempt 1)", in_=card, after=claimed)
        assert record(desk)[1:] == [(1, "claimed", "U0BEN"), (1, "calling", "U0BEN")]
        desk.clock.passes(minutes=20)
        assert opens(desk.ben, "Complete", on=card).submit(CLOSE).closed
        desk.ana.sees("closed case 1: Resolved", in_=card)
        assert not [line for line in lines(card) if "Overdue" in line or "waiting on the line for" in line]


def test_of_several_who_take_the_call_one_has_it(database_url: str) -> None:
    """First click wins; the others read who has it, and no second call is begun."""
    with floor(database_url) as desk:
        card = on_the_line(desk)
        people = (desk.sam, desk.sia, desk.ben, desk.tess)
        all_at_once(people, lambda person: person.clicks(TAKE, on=card, as_seen=True))
        taken = card.becomes("On the call")
        winner = next(person for person in people if f"@{person.name}" in taken.text)
        for loser in people:
            if loser is not winner:
                loser.is_told(f"Case 1 is with @{winner.name}", in_=card.channel)
        assert record(desk)[1:] == [(1, "claimed", winner.id), (1, "calling", winner.id)]
        store = stored_at(desk.database)
        try:
            case = store.ask_now(lambda reading: reading.case(1, 1))
        finally:
            store.close()
        assert case.attempts == 1


def test_an_agent_and_a_late_click_take_nothing(desk: Floor) -> None:
    """Who may not claim takes no call; once the promise moved nobody is on the line any more."""
    card = on_the_line(desk)
    with nothing_happens(desk, card):
        is_told_why_not(desk, desk.arjun, TAKE, "Only an SME/TL or a manager can", on=card)
    modal = opens(desk.ana, "Reschedule", on=card)
    assert modal.submit({**desk.time_in(120), "Who wanted the new time?": "The customer"}).closed
    desk.ana.sees("rescheduled case 1", in_=card)
    moved = card.becomes("First promised")
    assert moved.buttons() == ["Claim", "Reschedule"]
    assert "waiting on the line" not in moved.text
    with nothing_happens(desk, moved):
        is_told_why_not(
            desk, desk.ben, TAKE, "customer is no longer on the line. Claim the case on its card.", on=card
        )


def test_the_card_and_its_reminders_say_for_how_long_the_customer_waits(desk: Floor) -> None:
    """Drawn anew at each reminder, each with the same button."""
    card = on_the_line(desk)
    assert "waiting on the line since Mon 23 Nov, 12:05 America/New_York" in card.text
    last = None
    for minutes, waited in ((1, "1 min"), (2, "3 min"), (2, "5 min"), (15, "20 min")):
        desk.clock.passes(minutes=minutes)
        last = desk.mia.sees(f"waiting on the line for {waited}", in_=card, after=last)
        assert last.buttons() == [TAKE]
        shown = card.becomes(f"Waiting for {waited} as of")
        assert shown.buttons()[0] == TAKE
    assert last is not None
    desk.mia.clicks(TAKE, on=last)
    assert "Waiting for" not in card.becomes("On the call").text


def test_a_customer_on_the_line_is_called_at_any_hour(desk: Floor) -> None:
    """In the middle of their night they called themselves: nobody asks whether they want it."""
    desk.clock.passes(hours=14)  # 02:05 in New York
    card = on_the_line(desk)
    desk.ben.clicks(TAKE, on=card)
    card.becomes("On the call")
    assert not desk.ben.modals()


def test_a_case_that_is_given_back_waits_for_the_next_who_takes_the_call(desk: Floor) -> None:
    """The owner released it at once: its reminders begin again, the time waited goes on."""
    card = on_the_line(desk)
    desk.ben.clicks(TAKE, on=card)
    taken = card.becomes("On the call")
    desk.clock.passes(minutes=4)
    modal = opens(desk.ben, "Release", on=taken)
    assert modal.submit({"Reason": "My line is dead."}).closed
    free = card.becomes("nobody has claimed it yet")
    assert "Waiting for 4 min as of" in free.text
    desk.clock.passes(minutes=1)
    ping = desk.mia.sees("waiting on the line for 5 min", in_=card)
    desk.tess.clicks(TAKE, on=ping)
    desk.ana.sees("calling now (attempt 2)", in_=card)


def test_nothing_of_it_changes_for_a_customer_who_agreed_to_a_callback(desk: Floor) -> None:
    """Their case is claimed first, and called when the time has come."""
    card = desk.escalates(minutes=60)
    assert card.buttons() == ["Claim", "Reschedule"]
    assert "waiting" not in card.text
