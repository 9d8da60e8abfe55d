"""What counts against the number of attempts (docs/policy.md, *Attempts*)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import moves
from cases.case import Case
from cases.errors import AsksFirst, FieldErrors
from cases.fields import Field
from cases.forms import Promise
from cases.words import Disposition, Early
from tests import build
from tests.build import BEN, CUSTOMER_ZONE, DUE, acting, program

MINUTES = st.integers(0, 300)
SPACING = program().spacing


class Try(NamedTuple):
    """An attempt: how long after the last one was logged it begins, how long it rings, whether *Calling now* was clicked."""

    after: int
    rings: int
    begun: bool
    disposition: Disposition


IN_VAIN = [one for one in Disposition if one is not Disposition.REACHED]
TRIES = st.lists(
    st.builds(Try, MINUTES, st.integers(0, 10), st.booleans(), st.sampled_from(IN_VAIN)), max_size=25
)


def logged(case: Case, one: Try, at: datetime) -> tuple[Case, datetime, datetime]:
    """The case after an attempt, when that began, and when it was logged."""
    now = at + timedelta(minutes=one.after)
    began, ended = now, now + timedelta(minutes=one.rings)
    if one.begun:
        case = moves.calling_now(case, acting(BEN, began)).case
    else:
        began = ended
    again = Promise(ended + timedelta(minutes=1), CUSTOMER_ZONE)
    return moves.log_outcome(case, acting(BEN, ended), one.disposition, "", again).case, began, ended


@given(tries=TRIES, attempts=st.integers(1, 5))
def test_however_attempts_are_logged_the_number_runs_out_only_after_as_many_that_are_far_enough_apart(
    tries: list[Try], attempts: int
) -> None:
    """Early, late, in the same minute, with the button or without; and the last of them is never one that came too soon."""
    case, at, began = replace(build.claimed(), allowed=attempts), DUE, []
    for one in tries:
        case, start, at = logged(case, one, at)
        if one.disposition.follows.counts:
            began.append(start)
        apart = 1 + sum(later - earlier >= SPACING for earlier, later in pairwise(began)) if began else 0
        assert case.unreached == apart
        assert case.awaits_sign_off == (apart >= attempts)
        if case.awaits_sign_off:
            assert len(began) == 1 or began[-1] - began[-2] >= SPACING
            return


def test_an_attempt_of_an_older_version_does_not_say_when_it_was_so_the_next_one_counts() -> None:
    case = replace(build.claimed(), unreached=1)
    assert build.attempted(case).unreached == 2


def test_after_the_customer_was_reached_attempts_are_counted_from_the_start() -> None:
    """The first call of a follow-up counts, however soon it is."""
    tried = build.attempted()
    soon = DUE + timedelta(minutes=15)
    reached = moves.calling_now(tried, acting(BEN, soon)).case
    case = build.partly_resolved(reached)
    assert build.attempted(case, now=soon).unreached == 1


def test_an_early_call_says_why_once() -> None:
    """With the button or without it; at the agreed time nobody is asked."""
    case, early = build.claimed(), DUE - timedelta(minutes=1)
    silent = acting(BEN, early, early=None)
    with pytest.raises(AsksFirst) as refused:
        moves.calling_now(case, silent)
    assert (refused.value.closed, refused.value.early) == (None, True)
    with pytest.raises(FieldErrors) as untold:
        moves.complete(case, silent, build.closing())
    assert untold.value.errors.keys() == {Field.EARLY}
    calling = moves.calling_now(case, acting(BEN, early, early=Early.URGENT))
    assert calling.events[0].facts["early"] == "urgent"
    assert "early" not in moves.complete(calling.case, silent, build.closing()).events[0].facts
    on_time = moves.calling_now(case, acting(BEN, DUE, early=None))
    assert "early" not in on_time.events[0].facts
