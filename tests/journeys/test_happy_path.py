"""The main job, from `/escalate` to the outcome."""

from __future__ import annotations

from sandbox.driver import PATIENCE
from tests.journeys.floor import ASK, CLOSE, floor


def test_a_promise_is_kept_end_to_end(database_url: str) -> None:
    """Raised, claimed, pinged before and at the agreed time, called, closed: on both databases."""
    with floor(database_url) as desk:
        card = desk.escalates(minutes=30)
        assert card.buttons() == ["Claim", "Reschedule"]
        desk.ana.is_told("Case 1", in_=ASK)
        desk.ben.clicks("Claim", on=card)
        line = desk.ana.sees("claimed", in_=card)
        assert desk.ana.is_mentioned(line)
        desk.clock.passes(minutes=15)
        warning = desk.ben.sees("you call case 1", in_=card)
        desk.clock.passes(minutes=15)
        due = desk.ben.sees("Now", in_=card, after=warning)
        assert desk.ben.is_mentioned(due)
        desk.ben.clicks("Calling now", on=due)
        desk.ben.clicks("Complete", on=card, within=PATIENCE)
        assert desk.ben.modal("Complete").submit(CLOSE).closed
        closed = desk.ana.sees("closed", in_=card, after=due)
        assert desk.ana.is_mentioned(closed)
        assert card.becomes("Closed").buttons() == ["Reopen"]
