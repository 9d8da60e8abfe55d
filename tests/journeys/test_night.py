"""A night on which nobody acts for 108 minutes, then everybody: how often each person is mentioned, when each role first
hears of each case, and how many calls are placed twice. docs/policy.md publishes what is measured here.

It is the demo's night shift: a dozen cases, some of them overdue, on the phone, unclaimed, or waiting on the line.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.demo.shift import CUSTOMERS, SAYS, SHIFT, good_moment
from sandbox.driver import Message, mentions
from storage import tables as t
from tests.bot.test_demo import CLOCKS_CHANGED, Visit, visit

POLICY = Path(__file__).parents[2] / "docs" / "policy.md"
MEASURED = re.compile(r"<!-- measured: night -->\n(.*?)<!-- /measured -->", re.S)

MINUTES = 108
STRETCHES = 9
AN_HOUR = timedelta(hours=1)
NAMED = re.compile(r"\bcase (\d+)")

REMINDERS = ("ping", "burst")
"""The kinds of message by which Askdesk speaks up by itself, in their metadata."""

WORDS = (SAYS, "Add note")
"""What somebody did about a case without changing it."""

ROLES = {"SMEs": {"U0SAM", "U0SIA"}, "TLs": {"U0BEN", "U0TESS"}, "managers": {"U0MIA"}}
AT_WORK = ("Sam", "Sia", "Ben", "Tess", "Mia")
STANDS = {
    4: "Sia's, due at minute 38",
    7: "Tess's, due at minute 95",
    8: "Sam's, due at minute -25",
    9: "Sia's, due at minute 12",
    10: "Tess's, on the phone from minute -4",
    11: "unclaimed since minute -9, due at minute 45",
    12: "on the line since minute -2, unclaimed",
}
"""The cases that somebody has to hear of within the night, as they stand when it begins."""

BY: dict[int, Mapping[str, int]] = {
    4: {"SMEs": 38, "TLs": 53, "managers": 73},
    7: {"TLs": 95},
    8: {"TLs": -10, "managers": 10},
    9: {"SMEs": 12, "TLs": 27, "managers": 47},
    11: {"SMEs": -6, "TLs": -2, "managers": 6},
    12: {"SMEs": -2, "TLs": -2, "managers": 3},
}
"""When each role hears of each case at the latest, by the ladder: in minutes of the night. Case 10 is being called."""


@dataclass(frozen=True)
class Mention:
    """One message that mentions somebody, so that Slack notifies them: in which minute of the night, of which cases.
    `reminds`: by itself, and not because somebody clicked.
    """

    at: datetime
    minute: int
    cases: frozenset[int]
    reminds: bool


@dataclass
class Night:
    """What Askdesk posted, and whom that mentioned."""

    place: Visit
    begins: datetime

    @cached_property
    def groups(self) -> Mapping[str, frozenset[str]]:
        """Who is in each user group."""
        return {one["id"]: frozenset(one["users"]) for one in self.place.page.get("state")["usergroups"]}

    def mentions(self, after: int = 0) -> dict[str, list[Mention]]:
        """By person, in what went over the wire after entry number `after`. A group that is mentioned is everybody in it;
        an edit of a message notifies nobody.
        """
        found: dict[str, list[Mention]] = {}
        for call in self.place.slack.calls("chat.postMessage", after):
            shown, at = call["payload"], datetime.fromisoformat(call["at"])
            cases = frozenset(int(number) for number in NAMED.findall(shown["text"]))
            minute = (at - self.begins) // timedelta(minutes=1)
            reminds = shown["metadata"]["event_payload"]["kind"] in REMINDERS
            called = {user for name in mentions(shown) for user in self.groups.get(name, {name})}
            for user in called:
                found.setdefault(user, []).append(Mention(at, minute, cases, reminds))
        return found

    def first(self, case: int, role: str) -> int | None:
        """In which minute somebody of a role was first reminded of a case, after the last click on it."""
        since = max(turn.at for turn in SHIFT if turn.case == case and turn.does not in WORDS)
        heard = (one for user in ROLES[role] for one in self.ever[user])
        minutes = (one.minute for one in heard if one.reminds and case in one.cases and one.minute >= since)
        return min(minutes, default=None)

    @cached_property
    def ever(self) -> dict[str, list[Mention]]:
        """The same from the first message on, as of the night's end."""
        return self.mentions()

    def reminders(self, case: int) -> list[Message]:
        """The messages that remind of a case and have buttons for it, without its card."""
        card = self.place.cards()[case]
        shown = {one.ts: one for one in (*self.place.messages(), *card.thread())}
        return [one for one in shown.values() if one.ts != card.ts and f"'moves_{case}'" in str(one.blocks)]

    def newest(self) -> int:
        """How far the wire has come."""
        number: int = self.place.slack.traffic()[-1]["n"]
        return number

    def reminder(self, case: int) -> Message:
        """The live reminder of a case; its card, where there is none."""
        (*_, found) = (self.place.cards()[case], *self.reminders(case))
        return found

    def calls(self) -> Counter[tuple[int, int]]:
        """How many calls were placed for each promise."""
        day = self.place.site.day
        assert day is not None
        a = t.attempts.c
        with day.books.read() as reading:
            rows = reading.connection.execute(
                select(a.case_number, a.callback, func.count()).group_by(a.case_number, a.callback)
            )
            return Counter({(case, callback): number for case, callback, number in rows})


def busiest_hour(heard: list[Mention]) -> int:
    """The most mentions within any sixty minutes."""
    return max((sum(one.at <= other.at < one.at + AN_HOUR for other in heard) for one in heard), default=0)


@pytest.fixture(scope="module")
def night() -> Iterator[Night]:
    """108 minutes later: nobody has acted."""
    moment = good_moment(CLOCKS_CHANGED)
    with visit(moment) as place:
        for stretch in range(1, STRETCHES + 1):
            until = moment + timedelta(minutes=MINUTES * stretch / STRETCHES)
            place.page.post("clock", seconds=(until - place.slack.clock.now()).total_seconds())
        found = Night(place, moment)
        assert found.ever
        yield found


def measured(night: Night) -> str:
    """What docs/policy.md publishes."""
    people = ["| Person | Mentions | An hour | At most in an hour |", "|---|---|---|---|"]
    for role, users in ROLES.items():
        for user in sorted(users):
            name, found = (
                night.place.slack.person(user).name,
                [one for one in night.ever[user] if one.minute >= 0],
            )
            rate = f"{60 * len(found) / MINUTES:.1f}"
            people.append(f"| {name} ({role}) | {len(found)} | {rate} | {busiest_hour(found)} |")
    cases = [f"| Case | {' | '.join(ROLES)} |", "|---|---|---|---|"]
    for case, stands in STANDS.items():
        first = (night.first(case, role) for role in ROLES)
        minutes = " | ".join("" if one is None else str(one) for one in first)
        cases.append(f"| {case}: {stands} | {minutes} |".replace("  ", " "))
    return "\n".join([*people, "", *cases, ""])


def test_the_night_is_as_published(night: Night) -> None:
    """Printed, and held against the page."""
    found = measured(night)
    sys.stdout.write(f"\n{found}\n")
    published = MEASURED.search(POLICY.read_text("utf-8"))
    assert published is not None
    assert published[1] == found


@pytest.mark.parametrize("user", sorted(set().union(*ROLES.values())))
def test_nobody_is_mentioned_more_than_six_times_an_hour(night: Night, user: str) -> None:
    """Though nobody handles anything."""
    found = [one for one in night.ever[user] if one.minute >= 0]
    assert 60 * len(found) / MINUTES <= 6


def test_one_reminder_of_each_case_is_live(night: Night) -> None:
    """Whoever opens an older one is not led to act on it."""
    assert [len(night.reminders(case)) for case in STANDS] == [1] * len(STANDS)


@pytest.mark.parametrize(("case", "role"), [(case, role) for case, roles in BY.items() for role in roles])
def test_nobody_who_must_act_is_missed(night: Night, case: int, role: str) -> None:
    """Each role is called when the ladder says so, the managers as early as ever."""
    first = night.first(case, role)
    assert first is not None
    assert first <= BY[case][role]


def test_then_everybody_acts_and_no_customer_is_called_twice(night: Night) -> None:
    """All press the first button of the newest reminder, as they see it; then the owners call and complete."""
    place, before = night.place, night.calls()
    for case in STANDS:
        seen = night.reminder(case)
        near = CUSTOMERS[case].name if "somebody now" in seen.text else None
        place_of = [block.get("block_id") == f"moves_{case}" for block in seen.blocks if "accessory" in block]
        label = seen.buttons()[place_of.index(True) if near else 0]
        for name in AT_WORK:
            person, so_far = place.slack.person(name), night.newest()
            person.clicks(label, on=seen, near=near, as_seen=True)
            place.slack.settles()
            for modal in person.modals():
                modal.close_all()
            place.page.post("clock", seconds=0)  # until all is said about that click
            assert person.id not in night.mentions(so_far), f"{name} is mentioned for their own click"
        assert len(night.reminders(case)) <= 1, "one of them is live"
    placed = night.calls() - before
    sys.stdout.write(f"calls placed twice: {sum(number > 1 for number in placed.values())}\n")
    assert set(placed.values()) <= {1}
