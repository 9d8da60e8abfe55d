"""How a case ends, and how it goes on after that or instead of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cases import close_form
from cases.case import Case, Closing, Status
from cases.errors import FieldErrors, NotPossible
from cases.events import Fact, Happened
from cases.fields import Field
from cases.forms import Promise
from cases.moves.declared import Acting, Ground
from cases.moves.making import Effect, move
from cases.moves.promises import a_promise, ended, following, promised, when
from cases.people import Party
from cases.words import CallbackKind, Disposition, Outcome

NEEDS_DATE = "Enter the date of the follow-up: a partly resolved case needs one."


@move(
    "complete",
    "Complete",
    {Status.CLAIMED: Status.CLOSED},
    by=(Party.OWNER,),
    can="complete {it}",
    event=Happened.CLOSED,
    needs=(a_promise,),
    ground=Ground.REACHED,
)
def complete(case: Case, act: Acting, closing: Closing) -> Effect:
    """The customer was reached, and the matter is settled; FieldErrors for an outcome that does not close it so."""
    if closing.outcome is Outcome.PARTLY:
        raise FieldErrors({Field.DATE: NEEDS_DATE})
    if closing.outcome is Outcome.UNREACHABLE:
        raise FieldErrors(
            {
                Field.OUTCOME: "Only a manager can sign a case off as unreachable, after its attempts have run out."
            }
        )
    return _after_a_call(case, act, Disposition.REACHED, closing)


@move(
    "withdraw",
    "Withdraw",
    {Status.CLAIMED: Status.CLOSED},
    by=(Party.OWNER,),
    can="close {it} as withdrawn",
    event=Happened.CLOSED,
    needs=(a_promise,),
    ground=Ground.WITHDRAWN,
)
def withdraw(case: Case, act: Acting, closing: Closing) -> Effect:
    """The customer asked not to be called and withdraws, whatever outcome the form names."""
    withdrawn = replace(closing, outcome=Outcome.WITHDRAWN)
    return _after_a_call(case, act, Disposition.ASKED_NOT_TO_BE_CALLED, withdrawn)


@move(
    "follow_up",
    "Follow up",
    {Status.CLAIMED: Status.CLAIMED},
    by=(Party.OWNER,),
    can="agree on a follow-up for {it}",
    event=Happened.FOLLOW_UP,
    needs=(a_promise,),
)
def follow_up(case: Case, act: Acting, closing: Closing, again: Promise | None) -> Effect:
    """The customer was reached and the matter is partly resolved: on to the dated follow-up (FieldErrors without one),
    with as many attempts as the program grants.
    """
    if again is None:
        raise FieldErrors({Field.DATE: NEEDS_DATE})
    done, call = ended(case, act, Disposition.REACHED)
    reached = replace(case, call=None, attempts=call.number, closing=closing)
    callback = following(reached, again, CallbackKind.FOLLOW_UP, done.window)
    facts = {
        "attempt": call.number,
        "disposition": Disposition.REACHED.value,
        **close_form.facts(closing),
        **when(callback),
    }
    on = replace(promised(reached, callback), unreached=0, allowed=act.program.attempts)
    return Effect(on, facts, close_form.said(closing), (done, callback), (call,))


def _attempts_ran_out(case: Case, act: Acting) -> NotPossible | None:
    if case.awaits_sign_off:
        return None
    return NotPossible(
        f"Case {case.number} still has attempts left. A manager decides only when they have run out."
    )


@move(
    "sign_off",
    "Sign off unreachable",
    {Status.OPEN: Status.CLOSED, Status.CLAIMED: Status.CLOSED},
    by=(Party.MANAGER,),
    can="sign {it} off",
    event=Happened.CLOSED,
    needs=(_attempts_ran_out,),
    ground=Ground.SIGNED_OFF,
)
def sign_off(case: Case, act: Acting, closing: Closing) -> Effect:
    """A manager ends a case whose attempts ran out: *unreachable, signed off*, whatever outcome the form names."""
    unheard = {asked.value: asked.default for asked in close_form.Question if asked.row.of_customer}
    closing = replace(closing, outcome=Outcome.UNREACHABLE, **unheard)
    return _closed(case, act, closing, {})


@move(
    "grant_attempt",
    "Grant another attempt",
    {Status.OPEN: Status.OPEN, Status.CLAIMED: Status.CLAIMED},
    by=(Party.MANAGER,),
    can="grant {it} another attempt",
    event=Happened.ATTEMPT_GRANTED,
    needs=(_attempts_ran_out,),
)
def grant_attempt(case: Case, act: Acting, again: Promise) -> Effect:
    """A manager asks for one more attempt instead of signing off."""
    more = replace(case, allowed=case.unreached + 1, unanswered_since=None)
    callback = following(more, again, CallbackKind.RETRY, act.program.window)
    return Effect(promised(more, callback), {**when(callback), "owner": case.owner}, callbacks=(callback,))


@move(
    "reopen",
    "Reopen",
    {Status.CLOSED: Status.CLAIMED},
    by=(Party.OWNER, Party.MANAGER),
    can="reopen {it}",
    event=Happened.REOPENED,
)
def reopen(case: Case, act: Acting, again: Promise, reason: str, *, owner_can: bool = True) -> Effect:
    """A closed case goes on with its owner and a new promise; with whoever reopens it where nobody had it, or its owner
    cannot have it now.
    """
    on = replace(
        case,
        owner=(case.owner if owner_can else None) or act.who.id,
        closing=None,
        closed_at=None,
        unreached=0,
        allowed=act.program.attempts,
        unanswered_since=None,
    )
    callback = following(on, again, CallbackKind.REOPENED, act.program.window)
    facts: dict[str, Fact] = {**when(callback), "owner": on.owner, "raised_by": case.raised_by}
    return Effect(promised(on, callback), facts, {"reason": reason}, (callback,))


def _after_a_call(case: Case, act: Acting, disposition: Disposition, closing: Closing) -> Effect:
    """The call that ends the case, logged so."""
    done, call = ended(case, act, disposition)
    over = replace(case, call=None, attempts=call.number, callback=None)
    effect = _closed(over, act, closing, {"attempt": call.number, "disposition": disposition.value})
    return replace(effect, callbacks=(done,), attempts=(call,))


def _closed(case: Case, act: Acting, closing: Closing, facts: Mapping[str, Fact]) -> Effect:
    closed = replace(case, closing=closing, closed_at=act.now, unanswered_since=None)
    return Effect(
        closed, {**facts, **close_form.facts(closing), "raised_by": case.raised_by}, close_form.said(closing)
    )
