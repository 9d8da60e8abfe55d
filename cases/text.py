"""What may stand in a text that somebody typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_DIGIT_GROUPS = re.compile(r"\d+(?:[ .\-\u00a0\u2010-\u2015]{1,2}\d+)*")


def clean(text: str | None) -> str:
    """The text as typed, without the characters that no one can see or store (control characters but line breaks)."""
    if not text:
        return ""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in unified if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def holds_card_number(text: str) -> bool:
    """Whether 13 to 19 digits pass the Luhn check, as payment cards do; such a text is refused.

    A card is looked for from each group of digits on: the code or date behind it must not hide it.
    """
    return any(_luhn(number) for run in _DIGIT_GROUPS.finditer(text) for number in _numbers(run.group()))


def _numbers(run: str) -> Iterator[str]:
    groups = re.findall(r"\d+", run)
    for start in range(len(groups)):
        number = ""
        for group in groups[start:]:
            number += group
            if len(number) > 19:
                break
            if len(number) >= 13:
                yield number


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 1
