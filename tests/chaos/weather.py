"""What befalls the desk: kills, a database that is away or full, Slack on its bad days, people's slips, a wrong clock.

Each begins, lasts a while, and is over, or ends by what the desk itself does about it.
"""

from __future__ import annotations

import random
import resource
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from sandbox.driver import Driver
from sandbox.driver.switches import FaultKind, Which
from storage import tables as t
from storage.engine import open_engine
from tests.chaos.reckoning import DeletedCard, rows
from tests.chaos.running import Bots, until
from tests.chaos.storm import cards_in, case_of
from tests.journeys.floor import ASK

POSTS = (
    "chat.postMessage",
    "chat.update",
    "chat.postEphemeral",
    "conversations.replies",
    "chat.getPermalink",
)
AN_HOUR = 3_600.0
BOT = "U0ASKDESK"
ONE_OR_ALL: tuple[Which, ...] = (0, "all")


Befalls = Callable[["Sky"], None]
"""One moment of a bad day."""


@contextmanager
def database_away(url: str) -> Iterator[None]:
    """PostgreSQL cuts every connection to this database, and takes no new one until the block ends."""
    name = make_url(url).database
    admin = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        connection.exec_driver_sql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        try:
            yield
        finally:
            connection.exec_driver_sql(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    admin.dispose()


@contextmanager
def no_room(process: int, database: Path) -> Iterator[None]:
    """The process cannot make a file larger than the database's log is already; SQLite takes that for a full disk."""
    log = database.with_name(f"{database.name}-wal")
    before = resource.prlimit(process, resource.RLIMIT_FSIZE, (log.stat().st_size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)


@dataclass
class Sky:
    """All that the weather can reach: the replicas, Slack, the database; and its chances."""

    replicas: Sequence[Bots]
    slack: Driver
    database: str
    chance: random.Random
    longest: float = 1.5
    outage: float = 1.5
    thrown: Counter[str] = field(default_factory=Counter)
    deleted: list[DeletedCard] = field(default_factory=list)

    def lasts(self) -> None:
        """However long it takes, in real seconds."""
        threading.Event().wait(self.chance.uniform(0.1, self.longest))

    def lasts_long(self) -> None:
        """A while as any other, and now and then an outage worth its name."""
        seconds, long = self.chance.uniform(0.1, self.longest), self.chance.random() < 0.25
        threading.Event().wait(self.outage if long else seconds)


def a_kill(sky: Sky) -> None:
    """One replica is killed and comes back; the other goes on."""
    replica = sky.chance.choice(sky.replicas)
    replica.kills()
    sky.lasts()
    replica.opens()


def a_kill_at_a_post(sky: Sky) -> None:
    """As above, while a call has had its effect and its answer is on the way."""
    sky.slack.faults.add("slow", sky.chance.choice(POSTS), delay=1.0)
    a_kill(sky)
    sky.slack.faults.clear()


def both_killed(sky: Sky) -> None:
    """Nobody is there for a moment."""
    for replica in sky.replicas:
        replica.kills()
    sky.lasts()
    for replica in sky.replicas:
        replica.opens()


def a_rolling_restart(sky: Sky) -> None:
    """One after the other is asked to stop and comes back."""
    for replica in sky.replicas:
        replica.closes()
        replica.opens()


def no_database(sky: Sky) -> None:
    """The database is gone for a while."""
    with database_away(sky.database):
        sky.lasts_long()


def connections_cut(sky: Sky) -> None:
    """The database drops every connection, in the middle of whatever runs, and takes new ones at once."""
    with database_away(sky.database):
        pass


def slack_answers(kind: FaultKind) -> Befalls:
    def befalls(sky: Sky) -> None:
        for method in sky.chance.sample(POSTS, 2):
            times = sky.chance.randint(1, 3)
            sky.slack.faults.add(kind, method, times=times, delay=0.5, retry_after=1)
        sky.lasts()
        sky.slack.faults.clear()

    befalls.__name__ = f"slack_answers_{kind}"
    return befalls


def slack_down(sky: Sky) -> None:
    """Every call fails for a while."""
    with sky.slack.faults.during(sky.chance.choice(["reset", "http_500"])):
        sky.lasts()


def sockets_refreshed(sky: Sky) -> None:
    sky.slack.sockets.refresh(sky.chance.choice(ONE_OR_ALL))
    sky.lasts()


def sockets_reset(sky: Sky) -> None:
    sky.slack.sockets.reset(sky.chance.choice(ONE_OR_ALL))
    sky.lasts()


def a_deaf_socket(sky: Sky) -> None:
    """Silent, and open: nothing comes back from it until the bot itself gives it up."""
    sky.slack.sockets.deafen(0)
    sky.lasts()


def sent_twice(sky: Sky) -> None:
    """Slack delivers some envelopes twice."""
    for _ in range(3):
        sky.slack.sockets.duplicate_next()
    sky.lasts()


def clock_forward_and_back(sky: Sky) -> None:
    """A replica's machine has the wrong time, an hour ahead, until somebody puts it right."""
    replica = sky.chance.choice(sky.replicas)
    replica.clock_is_off(AN_HOUR)
    sky.lasts()
    replica.clock_is_off(0.0)


def archived(sky: Sky) -> None:
    """A slip: the channel is archived, and back soon."""
    place = sky.slack.channel(ASK)
    place.archive()
    sky.lasts()
    place.unarchive()


def removed(sky: Sky) -> None:
    """A slip: the bot is taken out of the channel, and invited again."""
    place = sky.slack.channel(ASK)
    place.kick(BOT)
    sky.lasts()
    place.invite(BOT)


def token_revoked(token: Literal["bot", "app"], variable: str) -> Befalls:
    def befalls(sky: Sky) -> None:
        sky.slack.revoke(token)
        if token == "app":
            sky.slack.sockets.close()  # nobody asks for another connection before one ends
        for replica in sky.replicas:
            replica.is_refused(variable)
        sky.lasts()
        sky.slack.restore(token)
        for replica in sky.replicas:
            replica.opens()

    befalls.__name__ = f"{token}_token_revoked"
    return befalls


def a_card_deleted(sky: Sky) -> None:
    """Somebody tidies up."""
    which = sky.chance.random()
    cards = until(lambda: cards_in(sky.slack) or None, about="a card")
    card = cards[int(which * len(cards))]
    sky.slack.person("Mia").deletes(card)
    engine = open_engine(sky.database)
    newest = max((row.id for row in rows(engine, t.notices)), default=0)
    engine.dispose()
    sky.deleted.append(DeletedCard(case_of(card), card.ts, newest))
    sky.lasts()


def disk_full(sky: Sky) -> None:
    """SQLite can write no more, until there is room again."""
    with no_room(sky.replicas[0].pid, Path(make_url(sky.database).database or "")):
        sky.lasts_long()


def locked(sky: Sky) -> None:
    """A backup, say, writes to the SQLite file as long as it likes."""
    engine = open_engine(sky.database)
    with engine.begin():
        sky.lasts_long()
    engine.dispose()


EVERYWHERE: tuple[Befalls, ...] = (
    a_kill,
    a_kill_at_a_post,
    both_killed,
    a_rolling_restart,
    slack_answers("http_500"),
    slack_answers("reset"),
    slack_answers("lost_answer"),
    slack_answers("slow"),
    slack_answers("ratelimited"),
    slack_down,
    sockets_refreshed,
    sockets_reset,
    a_deaf_socket,
    sent_twice,
    clock_forward_and_back,
    archived,
    removed,
    token_revoked("bot", "SLACK_BOT_TOKEN"),
    token_revoked("app", "SLACK_APP_TOKEN"),
    a_card_deleted,
)
ON_POSTGRESQL: tuple[Befalls, ...] = (*EVERYWHERE, no_database, connections_cut)
ON_SQLITE: tuple[Befalls, ...] = (*EVERYWHERE, disk_full, locked)


def throw(sky: Sky, weather: Sequence[Befalls], rounds: int) -> None:
    """All of it in a random order, so many times, with a while of quiet between two."""
    for _ in range(rounds):
        for befalls in sky.chance.sample(weather, len(weather)):
            befalls(sky)
            sky.thrown[befalls.__name__] += 1
            threading.Event().wait(sky.chance.uniform(0.0, sky.longest / 3))
