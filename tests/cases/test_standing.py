"""How a case stands: one answer for whoever asks, the most urgent first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases import moves
from cases.case import Case
from cases.standing import Standing, by_urgency, is_late, on_call, standing, urgency
from tests import build
from tests.build import CALL_IS_OVER, CALL_MAY_TAKE, DUE, NOW

PROGRAM = build.program()
SECOND = timedelta(seconds=1)
WINDOW = PROGRAM.window
LATE = DUE + WINDOW

STILL_TALKING = moves.still_talking(build.on_call(), build.acting(build.BEN, DUE + CALL_MAY_TAKE)).case

STANDINGS: dict[str, tuple[Case, datetime, Standing]] = {
    "unclaimed": (build.raised(), DUE - SECOND, Standing.UNCLAIMED),
    "claimed": (build.claimed(), DUE - SECOND, Standing.CLAIMED),
    "due and unclaimed": (build.raised(), DUE, Standing.DUE),
    "due": (build.claimed(), LATE - SECOND, Standing.DUE),
    "overdue and unclaimed": (build.raised(), LATE, Standing.OVERDUE),
    "overdue": (build.claimed(), LATE, Standing.OVERDUE),
    "on the phone past the window": (build.on_call(), LATE, Standing.ON_CALL),
    "on the phone all the same": (build.on_call(), DUE + CALL_MAY_TAKE - SECOND, Standing.ON_CALL),
    "on a long call": (build.on_call(), DUE + CALL_MAY_TAKE, Standing.LONG_CALL),
    "on a long call, nobody answers": (build.on_call(), DUE + CALL_IS_OVER - SECOND, Standing.LONG_CALL),
    "on a long call that goes on": (STILL_TALKING, DUE + 2 * CALL_MAY_TAKE - SECOND, Standing.ON_CALL),
    "called and never logged": (build.on_call(), DUE + CALL_IS_OVER, Standing.OVERDUE),
    "on hold": (build.waiting(), NOW, Standing.WAITING),
    "on hold, claimed": (build.claimed(build.waiting()), NOW + WINDOW, Standing.WAITING),
    "off the line, on the phone": (
        build.on_call(build.claimed(build.waiting()), now=NOW + 2 * WINDOW),
        NOW + 2 * WINDOW,
        Standing.ON_CALL,
    ),
    "attempts ran out": (build.awaiting_sign_off(), LATE, Standing.DECISION),
    "closed": (build.closed(), LATE, Standing.CLOSED),
}


@pytest.mark.parametrize("name", STANDINGS)
def test_a_case_stands_as_the_most_urgent_thing_about_it(name: str) -> None:
    case, now, meant = STANDINGS[name]
    assert standing(case, PROGRAM, now) is meant
    assert on_call(case, PROGRAM, now) == (meant in (Standing.ON_CALL, Standing.LONG_CALL))


def test_a_case_is_late_once_the_window_is_over_and_nobody_talks_to_the_customer() -> None:
    for case in (build.raised(), build.claimed()):
        assert [is_late(case, PROGRAM, at) for at in (LATE - SECOND, LATE)] == [False, True]
    assert not is_late(build.on_call(), PROGRAM, LATE)
    assert is_late(build.waiting(), PROGRAM, NOW + WINDOW)
    assert not is_late(build.awaiting_sign_off(), PROGRAM, LATE)


def test_cases_are_sorted_by_how_they_stand_and_then_by_time() -> None:
    earlier = build.escalation(due_at=DUE - timedelta(minutes=10))
    calling = build.on_call(build.claimed(build.raised(number=1)))
    overdue = build.raised(number=2)
    before = build.claimed(build.raised(earlier, number=3))
    waits = build.raised(build.escalation(waiting=True, due_at=LATE), number=4)
    later = build.claimed(build.raised(build.escalation(due_at=LATE + timedelta(hours=1)), number=5))
    due = build.raised(build.escalation(due_at=LATE - SECOND), number=6)
    cases = [later, calling, due, overdue, before, waits]
    assert [case.number for case in sorted(cases, key=lambda one: urgency(one, PROGRAM, LATE))] == [
        4, 3, 2, 6, 1, 5,
    ]  # fmt: skip
    assert min(cases, key=lambda one: urgency(one, PROGRAM, LATE, build.BEN.id)) is calling
    found = by_urgency(cases, PROGRAM, LATE)
    parts = (found.waiting, found.overdue, found.sign_off, found.unclaimed, found.calm)
    assert [[case.number for case in part] for part in parts] == [[4], [3, 2], [], [6], [1, 5]]
