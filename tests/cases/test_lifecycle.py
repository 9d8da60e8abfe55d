"""The moves as they are declared: every status × move × person, written here once more by hand (docs/policy.md,
*States and moves*).
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from datetime import timedelta

import pytest

from cases import moves
from cases.case import Case, Status
from cases.errors import NotAllowed, NotPossible, Refusal
from cases.moves import Click, Combined, Ground, Made, Move
from cases.moves.refusal import parties
from cases.people import DESK, Party, Person, mention, one_of
from cases.words import Outcome
from tests import build
from tests.build import ANA, BEN, MIA, NOW, TESS, WHEN_OVERDUE, acting
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

POLICY: dict[tuple[Status, Click], set[Person]] = {
    (Status.OPEN, moves.claim): TAKERS,
    (Status.OPEN, moves.reschedule): {ANA},
    (Status.OPEN, moves.add_note): ALL,
    (Status.OPEN, moves.show_number): {MIA},
    (Status.OPEN, moves.sign_off): {MIA},
    (Status.OPEN, moves.grant_attempt): {MIA},
    (Status.CLAIMED, moves.calling_now): {BEN},
    (Status.CLAIMED, moves.log_outcome): {BEN},
    (Status.CLAIMED, moves.complete): {BEN},
    (Status.CLAIMED, moves.follow_up): {BEN},
    (Status.CLAIMED, moves.withdraw): {BEN},
    (Status.CLAIMED, moves.reschedule): {BEN, ANA},
    (Status.CLAIMED, moves.hand_over): {BEN, MIA},
    (Status.CLAIMED, moves.release): {BEN},
    (Status.CLAIMED, moves.owner_left): set(),
    (Status.CLAIMED, moves.take_over): TAKERS,
    (Status.CLAIMED, moves.escalate_further): {BEN},
    (Status.CLAIMED, moves.add_note): ALL,
    (Status.CLAIMED, moves.show_number): {BEN, MIA},
    (Status.CLAIMED, moves.sign_off): {MIA},
    (Status.CLAIMED, moves.grant_attempt): {MIA},
    (Status.CLAIMED, moves.stay): {BEN},
    (Status.CLOSED, moves.reopen): {BEN, MIA},
    (Status.CLOSED, moves.add_note): ALL,
    (Status.CLOSED, moves.show_number): {BEN, MIA},
}
"""Who may do what from where; what is missing is possible for nobody. Ben owns the case, Ana raised it."""

LEADS: dict[tuple[Status, Click], Status] = {
    (Status.OPEN, moves.claim): Status.CLAIMED,
    (Status.OPEN, moves.sign_off): Status.CLOSED,
    (Status.CLAIMED, moves.release): Status.OPEN,
    (Status.CLAIMED, moves.owner_left): Status.OPEN,
    (Status.CLAIMED, moves.complete): Status.CLOSED,
    (Status.CLAIMED, moves.withdraw): Status.CLOSED,
    (Status.CLAIMED, moves.sign_off): Status.CLOSED,
    (Status.CLOSED, moves.reopen): Status.CLAIMED,
}
"""The moves that change the status; all others leave it."""

TO_A_CASE = [move for move in moves.MOVES if move is not moves.raise_case]


def why_not(case: Case, move: Click, who: Person) -> Refusal | None:
    """The one answer, at an hour when the callback is overdue."""
    return moves.why_not(case, move, acting(who, WHEN_OVERDUE))


def standing(status: Status, move: Click) -> Case:
    """A case of this status that has what the move needs besides, where there is one."""
    decided = move in (moves.sign_off, moves.grant_attempt)
    return AWAITING.get(status, STANDING[status]) if decided else STANDING[status]


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("move", TO_A_CASE, ids=str)
@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.id)
def test_every_status_move_and_person_is_as_policy_says(status: Status, move: Move, who: Person) -> None:
    """Whoever may, can: what is refused otherwise is refused for a reason of its own. The sentence is for a person."""
    case, may = standing(status, move), POLICY.get((status, move))
    no = why_not(case, move, who)
    if move.takes and status is Status.CLAIMED and who is BEN:
        assert isinstance(no, NotPossible)
        assert no.sentence == "You already have case 42."
    elif may is None:
        assert isinstance(no, NotPossible)
        assert no.sentence.startswith("Case 42 is ")
        assert f", so you can't {move.can.format(it='it', its='its')}." in no.sentence
    elif who in may:
        assert no is None
        assert move.leads[status] is LEADS.get((status, move), status)
    else:
        assert isinstance(no, NotAllowed)
        assert no.sentence.startswith("Only ")
        assert f" can {move.can.format(it='case 42', its=CASE_42S)}." in no.sentence


CASE_42S = "case 42's"


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("move", TO_A_CASE, ids=str)
@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.id)
def test_every_move_does_what_is_answered_and_puts_down_its_event(
    status: Status, move: Move, who: Person
) -> None:
    """No effect happens that `why_not` refuses, none is refused that it lets through."""
    case = standing(status, move)
    if (no := why_not(case, move, who)) is not None:
        with pytest.raises(type(no)) as refused:
            act(case, move, who, WHEN_OVERDUE, receiver=SAM)
        assert refused.value.sentence == no.sentence
    else:
        change = act(case, move, who, WHEN_OVERDUE, receiver=SAM)
        assert change.case.status is LEADS.get((status, move), status)
        assert (change.events[0].kind, change.events[0].by) == (move.event, who.id)


def test_a_refusal_names_who_may_with_the_person_where_there_is_one() -> None:
    claimed = STANDING[Status.CLAIMED]
    said = {move: refusal(claimed, move, AMY) for move in (moves.reschedule, moves.hand_over, moves.sign_off)}
    assert said[moves.reschedule] == (
        "Only the owner (<@U0BEN>) or the agent who raised it (<@U0ANA>) can reschedule case 42."
    )
    assert said[moves.hand_over] == "Only the owner (<@U0BEN>) or a manager can hand case 42 over."
    assert said[moves.sign_off] == "Only a manager can sign case 42 off."
    assert (
        refusal(STANDING[Status.OPEN], moves.claim, AMY) == "Only an SME/TL or a manager can claim case 42."
    )
    assert refusal(STANDING[Status.OPEN], moves.reschedule, BEN) == (
        "Only the agent who raised it (<@U0ANA>) can reschedule case 42."
    )


def refusal(case: Case, move: Move, who: Person) -> str:
    """The sentence of a refusal."""
    no = why_not(case, move, who)
    assert isinstance(no, NotAllowed)
    return no.sentence


def test_what_is_impossible_says_how_the_case_stands() -> None:
    sentences = {}
    for status, move in (
        (Status.OPEN, moves.complete),
        (Status.CLAIMED, moves.claim),
        (Status.CLOSED, moves.release),
    ):
        no = why_not(STANDING[status], move, TESS)
        assert isinstance(no, NotPossible)
        sentences[status] = no.sentence
    assert "nobody has claimed it yet" in sentences[Status.OPEN]
    assert mention(BEN.id) in sentences[Status.CLAIMED]
    whose = one_of([party.label for party in moves.reopen.by])
    assert f"{whose} can reopen it".capitalize() in sentences[Status.CLOSED]


def test_no_path_leads_to_closed_without_a_reached_customer_a_sign_off_or_a_withdrawal() -> None:
    """House rule 1, over all declarations: every edge into closed has its ground, and there is no other."""
    edges = [(origin, move, to) for move in moves.MOVES for origin, to in move.leads.items()]
    into_closed = {move for origin, move, to in edges if to is Status.CLOSED is not origin}
    assert into_closed == {move for move in moves.MOVES if move.ground}
    assert {move.ground for move in into_closed} == set(Ground)
    without = [(origin, to) for origin, move, to in edges if not move.ground]
    reachable: set[Status | None] = {None}
    while grown := {to for origin, to in without if origin in reachable} - reachable:
        reachable |= grown
    assert reachable == {None, Status.OPEN, Status.CLAIMED}


def test_every_end_is_on_its_ground() -> None:
    """What the three moves into closed leave behind, whatever is handed to them."""
    claimed = STANDING[Status.CLAIMED]
    reached = act(claimed, moves.complete, BEN, NOW)
    assert reached.attempts[-1].disposition == "reached"
    withdrawn = act(claimed, moves.withdraw, BEN, NOW)
    assert withdrawn.case.closing is not None
    assert withdrawn.case.closing.outcome is Outcome.WITHDRAWN
    for awaiting in AWAITING.values():
        signed = act(awaiting, moves.sign_off, MIA, NOW)
        assert signed.case.closing is not None
        assert signed.case.closing.outcome is Outcome.UNREACHABLE
    with pytest.raises(Refusal):
        act(claimed, moves.sign_off, MIA, NOW)
    with pytest.raises(Refusal):
        act(claimed, moves.complete, BEN, NOW, outcome=Outcome.UNREACHABLE)


def test_there_is_no_word_for_declining() -> None:
    words = " ".join(
        [
            *moves.CLICKS,
            *(click.label for click in moves.CLICKS.values()),
            *Outcome,
            *(one.label for one in Outcome),
        ]
    ).lower()
    for never in ("decline", "discard", "reject", "cancel", "delete", "dismiss", "ignore"):
        assert never not in words


def test_every_move_is_declared_whole() -> None:
    """Found by its value, with an effect, somebody who may, a way there; its words are no other's, and read as a sentence."""
    declared = [
        thing
        for family in pkgutil.iter_modules(moves.__path__)
        for thing in vars(importlib.import_module(f"cases.moves.{family.name}")).values()
        if isinstance(thing, Click)
    ]
    assert set(declared) == set(moves.CLICKS.values())
    assert all(moves.CLICKS[click.value] is click for click in declared)
    assert len({click.label for click in moves.CLICKS.values()}) == len(moves.CLICKS)
    for move in moves.MOVES:
        assert isinstance(move, Made)
        assert move.effect.__doc__
        assert move.by
        assert move.leads
        assert ("{it}" in move.can) != ("{its}" in move.can)
    assert [move for move in moves.MOVES if None in move.leads] == [moves.raise_case]
    for status in Status:
        assert {move for move in moves.MOVES if status in move.leads} == {
            move for (origin, move) in POLICY if origin is status
        }


def test_the_ids_of_buttons_and_forms_stay() -> None:
    """Cards and forms that are shown already bear them; a new one is added here, none is renamed."""
    assert sorted(moves.CLICKS) == [
        *("add_note", "calling_now", "claim", "claim_and_call", "complete", "escalate_further", "follow_up"),
        *(
            "grant_attempt",
            "hand_over",
            "log_outcome",
            "owner_left",
            "raise",
            "release",
            "reopen",
            "reschedule",
        ),
        *("show_number", "sign_off", "stay", "take_over", "withdraw"),
    ]


def test_whoever_takes_a_case_has_it_and_nobody_else_does() -> None:
    """`takes` is what a declaration says of what its effect does."""
    for move in TO_A_CASE:
        owners = {
            act(standing(status, move), move, SAM, WHEN_OVERDUE).case.owner
            for status in move.leads
            if status is not None and why_not(standing(status, move), move, SAM) is None
        }
        assert (SAM.id in owners) is move.takes, move


def test_only_the_desk_itself_takes_a_case_from_its_owner() -> None:
    """And that is all it may do: it claims nothing, closes nothing."""
    claimed = STANDING[Status.CLAIMED]
    assert act(claimed, moves.owner_left, DESK, NOW).case.status is Status.OPEN
    assert parties(DESK, claimed) == {Party.DESK}
    assert [move for move in TO_A_CASE if Party.DESK in move.by] == [moves.owner_left]
    assert "Only Askdesk itself can" in refusal(claimed, moves.owner_left, MIA)


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
        act(claimed, moves.take_over, TESS, build.DUE - timedelta(seconds=1))
    assert act(claimed, moves.take_over, TESS, build.DUE).case.owner == TESS.id


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("click", moves.CLICKS.values(), ids=str)
def test_a_button_is_theirs_whose_move_it_is(status: Status, click: Click) -> None:
    """What App Home offers: exactly what the declarations let through; several moves at once as the first makes them theirs."""
    case = standing(status, click)
    if click is moves.claim_and_call and status is Status.OPEN:
        case = build.waiting(department="IT")
    for who in EVERYBODY:
        if isinstance(click, Combined):
            theirs = status is Status.OPEN and who in TAKERS
        else:
            theirs = who in POLICY.get((status, click), set())
        if click is moves.take_over and who is BEN:
            theirs = False  # it is his already
        assert moves.may(case, click, acting(who, WHEN_OVERDUE)) is theirs, (who, click)
