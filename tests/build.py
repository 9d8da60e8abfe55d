"""Values for tests: a program, what a form said, and a case in every state, made by the real moves.

from tests import build
case = build.claimed(build.raised(build.escalation(customer="Jane Doe")))
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cases import moves
from cases.case import Case, Closing, Escalation
from cases.close_form import Question
from cases.contact import Contact
from cases.forms import CloseForm, Promise, PromiseForm
from cases.moves import Acting
from cases.people import DESK, Person
from cases.program import Department, Program
from cases.words import ContactKind, Disposition, Outcome, Reason, Role, Scenario, Step
from storage.vault import Vault, new_key

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""The instant at which everything below is raised: a Monday, 9 a.m. in New York, 10 p.m. in Manila."""

DUE = NOW + timedelta(hours=2)
"""The agreed time of `escalation()`: 11 a.m. in New York."""

VAULT = Vault([new_key()])
"""With a key of this run."""

CUSTOMER_ZONE = "America/New_York"
NUMBER = "+12125554567"

ANA = Person("U0ANA")
"""The agent who raises."""
BEN = Person("U0BEN", frozenset({Role.SME_TL}))
"""The team lead who claims."""
TESS = Person("U0TESS", frozenset({Role.SME_TL}))
"""Another team lead."""
MIA = Person("U0MIA", frozenset({Role.MANAGER}))
"""The manager."""

IT = Department("IT", groups=("S0IT",))
BILLING = Department("Billing & refunds", users=("U0BILL",))

DETAILS = "Charged twice in October. Promised: a team lead calls before noon with the refund's date."
NOTES = "Apologised, refunded the second charge, confirmed by mail."


def program(**changes: Any) -> Program:
    """A billing desk in Manila for customers in the United States."""
    standard = Program(
        id=1,
        channel="C0ASKBILL",
        name="Northwind Billing",
        timezone="Asia/Manila",
        customer_timezone=CUSTOMER_ZONE,
        phone_region="US",
        sme_groups=("S0SMES",),
        tl_groups=("S0TLS",),
        manager_groups=("S0MGRS",),
        departments=(IT, BILLING),
    )
    return replace(standard, **changes)


def acting(
    who: Person,
    now: datetime = NOW,
    desk: Program | None = None,
    *,
    owned_since: datetime | None = None,
    asked_for_time: bool = True,
) -> Acting:
    """Somebody at the desk; their customers want to be called at any hour, if not said otherwise."""
    return Acting(desk or program(), who, now, owned_since=owned_since, asked_for_time=asked_for_time)


def escalation(**changes: Any) -> Escalation:
    """What the form said: Jane Doe agreed to a call at DUE."""
    standard = Escalation(
        customer="Jane Doe",
        contact=Contact(ContactKind.PHONE, NUMBER),
        waiting=False,
        due_at=DUE,
        zone=CUSTOMER_ZONE,
        scenario=Scenario.DURING,
        reasons=(Reason.BILLING_DISPUTE, Reason.PROMISE_BROKEN),
        details=DETAILS,
        steps=(Step.LISTENED, Step.APOLOGISED),
        superior=BEN.id,
    )
    return replace(standard, **changes)


def raised(
    said: Escalation | None = None,
    *,
    number: int = 42,
    by: Person = ANA,
    now: datetime = NOW,
    related: tuple[int, ...] = (),
    desk: Program | None = None,
) -> Case:
    """An open case that nobody has claimed."""
    return moves.raise_case(
        None, acting(by, now, desk or program()), number, said or escalation(), related
    ).case


def waiting(**changes: Any) -> Case:
    """An open case whose customer waits on the line."""
    return raised(escalation(waiting=True, due_at=NOW, **changes))


def claimed(
    case: Case | None = None, *, by: Person = BEN, now: datetime = NOW + timedelta(minutes=2)
) -> Case:
    """With a team lead, the agreed time still ahead."""
    return moves.claim(case or raised(), acting(by, now)).case


def on_call(case: Case | None = None, *, by: Person = BEN, now: datetime = DUE) -> Case:
    """The call runs since the agreed time."""
    return moves.calling_now(case or claimed(), acting(by, now)).case


def attempted(
    case: Case | None = None,
    disposition: Disposition = Disposition.NO_ANSWER,
    *,
    by: Person = BEN,
    now: datetime = DUE + timedelta(minutes=5),
    note: str = "",
) -> Case:
    """One attempt logged, the next one two hours later."""
    again = Promise(now + timedelta(hours=2), CUSTOMER_ZONE)
    return moves.log_outcome(case or on_call(), acting(by, now), disposition, note, again).case


def awaiting_sign_off(case: Case | None = None, *, by: Person = BEN) -> Case:
    """All attempts made, nobody reached: a manager is asked."""
    case = case or claimed()
    while case.callback is not None:
        now = case.callback.due_at + timedelta(minutes=5)
        last = moves.runs_out(case, Disposition.NO_ANSWER)
        again = None if last else Promise(now + timedelta(hours=2), CUSTOMER_ZONE)
        case = moves.log_outcome(case, acting(by, now), Disposition.NO_ANSWER, "", again).case
    return case


def left_behind(case: Case | None = None, *, now: datetime = NOW + timedelta(minutes=3)) -> Case:
    """Free again, because its owner's account was deactivated."""
    return moves.owner_left(case or claimed(), acting(DESK, now)).case


def partly_resolved(case: Case | None = None, *, by: Person = BEN) -> Case:
    """The customer was reached; a dated follow-up stays open."""
    follow_up = Promise(NOW + timedelta(days=2), CUSTOMER_ZONE)
    ending = closing(outcome=Outcome.PARTLY)
    return moves.follow_up(case or on_call(), acting(by, DUE + timedelta(minutes=10)), ending, follow_up).case


def closing(**changes: Any) -> Closing:
    """The close form of a customer who was reached and helped."""
    return replace(Closing(Outcome.RESOLVED, NOTES), **changes)


def close_form(
    outcome: str | None = "resolved", when: PromiseForm | None = None, **answers: str | None
) -> CloseForm:
    """The close form with these answers entered."""
    entered = {Question(name): text for name, text in answers.items()}
    return CloseForm(outcome, dict.fromkeys(Question) | entered, when or PromiseForm())


def closed(
    case: Case | None = None,
    ending: Closing | None = None,
    *,
    by: Person = BEN,
    now: datetime = DUE + timedelta(minutes=10),
) -> Case:
    """The customer was reached, the case is over."""
    return moves.complete(case or on_call(), acting(by, now), ending or closing()).case


CALL_MAY_TAKE = timedelta(minutes=program().ladder.call_may_take)

WHEN_OVERDUE = DUE + program().window + timedelta(minutes=25)
"""An instant at which `raised()` and `claimed()` are overdue by 25 minutes."""


def overdue_open() -> tuple[Case, datetime]:
    """A case that nobody claimed, its window over: the case, and the instant to look at it."""
    return raised(), WHEN_OVERDUE


def overdue_claimed() -> tuple[Case, datetime]:
    """A claimed case whose owner let the window pass: the case, and the instant to look at it."""
    return claimed(), WHEN_OVERDUE
