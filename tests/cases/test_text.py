"""What people type: cleaned of what cannot be seen, and refused where it looks like a payment card."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import text as text_rules
from cases.text import NotTyped, clean, holds_card_number, length, read_free_text

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


SEPARATORS = [*" \u00a0\u2009\u202f\u3000-\u2010\u2013\u2014\u2212/,.\n\t_*|"]
UNSEEN = ["", "\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\u202d"]
ISSUED = [
    ("4", 16),
    ("51", 16),
    ("2221", 16),
    ("37", 15),
    ("36", 14),
    ("3528", 16),
    ("6011", 16),
    ("62", 19),
    ("4", 13),
]


@st.composite
def issued_cards(draw: st.DrawFn) -> str:
    """A number as an issuer makes them."""
    begins, size = draw(st.sampled_from(ISSUED))
    rest = size - len(begins) - 1
    body = begins + draw(st.text("0123456789", min_size=rest, max_size=rest))
    return body + luhn_digit(body)


def written(draw: st.DrawFn, groups: list[str], gaps: list[str]) -> str:
    """The groups with a gap between each two, and what nobody sees between all characters."""
    unseen = draw(st.sampled_from(UNSEEN))
    text = groups[0] + "".join(gap + group for gap, group in zip(gaps, groups[1:], strict=True))
    return unseen.join(text)


@st.composite
def cards_in_groups(draw: st.DrawFn) -> str:
    """One to three separators between groups of one size, or between single digits; each gap may be another one."""
    card = draw(issued_cards())
    groups = re.findall(f".{{1,{draw(st.sampled_from([1, 2, 4, 5, 6]))}}}", card)
    gap = st.text(st.sampled_from(SEPARATORS), min_size=1, max_size=3)
    return written(draw, groups, [draw(gap) for _ in groups[1:]])


@given(cards_in_groups(), st.sampled_from(["{}", "paid with {} in May", "card:{}."]))
def test_a_card_is_seen_with_any_separators_and_what_nobody_sees(card: str, around: str) -> None:
    assert holds_card_number(around.format(card))
    assert holds_card_number(clean(around.format(card)))


@pytest.mark.parametrize(
    "card",
    [
        "4111 - 1111 - 1111 - 1111",
        "4111/1111/1111/1111",
        "4111, 1111, 1111, 1111",
        "4111\n1111\n1111\n1111",
        "4111\r\n\r\n1111\r\n\r\n1111\r\n\r\n1111",
        "4111\u20091111\u20091111\u20091111",
        "4111\u00ad1111\u200b1111\u20601111",
        "3782 822463 10005",
        "3782/822463/10005",
        "+4111 1111 1111 1111",
        "(4111) (1111) (1111) (1111)",
        "４１１１　１１１１　１１１１　１１１１",
        "٤١١١ ١١١١ ١١١١ ١١١١",
        "4️⃣1️⃣1️⃣1️⃣ 1111 1111 1111",
        "❹①①① ①①①① ①①①① ①①①①",
        "on 2026-11-24 at 15:30 with 4111 1111-1111/1111, call +1 202 555 0123",
    ],
)
def test_a_card_is_seen_in_any_digits_and_any_shape(card: str) -> None:
    assert holds_card_number(card)


def ordinary(chance: random.Random) -> str:
    """What stands in a story: dates, times, amounts, order references and phone numbers, between words."""
    day = date(2026, 1, 1) + timedelta(days=chance.randrange(700))
    number = chance.randrange
    figures = [
        f"{day}", f"{day:%d.%m.%Y}", f"{day:%d/%m/%y}", f"{number(24):02}:{number(60):02}", f"{number(1, 13)} pm",
        f"${number(1, 9999):,}.{number(100):02}", f"{number(5, 900)} €", f"{number(1000, 99999)},{number(100):02}",
        f"#{number(1000, 999999)}", f"order {number(10**8, 10**9)}", f"ref 45{number(10**7, 10**8)}",
        f"INV-{day.year}-{number(10**5):05}", f"case {number(1, 500)}", f"+1 {number(201, 990)} 555 {number(10**4):04}",
        f"({number(201, 990)}) {number(200, 999)}-{number(10**4):04}", f"0917 {number(1000):03} {number(10**4):04}",
        f"+63 917 {number(1000):03} {number(10**4):04}", f"+49151{number(10**7, 10**8)}",
    ]  # fmt: skip
    words = [
        "the customer",
        "paid",
        "was promised",
        "by",
        "and",
        "since",
        "again",
        "a refund of",
        "at",
        "until",
    ]
    parts = [
        chance.choice(figures if chance.random() < 0.3 else words) for _ in range(chance.randrange(4, 15))
    ]
    return chance.choice([" ", ", ", "\n"]).join(parts)


def test_ordinary_texts_are_hardly_ever_taken_for_cards() -> None:
    """One in ten numbers of that length passes the check by chance: the shape has to tell."""
    chance = random.Random(11)
    texts = [ordinary(chance) for _ in range(3000)]
    taken = [text for text in texts if holds_card_number(text)]
    assert len(taken) < len(texts) / 100, taken[:5]


@pytest.mark.parametrize("number", ["+4915112345678", "+49 151 1234 5678", "+8613812345678", "+390612345678"])
def test_a_phone_number_in_its_international_form_is_no_card(number: str) -> None:
    for last in range(10):
        assert not holds_card_number(f"call {number[:-1]}{last} again")


@pytest.mark.parametrize("part", ["4 ", "1,", "4111-", "9", "+1 212 555 0123 "])
def test_twice_the_text_is_twice_the_work(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checks: list[str] = []
    luhn = text_rules._luhn

    def counted(digits: str) -> bool:
        checks.append(digits)
        return luhn(digits)

    monkeypatch.setattr(text_rules, "_luhn", counted)
    counts = []
    for times in (200, 400, 800):
        checks.clear()
        holds_card_number(part * times)
        counts.append(len(checks))
    assert counts[2] - counts[1] <= 2 * (counts[1] - counts[0]) + 1


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060", "\u3164", "\u2800", "\U000e0041", "\u200f"]
)
def test_what_nobody_sees_is_no_content(unseen: str) -> None:
    assert clean(unseen * 20) == ""
    assert length(clean(f"a{unseen * 20}b")) <= 3
    with pytest.raises(NotTyped, match="Write more"):
        read_free_text(f"no{unseen * 30}te", 20, 100, "Write more.")


def test_blanks_are_counted_once() -> None:
    with pytest.raises(NotTyped):
        read_free_text("a" + " " * 30 + "b", 20, 100, "Write more.")


@given(
    st.text(
        st.sampled_from("ab א م \u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u200e\u200f")
    )
)
def test_no_direction_leaves_the_field_in_which_it_was_typed(text: str) -> None:
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u200e\u200f") & set(
        clean(text)
    )


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧‍👦 ❤️‍🔥 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣",
        "می‌خواهم",
        "क्‍ष द्र‌ष्टि",
        "ශ්‍රී ලංකා",
        "محمد بن سلمان",
        "שלום עולם",
        "葛󠄀城",
    ],
)
def test_what_shapes_a_character_stays(text: str) -> None:
    assert clean(text) == text


def iban(chance: random.Random, country: str, size: int) -> str:
    """A bank account's number with right check digits, in fours."""
    account = "".join(chance.choice("0123456789") for _ in range(size))
    check = 98 - int("".join(str(int(sign, 36)) for sign in f"{account}{country}00")) % 97
    return " ".join(re.findall(".{1,4}", f"{country}{check:02}{account}"))


@pytest.mark.parametrize(("country", "size"), [("DE", 18), ("AT", 16), ("NL", 14), ("ES", 20), ("CY", 24)])
@pytest.mark.parametrize("text", ["refund to {}", "{}, BIC COBADEFF", "{} ASAP please", "IBAN:{}."])
def test_a_bank_account_is_no_card(country: str, size: int, text: str) -> None:
    chance = random.Random(5)
    for _ in range(50):
        number = iban(chance, country, size)
        for written in (number, number.replace(" ", ""), number.replace(" ", "-")):
            assert not holds_card_number(text.format(written))
        assert holds_card_number(text.format(number) + " or 4111 1111 1111 1111")


def test_a_bank_account_with_wrong_check_digits_explains_nothing() -> None:
    assert holds_card_number("DE12 4111 1111 1111 1111 00")


@pytest.mark.parametrize(
    "text",
    [
        "tracking 9400 9488 5878 1214 8516 45",
        "see https://north.slack.com/archives/C0ASKBILL/p1713086852061139",
        "see https://north.slack.com/archives/C0ASKBILL/p1739857052235529?thread_ts=1",
        "orders 100200301, 100200302, 100200303",
    ],
)
def test_what_no_issuer_uses_is_looked_for_only_where_it_stands_by_itself(text: str) -> None:
    """Sixteen digits of each of these pass the check by chance."""
    assert not holds_card_number(text)


def test_a_refusal_says_what_to_do_where_it_is_no_card() -> None:
    with pytest.raises(NotTyped, match="order or account number, enter only its last digits"):
        read_free_text("order 4111111111111111", 0, 100, "Write more.")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\u0301" * 30, 0),
        ("\u20dd" * 30, 0),
        (" \u0301 \u0302 ", 1),
        ("12" + "\u0301" * 30, 2),
        ("a" + "\u0301" * 30, 4),
        ("नमस्ते दुनिया", 13),
        ("ที่นี่", 6),
        ("Tiê\u0301ng Việt", 11),
        ("שָׁלוֹם", 7),
    ],
)
def test_marks_count_where_a_letter_bears_them(text: str, read: int) -> None:
    assert length(clean(text)) == read
    with pytest.raises(NotTyped, match="Write more"):
        read_free_text(text, read + 1, 100, "Write more.")
