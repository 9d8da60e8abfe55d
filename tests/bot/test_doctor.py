"""`askdesk doctor` over the sandbox: an installation that is well, and each line that says what is not and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from typer.testing import CliRunner, Result

from bot import cli
from bot.demo.environment import seeded_environment
from bot.environment.manifest import manifest
from bot.environment.settings import variables
from bot.terminal import console as terminal
from cases.case import Case
from cases.program import Program
from cases.retention import by_request
from sandbox import SIGNING_SECRET, SandboxThread, Seed
from sandbox.driver import Driver
from storage import tables as t
from storage.outbox import outbox, replicas
from storage.outbox.notices import Claimed
from storage.privacy import keyring, retention
from storage.vault import Vault, new_key
from storage.writing.programs import save_program
from tests import build
from tests.build import DUE
from tests.journeys.floor import ASK
from tests.patient import patient
from tests.storage.book import Book, opened

Doctor = Callable[..., Result]
KEY = new_key()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxThread]:
    with patient(Seed(manifest())) as running:
        yield running


@pytest.fixture
def slack(sandbox: SandboxThread) -> Iterator[Driver]:
    """The workspace, put back as it was afterwards."""
    driver = Driver(sandbox.url)
    yield driver
    driver.reset()


@pytest.fixture
def book(sqlite_url: str) -> Iterator[Book]:
    """The contact centre's database, with a bot at work on it."""
    with opened(sqlite_url, Vault([KEY])) as found:
        program = replace(found.program, manager_groups=("S0MANAGERS",), departments=())
        found.program = found.store.write_now(lambda unit: save_program(unit, program))
        found.opens()
        found.store.write_now(replicas.note_beat, "desk-1")
        yield found


@pytest.fixture
def doctor(
    sandbox: SandboxThread, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Doctor:
    """Runs the command with the contact centre's settings and these changes; an empty one takes a setting out."""
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, **changes: str) -> Result:
        settings = seeded_environment(sandbox.api_url, sqlite_url) | {"ENCRYPTION_KEY": KEY} | changes
        environ = {name: value for name, value in settings.items() if value}
        return CliRunner(env={"COLUMNS": "100"}).invoke(cli.app, ["doctor", *words], env=environ)

    return run


def raises(book: Book, at: datetime) -> Case:
    """A case raised then, with a promise for tomorrow: only its ladder has begun."""
    return book.raises(build.escalation(due_at=now() + timedelta(days=1)), now=at)


def checks(result: Result) -> dict[str, dict[str, Any]]:
    """The lines, by what was looked at."""
    told = json.loads(result.output)
    assert told["ok"] == (result.exit_code == 0)
    return {one["check"]: one for one in told["checks"]}


def says(result: Result, check: str, what: str, do: str, code: int = terminal.FAILED) -> None:
    """This line is wrong, says what is so and what to do; no other one is."""
    found = checks(result)
    assert result.exit_code == code, result.output
    assert [name for name, one in found.items() if one["verdict"] == "wrong"] == [check], result.output
    assert what in found[check]["what"]
    assert do in found[check]["do"]


def test_an_installation_that_is_well(book: Book, doctor: Doctor, slack: Driver) -> None:
    """A line for each, exit code 0, nothing to do."""
    result = doctor("--json")
    assert result.exit_code == 0, result.output
    found = checks(result)
    assert [(name, one["verdict"]) for name, one in found.items()] == [
        (name, "ok")
        for name in (
            "bot token",
            "scopes",
            "way in",
            "clock",
            "channel of Northwind Billing",
            "people of Northwind Billing",
            "group S0SMES",
            "group S0TLS",
            "group S0MANAGERS",
            "database",
            "files",
            "key",
            "beat",
            "promises",
            "outbox",
            "parked notices",
            "redaction",
            "record of Northwind Billing",
        )
    ]
    assert not any(one["do"] for one in found.values())
    assert "Socket Mode" in found["way in"]["what"]
    shown = doctor()
    assert shown.exit_code == 0
    assert "All is well." in shown.output
    assert len(shown.output.splitlines()) == len(found) + 2


def test_files_that_others_on_the_machine_can_read_are_named(
    book: Book, doctor: Doctor, slack: Driver, tmp_path: Path
) -> None:
    """A database made by a version that left it to the umask, or copied without its permissions."""
    (tmp_path / "askdesk.db").chmod(0o644)
    (tmp_path / "askdesk.db-wal").chmod(0o660)
    what = "others on this machine can open askdesk.db (0644), askdesk.db-wal (0660)"
    says(doctor("--json"), "files", what, "chmod 600")
    for file in tmp_path.glob("askdesk.db*"):
        file.chmod(0o600)
    assert checks(doctor("--json"))["files"]["verdict"] == "ok"


def test_what_is_wrong_is_shown_with_what_to_do(book: Book, doctor: Doctor, slack: Driver) -> None:
    slack.channel(ASK).archive()
    shown = doctor()
    assert shown.exit_code == terminal.FAILED
    assert "look  channel of Northwind Billing  #ask-billing is archived" in shown.output
    assert "→ Unarchive it." in shown.output
    assert "1 of 18 needs attention." in shown.output


def test_it_needs_settings_and_names_those_that_are_missing(doctor: Doctor) -> None:
    result = doctor(SLACK_BOT_TOKEN="", ASK_TIMEZONE="")
    assert result.exit_code == terminal.SETTINGS_WRONG
    assert "SLACK_BOT_TOKEN" in result.output
    assert "ASK_TIMEZONE" in result.output


def test_a_refused_bot_token(book: Book, doctor: Doctor, slack: Driver) -> None:
    """Exit code 3; what Slack would have told is not looked at, the database is."""
    slack.revoke("bot")
    result = doctor("--json")
    says(result, "bot token", "token_revoked", "OAuth & Permissions", terminal.TOKEN_REFUSED)
    assert checks(result)["channel"]["verdict"] == "unseen"
    assert checks(result)["beat"]["verdict"] == "ok"


def test_a_refused_app_token(book: Book, doctor: Doctor, slack: Driver) -> None:
    slack.revoke("app")
    says(doctor("--json"), "way in", "token_revoked", "App-Level Tokens", terminal.TOKEN_REFUSED)


def test_slack_that_does_not_answer(book: Book, doctor: Doctor) -> None:
    says(
        doctor("--json", SLACK_API_URL="http://127.0.0.1:9/api/"),
        "bot token",
        "does not answer",
        "SLACK_API_URL",
    )


def test_a_scope_that_was_not_granted(book: Book, doctor: Doctor) -> None:
    """The app was installed before the manifest asked for it."""
    older = manifest()
    scopes = [one for one in older["oauth_config"]["scopes"]["bot"] if one != "users:read.email"]
    older = older | {"oauth_config": {"scopes": {"bot": scopes}}}
    with patient(Seed(older)) as before:
        result = doctor("--json", SLACK_API_URL=before.api_url)
    says(result, "scopes", "missing: users:read.email", "install the app to the workspace again")


@pytest.mark.parametrize("what", ["archived", "without the bot", "unknown"])
def test_a_channel_that_cannot_be_reached(book: Book, doctor: Doctor, slack: Driver, what: str) -> None:
    check = "channel of Northwind Billing"
    if what == "archived":
        slack.channel(ASK).archive()
        says(doctor("--json"), check, "#ask-billing is archived", "Unarchive it")
    elif what == "without the bot":
        slack.channel(ASK).kick("Askdesk")
        says(doctor("--json"), check, "not in #ask-billing", "/invite @askdesk")
    else:
        with book.store.begin() as unit:
            unit.connection.execute(update(t.programs).values(channel="C0NOWHERE"))
        says(
            doctor("--json"), check, "C0NOWHERE cannot be seen: channel_not_found", "whether the id is right"
        )


def test_somebody_with_a_role_who_is_not_in_the_channel(book: Book, doctor: Doctor, slack: Driver) -> None:
    """By group or by name; they are told by name, as the terminal knows no mentions."""
    keeps(book, replace(book.program, manager_users=("U0OTTO",)))
    slack.channel(ASK).kick("Tess")
    says(
        doctor("--json"),
        "people of Northwind Billing",
        "no mention reaches them: Otto Frei (U0OTTO), Tess Lim (U0TESS)",
        "Invite them with /invite",
    )


def keeps(book: Book, program: Program) -> None:
    book.store.write_now(lambda unit: save_program(unit, program))


def test_a_group_that_is_gone(book: Book, doctor: Doctor, slack: Driver) -> None:
    keeps(book, replace(book.program, tl_groups=("S0GONE",)))
    says(doctor("--json"), "group S0GONE", "no_such_subteam", "/askdesk settings")


def test_a_group_with_nobody_in_it(book: Book, doctor: Doctor) -> None:
    seed = Seed(manifest())
    with patient(seed) as other:
        other.sandbox.workspace.usergroups["S0TLS"].users.clear()
        result = doctor("--json", SLACK_API_URL=other.api_url)
    says(result, "group S0TLS", "nobody is in it", "Add people to it")


def test_a_machine_whose_clock_is_wrong(book: Book, doctor: Doctor) -> None:
    """Here it is Slack's that is ten minutes on."""
    with patient(Seed(manifest())) as later:
        Driver(later.url).clock.passes(minutes=10)
        result = doctor("--json", SLACK_API_URL=later.api_url)
    says(result, "clock", "min behind Slack's", "NTP")


def test_a_database_that_is_not_there_is_not_made(doctor: Doctor, slack: Driver, tmp_path: Path) -> None:
    result = doctor("--json", DATABASE_URL="sqlite:///elsewhere.db")
    says(result, "database", "there is no file elsewhere.db", "askdesk db upgrade")
    assert checks(result)["record"]["verdict"] == "unseen"
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_database_that_does_not_answer(doctor: Doctor, slack: Driver) -> None:
    url = "postgresql+psycopg://askdesk:opensesame@127.0.0.1:9/askdesk"
    result = doctor("--json", DATABASE_URL=url)
    says(result, "database", "it does not answer", "DATABASE_URL")
    assert "opensesame" not in result.output


def test_a_database_without_the_newest_schema(book: Book, doctor: Doctor, slack: Driver) -> None:
    with book.store.begin() as unit:
        unit.connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    says(doctor("--json"), "database", "older than this version", "askdesk db upgrade")


def test_a_database_of_a_newer_version_is_well(book: Book, doctor: Doctor, slack: Driver) -> None:
    with book.store.begin() as unit:
        unit.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    result = doctor("--json")
    assert result.exit_code == 0, result.output
    assert "of a newer version" in checks(result)["database"]["what"]


@pytest.mark.parametrize("key", ["", "another"])
def test_a_key_that_does_not_fit(book: Book, doctor: Doctor, slack: Driver, key: str) -> None:
    book.store.write_now(keyring.unlock, now())
    says(
        doctor("--json", ENCRYPTION_KEY=new_key() if key else ""),
        "key",
        "ENCRYPTION_KEY",
        "Set the right key",
    )


def test_no_bot_at_work(book: Book, doctor: Doctor, slack: Driver) -> None:
    book.store.write_now(replicas.leave, "desk-1")
    says(doctor("--json"), "beat", "no bot is running", "askdesk run")


def test_a_bot_that_is_silent(book: Book, doctor: Doctor, slack: Driver) -> None:
    with book.store.begin() as unit:
        unit.connection.execute(update(t.replicas).values(beat_at=now() - timedelta(minutes=7)))
    says(doctor("--json"), "beat", "7 min ago, by desk-1", "start it again")


def test_of_two_bots_one_was_killed(book: Book, doctor: Doctor, slack: Driver) -> None:
    """The desk is well, and the killed one is named."""
    with book.store.begin() as unit:
        unit.connection.execute(update(t.replicas).values(beat_at=now() - timedelta(minutes=7)))
        replicas.note_beat(unit, "desk-2")
    result = doctor("--json")
    assert result.exit_code == 0
    assert "one bot is running" in checks(result)["beat"]["what"]
    assert "desk-1 is silent for 7 min" in checks(result)["beat"]["what"]


def test_promises_that_are_due_with_nothing_sent(book: Book, doctor: Doctor, slack: Driver) -> None:
    """A case of half an hour ago whose reminders no beat has looked at."""
    ago = now() - timedelta(minutes=30)
    raises(book, ago)
    with book.store.begin() as unit:
        unit.connection.execute(update(t.notices).values(state="sent"))
    says(doctor("--json"), "promises", "due with nothing sent, the first for 27 min", "the bot's log")


def test_messages_that_wait_for_long(book: Book, doctor: Doctor, slack: Driver) -> None:
    raises(book, now() - timedelta(minutes=30))
    with book.store.begin() as unit:
        unit.connection.execute(delete(t.reminders))
        unit.connection.execute(update(t.notices).values(error="is_archived"))
    says(doctor("--json"), "outbox", "2 waiting for their channel, the first for 30 min (is_archived)", "log")


def test_messages_that_slack_refused_can_be_sent_again(book: Book, doctor: Doctor, slack: Driver) -> None:
    """A line of the thread and the card; afterwards they wait in the outbox like any other."""
    case = raises(book, now())
    book.notes(case, "The customer wrote as well.", now())
    for _ in range(2):
        claim = book.takes(now())
        assert isinstance(claim, Claimed)
        book.store.write_now(outbox.park, claim.notice, "invalid_blocks", now())
    says(doctor("--json"), "parked notices", "2 permanently refused by Slack: ", "--retry-parked")
    result = doctor("--json", "--retry-parked")
    assert result.exit_code == 0, result.output
    assert {one.notice.kind.value for one in book.delivers(now() + timedelta(seconds=1))} >= {"card", "line"}


def test_how_far_the_bot_is_with_its_messages_about_a_deleted_customer(
    book: Book, doctor: Doctor, slack: Driver
) -> None:
    case = book.closes(book.claims(book.raises()), DUE)
    book.delivers(DUE)
    book.store.write_now(retention.blank, book.program, [case.number], by_request(), DUE)
    book.delivers(DUE)
    found = checks(doctor("--json"))["redaction"]
    assert (found["verdict"], found["what"]) == ("ok", "0 of 1 messages about deleted customers edited")


def test_a_record_that_somebody_changed(book: Book, doctor: Doctor, slack: Driver) -> None:
    raises(book, now())
    with book.store.begin() as unit:
        unit.connection.execute(update(t.events).values(by="U0EVE"))
    says(doctor("--json"), "record of Northwind Billing", "line 1 was changed", "Keep a copy")


def test_http_mode_needs_no_app_token(book: Book, doctor: Doctor, slack: Driver) -> None:
    result = doctor("--json", SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=SIGNING_SECRET, HTTP_PORT="3010")
    assert result.exit_code == 0, result.output
    assert "127.0.0.1:3010/slack/events" in checks(result)["way in"]["what"]


def test_a_slack_that_asks_to_wait_says_nothing_about_the_channel(
    book: Book, doctor: Doctor, slack: Driver
) -> None:
    """Unseen is not well, and not wrong."""
    slack.faults.add("ratelimited", "conversations.info")
    result = doctor("--json")
    assert result.exit_code == terminal.FAILED
    assert checks(result)["channel of Northwind Billing"]["verdict"] == "unseen"
    slack.faults.add("error", "conversations.members", error="fetch_members_failed")
    assert checks(doctor("--json"))["people of Northwind Billing"]["verdict"] == "unseen"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_same_on_postgresql(doctor: Doctor, slack: Driver, database_url: str) -> None:
    """Due by the database's clock."""
    with opened(database_url, Vault([KEY])) as found:
        keeps(found, replace(found.program, manager_groups=("S0MANAGERS",), departments=()))
        found.opens()
        found.store.write_now(replicas.note_beat, "desk-1")
        result = doctor("--json", DATABASE_URL=database_url)
        assert result.exit_code == 0, result.output
