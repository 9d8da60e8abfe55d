"""The languages that a customer may speak: a code for each, kept, and its English name, shown (both are Babel's).

Babel is loaded when the names are first asked for: a bot does so at its start, so that no ack waits for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

NO_LANGUAGE = frozenset({"mul", "und", "zxx"})
"""What Babel names though nobody speaks it: several languages, an unknown one, none."""

ALSO = {"castilian": "es", "farsi": "fa", "mandarin": "zh", "mandarin chinese": "zh"}
"""Names that many people use and Babel does not."""

_WITH_REGION = re.compile(r"([a-z]{2,3})[-_][a-z0-9]{2,4}")


@cache
def names() -> Mapping[str, str]:
    """Every language's English name by its code, in the order of the alphabet."""
    found = {code: name for code, name in _babel().items() if "_" not in code and code not in NO_LANGUAGE}
    return dict(sorted(found.items(), key=lambda entry: entry[1].casefold()))


def is_language(code: str) -> bool:
    """Whether a code is one of the list."""
    return code in names()


def name(code: str) -> str:
    """A language as people call it."""
    return names().get(code, code)


def offered(typed: str, own: Sequence[str]) -> list[str]:
    """The codes whose name or code matches what somebody typed, the program's `own` first, then the closest."""
    wanted = typed.strip().casefold()

    def distance(code: str) -> int | None:
        said = name(code).casefold()
        if code == wanted or said == wanted:
            return 0
        if any(word.startswith(wanted) for word in [said, *said.split()]):
            return 1
        return 2 if wanted in said else None

    found = {code: near for code in dict.fromkeys([*own, *names()]) if (near := distance(code)) is not None}
    return sorted(found, key=lambda code: (code not in own, found[code]))


def read_language(text: str, others: Mapping[str, str] | None = None) -> str | None:
    """The code of a language that was written out: its code, an English name, or one of the `others` (in small letters)."""
    said = " ".join(text.split()).casefold()
    with_region = _WITH_REGION.fullmatch(said)
    if with_region and is_language(with_region[1]):
        return with_region[1]
    return said if is_language(said) else {**(others or {}), **_written()}.get(said)


def told_apart(held: str, written: str | None) -> tuple[str, str]:
    """A case's language as a code, and what was written in its place, from the two columns."""
    if not held or is_language(held):
        return held, written or ""
    code = read_language(held)
    return (code, written or "") if code else ("", held)


@cache
def _written() -> Mapping[str, str]:
    """Codes by all that people call a language in English, and by the three letters of ISO 639."""
    from babel import core

    found = {alias: code for alias, code in core.get_global("language_aliases").items() if is_language(code)}
    found |= {name.casefold(): code.partition("_")[0] for code, name in _babel().items()}
    found |= {name.casefold(): code for code, name in names().items()}
    return {**found, **ALSO}


def _babel() -> Mapping[str, str]:
    from babel import Locale

    languages: Mapping[str, str] = Locale("en").languages
    return languages
