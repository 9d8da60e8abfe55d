"""Rows to values and back, at storage's edge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cases.case import (
    Attempt,
    Callback,
    CallbackState,
    Case,
    Closing,
    Escalation,
    Status,
)
from cases.contact import Contact
from cases.languages import told_apart
from cases.words import (
    CallbackKind,
    ContactKind,
    Disposition,
    Missed,
    Mood,
    NotAttempted,
    Outcome,
    Priority,
    Reason,
    Satisfied,
    Scenario,
    Step,
    Verdict,
    WantedBy,
)
from storage import tables as t
from storage.personal import opened, sealed
from storage.vault import Vault

Row = Mapping[Any, Any]


def joined(words: tuple[Any, ...]) -> str:
    """A list of words (or numbers) as one column holds it."""
    return ",".join(str(word) for word in words)


def parted(column: str) -> list[str]:
    """The list behind a comma-separated column."""
    return column.split(",") if column else []


def case_row(case: Case, vault: Vault, *, bound: bool) -> dict[str, Any]:
    """A case's columns, all but its stamp."""
    said, closing, other = case.said, case.closing, case.contact
    row = {
        "number": case.number,
        "program": case.program,
        "version": case.version,
        "status": case.status.value,
        "priority": case.priority.value,
        "related": joined(case.related),
        "customer": said.customer,
        "contact_kind": said.contact.kind.value,
        "contact": said.contact.value,
        "waiting": said.waiting,
        "due_at": said.due_at,
        "zone": said.zone,
        "scenario": said.scenario.value,
        "reasons": joined(said.reasons),
        "other_reason": said.other_reason,
        "steps": joined(said.steps),
        "not_attempted": said.not_attempted and said.not_attempted.value,
        "details": said.details,
        "superior": said.superior,
        "asked_department": said.department,
        "reference": said.reference,
        "mood": said.mood and said.mood.value,
        "language": said.language,
        "language_written": said.language_written or None,
        "phone_region": said.phone_region,
        "repeat": said.repeat,
        "asked_for_time": said.asked_for_time,
        "raised_by": case.raised_by,
        "raised_at": case.raised_at,
        "owner": case.owner,
        "claimed_at": case.claimed_at,
        "free_since": case.free_since,
        "tier": case.tier,
        "department": case.department,
        "other_contact_kind": other and other.kind.value,
        "other_contact": other and other.value,
        "round": case.round,
        "allowed": case.allowed,
        "unreached": case.unreached,
        "callback": case.callback and case.callback.number,
        "call": case.call and case.call.number,
        "callbacks": case.callbacks,
        "attempts": case.attempts,
        "first_due_at": case.first_due_at,
        "unanswered_since": case.unanswered_since,
        "closed_at": case.closed_at,
        "outcome": closing and closing.outcome.value,
        "notes": closing and closing.notes,
        "granted": closing and closing.granted,
        "satisfied": closing and closing.satisfied.value,
        "right_department": closing and closing.right_department and closing.right_department.value,
        "assessed_well": closing and closing.assessed_well and closing.assessed_well.value,
        "missed": closing and closing.missed.value,
        "blanked_at": case.blanked_at,
    }
    return sealed(t.cases, row, vault, bound=bound)


def case_value(held: Row, callback: Callback | None, call: Attempt | None, vault: Vault) -> Case:
    """A case from its row, with its pending promise and running call."""
    row = opened(t.cases, held, vault)
    language, language_written = told_apart(row["language"], row["language_written"])
    said = Escalation(
        customer=row["customer"],
        contact=Contact(ContactKind(row["contact_kind"]), row["contact"]),
        waiting=bool(row["waiting"]),
        due_at=row["due_at"],
        zone=row["zone"],
        scenario=Scenario(row["scenario"]),
        reasons=tuple(Reason(word) for word in parted(row["reasons"])),
        details=row["details"],
        steps=tuple(Step(word) for word in parted(row["steps"])),
        not_attempted=NotAttempted(row["not_attempted"]) if row["not_attempted"] else None,
        other_reason=row["other_reason"],
        superior=row["superior"],
        department=row["asked_department"],
        reference=row["reference"],
        mood=Mood(row["mood"]) if row["mood"] else None,
        language=language,
        language_written=language_written,
        phone_region=row["phone_region"],
        repeat=bool(row["repeat"]),
        asked_for_time=bool(row["asked_for_time"]),
    )
    other = row["other_contact"]
    return Case(
        number=row["number"],
        program=row["program"],
        status=Status(row["status"]),
        said=said,
        raised_by=row["raised_by"],
        raised_at=row["raised_at"],
        free_since=row["free_since"],
        allowed=row["allowed"],
        priority=Priority(row["priority"]),
        related=tuple(int(number) for number in parted(row["related"])),
        owner=row["owner"],
        claimed_at=row["claimed_at"],
        tier=row["tier"],
        department=row["department"],
        contact=Contact(ContactKind(row["other_contact_kind"]), other) if other else None,
        round=row["round"],
        unreached=row["unreached"],
        callback=callback,
        call=call,
        callbacks=row["callbacks"],
        attempts=row["attempts"],
        first_due_at=row["first_due_at"],
        unanswered_since=row["unanswered_since"],
        closing=_closing(row),
        closed_at=row["closed_at"],
        blanked_at=row["blanked_at"],
        version=row["version"],
    )


def _closing(row: Row) -> Closing | None:
    if row["outcome"] is None:
        return None
    return Closing(
        outcome=Outcome(row["outcome"]),
        notes=row["notes"] or "",
        granted=row["granted"] or "",
        satisfied=Satisfied(row["satisfied"]),
        right_department=Verdict(row["right_department"]) if row["right_department"] else None,
        assessed_well=Verdict(row["assessed_well"]) if row["assessed_well"] else None,
        missed=Missed(row["missed"]),
    )


def callback_row(case: int, callback: Callback) -> dict[str, Any]:
    return {
        "case_number": case,
        "number": callback.number,
        "due_at": callback.due_at,
        "zone": callback.zone,
        "window_seconds": int(callback.window.total_seconds()),
        "kind": callback.kind.value,
        "wanted_by": callback.wanted_by.value,
        "state": callback.state.value,
        "called_at": callback.called_at,
        "asked_for_time": callback.asked_for_time,
        "stays": callback.stays,
    }


def callback_value(row: Row) -> Callback:
    return Callback(
        number=row["number"],
        due_at=row["due_at"],
        zone=row["zone"],
        window=timedelta(seconds=row["window_seconds"]),
        kind=CallbackKind(row["kind"]),
        wanted_by=WantedBy(row["wanted_by"]),
        state=CallbackState(row["state"]),
        called_at=row["called_at"],
        asked_for_time=bool(row["asked_for_time"]),
        stays=row["stays"],
    )


def attempt_row(case: int, attempt: Attempt, vault: Vault, *, bound: bool) -> dict[str, Any]:
    row = {
        "case_number": case,
        "number": attempt.number,
        "callback": attempt.callback,
        "caller": attempt.caller,
        "started_at": attempt.started_at,
        "ended_at": attempt.ended_at,
        "disposition": attempt.disposition and attempt.disposition.value,
        "note": attempt.note,
    }
    return sealed(t.attempts, row, vault, bound=bound)


def attempt_value(held: Row, vault: Vault) -> Attempt:
    row = opened(t.attempts, held, vault)
    return Attempt(
        number=row["number"],
        callback=row["callback"],
        caller=row["caller"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        disposition=Disposition(row["disposition"]) if row["disposition"] else None,
        note=row["note"],
    )
