"""Coaching: the feedback owed to an agent after a missed opportunity, by whom, by when, and who may read it.

An item goes owed → given → acknowledged. It is about one case, or several of one agent (*a pattern*). The case's thread
shows that it is owed and that it was given, by name and date; its text is only for the agent, the direct superior and
the program's managers (house rule 6). Pure; instants are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cases.case import Case
from cases.errors import NotAllowed, NotPossible
from cases.events import Event, Fact, Happened
from cases.people import ASKDESK, Person, mention
from cases.program import Program
from cases.times import wall
from cases.words import Missed, Step, Word
from cases.workdays import working_days_after


class CoachingState(Word):
    """How far an item has come."""

    OWED = "owed", "owed"
    GIVEN = "given", "given"
    ACKNOWLEDGED = "acknowledged", "acknowledged"


class Controllable(Word):
    """What the call's outcome was due to: the agent, or what the agent works with."""

    AGENT = "agent", "The agent"
    PROCESS = "process", "Process"
    PRODUCT = "product", "Product"
    TOOL = "tool", "Tool"


class CoachingOutcome(Word):
    """What the superior concludes. Askdesk concludes nothing, and decides no sanction."""

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
    """An item, without its texts. `superior` is None if managers stand in.

    `case` is the one whose thread shows it; `cases` are a pattern's, `case` among them. `step` is the next reminder's
    place in the chase, `chase_at` its time; None once nobody is reminded.
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
        """Whether it is overdue."""
        return self.state is CoachingState.OWED and now >= self.due_at


@dataclass(frozen=True)
class Miss:
    """An agent's earlier missed opportunity: its case, when it was found, and whether the superior saw none after all."""

    case: int
    at: datetime
    cleared: bool = False


# What opens an item


def missed_at_close(events: Iterable[Event]) -> bool:
    """Whether a close form among these events says that an opportunity to de-escalate was missed."""
    return any(
        event.kind in (Happened.CLOSED, Happened.FOLLOW_UP)
        and event.facts.get("missed") in (Missed.ONE.value, Missed.SEVERAL.value)
        for event in events
    )


def superior_of(agent: str, known: Sequence[str | None]) -> str | None:
    """The agent's direct superior, from the first source that knows one; None if managers are to stand in."""
    return next((one for one in known if one and one != agent), None)


def due(program: Program, opened_at: datetime) -> datetime:
    """When feedback is due: the program's number of working days later, at the time of day at which it was opened."""
    return working_days_after(program, opened_at, program.coaching_days)


def owed(
    case: Case, program: Program, superior: str | None, now: datetime, pattern: tuple[int, ...] = ()
) -> Coaching:
    """A new item about a case, or about the cases of a `pattern`; it gets its id when it is saved."""
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
    """The cases that now form a pattern; none if there are too few, or a recent pattern covers them. `last` is when
    this agent's last pattern was opened: its cases don't count again.
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
    """Whether somebody may read the texts: the agent, that superior, the program's managers; nobody else."""
    return who.id in (item.agent, item.superior) or who.manages_here


def may_give(item: Coaching, who: Person, now: datetime) -> bool:
    """The direct superior; a manager if none is known, if it is about a pattern, or once it is overdue."""
    if who.id == item.agent:
        return False
    return who.id == item.superior or (
        who.manages_here and (item.superior is None or item.is_pattern or item.is_overdue(now))
    )


def check_give(item: Coaching, who: Person, program: Program, now: datetime) -> None:
    """Raises NotPossible or NotAllowed, with a sentence for anybody who cannot give this feedback (now)."""
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
    later = "" if not who.manages_here else " A manager can once it is overdue."
    raise NotAllowed(f"Only the direct superior, {mention(item.superior)}, can give this feedback.{later}")


def check_read(item: Coaching, who: Person) -> None:
    """Raises NotAllowed for those who may not read the texts, NotPossible if there are none yet."""
    if not may_read(item, who):
        raise NotAllowed("Only the agent, the direct superior and managers can read this feedback.")
    if item.state is CoachingState.OWED:
        raise NotPossible("This feedback has not been given yet.")


def check_acknowledge(item: Coaching, who: Person, program: Program) -> None:
    """Raises NotPossible or NotAllowed, with a sentence for anybody who cannot acknowledge this feedback (now)."""
    if who.id != item.agent:
        raise NotAllowed("Only the agent it is for can acknowledge this feedback.")
    if item.state is CoachingState.OWED:
        raise NotPossible("This feedback has not been given yet.")
    if item.state is CoachingState.ACKNOWLEDGED:
        raise NotPossible(f"You acknowledged this feedback on {_day(item.acknowledged_at, program)}.")


# What becomes of it


def given(item: Coaching, who: Person, program: Program, now: datetime) -> Coaching:
    """Feedback was given: reminders end."""
    check_give(item, who, program, now)
    return replace(item, state=CoachingState.GIVEN, given_by=who.id, given_at=now, chase_at=None)


def acknowledged(item: Coaching, who: Person, program: Program, now: datetime) -> Coaching:
    """The agent has read it."""
    check_acknowledge(item, who, program)
    return replace(item, state=CoachingState.ACKNOWLEDGED, acknowledged_at=now)


def event_of(item: Coaching, found_by: str | None = None) -> Event:
    """The event of an item's current step, for the record and the thread: names and dates, never its texts. `found_by`
    made the move that caused it.
    """
    facts: dict[str, Fact] = {"item": item.id, "agent": item.agent}
    if item.is_pattern:
        facts["cases"] = ",".join(map(str, item.cases))
    match item.state:
        case CoachingState.OWED:
            facts |= {"superior": item.superior, "due_at": item.due_at.isoformat()}
            if found_by is not None:
                facts["found_by"] = found_by
            return Event(Happened.COACHING_OWED, ASKDESK.id, facts)
        case CoachingState.GIVEN:
            return Event(Happened.COACHING_GIVEN, item.given_by or "", facts)
        case CoachingState.ACKNOWLEDGED:
            return Event(Happened.COACHING_ACKNOWLEDGED, item.agent, facts)


def passed_on(item: Coaching) -> tuple[Coaching, Event]:
    """The direct superior has left: managers stand in, and the thread tells them so, once."""
    passed = replace(item, superior=None)
    event = event_of(passed)
    return passed, replace(event, facts={**event.facts, "from": item.superior})


# How it is chased


@dataclass(frozen=True)
class Chase:
    """A reminder: this many working days after the item is due (negative: before), with or without the managers."""

    after: int
    managers: bool


CHASE = (Chase(-1, managers=False), Chase(0, managers=False), Chase(1, managers=True))
"""The day before, when it is due, and a day later with the managers; then every working day, with no end."""


def step_at(place: int) -> Chase:
    """The reminder at that place in the chase."""
    beyond = max(0, place - len(CHASE) + 1)
    last = CHASE[min(place, len(CHASE) - 1)]
    return replace(last, after=last.after + beyond)


def chased(item: Coaching, program: Program, now: datetime) -> Coaching:
    """The item with its first reminder after now: those missed in an outage don't follow one after the other."""
    place = item.step
    while (at := working_days_after(program, item.due_at, step_at(place).after)) <= now:
        place += 1
    return replace(item, step=place, chase_at=at)


def calls_managers(item: Coaching, now: datetime, program: Program) -> bool:
    """Whether managers are called too, depending on how late it is: a late reminder covers those it replaces."""
    louder = next(chase for chase in CHASE if chase.managers)
    return item.superior is None or now >= working_days_after(program, item.due_at, louder.after)


def _day(at: datetime | None, program: Program) -> str:
    if at is None:
        return "an earlier day"
    shown = wall(at, program.timezone)
    return f"{shown.day} {shown:%B %Y}"
