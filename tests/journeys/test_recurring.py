"""The digest in the morning and the handover before a shift ends: each once, whatever Slack and the clock do."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url
from typer.testing import CliRunner, Result

from bot import cli
from bot.demo.environment import key
from bot.demo.play import bot_beside
from bot.terminal import console as terminal
from cases.program import Shift
from sandbox.driver import Message
from storage import tables as t
from storage.writing.programs import save_program
from tests.chaos.reckoning import rows
from tests.chaos.running import until
from tests.journeys.floor import ASK, PACE, Floor, floor
from tests.journeys.test_bursts import POSTS, rests, stored

MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
"""Eight in Manila, the day on which every story begins at one in the night."""

NIGHT = Shift("Night", tuple(range(7)), time(22), time(6))
DAY = Shift("Day", tuple(range(7)), time(6), time(22))

ASKED: dict[str, Any] = {"Outside calling hours": ["Customer asked for this time"]}


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Floor]:
    with floor(sqlite_url) as place:
        yield place


def posts(desk: Floor, kind: str) -> list[Message]:
    """The messages of that kind in the channel."""
    found = [m for m in desk.slack.channel(ASK).messages() if m.metadata]
    return [m for m in found if (m.metadata or {})["event_payload"]["kind"] == kind]


def made(desk: Floor, number: int) -> None:
    """So many recurring posts were made, and everything is sent."""
    with stored(desk) as store:
        until(
            lambda: True if len(rows(store.engine, t.recurring)) >= number else None,
            about=f"{number} posts",
        )
    rests(desk)


def has_shifts(desk: Floor, *shifts: Shift) -> None:
    """The program's shifts, known from the next start on."""
    desk.closes()
    with stored(desk) as store:
        (program,) = store.ask_now(lambda reading: reading.programs())
        store.write_now(lambda unit: save_program(unit, replace(program, shifts=shifts)))
    desk.opens()


def verified(database: str, *words: str) -> Result:
    """`askdesk verify` on the bot's database, with its key."""
    environ = {"DATABASE_URL": database, "ENCRYPTION_KEY": key(), "COLUMNS": "200"}
    return CliRunner().invoke(cli.app, ["verify", *words], env=environ)


def test_each_morning_has_its_digest_once(desk: Floor) -> None:
    """At eight on the site's clock, not before; a restart makes no second one."""
    card = desk.escalates(minutes=600, **ASKED)
    desk.mia.clicks("Claim", on=card)
    card.becomes("With @Mia")
    desk.clock.reaches(MORNING - timedelta(minutes=1))
    rests(desk)
    assert not posts(desk, "digest")
    desk.clock.passes(minutes=1)
    told = desk.ben.sees("Due today: 1", in_=ASK)
    assert "Tuesday 24 November" in told.text
    assert told.thread_ts is None
    desk.closes()
    desk.opens()
    desk.clock.passes(minutes=30)
    rests(desk)
    assert len(posts(desk, "digest")) == 1
    desk.clock.reaches(MORNING + timedelta(days=1))
    desk.ben.sees("Wednesday 25 November", in_=ASK)
    assert len(posts(desk, "digest")) == 2


def test_a_digest_names_the_records_end_and_that_shows_a_database_put_back(
    desk: Floor, sqlite_url: str, tmp_path: Path
) -> None:
    """As copied from the channel: it stands there still, and is missed in a copy that was made before."""
    database, copy = Path(make_url(sqlite_url).database or ""), tmp_path / "copy.db"
    card = desk.escalates(minutes=600, **ASKED)
    desk.closes()
    with closing(sqlite3.connect(database)) as now, closing(sqlite3.connect(copy)) as kept:
        now.backup(kept)
    desk.opens()
    desk.mia.clicks("Claim", on=card)
    card.becomes("With @Mia")
    desk.clock.reaches(MORNING)
    told = desk.ben.sees("Tuesday 24 November", in_=ASK)
    noted = told.text.partition("askdesk verify --since ")[2].split()[0]
    desk.closes()
    assert verified(sqlite_url, "--since", noted).exit_code == 0
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()
    shutil.copy(copy, database)
    assert verified(sqlite_url).exit_code == 0, "nothing within it tells"
    put_back = verified(sqlite_url, "--since", noted)
    assert put_back.exit_code == terminal.FAILED
    assert f"was noted ({noted})" in put_back.output


def test_a_digest_that_was_missed_is_made_while_its_day_lasts(desk: Floor) -> None:
    """The bot was down at eight, and comes back in the evening."""
    desk.claimed()
    desk.closes()
    desk.clock.reaches(MORNING + timedelta(hours=12))
    desk.opens()
    desk.ben.sees("Tuesday 24 November", in_=ASK)
    desk.closes()
    desk.clock.reaches(MORNING + timedelta(days=1, hours=20))  # four in the morning after: that day is over
    desk.opens()
    rests(desk)
    assert len(posts(desk, "digest")) == 1


def test_two_replicas_make_one_handover_and_one_digest(database_url: str) -> None:
    """And one sends it, and draws it anew, on both databases."""
    with floor(database_url) as desk:
        has_shifts(desk, NIGHT, DAY)
        with bot_beside(desk.sandbox, desk.database, PACE):
            desk.claimed(minutes=300, **ASKED)
            desk.clock.reaches(MORNING - timedelta(hours=2, minutes=15))
            told = desk.ben.sees("Night ends at 06:00", in_=ASK)
            desk.ben.clicks("I'll stay", on=told)
            told.becomes("@Ben Carter stays")
            desk.clock.reaches(MORNING)
            desk.ben.sees("Tuesday 24 November", in_=ASK)
            desk.clock.passes(minutes=1)
            rests(desk)
            assert [len(posts(desk, kind)) for kind in ("handover", "digest")] == [1, 1]


def test_a_shift_over_midnight_hands_over(desk: Floor) -> None:
    """A quarter of an hour before six: what is due in the day, and Ben goes home with his case."""
    has_shifts(desk, NIGHT, DAY)
    desk.claimed(minutes=300, **ASKED)
    desk.clock.reaches(MORNING - timedelta(hours=2, minutes=15))
    told = desk.mia.sees("Night ends at 06:00", in_=ASK)
    assert "Due in the next shift (Day, until 22:00): 1" in told.text
    assert "@Ben Carter: case 1 (Jane Doe)" in told.text
    assert told.buttons() == ["Hand over", "I'll stay"]
    desk.clock.passes(minutes=5)
    rests(desk)
    assert len(posts(desk, "handover")) == 1


def test_a_handover_that_was_missed_is_made_when_the_bot_is_back(desk: Floor) -> None:
    """Down from five until half past six: who went home with which case is told all the same, once."""
    has_shifts(desk, NIGHT, DAY)
    desk.claimed(minutes=300, **ASKED)
    rests(desk)
    desk.closes()
    desk.clock.reaches(MORNING - timedelta(hours=1, minutes=30))
    desk.opens()
    told = desk.mia.sees("Night ended at 06:00", in_=ASK)
    assert "45 min late" in told.text
    assert "@Ben Carter: case 1 (Jane Doe)" in told.text
    desk.closes()
    desk.opens()
    desk.ben.clicks("I'll stay", on=told)
    desk.ben.is_told("You stay for case 1", in_=ASK)
    assert len(posts(desk, "handover")) == 1


@pytest.mark.parametrize("kind", ["lost_answer", "http_500", "ratelimited"])
def test_a_digest_is_seen_once_though_slack_stumbles(desk: Floor, kind: str) -> None:
    """Its message is there already, or was not taken."""
    desk.claimed(minutes=600, **ASKED)
    rests(desk)
    desk.slack.faults.add(kind, POSTS)  # type: ignore[arg-type]
    desk.clock.reaches(MORNING)
    until(lambda: None if desk.slack.faults.left() else True, about=kind)
    desk.clock.passes(seconds=5)
    desk.ben.sees("Tuesday 24 November", in_=ASK)
    made(desk, 1)
    assert len(posts(desk, "digest")) == 1
