"""What App Home shows one person of a program. Nothing here knows Slack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.usecases.links import LinkedCase, linked
from cases.audience import Audience
from cases.case import Case, Status
from cases.coaching import Coaching, CoachingState, may_give
from cases.figures.facts import Share
from cases.people import Person
from cases.program import Program
from cases.reminders.engine import speaking
from cases.reminders.rules import Rule
from cases.shifts import Members
from cases.urgency import ByUrgency, by_urgency
from cases.words import Role
from storage.outbox import schedule
from storage.reading import Reading
from storage.reports import figures
from storage.writing import coaching

LATELY = timedelta(days=30)
"""For how long feedback that was given stands in App Home."""


@dataclass(frozen=True)
class Chased:
    """A case that somebody is called about just now: by which rule, who, and when the next time is."""

    case: Case
    rule: Rule
    called: tuple[Audience, ...]
    next_at: datetime | None


@dataclass(frozen=True)
class Floor:
    """How a program's desk stands, for whoever works at it; each case once, where it is most urgent.

    `by_urgency` are all of its open cases. `kept_today`, `kept_this_week` and `chased` are for managers.
    """

    overdue: tuple[LinkedCase, ...]
    sign_off: tuple[LinkedCase, ...]
    unclaimed: tuple[LinkedCase, ...]
    open: int
    on_call: int
    due_soon: int
    by_urgency: ByUrgency
    kept_today: Share | None = None
    kept_this_week: Share | None = None
    chased: tuple[Chased, ...] = ()
    coaching_overdue: tuple[Coaching, ...] = ()

    @property
    def numbers(self) -> frozenset[int]:
        """The cases that it lists."""
        lists = (self.overdue, self.sign_off, self.unclaimed)
        return frozenset(linked.case.number for cases in lists for linked in cases)


@dataclass(frozen=True)
class AtHome:
    """What one person has to do with one program. `floor` is None for whoever only raises cases."""

    program: Program
    who: Person
    mine: tuple[LinkedCase, ...] = ()
    raised: tuple[LinkedCase, ...] = ()
    to_give: tuple[Coaching, ...] = ()
    to_read: tuple[Coaching, ...] = ()
    told: tuple[Coaching, ...] = ()
    floor: Floor | None = None

    @property
    def manages(self) -> bool:
        return Role.MANAGER in self.who.roles


def look(
    reading: Reading, program: Program, who: Person, members: Members, now: datetime, *, floor: bool
) -> AtHome:
    """What waits for somebody in a program; the desk's own state only where they work at it and look at it (`floor`).

    Feedback that waits to be read comes before what was read already.
    """
    looks = floor and who.takes_cases
    waiting = reading.waiting_cases(program.id) if looks else reading.waiting_cases_of(program.id, who.id)
    mine = [case for case in waiting if case.owner == who.id]
    raised = [case for case in waiting if case.raised_by == who.id != case.owner]
    given = coaching.of_person(reading, program.id, who.id, now - LATELY)
    to_read = [item for item in given if item.agent == who.id and item.state is CoachingState.GIVEN]
    owed = coaching.owed(reading, program.id)
    to_give = [item for item in owed if item.superior == who.id]
    manager = Role.MANAGER in who.roles
    if manager:
        to_give += [item for item in owed if item.superior is None and item.agent != who.id]
        given = coaching.given_since(reading, program.id, now - LATELY)
    shown = _floor(reading, program, who, members, waiting, owed, now) if looks else None
    there = shown.numbers if shown is not None else frozenset()
    raised = [case for case in raised if case.number not in there]
    return AtHome(
        program=program,
        who=who,
        mine=tuple(linked(reading, mine)),
        raised=tuple(linked(reading, raised)),
        to_give=tuple(to_give),
        to_read=tuple(to_read),
        told=tuple(item for item in given if item not in to_read),
        floor=shown,
    )


def _floor(
    reading: Reading,
    program: Program,
    who: Person,
    members: Members,
    waiting: Sequence[Case],
    owed: Sequence[Coaching],
    now: datetime,
) -> Floor:
    manager = Role.MANAGER in who.roles
    others = [case for case in waiting if case.owner != who.id]
    overdue = [case for case in others if case.callback is not None and case.callback.is_overdue(now)]
    sign_off = [case for case in others if case.awaits_sign_off] if manager else []
    unclaimed = [
        case for case in others if case.status is Status.OPEN and case not in overdue and case not in sign_off
    ]
    floor = Floor(
        overdue=tuple(linked(reading, overdue)),
        sign_off=tuple(linked(reading, sign_off)),
        unclaimed=tuple(linked(reading, unclaimed)),
        open=len(waiting),
        on_call=sum(case.on_call(now, program.call_may_take) for case in waiting),
        due_soon=sum(_is_due_soon(case, now) for case in waiting),
        by_urgency=by_urgency(waiting, now),
    )
    if not manager:
        return floor
    kept = figures.kept_lately(reading, program, now)
    return replace(
        floor,
        kept_today=kept.today,
        kept_this_week=kept.week,
        chased=_chased(reading, program, members, waiting, now),
        coaching_overdue=tuple(
            item for item in owed if item.is_overdue(now) and item.superior not in (None, who.id)
        ),
    )


def gives(item: Coaching, who: Person, now: datetime) -> bool:
    """Whether the button that opens the form is this person's."""
    return item.state is CoachingState.OWED and may_give(item, who, now)


def _is_due_soon(case: Case, now: datetime) -> bool:
    return case.callback is not None and now <= case.callback.due_at <= now + timedelta(hours=1)


def _chased(
    reading: Reading, program: Program, members: Members, waiting: Sequence[Case], now: datetime
) -> tuple[Chased, ...]:
    """The cases that somebody is called about, those with the most people called first."""
    following = schedule.next_of_each(reading, program.id)
    found = [
        Chased(
            case,
            rule,
            rule.does.audience(case, program, now, members),
            following.get((case.number, rule)),
        )
        for case in waiting
        if (rule := speaking(case, program, now)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.called), one.case.number)))
