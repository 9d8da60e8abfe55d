"""A plea typed into the ASK channel is met, by one button that only its writer sees; so are words in the wrong place."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.driver import Message, Modal, Person
from tests.journeys.floor import ASK, FORM, Floor
from tests.journeys.telling import record, refusals, set_up
from tests.journeys.test_refusals import DM, GROUP_DM, RANDOM, keeps_nothing

PLEA = "my customer Zebulon Quarks wants a supervisor, he was billed twice. 212 555 0132"
STORY = "my customer Zebulon Quarks wants a supervisor, he was billed twice."
DETAILS = "What happened and what was promised"


def form_of(who: Person, offered: Message) -> Modal:
    """The form behind *Escalate this*."""
    assert offered.buttons() == ["Escalate this"]
    assert who.clicks("Escalate this", on=offered).acked
    return who.modal("Escalate")


def is_filled_in(form: Modal) -> None:
    shown = [form.value(label) for label in ("Customer", "Contact number", DETAILS)]
    assert shown == ["Zebulon Quarks", "212 555 0132", STORY]


def sends(desk: Floor, form: Modal) -> None:
    """With what no message tells."""
    filled: dict[str, Any] = {**FORM, **desk.time_in(60)}
    rest = {label: filled[label] for label in filled if label not in ("Customer", "Contact number", DETAILS)}
    assert form.submit({label: value for label, value in rest.items() if label in form.labels()}).closed


def test_a_plea_typed_into_the_channel_becomes_a_case(desk: Floor) -> None:
    """Only Ana is asked; she deletes her message, and the form has all that it said."""
    said = desk.ana.says(PLEA, in_=ASK)
    offered = desk.ana.is_told("Escalate this?", in_=ASK)
    assert "Filled in for you: Zebulon Quarks · ••• ••• 0132 and your words." in offered.text
    assert "Please delete your message" in offered.text
    assert "555" not in offered.text
    for other in (desk.ben, desk.mia, desk.arjun):
        assert other.ephemerals(in_=ASK) == []
    keeps_nothing(desk, "2125550132", "555 0132")
    desk.ana.deletes(said)
    form = form_of(desk.ana, offered)
    is_filled_in(form)
    sends(desk, form)
    card = desk.ben.sees("Case 1 · Zebulon Quarks", in_=ASK)
    assert STORY in card.text
    assert refusals(desk) == 0


@pytest.mark.parametrize(
    "text",
    [
        "Is any TL on shift?",
        "case 11: the customer wants a supervisor",
        "My customer says the app crashes on login",
    ],
)
def test_ordinary_talk_is_left_alone(desk: Floor, text: str) -> None:
    desk.ana.says(text, in_=ASK)
    desk.slack.settles()
    assert desk.ana.ephemerals(in_=ASK) == []


def test_a_plea_in_a_case_s_thread_belongs_to_that_case(desk: Floor) -> None:
    card = desk.claimed()
    before = len(desk.ana.ephemerals(in_=ASK))
    desk.ana.says(PLEA, in_=card)
    desk.slack.settles()
    assert len(desk.ana.ephemerals(in_=ASK)) == before


def test_a_plea_without_a_number_asks_to_delete_nothing(desk: Floor) -> None:
    desk.ana.says("a customer insists on a manager", in_=ASK)
    offered = desk.ana.is_told("Escalate this?", in_=ASK)
    assert "delete" not in offered.text
    form = form_of(desk.ana, offered)
    assert form.value(DETAILS) == "a customer insists on a manager"


def test_a_plea_that_mentions_the_bot_gets_the_button_and_no_help(desk: Floor) -> None:
    desk.ana.says(f"<@U0ASKDESK> {PLEA}", in_=ASK)
    is_filled_in(form_of(desk.ana, desk.ana.is_told("Escalate this?", in_=ASK)))
    desk.slack.settles()
    assert len(desk.ana.ephemerals(in_=ASK)) == 1


def test_a_program_may_leave_pleas_alone(desk: Floor) -> None:
    set_up(desk, hears_pleas=False)
    desk.ana.says(PLEA, in_=ASK)
    desk.slack.settles()
    assert desk.ana.ephemerals(in_=ASK) == []


def test_a_plea_that_slack_tells_twice_is_met_once(desk: Floor) -> None:
    desk.slack.sockets.duplicate_next()
    desk.ana.says(PLEA, in_=ASK)
    desk.ana.is_told("Escalate this?", in_=ASK)
    desk.slack.settles()
    assert len(desk.ana.ephemerals(in_=ASK)) == 1


def test_the_shortcut_reads_the_message_too(desk: Floor) -> None:
    said = desk.ben.says(PLEA, in_=ASK)
    assert desk.ana.uses_shortcut("Escalate this", on=said).acked
    is_filled_in(desk.ana.modal("Escalate"))


@pytest.mark.parametrize("place", [DM, GROUP_DM], ids=["a DM", "a group DM"])
def test_a_refused_message_is_carried_to_the_channel(desk: Floor, place: str) -> None:
    """Refused and counted as before; the case is raised where everybody sees it, and nothing was kept of the message."""
    desk.ana.says(PLEA, in_=place)
    told = desk.ana.is_told("does not take cases", in_=place)
    keeps_nothing(desk, "2125550132", "555 0132")
    form = form_of(desk.ana, told)
    is_filled_in(form)
    sends(desk, form)
    desk.ben.sees("Case 1 · Zebulon Quarks", in_=ASK)
    assert refusals(desk) == 1


def test_a_refused_command_and_shortcut_are_carried_too(desk: Floor) -> None:
    desk.ana.types(f"/escalate {PLEA}", in_=RANDOM)
    is_filled_in(form_of(desk.ana, desk.ana.ephemerals(in_=RANDOM)[-1]))
    desk.ana.modal("Escalate").close()
    said = desk.ben.says(PLEA, in_=RANDOM)
    before = len(desk.ana.ephemerals(in_=RANDOM))
    desk.ana.uses_shortcut("Escalate this", on=said)
    told = desk.slack.eventually(
        lambda: desk.ana.ephemerals(in_=RANDOM)[before:] or None, about="the refusal"
    )
    is_filled_in(form_of(desk.ana, told[0]))
    assert record(desk) == []


def test_whoever_is_in_no_channel_is_only_pointed_there(desk: Floor) -> None:
    """No form opens for Otto; and whoever leaves in the meantime reads why."""
    desk.otto.says(PLEA, in_=DM)
    assert desk.otto.is_told("does not take cases", in_=DM).buttons() == []
    desk.ana.says(PLEA, in_=DM)
    told = desk.ana.is_told("does not take cases", in_=DM)
    desk.slack.channel(ASK).kick("Ana")
    desk.slack.settles()
    desk.ana.clicks("Escalate this", on=told)
    desk.ana.is_told("Only a member of", in_=DM)
    assert not desk.ana.modals()
