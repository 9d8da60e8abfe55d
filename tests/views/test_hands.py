"""The map of who has had a case: in short on its card, whole on demand."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given

from bot.views.card import card
from bot.views.ownership import each_stretch, owners_in_short
from cases.mrkdwn import inline
from cases.ownership import Stretch
from tests import build
from tests.build import BEN, MIA, NOW, TESS
from tests.views.reading import assert_postable, mentioned, nasty_texts, shown

PROGRAM = build.program()
HOUR = timedelta(hours=1)


def stretch(owner: str | None, begins: int, ends: int | None = None, **more: object) -> Stretch:
    """So many hours after the case was raised."""
    until = None if ends is None else NOW + ends * HOUR
    return Stretch(owner, NOW + begins * HOUR, until, **more)  # type: ignore[arg-type]


def test_one_pair_of_hands_is_no_map() -> None:
    assert owners_in_short([], PROGRAM) is None
    assert owners_in_short([stretch(BEN.id, 0)], PROGRAM) is None
    again = [stretch(BEN.id, 0, 1), stretch(None, 1, 2), stretch(BEN.id, 2)]
    assert owners_in_short(again, PROGRAM) is None, "given back and taken again"


def test_the_map_says_who_where_and_when_by_the_readers_clock() -> None:
    """The day stands at the first time, and where it changes at the site (Manila, where it is ten in the evening)."""
    course = [stretch(BEN.id, 0, 1), stretch(None, 1, 3), stretch(TESS.id, 3, department="IT")]
    text = owners_in_short(course, PROGRAM)
    assert text is not None
    first, gap, last = text.removeprefix("Owners so far: ").split(" → ")
    stamps = [int((NOW + n * HOUR).timestamp()) for n in (0, 1, 3)]
    assert first.startswith(f"<@{BEN.id}> <!date^{stamps[0]}^{{date_short_pretty}} {{time}}|")
    assert f"–<!date^{stamps[1]}^{{time}}|" in first
    assert gap.startswith(f"nobody <!date^{stamps[1]}^{{time}}|")
    assert last.startswith(f"IT (<@{TESS.id}>) since <!date^{stamps[2]}^{{time}}|")
    assert f"–<!date^{stamps[2]}^{{date_short_pretty}} {{time}}|" in gap, "past midnight there"


def test_a_tier_is_named_beside_its_department() -> None:
    course = [stretch(BEN.id, 0, 1), stretch(MIA.id, 1, tier=2), stretch(MIA.id, 1, tier=3, department="IT")]
    told = list(each_stretch(course, PROGRAM))
    assert told[1].startswith(f"tier 2 (<@{MIA.id}>) since")
    assert told[2].startswith(f"IT, tier 3 (<@{MIA.id}>) since")


def test_a_long_way_is_shortened_to_its_beginning_and_its_last_three() -> None:
    course = [stretch(f"U{n}", n, n + 1) for n in range(9)]
    text = owners_in_short(course, PROGRAM)
    assert text is not None
    assert [part.split(" ")[0] for part in text.removeprefix("Owners so far: ").split(" → ")] == [
        "<@U0>", "…", "<@U6>", "<@U7>", "<@U8>",
    ]  # fmt: skip
    assert "… 5 more …" in text
    assert len(list(each_stretch(course, PROGRAM))) == 9


@given(nasty_texts)
def test_whatever_a_department_is_called_the_card_is_postable_and_mentions_nobody_more(name: str) -> None:
    course = [stretch(BEN.id, 0, 1), stretch(TESS.id, 1, department=name)]
    message = card(build.claimed(by=TESS), PROGRAM, NOW + HOUR, course)
    assert_postable(message)
    assert mentioned(message) <= {"@U0ANA", "@U0BEN", "@U0TESS"}
    assert inline(name, 75) in shown(message)
