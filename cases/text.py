"""What may stand in a text that somebody typed."""

from __future__ import annotations

import re
import unicodedata

_DIGIT_RUN = re.compile(r"(?<!\d)\d(?:[ \-.]?\d){12,18}(?!\d)")


def clean(text: str | None) -> str:
    """The text as typed, without the characters that no one can see or store (control characters but line breaks)."""
    if not text:
        return ""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in unified if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def holds_card_number(text: str) -> bool:
    """Whether a run of 13 to 19 digits passes the Luhn check, as payment cards do; such a text is refused."""
    return any(_luhn(re.sub(r"\D", "", run.group())) for run in _DIGIT_RUN.finditer(text))


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 1
