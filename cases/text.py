"""What a typed text may contain: every free text passes `clean`, and is counted and checked after it.

- `NotTyped`: the text is too short or too long, or holds a payment card number; its own text is the field's sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import phonenumbers

# Default_Ignorable_Code_Point (https://www.unicode.org/reports/tr44/): shown as nothing. And annotation marks.
_IGNORED = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(f"[{_IGNORED}{_CONTROLS}]+")
_SELECTOR = re.compile(f"[{_SELECTORS}]")
_JOINER = re.compile("[\u200c\u200d]")
_FLAG_TAGS = re.compile("[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")
_BLACK_FLAG = "\U0001f3f4"
_JOINS_FROM = "\u0600"
"""Joiners mean something from the Arabic script on: in Persian and Indic words, and within an emoji."""

MARKS_AT_MOST = 3
"""Marks on one letter that are read: Hindi, Thai, Hebrew and Vietnamese write up to so many. A mark on nothing is none."""

CARD_REFUSED = (
    "This looks like a payment card number. Askdesk never stores card data: remove it. If it is an order or account "
    "number, enter only its last digits."
)

_ISSUED = re.compile(
    r"""
      4(?:\d{12}|\d{15}|\d{18})                                             # Visa
    | (?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}      # Mastercard
    | 3[47]\d{13}                                                           # American Express
    | 3(?:0[0-5]|095|[689]\d)\d{11,16}                                      # Diners Club
    | 35\d{14,17}                                                           # JCB
    | (?:220[0-4]|9792)\d{12,15}                                            # Mir, Troy
    | (?:6\d|5[06-8]|8[12])\d{11,17}                                        # Discover, UnionPay, RuPay, Maestro
    """,
    re.VERBOSE,
)
"""Lengths and first digits that card issuers use (ISO/IEC 7812)."""

SHORTEST_CARD, LONGEST_CARD = 13, 19
SHORTEST_IBAN = 15
_PRINTED = ((4, 6, 5), (4, 6, 4))

_GROUP = re.compile(r"\d+")
_GAP = re.compile(r"\s*(?:(?:[^\w\s]|_)\s*){0,3}")
_PLAIN_GAP = re.compile(r"[ .\-\u2010-\u2015]{1,2}")
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![^\W_])")

_OTHER = re.compile(
    r"""
    (?<![^\s(])(?:
        (?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}                   # 2026-11-24
      | \d{1,2}([-/.])\d{1,2}\2(?:\d\d|\d{4})                 # 24.11.2026, 11/24/26
      | \d{1,2}[:.]\d\d                                       # 15:30
      | [$€£¥₱₹]\s?\d[\d.,]* | \d[\d.,]*\s?[$€£¥₱₹%]         # $1,250.00
      | \d+[.,]\d\d                                           # 1250.00
      | (?:\(?\d{3}\)?|0\d{3})[- ]\d{3}[- ]\d{4}             # (212) 555-0123
    )(?=[.,;:!?)]*(?:\s|\Z))
    """,
    re.VERBOSE,
)
"""Dates, times, amounts and phone numbers as people write them."""


_DOUBLED = {str(digit): sum(divmod(2 * digit, 10)) for digit in range(10)}


class NotTyped(ValueError):
    """A text that cannot be stored; its message is the sentence for the field."""


def clean(text: str | None) -> str:
    """The text as typed, without what is invisible or can't be stored: control and format characters, directions.

    Joiners, emoji selectors and the tags of a flag stay where they shape a visible character.
    """
    if not text:
        return ""
    unified = _LINE_END.sub("\n", text).replace("\u2800", " ")
    return _UNSEEN.sub(_shaping, unified).strip()


def length(text: str) -> int:
    """How many characters of a cleaned text somebody reads; several blanks in a row are one, and so are piles of marks."""
    count, marks = 0, MARKS_AT_MOST
    for character in _UNSEEN.sub("", " ".join(text.split())):
        category = unicodedata.category(character)[0]
        if category != "M":
            marks = 0 if category == "L" else MARKS_AT_MOST
        elif marks == MARKS_AT_MOST:
            continue
        else:
            marks += 1
        count += 1
    return count


def read_free_text(value: str | None, least: int, most: int, sentence: str) -> str:
    """A free text, cleaned; raises NotTyped with `sentence` where it is too short or too long, or holds a card number."""
    text = clean(value)
    if length(text) < least or len(text) > most:
        raise NotTyped(sentence)
    if holds_card_number(text):
        raise NotTyped(CARD_REFUSED)
    return text


def holds_card_number(text: str) -> bool:
    """Whether 13 to 19 digits pass the Luhn check, as payment cards do; such a text is refused.

    A card is looked for from each group of digits on: the code or date behind it must not hide it. What an issuer uses
    is found with up to three separators between any digits; other numbers only in groups of one size with the same plain
    gap, and only where they stand by themselves. Phone numbers in their international form, IBANs, dates, times and
    amounts are none.
    """
    flat = _folded(text)
    found = list(_numbers(flat))
    return bool(found) and not _explained(found, flat)


@dataclass(frozen=True)
class _Number:
    """Digits that may be one number, with what stands between their groups."""

    start: int
    end: int
    digits: str
    sizes: tuple[int, ...]
    gaps: frozenset[str]
    stands_alone: bool
    """Whether no other digits are so near that they may belong to it, and no letter is glued to it."""

    @property
    def is_issued(self) -> bool:
        return _ISSUED.fullmatch(self.digits) is not None

    @property
    def is_even(self) -> bool:
        """In groups of one size, of which the last may be shorter, or as American Express prints them."""
        first, *others = self.sizes
        return (set(others[:-1]) <= {first} and self.sizes[-1] <= first) or self.sizes in _PRINTED

    @property
    def may_be_a_card(self) -> bool:
        plain = len(self.gaps) <= 1 and all(map(_PLAIN_GAP.fullmatch, self.gaps))
        return (plain and self.is_even and self.stands_alone) or self.is_issued


def _numbers(flat: str) -> Iterator[_Number]:
    """Every number that passes the Luhn check and may be a card's, from each group of digits on."""
    groups = [match.span() for match in _GROUP.finditer(flat)]
    linked = [_GAP.fullmatch(flat, end, start) is not None for (_, end), (start, _) in pairwise(groups)]
    for first in range(len(groups)):
        digits = ""
        for last in range(first, min(first + LONGEST_CARD, len(groups))):
            if last > first and not linked[last - 1]:
                break
            digits += flat[slice(*groups[last])]
            if len(digits) > LONGEST_CARD:
                break
            if len(digits) >= SHORTEST_CARD and _luhn(digits):
                among = groups[first : last + 1]
                gaps = frozenset(flat[end:start] for (_, end), (start, _) in pairwise(among))
                sizes = tuple(end - start for start, end in among)
                start, end = among[0][0], among[-1][1]
                near = linked[first - 1 : first] + linked[last : last + 1]
                glued = flat[max(0, start - 1) : start] + flat[end : end + 1]
                alone = not any(near) and not any(map(str.isalpha, glued))
                number = _Number(start, end, digits, sizes, gaps, alone)
                if number.may_be_a_card:
                    yield number


def _explained(found: Iterable[_Number], flat: str) -> bool:
    """Whether all of them are phone numbers or IBANs, or rows of dates, phone numbers and amounts rather than one number."""
    phones = [(match.start, match.end) for match in phonenumbers.PhoneNumberMatcher(flat, None)]
    whole = [*phones, *_ibans(flat)]
    others = [*phones, *(match.span() for match in _OTHER.finditer(flat))]
    for number in found:
        if any(start <= number.start and number.end <= end for start, end in whole):
            continue
        is_one = number.is_issued and (number.is_even or len(number.gaps) == 1)
        if is_one or not any(start < number.end and number.start < end for start, end in others):
            return False
    return True


def _ibans(flat: str) -> Iterator[tuple[int, int]]:
    """Where a bank account's number stands whose check digits are right (ISO 13616): it may be written in fours as well."""
    for match in _IBAN.finditer(flat):
        groups = re.split("[ -]", match.group())
        # A word in capitals may follow: the number ends where its check digits are right.
        for most in range(len(groups), 0, -1):
            number = "".join(groups[:most])
            if len(number) >= SHORTEST_IBAN and _is_iban(number):
                yield match.start(), match.start() + sum(map(len, groups[:most])) + most - 1
                break


def _is_iban(number: str) -> bool:
    return int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1


def _folded(text: str) -> str:
    """The text with every kind of digit as 0 to 9, and nothing invisible between them."""
    if text.isascii():
        return text
    flat = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return "".join(plain_digit(character) for character in flat if unicodedata.category(character)[0] != "M")


def plain_digit(character: str) -> str:
    """A digit of any script or style as 0 to 9, any other character as it is: one for one."""
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)


def _luhn(digits: str) -> bool:
    doubled = sum(_DOUBLED[digit] for digit in digits[-2::-2])
    return (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0 and len(set(digits)) > 1


def _shaping(unseen: re.Match[str]) -> str:
    """What a run of unseen characters leaves: a selector, a joiner, or the tags of a flag, each where it shapes something."""
    run, text = unseen.group(), unseen.string
    before = text[unseen.start() - 1] if unseen.start() else " "
    after = text[unseen.end()] if unseen.end() < len(text) else " "
    if before == _BLACK_FLAG and (tags := _FLAG_TAGS.match(run)):
        return tags.group()
    selector = _SELECTOR.match(run)
    kept = selector.group() if selector and not before.isspace() else ""
    joiner = _JOINER.search(run)
    if joiner and _joins(before) and _joins(after):
        kept += joiner.group()
    return kept


def _joins(character: str) -> bool:
    return character >= _JOINS_FROM and not character.isspace()
