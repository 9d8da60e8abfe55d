"""Every modal, one function each. Those of a move take (case, program, now), whatever of it they need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.views.message import Json, LinkedCase
from cases.case import Case
from cases.forms import EscalationForm
from cases.program import Program
from cases.words import Disposition, Outcome


def escalate(
    program: Program,
    now: datetime,
    form: EscalationForm,
    *,
    knows_superior: bool,
    already_open: Sequence[LinkedCase] = (),
) -> Json:
    """The `/escalate` form with what is known filled in."""
    raise NotImplementedError


def log_outcome(
    case: Case,
    program: Program,
    now: datetime,
    disposition: Disposition | None = None,
    outcome: Outcome | None = None,
    withdrawn: bool = False,
) -> Json:
    raise NotImplementedError


def complete(case: Case, program: Program, now: datetime, outcome: Outcome | None = None) -> Json:
    raise NotImplementedError


def reschedule(case: Case, program: Program, now: datetime) -> Json:
    raise NotImplementedError


def hand_over(case: Case, program: Program, now: datetime) -> Json:
    raise NotImplementedError


def release(case: Case, program: Program, now: datetime) -> Json:
    raise NotImplementedError


def escalate_further(case: Case, program: Program, now: datetime) -> Json:
    raise NotImplementedError


def add_note(case: Case, program: Program, now: datetime) -> Json:
    raise NotImplementedError


def sign_off(case: Case, program: Program, now: datetime) -> Json:
    raise NotImplementedError


def grant_attempt(case: Case, program: Program, now: datetime) -> Json:
    raise NotImplementedError


def reopen(case: Case, program: Program, now: datetime) -> Json:
    raise NotImplementedError


def number(case: Case) -> Json:
    raise NotImplementedError


def loading(title: str) -> Json:
    """A light view at once, while the real one is made (the trigger lives for three seconds)."""
    raise NotImplementedError


def problem(sentence: str, title: str) -> Json:
    """A sentence of the desk in place of a form."""
    raise NotImplementedError
