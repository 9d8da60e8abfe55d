"""Lives of cases for hypothesis: random people make random moves at random times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from cases import moves
from cases.case import Case
from cases.contact import Contact
from cases.errors import Refusal
from cases.moves import Change, Move
from cases.people import DESK, Person
from cases.words import (
    ContactKind,
    Disposition,
    Mood,
    NotAttempted,
    Outcome,
    Reason,
    Scenario,
    Step,
)
from tests import build
from tests.build import CUSTOMER_ZONE, NOW
from tests.cases.acting import EVERYBODY, act

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)

escalations = st.builds(
    build.escalation,
    customer=texts.filter(bool),
    contact=st.sampled_from(
        [Contact(ContactKind.PHONE, build.NUMBER), Contact(ContactKind.EMAIL, "jane@example.com")]
    ),
    due_at=st.timedeltas(timedelta(minutes=1), timedelta(days=7)).map(lambda wait: NOW + wait),
    zone=st.sampled_from([CUSTOMER_ZONE, "Asia/Kathmandu", "UTC"]),
    waiting=st.booleans(),
    scenario=st.sampled_from(Scenario),
    reasons=st.lists(st.sampled_from(Reason), min_size=1, max_size=3, unique=True).map(tuple),
    other_reason=texts,
    steps=st.lists(st.sampled_from(Step), unique=True).map(tuple),
    not_attempted=st.none() | st.sampled_from(NotAttempted),
    details=texts,
    superior=st.none() | st.just("U0BEN"),
    department=st.none() | st.just("IT"),
    reference=texts,
    mood=st.none() | st.sampled_from(Mood),
    language=st.sampled_from(["", "es", "fil"]),
    language_written=texts,
    phone_region=st.sampled_from(["", "US"]),
    repeat=st.booleans(),
)


@dataclass(frozen=True)
class Deed:
    """Somebody tries a move, some time after the last one."""

    move: Move
    who: Person
    after: timedelta
    what: dict[str, Any]


deeds = st.builds(
    Deed,
    move=st.sampled_from([move for move in moves.MOVES if move is not moves.raise_case]),
    who=st.sampled_from(EVERYBODY),
    after=st.sampled_from([timedelta(minutes=n) for n in (0, 1, 16, 90)]),
    what=st.fixed_dictionaries(
        {
            "receiver": st.sampled_from(EVERYBODY),
            "disposition": st.sampled_from([one for one in Disposition if one is not Disposition.REACHED]),
            "again": st.sampled_from([timedelta(minutes=n) for n in (5, 120, 3_000)]),
            "outcome": st.sampled_from([Outcome.RESOLVED, Outcome.UPHELD]),
            "department": st.sampled_from([None, "IT"]),
        }
    ),
)
likely = st.one_of(
    deeds,
    st.sampled_from(
        [
            Deed(move, who, timedelta(minutes=3), {})
            for move, who in (
                (moves.claim, build.BEN),
                (moves.calling_now, build.BEN),
                (moves.log_outcome, build.BEN),
                (moves.escalate_further, build.BEN),
                (moves.follow_up, build.BEN),
                (moves.complete, build.BEN),
                (moves.release, build.BEN),
                (moves.owner_left, DESK),
                (moves.sign_off, build.MIA),
                (moves.grant_attempt, build.MIA),
                (moves.reopen, build.MIA),
            )
        ]
    ),
)
lives = st.lists(likely, min_size=3, max_size=12)


def tried(case: Case, deed: Deed, now: datetime) -> Change | None:
    """What the deed does; None where it is refused."""
    try:
        return act(case, deed.move, deed.who, now, **deed.what)
    except Refusal:
        return None


def kept(change: Change) -> Callable[[Case], Change]:
    """A move that was made already."""
    return lambda _: change


def times(deeds: Sequence[Deed]) -> Iterator[tuple[Deed, datetime]]:
    """Each deed with its instant."""
    now = NOW
    for deed in deeds:
        now += deed.after
        yield deed, now
