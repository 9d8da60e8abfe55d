"""One bot, two ASK channels: each with its own people, zones, ladder and mornings, and blind for the other's cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from cases.program import Ladder, Program
from sandbox.driver import Message, Person
from storage.store import Store
from storage.writing.programs import save_program
from tests.journeys.floor import ASK, FORM, Floor, floor

SALES = "#random"
"""Where the second desk is: in London, for customers in Sydney."""

SECOND = Program(
    id=0,
    channel="C0RANDOM",
    name="Sales",
    timezone="Europe/London",
    customer_timezone="Australia/Sydney",
    phone_region="AU",
    sme_users=("U0ARJUN",),
    tl_users=("U0ABEL",),
    manager_users=("U0AMY",),
    ladder=Ladder(unclaimed=(1, 2, 4), heads_up=5, overdue_managers=5),
    window=timedelta(minutes=10),
    digest_at=time(17, 30),
)
THERE = {
    "Customer": "Bruce Hay",
    "Contact number": "0412 345 678",
    "Time zone": "Australia/Sydney",
}

ASKED: dict[str, Any] = {"Outside calling hours": ["Customer asked for this time"]}


@pytest.fixture
def desk(database_url: str) -> Iterator[Floor]:
    """Billing as ever, and Sales beside it; on both databases."""
    with floor(database_url) as place:
        place.closes()
        store = Store.at(database_url)
        try:
            store.write_now(lambda unit: save_program(unit, SECOND))
        finally:
            store.close()
        place.slack.channel(SALES).invite("Askdesk")
        place.opens()
        yield place


def raises_in_sales(desk: Floor, minutes: int) -> Message:
    """Ana works for both; her case in Sales, as its people see it."""
    desk.ana.types("/escalate", in_=SALES)
    modal = desk.ana.modal("Escalate")
    form = {**FORM, **desk.time_in(minutes, "Australia/Sydney"), **THERE}
    entries = {label: value for label, value in {**form, **ASKED}.items() if label in modal.labels()}
    assert modal.submit(entries).closed
    return desk.slack.eventually(
        lambda: next((m for m in desk.slack.channel(SALES).messages() if m.buttons()), None),
        about="the card in Sales",
    )


def asks(desk: Floor, who: Person, line: str, place: str) -> str:
    """What somebody alone is answered."""
    before = len(who.ephemerals(in_=place))
    assert who.types(line, in_=place).acked
    (told,) = who.ephemerals(in_=place)[before:]
    return told.text


def test_each_desk_climbs_its_own_ladder_with_its_own_people(desk: Floor) -> None:
    """Raised in the same minute: Sales asks after 1, 2 and 4 minutes, Billing after 3, 7 and 15."""
    billing = desk.escalates(minutes=600, **ASKED)
    sales = raises_in_sales(desk, 30)
    steps = [
        (1, sales, {"U0ARJUN"}),
        (1, sales, {"U0ABEL"}),
        (1, billing, {"S0SMES"}),
        (1, sales, {"U0AMY"}),
        (3, billing, {"S0TLS"}),
    ]
    last: dict[str, Message] = {}
    for minutes, card, mentioned in steps:
        desk.clock.passes(minutes=minutes)
        ping = desk.mia.sees("Nobody has claimed", in_=card, after=last.get(card.ts))
        assert ping.mentions() == mentioned
        last[card.ts] = ping


def test_a_case_is_seen_and_taken_by_its_own_people_only(desk: Floor) -> None:
    """Roles, lists, cards and buttons end at the channel; numbers count through the workspace."""
    billing = desk.escalates(minutes=300)
    sales = raises_in_sales(desk, 30)
    assert "Case 2 · Bruce Hay" in sales.text
    desk.ben.clicks("Claim", on=sales)
    desk.ben.is_told("Only an SME/TL or a manager can", in_=SALES)
    desk.arjun.clicks("Claim", on=billing)
    desk.arjun.is_told("Only an SME/TL or a manager can", in_=ASK)
    desk.arjun.clicks("Claim", on=sales)
    desk.ana.sees("Arjun Mehta claimed case 2", in_=sales)
    desk.ben.clicks("Claim", on=billing)
    desk.ana.sees("Ben Carter claimed case 1", in_=billing)
    for place, mine, other in ((ASK, "Case 1", "Case 2"), (SALES, "Case 2", "Case 1")):
        listed = asks(desk, desk.mia, "/callbacks all", place)
        assert (mine in listed, other in listed) == (True, False)
        assert f"no {other.lower()}" in asks(desk, desk.mia, f"/askdesk show {other[-1]}", place).lower()


def test_each_promise_and_each_morning_keeps_its_own_clock(desk: Floor) -> None:
    """Sales warns 5 minutes ahead and gives up after 10; its digest is in London's afternoon, Billing's in Manila's
    morning, and neither tells of the other's cases."""
    billing = desk.claimed(minutes=300)
    sales = raises_in_sales(desk, 25)
    desk.arjun.clicks("Claim", on=sales)
    desk.ana.sees("claimed case 2", in_=sales)
    assert "04:30 Australia/Sydney" in sales.text
    desk.clock.reaches(datetime(2026, 11, 23, 17, 25, tzinfo=UTC))
    assert desk.arjun.sees("In 5 min", in_=sales).mentions() == {"U0ARJUN"}
    desk.clock.passes(minutes=5)
    afternoon = desk.slack.person("Amy").sees("Monday 23 November", in_=SALES)
    assert "Case 1" not in afternoon.text
    desk.clock.passes(minutes=10)
    overdue = desk.arjun.sees("Overdue: case 2", in_=sales)
    assert overdue.mentions() == {"U0ARJUN", "U0ABEL"}
    assert not [line for line in billing.thread() if "agreed time" in line.text]
    desk.clock.reaches(datetime(2026, 11, 24, 0, 0, tzinfo=UTC))
    morning = desk.mia.sees("Tuesday 24 November", in_=ASK)
    assert "Case 2" not in morning.text
    assert "Case 1" in morning.text
