"""What must not be read outside the case: Slack's tokens, customers' numbers and addresses, blanked out of any text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import date, datetime, time, timedelta

_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)(?<![a-z0-9])(?:xox[a-z]|xapp)[.-][a-z0-9.%_-]*"), "[token]"),
    # Whoever has these addresses may speak as the app, or take its envelopes.
    (re.compile(r"(?i)https?://hooks\.slack\.com/\S+"), "[response address]"),
    (re.compile(r"(?i)\b(ticket=)[^&\s\"'<>]+"), r"\1[ticket]"),
    (re.compile(r"(?i)([a-z0-9+.]+://)[^/\s:@]*:[^/\s]*@"), r"\1[login]@"),
    (re.compile(r"[^\s@<>,;:|\"'()\[\]{}=]+@[^\s@<>,;:|\"'()\[\]{}=]+\.[A-Za-z]{2,}"), "[e-mail]"),
)

_GAP = r"[ .()/\-\u00a0\u202f\u2010-\u2015]{0,3}"
_NUMBERS = re.compile(
    r"""(?P<keep>
            (?<!\d)\d{4}-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)
          | (?<![\d+])\d{10}\.\d{6}(?!\d)
        )
      | (?<![0-9A-Za-z])[+\uff0b]?\d(?:"""
    + _GAP.replace(" ", r"\ ")
    + r"""\d){6,}""",
    re.VERBOSE,
)
"""Runs of seven digits and more, with what people put between them. A date and a message's `ts` are kept."""


def redact(text: str) -> str:
    """The text without tokens, logins, phone and card numbers and e-mail addresses."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return _NUMBERS.sub(lambda found: found["keep"] or "[number]", text)


def redact_value(value: object) -> object:
    """The same for anything that can be logged: containers inside out, objects by their `repr`."""
    if value is None or isinstance(value, (bool, float, datetime, date, time, timedelta)):
        return value
    if isinstance(value, int):
        shown = redact(str(int(value)))
        return value if shown == str(int(value)) else shown
    if isinstance(value, str):
        return redact(str(value))
    if isinstance(value, bytes):
        return redact(value.decode("utf-8", "replace"))
    if isinstance(value, Mapping):
        return {redact(str(key)): redact_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, Set)):
        return [redact_value(item) for item in value]
    return redact(repr(value))
