"""One live alert for each case: edited while the same people are concerned, posted again when somebody new must hear it, and
without buttons once it was handled (docs/policy.md, *Alerts*).
"""

from __future__ import annotations

from typing import Any

from sandbox.driver import PATIENCE, Message
from tests.journeys.floor import ASK, CLOSE, Floor
from tests.journeys.telling import opens

SMES, TLS, MANAGERS = "S0SMES", "S0TLS", "S0MANAGERS"
BEN, TESS = "U0BEN", "U0TESS"
ASKED: dict[str, Any] = {"Outside calling hours": ["Customer asked for this time"]}
ANOTHER: dict[str, Any] = {"Customer": "Joe Poe", "Contact number": "+1 212 555 0199"}


def alerts(card: Message) -> list[Message]:
    """The reminders in the case's thread, the oldest first."""
    return [one for one in card.thread() if one.metadata and one.metadata["event_payload"]["kind"] == "ping"]


def alive(card: Message) -> list[Message]:
    """Those with buttons."""
    return [one for one in alerts(card) if one.buttons()]


def overdue(desk: Floor) -> tuple[Message, Message]:
    """Ben's case, whose window is over; its card and its alert."""
    card = desk.claimed(minutes=30)
    desk.clock.passes(minutes=45)
    return card, desk.mia.sees("Overdue: case 1", in_=card)


def test_only_the_newest_alert_has_buttons(desk: Floor) -> None:
    """The SMEs' gives way to the TLs', and that one loses its own when somebody claims."""
    card = desk.escalates(minutes=600, **ASKED)
    desk.clock.passes(minutes=3)
    first = desk.sam.sees("Nobody has claimed", in_=card)
    assert (first.mentions(), first.buttons()) == ({SMES}, ["Claim"])
    desk.clock.passes(minutes=4)
    second = desk.ben.sees("Nobody has claimed", in_=card, after=first)
    assert second.mentions() == {TLS}
    assert first.becomes("See the newer reminder").buttons() == []
    desk.ben.clicks("Claim", on=second)
    assert second.becomes("With @Ben").buttons() == []
    assert alive(card) == []


def test_the_alert_is_edited_while_the_same_people_are_concerned(desk: Floor) -> None:
    """Ten minutes later nobody is called again, and the alert still tells the truth."""
    card, alert = overdue(desk)
    assert alert.mentions() == {BEN, TLS}
    desk.clock.passes(minutes=20)
    again = desk.mia.sees("Overdue: case 1", in_=card, after=alert)
    assert again.mentions() == {MANAGERS}
    desk.clock.passes(minutes=10)
    last = desk.mia.sees("45 min ago", in_=card, after=again)
    assert last.mentions() == {BEN, TLS}, "half an hour later they are called again"
    again.becomes("See the newer reminder")
    before = len(alerts(card))
    desk.clock.passes(minutes=10)
    last.becomes("55 min ago")
    assert len(alerts(card)) == before, "nobody is called"
    assert [one.ts for one in alive(card)] == [last.ts]


def test_nobody_is_called_for_what_they_just_did(desk: Floor) -> None:
    """Tess takes the case over; ten minutes long the ladder calls others, not her."""
    card, alert = overdue(desk)
    desk.clock.passes(minutes=14)
    desk.tess.clicks("Take over", on=card, within=PATIENCE)
    desk.ana.sees("took case 1 over", in_=card)
    desk.clock.passes(minutes=6)
    called = desk.mia.sees("Overdue: case 1", in_=card, after=alert)
    assert called.mentions() == {MANAGERS}


def test_a_new_owner_who_does_not_call_is_called(desk: Floor) -> None:
    """After ten minutes it is news to her that nobody has called."""
    card, alert = overdue(desk)
    desk.tess.clicks("Take over", on=card, within=PATIENCE)
    desk.ana.sees("took case 1 over", in_=card)
    desk.clock.passes(minutes=30)
    called = desk.mia.sees("Overdue: case 1", in_=card, after=alert)
    assert TESS in called.mentions() or TLS in called.mentions()


def test_a_call_takes_the_buttons_away(desk: Floor) -> None:
    """What was handled offers nothing; so does what is closed."""
    card, alert = overdue(desk)
    desk.ben.clicks("Take over and call", on=alert)
    assert alert.becomes("On the call").buttons() == []
    assert opens(desk.ben, "Complete", on=card).submit(CLOSE).closed
    card.becomes("Closed")
    assert alive(card) == []


def test_two_alerts_for_one_person_are_one_message(desk: Floor) -> None:
    """Both with their button beside them; what is handled loses it, and the other keeps it."""
    first = desk.claimed(minutes=20)
    second = desk.escalates(desk.arjun, minutes=20, **ANOTHER)
    desk.ben.clicks("Claim", on=second)
    desk.ben.sees("claimed case 2", in_=second)
    desk.clock.passes(minutes=20)
    both = desk.ben.sees("2 cases need somebody now", in_=ASK)
    assert both.mentions() == {BEN}
    assert both.buttons() == ["Calling now", "Calling now"]
    desk.ben.clicks("Calling now", on=both, near="Joe Poe")
    left = both.becomes("On the call")
    assert left.buttons() == ["Calling now"]
    assert alive(first) == alive(second) == []


def test_whoever_deletes_an_alert_silences_nothing(desk: Floor) -> None:
    """The next step of the ladder calls everybody again."""
    card, alert = overdue(desk)
    desk.mia.deletes(alert)
    desk.clock.passes(minutes=20)
    called = desk.mia.sees("Overdue: case 1", in_=card)
    assert called.mentions() == {MANAGERS}
    desk.mia.deletes(called)
    desk.clock.passes(minutes=10)
    again = desk.mia.sees("Overdue: case 1", in_=card)
    assert again.mentions() == {BEN, TLS}
