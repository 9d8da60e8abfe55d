"""The command line: what teaches, what ends with which code, and never a traceback for an ordinary failure."""

from __future__ import annotations

import ast
import pkgutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import bot.commands
from bot import cli
from bot.demo import play as demo
from bot.environment.settings import variables
from bot.terminal import console as terminal
from storage.privacy import keyring
from storage.store import Store
from storage.vault import Vault, new_key
from tests.bot.test_settings import GOOD
from tests.build import NOW
from tests.docs import TOP, commands

Askdesk = Callable[..., Result]


@pytest.fixture
def askdesk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Askdesk:
    """Runs the command line in an empty folder, with no settings but those that are given."""
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, **settings: str) -> Result:
        return CliRunner(env={"COLUMNS": "80"}).invoke(cli.app, list(words), env=settings)

    return run


COMMANDS = [name.removeprefix("askdesk ") for name, _ in commands()]


@pytest.mark.parametrize("command", ["", "db", "roster", "volume", *COMMANDS])
def test_help_is_there_and_fits_a_terminal(askdesk: Askdesk, command: str) -> None:
    result = askdesk(*command.split(), "--help")
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_by_example_and_names_the_exit_codes(askdesk: Askdesk, command: str) -> None:
    told = askdesk(*command.split(), "--help").output
    assert f"askdesk {command}" in told
    assert "Example" in told
    assert "Exit codes:" in told


def test_every_module_of_the_commands_is_on_the_command_line() -> None:
    there = {module.name for module in pkgutil.iter_modules(bot.commands.__path__, "bot.commands.")}
    assert there == {command.__module__ for command in cli.COMMANDS.values()}


def test_help_waits_for_nothing_that_the_commands_work_with() -> None:
    """Only what says which words there are: a second less than with the database and Slack."""
    script = "import sys; from bot.cli import main\ntry: main()\nfinally: print(sorted(sys.modules), file=sys.stderr)"
    told = subprocess.run(
        [sys.executable, "-c", script, "--help"], cwd=TOP, check=True, capture_output=True, text=True
    )
    read = {name.partition(".")[0] for name in ast.literal_eval(told.stderr)}
    assert "typer" in read
    assert not read & {"cases", "pydantic", "sandbox", "slack_sdk", "sqlalchemy", "storage", "structlog"}


@pytest.mark.parametrize("words", [["nope"], ["run", "--fast"], ["db", "downgrade"]])
def test_a_wrong_word_ends_with_2(askdesk: Askdesk, words: list[str]) -> None:
    assert askdesk(*words).exit_code == terminal.SETTINGS_WRONG


def test_run_without_settings_names_them_all_and_ends_with_2(askdesk: Askdesk) -> None:
    result = askdesk("run")
    assert result.exit_code == terminal.SETTINGS_WRONG
    assert ended_in_words(result)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ASK_CHANNEL_ID", "MANAGER_USER_IDS"):
        assert name in result.output


def test_an_unreadable_env_file_ends_with_2(askdesk: Askdesk) -> None:
    Path(".env").write_bytes(b"ASK_PROGRAM_NAME=\xff\xfe")
    result = askdesk("run")
    assert result.exit_code == terminal.SETTINGS_WRONG
    assert ended_in_words(result)


def test_upgrade_makes_a_database_and_leaves_a_new_one_as_it_is(askdesk: Askdesk) -> None:
    for _ in range(2):
        assert askdesk("db", "upgrade", "--url", "sqlite:///desk.db").exit_code == 0
    assert Path("desk.db").is_file()


def test_upgrade_reads_the_database_as_run_does(askdesk: Askdesk) -> None:
    """A dollar sign in `.env` is a dollar sign, not the name of a variable."""
    Path(".env").write_text("DATABASE_URL=sqlite:///${HOME}.db\n", "utf-8")
    assert askdesk("db", "upgrade").exit_code == 0
    assert Path("${HOME}.db").is_file()


def test_the_environment_goes_before_the_file(askdesk: Askdesk) -> None:
    Path(".env").write_text("DATABASE_URL=sqlite:///file.db\n", "utf-8")
    assert askdesk("db", "upgrade", DATABASE_URL="sqlite:///environment.db").exit_code == 0
    assert [found.name for found in Path().glob("*.db")] == ["environment.db"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://me:secret@db/askdesk", terminal.SETTINGS_WRONG),
        ("sqlite:////nowhere/at/all.db", terminal.FAILED),
        ("postgresql+psycopg://me:secret@127.0.0.1:9/askdesk", terminal.FAILED),
    ],
)
def test_a_database_that_cannot_be_had_is_a_sentence(askdesk: Askdesk, url: str, code: int) -> None:
    result = askdesk("db", "upgrade", "--url", url)
    assert result.exit_code == code
    assert ended_in_words(result)
    assert "secret" not in result.output


def test_a_database_of_a_newer_askdesk_is_a_sentence(askdesk: Askdesk) -> None:
    askdesk("db", "upgrade", "--url", "sqlite:///desk.db")
    with sqlite3.connect("desk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    result = askdesk("db", "upgrade", "--url", "sqlite:///desk.db")
    assert result.exit_code == terminal.FAILED
    assert ended_in_words(result)


@pytest.mark.parametrize(
    "error", [AssertionError("Ben saw no card [/here]"), OSError(28, "No space left"), ValueError()]
)
def test_a_demo_that_fails_says_so_in_a_sentence(
    askdesk: Askdesk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails() -> None:
        raise error

    monkeypatch.setattr(demo, "play", fails)
    result = askdesk("demo", "--play")
    assert result.exit_code == terminal.FAILED
    assert ended_in_words(result)


def ended_in_words(result: Result) -> bool:
    """Whether it ended by its own exit code, with something said, and no exception got through."""
    said = result.output.strip()
    return isinstance(result.exception, SystemExit) and bool(said) and "Traceback" not in said


def test_a_key_is_made_that_the_settings_take(askdesk: Askdesk) -> None:
    """Another one each time, alone on its line, so that a script can use it."""
    made = [askdesk("key").output for _ in range(2)]
    assert made[0] != made[1]
    assert Vault([made[0].removesuffix("\n")]).has_key


def test_a_wrong_key_refuses_to_start_with_a_sentence(askdesk: Askdesk) -> None:
    """Before anything of Slack is asked: nothing listens where Slack would be."""
    right, wrong = new_key(), new_key()
    url = "sqlite:///desk.db"
    askdesk("db", "upgrade", "--url", url)
    store = Store.at(url, Vault([right]))
    store.write_now(keyring.unlock, NOW)
    store.close()
    nowhere = GOOD | {"SLACK_API_URL": "http://127.0.0.1:9/api/", "DATABASE_URL": url}
    for keys in ({"ENCRYPTION_KEY": wrong}, {}):
        result = askdesk("run", **nowhere, **keys)
        assert result.exit_code == terminal.SETTINGS_WRONG, result.output
        assert ended_in_words(result)
        assert "ENCRYPTION_KEY" in result.output
        assert wrong not in result.output
