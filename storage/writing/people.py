"""People are saved: who leads whom, who left, who is in which user group or channel, who tried from the wrong place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update

from cases.roster import Roster
from storage import tables as t
from storage.unit import UnitOfWork
from storage.writing.programs import count_change


def remember_superior(unit: UnitOfWork, person: str, superior: str, now: datetime) -> None:
    """Who an agent's direct superior is: asked once, remembered; what the roster says meanwhile counts more."""
    said = {"superior": superior, "updated_at": now}
    unit.add_missing(t.people, [{"id": person, **said}])
    by_roster = t.people.c.superior.is_not(None) & t.people.c.team.is_not(None)
    unknown = update(t.people).where(t.people.c.id == person, ~by_roster)
    unit.connection.execute(unknown.values(**said))


def save_roster(unit: UnitOfWork, entries: Roster, now: datetime) -> None:
    """Everybody's superior and team, as the roster has them; who is named in it is there."""
    rows = [
        {"id": person, "superior": entry.superior, "team": entry.team, "left_at": None, "updated_at": now}
        for person, entry in sorted(entries.items())
    ]
    unit.put(t.people, rows)


def mark_left(unit: UnitOfWork, person: str, now: datetime) -> None:
    """Somebody's account was deactivated: they are nobody's superior any more, so that the next form asks.

    It is remembered of those whom the roster, a case or a program knows, not of everybody in the workspace: one
    who is named in a program's settings is called no more, so that others stand in.
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
    """Somebody's account is active again; what was taken from them stays as it is."""
    there = update(t.people).where(t.people.c.id == person)
    unit.connection.execute(there.values(left_at=None, updated_at=now))


def save_group(unit: UnitOfWork, group: str, members: Sequence[str], now: datetime) -> None:
    """A user group's good list; every replica notices where it is another one than before."""
    before = unit.groups().get(group)
    unit.put(t.groups, [{"id": group, "members": list(members), "read_at": now, "gone": False}])
    if before is None or before.gone or before.members != tuple(members):
        count_change(unit)


def save_channel(unit: UnitOfWork, channel: str, members: Sequence[str], now: datetime) -> None:
    """Who is in a channel; every replica notices where it is somebody else than before."""
    before = unit.channel(channel)
    unit.put(t.channels, [{"id": channel, "members": list(members), "read_at": now}])
    if before is None or before.members != tuple(members):
        count_change(unit)


def mark_group_gone(unit: UnitOfWork, group: str, now: datetime) -> None:
    """Slack has this user group no more: a mention of it would reach nobody."""
    unit.add_missing(t.groups, [{"id": group, "members": [], "read_at": now, "gone": False}])
    there = update(t.groups).where(t.groups.c.id == group, t.groups.c.gone.is_(False))
    if unit.connection.execute(there.values(gone=True)).rowcount:
        count_change(unit)


def count_refusal(unit: UnitOfWork, person: str, place: str, what: str, now: datetime) -> None:
    """A try from the wrong place is counted; what it said is not stored (house rule 5)."""
    row = {"at": now, "person": person, "place": place, "what": what}
    unit.connection.execute(insert(t.refusals), [row])
