"""The map of who has had a case, when, on its card (docs/policy.md, *The card*; each by the reader's own clock)."""

from __future__ import annotations

import re

from cases.program import Department
from sandbox.driver import PATIENCE, Message
from tests.journeys.floor import ASK, Floor
from tests.journeys.telling import closes, opens, set_up

IT = Department("IT", users=("U0AMY", "U0SIA"))
MAP = "Owners so far: "


WHEN = re.compile(r"\s*(since )?(\w+ \d+|[Tt]oday|[Yy]esterday)?(,? at)? ?\d+:\d\d.*")


def course(card: Message) -> list[str]:
    """The map on the card, each stretch without its times."""
    _, _, found = card.text.partition(MAP)
    return [WHEN.sub("", part) for part in found.split("\n")[0].split(" → ")] if found else []


def hands_over(desk: Floor, card: Message, by: str, to: str) -> Message:
    modal = opens(desk.slack.person(by), "Hand over", on=card.now())
    name = desk.slack.person(to).name
    assert modal.submit({"Hand over to": name}).closed
    desk.ana.sees(f"over to @{name}", in_=card)
    return card.becomes(f"With @{name}")


def test_the_map_begins_with_the_second_pair_of_hands(desk: Floor) -> None:
    """Claimed: no map. Handed over, escalated to a department: who, where, and since when."""
    set_up(desk, departments=(IT,))
    card = desk.claimed(minutes=300)
    assert MAP not in card.text
    desk.clock.passes(minutes=35)
    card = hands_over(desk, card, "Ben", "Tess")
    assert course(card) == ["@Ben Carter", "@Tess Lim"]
    desk.clock.passes(minutes=5)
    modal = opens(desk.tess, "Escalate further", on=card)
    further = {"Escalate to": "IT", "Who reviews it?": "Sia Novak", "Reason": "The portal is down for her."}
    assert modal.submit({**further, **desk.time_in(120)}).closed
    card = card.becomes("With @Sia Novak")
    assert course(card) == ["@Ben Carter", "@Tess Lim", "IT (@Sia Novak)"]
    stamps = re.findall(r"<!date\^(\d+)\^", str(card.raw).split(MAP)[1])
    begins = [int(stamp) for stamp in stamps]
    assert len(begins) == 5, "two ends and three beginnings"
    assert begins == sorted(begins)
    assert begins[1] == begins[2], "what one ended the other began"


def test_what_nobody_had_in_between_is_on_the_map(desk: Floor) -> None:
    """Released and claimed by somebody else; closed and reopened: the map ends and goes on."""
    card = desk.claimed(minutes=300)
    modal = opens(desk.ben, "Release", on=card)
    assert modal.submit({"Reason": "My shift ends."}).closed
    card = card.becomes("nobody has claimed it yet")
    assert MAP not in card.text
    desk.clock.passes(minutes=2)
    desk.tess.clicks("Claim", on=card)
    card = card.becomes("With @Tess Lim")
    assert course(card) == ["@Ben Carter", "nobody", "@Tess Lim"]
    card = closes(desk, card, desk.tess)
    assert course(card) == ["@Ben Carter", "nobody", "@Tess Lim"]
    assert "since" not in card.text.split(MAP)[1].split("\n")[0], "nobody has it now"
    modal = opens(desk.mia, "Reopen", on=card)
    assert modal.submit({"Reason": "She called again.", **desk.time_in(60)}).closed
    card = card.becomes("With @Tess Lim")
    assert course(card) == ["@Ben Carter", "nobody", "@Tess Lim", "@Tess Lim"]


def test_a_long_way_is_whole_in_the_history_and_short_on_the_card(desk: Floor) -> None:
    """The first and the last three; `/askdesk show` tells all of it."""
    card = desk.claimed(minutes=300)
    way = ["Tess", "Sam", "Sia", "Mia", "Ben"]
    for by, to in zip(["Ben", *way], way, strict=False):
        card = hands_over(desk, card, by, to)
    assert course(card) == ["@Ben Carter", "… 2 more …", "@Sia Novak", "@Mia Grant", "@Ben Carter"]
    answer = desk.ana.types("/askdesk show 1", in_=ASK)
    assert answer.acked
    told = desk.ana.is_told("Owners so far", in_=ASK)
    whole = told.text.split("Owners so far")[1].split("History")[0]
    assert re.findall(r"@\w+", whole) == ["@Ben", "@Tess", "@Sam", "@Sia", "@Mia", "@Ben"]


def test_taken_over_is_in_other_hands(desk: Floor) -> None:
    card = desk.claimed(minutes=10)
    desk.clock.passes(minutes=26)
    desk.tess.clicks("Take over", on=card.becomes("Overdue"), within=PATIENCE)
    desk.ana.sees("took case 1 over", in_=card)
    assert course(card.becomes("→")) == ["@Ben Carter", "@Tess Lim"]
