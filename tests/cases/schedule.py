"""The schedule as the database keeps it, in a few lines: chains that a case wants, one waiting reminder each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cases.audience import Audience
from cases.case import Case
from cases.program import Program
from cases.reminders.engine import Chain, Drop, Fire, Later, Reminder, decide, may_begin, wanted
from cases.reminders.rules import Rule


@dataclass(frozen=True)
class Ping:
    """A reminder that spoke."""

    at: datetime
    reminder: Reminder
    fire: Fire
    audience: tuple[Audience, ...]

    @property
    def rule(self) -> Rule:
        return self.reminder.chain.rule


@dataclass
class Schedule:
    """The waiting reminders of one case, and what was said so far."""

    program: Program
    waiting: dict[Chain, Reminder] = field(default_factory=dict)
    deferred: set[Chain] = field(default_factory=set)
    made: set[tuple[Chain, int]] = field(default_factory=set)
    pings: list[Ping] = field(default_factory=list)
    at: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    def plan(self, case: Case, now: datetime) -> None:
        """After a change: chains that are no longer wanted end, new ones get their first reminder."""
        self.at = max(self.at, now)
        wishes = {wish.chain: wish for wish in wanted(case, self.program)}
        self.waiting = {chain: row for chain, row in self.waiting.items() if chain in wishes}
        for chain, wish in wishes.items():
            short_notice = not may_begin(wish, now)
            if (chain, wish.step) not in self.made and not short_notice:
                self._add(wish)

    def beat(self, case: Case, now: datetime) -> list[Ping]:
        """Everything that is due is settled."""
        spoken = []
        self.at = max(self.at, now)
        for row in sorted(self.waiting.values(), key=lambda row: row.due_at):
            if row.due_at > now:
                continue
            del self.waiting[row.chain]
            self.deferred.discard(row.chain)
            match decide(row, case, self.program, now):
                case Drop():
                    continue
                case Later(at):
                    assert at > now
                    self.deferred.add(row.chain)
                    self.waiting[row.chain] = Reminder(row.chain, row.step, at)
                case Fire(following=following) as fire:
                    told = row.chain.rule.does.audience(case, self.program, now)
                    spoken.append(Ping(now, row, fire, told))
                    if following is not None:
                        assert following.due_at > now
                        self._add(following)
        self.pings += spoken
        return spoken

    def run(self, case: Case, until: datetime) -> list[Ping]:
        """Beats at each due instant before `until`; what was due before the last change is due now."""
        spoken: list[Ping] = []
        while (due := min((row.due_at for row in self.waiting.values()), default=until)) < until:
            spoken += self.beat(case, max(due, self.at))
        return spoken

    def _add(self, reminder: Reminder) -> None:
        key = reminder.chain, reminder.step
        assert key not in self.made, f"{key} is in the table already"
        self.made.add(key)
        self.waiting[reminder.chain] = reminder


def scheduled(case: Case, program: Program, now: datetime) -> Schedule:
    """The schedule of a case as it stands."""
    schedule = Schedule(program)
    schedule.plan(case, now)
    return schedule
