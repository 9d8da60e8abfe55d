"""Coaching: what is owed to an agent after a missed opportunity, by whom, until when, and who may read what was said.

An item goes owed → given → acknowledged. It is about one case, or about several of one agent (*a pattern*). That it
is owed and that it was given is seen in the case's thread, by name and date; what was said is for the agent, the
direct superior and the program's managers alone (house rule 6). Pure; instants are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cases.case import Case
from cases.errors import NotAllowed, NotPossible
from cases.events import Event, Fact, Happened
from cases.people import DESK, Person, mention
from cases.program import Program
from cases.times import wall
from cases.words import Missed, Role, Step, Word
from cases.workdays import working_days_after


class CoachingState(Word):
    """How far an item is."""

    OWED = "owed", "owed"
    GIVEN = "given", "given"
    ACKNOWLEDGED = "acknowledged", "acknowledged"


class Controllable(Word):
    """In whose hands it lay that the call went as it did: the agent's, or those of what the agent works with."""

    AGENT = "agent", "The agent"
    PROCESS = "process", "Process"
    PRODUCT = "product", "Product"
    TOOL = "tool", "Tool"


class CoachingOutcome(Word):
    """What the superior concludes. The desk concludes nothing by itself, and decides no sanction."""

    NOT_MISSED = "not_missed", "No missed opportunity after all"
    FEEDBACK = "feedback", "Feedback given"
    TRAINING = "training", "Training needed"
    PROCESS_DEFECT = "process_defect", "Process defect raised"
    COMMENDATION = "commendation", "Commendation"
    REFERRED = "referred", "Referred for sanction"


@dataclass(frozen=True)
class Feedback:
    """The superior's form. `follow_up` is a day of the site's calendar."""

    observed: str
    outcome: CoachingOutcome
    missed_steps: tuple[Step, ...] = ()
    controllable: Controllable | None = None
    actions: tuple[str, ...] = ()
    follow_up: date | None = None


@dataclass(frozen=True)
class Coaching:
    """An item, without what was said. `superior` is None where managers stand in for one.

    `case` is the one in whose thread it is told; `cases` are those that a pattern is about, `case` among them.
    `step` is the next reminder's place in the chase, `chase_at` its time; None when nobody is reminded any more.
    """

    id: int
    program: int
    case: int
    agent: str
    superior: str | None
    opened_at: datetime
    due_at: datetime
    state: CoachingState = CoachingState.OWED
    cases: tuple[int, ...] = ()
    given_by: str | None = None
    given_at: datetime | None = None
    acknowledged_at: datetime | None = None
    step: int = 0
    chase_at: datetime | None = None

    @property
    def is_pattern(self) -> bool:
        return bool(self.cases)

    @property
    def about(self) -> tuple[int, ...]:
        """The numbers of all cases that it is about."""
        return self.cases or (self.case,)

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is owed past its time."""
        return self.state is CoachingState.OWED and now >= self.due_at


@dataclass(frozen=True)
class Miss:
    """An earlier missed opportunity of an agent: its case, when it was found, whether the superior saw none after all."""

    case: int
    at: datetime
    cleared: bool = False


# What opens an item


def missed_at_close(events: Iterable[Event]) -> bool:
    """Whether a close form among these events says that a de-escalation opportunity was missed."""
    return any(
        event.kind in (Happened.CLOSED, Happened.FOLLOW_UP)
        and event.facts.get("missed") in (Missed.ONE.value, Missed.SEVERAL.value)
        for event in events
    )


def superior_of(agent: str, known: Sequence[str | None]) -> str | None:
    """The agent's direct superior, by the first source that knows one; None where managers are to stand in."""
    return next((one for one in known if one and one != agent), None)


def due(program: Program, opened_at: datetime) -> datetime:
    """When feedback is due: the program's working days after, at the time of the site's day at which it was opened."""
    return working_days_after(program, opened_at, program.coaching_days)


def owed(
    case: Case, program: Program, superior: str | None, now: datetime, pattern: tuple[int, ...] = ()
) -> Coaching:
    """A new item about a case, or about the several of a `pattern`; its id is given when it is kept."""
    item = Coaching(
        id=0,
        program=program.id,
        case=case.number,
        agent=case.raised_by,
        superior=superior,
        opened_at=now,
        due_at=due(program, now),
        cases=pattern,
    )
    return chased(item, program, now)


def pattern(
    program: Program, misses: Iterable[Miss], last: datetime | None, now: datetime
) -> tuple[int, ...]:
    """The cases that together are a pattern by now; none where there are too few, or where one was told of lately.

    `last` is when this agent's last pattern was opened: what it told of is not told again.
    """
    if last is not None and now < last + program.pattern_within:
        return ()
    since = now - program.pattern_within
    counted = [
        miss for miss in misses if not miss.cleared and miss.at > since and (last is None or miss.at > last)
    ]
    found = tuple(dict.fromkeys(miss.case for miss in sorted(counted, key=lambda miss: (miss.at, miss.case))))
    return found if len(found) >= program.pattern_of else ()


# Who may do what


def may_read(item: Coaching, who: Person) -> bool:
    """Whether somebody may read what was said: the agent, that superior, the program's managers; nobody else."""
    return who.id in (item.agent, item.superior) or Role.MANAGER in who.roles


def may_give(item: Coaching, who: Person, now: datetime) -> bool:
    """The direct superior; a manager where none is known, where it is about a pattern, or once it is overdue."""
    if who.id == item.agent:
        return False
    manager = Role.MANAGER in who.roles
    return who.id == item.superior or (
        manager and (item.superior is None or item.is_pattern or item.is_overdue(now))
    )


def check_give(item: Coaching, who: Person, program: Program, now: datetime) -> None:
    """Raises NotPossible or NotAllowed, with the sentence for whoever cannot give this feedback (now)."""
    if who.id == item.agent:
        raise NotAllowed("This feedback is for you: your direct superior or a manager gives it.")
    if item.state is not CoachingState.OWED:
        raise NotPossible(
            f"{mention(item.given_by or '')} already gave this feedback on {_day(item.given_at, program)}."
        )
    if may_give(item, who, now):
        return
    if item.superior is None:
        raise NotAllowed("The agent's direct superior is unknown, so only a manager can give this feedback.")
    later = "" if Role.MANAGER not in who.roles else " A manager can once it is overdue."
    raise NotAllowed(f"Only the direct superior, {mention(item.superior)}, can give this feedback.{later}")


def check_read(item: Coaching, who: Person) -> None:
    """Raises NotAllowed where somebody may not read what was said, NotPossible where nothing was said yet."""
    if not may_read(item, who):
        raise NotAllowed("Only the agent, the direct superior and managers can read this feedback.")
    if item.state is CoachingState.OWED:
        raise NotPossible("This feedback has not been given yet.")


def check_acknowledge(item: Coaching, who: Person, program: Program) -> None:
    """Raises NotPossible or NotAllowed, with the sentence for whoever cannot acknowledge this feedback (now)."""
    if who.id != item.agent:
        raise NotAllowed("Only the agent it is for can acknowledge this feedback.")
    if item.state is CoachingState.OWED:
        raise NotPossible("This feedback has not been given yet.")
    if item.state is CoachingState.ACKNOWLEDGED:
        raise NotPossible(f"You acknowledged this feedback on {_day(item.acknowledged_at, program)}.")


# What becomes of it


def given(item: Coaching, who: Person, program: Program, now: datetime) -> Coaching:
    """Feedback was given: nobody is reminded any more."""
    check_give(item, who, program, now)
    return replace(item, state=CoachingState.GIVEN, given_by=who.id, given_at=now, chase_at=None)


def acknowledged(item: Coaching, who: Person, program: Program, now: datetime) -> Coaching:
    """The agent has read it."""
    check_acknowledge(item, who, program)
    return replace(item, state=CoachingState.ACKNOWLEDGED, acknowledged_at=now)


def event_of(item: Coaching, found_by: str | None = None) -> Event:
    """What the record and the thread hold of the step that an item has come to: names and dates, never what was said.

    `found_by` made the move after which it is owed.
    """
    facts: dict[str, Fact] = {"item": item.id, "agent": item.agent}
    if item.is_pattern:
        facts["cases"] = ",".join(map(str, item.cases))
    match item.state:
        case CoachingState.OWED:
            facts |= {"superior": item.superior, "due_at": item.due_at.isoformat()}
            if found_by is not None:
                facts["found_by"] = found_by
            return Event(Happened.COACHING_OWED, DESK.id, facts)
        case CoachingState.GIVEN:
            return Event(Happened.COACHING_GIVEN, item.given_by or "", facts)
        case CoachingState.ACKNOWLEDGED:
            return Event(Happened.COACHING_ACKNOWLEDGED, item.agent, facts)


def passed_on(item: Coaching) -> tuple[Coaching, Event]:
    """The direct superior has left: managers stand in, and the thread says so to them, once."""
    passed = replace(item, superior=None)
    event = event_of(passed)
    return passed, replace(event, facts={**event.facts, "from": item.superior})


# How it is chased


@dataclass(frozen=True)
class Chase:
    """A reminder: so many working days after the item is due (before it: negative), to managers as well or not yet."""

    after: int
    managers: bool


CHASE = (Chase(-1, managers=False), Chase(0, managers=False), Chase(1, managers=True))
"""The day before, when it is due, and a day later with the managers; then every working day, with no end."""


def step_at(place: int) -> Chase:
    """The reminder at that place of the row."""
    beyond = max(0, place - len(CHASE) + 1)
    last = CHASE[min(place, len(CHASE) - 1)]
    return replace(last, after=last.after + beyond)


def chased(item: Coaching, program: Program, now: datetime) -> Coaching:
    """The item with its first reminder after now: those that an outage swallowed do not come one after the other."""
    place = item.step
    while (at := working_days_after(program, item.due_at, step_at(place).after)) <= now:
        place += 1
    return replace(item, step=place, chase_at=at)


def calls_managers(item: Coaching, now: datetime, program: Program) -> bool:
    """Whether the managers are called too, by how late it is: a late reminder says all that those before it would have."""
    louder = next(chase for chase in CHASE if chase.managers)
    return item.superior is None or now >= working_days_after(program, item.due_at, louder.after)


def _day(at: datetime | None, program: Program) -> str:
    if at is None:
        return "an earlier day"
    shown = wall(at, program.timezone)
    return f"{shown.day} {shown:%B %Y}"
