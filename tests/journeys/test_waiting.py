"""The customer is on hold: somebody takes the call, or the agent says otherwise (docs/policy.md, *A customer on hold*)."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.driver import Message
from tests.journeys.floor import ASK, CLOSE, Floor, floor, stored_at
from tests.journeys.telling import is_told_why_not, lines, nothing_happens, opens, record, set_up
from tests.journeys.test_claims import all_at_once
from tests.journeys.test_export import content, exported, report
from tests.journeys.test_home import looks

WAITS: dict[str, Any] = {"The customer": "Is waiting on the line"}
TAKE, TURN, HUNG_UP = "Claim and take the call", "Turn into a callback", "Hung up"
MANAGERS = "S0MANAGERS"
OF_A_CALLBACK = re.compile(r"overdue|call(ed)? back|calling now|agreed time", re.IGNORECASE)
"""What nobody says of a customer who is on the phone already."""


def on_the_line(desk: Floor) -> Message:
    """The card of a customer who waits; nobody has it."""
    card = desk.escalates(**WAITS)
    desk.sam.sees("Customer on hold", in_=card)
    return card.now()


def test_one_click_takes_the_case_and_the_call(database_url: str) -> None:
    """Claimed and on the call at once, two lines of the record; then it goes on as any call."""
    with floor(database_url) as desk:
        card = on_the_line(desk)
        assert card.buttons() == [TAKE, TURN, HUNG_UP]
        desk.ben.clicks(TAKE, on=card)
        taken = card.becomes("On the call")
        assert taken.buttons()[0] == "Complete"
        claimed = desk.ana.sees("claimed case 1", in_=card)
        assert desk.ana.is_mentioned(claimed)
        desk.ana.sees("is taking the call (attempt 1)", in_=card, after=claimed)
        assert record(desk)[1:] == [(1, "claimed", "U0BEN"), (1, "calling", "U0BEN")]
        desk.clock.passes(minutes=20)
        assert opens(desk.ben, "Complete", on=card).submit(CLOSE).closed
        desk.ana.sees("closed case 1: Resolved", in_=card)
        assert not [line for line in lines(card) if "Overdue" in line or "on hold for" in line]


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


def test_nobody_calls_back_a_customer_who_is_on_hold(desk: Floor) -> None:
    """For twenty minutes nobody acts: card, thread, list and Home say *on hold* and for how long, and the managers hear of it
    every three minutes, until the agent is asked whether the customer is still there.
    """
    card = on_the_line(desk)
    assert "{ago}" in json.dumps(card.raw), "Slack counts it up"
    last = desk.mia.sees("Customer on hold", in_=card)
    assert last.mentions() == {"S0SMES", "S0TLS"}
    for minutes, mentioned in ((3, "S0TLS"), (2, MANAGERS), (3, MANAGERS)):
        desk.clock.passes(minutes=minutes)
        last = desk.mia.sees("Customer on hold for", in_=card, after=last)
        assert last.mentions() == {mentioned}
        assert last.buttons() == [TAKE]
    for waited in (11, 14, 17, 20):
        desk.clock.passes(minutes=3)
        assert last.becomes(f"on hold for {waited} min").buttons() == [TAKE]
    assert "On hold since 1:05 AM · 20 minutes ago" in card.becomes("nobody has taken the call yet").text
    desk.ben.types("/callbacks all", in_=ASK)
    listed = desk.ben.is_told("on hold for 20 min", in_=ASK)
    home = looks(desk, desk.mia)
    assert "on hold for 20 min" in home.text
    shown = (card.now().text, *lines(card), listed.text)
    said = [found for text in shown if (found := OF_A_CALLBACK.search(text))]
    assert not said
    desk.mia.clicks(TAKE, on=last)
    assert "On hold since" not in card.becomes("On the call").text


def test_whoever_takes_the_call_reads_where_it_is_transferred(desk: Floor) -> None:
    """The program says where: on the card, in the ping, and in the line by which the agent hears who takes it."""
    set_up(desk, transfer_to="queue 4500")
    card = on_the_line(desk)
    where = "Transfer the call to queue 4500"
    assert where in card.text
    ping = desk.sam.sees(where, in_=card)
    desk.sam.clicks(TAKE, on=ping)
    assert where in card.becomes("On the call").text
    assert where in desk.ana.sees("is taking the call", in_=card).text


def test_the_agent_is_asked_and_turns_it_into_a_callback(desk: Floor) -> None:
    """Only Ana reads the question. From then on the case is a promise like any other, for reminders, figures and export."""
    card = on_the_line(desk)
    desk.clock.passes(minutes=10)
    asked = desk.ana.is_told("Still on the line?", in_=ASK)
    assert "Jane Doe has been on hold for 10 min (case 1)" in asked.text
    assert asked.buttons() == [TURN, HUNG_UP]
    assert not [one for one in desk.ben.ephemerals(in_=ASK) if "Still on the line" in one.text]
    assert opens(desk.ana, TURN, on=asked).submit(desk.time_in(60)).closed
    line = desk.ben.sees("turned case 1 into a callback: the customer was on hold for 10 min", in_=card)
    assert "(Mon 1:15 PM in New York)" in line.text
    shown = card.becomes("(Mon 1:15 PM in New York)")
    assert shown.buttons() == ["Claim", "Reschedule"]
    assert not re.search("on hold|High priority|First promised", shown.text)

    desk.clock.passes(minutes=3)
    free = desk.sam.sees("Nobody has claimed case 1", in_=card, after=line)
    desk.ben.clicks("Claim", on=free)
    card.becomes("With @Ben")
    desk.clock.passes(minutes=57)
    due = desk.ben.sees("Now is the agreed time for case 1", in_=card)
    desk.ben.clicks("Calling now", on=due)
    card.becomes("On the call")
    figures = report(desk)
    assert "100 %" in figures.text
    desk.mia.clicks("Export", on=figures)
    (row,) = content(exported(desk, desk.mia))
    assert (row["first_promise_at"], row["first_promise_kept"]) == ("2026-11-23T18:15:00+00:00", "yes")


def test_a_customer_who_hung_up_is_called_back_at_the_next_reasonable_time(desk: Floor) -> None:
    """One click; the thread says so, the priority stays high, the usual reminders begin."""
    card = on_the_line(desk)
    desk.clock.passes(minutes=12)
    asked = desk.ana.is_told("Still on the line?", in_=ASK)
    desk.ana.clicks(HUNG_UP, on=asked)
    line = desk.ben.sees("The customer hung up after 12 min on hold, says Ana Reyes", in_=card)
    assert "(Mon 1:00 PM in New York)" in line.text
    shown = card.becomes("High priority")
    assert shown.buttons() == ["Claim", "Reschedule"]
    desk.clock.passes(minutes=3)
    desk.sam.sees("Nobody has claimed case 1", in_=card)


def test_the_customer_who_is_handed_on_is_still_on_hold(desk: Floor) -> None:
    """They ask for a manager: the call goes to Mia, who takes it; nobody has to be called."""
    card = on_the_line(desk)
    desk.ben.clicks(TAKE, on=card)
    taken = card.becomes("On the call")
    assert opens(desk.ben, "Hand over", on=taken).submit({"Hand over to": "Mia Grant"}).closed
    waits = card.becomes("Customer on hold · with @Mia Grant")
    assert waits.buttons()[:3] == ["Take the call", TURN, HUNG_UP]
    desk.clock.passes(minutes=2)
    ping = desk.mia.sees("Customer on hold for", in_=card)
    assert desk.mia.is_mentioned(ping)
    desk.mia.clicks("Take the call", on=ping)
    desk.ana.sees("is taking the call (attempt 2)", in_=card)


def test_an_agent_and_a_late_click_take_nothing(desk: Floor) -> None:
    """Who may not claim takes no call; once it is a callback nobody is on the line any more."""
    card = on_the_line(desk)
    with nothing_happens(desk, card):
        is_told_why_not(desk, desk.arjun, TAKE, "Only an SME/TL or a manager can", on=card)
        is_told_why_not(desk, desk.arjun, HUNG_UP, "Only the agent who raised it", on=card)
    assert opens(desk.ana, TURN, on=card).submit(desk.time_in(120)).closed
    turned = card.becomes("(Mon 2:05 PM in New York)")
    with nothing_happens(desk, turned):
        for click in (TAKE, HUNG_UP):
            who = desk.ben if click == TAKE else desk.ana
            is_told_why_not(desk, who, click, "customer is no longer on the line", on=card)


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
    free = card.becomes("nobody has taken the call yet")
    assert "4 minutes ago" in free.text
    desk.clock.passes(minutes=1)
    ping = desk.mia.sees("on hold for 5 min", in_=card)
    desk.tess.clicks(TAKE, on=ping)
    desk.ana.sees("is taking the call (attempt 2)", in_=card)


def test_nothing_of_it_changes_for_a_customer_who_agreed_to_a_callback(desk: Floor) -> None:
    """Their case is claimed first, and called when the time has come."""
    card = desk.escalates(minutes=60)
    assert card.buttons() == ["Claim", "Reschedule"]
    assert "hold" not in card.text
