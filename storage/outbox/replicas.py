"""Several bots on one database: a channel has one sender at a time, and each bot leaves word that it is at work.

A lease runs by the database's clock, so that replicas whose clocks differ agree on its end. Whoever holds one
renews it, and lets go of a send that would outlast it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from storage import tables as t
from storage.engine import is_sqlite
from storage.inserts import insert_into
from storage.now import database_now, read_now
from storage.outbox import next_notice
from storage.outbox.next_notice import May, Nothing
from storage.outbox.notices import Claimed
from storage.reading import Reading
from storage.unit import UnitOfWork

FORGOTTEN_AFTER = timedelta(hours=1)
"""A bot that was killed is told of for so long."""


@dataclass(frozen=True)
class Replica:
    """A bot that left word: `silent` is the time since its last beat, by the database's clock."""

    name: str
    started_at: datetime
    silent: timedelta


def hold(unit: UnitOfWork, channel: str, holder: str, lease: timedelta) -> bool:
    """Whether `holder` is the channel's only sender for the time of the lease, counted from now."""
    leases, now = t.leases.c, database_now(unit.connection)
    row = {"channel": channel, "holder": holder, "until": database_now(unit.connection, lease)}
    free = or_(leases.holder == holder, leases.until <= now)
    wanted = insert_into(t.leases, is_sqlite=is_sqlite(unit.connection)).values(row)
    taken = wanted.on_conflict_do_update(index_elements=["channel"], set_=row, where=free)
    return unit.finds(taken.returning(leases.channel))


def release(unit: UnitOfWork, channel: str, holder: str, rest: timedelta) -> None:
    """The channel is free for others after `rest`: until then Slack wants no further post there."""
    mine = update(t.leases).where(t.leases.c.channel == channel, t.leases.c.holder == holder)
    unit.connection.execute(mine.values(until=database_now(unit.connection, rest)))


def claim(
    unit: UnitOfWork,
    channel: str,
    now: datetime,
    hold_notice: timedelta,
    may: May,
    holder: str,
    lease: timedelta | None,
) -> Claimed | Nothing | None:
    """The channel's next notice for `holder`; None where another bot sends there.

    `lease` is what to renew it by; None where the holder surely has it for long enough.
    """
    if lease is not None and not hold(unit, channel, holder, lease):
        return None
    return next_notice.claim(unit, channel, now, hold_notice, may, holder)


def note_beat(unit: UnitOfWork, name: str) -> None:
    """This bot is at work."""
    now = database_now(unit.connection)
    row = {"name": name, "started_at": now, "beat_at": now, "stage": int(max(t.Stage))}
    added = insert_into(t.replicas, is_sqlite=is_sqlite(unit.connection)).values(row)
    unit.connection.execute(added.on_conflict_do_update(index_elements=["name"], set_={"beat_at": now}))


def leave(unit: UnitOfWork, name: str) -> None:
    """This bot stops: whatever it held is free at once, and nobody waits for its beat."""
    unit.connection.execute(delete(t.leases).where(t.leases.c.holder == name))
    unit.connection.execute(delete(t.replicas).where(t.replicas.c.name == name))


def forget_gone(unit: UnitOfWork) -> None:
    """Bots that were killed long ago, and channels in which nobody has sent since."""
    before = database_now(unit.connection, -FORGOTTEN_AFTER)
    unit.connection.execute(delete(t.leases).where(t.leases.c.until < before))
    unit.connection.execute(delete(t.replicas).where(t.replicas.c.beat_at < before))


def at_work(reading: Reading) -> list[Replica]:
    """Every bot that left word, the one that beat last first."""
    now = read_now(reading.connection)
    rows = reading.connection.execute(select(t.replicas).order_by(t.replicas.c.beat_at.desc()))
    return [Replica(row.name, row.started_at, now - row.beat_at) for row in rows]
