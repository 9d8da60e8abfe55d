"""What to say, while it has to be said (docs/policy.md, *What to say*)."""

from __future__ import annotations

from typing import Any

from tests.journeys.floor import ASK, Floor
from tests.journeys.telling import lines, logs, opens, record
from tests.journeys.test_form import DETAILS as STORY
from tests.journeys.test_form import filled, form_of
from tests.journeys.test_home import looks


def test_each_choice_changes_the_words_to_say(desk: Floor) -> None:
    """Three lines: for how it came to this, for the mood, for the reason. What was typed stays."""
    form = form_of(desk.ana)
    assert "Say this now" not in form.text
    form.fill({"Customer": "Jane Doe"})
    form.choose("Scenario", "Asked for a supervisor right away")
    form.shows("May I have one minute first?")
    form.shows("Rather than keep you on hold, we'll call you.")
    form.choose("Mood", "Furious")
    form.shows("I hear you, and I'm sorry. I won't argue with you.")
    form.shows("None of this is about you.")
    form.choose("Reasons", ["Beyond the agent's authority"])
    form.shows("This needs someone who can decide it.")
    form.shows("I know who decides this, and I'll ask them")
    assert form.value("Customer") == "Jane Doe"
    assert form.submit(filled(desk, form)).closed
    desk.ben.sees("Case 1", in_=ASK)


def test_the_agent_reads_to_the_customer_what_was_promised(desk: Floor) -> None:
    """Right after the form, while the customer is still on the line; and again from the card, for whoever takes cases."""
    card = desk.escalates()
    promise = "will call you on Monday, November 23 at 1:05 PM, your time, on the number ending in 0132."
    told = desk.ana.is_told("Case 1", in_=ASK)
    assert promise in told.text
    assert "If we miss each other, we'll try again around 3:05 PM. Your reference number is 1." in told.text
    modal = opens(desk.tess, "Tell the customer", on=card)
    assert promise in modal.text
    assert modal.submit_label is None
    assert record(desk)[-1] == (1, "read_aloud", desk.tess.id)
    assert not lines(card), "it is no news"


def test_a_customer_on_the_line_is_told_nothing_about_a_call(desk: Floor) -> None:
    waits: dict[str, Any] = {"The customer": "Is waiting on the line"}
    card = desk.escalates(**waits)
    assert "Read this to the customer" not in desk.ana.is_told("Case 1", in_=ASK).text
    assert "Tell the customer" not in card.overflow()


def test_the_next_promise_is_read_to_the_customer_as_well(desk: Floor) -> None:
    """In the answer of *Log outcome*, where somebody hears it."""
    card = desk.claimed()
    form = logs(desk.ben, "Asked to reschedule", on=card)
    form.shows("When is the next call?")
    assert not form.submit(desk.time_in(240)).errors
    form.shows("will call you on Monday, November 23 at 4:05 PM, your time")
    assert form.submit_label is None
    form.close()
    unheard = logs(desk.ben, "No answer", on=card.now())
    unheard.shows("When is the next call?")
    assert unheard.submit(desk.time_in(300)).closed


def test_a_customer_who_lets_the_agent_resolve_it_needs_no_call(desk: Floor) -> None:
    """One click and a sentence: no card, nobody is mentioned, and it is the agent's to be proud of."""
    form = form_of(desk.ana, "/escalate Jane Doe +1 212 555 0132")
    form.choose("The customer", "Let me resolve it")
    form.shows("One sentence: what helped?")
    assert "Callback time" not in form.labels()
    assert "Could not attempt because" not in form.labels()
    assert form.submit_label == "Save"
    told: dict[str, Any] = {STORY: "Refunded the fee, and she is happy."}
    entries = filled(desk, form, **told)
    assert not form.submit(entries).errors
    form.shows("You resolved it yourself.")
    form.close()
    desk.slack.settles()
    assert desk.slack.channel(ASK).messages() == []
    assert record(desk) == [(1, "saved", desk.ana.id)]
    assert "You resolved 1 yourself this week." in looks(desk, desk.ana).text
    assert "Resolved by your agents this week: Ana Reyes 1" in looks(desk, desk.ben).text.replace("@", "")


def test_a_save_needs_no_steps_but_its_sentence(desk: Floor) -> None:
    form = form_of(desk.ana, "/escalate Jane Doe +1 212 555 0132")
    form.choose("The customer", "Let me resolve it")
    form.shows("One sentence: what helped?")
    nothing: dict[str, Any] = {"De-escalation tried": [], STORY: ""}
    entries = filled(desk, form, **nothing)
    assert form.submit(entries).errors.keys() == {STORY}
