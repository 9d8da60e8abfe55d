"""What the commands answer, only to who asked: lists of callbacks, one case with its history, help and tips."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.views.message import LinkedCase, Message
from cases.case import Case
from cases.program import Program
from storage.records import EventRecord


def callbacks(cases: Sequence[LinkedCase], which: str, now: datetime) -> Message:
    """The cases, soonest call first; `which` is the word after `/callbacks` (`mine` where there is none)."""
    raise NotImplementedError


def show(case: Case, program: Program, now: datetime, events: Sequence[EventRecord]) -> Message:
    """One case and what happened to it, without the full number."""
    raise NotImplementedError


def help_(program: Program) -> Message:
    """What one can type here, and how a case goes."""
    raise NotImplementedError


def tips() -> Message:
    """The ten de-escalation steps, each with its line of coaching."""
    raise NotImplementedError
