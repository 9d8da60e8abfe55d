"""The modals of `/askdesk settings`: whatever a program is set up with is shown, fits Slack, and is read back as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.answers import Group
from bot.usecases.settings import Overtaken, opened
from bot.views import proposal
from bot.views.ids import Action, Modal
from bot.views.message import Json
from bot.views.modals import settings as modals
from bot.views.program_lines import program_line
from cases.events import Fact, Happened
from cases.program import Department, OwnDay, Program, Shift
from cases.settings import (
    LISTS,
    Entered,
    KnownGroups,
    Section,
    Setting,
    Value,
    changes,
    entered,
    entries,
    facts,
)
from cases.words import Reason
from sandbox.blockkit.state import carry_over, initial_state, set_value
from storage.records import EventRecord
from tests import build
from tests.build import MIA, NOW
from tests.cases.programs import programs
from tests.views.reading import (
    assert_openable,
    assert_postable,
    inputs,
    kept,
    labels,
    nasty_texts,
    shown,
    strings,
)

PROGRAM = build.program()
GROUPS = {
    "S0SMES": Group("S0SMES", "billing-smes", "Billing SMEs"),
    "S0TLS": Group("S0TLS", "billing-tls", "Billing & <TLs>"),
}
NIGHT = Shift("Night", (0, 1, 2, 3, 4), time(22), time(6), groups=("S0TLS",))

Fields = dict[Setting, Value]


def normal(values: Entered) -> Fields:
    """What is empty is so in one way only."""
    return {field: value or None for field, value in values.items()}


def submitted(view: Json, state: Any = None) -> Json:
    """A modal as Slack hands it over when it is sent: every block has an id by then."""
    blocks = [{"block_id": f"block{place}", **block} for place, block in enumerate(view["blocks"])]
    return {**view, "blocks": blocks, "state": {"values": initial_state(view) if state is None else state}}


def read(view: Json, section: Section) -> Fields:
    return normal(modals.read_form(section, proposal.entered(view)))


def text_of(view: Json) -> str:
    return "\n".join(strings(view["blocks"]))


# Every section


@given(programs)
def test_a_form_that_nobody_touches_says_what_stands(desk: Program) -> None:
    """Every field of every section, whatever it holds, is shown so that it is read back the same."""
    for section in Section:
        names = (None, *(one.name for one in entries(desk, section))) if section in LISTS else (None,)
        for name in names:
            view = modals.section_form(desk, section, GROUPS, name)
            assert_openable(view)
            assert kept(view)["name"] == name
            assert read(submitted(view), section) == normal(entered(desk, section, name))


@given(programs)
def test_the_overview_names_every_section_and_the_lists_every_entry(desk: Program) -> None:
    view = modals.overview(desk)
    assert_openable(view)
    assert [block["block_id"] for block in view["blocks"] if "accessory" in block] == [*map(str, Section)]
    for section in LISTS:
        view = modals.entry_list(desk, section)
        assert_openable(view)
        buttons = [e for block in view["blocks"] if block["type"] == "actions" for e in block["elements"]]
        edited = [e["value"] for e in buttons if e["action_id"] == Action.SETTINGS_EDIT]
        assert edited == [one.name for one in entries(desk, section)]


@pytest.mark.parametrize("section", Section)
def test_every_field_of_a_section_is_asked_for_once(section: Section) -> None:
    view = modals.section_form(PROGRAM, section, GROUPS)
    assert view["callback_id"] == Modal.SETTINGS_FORM
    assert labels(view) == [setting.label for setting in section.settings]
    assert list(inputs(view)) == [setting.value for setting in section.settings]


def test_what_has_to_be_filled_in_says_so() -> None:
    """Where a group or people do, both are optional, and the desk says when neither is there."""
    optional = {
        section: {
            id
            for id, block in inputs(modals.section_form(PROGRAM, section, GROUPS)).items()
            if block["optional"]
        }
        for section in Section
    }
    who = {setting.value for setting in Section.PEOPLE.settings}
    assert optional == {
        **{section: set() for section in Section},
        Section.PEOPLE: who,
        Section.DEPARTMENTS: {"groups", "users"},
        Section.SHIFTS: {"groups", "users"},
        Section.OFFER: {"languages"},
        Section.HOURS: {"holiday_country", "own_days"},
        Section.POSTS: {"digest_at"},
    }


def test_lists_at_their_longest_fit() -> None:
    """As do the forms of what they hold, and the overview above them."""
    many = replace(
        PROGRAM,
        departments=tuple(
            Department(f"{n:075}", ("S0SMES",) * 9, ("U0BEN",) * 9)
            for n in range(LISTS[Section.DEPARTMENTS].most)
        ),
        shifts=tuple(
            Shift(f"{n:075}", (n % 7,), time(n), time(n, 30)) for n in range(LISTS[Section.SHIFTS].most)
        ),
        own_days=tuple(OwnDay(date(2026, 1, 1 + n), "x" * 80) for n in range(31)),
        sme_groups=tuple(f"S{n:010}" for n in range(100)),
        manager_users=tuple(f"U{n:010}" for n in range(100)),
    )
    assert_openable(modals.overview(many))
    for section in LISTS:
        assert_openable(modals.entry_list(many, section))
    for section in Section:
        assert_openable(modals.section_form(many, section, {}))
    assert "and 94 more" in text_of(modals.overview(many))


@given(nasty_texts)
def test_names_are_shown_as_they_were_typed(text: str) -> None:
    """Nobody is called by the name of a program, a department or a day."""
    name = " ".join(text.split())[:75]
    desk = replace(
        PROGRAM, name=name, departments=(Department(name, ("S0SMES",)),), shifts=(replace(NIGHT, name=name),)
    )
    for view in (modals.overview(desk), *(modals.entry_list(desk, section) for section in LISTS)):
        assert_openable(view)
        assert "<!channel>" not in text_of(view)
        assert "<@U0MIA>" not in text_of(view)


def test_groups_are_called_by_handle_and_name_or_by_their_id() -> None:
    view = modals.section_form(PROGRAM, Section.PEOPLE, GROUPS)
    (tls,) = inputs(view)["tl_groups"]["element"]["initial_options"]
    assert tls["text"]["text"] == "@billing-tls · Billing &amp; &lt;TLs&gt;"
    (managers,) = inputs(view)["manager_groups"]["element"]["initial_options"]
    assert (managers["text"]["text"], managers["value"]) == ("S0MGRS", "S0MGRS")
    offered = modals.group_options([Group(f"S{n}", f"group-{n}", "A group") for n in range(150)])
    assert len(offered) == 100


def test_a_new_desk_begins_with_what_its_manager_has_elsewhere() -> None:
    """Zones, country and managers; not the name, and not the people who take the calls."""
    view = modals.set_up("C0ASKSALES", "ask-sales-eu", PROGRAM, GROUPS)
    assert_openable(view)
    found = {**read(submitted(view), Section.NAMES), **read(submitted(view), Section.PEOPLE)}
    assert found == {
        Setting.PROGRAM_NAME: "Sales eu",
        Setting.SITE_ZONE: "Asia/Manila",
        Setting.CUSTOMER_ZONE: "America/New_York",
        Setting.PHONE_REGION: "US",
        **dict.fromkeys((Setting.SME_GROUPS, Setting.SME_USERS, Setting.TL_GROUPS, Setting.TL_USERS)),
        Setting.MANAGER_GROUPS: ("S0MGRS",),
        Setting.MANAGER_USERS: None,
    }
    assert "<#C0ASKSALES>" in text_of(view)
    assert_openable(modals.set_up("C0ASKSALES", "", PROGRAM, GROUPS))


# Two at once


def overtaken(theirs: Program, mine: Fields, section: Section) -> tuple[Json, Json, Overtaken]:
    """The form as it was sent, the form that comes back, and what the desk said of it."""
    first = modals.section_form(PROGRAM, section, GROUPS)
    state = initial_state(first)
    for field, value in mine.items():
        set_value(first, state, field.value, field.value, value)
    stands = entered(theirs, section)
    given = stands | mine
    refused = Overtaken(theirs, opened(theirs, section), given, tuple(mine))
    sent = submitted(first, state)
    shown = modals.read_form(section, proposal.entered(sent))
    return sent, modals.asked_again(refused, sent, shown, GROUPS), refused


def test_the_form_comes_again_with_what_was_typed_and_what_stands() -> None:
    """And what only the other manager changed is shown as they left it, although Slack keeps what a block held."""
    theirs = replace(PROGRAM, ladder=replace(PROGRAM.ladder, unclaimed=(2, 5), overdue_every=5))
    sent, again, refused = overtaken(theirs, {Setting.UNCLAIMED: "4"}, Section.LADDER)
    assert_openable(again)
    told = text_of(again)
    assert "*Unclaimed: remind after (minutes)* is now “2, 5”" in told
    assert "Overdue" not in told.split("Save replaces")[0]
    state = carry_over(sent, sent["state"]["values"], again)
    assert read(submitted(again, state), Section.LADDER) == normal(refused.given)
    assert [id for id in inputs(again) if ":" in id] == ["overdue_every:again"]
    assert kept(again)["seen"] == dict(opened(theirs, Section.LADDER).seen)


def test_lists_are_told_in_words() -> None:
    theirs = replace(PROGRAM, sme_groups=("S0TLS", "S0GONE"), manager_users=("U0MIA",), tl_groups=())
    mine: Fields = dict.fromkeys((Setting.SME_GROUPS, Setting.TL_GROUPS), ())
    _, again, _ = overtaken(theirs, mine | {Setting.MANAGER_USERS: ("U0BEN",)}, Section.PEOPLE)
    told = text_of(again)
    assert "*SMEs: user groups* is now @billing-tls, S0GONE" in told
    assert "*TLs: user groups* is now empty" in told
    assert "*Managers: people* is now <@U0MIA>" in told
    fewer = replace(PROGRAM, reasons_off=tuple(reason for reason in Reason if reason is not Reason.OTHER))
    _, again, _ = overtaken(fewer, {Setting.REASONS_ON: ("long_wait",)}, Section.OFFER)
    assert "is now Other" in text_of(again)


def test_an_entry_that_is_gone_comes_again_as_a_new_one() -> None:
    """With all that was typed, and a word of what happened."""
    desk = replace(PROGRAM, shifts=(NIGHT,))
    sent = submitted(modals.section_form(desk, Section.SHIFTS, GROUPS, "Night"))
    given = modals.read_form(Section.SHIFTS, proposal.entered(sent))
    gone = Overtaken(PROGRAM, opened(PROGRAM, Section.SHIFTS), given, ())
    again = modals.asked_again(gone, sent, given, GROUPS)
    assert_openable(again)
    assert again["title"]["text"] == "New shift"
    assert kept(again)["name"] is None
    assert "removed or renamed this shift" in text_of(again)
    state = carry_over(sent, sent["state"]["values"], again)
    assert read(submitted(again, state), Section.SHIFTS) == normal(entered(desk, Section.SHIFTS, "Night"))


# What the channel reads


def line(facts: Mapping[str, Fact]) -> str:
    event = EventRecord(1, None, Happened.SETTINGS_CHANGED, MIA.id, NOW, facts, {})
    message = program_line(event, PROGRAM)
    assert_postable(message)
    return shown(message)


def test_a_change_is_a_line_that_calls_only_who_came_or_went() -> None:
    told = line(
        {
            "program_name": ["Billing", "<!channel>"],
            "departments": [
                [{"department_name": "Sales", "groups": [], "users": ["U0SAL"]}],
                [
                    {"department_name": "IT", "groups": ["S0NEW"], "users": []},
                    {"department_name": "Sales", "groups": [], "users": []},
                ],
            ],
            "sme_groups": [["S0SMES"], ["S0SMES", "S0NEW"]],
            "tl_users": [["U0BEN", "U0TESS"], ["U0BEN", "U0SAM"]],
            "sme_users": [["U0BEN", "U0TESS"], ["U0TESS", "U0BEN"]],
            "digest_at": ["08:00", None],
            "handles": {"S0NEW": "new-ones"},
        }
    )
    assert told.splitlines() == [
        "<@U0MIA> changed the settings:",
        "• *Name*: Billing → &lt;!channel&gt;",
        "• *Department “Sales”: people*: removed <@U0SAL>",
        "• *Department “IT”*: added",
        "• *Department “IT”: user groups*: none → @new-ones",
        "• *SMEs: user groups*: S0SMES → S0SMES, @new-ones",
        "• *TLs: people*: added <@U0SAM>, removed <@U0TESS>",
        "• *SMEs: people*: in another order",
        "• *Daily digest at*: 08:00 → none",
    ]


def test_a_change_that_a_version_before_wrote_is_told_as_then() -> None:
    told = line(
        {
            "Name": "Billing → <!channel>",
            "Department “IT”": "none → there",
            "Department “Sales”": "there → none",
            "SMEs: user groups": "@billing-smes → @billing-smes, @new-ones",
            "TLs: people": "U0BEN, U0TESS → U0BEN, U0SAM",
            "Digest": "08:00 → none",
        }
    )
    assert told.splitlines() == [
        "<@U0MIA> changed the settings:",
        "• *Name*: Billing → &lt;!channel&gt;",
        "• *Department “IT”*: added",
        "• *Department “Sales”*: removed",
        "• *SMEs: user groups*: @billing-smes → @billing-smes, @new-ones",
        "• *TLs: people*: added <@U0SAM>, removed <@U0TESS>",
        "• *Digest*: 08:00 → none",
    ]


@given(programs, programs, st.booleans())
def test_any_change_can_be_posted(before: Program, after: Program, back: bool) -> None:
    if back:
        before, after = after, before
    line(facts(changes(before, after), KnownGroups()))
