"""Whoever acted is named and not mentioned, beyond the lines of a thread: cards, lines of the channel, reports."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.card import card
from bot.views.mentions import Actor
from bot.views.message import Message
from bot.views.program_lines import program_line
from bot.views.report import report
from cases.case import Case
from cases.events import OF_THE_PROGRAM, Fact, Happened
from cases.shifts import Members
from storage.records import EventRecord
from tests import build
from tests.build import ANA, MIA, NOW
from tests.views.reading import mentioned, nasty_texts, shown
from tests.views.test_report import FACTS, told

PROGRAM = build.program()
NAMES = {ANA.id: "Ana Reyes", MIA.id: "Mia Grant"}
PEOPLE = ["U0ANA", "U0BEN", "U0MIA", "U0TESS"]

FACTS_OF: dict[Happened, dict[str, Fact]] = {
    Happened.DESK_OPENED: {},
    Happened.SETTINGS_CHANGED: {"Managers: people": "none → U0MIA, U0BEN"},
    Happened.FORGOTTEN: {"cases": "3"},
    Happened.REDACTED: {"messages": 3, "unreachable": 1},
    Happened.RECORD_KEYED: {"lines": 3, "head": "9f3a5b7c8d9e"},
    Happened.RECORD_SEALED: {"key": "9f3a5b7c"},
    Happened.EXPORTED: {"from": "2026-11-01", "to": "2026-11-30", "cases": 12, "personal": False},
}


BY_ITSELF = (Happened.FORGOTTEN, Happened.REDACTED, Happened.RECORD_KEYED, Happened.RECORD_SEALED)
"""What names nobody, as Askdesk did it."""


@pytest.mark.parametrize("kind", sorted(OF_THE_PROGRAM))
def test_a_line_of_the_channel_mentions_nobody_for_their_own_click(kind: Happened) -> None:
    """Also where a manager puts herself on a list."""
    message = program_line(EventRecord(1, None, kind, MIA.id, NOW, FACTS_OF[kind], {}), PROGRAM, NAMES)
    assert "@U0MIA" not in mentioned(message)
    assert ("Mia Grant" in shown(message)) is (kind not in BY_ITSELF)
    assert ("@U0BEN" in mentioned(message)) is (kind is Happened.SETTINGS_CHANGED)


@pytest.mark.parametrize("case", [build.raised(), build.waiting(), build.claimed(), build.closed()])
def test_a_card_names_who_raised_its_case(case: Case) -> None:
    message = card(case, PROGRAM, NOW, names=NAMES)
    assert "@U0ANA" not in mentioned(message)
    assert "Ana Reyes" in shown(message)


def test_a_report_names_who_asked_for_it() -> None:
    message: Message = report(told(FACTS), (), asked_by=Actor(MIA.id, NAMES))
    assert mentioned(message) == set()
    assert "Requested by Mia Grant" in shown(message)


@given(
    st.sampled_from(PEOPLE),
    st.lists(st.sampled_from(PEOPLE)),
    st.dictionaries(
        st.sampled_from(["S0SMES", "S0TLS", "S0MGRS"]), st.lists(st.sampled_from(PEOPLE)).map(tuple)
    ),
    nasty_texts,
)
def test_an_actor_is_in_no_audience(who: str, others: list[str], members: Members, name: str) -> None:
    actor = Actor(who, {who: name}, members)
    assert f"<@{who}>" not in actor.others(*others)
    assert set(actor.others(*others)) == {f"<@{one}>" for one in others if one != who}
    assert len(actor.others(*others)) == len(set(others) - {who})
