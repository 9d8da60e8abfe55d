"""The table of moves: every status × move × person, written here once more by hand (docs/policy.md,
*States and moves*).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.case import Case, Status
from cases.errors import DeskError, NotAllowed, NotPossible
from cases.lifecycle import (
    DOING,
    GROUNDS,
    MAY,
    MOVES,
    Click,
    Combined,
    Ground,
    Move,
    after,
    check,
    may,
    moves_from,
    parties,
)
from cases.people import DESK, Party, Person, mention, one_of
from cases.words import Outcome
from tests import build
from tests.build import ANA, BEN, MIA, NOW, TESS, WHEN_OVERDUE
from tests.cases.acting import AMY, EVERYBODY, IDA, SAM, act

STANDING: dict[Status, Case] = {
    Status.OPEN: build.raised(build.escalation(department="IT")),
    Status.CLAIMED: build.claimed(build.raised(build.escalation(department="IT"))),
    Status.CLOSED: build.closed(build.claimed(build.raised(build.escalation(department="IT")))),
}
AWAITING: dict[Status, Case] = {
    Status.CLAIMED: build.awaiting_sign_off(),
    Status.OPEN: build.left_behind(build.awaiting_sign_off()),
}
"""Cases whose attempts ran out: with their owner, and free again because the owner left."""

TAKERS = {SAM, BEN, TESS, IDA, MIA}
"""Who may claim and take over a case of the IT department: SMEs/TLs, the department's own, the manager."""
ALL = set(EVERYBODY)

POLICY: dict[tuple[Status, Move], set[Person]] = {
    (Status.OPEN, Move.CLAIM): TAKERS,
    (Status.OPEN, Move.RESCHEDULE): {ANA},
    (Status.OPEN, Move.ADD_NOTE): ALL,
    (Status.OPEN, Move.SHOW_NUMBER): {MIA},
    (Status.OPEN, Move.SIGN_OFF): {MIA},
    (Status.OPEN, Move.GRANT_ATTEMPT): {MIA},
    (Status.CLAIMED, Move.CALLING_NOW): {BEN},
    (Status.CLAIMED, Move.LOG_OUTCOME): {BEN},
    (Status.CLAIMED, Move.COMPLETE): {BEN},
    (Status.CLAIMED, Move.FOLLOW_UP): {BEN},
    (Status.CLAIMED, Move.WITHDRAW): {BEN},
    (Status.CLAIMED, Move.RESCHEDULE): {BEN, ANA},
    (Status.CLAIMED, Move.HAND_OVER): {BEN, MIA},
    (Status.CLAIMED, Move.RELEASE): {BEN},
    (Status.CLAIMED, Move.OWNER_LEFT): set(),
    (Status.CLAIMED, Move.TAKE_OVER): TAKERS,
    (Status.CLAIMED, Move.ESCALATE_FURTHER): {BEN},
    (Status.CLAIMED, Move.ADD_NOTE): ALL,
    (Status.CLAIMED, Move.SHOW_NUMBER): {BEN, MIA},
    (Status.CLAIMED, Move.SIGN_OFF): {MIA},
    (Status.CLAIMED, Move.GRANT_ATTEMPT): {MIA},
    (Status.CLAIMED, Move.STAY): {BEN},
    (Status.CLOSED, Move.REOPEN): {BEN, MIA},
    (Status.CLOSED, Move.ADD_NOTE): ALL,
    (Status.CLOSED, Move.SHOW_NUMBER): {BEN, MIA},
}
"""Who may do what from where; what is missing is possible for nobody. Ben owns the case, Ana raised it."""

LEADS: dict[tuple[Status, Move], Status] = {
    (Status.OPEN, Move.CLAIM): Status.CLAIMED,
    (Status.OPEN, Move.SIGN_OFF): Status.CLOSED,
    (Status.CLAIMED, Move.RELEASE): Status.OPEN,
    (Status.CLAIMED, Move.OWNER_LEFT): Status.OPEN,
    (Status.CLAIMED, Move.COMPLETE): Status.CLOSED,
    (Status.CLAIMED, Move.WITHDRAW): Status.CLOSED,
    (Status.CLAIMED, Move.SIGN_OFF): Status.CLOSED,
    (Status.CLOSED, Move.REOPEN): Status.CLAIMED,
}
"""The moves that change the status; all others leave it."""

TO_A_CASE = [move for move in Move if move is not Move.RAISE]


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("move", TO_A_CASE)
@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.id)
def test_every_status_move_and_person_is_as_policy_says(status: Status, move: Move, who: Person) -> None:
    case, may = STANDING[status], POLICY.get((status, move))
    if may is None:
        with pytest.raises(NotPossible) as impossible:
            check(case, move, who)
        assert impossible.value.sentence.startswith("Case 42 is ")
        assert DOING[move] in impossible.value.sentence
    elif who in may:
        assert check(case, move, who) is LEADS.get((status, move), status)
    else:
        with pytest.raises(NotAllowed) as refused:
            check(case, move, who)
        assert refused.value.sentence.startswith(f"Case 42 can {DOING[move]} only by ")


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("move", TO_A_CASE)
@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.id)
def test_every_move_asks_the_table_first(status: Status, move: Move, who: Person) -> None:
    """No function of cases.moves does what the table refuses, and none refuses what it allows but for a reason of its own."""
    case = STANDING[status]
    if move in (Move.SIGN_OFF, Move.GRANT_ATTEMPT):
        case = AWAITING.get(status, case)
    may = POLICY.get((status, move), set())
    if move is Move.TAKE_OVER and who is BEN:
        may = may - {BEN}  # it is his already
    if who in may:
        assert act(case, move, who, WHEN_OVERDUE, receiver=SAM).case.status is LEADS.get(
            (status, move), status
        )
    else:
        with pytest.raises((NotPossible, NotAllowed)):
            act(case, move, who, WHEN_OVERDUE, receiver=SAM)


def test_a_refusal_names_who_may_with_the_person_where_there_is_one() -> None:
    claimed = STANDING[Status.CLAIMED]
    said = {move: refusal(claimed, move, AMY) for move in (Move.RESCHEDULE, Move.HAND_OVER, Move.SIGN_OFF)}
    assert said[Move.RESCHEDULE] == (
        "Case 42 can be rescheduled only by the owner (<@U0BEN>) or the agent who raised it (<@U0ANA>)."
    )
    assert said[Move.HAND_OVER] == "Case 42 can be handed over only by the owner (<@U0BEN>) or a manager."
    assert said[Move.SIGN_OFF] == "Case 42 can be signed off only by a manager."
    assert (
        refusal(STANDING[Status.OPEN], Move.CLAIM, AMY)
        == "Case 42 can be claimed only by an SME/TL or a manager."
    )
    assert refusal(STANDING[Status.OPEN], Move.RESCHEDULE, BEN) == (
        "Case 42 can be rescheduled only by the agent who raised it (<@U0ANA>)."
    )


def refusal(case: Case, move: Move, who: Person) -> str:
    """The sentence of a refusal."""
    with pytest.raises(NotAllowed) as refused:
        check(case, move, who)
    return refused.value.sentence


def test_what_is_impossible_says_how_the_case_stands() -> None:
    sentences = {}
    for status, move in (
        (Status.OPEN, Move.COMPLETE),
        (Status.CLAIMED, Move.CLAIM),
        (Status.CLOSED, Move.RELEASE),
    ):
        with pytest.raises(NotPossible) as impossible:
            check(STANDING[status], move, TESS)
        sentences[status] = impossible.value.sentence
    assert "nobody has claimed it yet" in sentences[Status.OPEN]
    assert mention(BEN.id) in sentences[Status.CLAIMED]
    assert "can reopen it" in sentences[Status.CLOSED]


def test_no_path_leads_to_closed_without_a_reached_customer_a_sign_off_or_a_withdrawal() -> None:
    """House rule 1, over the whole table: every edge into closed stands in GROUNDS, and there is no other."""
    into_closed = {
        move for (origin, move), to in MOVES.items() if to is Status.CLOSED and origin is not Status.CLOSED
    }
    assert into_closed == set(GROUNDS)
    assert set(GROUNDS.values()) == set(Ground)
    without = {edge: to for edge, to in MOVES.items() if edge[1] not in GROUNDS}
    reachable: set[Status | None] = {None}
    while grown := {to for (origin, _), to in without.items() if origin in reachable} - reachable:
        reachable |= grown
    assert reachable == {None, Status.OPEN, Status.CLAIMED}


def test_every_end_is_on_its_ground() -> None:
    """What the three moves into closed leave behind, whatever is handed to them."""
    claimed = STANDING[Status.CLAIMED]
    reached = act(claimed, Move.COMPLETE, BEN, NOW)
    assert reached.attempts[-1].disposition == "reached"
    withdrawn = act(claimed, Move.WITHDRAW, BEN, NOW)
    assert withdrawn.case.closing is not None
    assert withdrawn.case.closing.outcome is Outcome.WITHDRAWN
    for awaiting in AWAITING.values():
        signed = act(awaiting, Move.SIGN_OFF, MIA, NOW)
        assert signed.case.closing is not None
        assert signed.case.closing.outcome is Outcome.UNREACHABLE
    with pytest.raises(DeskError):
        act(claimed, Move.SIGN_OFF, MIA, NOW)
    with pytest.raises(DeskError):
        act(claimed, Move.COMPLETE, BEN, NOW, outcome=Outcome.UNREACHABLE)


def test_there_is_no_word_for_declining() -> None:
    words = " ".join(
        [*Move, *(move.label for move in Move), *Outcome, *(one.label for one in Outcome)]
    ).lower()
    for never in ("decline", "discard", "reject", "cancel", "delete", "dismiss", "ignore"):
        assert never not in words


def test_the_tables_know_every_move() -> None:
    assert set(MAY) == set(DOING) == set(Move)
    assert {move for _, move in MOVES} == set(Move)
    assert [after(None, move) for move in Move if move is not Move.RAISE] == [None] * (len(Move) - 1)
    for status in Status:
        assert set(moves_from(status)) == {move for (origin, move) in POLICY if origin is status}


def test_only_the_desk_itself_takes_a_case_from_its_owner() -> None:
    """And that is all it may do: it claims nothing, closes nothing."""
    claimed = STANDING[Status.CLAIMED]
    assert check(claimed, Move.OWNER_LEFT, DESK) is Status.OPEN
    assert parties(DESK, claimed) == {Party.DESK}
    assert [move for move in TO_A_CASE if Party.DESK in MAY[move]] == [Move.OWNER_LEFT]
    assert "only by Askdesk itself" in refusal(claimed, Move.OWNER_LEFT, MIA)


def test_parties_are_by_case_and_by_role() -> None:
    claimed = STANDING[Status.CLAIMED]
    assert parties(BEN, claimed) == {Party.ANYONE, Party.OWNER, Party.SME_TL}
    assert parties(ANA, claimed) == {Party.ANYONE, Party.RAISER}
    assert parties(MIA, claimed) == {Party.ANYONE, Party.MANAGER}
    assert parties(AMY, claimed) == {Party.ANYONE}
    assert parties(IDA, claimed) == {Party.ANYONE, Party.SME_TL}
    assert parties(IDA, replace(claimed, department=None)) == {Party.ANYONE}
    assert parties(IDA, replace(claimed, department="Sales")) == {Party.ANYONE}


def test_a_list_of_parties_reads_as_a_sentence() -> None:
    assert [one_of(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a or b", "a, b or c"]


def test_take_over_waits_for_the_agreed_time() -> None:
    claimed = STANDING[Status.CLAIMED]
    with pytest.raises(NotPossible, match="still has time"):
        act(claimed, Move.TAKE_OVER, TESS, build.DUE - timedelta(seconds=1))
    assert act(claimed, Move.TAKE_OVER, TESS, build.DUE).case.owner == TESS.id


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("click", [*Move, *Combined])
def test_a_button_is_theirs_whose_move_it_is(status: Status, click: Click) -> None:
    """What App Home offers: exactly what the table lets through; several moves at once as the first makes them theirs."""
    case = STANDING[status]
    for who in EVERYBODY:
        if isinstance(click, Combined):
            theirs = status is Status.OPEN and who in TAKERS
        else:
            theirs = who in POLICY.get((status, click), set())
        assert may(case, click, who) is theirs, (who, click)
