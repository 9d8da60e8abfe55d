"""First click wins (docs/policy.md, *The first click wins*): however many click at once, one has it and the others learn who."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from sandbox.driver import Message, Person
from tests.journeys.floor import ASK, Floor, floor
from tests.journeys.telling import is_told_why_not, lines, record


def all_at_once(people: Sequence[Person], click: Callable[[Person], object]) -> None:
    """Everybody clicks in the same moment."""
    together = Barrier(len(people))

    def one(person: Person) -> None:
        together.wait()
        click(person)

    with ThreadPoolExecutor(len(people)) as threads:
        list(threads.map(one, people))


def winner_of(desk: Floor, card: Message, people: Sequence[Person]) -> Person:
    """Who has the case; everybody else was told so, once and alone, and the thread says it once."""
    card = card.becomes("With @")
    winner = next(person for person in people if f"With @{person.name}" in card.text)
    for loser in people:
        if loser is not winner:
            loser.is_told(f"Case 1 is with @{winner.name}", in_=ASK)
            assert len(loser.ephemerals(in_=ASK)) == 1
    assert winner.ephemerals(in_=ASK) == []
    desk.ana.sees(f"{winner.name} claimed case 1", in_=card)
    assert [line for line in lines(card) if "claimed" in line] == [
        f"{winner.name} claimed case 1 · @Ana Reyes"
    ]
    assert [entry for entry in record(desk) if entry[1] == "claimed"] == [(1, "claimed", winner.id)]
    return winner


def test_two_team_leads_claim_at_once(database_url: str) -> None:
    """On both databases; the loser's click was under way when the card changed."""
    with floor(database_url) as desk:
        card = desk.escalates()
        leads = (desk.ben, desk.tess)
        all_at_once(leads, lambda lead: lead.clicks("Claim", on=card, as_seen=True))
        winner = winner_of(desk, card, leads)
        loser = desk.tess if winner is desk.ben else desk.ben
        assert winner.clicks("Calling now", on=card.now()).acked
        is_told_why_not(desk, loser, "Claim", f"Case 1 is with @{winner.name}", on=card)


def test_twenty_people_claim_at_once(desk: Floor) -> None:
    """As many as a floor has; people who joined the group a moment ago are among them."""
    crowd = [desk.slack.add_person(f"Lead {number:02}", channels=[ASK]) for number in range(20)]
    desk.slack.set_usergroup("billing-tls", [desk.ben.id, *(person.id for person in crowd)])
    desk.slack.settles()
    card = desk.escalates()
    all_at_once(crowd, lambda person: person.clicks("Claim", on=card, as_seen=True))
    winner_of(desk, card, crowd)


def test_somebody_who_left_the_group_claims_no_more(desk: Floor) -> None:
    """Roles are those of the moment."""
    card = desk.escalates()
    desk.slack.set_usergroup("billing-tls", ["Ben"])
    desk.slack.settles()
    is_told_why_not(desk, desk.tess, "Claim", "Only an SME/TL or a manager can", on=card)
    desk.ben.clicks("Claim", on=card)
    card.becomes("With @Ben Carter")


def test_twenty_people_take_over_at_once(desk: Floor) -> None:
    """The first has it and is given a minute to dial; the others are told who has it."""
    crowd = [desk.slack.add_person(f"Lead {number:02}", channels=[ASK]) for number in range(20)]
    desk.slack.set_usergroup("billing-tls", ["Ben", *(person.id for person in crowd)])
    desk.slack.settles()
    card = desk.claimed(minutes=10)
    desk.clock.passes(minutes=26)
    card = card.becomes("Overdue")
    all_at_once(crowd, lambda person: person.clicks("Take over", on=card, as_seen=True))
    line = desk.ben.sees("took case 1 over from @Ben Carter", in_=card)
    hands = [by for _, kind, by in record(desk) if kind == "taken_over"]
    assert len(hands) == 1
    for person in crowd:
        if person.id != hands[0]:
            person.is_told("who has only just got it", in_=ASK)
    desk.clock.passes(minutes=1)
    desk.ben.clicks("Take over", on=card, as_seen=True)
    desk.ben.sees("Ben Carter took case 1 over", in_=card, after=line)


def test_a_case_is_claimed_on_its_ping(desk: Floor) -> None:
    """The mention of a case that nobody has claimed bears the button; a click on an old ping reads who has it."""
    card = desk.escalates()
    desk.clock.passes(minutes=3)
    ping = desk.sam.sees("Nobody has claimed", in_=card)
    desk.sam.clicks("Claim", on=ping)
    desk.ana.sees("Sam Ortiz claimed case 1", in_=card)
    assert desk.sia.clicks("Claim", on=ping, as_seen=True).acked
    told = desk.slack.eventually(
        lambda: next(
            (m for m in (*desk.sia.messages(in_=ASK), *desk.sia.messages(in_=card)) if m.ephemeral), None
        ),
        about="Sia is told who has it",
    )
    assert "Case 1 is with @Sam Ortiz" in told.text


@pytest.mark.parametrize("label", ["Claim", "Calling now"])
def test_a_double_click_is_one_click(desk: Floor, label: str) -> None:
    """Two clicks of one person: the second reads that it is theirs already."""
    card = desk.escalates() if label == "Claim" else desk.claimed()
    desk.ben.clicks(label, on=card)
    desk.ben.clicks(label, on=card, as_seen=True)
    desk.ben.is_told(
        "You already have case 1" if label == "Claim" else "You are already on this call",
        in_=ASK,
    )
    kind = "claimed" if label == "Claim" else "calling"
    assert [entry[1] for entry in record(desk)].count(kind) == 1
