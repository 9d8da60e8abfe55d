"""What each button does, from the click to the card and the thread (docs/policy.md, *The life of a case*)."""

from __future__ import annotations

import pytest

from sandbox.driver import PATIENCE
from tests.journeys.floor import ASK, Floor
from tests.journeys.telling import (
    closes,
    lines,
    logs,
    nothing_happens,
    opens,
    opens_for_anybody,
    record,
    tries_in_vain,
)

AGAIN = ["Callback date", "Callback time", "Time zone", "Outside calling hours"]
CLOSE_FORM = [
    "What was granted",
    "Notes",
    "Was the customer satisfied?",
    "Right department?",
    "Assessed well?",
    "De-escalation opportunity missed",
]


def test_a_claim_mentions_the_agent_who_raised_it(desk: Floor) -> None:
    """Nobody has to ask who has it."""
    card = desk.escalates()
    desk.sam.clicks("Claim", on=card)
    line = desk.ana.sees("Sam Ortiz claimed case 1", in_=card)
    assert desk.ana.is_mentioned(line)
    assert not desk.ben.is_mentioned(line)
    assert card.becomes("With @Sam Ortiz").buttons()[0] == "Calling now"


@pytest.mark.parametrize(
    "disposition",
    ["No answer", "Busy", "Voicemail left", "Wrong or invalid number", "Third party answered"],
)
def test_a_call_that_reached_nobody_is_tried_again(desk: Floor, disposition: str) -> None:
    """The next time is proposed two hours later; the attempt is counted on the card."""
    card = desk.claimed()
    desk.ben.clicks("Calling now", on=card)
    modal = logs(desk.ben, disposition, on=card)
    modal.shows("next call?")
    assert modal.labels() == ["How did the call end?", "Note", *AGAIN]
    assert (modal.value("Callback date"), modal.value("Callback time")) == ("2026-11-23", "14:10")
    assert modal.submit({"Note": "Tried the office line."}).closed
    line = desk.ana.sees(f"(attempt 1): {disposition}", in_=card)
    assert "Mon 23 Nov, 14:10 America/New_York" in line.text
    assert "Tried the office line." in line.text
    assert desk.ana.is_mentioned(line), "the promise moved"
    card = card.becomes("1 of 3 attempts used")
    assert "14:10" in card.text
    assert card.buttons() == ["Calling now", "Log outcome", "Reschedule"]


def test_a_customer_who_wants_another_time_gets_it(desk: Floor) -> None:
    """It does not count against the attempts; the raising agent learns that the promise moved."""
    card = desk.claimed()
    modal = logs(desk.ben, "Asked to reschedule", on=card)
    modal.shows("next call?")
    assert modal.submit(desk.time_in(180)).closed
    line = desk.ana.sees("Asked to reschedule", in_=card)
    assert desk.ana.is_mentioned(line)
    card = card.becomes("First promised")
    assert "attempts used" not in card.text


def test_a_customer_may_ask_not_to_be_called(desk: Floor) -> None:
    """Without a withdrawal the case goes on; with one it closes as the customer's own wish."""
    card = desk.claimed()
    modal = logs(desk.ben, "Asked not to be called", on=card)
    modal.shows("next call?")
    assert modal.submit().closed
    desk.ana.sees("(attempt 1): Asked not to be called", in_=card)

    modal = logs(desk.ben, "Asked not to be called", on=card)
    modal.shows("next call?")
    modal.choose("Does the customer withdraw?", ["The customer withdraws: close the case"])
    modal.shows("What was granted")
    assert modal.labels() == ["How did the call end?", "Does the customer withdraw?", *CLOSE_FORM]
    assert modal.submit({"Notes": "too short"}).errors
    assert modal.submit({"Notes": "She will write to the ombudsman instead."}).closed
    line = desk.ana.sees("closed case 1: Withdrawn by the customer", in_=card)
    assert desk.ana.is_mentioned(line)
    assert card.becomes("Closed: Withdrawn").buttons() == ["Reopen"]


def test_reached_goes_on_to_the_close_form_in_the_same_modal(desk: Floor) -> None:
    """One modal from the disposition to the outcome; there is no way to decline (house rule 1)."""
    card = desk.claimed()
    modal = logs(desk.ben, "Reached", on=card)
    modal.shows("Outcome")
    assert modal.labels() == ["How did the call end?", "Outcome", *CLOSE_FORM]
    assert modal.options("Outcome") == [
        "Resolved",
        "Partly resolved",
        "Policy upheld, apologised",
        "Escalated further",
        "Withdrawn by the customer",
    ]
    assert modal.submit({"Outcome": "Resolved"}).errors.keys() == {"Notes"}
    said = {"What was granted": "A month free", "Notes": "Explained the bill; she is content now."}
    assert modal.submit({**said, "Was the customer satisfied?": "Yes"}).closed
    line = desk.ana.sees("closed case 1: Resolved", in_=card)
    assert desk.ana.is_mentioned(line)
    assert "customer satisfied: yes" in line.text
    card = card.becomes("Closed: Resolved")
    assert "A month free" in card.text
    assert "Customer satisfied: yes" in card.text


def test_the_form_follows_the_last_of_two_quick_choices(desk: Floor) -> None:
    """Whoever corrects a choice at once gets the fields of the corrected one."""
    card = desk.claimed()
    modal = opens(desk.ben, "Log outcome", on=card)
    desk.slack.faults.add("slow", "views.update", times=2, delay=0.2)
    for disposition in ("Reached", "No answer", "Reached", "Busy"):
        modal.choose("How did the call end?", disposition)
    desk.slack.eventually(
        lambda: modal.labels() == ["How did the call end?", "Note", *AGAIN] or None,
        about="the fields of a busy line",
    )
    assert modal.submit().closed
    desk.ana.sees("(attempt 1): Busy", in_=card)


def test_the_owner_moves_the_promise(desk: Floor) -> None:
    """Who wanted it is asked, never guessed; the raising agent is mentioned; the first promise stays in sight."""
    card = desk.claimed()
    modal = opens(desk.ben, "Reschedule", on=card)
    assert modal.value("Callback time") == "13:05"
    assert modal.submit(desk.time_in(120)).errors.keys() == {"Who wanted the new time?"}
    assert modal.submit({"Who wanted the new time?": "We did"}).closed
    line = desk.ana.sees("rescheduled case 1 at our request", in_=card)
    assert desk.ana.is_mentioned(line)
    assert "14:05 America/New_York" in line.text
    card = card.becomes("14:05")
    assert "First promised: Mon 23 Nov, 13:05 America/New_York" in card.text


def test_the_agent_moves_the_promise_of_the_customer_who_called_again(desk: Floor) -> None:
    """The owner is mentioned, so that they don't call at the old time; a time that cannot be stands at its field."""
    card = desk.claimed()
    modal = opens(desk.ana, "Reschedule", on=card)
    wish = {"Who wanted the new time?": "The customer"}
    past = modal.submit({**wish, "Callback time": "09:00"})
    assert "has passed" in past.errors["Callback time"]
    assert not modal.submit({"Callback time": "22:30"}).closed
    assert modal.value("Callback time") == "08:00", (
        "the next free time, unless the customer asked for the other"
    )
    assert modal.submit({"Outside calling hours": ["Customer asked for this time"]}).closed
    line = desk.ben.sees("rescheduled case 1 at the customer's request", in_=card)
    assert desk.ben.is_mentioned(line)
    assert "22:30" in card.becomes("22:30").text


def test_a_case_is_handed_to_a_peer_or_upward(desk: Floor) -> None:
    """Never to an agent; the receiver is mentioned and is the owner from then on."""
    card = desk.claimed()
    modal = opens_for_anybody(desk, desk.ben, "Hand over", on=card)
    with nothing_happens(desk, card):
        refused = modal.submit({"Hand over to": "Arjun"})
        assert "An agent can't take a case" in refused.errors["Hand over to"]
        refused = modal.submit({"Hand over to": "Ben"})
        assert "already has the case" in refused.errors["Hand over to"]
    assert modal.submit({"Hand over to": "Tess Lim", "Note": "My shift ends."}).closed
    line = desk.tess.sees("Ben Carter handed case 1 over to @Tess Lim", in_=card)
    assert desk.tess.is_mentioned(line)
    assert "My shift ends." in line.text
    card = card.becomes("With @Tess Lim")

    modal = opens(desk.mia, "Hand over", on=card)
    assert modal.submit({"Hand over to": "Sam Ortiz"}).closed
    line = desk.sam.sees("Mia Grant handed case 1 over to @Sam Ortiz", in_=card)
    assert desk.tess.is_mentioned(line)
    desk.clock.passes(minutes=45)
    assert desk.sam.is_mentioned(desk.sam.sees("you call case 1", in_=card))


def test_a_released_case_is_free_again(desk: Floor) -> None:
    """With a reason; the unclaimed ladder starts anew: SMEs, then TLs, then managers."""
    card = desk.claimed()
    desk.clock.passes(minutes=20)
    modal = opens(desk.ben, "Release", on=card)
    assert modal.submit().errors.keys() == {"Reason"}
    assert modal.submit({"Reason": "I know the customer in person."}).closed
    line = desk.ana.sees("Ben Carter released case 1", in_=card)
    assert "I know the customer in person." in line.text
    assert card.becomes("nobody has claimed it yet").buttons() == ["Claim", "Reschedule"]
    for minutes, told in ((3, desk.sam), (4, desk.tess), (8, desk.mia)):
        desk.clock.passes(minutes=minutes)
        line = told.sees("Nobody has claimed", in_=card, after=line)
        assert told.is_mentioned(line), line
    desk.tess.clicks("Claim", on=card)
    desk.ana.sees("Tess Lim claimed case 1", in_=card)


def test_a_silent_owner_is_taken_over_from(desk: Floor) -> None:
    """From the agreed time on, while no call was begun; who had it and who raised it are mentioned."""
    card = desk.claimed(minutes=10)
    desk.clock.passes(minutes=10)
    due = desk.ben.sees("Now", in_=card)
    assert desk.ben.is_mentioned(due)
    desk.clock.passes(minutes=16)
    overdue = desk.tess.sees("Overdue: case 1", in_=ASK)
    assert overdue.broadcast
    assert desk.ben.is_mentioned(overdue)
    assert desk.tess.is_mentioned(overdue)
    desk.tess.clicks("Take over", on=card, within=PATIENCE)
    line = desk.ben.sees("Tess Lim took case 1 over from @Ben Carter", in_=card)
    assert desk.ben.is_mentioned(line)
    assert desk.ana.is_mentioned(line)
    desk.tess.clicks("Calling now", on=card)
    desk.ana.sees("Tess Lim is calling now", in_=card)


def test_the_button_to_take_over_is_there_from_the_agreed_time_on(desk: Floor) -> None:
    """An owner who is silent past the start of the window: nobody waits for the window to end."""
    card = desk.claimed(minutes=10)
    desk.clock.passes(minutes=10)
    due = desk.tess.sees("is the agreed time", in_=card)
    assert "Take over" not in due.buttons()
    desk.tess.clicks("Take over", on=card, within=PATIENCE)
    desk.ben.sees("Tess Lim took case 1 over", in_=card)


def test_a_case_goes_to_the_next_tier(desk: Floor) -> None:
    """Who reviews it, when the customer hears back and on which contact; the new number is masked as well."""
    card = desk.claimed()
    modal = opens(desk.ben, "Escalate further", on=card)
    asked = {"Reason": "He wants a credit beyond my limit.", **desk.time_in(180)}
    refused = modal.submit({**asked, "Who reviews it?": "Tess Lim"})
    assert "The next tier is the managers" in refused.errors["Who reviews it?"]
    refused = modal.submit({"Who reviews it?": "Mia Grant", "Contact number": "12"})
    assert "Contact number" in refused.errors
    assert modal.submit({"Contact number": "+1 212 555 0199"}).closed
    line = desk.mia.sees("Ben Carter escalated case 1 to tier 2", in_=card)
    assert desk.mia.is_mentioned(line)
    assert desk.ana.is_mentioned(line)
    assert "••• ••• 0199" in line.text
    card = card.becomes("With @Mia Grant")
    assert "Tier 2" in card.text
    assert "••• ••• 0199" in card.text
    assert "5550199" not in str(desk.slack.channel(ASK).messages()[-1].raw)


def test_a_call_may_end_in_the_next_tier(desk: Floor) -> None:
    """The call that runs is over then, and the new owner starts their own."""
    card = desk.claimed()
    desk.ben.clicks("Calling now", on=card)
    modal = opens(desk.ben, "Escalate further", on=card)
    asked = {"Reason": "He wants to hear it from a manager.", **desk.time_in(60)}
    assert modal.submit({**asked, "Who reviews it?": "Mia Grant"}).closed
    card = card.becomes("With @Mia Grant")
    desk.mia.clicks("Calling now", on=card)
    desk.ana.sees("Mia Grant is calling now (attempt 2)", in_=card)


def test_anyone_adds_a_note(desk: Floor) -> None:
    """Also an agent who has nothing to do with the case; the text is in the thread as typed."""
    card = desk.escalates()
    modal = opens(desk.arjun, "Add note", on=card)
    assert modal.submit().errors.keys() == {"Note"}
    assert modal.submit({"Note": "She called again,\nangry by now."}).closed
    line = desk.ben.sees("Arjun Mehta noted:", in_=card)
    assert "She called again,\nangry by now." in line.text
    assert record(desk)[-1] == (1, "noted", "U0ARJUN")


def test_the_full_number_is_for_the_caller_alone(desk: Floor) -> None:
    """Masked in the channel, shown in a modal to the owner or a manager, and that is logged."""
    card = desk.claimed()
    assert "••• ••• 0132" in card.text
    for who in (desk.ben, desk.mia):
        who.clicks("Show number", on=card)
        modal = who.modal("Show number")
        assert "+1 212-555-0132" in modal.text
        assert modal.submit_label is None
        line = desk.ana.sees(f"{who.name} looked up the full number", in_=card)
        modal.close()
        assert "0132" not in line.text
    everything = str([message.raw for message in (*desk.slack.channel(ASK).messages(), *card.thread())])
    assert not [piece for piece in ("2125550132", "555-0132", "555 0132") if piece in everything]
    assert [kind for _, kind, _ in record(desk)].count("number_shown") == 2


def test_partly_resolved_stays_open_until_its_dated_follow_up(desk: Floor) -> None:
    """The follow-up is a promise like any other: pinged, called, closed."""
    card = desk.claimed()
    desk.ben.clicks("Calling now", on=card)
    modal = opens(desk.ben, "Complete", on=card)
    modal.choose("Outcome", "Partly resolved")
    modal.shows("hear from us again?")
    assert modal.labels() == ["Outcome", *AGAIN, *CLOSE_FORM]
    late = modal.submit({"Notes": "The refund is booked, the letter follows.", "Callback date": "2026-12-24"})
    assert late.errors.keys() == {"Callback date"}
    assert modal.submit(desk.time_in(60)).closed
    desk.ana.sees("reached the customer: Partly resolved", in_=card)
    card = card.becomes("partly resolved, follow-up agreed")
    assert "Dated follow-up" in card.text
    assert card.buttons() == ["Calling now", "Log outcome", "Reschedule"]
    desk.clock.passes(minutes=60)
    assert desk.ben.is_mentioned(desk.ben.sees("is the agreed time", in_=card))
    assert "Resolved" in closes(desk, card).text


@pytest.mark.parametrize(
    "outcome", ["Resolved", "Policy upheld, apologised", "Escalated further", "Withdrawn by the customer"]
)
def test_a_case_is_completed_the_short_way(desk: Floor, outcome: str) -> None:
    """The attempt is logged as reached; the agent who raised it reads how it ended."""
    card = closes(desk, desk.claimed(), Outcome=outcome)
    line = desk.ana.sees(f"closed case 1: {outcome}", in_=card)
    assert desk.ana.is_mentioned(line)
    assert f"Closed: {outcome}" in card.text


def test_a_closed_case_is_reopened_with_a_reason(desk: Floor) -> None:
    """By its owner or a manager; it goes on with its owner and a new promise."""
    card = closes(desk, desk.claimed())
    modal = opens(desk.mia, "Reopen", on=card)
    assert modal.submit(desk.time_in(30)).errors.keys() == {"Reason"}
    assert modal.submit({"Reason": "The refund did not arrive."}).closed
    line = desk.ben.sees("Mia Grant reopened case 1", in_=card)
    assert desk.ben.is_mentioned(line)
    assert desk.ana.is_mentioned(line)
    card = card.becomes("With @Ben Carter")
    assert "Reopened" in card.text
    desk.clock.passes(minutes=30)
    assert desk.ben.is_mentioned(desk.ben.sees("is the agreed time", in_=card))
    assert "Closed" in closes(desk, card).text


def test_a_manager_signs_off_what_nobody_could_reach(desk: Floor) -> None:
    """Three attempts, then only a manager ends it, with notes."""
    card = tries_in_vain(desk, desk.claimed())
    asked = desk.mia.sees("nobody reached: sign case 1 off as unreachable", in_=card)
    assert desk.mia.is_mentioned(asked)
    desk.clock.passes(minutes=30)
    again = desk.mia.sees("is waiting for your decision for 30 min", in_=card)
    assert desk.mia.is_mentioned(again)
    modal = opens(desk.mia, "Sign off unreachable", on=again)
    assert modal.submit({"Notes": "no luck"}).errors.keys() == {"Notes"}
    assert modal.submit({"Notes": "Three calls and a letter; no answer."}).closed
    line = desk.ana.sees("Mia Grant closed case 1: Unreachable, signed off", in_=card)
    assert desk.ana.is_mentioned(line)
    assert card.becomes("Closed: Unreachable").buttons() == ["Reopen"]


def test_a_manager_grants_another_attempt(desk: Floor) -> None:
    """The owner is mentioned; when that one is in vain too, the manager is asked again."""
    card = tries_in_vain(desk, desk.claimed())
    modal = opens(desk.mia, "Grant another attempt", on=card)
    assert modal.submit(desk.time_in(45)).closed
    line = desk.ben.sees("Mia Grant granted another attempt", in_=card)
    assert desk.ben.is_mentioned(line)
    assert "3 of 4 attempts used" in card.becomes("With @Ben Carter").text
    modal = logs(desk.ben, "No answer", on=card)
    modal.shows("A manager now decides")
    assert modal.submit().closed
    asked = desk.mia.sees("4 attempts, nobody reached", in_=card, after=line)
    assert desk.mia.is_mentioned(asked)


@pytest.mark.parametrize("label", ["Claim", "Add note", "Show number"])
def test_a_click_that_arrives_twice_acts_once(desk: Floor, label: str) -> None:
    """Slack's retries are harmless, and nobody reads about an error that was none."""
    card = desk.escalates()
    desk.slack.sockets.duplicate_next()
    desk.mia.clicks(label, on=card)
    if label != "Claim":
        desk.mia.modal(label)
        assert len(desk.mia.modals()) == 1
    desk.slack.settles()
    desk.arjun.clicks("Add note", on=card)
    modal = desk.arjun.modal("Add note")
    assert modal.submit({"Note": "Afterwards."}).closed
    desk.ana.sees("Afterwards.", in_=card)
    expected = {"Claim": 1, "Show number": 1, "Add note": 0}[label]
    assert len(lines(card)) == expected + 1
    assert desk.mia.ephemerals(in_=ASK) == []


def test_a_form_that_was_left_in_the_middle_is_no_error(desk: Floor) -> None:
    """A choice that would redraw the form, and Esc right after it."""
    card = desk.claimed()
    modal = opens(desk.ben, "Log outcome", on=card)
    desk.slack.faults.add("slow", "views.update", delay=0.2)
    modal.choose("How did the call end?", "Reached")
    modal.close()
    desk.slack.settles()
    opens(desk.ben, "Log outcome", on=card).close()
    assert desk.ben.ephemerals(in_=ASK) == []


def test_a_form_left_open_meets_a_case_that_moved_on(desk: Floor) -> None:
    """What was true when the form opened is looked at again: the sentence stands in the form, nothing is done."""
    card = desk.claimed()
    modal = opens(desk.ben, "Release", on=card)
    handing = opens(desk.mia, "Hand over", on=card)
    assert handing.submit({"Hand over to": "Tess Lim"}).closed
    card.becomes("With @Tess Lim")
    desk.ana.sees("handed case 1 over", in_=card)
    with nothing_happens(desk, card):
        answer = modal.submit({"Reason": "Too late."})
        assert not answer.closed
        assert "Only the owner (@Tess Lim) can" in modal.text
        assert modal.submit_label is None
