"""Languages typed as text, before there was a list or by an older bot.

Those on the list become codes. Anything else may say anything about the customer: it counts as personal as soon as it
is read, and moves to the personal column.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from sqlalchemy import select

from cases.events import Event, Happened
from cases.languages import is_language, names, read_language
from cases.people import ASKDESK
from storage import tables as t
from storage.privacy.wipe import note_traces
from storage.reading import Reading
from storage.unit import UnitOfWork
from storage.writing.cases import amend_case

BATCH = 50


def written_out(reading: Reading) -> list[tuple[int, int]]:
    """The first cases whose language is not a code: number and program of each."""
    c = t.cases.c
    named = select(c.number).where(c.language != "").limit(1)
    if not reading.finds(named):
        return []  # saves loading the list
    query = select(c.number, c.program).where(c.language != "", c.language.not_in(names().keys()))
    return [
        (row.number, row.program) for row in reading.connection.execute(query.order_by(c.number).limit(BATCH))
    ]


def settle(unit: UnitOfWork, found: Sequence[tuple[int, int]], now: datetime) -> int:
    """Turns these into codes, or moves them to the personal column; returns how many."""
    c = t.cases.c
    still = select(c.number).where(c.language != "", c.language.not_in(names().keys()))
    due = set(unit.connection.execute(still.where(c.number.in_([number for number, _ in found]))).scalars())
    for number, program in found:
        if number not in due:
            continue  # another bot was faster
        case = unit.locked_case(number, program)
        code = case.said.language or read_language(case.said.language_written, own_names())
        if code or case.blanked_at is not None:
            case = replace(case, said=replace(case.said, language=code or "", language_written=""))
        amend_case(unit, case, Event(Happened.LANGUAGE_SETTLED, ASKDESK.id), program, now)
    if due:
        note_traces(unit)
    return len(due)


@cache
def own_names() -> Mapping[str, str]:
    """Codes by the languages' own names, in lower case.

    Babel caches every locale it loads; these three hundred are read without its cache.
    """
    from babel import localedata

    found: dict[str, str] = {}
    for code in localedata.locale_identifiers():
        if is_language(code):
            with open(localedata.resolve_locale_filename(code), "rb") as file:
                own = pickle.load(file).get("languages", {}).get(code)
            found |= {own.casefold(): code} if own else {}
    return found
