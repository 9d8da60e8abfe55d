"""`askdesk run` as a process: how it stops, and what it says when it cannot start."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bot.environment.manifest import manifest
from bot.environment.settings import variables
from bot.terminal.console import SETTINGS_WRONG
from sandbox import APP_TOKEN, BOT_TOKEN, SandboxThread, Seed
from sandbox.driver import Driver, Modal
from storage.engine import open_engine
from storage.privacy import keyring
from storage.store import Store
from storage.vault import Vault, new_key
from tests.build import NOW
from tests.chaos.reckoning import Reckoning, rests
from tests.chaos.running import TOP, Process, environment, until
from tests.chaos.storm import Notes
from tests.journeys.floor import ASK, FORM
from tests.patient import patient

ASKDESK = [sys.executable, "-c", "from bot.cli import main; main()"]
SECONDS_TO_STOP = 10.0
"""The desk's grace for what runs is eight."""

NEARLY_NOW = {"The customer": "Is waiting on the line"}

Starts = Callable[..., Process]


@pytest.fixture
def sandbox() -> Iterator[SandboxThread]:
    """A workspace by the real time: `askdesk run` reads the wall clock."""
    with patient(Seed(manifest())) as running:
        yield running


@pytest.fixture
def starts(tmp_path: Path) -> Iterator[Starts]:
    """Starts the command line with these words and this environment; whatever still runs at the end is killed."""
    started: list[Process] = []

    def start(*words: str, **environ: str) -> Process:
        started.append(Process([*ASKDESK, *words], environ | {"PYTHONPATH": str(TOP)}, tmp_path))
        return started[-1]

    yield start
    for process in started:
        process.kill()


def filled(slack: Driver, number: int) -> Modal:
    """Ana's form for another customer, ready to be submitted."""
    ana = slack.person("Ana")
    ana.types("/escalate", in_=ASK)
    modal = ana.modal("Escalate")
    slack.eventually(lambda: modal.labels() or None, about="the form")
    form = {
        **FORM,
        "Customer": f"Customer {number}",
        "Contact number": f"customer{number}@example.com",
        "Outside calling hours": ["Customer asked for this time"],
    }
    labels = modal.labels()
    modal.fill({label: value for label, value in form.items() if label in labels})
    return modal


def stopped(bot: Process) -> int:
    """SIGTERM; the exit code, within seconds."""
    began = time.monotonic()
    bot.signal(signal.SIGTERM)
    code = bot.ends(within=30.0)
    assert time.monotonic() - began < SECONDS_TO_STOP
    return code


def test_a_stop_in_the_middle_of_work_loses_nothing(
    sandbox: SandboxThread, starts: Starts, database_url: str
) -> None:
    """The post under way is finished, the rest waits in the outbox, and the next start sends it, each once."""
    slack, environ = Driver(sandbox.url), environment(sandbox.api_url, database_url)
    bot = starts("run", **environ)
    bot.logs("the desk is open")
    slack.faults.add("slow", "chat.postMessage", times=None, delay=1.0)
    for number in (1, 2, 3):
        assert filled(slack, number).submit().closed
    slack.eventually(
        lambda: slack.channel(ASK).messages() or None, about="a card under way"
    )  # shown, its answer still to come
    assert stopped(bot) == 0, bot.output
    engine = open_engine(database_url)
    books = Reckoning(slack, engine, Notes())
    states = {row.state for row in books.notices.values()}
    assert "sending" not in states, "what was under way is settled"
    assert "waiting" in states, "the rest waits"
    assert len(books.shown) < 3
    slack.faults.clear()
    bot = starts("run", **environ)
    until(lambda: rests(engine, slack.clock.now()), about="everything is sent", within=120.0)
    Reckoning(slack, engine, Notes()).holds()
    assert not slack.calls("conversations.history"), "nothing was in doubt, so nothing had to be looked up"
    assert stopped(bot) == 0, bot.output
    engine.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_form_that_is_being_kept_is_acknowledged_before_the_end(
    sandbox: SandboxThread, starts: Starts, database_url: str
) -> None:
    """SIGTERM while a submission waits for the database: it is committed and acknowledged, then the bot ends."""
    slack = Driver(sandbox.url)
    bot = starts("run", **environment(sandbox.api_url, database_url))
    bot.logs("the desk is open")
    modal, engine = filled(slack, 1), open_engine(database_url)

    def somebody_waits() -> bool | None:
        with engine.connect() as connection:
            waiting = connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return True if waiting.scalar_one() else None

    with ThreadPoolExecutor(1) as fingers:
        with engine.begin() as connection:
            connection.exec_driver_sql("LOCK TABLE handled IN EXCLUSIVE MODE")
            pressed = fingers.submit(modal.submit)
            until(somebody_waits, about="the submission waits for the database")
            bot.signal(signal.SIGTERM)
        assert pressed.result().closed, "acknowledged"
    assert bot.ends() == 0, bot.output
    assert len(Reckoning(slack, engine, Notes()).cases) == 1
    engine.dispose()


def test_a_stop_while_slack_is_away_does_not_wait_for_it(starts: Starts, sqlite_url: str) -> None:
    """Nobody answers at Slack's address: the bot keeps trying, and still stops at once."""
    bot = starts("run", **environment("http://127.0.0.1:9/api/", sqlite_url))
    bot.logs("Slack does not answer")
    assert stopped(bot) == 0, bot.output


def test_wrong_settings_are_all_named_and_no_token_is_shown(starts: Starts) -> None:
    """Exit code 2, one sentence for each variable; a token in the wrong place is not repeated."""
    wrong = dict.fromkeys(variables(), "?!") | {
        "SLACK_BOT_TOKEN": "xapp-1-A0ASKDESK-9f86d081884c7d65",
        "SLACK_APP_TOKEN": "xoxb-2c26b46b68ffc68ff99b",
        "ASK_PROGRAM_NAME": "x" * 81,
        "DATABASE_URL": "mysql://askdesk:opensesame@db.example/askdesk",
    }
    bot = starts("run", **environment("", "", **wrong))
    assert bot.ends() == 2
    for variable in variables():
        assert f"• {variable} " in bot.output
    for secret in ("9f86d081884c7d65", "2c26b46b68ffc68ff99b", "opensesame"):
        assert secret not in bot.output


def test_missing_settings_are_all_named(starts: Starts) -> None:
    """An empty environment: what is needed, in one go."""
    bot = starts("run", **{name: v for name, v in environment("", "").items() if name in ("PATH", "HOME")})
    assert bot.ends() == 2
    for variable in (
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "ASK_CHANNEL_ID",
        "ASK_TIMEZONE",
        "SME_TL_USER_IDS",
    ):
        assert variable in bot.output


@pytest.mark.parametrize(
    ("key", "sentence"),
    [("", "ENCRYPTION_KEY is missing"), (new_key(), "ENCRYPTION_KEY is not the key")],
    ids=["missing", "another"],
)
def test_without_the_databases_key_it_does_not_start(
    starts: Starts, sqlite_url: str, key: str, sentence: str
) -> None:
    """Before it asks Slack anything, and before it writes a line that nobody signed."""
    with closing(Store.at(sqlite_url, Vault([new_key()]))) as store:
        store.write_now(keyring.unlock, NOW)
        bot = starts("run", **environment("http://127.0.0.1:9/api/", sqlite_url, ENCRYPTION_KEY=key))
        assert bot.ends() == SETTINGS_WRONG
        assert sentence in " ".join(bot.output.split())
        assert store.ask_now(lambda reading: reading.programs()) == ()


@pytest.mark.parametrize(("token", "variable"), [("bot", "SLACK_BOT_TOKEN"), ("app", "SLACK_APP_TOKEN")])
def test_a_revoked_token_ends_it_with_a_sentence(
    sandbox: SandboxThread, starts: Starts, sqlite_url: str, token: str, variable: str
) -> None:
    """Exit code 3 at the start; no retry mends a token."""
    Driver(sandbox.url).revoke(token)
    bot = starts("run", **environment(sandbox.api_url, sqlite_url))
    assert bot.ends() == 3, bot.output
    says_why(bot, variable, "token_revoked")


@pytest.mark.parametrize(
    ("variable", "value"),
    [("SLACK_BOT_TOKEN", "xoxb-nobody-knows-this"), ("SLACK_APP_TOKEN", "xapp-1-A0ASKDESK-nobodyknows")],
)
def test_an_invalid_token_ends_it_with_a_sentence(
    sandbox: SandboxThread, starts: Starts, sqlite_url: str, variable: str, value: str
) -> None:
    """Exit code 3, naming the variable and not its value."""
    bot = starts("run", **environment(sandbox.api_url, sqlite_url, **{variable: value}))
    assert bot.ends() == 3, bot.output
    says_why(bot, variable, "invalid_auth")
    assert value not in bot.output


@pytest.mark.parametrize(("token", "variable"), [("bot", "SLACK_BOT_TOKEN"), ("app", "SLACK_APP_TOKEN")])
def test_a_token_revoked_while_it_runs_ends_it_and_loses_nothing(
    sandbox: SandboxThread, starts: Starts, sqlite_url: str, token: str, variable: str
) -> None:
    """Exit code 3; with the token restored the next start sends what was kept."""
    slack, environ = Driver(sandbox.url), environment(sandbox.api_url, sqlite_url)
    bot = starts("run", **environ)
    bot.logs("the desk is open")
    modal = filled(slack, 1)
    slack.revoke(token)
    assert modal.submit().closed
    if token == "app":
        slack.sockets.close()
    assert bot.ends() == 3, bot.output
    says_why(bot, variable, "token_revoked")
    slack.restore(token)
    bot, engine = starts("run", **environ), open_engine(sqlite_url)
    until(lambda: rests(engine, slack.clock.now()), about="everything is sent", within=120.0)
    Reckoning(slack, engine, Notes()).holds()
    assert stopped(bot) == 0, bot.output
    engine.dispose()


def says_why(bot: Process, variable: str, code: str) -> None:
    """One sentence about the variable, with Slack's word; no token, no traceback."""
    assert f"{variable} is refused by Slack ({code})" in bot.output
    assert BOT_TOKEN not in bot.output
    assert APP_TOKEN not in bot.output
    assert "Traceback" not in bot.output


@pytest.mark.parametrize("words", [("run",), ("db", "upgrade")], ids=["run", "upgrade"])
@pytest.mark.parametrize(
    "where",
    ["postgresql+psycopg://askdesk:opensesame@127.0.0.1:9/askdesk", "sqlite:////nowhere/at/all/askdesk.db"],
    ids=["postgresql", "sqlite"],
)
def test_a_database_out_of_reach_ends_it_with_a_sentence(
    sandbox: SandboxThread, starts: Starts, where: str, words: tuple[str, ...]
) -> None:
    """Exit code 1, naming the database; no password, no traceback."""
    bot = starts(*words, **environment(sandbox.api_url, where))
    assert bot.ends() == 1, bot.output
    assert "database" in bot.output
    assert "opensesame" not in bot.output
    assert "Traceback" not in bot.output


def test_the_schema_is_upgraded_and_may_be_again(
    sandbox: SandboxThread, starts: Starts, database_url: str
) -> None:
    """`askdesk db upgrade` needs no Slack, says the version, and changes nothing the second time."""
    house = {name: v for name, v in environment("", database_url).items() if name in ("PATH", "HOME")}
    said = []
    for words in (("db", "upgrade"), ("db", "upgrade", "--url", database_url)):
        process = starts(*words, **house, DATABASE_URL=database_url)
        assert process.ends() == 0, process.output
        said.append(process.output)
    assert said[0] == said[1]
    assert "newest schema" in said[0]
