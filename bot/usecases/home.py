"""What App Home shows one person of a program. Nothing here knows Slack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.usecases.links import LinkedCase, linked
from cases.audience import Audience
from cases.case import Case
from cases.coaching import Coaching, CoachingState, may_give
from cases.figures.facts import Share
from cases.people import Person
from cases.program import Program
from cases.reminders.engine import speaking
from cases.reminders.rules import Rule
from cases.shifts import Members
from cases.standing import ByUrgency, by_urgency, on_call
from storage.outbox import schedule
from storage.reading import Reading
from storage.reports import figures
from storage.writing import coaching

LATELY = timedelta(days=30)
"""For how long given feedback is shown in App Home."""


@dataclass(frozen=True)
class Chased:
    """A case that somebody is being called about: by which rule, who, and when the next time is."""

    case: Case
    rule: Rule
    called: tuple[Audience, ...]
    next_at: datetime | None


@dataclass(frozen=True)
class Floor:
    """How a program stands, for those who take its cases; each case once, where it is most urgent.

    `by_urgency` are all of its open cases. `kept_today`, `kept_this_week` and `chased` are for managers.
    """

    waiting: tuple[LinkedCase, ...]
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
        lists = (self.waiting, self.overdue, self.sign_off, self.unclaimed)
        return frozenset(linked.case.number for cases in lists for linked in cases)


@dataclass(frozen=True)
class AtHome:
    """What concerns one person in one program. `floor` is None for those who only raise cases.

    `links` lead to the cards of the cases that are named outside a list: those of feedback, and those chased. `saves`
    counts by agent what this person and their agents resolved this week.
    """

    program: Program
    who: Person
    mine: tuple[LinkedCase, ...] = ()
    raised: tuple[LinkedCase, ...] = ()
    to_give: tuple[Coaching, ...] = ()
    to_read: tuple[Coaching, ...] = ()
    told: tuple[Coaching, ...] = ()
    saves: Mapping[str, int] = field(default_factory=dict)
    floor: Floor | None = None
    links: Mapping[int, str] = field(default_factory=dict)


def home_of(
    reading: Reading, program: Program, who: Person, members: Members, now: datetime, *, floor: bool
) -> AtHome:
    """What awaits somebody in a program; how the program stands only if they take its cases and have chosen it
    (`floor`).

    Feedback to be read comes before what was read already. Outside the channel there is nothing else.
    """
    looks = floor and who.works_here
    waiting = reading.waiting_cases(program.id) if looks else reading.waiting_cases_of(program.id, who.id)
    waiting = waiting if who.in_channel else []
    mine = [case for case in waiting if case.owner == who.id]
    raised = [case for case in waiting if case.raised_by == who.id != case.owner]
    given = coaching.of_person(reading, program.id, who.id, now - LATELY)
    to_read = [item for item in given if item.agent == who.id and item.state is CoachingState.GIVEN]
    owed = coaching.owed(reading, program.id)
    to_give = [item for item in owed if item.superior == who.id]
    if who.manages_here:
        to_give += [item for item in owed if item.superior is None and item.agent != who.id]
        given = coaching.given_since(reading, program.id, now - LATELY)
    shown = _floor(reading, program, who, members, waiting, owed, now) if looks else None
    there = shown.numbers if shown is not None else frozenset()
    raised = [case for case in raised if case.number not in there]
    late, chased = (shown.coaching_overdue, shown.chased) if shown is not None else ((), ())
    named = {number for item in (*to_give, *given, *late) for number in item.about}
    named |= {one.case.number for one in chased}
    return AtHome(
        program=program,
        who=who,
        mine=tuple(linked(reading, mine)),
        raised=tuple(linked(reading, raised)),
        to_give=tuple(to_give),
        to_read=tuple(to_read),
        told=tuple(item for item in given if item not in to_read),
        saves=figures.saves_lately(reading, program, who.id, now),
        floor=shown,
        links=reading.permalinks(sorted(named)) if named and who.in_channel else {},
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
    others = [case for case in waiting if case.owner != who.id]
    found = by_urgency(others, program, now)
    floor = Floor(
        waiting=tuple(linked(reading, found.waiting)),
        overdue=tuple(linked(reading, found.overdue)),
        sign_off=tuple(linked(reading, found.sign_off)) if who.manages_here else (),
        unclaimed=tuple(linked(reading, found.unclaimed)),
        open=len(waiting),
        on_call=sum(on_call(case, program, now) for case in waiting),
        due_soon=sum(_is_due_soon(case, now) for case in waiting),
        by_urgency=by_urgency(waiting, program, now),
    )
    if not who.manages_here:
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
    """Whether this person may open the form for it."""
    return item.state is CoachingState.OWED and may_give(item, who, now)


def _is_due_soon(case: Case, now: datetime) -> bool:
    return case.callback is not None and now <= case.callback.due_at <= now + timedelta(hours=1)


def _chased(
    reading: Reading, program: Program, members: Members, waiting: Sequence[Case], now: datetime
) -> tuple[Chased, ...]:
    """The cases that somebody is being called about, those with the most people first."""
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
