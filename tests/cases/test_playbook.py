"""The playbook: whatever an agent chooses, there are three lines to say, and every entry of the data is of use."""

from __future__ import annotations

import itertools
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from cases import playbook
from cases.playbook import AVOID, CALLERS, HOW, UNKNOWN, Avoid, advice
from cases.program import Knowledge, Saying
from cases.words import Mood, Reason, Scenario, Step
from tests.build import program

DATA = tomllib.loads(files("cases.playbook").joinpath("agents.toml").read_text("utf-8"))

EVERY = [*itertools.product((None, *Scenario), (None, *Mood), (None, *Reason))]


@pytest.mark.parametrize(("kind", "words"), [("scenario", Scenario), ("mood", Mood), ("reason", Reason)])
def test_each_word_has_its_entry_and_each_entry_its_word(kind: str, words: Any) -> None:
    assert DATA[kind].keys() == {UNKNOWN, *(word.value for word in words)}
    assert DATA["steps"].keys() == {step.value for step in Step}


def test_every_combination_gives_three_lines_that_fit_a_form() -> None:
    for scenario, mood, reason in EVERY:
        told = advice(scenario, mood, () if reason is None else (reason,))
        assert len(set(told.lines)) == 3
        for line in told.lines:
            assert 20 <= len(line) <= 160, line
            assert line[-1] in ".?!"
        assert told.signpost
        assert told.reminder
        assert set(AVOID) <= set(told.avoid)


def test_the_first_reason_speaks_and_all_of_them_lend_their_words() -> None:
    long_wait, billing = (advice(None, None, (one,)) for one in (Reason.LONG_WAIT, Reason.BILLING_DISPUTE))
    both = advice(None, None, (Reason.LONG_WAIT, Reason.BILLING_DISPUTE))
    assert both.lines == long_wait.lines
    assert both.helps == long_wait.helps + billing.helps
    assert set(long_wait.avoid) | set(billing.avoid) == set(both.avoid)


def test_what_is_not_to_be_said_is_said_nowhere() -> None:
    said = [line for choice in EVERY for line in advice(*choice[:2], (choice[2],) if choice[2] else ()).lines]
    said += [line for topic in CALLERS.values() for line in topic.say]
    said += [pair.instead for reason in Reason for pair in advice(None, None, (reason,)).avoid]
    for line in said:
        for words in ("not authorized", "cannot", "calm down", "our policy", "unfortunately", "as I said"):
            assert words.casefold() not in line.casefold(), line


def test_hard_calls_are_covered_for_those_who_call_back() -> None:
    assert [*CALLERS] == ["crisis", "rage", "policy", "ending", "safety", "legal", "self_harm", "pause"]
    for key, topic in CALLERS.items():
        assert topic.title
        assert topic.do
        assert bool(topic.say) == (key != "pause")


def test_refusing_has_a_better_sentence() -> None:
    assert Avoid("I'm not authorized", "Let me find the person who can decide this") in playbook.AVOID
    assert (
        HOW[Step.OFFERED_CALLBACK] == "Offer a call instead of the hold, before the customer has to insist."
    )


def test_a_programs_own_words_come_before_ours() -> None:
    own = program(
        own_lines=(Saying("angry", "I'd be cross, too."), Saying("long_wait", "Sorry for the wait.")),
        own_avoid=(Saying("Policy", "Here's what we can do"),),
    )
    ours, told = (advice("during", "angry", ("long_wait",), desk) for desk in (None, own))
    assert told.lines == (ours.lines[0], "I'd be cross, too.", "Sorry for the wait.")
    assert told.avoid == (Avoid("Policy", "Here's what we can do"), *ours.avoid)


def test_a_note_is_at_hand_at_its_reasons_and_in_its_department() -> None:
    fees = Knowledge("Late fees", (Reason.BILLING_DISPUTE,))
    assert fees.is_about(["long_wait", "billing_dispute"], None)
    assert not fees.is_about(["long_wait"], None)
    assert not fees.is_about([], None)
    assert Knowledge("Hours").is_about([], "IT")
    assert not Knowledge("Reset", department="IT").is_about([], None)
    assert Knowledge("Reset", department="IT").is_about([], "IT")
