"""Whatever names a case leads to its card, and a time is said once: by the reader's clock, and as the customer heard it."""

from __future__ import annotations

import json

from sandbox.driver import Message
from tests.journeys.floor import ASK, Floor
from tests.journeys.telling import closes
from tests.journeys.test_home import looks
from tests.journeys.test_superiors import MISSED


def leads(card: Message, number: int) -> str:
    """The link that stands for a case wherever it is named."""
    return f"/archives/C0ASKBILL/p{card.ts.replace('.', '')}|case {number}>"


def test_every_case_that_is_named_leads_to_its_card(desk: Floor) -> None:
    """The earlier case on a card and in its thread, the reminder that the channel sees, the history, the confirmation."""
    first = closes(desk, desk.claimed())
    second = desk.escalates(desk.arjun, minutes=10)
    assert "Repeat contact: case 1" in second.text
    assert leads(first, 1) in json.dumps(second.raw)
    assert "case 1" in second.fallback or "Case 2" in second.fallback
    assert "|case" not in second.fallback, "a notification has no link"
    line = desk.ben.sees("Same customer as case 1", in_=second)
    assert leads(first, 1) in json.dumps(line.raw)
    told = desk.arjun.is_told("is in the channel", in_=ASK)
    assert leads(second, 2).replace("case 2>", "Case 2") in json.dumps(told.raw, ensure_ascii=False)
    desk.clock.passes(minutes=26)
    overdue = desk.ben.sees("Overdue: case 2", in_=ASK)
    assert leads(second, 2) in json.dumps(overdue.raw)
    desk.ben.types("/askdesk show 2", in_=ASK)
    shown = desk.ben.is_told("Repeat contact: case 1", in_=ASK)
    assert leads(first, 1) in json.dumps(shown.raw)


def test_feedback_at_home_leads_to_its_case(desk: Floor) -> None:
    card = closes(desk, desk.claimed(), **MISSED)
    desk.ben.sees("Feedback owed", in_=card)
    home = looks(desk, desk.ben)
    assert "about case 1" in home.text
    assert leads(card, 1) in json.dumps(home.raw)


def test_a_promise_is_said_once(desk: Floor) -> None:
    """Ben reads it by Manila's clock, with what Jane heard in New York; the notification has her clock alone."""
    card = desk.claimed()
    assert "Call today at 2:05 AM (Mon 1:05 PM in New York) · until 2:20 AM" in card.text
    assert "for you" not in card.text
    assert "Call Mon 23 Nov, 1:05 PM in New York." in card.fallback
