"""What a bot has read when it is open: all that an answer needs, and nothing that it may never need."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.environment.manifest import manifest
from sandbox import SandboxThread, Seed
from sandbox.driver import Driver
from storage.engine import open_engine
from storage.schema import upgrade
from tests.chaos.running import TOP, Process, environment
from tests.chaos.test_stop import filled
from tests.journeys.floor import ASK
from tests.patient import patient

BOT = """
import json, signal, sys
signal.signal(signal.SIGUSR1, lambda *_: print("modules", json.dumps(sorted(sys.modules)), flush=True))
from bot.cli import main
main()
"""

SELDOM = {
    "alembic": "a third of a second and ten megabytes, for a database of an older version",
    "holidays.countries": "seven megabytes, of which a desk needs its own country",
    "matplotlib": "a second and forty megabytes, for a chart",
    "psycopg": "for PostgreSQL",
    "sqlalchemy.dialects.postgresql": "two megabytes, for PostgreSQL",
    "bot.charts.draw": "for a chart",
    "bot.demo": "for the demo",
    "bot.watch.doctor": "for the doctor",
    "sandbox": "for the demo",
    "yaml": "for the doctor, who reads the manifest",
}

A_REGIONS_NUMBERS = "phonenumbers.data.region_"
"""A millisecond, at the first number of a country."""


@pytest.fixture
def sandbox() -> Iterator[SandboxThread]:
    with patient(Seed(manifest())) as running:
        yield running


def read(bot: Process) -> set[str]:
    """The modules that the process has read by now."""
    bot.signal(signal.SIGUSR1)
    return set(json.loads(bot.says("modules")))


def test_a_bot_that_is_open_has_read_what_it_answers_with_and_nothing_else(
    sandbox: SandboxThread, tmp_path: Path
) -> None:
    """From there on until its first case is claimed no module is read: no ack waits for one."""
    url = f"sqlite:///{tmp_path}/desk.db"
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    environ = environment(sandbox.api_url, url) | {"PYTHONPATH": str(TOP)}
    bot = Process([sys.executable, "-c", BOT, "run"], environ, tmp_path)
    try:
        bot.logs("the desk is open")
        at_first = read(bot)
        assert not {name for name in SELDOM if any(f"{one}.".startswith(f"{name}.") for one in at_first)}
        slack = Driver(sandbox.url)
        assert filled(slack, 1).submit().closed
        ben = slack.person("Ben")
        card = ben.sees("Customer 1", in_=ASK)
        ben.clicks("Claim", on=card)
        card.becomes("Ben")
        later = read(bot) - at_first
        assert not {module for module in later if not module.startswith(A_REGIONS_NUMBERS)}
    finally:
        bot.kill()
