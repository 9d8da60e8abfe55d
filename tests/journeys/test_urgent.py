"""What cannot wait: a security concern (docs/policy.md, *A security concern*)."""

from __future__ import annotations

from tests.journeys.floor import Floor
from tests.journeys.test_pings import SMES, TLS

MANAGERS = "S0MANAGERS"


def test_a_security_concern_is_urgent_from_the_first_second(desk: Floor) -> None:
    """High priority, and why; the managers hear of it at once."""
    card = desk.escalates(minutes=300, Reasons=["Security concern"])
    told = desk.mia.sees("Security concern: nobody has claimed case 1 (Jane Doe) yet", in_=card)
    assert told.mentions() == {SMES, TLS, MANAGERS}
    assert told.buttons() == ["Claim"]
    assert "High priority · 🔒 Security concern" in card.now().text.replace(":lock:", "🔒")
    desk.clock.passes(minutes=5)
    again = desk.mia.sees("Security concern: nobody has claimed case 1 (Jane Doe) for 5 min", in_=card)
    assert (again.ts, again.buttons()) == (told.ts, ["Claim"]), (
        "the live alert, which nobody is called by twice"
    )
