"""What to say, while it has to be said (docs/policy.md, *What to say*)."""

from __future__ import annotations

from tests.journeys.floor import ASK, Floor
from tests.journeys.test_form import filled, form_of


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
