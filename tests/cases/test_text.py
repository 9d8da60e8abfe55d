"""What people type: cleaned of what cannot be seen, and refused where it looks like a payment card."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.text import clean, holds_card_number

CARDS = [
    "4111111111111111",
    "5555 5555 5555 4444",
    "3782-822463-10005",
    "6011.1111.1111.1117",
    "4222222222222",
    "6304000000000000000"[:19],
]


def luhn_digit(body: str) -> str:
    """The digit that makes `body` pass the check."""
    total = sum(
        sum(divmod(int(digit) * (2 if place % 2 == 0 else 1), 10))
        for place, digit in enumerate(reversed(body))
    )
    return str(-total % 10)


@pytest.mark.parametrize("card", CARDS[:5])
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "paid with {} in May",
        "card:{}.",
        "{} 123",
        "{} 12/27 123",
        "12 {}",
        "call 2 of 3: {} 0917 123 4567",
        "ref 4711\n{}\n12/27",
    ],
)
def test_a_card_number_is_seen_however_it_stands(card: str, around: str) -> None:
    assert holds_card_number(around.format(card))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "call +1 202 555 0123 or +44 20 7946 0018",
        "case 4711, 12 of 13 items, order 100200300",
        "4111111111111112",
        "0000 0000 0000 0000",
        "on 2026-11-24 at 15:30",
        "12345678901234567890123",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert not holds_card_number(text)


@given(
    st.text("0123456789", min_size=12, max_size=18).filter(lambda body: len(set(body)) > 1),
    st.integers(2, 5),
    st.sampled_from(["", " ", "-", ".", "\u00a0", "  "]),
)
def test_every_number_that_passes_the_check_is_seen_in_any_grouping(body: str, group: int, gap: str) -> None:
    card = body + luhn_digit(body)
    written = gap.join(re.findall(f".{{1,{group}}}", card))
    assert holds_card_number(f"a {written} b")


@given(st.text("0123456789", min_size=12, max_size=18).filter(lambda body: len(set(body)) > 1))
def test_a_wrong_check_digit_is_no_card(body: str) -> None:
    wrong = str((int(luhn_digit(body)) + 1) % 10)
    assert not holds_card_number(body + wrong)


@given(st.text())
def test_cleaning_is_done_once_and_leaves_nothing_that_cannot_be_stored(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", cleaned)
    cleaned.encode("utf-8")


def test_cleaning_keeps_what_people_mean() -> None:
    assert clean(None) == clean("") == clean(" \n\t ") == ""
    assert clean("  two\r\nlines\rand\tmore ") == "two\nlines\nand\tmore"
    assert clean("null\x00 bell\x07") == "null bell"
    assert clean("José 👩‍👧 שלום") == "José 👩‍👧 שלום"
