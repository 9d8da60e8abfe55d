"""Saves people: who leads whom, who left, who is in which user group or channel, who tried from the wrong place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from cases.roster import Roster
from storage import tables as t
from storage.unit import UnitOfWork
from storage.writing.programs import count_change


def remember_superior(unit: UnitOfWork, person: str, superior: str, now: datetime) -> None:
    """Remembers an agent's direct superior, asked once; what a roster says since then takes precedence."""
    said = {"superior": superior, "updated_at": now}
    unit.add_missing(t.people, [{"id": person, **said}])
    by_roster = t.people.c.superior.is_not(None) & t.people.c.team.is_not(None)
    unknown = update(t.people).where(t.people.c.id == person, ~by_roster)
    unit.connection.execute(unknown.values(**said))


def save_roster(unit: UnitOfWork, entries: Roster, now: datetime) -> None:
    """Saves everybody's superior and team from the roster; whoever it names has not left."""
    rows = [
        {"id": person, "superior": entry.superior, "team": entry.team, "left_at": None, "updated_at": now}
        for person, entry in sorted(entries.items())
    ]
    unit.put(t.people, rows)


def mark_left(unit: UnitOfWork, person: str, now: datetime) -> None:
    """Records that somebody's account was deactivated: they no longer are anybody's superior, so the next form asks.

    Only people whom the roster, a case or a program knows are recorded, not everybody in the workspace. Somebody named
    in a program's settings is no longer called, so others stand in.
    """
    named = any(person in program.named for program in unit.programs())
    owns = select(t.cases.c.number).where(t.cases.c.owner == person).limit(1)
    leads = select(t.people.c.id).where(t.people.c.superior == person).limit(1)
    if named or any(unit.finds(known) for known in (owns, leads)):
        unit.add_missing(t.people, [{"id": person, "updated_at": now}])
    active = update(t.people).where(t.people.c.id == person, t.people.c.left_at.is_(None))
    unit.connection.execute(active.values(left_at=now, updated_at=now))
    below = update(t.people).where(t.people.c.superior == person)
    unit.connection.execute(below.values(superior=None, updated_at=now))


def mark_returned(unit: UnitOfWork, person: str, now: datetime) -> None:
    """Somebody's account is active again; what was taken from them is not given back."""
    there = update(t.people).where(t.people.c.id == person)
    unit.connection.execute(there.values(left_at=None, updated_at=now))


def save_group(unit: UnitOfWork, group: str, members: Sequence[str], now: datetime) -> None:
    """Saves a user group's good list; every replica notices if it changed."""
    before = unit.groups().get(group)
    unit.put(t.groups, [{"id": group, "members": list(members), "read_at": now, "gone": False}])
    if before is None or before.gone or before.members != tuple(members):
        count_change(unit)


def save_channel(unit: UnitOfWork, channel: str, members: Sequence[str], now: datetime) -> None:
    """Saves who is in a channel; every replica notices if it changed."""
    before = unit.channel(channel)
    unit.put(t.channels, [{"id": channel, "members": list(members), "read_at": now}])
    if before is None or before.members != tuple(members):
        count_change(unit)


def mark_group_gone(unit: UnitOfWork, group: str, now: datetime) -> None:
    """Slack no longer has this user group: mentioning it would reach nobody."""
    unit.add_missing(t.groups, [{"id": group, "members": [], "read_at": now, "gone": False}])
    there = update(t.groups).where(t.groups.c.id == group, t.groups.c.gone.is_(False))
    if unit.connection.execute(there.values(gone=True)).rowcount:
        count_change(unit)


def count_refusal(unit: UnitOfWork, person: str, place: str, what: str, now: datetime) -> None:
    """Counts an attempt from the wrong place; its text is not stored (house rule 5)."""
    row = {"at": now, "person": person, "place": place, "what": what}
    unit.connection.execute(insert(t.refusals), [row])
