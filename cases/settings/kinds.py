"""The kinds of setting: how each is typed, checked and written.

A value has three forms: the program's own (a timedelta, a tuple of words), what stands in a form's field (`shown`: text, or
the ids and words that are chosen), and what the record holds (`data`: plain JSON).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from cases import languages
from cases.events import Fact
from cases.program import OwnDay
from cases.settings import typed
from cases.settings.typed import NotUnderstood
from cases.times import WEEKDAYS
from cases.words import Word

Value = str | tuple[str, ...] | None
"""What stands in a field: text, or a list of ids and words."""

NOTHING = "none"
IDS_AT_MOST = 100
"""Groups or people in one list: no message mentions more."""
LANGUAGES_AT_MOST = 20
UNITS = {"minutes": timedelta(minutes=1), "days": timedelta(days=1)}


@dataclass(frozen=True)
class KnownGroups:
    """What Slack tells of user groups by id: the members of those that were read, and their handles."""

    members: Mapping[str, Collection[str]] = field(default_factory=dict)
    handles: Mapping[str, str] = field(default_factory=dict)

    def name(self, group: str) -> str:
        """The group as people know it."""
        return f"@{self.handles[group]}" if group in self.handles else group


class Kind:
    """How a setting is typed, checked and written. `width` is how many characters its input has."""

    unit: str = ""
    optional: bool = False
    width: int = 100

    @property
    def takes(self) -> str:
        """What is accepted, for the documents."""
        raise NotImplementedError

    def read(self, value: Any, known: KnownGroups) -> Any:
        """The program's value of what was entered. Raises NotUnderstood, with the sentence for the field."""
        raise NotImplementedError

    def shown(self, value: Any) -> Value:
        """What stands in the field."""
        if isinstance(value, tuple):
            return tuple(map(str, value))
        return None if value is None else str(value)

    def data(self, value: Any) -> Fact:
        """What the record holds."""
        shown = self.shown(value)
        return list(shown) if isinstance(shown, tuple) else shown

    def one(self, data: Any) -> str:
        """One of the values of a list, in words."""
        return str(data)

    def words(self, data: Any) -> str:
        """What the record or the field holds, as people read it."""
        several = data if isinstance(data, list | tuple) else () if data in (None, "") else (data,)
        return ", ".join(map(self.one, several)) or NOTHING


@dataclass(frozen=True)
class Text(Kind):
    """One line, which `reads` understands and `writes` writes."""

    reads: Callable[[str | None], Any]
    what: str
    writes: Callable[[Any], str | None] = str
    optional: bool = False
    width: int = 100

    @property
    def takes(self) -> str:
        return self.what

    def read(self, value: Any, known: KnownGroups) -> Any:
        return self.reads(value)

    def shown(self, value: Any) -> Value:
        return self.writes(value)


ZONE = Text(typed.read_zone, "an IANA time zone")
REGION = Text(typed.read_region, "a country's two letters", width=20)
HOLIDAYS = Text(
    typed.read_holiday_country, "a country's two letters, or nothing", lambda it: it, optional=True, width=20
)
DIGEST = Text(
    typed.read_digest, "a time, or nothing", lambda it: it and typed.write_time(it), optional=True, width=20
)
HOURS = Text(typed.read_hours, "hours such as 08:00–21:00, or “closed”", typed.write_hours)


@dataclass(frozen=True)
class Name(Kind):
    """What somebody or something is called."""

    most: int
    example: str

    @property
    def takes(self) -> str:
        return f"up to {self.most} characters"

    def read(self, value: Any, known: KnownGroups) -> str:
        sentence = f"Enter a name of up to {self.most} characters, such as {self.example}."
        return typed.read_line(value, self.most, sentence)


@dataclass(frozen=True)
class Number(Kind):
    """A whole number within its bounds."""

    least: int
    most: int
    unit: str = ""
    width: int = 20

    @property
    def takes(self) -> str:
        return f"{self.least:,} to {self.most:,} {self.unit}".rstrip()

    def read(self, value: Any, known: KnownGroups) -> Any:
        return typed.read_number(value, self.least, self.most, self.unit)

    def data(self, value: Any) -> Fact:
        return int(value)


@dataclass(frozen=True)
class Length(Number):
    """A length of time in whole minutes or days."""

    def read(self, value: Any, known: KnownGroups) -> timedelta:
        return int(super().read(value, known)) * UNITS[self.unit]

    def shown(self, value: Any) -> Value:
        return str(self.data(value))

    def data(self, value: Any) -> Fact:
        return int(value // UNITS[self.unit])


@dataclass(frozen=True)
class Minutes(Kind):
    """Minutes that grow, such as 3, 7, 15: the steps of a chain of reminders."""

    most: int
    unit: str = "minutes"

    @property
    def takes(self) -> str:
        return f"up to {typed.LIST_AT_MOST} growing numbers from 1 to {self.most:,} minutes"

    def read(self, value: Any, known: KnownGroups) -> tuple[int, ...]:
        return typed.read_minutes(value, self.most)

    def shown(self, value: Any) -> Value:
        return typed.write_minutes(value)

    def data(self, value: Any) -> Fact:
        return list(value)


@dataclass(frozen=True)
class Picked(Kind):
    """A wall time from Slack's time picker."""

    sentence: str
    takes = "a time"

    def read(self, value: Any, known: KnownGroups) -> time:
        return typed.read_time(value, self.sentence)

    def shown(self, value: Any) -> Value:
        return typed.write_time(value)


@dataclass(frozen=True)
class OwnDays(Kind):
    """Days without calls that only this program has, one a line."""

    optional: bool = True
    takes = f"one date and name a line, {typed.TYPED_AT_MOST:,} characters in all"

    def read(self, value: Any, known: KnownGroups) -> tuple[OwnDay, ...]:
        return typed.read_own_days(value)

    def shown(self, value: Any) -> Value:
        return typed.write_own_days(value)

    def data(self, value: Any) -> Fact:
        return [[one.day.isoformat(), one.name] for one in value]


@dataclass(frozen=True)
class Weekdays(Kind):
    """Weekdays by number; Monday is 0."""

    sentence: str
    takes = "at least one weekday"

    def read(self, value: Any, known: KnownGroups) -> tuple[int, ...]:
        days = tuple(sorted({int(day) for day in value or () if day in set("0123456")}))
        if not days:
            raise NotUnderstood(self.sentence)
        return days

    def data(self, value: Any) -> Fact:
        return list(value)

    def one(self, data: Any) -> str:
        return WEEKDAYS[int(data)]


@dataclass(frozen=True)
class Offered(Kind):
    """The words that a form offers. The program holds those that are off, the field those that are on."""

    all: type[Word]
    noun: str

    @property
    def takes(self) -> str:
        return f"at least one of {len(self.all)}"

    def read(self, value: Any, known: KnownGroups) -> tuple[Word, ...]:
        chosen = set(value or ())
        if chosen - {word.value for word in self.all}:
            raise NotUnderstood(f"Choose each {self.noun} from the list.")
        if not chosen:
            raise NotUnderstood(f"Leave at least one {self.noun} on: the form asks for one.")
        return tuple(word for word in self.all if word.value not in chosen)

    def shown(self, value: Any) -> Value:
        return tuple(word.value for word in self.all if word not in value)

    def one(self, data: Any) -> str:
        return self.all(data).label

    def words(self, data: Any) -> str:
        return "all" if len(data) == len(self.all) else super().words(data)


@dataclass(frozen=True)
class Languages(Kind):
    """Languages by their codes."""

    optional: bool = True
    takes = f"up to {LANGUAGES_AT_MOST} languages"

    def read(self, value: Any, known: KnownGroups) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(value or ()))
        if not all(map(languages.is_language, chosen)):
            raise NotUnderstood("Choose languages from the list.")
        if len(chosen) > LANGUAGES_AT_MOST:
            raise NotUnderstood(f"Choose at most {LANGUAGES_AT_MOST} languages. Type to find any other.")
        return chosen

    def one(self, data: Any) -> str:
        return languages.name(data)


@dataclass(frozen=True)
class Ids(Kind):
    """What is chosen from Slack's own lists."""

    optional: bool = True
    shape = ""
    noun = ""

    @property
    def takes(self) -> str:
        return f"up to {IDS_AT_MOST} {self.noun}"

    def read(self, value: Any, known: KnownGroups) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(value or ()))
        if not all(re.fullmatch(self.shape, one) for one in chosen):
            raise NotUnderstood(f"Choose {self.noun} from the list.")
        if len(chosen) > IDS_AT_MOST:
            raise NotUnderstood(f"Choose at most {IDS_AT_MOST} {self.noun}.")
        return chosen


@dataclass(frozen=True)
class Groups(Ids):
    """User groups. One that is known to have no members would call nobody."""

    shape = r"S[A-Z0-9]{2,}"
    noun = "user groups"

    def read(self, value: Any, known: KnownGroups) -> tuple[str, ...]:
        groups = super().read(value, known)
        empty = [known.name(group) for group in groups if group in known.members and not known.members[group]]
        if empty:
            what = f"Nobody is in {' and '.join(empty)}."
            raise NotUnderstood(f"{what} Add somebody in Slack first, or take it out.")
        return groups


@dataclass(frozen=True)
class People(Ids):
    """People of the workspace."""

    shape = r"[UW][A-Z0-9]{2,}"
    noun = "people"
