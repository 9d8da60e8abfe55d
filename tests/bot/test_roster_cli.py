"""`askdesk roster import` against a workspace on real sockets: all of it or nothing, and every problem at its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from bot import cli
from bot.demo.environment import seeded_environment
from bot.environment.manifest import manifest
from bot.environment.settings import variables
from bot.terminal import console as terminal
from cases.roster import Entry
from sandbox import SandboxThread, Seed
from sandbox.driver import Driver
from storage.reading import Reading
from storage.schema import upgrade
from storage.store import Store
from storage.writing.people import remember_superior
from tests.build import NOW
from tests.patient import patient

HEAD = "person,superior,team"


class Office:
    """The workspace, the database, and somebody at the terminal."""

    def __init__(self, sandbox: SandboxThread, database: str, folder: Path) -> None:
        self.slack = Driver(sandbox.url)
        self.database = database
        self.environment = seeded_environment(sandbox.api_url, database)
        self.file = folder / "roster.csv"
        self.store = Store.at(database)

    def imports(self, *rows: str, dry: bool = False, head: str = HEAD, **settings: str) -> Result:
        """Writes the file and imports it."""
        self.file.write_text("\n".join([head, *rows]), "utf-8")
        words = ["roster", "import", str(self.file), *(["--dry-run"] if dry else [])]
        return CliRunner().invoke(cli.app, words, env=self.environment | settings)

    def roster(self) -> dict[str, tuple[str | None, str | None]]:
        with self.store.read() as reading:
            return {person: (entry.superior, entry.team) for person, entry in reading.roster().items()}

    def lookups(self) -> list[str]:
        """Who was looked up in Slack, in order."""
        calls = [
            entry
            for entry in self.slack.traffic()
            if entry["kind"] == "api" and entry["name"] in ("users.info", "users.lookupByEmail")
        ]
        return [str(entry["name"]) for entry in calls]


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder, with no settings but those that are given."""
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def office(sqlite_url: str, clean: Path) -> Iterator[Office]:
    """On SQLite."""
    yield from opened(sqlite_url, clean)


@pytest.fixture
def each_office(database_url: str, clean: Path) -> Iterator[Office]:
    """On both databases."""
    yield from opened(database_url, clean)


def opened(database: str, folder: Path, seed: Seed | None = None) -> Iterator[Office]:
    with patient(seed or Seed(manifest())) as sandbox:
        place = Office(sandbox, database, folder)
        upgrade(place.store.engine)
        try:
            yield place
            assert not place.slack.problems()
        finally:
            place.store.close()


ROWS = (
    "U0ANA,ben.carter@northwind.example,Billing A",
    "Arjun.Mehta@northwind.example,U0BEN,Billing A",
    'U0AMY,U0TESS,"Billing, late"',
    "U0BEN,U0MIA,Team leads",
)
ROSTER = {
    "U0ANA": ("U0BEN", "Billing A"),
    "U0ARJUN": ("U0BEN", "Billing A"),
    "U0AMY": ("U0TESS", "Billing, late"),
    "U0BEN": ("U0MIA", "Team leads"),
}


def told(result: Result) -> list[str]:
    """What stands on both outputs, line by line."""
    return result.output.splitlines()


def test_a_roster_is_imported_and_again_changes_nothing(each_office: Office) -> None:
    office = each_office
    first = office.imports(*ROWS)
    assert (first.exit_code, told(first)) == (0, ["4 new, 0 changed, 0 as before"])
    assert office.roster() == ROSTER
    again = office.imports(*ROWS)
    assert (again.exit_code, told(again)) == (0, ["0 new, 0 changed, 4 as before"])
    assert office.roster() == ROSTER


def test_a_superior_whom_the_form_asked_for_is_replaced(each_office: Office) -> None:
    """And what agents say later does not replace the roster's; whoever is not in the file stays."""
    office = each_office
    for agent in ("U0ANA", "U0ABEL"):
        office.store.write_now(remember_superior, agent, "U0TESS", NOW)
    result = office.imports(*ROWS)
    assert told(result) == ["3 new, 1 changed, 0 as before"]
    office.store.write_now(remember_superior, "U0ANA", "U0TESS", NOW)
    assert office.roster() == {**ROSTER, "U0ABEL": ("U0TESS", None)}
    assert office.store.ask_now(Reading.superior, "U0ANA") == "U0BEN"


def test_a_dry_run_says_what_would_change_and_changes_nothing(office: Office) -> None:
    office.imports(*ROWS)
    result = office.imports(
        ROWS[0], "arjun.mehta@northwind.example,U0TESS,Late", "U0ABEL,U0BEN,Billing A", dry=True
    )
    assert result.exit_code == 0
    assert told(result) == [
        "row 3: arjun.mehta@northwind.example: superior U0BEN → U0TESS, team Billing A → Late",
        "row 4: U0ABEL is new: superior U0BEN, team Billing A",
        "1 new, 1 changed, 1 as before (dry run: nothing was changed)",
    ]
    assert office.roster() == ROSTER


def test_every_problem_is_told_at_once_and_nothing_is_applied(each_office: Office) -> None:
    """What the file says wrong, whom Slack does not know, and what does not fit together: in the order of the rows."""
    office = each_office
    office.imports(ROWS[0])
    office.slack.change_person("Otto", deleted=True)
    office.slack.change_person("Sia", deleted=True)
    office.slack.add_person("Stella Strange", team_id="T0OTHER", id="U0STELLA")
    result = office.imports(
        "U0ABEL,U0BEN,Billing A",
        "U0ARJUN,nobody@northwind.example,",
        "U0NOBODY,U0OTTO,Billing A",
        "sia.novak@northwind.example,U0ASKDESK,Billing A",
        "U0ABEL,U0STELLA,Billing A",
        "abel,U0BEN,Billing A",
        "U0TESS,U0TESS,Team leads",
        "",
        "ben.carter@northwind.example,U0MIA,Team leads",
        "U0MIA,U0ANA,Managers",
    )
    assert result.exit_code == terminal.FAILED
    assert told(result) == [
        "row 3, team: it is empty. Enter the team's name.",
        "row 3, superior: Slack knows no active member with the address nobody@northwind.example.",
        "row 4, person: Slack knows nobody with the id U0NOBODY.",
        "row 4, superior: the account of U0OTTO is deactivated.",
        "row 5, person: Slack knows no active member with the address sia.novak@northwind.example.",
        "row 5, superior: U0ASKDESK is a bot.",
        "row 6, superior: U0STELLA belongs to another workspace.",
        "row 6, person: U0ABEL is already in row 2. Keep one of the two.",
        "row 7, person: “abel” is neither a Slack id (U0123ABCDEF) nor an e-mail address.",
        "row 8, superior: U0TESS cannot be their own superior. Enter the team lead.",
        "row 10, superior: these people report to each other in a circle: ben.carter@northwind.example → U0MIA → U0ANA → "
        "ben.carter@northwind.example. Give one of them another superior.",
        "11 problems: nothing was changed.",
    ]
    assert office.roster() == {"U0ANA": ("U0BEN", "Billing A")}


@pytest.mark.parametrize("dry", [False, True])
def test_a_file_that_is_no_roster_is_refused_before_slack_is_asked(office: Office, dry: bool) -> None:
    result = office.imports(head="agent,lead", dry=dry)
    assert result.exit_code == terminal.FAILED
    assert told(result) == [
        "row 1: the header must be exactly person,superior,team, and it is “agent,lead”.",
        "1 problem: nothing was changed.",
    ]
    assert office.lookups() == []


def test_everybody_is_looked_up_once(office: Office) -> None:
    office.imports(*ROWS)
    assert sorted(office.lookups()) == ["users.info"] * 5 + ["users.lookupByEmail"] * 2


def test_slacks_limits_and_stumbles_are_waited_for(office: Office) -> None:
    """As long as it says; a cut connection and an error of its own are tried again."""
    office.slack.faults.add("ratelimited", "users.lookupByEmail", retry_after=1, times=2)
    office.slack.faults.add("error", "users.info", error="internal_error")
    office.slack.faults.add("reset", "users.info")
    assert told(office.imports(*ROWS)) == ["4 new, 0 changed, 0 as before"]
    assert office.lookups().count("users.lookupByEmail") == 4


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        ("access_denied", terminal.FAILED, "Slack does not answer (access_denied): nothing was changed."),
        ("token_revoked", terminal.TOKEN_REFUSED, "Slack refuses SLACK_BOT_TOKEN (token_revoked)."),
        ("missing_scope", terminal.FAILED, "it lacks the scope users:read"),
    ],
)
def test_a_slack_that_does_not_tell_is_a_sentence(office: Office, fault: str, code: int, words: str) -> None:
    office.slack.faults.add("error", "users.info", error=fault, times=None)
    result = office.imports(*ROWS)
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (code, True)
    assert words in result.output
    assert office.roster() == {}


def test_an_app_that_was_installed_without_the_scope_reads_which_one(sqlite_url: str, clean: Path) -> None:
    scopes = [scope for scope in manifest()["oauth_config"]["scopes"]["bot"] if scope != "users:read.email"]
    with patient(Seed(manifest(), scopes=scopes)) as sandbox:
        place = Office(sandbox, sqlite_url, clean)
        upgrade(place.store.engine)
        result = place.imports(*ROWS)
        place.store.close()
    assert result.exit_code == terminal.FAILED
    assert "it lacks the scope users:read.email" in result.output


def test_a_database_that_is_not_up_to_date_is_said_before_slack_is_asked(
    office: Office, tmp_path: Path
) -> None:
    result = office.imports(*ROWS, DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    assert result.exit_code == terminal.FAILED
    assert "askdesk db upgrade" in result.output
    result = office.imports(*ROWS, DATABASE_URL="sqlite:////nowhere/at/all.db")
    assert result.exit_code == terminal.FAILED
    assert "does not answer" in result.output
    assert office.lookups() == []


Askdesk = Callable[..., Result]


def test_a_file_that_is_not_there_or_a_missing_setting_ends_with_2(clean: Path) -> None:
    missing = CliRunner().invoke(cli.app, ["roster", "import", "nowhere.csv"])
    assert missing.exit_code == terminal.SETTINGS_WRONG
    Path("roster.csv").write_text(HEAD, "utf-8")
    unset = CliRunner().invoke(cli.app, ["roster", "import", "roster.csv"])
    assert unset.exit_code == terminal.SETTINGS_WRONG
    assert "SLACK_BOT_TOKEN" in unset.output


@pytest.mark.parametrize("command", ["roster", "roster import"])
def test_help_teaches_and_fits_a_terminal(command: str) -> None:
    result = CliRunner(env={"COLUMNS": "80"}).invoke(cli.app, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80
    if command.endswith("import"):
        assert "askdesk roster import roster.csv" in result.output
        assert "Exit codes:" in result.output


def test_whoever_watches_sees_a_bar_and_nobody_else_does(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On standard error, only where that is a terminal; what was done stands alone on standard output."""
    screen = StringIO()
    monkeypatch.setattr(terminal, "err", Console(file=screen, force_terminal=True, width=100))
    office.slack.faults.add("ratelimited", "users.info", retry_after=1)
    result = office.imports(*ROWS)
    assert result.stdout == "4 new, 0 changed, 0 as before\n"
    assert "Looking people up in Slack" in screen.getvalue()
    assert "Slack asks to wait 1 s" in screen.getvalue()
    assert "7/7" in screen.getvalue()


def test_the_roster_is_what_the_form_goes_by(office: Office) -> None:
    """`Reading.roster` and the superior that the form asks for are one."""
    office.imports(*ROWS)
    with office.store.read() as reading:
        assert reading.roster()["U0AMY"] == Entry("U0TESS", "Billing, late")
        assert [reading.superior(person) for person in ROSTER] == [
            superior for superior, _ in ROSTER.values()
        ]
