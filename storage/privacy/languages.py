"""Languages that were written out, before there was a list or by a bot of an older version.

What the list has becomes its code. Whatever else somebody wrote may say anything of the customer: it counts as personal
from the moment it is read, and moves to the personal column beside it.
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
from cases.people import DESK
from storage import tables as t
from storage.privacy.wipe import note_traces
from storage.reading import Reading
from storage.unit import UnitOfWork
from storage.writing.cases import amend_case

BATCH = 50


def written_out(reading: Reading) -> list[tuple[int, int]]:
    """The first cases whose language is no code, each as its number and its program's."""
    c = t.cases.c
    named = select(c.number).where(c.language != "").limit(1)
    if not reading.finds(named):
        return []  # without loading the list
    query = select(c.number, c.program).where(c.language != "", c.language.not_in(names().keys()))
    return [
        (row.number, row.program) for row in reading.connection.execute(query.order_by(c.number).limit(BATCH))
    ]


def settle(unit: UnitOfWork, found: Sequence[tuple[int, int]], now: datetime) -> int:
    """Brings these to a code, or to the personal column; how many."""
    c = t.cases.c
    still = select(c.number).where(c.language != "", c.language.not_in(names().keys()))
    due = set(unit.connection.execute(still.where(c.number.in_([number for number, _ in found]))).scalars())
    for number, program in found:
        if number not in due:
            continue  # another bot did
        case = unit.locked_case(number, program)
        code = case.said.language or read_language(case.said.language_written, own_names())
        if code or case.blanked_at is not None:
            case = replace(case, said=replace(case.said, language=code or "", language_written=""))
        amend_case(unit, case, Event(Happened.LANGUAGE_SETTLED, DESK.id), program, now)
    if due:
        note_traces(unit)
    return len(due)


@cache
def own_names() -> Mapping[str, str]:
    """Codes by what speakers call their language, in small letters.

    Babel keeps every locale that it was asked for; three hundred of them are read past it.
    """
    from babel import localedata

    found: dict[str, str] = {}
    for code in localedata.locale_identifiers():
        if is_language(code):
            with open(localedata.resolve_locale_filename(code), "rb") as file:
                own = pickle.load(file).get("languages", {}).get(code)
            found |= {own.casefold(): code} if own else {}
    return found
