"""The `/escalate` form: the order of the talk, four inputs of a prefilled case, presets, redraws."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from bot.faces import raising
from bot.usecases.links import LinkedCase
from bot.views.message import Json
from cases.fields import Field
from cases.forms import EscalationForm, PromiseForm
from cases.playbook import HOW, advice
from cases.program import Department, Knowledge
from cases.settings import LISTS, Section
from cases.words import Mood, Reason, Scenario, Step
from tests import build
from tests.views.reading import assert_openable, inputs, kept, labels, options, strings

PROGRAM, NOW = build.program(), build.NOW


AS_OPENED, UNFOLDED = raising.Shown(), raising.Shown(more=True)


def form(
    entered: EscalationForm | None = None,
    *,
    knows_superior: bool = False,
    shown: raising.Shown = AS_OPENED,
) -> Json:
    view = raising.escalate(
        PROGRAM, NOW, entered or EscalationForm(), knows_superior=knows_superior, shown=shown
    )
    assert_openable(view)
    return view


def required(view: Json) -> list[str]:
    return [block["label"]["text"] for block in inputs(view).values() if not block["optional"]]


def text_of(view: Json) -> str:
    return "\n".join(strings(view["blocks"]))


def test_the_forms_labels_are_in_the_order_of_the_talk() -> None:
    """Who, what is wrong, what was tried, the story, the promise; what is optional is folded behind *More*."""
    talk = [
        "Customer",
        "Contact number",
        "Scenario",
        "Reasons",
        "Mood",
        "De-escalation tried",
        "Could not attempt because",
        "What happened and what was promised",
        "The customer",
        "Callback date",
        "Callback time",
        "Your direct superior",
    ]
    assert labels(form()) == talk
    assert form()["blocks"][-1]["elements"][0]["text"]["text"] == "More"
    unfolded = form(shown=UNFOLDED)
    optional = ["Department", "Account or call reference", "Language", "Repeat contact"]
    assert labels(unfolded) == [*talk[:-1], "Time zone", talk[-1], *optional]
    assert "More" not in text_of(unfolded)


def test_a_prefilled_case_takes_four_inputs() -> None:
    """`/escalate Jane Doe +1 …` of an agent whose superior is known: what is required and still empty.

    Of the two about de-escalation one is asked for, though Slack requires none.
    """
    view = form(EscalationForm(customer="Jane Doe", contact="+1 212 555 0132"), knows_superior=True)
    empty = [
        block["label"]["text"]
        for block in inputs(view).values()
        if not block["optional"] and not any(name.startswith("initial_") for name in block["element"])
    ]
    assert empty == ["Scenario", "Reasons", "What happened and what was promised"]
    assert inputs(view)["steps"]["optional"]


def test_the_forms_choices_are_the_policys() -> None:
    shown = inputs(form(shown=UNFOLDED))
    assert options(shown["customer_is"]) == [
        "Agreed to a callback",
        "Is waiting on the line",
        "Let me resolve it",
    ]
    assert options(shown["scenario"]) == [
        "Asked for a supervisor right away",
        "Asked during the conversation",
        "Raised by the agent",
    ]
    assert len(options(shown["reasons"])) == len(Reason) == 16
    assert shown["reasons"]["element"]["max_selected_items"] == 3
    assert options(shown["steps"]) == [step.label for step in HOW]
    words = [option["description"]["text"] for option in shown["steps"]["element"]["options"]]
    assert all(how.startswith(word.rstrip(".")) for word, how in zip(words, HOW.values(), strict=True))
    assert options(shown["not_attempted"]) == [
        "Customer refused",
        "Customer hung up",
        "Customer was abusive",
        "Safety or legal matter",
        "No tool or solution available",
    ]
    assert options(shown["department"]) == ["IT", "Billing &amp; refunds"]


@pytest.mark.parametrize("knows_superior", [True, False])
@pytest.mark.parametrize("customer_is", [None, "agreed", "waiting"])
def test_at_most_nine_inputs_are_required(knows_superior: bool, customer_is: str | None) -> None:
    asked = required(form(EscalationForm(customer_is=customer_is), knows_superior=knows_superior))
    assert len(asked) <= 9
    assert ("Your direct superior" in asked) is not knows_superior


def test_de_escalation_never_blocks_the_customer() -> None:
    """House rule 2: neither the steps nor the reason is required by itself; the rules ask for one of them."""
    shown = inputs(form())
    assert shown["steps"]["optional"]
    assert shown["not_attempted"]["optional"]


def test_a_waiting_customer_is_asked_for_no_date_and_time() -> None:
    shown = inputs(form(EscalationForm(customer_is="waiting")))
    assert not {"date", "time", "zone", "asked_for_time"} & set(shown)
    assert shown["customer_is"]["element"]["initial_option"]["value"] == "waiting"


def test_the_form_presets_agreed_and_half_an_hour_from_now_on_the_programs_clock() -> None:
    shown = inputs(form())
    assert shown["customer_is"]["element"]["initial_option"]["value"] == "agreed"
    assert shown["date"]["element"]["initial_date"] == "2026-11-23"
    assert shown["time"]["element"]["initial_time"] == "09:30"
    assert shown["time"]["hint"]["text"] == "On the customer's clock, in New York."


def test_the_time_is_preset_on_the_clock_of_a_number_that_is_known() -> None:
    view = form(EscalationForm(contact="(310) 555-0199"))
    shown = inputs(view)
    assert shown["time"]["hint"]["text"] == "On the customer's clock, in Los Angeles."
    assert shown["time"]["element"]["initial_time"] == "08:00"  # calling hours begin there
    assert "Date and time are for Los Angeles (6:00 AM now)." in text_of(view)
    assert kept(view)["zone"] == "America/Los_Angeles"


@pytest.mark.parametrize("contact", ["jane@example.com", "no number", ""])
def test_what_tells_no_zone_leaves_the_programs(contact: str) -> None:
    assert kept(form(EscalationForm(contact=contact)))["zone"] == build.CUSTOMER_ZONE


def test_of_several_zones_of_a_number_the_agent_chooses() -> None:
    view = form(EscalationForm(contact="+61 412 345 678"))
    zone = next(block for name, block in inputs(view).items() if name.startswith("zone:Australia/"))
    assert not zone["optional"]
    assert "initial_option" not in zone["element"]
    assert "This number's country has several time zones." in text_of(view)


def test_what_was_entered_stands_in_the_form_again() -> None:
    when = PromiseForm("2026-11-25", "10:15", "America/Chicago", True)
    shown = inputs(form(EscalationForm(customer="Jane", when=when, reasons=("other",), steps=("listened",))))
    assert "other_reason" in shown
    assert shown["customer"]["element"]["initial_value"] == "Jane"
    assert shown["date"]["element"]["initial_date"] == "2026-11-25"
    assert shown["time"]["element"]["initial_time"] == "10:15"
    assert shown["zone"]["element"]["initial_option"]["value"] == "America/Chicago"
    assert shown["asked_for_time"]["element"]["initial_options"]
    assert [option["value"] for option in shown["reasons"]["element"]["initial_options"]] == ["other"]


def test_what_changes_the_form_is_sent_at_once_and_nothing_else() -> None:
    shown = inputs(form(shown=UNFOLDED))
    redraws = {name for name, block in shown.items() if block.get("dispatch_action")}
    assert redraws == {
        *(Field.CONTACT, Field.SCENARIO, Field.REASONS, Field.MOOD, Field.CUSTOMER_IS),
        *(Field.DATE, Field.TIME, Field.ZONE, Field.REFERENCE),
    }
    on = {"trigger_actions_on": ["on_character_entered"]}
    assert all(shown[name]["element"]["dispatch_action_config"] == on for name in ("contact", "reference"))


def test_a_program_without_departments_asks_for_none() -> None:
    view = raising.escalate(
        build.program(departments=()), NOW, EscalationForm(), knows_superior=True, shown=UNFOLDED
    )
    assert_openable(view)
    assert "department" not in inputs(view)


def test_only_reasons_and_steps_that_are_on_are_offered() -> None:
    off = tuple(reason for reason in Reason if reason not in (Reason.LONG_WAIT, Reason.SECURITY))
    desk = build.program(reasons_off=off, steps_off=(Step.LISTENED,))
    entered = EscalationForm(reasons=("other", "security"), steps=("listened", "empathy"))
    view = raising.escalate(desk, NOW, entered, knows_superior=True)
    assert_openable(view)
    shown = inputs(view)
    assert options(shown["reasons"]) == ["Long wait", "Security concern"]
    assert options(shown["steps"]) == [step.label for step in Step if step is not Step.LISTENED]
    assert [option["value"] for option in shown["reasons"]["element"]["initial_options"]] == ["security"]
    assert [option["value"] for option in shown["steps"]["element"]["initial_options"]] == ["empathy"]
    assert "other_reason" not in shown  # nothing to be said where Other is off


def test_as_many_departments_as_a_program_may_have_fit() -> None:
    desk = build.program(
        departments=tuple(
            Department(f"{n:02} " + "x" * 72, ("S0IT",)) for n in range(LISTS[Section.DEPARTMENTS].most)
        )
    )
    view = raising.escalate(desk, NOW, EscalationForm(), knows_superior=True, shown=UNFOLDED)
    assert_openable(view)
    assert len(options(inputs(view)["department"])) == LISTS[Section.DEPARTMENTS].most


def test_an_open_case_is_shown_before_a_second_one_is_raised() -> None:
    open_one = LinkedCase(build.claimed(), "https://slack.test/p1")
    other = LinkedCase(build.raised(number=43))
    view = raising.escalate(
        PROGRAM, NOW, EscalationForm(), knows_superior=True, already_open=[open_one, other]
    )
    assert_openable(view)
    assert "<https://slack.test/p1|Case 42 · Jane Doe> · with <@U0BEN>" in text_of(view)
    assert "Case 43" in text_of(view)
    assert options(inputs(view)["second_case"]) == ["Raise a second case anyway"]
    assert list(inputs(view))[:3] == ["customer", "contact", "second_case"]
    assert kept(view)["already_open"] == [42, 43]
    beside = [
        (element["text"]["text"], element["value"])
        for block in view["blocks"]
        if str(block.get("block_id")).startswith("beside_")
        for element in block["elements"]
    ]
    now = "The customer is on the line now"
    assert beside == [("Add to case 42", "42"), (now, "42"), ("Add to case 43", "43"), (now, "43")]
    assert len(required(view)) <= 9


def test_words_to_say_come_with_the_first_choice() -> None:
    assert "Say this now" not in text_of(form())
    told = text_of(form(EscalationForm(mood="angry", reasons=("long_wait", "billing_dispute"))))
    for line in advice(None, "angry", ("long_wait",)).lines:
        assert f"> {line}" in told
    for field in ("scenario", "reasons", "mood"):
        assert inputs(form())[field]["dispatch_action"]


def test_words_fit_beside_every_choice() -> None:
    for scenario, mood, reason in itertools.product(Scenario, Mood, Reason):
        form(EscalationForm(scenario=scenario, mood=mood, reasons=(reason, Reason.OTHER)))


def test_what_the_program_knows_stands_beside_the_words() -> None:
    fees = Knowledge(
        "Late <fees>",
        (Reason.BILLING_DISPUTE,),
        note="Look at the due date first.",
        links="https://wiki.example.com/fees?a=1&b=2 Late fees",
        alone="Waive one a year.",
        beyond="Anything above 30 USD.",
    )
    desk = build.program(knowledge=(fees, replace(fees, name="Hours", reasons=())))
    chosen = EscalationForm(reasons=("billing_dispute",))
    view = raising.escalate(desk, NOW, chosen, knows_superior=True)
    assert_openable(view)
    told = text_of(view)
    assert (
        ":bulb: *Late &lt;fees&gt;*\n*You may decide*: Waive one a year.\n*Only a TL or a department*: Anything"
        in told
    )
    assert "<https://wiki.example.com/fees?a=1&amp;b=2|Late fees>" in told
    other = text_of(raising.escalate(desk, NOW, EscalationForm(mood="angry"), knows_superior=True))
    assert ":bulb: *Hours*" in other
    assert "Late &lt;fees&gt;" not in other
