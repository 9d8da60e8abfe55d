"""What must not be read outside the case: Slack's tokens, customers' numbers and addresses, blanked out of any text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import date, datetime, time, timedelta

_PLAIN = r"[^\s@<>,;:|\"'()\[\]{}=]"

_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)(?:xox[a-z]|xapp)[.-][a-z0-9.%_-]*"), "[token]"),
    # Whoever has these addresses may speak as the app, or take its envelopes.
    (re.compile(r"(?i)https?://hooks\.slack(?:-gov)?\.com/\S+"), "[response address]"),
    (re.compile(r"(?i)(ticket=)[^&\s\"'<>]+"), r"\1[ticket]"),
    (re.compile(r"(?i)(?<![a-z0-9+.])([a-z0-9+.]++://)[^/\s:@]*+:[^/\s]*@"), r"\1[login]@"),
)
"""What is blanked and what stands there instead.

Each pattern begins with a fixed word, or once in a run of letters by the look behind it, and never takes back what it
has read (`++`): a hostile text costs as much as any other of its length.
"""

_ADDRESSES = re.compile(rf"(?<!{_PLAIN}){_PLAIN}++(?:@{_PLAIN}++)++")
_DOMAIN_END = re.compile(r"\.[A-Za-z]{2,}")

_GAP = r"[ .()/\-\u00a0\u202f\u2010-\u2015]{0,3}"
_BETWEEN_DIGITS = "0123456789+\uff0b .()/-\u00a0\u202f\u2010\u2011\u2012\u2013\u2014\u2015"
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


LONGEST = 32_768
"""Characters of one text that are shown; a traceback has a few thousand."""

_CUT = "[cut]"


def redact(text: str) -> str:
    """The text without tokens, logins, phone and card numbers and e-mail addresses; its beginning, where it is long."""
    return redact_all(text) if len(text) <= LONGEST else f"{redact_all(_beginning(text))} {_CUT}"


def redact_all(text: str) -> str:
    """The same without an end: the work grows as the text does."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    text = _ADDRESSES.sub(_without_address, text)
    return _NUMBERS.sub(lambda found: found["keep"] or "[number]", text)


def _beginning(text: str) -> str:
    """As much as is shown, without a last word or number that the cut may have halved beyond recognition."""
    words, space, _half = text[:LONGEST].rpartition(" ")
    return words.rstrip(_BETWEEN_DIGITS) if space else ""


def _without_address(found: re.Match[str]) -> str:
    """Words with @ between them are an address where something like .org comes after one."""
    word = found[0]
    end = max((domain.end() for domain in _DOMAIN_END.finditer(word, word.index("@"))), default=0)
    return f"[e-mail]{word[end:]}" if end else word


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
