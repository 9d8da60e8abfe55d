"""How cases and programs stand in their tables: what their attributes do not say themselves (storage/rows.py)."""

from __future__ import annotations

from typing import Any

from cases.case import Attempt, Callback, Case, Closing, Escalation
from cases.contact import Contact
from cases.languages import told_apart
from cases.program import Program
from cases.reminders.engine import Chain, Reminder
from storage import tables as t
from storage.personal import opened, sealed
from storage.records import Post
from storage.rows import Row, Rows, json_form
from storage.vault import Vault

CASES = Rows(
    Case,
    t.cases,
    inside={
        "said": Rows(
            Escalation,
            t.cases,
            names={"department": "asked_department"},
            inside={"contact": Rows(Contact, t.cases, names={"kind": "contact_kind", "value": "contact"})},
        ),
        "contact": Rows(
            Contact,
            t.cases,
            names={"kind": "other_contact_kind", "value": "other_contact"},
            there="other_contact",
        ),
        "closing": Rows(Closing, t.cases, there="outcome"),
    },
    apart=("callback", "call"),
)
CALLBACKS = Rows(Callback, t.callbacks)
ATTEMPTS = Rows(Attempt, t.attempts)
POSTS = Rows(Post, t.posts, names={"case": "case_number"})
REMINDERS = Rows(Reminder, t.reminders, inside={"chain": Rows(Chain, t.reminders)})


def case_row(case: Case, vault: Vault, *, bound: bool) -> dict[str, Any]:
    """A case's columns, all but its stamp."""
    row = CASES.row(case)
    row["callback"] = case.callback and case.callback.number
    row["call"] = case.call and case.call.number
    return sealed(t.cases, row, vault, bound=bound)


def case_value(held: Row, callback: Callback | None, call: Attempt | None, vault: Vault) -> Case:
    """A case from its row, with its pending promise and running call."""
    row = opened(t.cases, held, vault)
    row["language"], row["language_written"] = told_apart(row["language"], row["language_written"])
    return CASES.value(row, callback=callback, call=call)


def callback_row(case: int, callback: Callback) -> dict[str, Any]:
    return {"case_number": case, **CALLBACKS.row(callback)}


def attempt_row(case: int, attempt: Attempt, vault: Vault, *, bound: bool) -> dict[str, Any]:
    return sealed(t.attempts, {"case_number": case, **ATTEMPTS.row(attempt)}, vault, bound=bound)


def attempt_value(held: Row, vault: Vault) -> Attempt:
    return ATTEMPTS.value(opened(t.attempts, held, vault))


PEOPLE = (
    *("sme_groups", "tl_groups", "manager_groups", "sme_users", "tl_users", "manager_users"),
    *("departments", "shifts"),
)
"""What of a program stands in its column `people`. What has no column of its own either stands in `numbers`."""


def program_row(program: Program) -> dict[str, Any]:
    """A program's columns, all but its id. Lengths are in minutes."""
    numbers = json_form(Program).held(program)
    del numbers["id"]
    columns = {
        name: numbers.pop(name) for name in [column.name for column in t.programs.c] if name in numbers
    }
    people = {name: numbers.pop(name) for name in PEOPLE}
    return {**columns, "people": people, "numbers": numbers}


def program_value(row: Row) -> Program:
    """A program from its row. What the row does not hold has its default; what this version does not know is left out."""
    program: Program = json_form(Program).value({**row, **row["people"], **row["numbers"]})
    return program
