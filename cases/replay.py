"""What the events of a case add up to: told again from its record, to be held against the case as it is kept.

Pure. Only what the facts carry is told; what people typed is not in them. Of an event that is not known here (a newer
version wrote it) nothing can be concluded, nor of the case after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.case import Status
from cases.close_form import CHOSEN
from cases.coaching import CoachingState
from cases.events import About, Happened
from cases.ownership import Told
from cases.words import Disposition

CLOSING = ("outcome", *(question.value for question in CHOSEN))
_NEW_HANDS = frozenset({Happened.HANDED_OVER, Happened.TAKEN_OVER, Happened.RELEASED, Happened.OWNER_LEFT})
_COUNTED = frozenset(one.value for one in Disposition if one.follows.counts)
_RAISED = ("priority", "waiting", "scenario", "reasons", "steps", "related", "superior", "not_attempted")


@dataclass(slots=True)
class Calls:
    """An attempt as its events tell it."""

    caller: str
    started_at: datetime
    ended_at: datetime | None = None
    disposition: str | None = None


@dataclass(slots=True)
class Replayed:
    """A case so far. `is_known` is False after an event that this version does not know.

    `columns` are the case's own, `promises` its callbacks' times and zones, `attempts` its calls; each by its number.
    """

    line: int
    hash: str
    columns: dict[str, Any]
    promises: dict[int, tuple[str, str]] = field(default_factory=dict)
    attempts: dict[int, Calls] = field(default_factory=dict)
    is_known: bool = True

    def follow(self, event: Told) -> None:
        """The case after an event that is not about its raising."""
        facts: Mapping[str, Any] = event.facts
        now, kind = self.columns, event.kind
        if kind.about is About.LINE:
            return
        if "callback" in facts:
            self._promised(facts)
        if "attempt" in facts:
            self._called(event, facts)
        if kind in _NEW_HANDS:
            now["call"] = None
        match kind:
            case Happened.CLAIMED:
                now |= {"status": Status.CLAIMED.value, "owner": event.by}
                now["claimed_at"] = now["claimed_at"] or event.at
            case Happened.CALLING:
                pass
            case Happened.ATTEMPTED:
                now["unreached"] += facts.get("disposition") in _COUNTED
                if "callback" not in facts:
                    now["callback"] = None
            case Happened.ATTEMPTS_RAN_OUT:
                now |= {"callback": None, "unanswered_since": event.at}
            case Happened.RESCHEDULED | Happened.ATTEMPT_GRANTED:
                now["unanswered_since"] = None
            case Happened.HANDED_OVER:
                now["owner"] = facts.get("to")
            case Happened.TAKEN_OVER:
                now["owner"] = event.by
            case Happened.RELEASED | Happened.OWNER_LEFT:
                now |= {"status": Status.OPEN.value, "owner": None}
            case Happened.ESCALATED:
                if now["call"] is not None:
                    call = self.attempts[now["call"]]
                    call.ended_at, call.disposition = event.at, Disposition.REACHED.value
                now |= {"owner": facts.get("to"), "tier": facts.get("tier"), "call": None}
                now |= {"unreached": 0, "unanswered_since": None}
            case Happened.FOLLOW_UP:
                now |= {name: facts.get(name) for name in CLOSING} | {"unreached": 0}
            case Happened.CLOSED:
                now |= {name: facts.get(name) for name in CLOSING}
                now |= {"status": Status.CLOSED.value, "closed_at": event.at}
                now |= {"callback": None, "unanswered_since": None}
            case Happened.REOPENED:
                now |= dict.fromkeys((*CLOSING, "closed_at", "unanswered_since"))
                now |= {"status": Status.CLAIMED.value, "owner": facts.get("owner"), "unreached": 0}
            case Happened.BLANKED:
                now["blanked_at"] = event.at
            case _:
                self.is_known = False

    def _promised(self, facts: Mapping[str, Any]) -> None:
        """A new promise is the one that waits."""
        number = int(facts["callback"])
        self.promises[number] = (str(facts["due_at"]), str(facts["zone"]))
        self.columns |= {"callback": number, "callbacks": number}

    def _called(self, event: Told, facts: Mapping[str, Any]) -> None:
        """A call begins with *Calling now*, or with its outcome where nobody clicked that."""
        number = int(facts["attempt"])
        begun = self.attempts.get(number)
        if begun is None or event.kind is Happened.CALLING:
            self.attempts[number] = begun = Calls(begun.caller if begun else event.by, event.at)
        over = event.kind is not Happened.CALLING
        if over:
            begun.ended_at, begun.disposition = event.at, facts.get("disposition")
        self.columns |= {"attempts": number, "call": None if over else number}


def begun(event: Told, line: int, hash: str) -> Replayed:
    """A case as it was raised, by the line of that number."""
    facts: Mapping[str, Any] = event.facts
    case = Replayed(
        line,
        hash,
        {
            "status": Status.OPEN.value,
            "raised_by": event.by,
            "raised_at": event.at,
            "owner": None,
            "claimed_at": None,
            "tier": 1,
            "unreached": 0,
            "attempts": 0,
            "call": None,
            "unanswered_since": None,
            "closed_at": None,
            "blanked_at": None,
            **dict.fromkeys(CLOSING),
            **{name: facts[name] for name in _RAISED if name in facts},
        },
    )
    case._promised(facts)
    first = datetime.fromisoformat(str(facts["due_at"]))
    case.columns |= {"zone": facts["zone"], "due_at": first, "first_due_at": first}
    return case


def coached(items: dict[int, dict[str, Any]], event: Told, case: int) -> None:
    """What is owed and given to agents after an event around a case: the columns of each item, by its number."""
    facts: Mapping[str, Any] = event.facts
    number = int(facts["item"])
    match event.kind:
        case Happened.COACHING_OWED:
            fresh = {
                "case_number": case,
                "is_pattern": "cases" in facts,
                "cases": facts.get("cases"),
                "agent": facts["agent"],
                "opened_at": event.at,
                "due_at": datetime.fromisoformat(facts["due_at"]),
                "state": CoachingState.OWED.value,
                **dict.fromkeys(("given_by", "given_at", "acknowledged_at")),
            }
            # Owed again is owed by somebody else: managers stand in for a superior who left.
            items.setdefault(number, fresh)["superior"] = facts["superior"]
        case Happened.COACHING_GIVEN:
            items[number] |= {
                "state": CoachingState.GIVEN.value,
                "given_by": event.by,
                "given_at": event.at,
            }
        case Happened.COACHING_ACKNOWLEDGED:
            items[number] |= {"state": CoachingState.ACKNOWLEDGED.value, "acknowledged_at": event.at}
