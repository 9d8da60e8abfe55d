"""A report: the figures of some days as a whole, day by day, hour by hour, by reason, and by what else was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from cases.errors import Misread
from cases.figures.definitions import Figure, coaching_on_time, per_100_calls, refused
from cases.figures.facts import CoachingFact, Share, summed
from cases.figures.period import Period
from cases.figures.tally import Tally, added, merged
from cases.words import Reason, Scenario, Word

Hour = tuple[date, int]
"""An hour of the site's clock."""


class By(Word):
    """What a report may be divided by."""

    PROGRAM = "program", "program"
    AGENT = "agent", "agent"
    REASON = "reason", "reason"
    SCENARIO = "scenario", "scenario"
    DEPARTMENT = "department", "department"
    TEAM = "team", "team"
    DAY = "day", "day"
    HOUR = "hour", "hour"


OF_ONE_PROGRAM = tuple(by for by in By if by is not By.PROGRAM)
"""What a single program's report may be divided by."""

NO_NAMES = "Who raised what is shown to you alone: the channel has no ranking of people."

NONE_KNOWN: dict[By, str] = {By.DEPARTMENT: "No department", By.TEAM: "No team known"}
"""What a group is called that has no name."""


@dataclass(frozen=True)
class Asked:
    """A report that somebody asked for in the channel: on which days, divided by what; who asked, with which click."""

    first: date
    last: date
    by: By | None
    who: str
    click: str

    @property
    def key(self) -> str:
        """As one word, by which the post is known."""
        return "/".join((self.first.isoformat(), self.last.isoformat(), self.by or "", self.who, self.click))

    @classmethod
    def of(cls, key: str) -> Asked:
        """What `key` says."""
        first, last, by, who, click = key.split("/", 4)
        return cls(date.fromisoformat(first), date.fromisoformat(last), By(by) if by else None, who, click)


class NotDivisible(Misread):
    """A report cannot be divided by that; the text says by what it can."""


def read_by(text: str, offered: Iterable[By] = OF_ONE_PROGRAM) -> By | None:
    """What to divide a report by; None for nothing. Raises NotDivisible."""
    word = text.strip().lower()
    if not word:
        return None
    known = {by.value: by for by in offered}
    found = known.get(word) or known.get(word.removesuffix("s"))
    if found is None:
        shown = " ".join(text.split())[:40]
        raise NotDivisible(f"A report cannot be divided by “{shown}”. Choose {', '.join(known)}.")
    return found


@dataclass(frozen=True)
class Calls:
    """How many calls a program took on a day: in each hour where that is known, else in all."""

    day: date
    hour: int | None
    calls: int


@dataclass(frozen=True)
class Sums:
    """What the cases of a program add up to: in each hour of each day, by reason, and in each group (none where days or
    hours are the groups).
    """

    hours: Mapping[Hour, Tally] = field(default_factory=dict)
    reasons: Mapping[Reason, int] = field(default_factory=dict)
    groups: Mapping[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """The figures of `period`. `groups` is what it is divided `by`, in the order in which it is read; `load` are the cases
    raised by weekday (Monday is 0) and hour of the site's clock; `made_at` is the instant up to which it tells.
    """

    program: str
    period: Period
    made_at: datetime
    total: Tally
    days: Mapping[date, Tally]
    load: Mapping[tuple[int, int], int]
    reasons: Mapping[Reason, int]
    by: By | None = None
    groups: Mapping[str, Tally] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return self.total.is_empty


def report(
    program: str,
    period: Period,
    now: datetime,
    sums: Sums,
    *,
    by: By | None = None,
    coaching: Iterable[CoachingFact] = (),
    tries: int = 0,
    calls: Iterable[Calls] = (),
) -> Report:
    """The report that these sums make, with coaching, refusals and call volume beside them."""
    days = merged({day: tally} for (day, _), tally in sums.hours.items())
    load: Counter[tuple[int, int]] = Counter()
    for (day, hour), tally in sums.hours.items():
        if tally.raised:
            load[day.weekday(), hour] += tally.raised
    per_day, per_hour = _volume(sums.hours, days, list(calls))
    days = {day: _with(days.get(day, Tally()), per_day.get(day)) for day in sorted({*days, *per_day})}
    more = {
        Figure.COACHING: summed(coaching_on_time(one, now) for one in coaching),
        Figure.REFUSED: refused(tries),
        Figure.PER_100_CALLS: summed(per_day.values()),
    }
    total = added(days.values())
    groups = sums.groups
    if by is By.DAY:
        groups = {day.isoformat(): tally for day, tally in days.items()}
    elif by is By.HOUR:
        clock = merged({hour: tally} for (_, hour), tally in sums.hours.items())
        groups = {str(hour): _with(tally, per_hour.get(hour)) for hour, tally in clock.items()}
    return Report(
        program=program,
        period=period,
        made_at=now,
        total=replace(total, shares={**total.shares, **more}),
        days=days,
        load=load,
        reasons=_most_first(sums.reasons),
        by=by,
        groups=groups if by is None else _in_order(by, groups),
    )


def _in_order(by: By, groups: Mapping[str, Tally]) -> dict[str, Tally]:
    """Days and hours as they follow each other; all else with the most cases first."""
    order: dict[By, Callable[[str], Any]] = {By.DAY: str, By.HOUR: int}
    key = order.get(by, lambda name: (-groups[name].raised, name))
    return {name: groups[name] for name in sorted(groups, key=key)}


def group_label(by: By, name: str) -> str:
    """What a group is called; of an agent the id is left to whoever shows it."""
    match by:
        case By.REASON:
            return Reason(name).label
        case By.SCENARIO:
            return Scenario(name).label
        case By.DAY:
            day = date.fromisoformat(name)
            return f"{day:%a} {day.day} {day:%b}"
        case By.HOUR:
            return f"{int(name):02d}:00"
        case _:
            return name or NONE_KNOWN[by]


def combined(reports: Iterable[Report], title: str) -> Report:
    """Several programs' reports as one, each by its own site's days: divided as they are, else by program."""
    parts = list(reports)
    by = parts[0].by or By.PROGRAM
    groups = merged({part.program: part.total} if by is By.PROGRAM else part.groups for part in parts)
    days = merged(part.days for part in parts)
    total = added(part.total for part in parts)
    # The refusals are the workspace's: each report tells all of them.
    total = replace(total, shares={**total.shares, Figure.REFUSED: parts[0].total.share(Figure.REFUSED)})
    first = min(part.period.first for part in parts)
    last = max(part.period.last for part in parts)
    return Report(
        program=title,
        period=Period(first, last, parts[0].period.zone),
        made_at=max(part.made_at for part in parts),
        total=total,
        days={day: days[day] for day in sorted(days)},
        load=sum((Counter(part.load) for part in parts), Counter()),
        reasons=_most_first(sum((Counter(part.reasons) for part in parts), Counter())),
        by=by,
        groups=_in_order(by, groups),
    )


@dataclass(frozen=True)
class KeptLately:
    """How promises were kept, for a program's managers at this moment."""

    today: Share
    week: Share


def _most_first(reasons: Mapping[Reason, int]) -> dict[Reason, int]:
    return dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0].value)))


def _with(tally: Tally, volume: Share | None) -> Tally:
    return tally if volume is None else replace(tally, shares={**tally.shares, Figure.PER_100_CALLS: volume})


def _volume(
    hours: Mapping[Hour, Tally], days: Mapping[date, Tally], calls: list[Calls]
) -> tuple[dict[date, Share], dict[int, Share]]:
    """Cases and calls of the days whose volume is known, and of the hours of those that know it by the hour."""
    per_day: dict[date, int] = {}
    per_hour: dict[int, list[Share]] = {}
    for one in calls:
        per_day[one.day] = per_day.get(one.day, 0) + one.calls
        if one.hour is not None:
            cases = hours.get((one.day, one.hour), Tally()).raised
            per_hour.setdefault(one.hour, []).append(per_100_calls(cases, one.calls))
    return (
        {day: per_100_calls(days.get(day, Tally()).raised, count) for day, count in per_day.items()},
        {hour: summed(shares) for hour, shares in per_hour.items()},
    )
