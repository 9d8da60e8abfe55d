"""What each move leaves behind: the case, its promises and attempts, and the lines of its record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cases import moves
from cases.case import Attempt, CallbackState, Case, Status
from cases.contact import Contact
from cases.errors import CallsClosed, FieldErrors, NotAllowed, NotPossible
from cases.events import Happened
from cases.fields import Field
from cases.forms import Promise
from cases.moves import Change, Move
from cases.people import ANYBODY, DESK
from cases.words import (
    CallbackKind,
    ContactKind,
    Disposition,
    Missed,
    Outcome,
    Priority,
    Satisfied,
    Verdict,
    WantedBy,
)
from tests import build
from tests.build import ANA, BEN, CALL_MAY_TAKE, CUSTOMER_ZONE, DUE, MIA, NOTES, NOW, TESS, acting, program
from tests.cases.acting import AMY, IDA, SAM, act

LATER = DUE + timedelta(minutes=5)


def only_event(change: Change) -> Happened:
    (event,) = change.events
    return event.kind


# Raising


def test_a_new_case_is_open_with_its_promise_and_all_the_form_said() -> None:
    said = build.escalation(other_reason="", reference="A-4711", department="IT")
    change = moves.raise_case(None, acting(ANA, NOW), 42, said)
    case, (promise,), (event,) = change.case, change.callbacks, change.events
    assert (case.status, case.owner, case.raised_by, case.priority) == (
        Status.OPEN,
        None,
        ANA.id,
        Priority.NORMAL,
    )
    assert (case.callback, case.first_due_at, case.free_since, case.department) == (promise, DUE, NOW, "IT")
    assert (promise.number, promise.due_at, promise.window_end) == (1, DUE, DUE + timedelta(minutes=15))
    assert (promise.kind, promise.state, promise.called_at) == (
        CallbackKind.PROMISE,
        CallbackState.PENDING,
        None,
    )
    assert promise.wall.strftime("%H:%M") == "11:00"
    assert event.facts["reasons"] == "billing_dispute,promise_broken"
    assert event.facts["due_at"] == DUE.isoformat()
    assert set(event.said) == {"customer", "contact", "details", "reference"}
    assert said.details not in str(event.facts)
    assert said.contact.value not in str(event.facts)


def test_priority_is_high_for_who_waits_or_calls_again() -> None:
    def priority(change: Change) -> Priority:
        return change.case.priority

    assert (
        priority(moves.raise_case(None, acting(ANA, NOW), 1, build.escalation(waiting=True))) is Priority.HIGH
    )
    assert (
        priority(moves.raise_case(None, acting(ANA, NOW), 1, build.escalation(repeat=True))) is Priority.HIGH
    )
    assert priority(moves.raise_case(None, acting(ANA, NOW), 1, build.escalation(), (7,))) is Priority.HIGH


# Claiming


def test_the_first_click_wins_and_the_others_read_who_has_it() -> None:
    case = moves.claim(build.raised(), acting(BEN, NOW)).case
    assert (case.status, case.owner, case.claimed_at) == (Status.CLAIMED, BEN.id, NOW)
    with pytest.raises(NotPossible, match="is with <@U0BEN>"):
        moves.claim(case, acting(TESS, NOW))
    with pytest.raises(NotPossible, match="You already have case 42"):
        moves.claim(case, acting(BEN, NOW))
    with pytest.raises(NotPossible, match="is closed"):
        moves.claim(build.closed(), acting(BEN, NOW))


def test_a_second_claim_keeps_the_time_of_the_first() -> None:
    freed = act(build.claimed(now=NOW), moves.release, BEN, LATER).case
    assert (freed.owner, freed.free_since, freed.round) == (None, LATER, 1)
    again = moves.claim(freed, acting(TESS, LATER + timedelta(minutes=1))).case
    assert (again.owner, again.claimed_at) == (TESS.id, NOW)


# Calling


def test_calling_starts_an_attempt_and_logging_it_ends_it() -> None:
    calling = moves.calling_now(build.claimed(), acting(BEN, DUE))
    assert calling.case.call == Attempt(1, 1, BEN.id, DUE)
    assert calling.case.callback is not None
    assert calling.case.callback.called_at == DUE
    again = Promise(LATER + timedelta(hours=2), CUSTOMER_ZONE)
    logged = moves.log_outcome(calling.case, acting(BEN, LATER), Disposition.BUSY, "engaged", again)
    done, following = logged.callbacks
    assert (done.state, done.called_at) == (CallbackState.DONE, DUE)
    assert (following.number, following.kind, following.state) == (
        2,
        CallbackKind.RETRY,
        CallbackState.PENDING,
    )
    assert logged.attempts == (Attempt(1, 1, BEN.id, DUE, LATER, Disposition.BUSY, "engaged"),)
    assert (logged.case.call, logged.case.attempts, logged.case.unreached) == (None, 1, 1)


def test_a_second_click_on_calling_now_starts_no_second_attempt() -> None:
    case = build.on_call()
    with pytest.raises(NotPossible, match="already on this call"):
        moves.calling_now(case, acting(BEN, DUE + timedelta(minutes=29)))
    anew = moves.calling_now(case, acting(BEN, DUE + timedelta(minutes=30)))
    assert (anew.case.attempts, anew.attempts[0].number) == (1, 1)
    assert anew.case.on_call(DUE + timedelta(minutes=59), CALL_MAY_TAKE)


def test_claiming_and_calling_at_once_is_both_moves_or_neither() -> None:
    """As each of them alone would leave it; only while the customer is on the line."""
    case = build.waiting()
    both = moves.claim_and_call(case, acting(BEN, LATER))
    mine = moves.claim(case, acting(BEN, LATER))
    calling = moves.calling_now(mine.case, acting(BEN, LATER))
    assert (both.case, both.events) == (calling.case, (*mine.events, *calling.events))
    assert (both.callbacks, both.attempts) == (calling.callbacks, calling.attempts)
    with pytest.raises(NotPossible, match="is no longer on the line"):
        moves.claim_and_call(build.raised(), acting(BEN, LATER))
    with pytest.raises(NotPossible, match="You already have"):
        moves.claim_and_call(both.case, acting(BEN, LATER))
    with pytest.raises(NotPossible, match=f"is with <@{BEN.id}>"):
        moves.claim_and_call(both.case, acting(TESS, LATER))
    with pytest.raises(NotAllowed):
        moves.claim_and_call(case, acting(AMY, LATER))


AT_NIGHT = DUE + timedelta(hours=11)
"""Ten in the evening in New York, where calls are made until nine."""


def test_at_night_only_who_asked_for_it_is_called() -> None:
    case = build.claimed()
    closed = moves.calls_closed(case, acting(ANYBODY, AT_NIGHT, program()))
    assert closed is not None
    with pytest.raises(CallsClosed) as refused:
        moves.calling_now(case, acting(BEN, AT_NIGHT, asked_for_time=False))
    assert refused.value.closed == closed
    calling = moves.calling_now(case, acting(BEN, AT_NIGHT, asked_for_time=True))
    assert calling.events[0].facts["asked_for_time"] is True
    assert calling.callbacks[0].asked_for_time
    assert moves.calls_closed(calling.case, acting(ANYBODY, AT_NIGHT, program())) is None, (
        "asked once for one callback"
    )


def test_calling_hours_do_not_count_for_a_promise_made_at_the_customers_wish_nor_on_the_line() -> None:
    asked = build.claimed(build.raised(build.escalation(asked_for_time=True)))
    assert moves.calls_closed(asked, acting(ANYBODY, AT_NIGHT, program())) is None
    assert moves.calls_closed(build.claimed(build.waiting()), acting(ANYBODY, AT_NIGHT, program())) is None
    assert moves.calls_closed(build.awaiting_sign_off(), acting(ANYBODY, AT_NIGHT, program())) is None
    assert moves.calls_closed(build.claimed(), acting(ANYBODY, DUE, program())) is None
    next_one = build.attempted(build.on_call(asked))
    assert moves.calls_closed(next_one, acting(ANYBODY, AT_NIGHT, program())) is not None, (
        "the wish was about the first time"
    )


def test_an_outcome_can_be_logged_without_the_button_before() -> None:
    case = act(build.claimed(), moves.log_outcome, BEN, LATER).case
    assert (case.attempts, case.unreached) == (1, 1)


@pytest.mark.parametrize("disposition", [one for one in Disposition if one is not Disposition.REACHED])
def test_every_disposition_but_asked_to_reschedule_counts_and_the_last_asks_a_manager(
    disposition: Disposition,
) -> None:
    case = build.claimed()
    for attempt in (1, 2, 3):
        assert moves.runs_out(case, disposition) == (attempt == 3 and disposition.follows.counts)
        change = act(case, moves.log_outcome, BEN, DUE, disposition=disposition)
        case = change.case
    if disposition is Disposition.ASKED_RESCHEDULE:
        assert case.unreached == 0
        assert case.callback is not None
        assert case.callback.kind is CallbackKind.MOVED
        return
    assert (case.awaits_sign_off, case.unanswered_since, case.unreached) == (True, DUE, 3)
    assert [event.kind for event in change.events] == [Happened.ATTEMPTED, Happened.ATTEMPTS_RAN_OUT]


def test_after_the_last_attempt_no_entered_time_passes_the_manager_by() -> None:
    case = replace(build.claimed(), unreached=2)
    again = Promise(LATER + timedelta(hours=2), CUSTOMER_ZONE)
    assert moves.log_outcome(case, acting(BEN, LATER), Disposition.NO_ANSWER, "", again).case.awaits_sign_off


def test_the_next_time_is_needed_where_attempts_are_left() -> None:
    with pytest.raises(FieldErrors) as refused:
        moves.log_outcome(build.claimed(), acting(BEN, LATER), Disposition.NO_ANSWER, "", None)
    assert set(refused.value.errors) == {Field.DATE}


# Ending


def test_a_reached_customer_closes_the_case() -> None:
    ending = build.closing(
        satisfied=Satisfied.YES, right_department=Verdict.YES, missed=Missed.ONE, granted="20 USD"
    )
    change = moves.complete(build.on_call(), acting(BEN, LATER), ending)
    (event,) = change.events
    assert (change.case.status, change.case.closing, change.case.closed_at) == (Status.CLOSED, ending, LATER)
    assert event.facts == {
        "attempt": 1,
        "disposition": "reached",
        "outcome": "resolved",
        "satisfied": "yes",
        "right_department": "yes",
        "assessed_well": None,
        "missed": "one",
        "raised_by": ANA.id,
    }
    assert event.said == {"notes": NOTES, "granted": "20 USD"}
    assert change.attempts[0].disposition is Disposition.REACHED
    assert change.callbacks[0].state is CallbackState.DONE


def test_partly_resolved_goes_on_to_a_dated_follow_up() -> None:
    case = replace(build.claimed(), unreached=2)
    change = act(case, moves.follow_up, BEN, LATER)
    assert only_event(change) is Happened.FOLLOW_UP
    assert change.case.status is Status.CLAIMED
    assert change.case.callback is not None
    assert change.case.callback.kind is CallbackKind.FOLLOW_UP
    assert change.case.unreached == 0
    with pytest.raises(FieldErrors):
        moves.follow_up(case, acting(BEN, LATER), build.closing(outcome=Outcome.PARTLY), None)


def test_a_withdrawal_is_one_whatever_outcome_was_handed_in() -> None:
    change = moves.withdraw(build.claimed(), acting(BEN, LATER), build.closing(outcome=Outcome.RESOLVED))
    assert change.case.closing is not None
    assert change.case.closing.outcome is Outcome.WITHDRAWN
    assert change.attempts[0].disposition is Disposition.ASKED_NOT_TO_BE_CALLED


def test_a_manager_signs_off_or_grants_one_more_attempt_only_after_they_ran_out() -> None:
    waits = build.awaiting_sign_off()
    signed = moves.sign_off(waits, acting(MIA, LATER), build.closing())
    assert (signed.case.status, only_event(signed)) == (Status.CLOSED, Happened.CLOSED)
    assert signed.case.closing is not None
    assert signed.case.closing.outcome is Outcome.UNREACHABLE, "whatever the form says"
    granted = act(waits, moves.grant_attempt, MIA, LATER).case
    assert (granted.allowed, granted.unreached, granted.unanswered_since) == (4, 3, None)
    assert act(granted, moves.log_outcome, BEN, LATER).case.awaits_sign_off
    for move in (moves.sign_off, moves.grant_attempt):
        with pytest.raises(NotPossible, match="has attempts left"):
            act(build.claimed(), move, MIA, LATER)


@pytest.mark.parametrize(
    "move",
    [
        *(moves.log_outcome, moves.complete, moves.follow_up, moves.withdraw),
        *(moves.release, moves.calling_now, moves.stay, moves.take_over),
    ],
    ids=str,
)
def test_while_a_manager_is_asked_there_is_nothing_to_call_for(move: Move) -> None:
    with pytest.raises(NotPossible, match="a manager signs it off or grants another attempt"):
        act(build.awaiting_sign_off(), move, TESS if move.takes else BEN, LATER)


# Moving


def test_a_reschedule_keeps_the_first_promise_and_says_whose_wish_it_was() -> None:
    again = Promise(DUE + timedelta(hours=3), "America/Chicago")
    change = moves.reschedule(build.claimed(), acting(ANA, NOW), replace(again, wanted_by=WantedBy.US))
    moved, following = change.callbacks
    assert moved.state is CallbackState.MOVED
    assert (following.zone, following.wanted_by, following.kind) == (
        "America/Chicago",
        WantedBy.US,
        CallbackKind.MOVED,
    )
    assert (change.case.first_due_at, change.case.callback) == (DUE, following)
    assert change.events[0].facts["was"] == DUE.isoformat()
    assert change.events[0].facts["wanted_by"] == "us"


def test_a_promise_does_not_move_under_a_call() -> None:
    with pytest.raises(NotPossible, match="has already started this call"):
        act(build.on_call(), moves.reschedule, ANA, LATER)


def test_escalating_further_on_the_phone_ends_the_call() -> None:
    change = act(build.on_call(), moves.escalate_further, BEN, LATER)
    (call,) = change.attempts
    assert (call.ended_at, call.disposition) == (LATER, Disposition.REACHED)
    assert change.callbacks[0].state is CallbackState.DONE
    assert change.case.call is None


def test_after_the_attempts_ran_out_only_the_raising_agent_moves_the_promise() -> None:
    """Whether the owner tries once more is the manager's decision; a customer who calls again is another matter."""
    with pytest.raises(NotPossible, match="has no attempts left"):
        act(build.awaiting_sign_off(), moves.reschedule, BEN, LATER)
    again = act(build.awaiting_sign_off(), moves.reschedule, ANA, LATER).case
    assert (again.awaits_sign_off, again.callback is not None) == (False, True)


def test_a_promise_moved_by_the_fast_customer_ends_the_waiting() -> None:
    case = build.waiting()
    assert case.waiting
    moved = act(case, moves.reschedule, ANA, LATER).case
    assert (moved.waiting, moved.free_since, moved.round) == (False, LATER, 1)
    taken = act(build.claimed(case), moves.reschedule, BEN, LATER).case
    assert (taken.waiting, taken.round) == (False, 0)


@pytest.mark.parametrize("move", [moves.hand_over, moves.escalate_further])
def test_nobody_hands_a_case_to_an_agent_or_to_its_owner(move: Move) -> None:
    for receiver in (ANA, AMY, BEN):
        with pytest.raises(FieldErrors) as refused:
            act(build.claimed(), move, BEN, LATER, receiver=receiver)
        assert set(refused.value.errors) <= {Field.RECEIVER, Field.REVIEWER}
    for receiver in (SAM, TESS, MIA, IDA):
        assert act(build.claimed(), move, BEN, LATER, receiver=receiver).case.owner == receiver.id


def test_a_call_of_the_former_owner_is_over_with_the_hand_over() -> None:
    case = act(build.on_call(), moves.hand_over, BEN, LATER, receiver=TESS).case
    assert (case.call, case.attempts, case.owner) == (None, 1, TESS.id)
    assert act(case, moves.calling_now, TESS, LATER).attempts[0].number == 2


def test_what_an_owner_who_left_held_is_free_from_then_on() -> None:
    change = act(build.claimed(), moves.owner_left, DESK, LATER)
    assert (change.case.status, change.case.owner) == (Status.OPEN, None)
    assert (change.case.free_since, change.case.round) == (LATER, 1)
    assert change.case.callback == build.claimed().callback, "the promise stands"
    (event,) = change.events
    assert (event.kind, event.by) == (Happened.OWNER_LEFT, DESK.id)
    assert event.facts == {"from": BEN.id, "reason": moves.DEACTIVATED}
    assert event.said == {}


def test_a_call_of_an_owner_who_left_counts_for_nothing() -> None:
    case = act(build.on_call(), moves.owner_left, DESK, LATER).case
    assert (case.call, case.attempts, case.unreached) == (None, 1, 0)
    mine = moves.claim(case, acting(TESS, LATER)).case
    assert act(mine, moves.calling_now, TESS, LATER).attempts[0].number == 2


def test_managers_decide_also_where_the_owner_left() -> None:
    """Signed off as it stands, or one more attempt for whoever claims it; who claims before waits for them."""
    free = build.left_behind(build.awaiting_sign_off())
    assert (free.status, free.owner, free.awaits_sign_off) == (Status.OPEN, None, True)
    signed = moves.sign_off(free, acting(MIA, LATER), build.closing()).case
    assert (signed.status, signed.owner, signed.unanswered_since) == (Status.CLOSED, None, None)
    granted = act(free, moves.grant_attempt, MIA, LATER).case
    assert (granted.status, granted.allowed, granted.awaits_sign_off) == (Status.OPEN, 4, False)
    assert moves.claim(granted, acting(TESS, LATER)).case.callback == granted.callback
    claimed = moves.claim(free, acting(TESS, LATER)).case
    assert (claimed.owner, claimed.awaits_sign_off) == (TESS.id, True)
    assert act(claimed, moves.grant_attempt, MIA, LATER).case.owner == TESS.id
    with pytest.raises(NotPossible, match="has attempts left"):
        act(build.raised(), moves.sign_off, MIA, LATER)


def test_a_case_that_nobody_had_is_with_the_manager_who_reopens_it() -> None:
    closed = act(build.left_behind(build.awaiting_sign_off()), moves.sign_off, MIA, LATER).case
    change = act(closed, moves.reopen, MIA, LATER)
    assert (change.case.status, change.case.owner) == (Status.CLAIMED, MIA.id)
    assert change.events[0].facts["owner"] == MIA.id


def test_take_over_is_for_the_silent_and_the_late() -> None:
    assert not moves.may(build.raised(), moves.take_over, acting(TESS, LATER))
    assert not moves.may(build.on_call(), moves.take_over, acting(TESS, LATER))
    assert moves.may(build.on_call(), moves.take_over, acting(TESS, DUE + CALL_MAY_TAKE))
    assert not moves.may(build.awaiting_sign_off(), moves.take_over, acting(TESS, LATER))
    with pytest.raises(NotPossible, match="You already have case 42"):
        act(build.claimed(), moves.take_over, BEN, LATER)
    change = act(build.claimed(), moves.take_over, TESS, LATER)
    assert change.events[0].facts["from"] == BEN.id


def test_whoever_has_only_just_got_a_late_case_is_given_a_minute_to_dial() -> None:
    with pytest.raises(NotPossible, match="has only just got it"):
        moves.take_over(build.claimed(), acting(TESS, LATER, owned_since=LATER - timedelta(seconds=59)))
    moves.take_over(build.claimed(), acting(TESS, LATER, owned_since=LATER - timedelta(minutes=1)))


def test_escalating_further_counts_tiers_and_starts_the_attempts_anew() -> None:
    case = replace(build.claimed(), unreached=2)
    mail = Contact(ContactKind.EMAIL, "jane@example.com")
    again = Promise(DUE + timedelta(hours=3), CUSTOMER_ZONE)
    up = moves.escalate_further(case, acting(BEN, NOW), MIA, None, again, mail, "above my limit")
    assert (up.case.tier, up.case.department, up.case.owner, up.case.unreached) == (2, None, MIA.id, 0)
    assert up.case.reach == mail
    assert up.case.said.contact != mail
    assert up.events[0].said == {"reason": "above my limit", "contact": mail.value}
    across = moves.escalate_further(case, acting(BEN, NOW), IDA, "IT", again, None, "a broken box")
    assert (across.case.tier, across.case.department, across.case.reach) == (1, "IT", case.said.contact)
    waits = act(build.awaiting_sign_off(), moves.escalate_further, BEN, LATER, receiver=MIA).case
    assert not waits.awaits_sign_off


def test_a_reopened_case_goes_on_with_its_owner() -> None:
    case = act(build.closed(), moves.reopen, MIA, LATER).case
    assert (case.status, case.owner, case.closing, case.closed_at) == (Status.CLAIMED, BEN.id, None, None)
    assert case.callback is not None
    assert (case.callback.kind, case.callback.number) == (CallbackKind.REOPENED, 2)


@pytest.mark.parametrize(
    "case", [build.raised(), build.claimed(), build.closed()], ids=lambda case: case.status
)
def test_notes_and_shown_numbers_are_lines_and_change_nothing(case: Case) -> None:
    noted = act(case, moves.add_note, AMY, LATER)
    shown = act(case, moves.show_number, MIA, LATER)
    assert noted.case == shown.case == case
    assert (only_event(noted), only_event(shown)) == (Happened.NOTED, Happened.NUMBER_SHOWN)
    assert shown.events[0].said == {}


def test_a_callback_is_overdue_from_the_end_of_its_window_until_a_call_answers_it() -> None:
    callback = build.raised().callback
    assert callback is not None
    assert not callback.is_overdue(callback.window_end - timedelta(microseconds=1))
    assert callback.is_overdue(callback.window_end)
    assert not replace(callback, state=CallbackState.DONE).is_overdue(callback.window_end)
