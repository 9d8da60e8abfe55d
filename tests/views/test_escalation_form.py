"""The `/escalate` form: the labels of docs/policy.md, at most nine required inputs, presets, redraws."""

from __future__ import annotations

import pytest

from bot.faces import raising
from bot.usecases.links import LinkedCase
from bot.views.message import Json
from cases.fields import Field
from cases.forms import AUTO_ZONE, EscalationForm, PromiseForm
from cases.program import Department
from cases.settings import LISTS, Section
from cases.words import COACHING, Reason, Step
from tests import build
from tests.views.reading import assert_openable, inputs, kept, labels, options, strings

PROGRAM, NOW = build.program(), build.NOW


def form(entered: EscalationForm | None = None, *, knows_superior: bool = False) -> Json:
    view = raising.escalate(PROGRAM, NOW, entered or EscalationForm(), knows_superior=knows_superior)
    assert_openable(view)
    return view


def required(view: Json) -> list[str]:
    return [block["label"]["text"] for block in inputs(view).values() if not block["optional"]]


def text_of(view: Json) -> str:
    return "\n".join(strings(view["blocks"]))


def test_the_forms_labels_are_the_policys_in_its_order() -> None:
    assert labels(form()) == [
        "Customer",
        "Contact number",
        "The customer",
        "Callback date",
        "Callback time",
        "Time zone",
        "Outside calling hours",
        "Scenario",
        "Reasons",
        "Other reason",
        "De-escalation tried",
        "Could not attempt because",
        "What happened and what was promised",
        "Your direct superior",
        "Department",
        "Account or call reference",
        "Mood",
        "Language",
        "Repeat contact",
    ]


def test_the_forms_choices_are_the_policys() -> None:
    shown = inputs(form())
    assert options(shown["customer_is"]) == ["Agreed to a callback", "Is waiting on the line"]
    assert options(shown["scenario"]) == [
        "Asked for a supervisor right away",
        "Asked during the conversation",
        "Raised by the agent",
    ]
    assert len(options(shown["reasons"])) == len(Reason) == 16
    assert shown["reasons"]["element"]["max_selected_items"] == 3
    assert options(shown["steps"]) == [step.label for step in COACHING]
    assert options(shown["not_attempted"]) == [
        "Customer refused",
        "Customer hung up",
        "Customer was abusive",
        "Safety or legal matter",
        "No tool or solution available",
    ]
    assert options(shown["asked_for_time"]) == ["Customer asked for this time"]
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
    assert not {"date", "time", "asked_for_time"} & set(shown)
    assert "zone" in shown
    assert shown["customer_is"]["element"]["initial_option"]["value"] == "waiting"


def test_the_form_presets_agreed_the_zone_by_number_and_half_an_hour_from_now() -> None:
    shown = inputs(form())
    assert shown["customer_is"]["element"]["initial_option"]["value"] == "agreed"
    zone = shown["zone"]["element"]["initial_option"]
    assert zone["value"] == AUTO_ZONE
    assert zone["text"]["text"] == "From the number, or America/New_York"
    assert shown["date"]["element"]["initial_date"] == "2026-11-23"
    assert shown["time"]["element"]["initial_time"] == "09:30"


def test_the_zone_is_preset_from_a_number_that_is_known() -> None:
    shown = inputs(form(EscalationForm(contact="(310) 555-0199")))
    assert shown["zone"]["element"]["initial_option"]["value"] == "America/Los_Angeles"
    assert shown["time"]["element"]["initial_time"] == "08:00"  # calling hours begin there


@pytest.mark.parametrize("contact", ["jane@example.com", "no number", "+44 20 7946 0018 ext", ""])
def test_what_tells_no_zone_leaves_it_to_the_number(contact: str) -> None:
    zone = inputs(form(EscalationForm(contact=contact)))["zone"]["element"]["initial_option"]["value"]
    assert zone in (AUTO_ZONE, "Europe/London")


def test_what_was_entered_stands_in_the_form_again() -> None:
    when = PromiseForm("2026-11-25", "10:15", "America/Chicago", True)
    shown = inputs(form(EscalationForm(customer="Jane", when=when, reasons=("other",), steps=("listened",))))
    assert shown["customer"]["element"]["initial_value"] == "Jane"
    assert shown["date"]["element"]["initial_date"] == "2026-11-25"
    assert shown["time"]["element"]["initial_time"] == "10:15"
    assert shown["zone"]["element"]["initial_option"]["value"] == "America/Chicago"
    assert shown["asked_for_time"]["element"]["initial_options"]
    assert [option["value"] for option in shown["reasons"]["element"]["initial_options"]] == ["other"]


def test_what_changes_the_form_is_sent_at_once_and_nothing_else() -> None:
    redraws = {name for name, block in inputs(form()).items() if block.get("dispatch_action")}
    assert redraws == {Field.CUSTOMER_IS}


def test_a_program_without_departments_asks_for_none() -> None:
    view = raising.escalate(build.program(departments=()), NOW, EscalationForm(), knows_superior=True)
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
    view = raising.escalate(desk, NOW, EscalationForm(), knows_superior=True)
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
    assert next(iter(inputs(view))) == "second_case"
    assert kept(view) == {"program": 1, "knows_superior": True, "already_open": [42, 43]}
    assert len(required(view)) <= 9
