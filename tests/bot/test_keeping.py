"""`askdesk verify`, `purge`, `forget`, `seal` and `export` at the command line: what is done, said, and ended with."""

from __future__ import annotations

import csv
import io
import json
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from typer.testing import CliRunner, Result

from bot import cli
from bot.commands.export import stops
from bot.environment.clock import wall_clock
from bot.environment.settings import variables
from bot.terminal import console as terminal
from bot.usecases.export_files import Draft
from cases.case import Case
from cases.figures.export import COLUMNS, columns
from cases.program import Program
from storage import tables as t
from storage.privacy import keyring, retention
from storage.store import Store
from storage.vault import Vault, new_key
from storage.writing.people import save_group
from storage.writing.programs import save_program
from tests import build
from tests.build import NOW
from tests.storage.book import Book, opened
from tests.storage.test_coaching import ACTION, OBSERVED, closes, gives, owed
from tests.storage.test_sealing import SECRETS, full_life, in_files, shown

KEY = new_key()
DAYS = ["--from", "2026-11-01", "--to", "2026-11-30"]
URL = "sqlite:///desk/askdesk.db"

Askdesk = Callable[..., Result]


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Book]:
    """A sealed book in the current folder's `desk`."""
    monkeypatch.chdir(tmp_path)
    Path("desk").mkdir()
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    with opened(URL, Vault([KEY])) as found:
        found.store.write_now(keyring.unlock, NOW)
        yield found


@pytest.fixture
def askdesk(book: Book) -> Askdesk:
    """Runs the command line beside the book, with its key unless another is given; no setting of Slack is needed."""

    def run(*words: str, key: str = KEY, url: str = URL, answer: str | None = None) -> Result:
        environ = {"DATABASE_URL": url, "ENCRYPTION_KEY": key}
        return CliRunner(env={"COLUMNS": "80"}).invoke(cli.app, list(words), env=environ, input=answer)

    return run


def closed_long_ago(book: Book) -> Case:
    """A case with everything in it whose time is over by the wall clock."""
    return book.case(full_life(book, wall_clock() - timedelta(days=366)))


def table(name: str) -> list[dict[str, str]]:
    """A CSV file's rows."""
    return [*csv.DictReader(io.StringIO(Path(name).read_bytes().decode("utf-8"), newline=""))]


def ended(result: Result, code: int) -> str:
    """What was said; the command ended with this code and no exception got through."""
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


# verify


def test_a_record_that_holds_tells_its_last_hash(askdesk: Askdesk, book: Book) -> None:
    book.claims(book.raises())
    with book.store.read() as reading:
        head = reading.record_head(book.program.id)
    assert head is not None
    said = ended(askdesk("verify"), 0)
    assert (
        f"Northwind Billing: the record holds, 2 lines, the last one {head.hash}; keyed from line 1 on."
        in said
    )


def test_a_line_that_a_digest_named_has_to_stand_there_still(askdesk: Askdesk, book: Book) -> None:
    """Also where the database as a whole is an older copy, which nothing else shows."""
    book.raises()
    with book.store.read() as reading:
        head = reading.record_head(book.program.id)
    assert head is not None
    noted = str(head.point)
    book.raises()
    ended(askdesk("verify", "--since", noted), 0)
    other = f"1:{'0' * 12}"
    assert "line 1 is not the one that was noted" in ended(
        askdesk("verify", "--since", other), terminal.FAILED
    )
    later = noted.replace("1:", "9:")
    assert "it ends with line 2, and line 9 was noted" in ended(
        askdesk("verify", "--since", later), terminal.FAILED
    )
    for nonsense in ("", "9", "x:y", "1:abc"):
        assert "is no line" in ended(askdesk("verify", "--since", nonsense), terminal.SETTINGS_WRONG)
    book.store.write_now(lambda unit: save_program(unit, build.program(channel="C0CARE", name="Care")))
    assert "--program" in ended(askdesk("verify", "--since", noted), terminal.SETTINGS_WRONG)


def test_a_look_at_the_record_writes_nothing(askdesk: Askdesk, book: Book) -> None:
    """Not even the key with which it was looked at."""
    book.raises()
    with book.store.engine.begin() as connection:
        connection.execute(delete(t.keys))
    ended(askdesk("verify"), 0)
    assert book.rows(t.keys) == []


@pytest.mark.parametrize(
    ("tampering", "sentence"),
    [
        (update(t.events).where(t.events.c.place == 2).values(by="U0TESS"), "line 2 was changed"),
        (delete(t.events).where(t.events.c.place == 3), "lines are missing after line 2"),
        (delete(t.events).where(t.events.c.place == 1), "line 1 is missing"),
        (update(t.events).where(t.events.c.place == 3).values(said=None), "what was said in line 3 is gone"),
    ],
)
def test_the_first_line_that_is_wrong_is_named(
    askdesk: Askdesk, book: Book, tampering: Any, sentence: str
) -> None:
    case = book.claims(book.raises())
    book.notes(case, "The customer wrote as well.")
    with book.store.engine.begin() as connection:
        connection.execute(tampering)
    assert f"Northwind Billing: the record does not hold: {sentence}" in ended(
        askdesk("verify"), terminal.FAILED
    )


def test_an_auditor_without_the_key_walks_the_links(askdesk: Askdesk, book: Book) -> None:
    book.raises()
    assert "not read for want of ENCRYPTION_KEY: 4" in ended(askdesk("verify", key=""), 0)
    assert "ENCRYPTION_KEY is not the key" in ended(askdesk("verify", key=new_key()), terminal.SETTINGS_WRONG)


def test_an_unknown_program_is_told_with_those_that_are_there(askdesk: Askdesk, book: Book) -> None:
    book.raises()
    said = ended(askdesk("verify", "--program", "Billing"), terminal.SETTINGS_WRONG)
    assert "There are: Northwind Billing." in said
    ended(askdesk("verify", "--program", "C0ASKBILL"), 0)


# purge


def test_purge_deletes_what_has_had_its_time_and_verify_stays_green(askdesk: Askdesk, book: Book) -> None:
    number = closed_long_ago(book).number
    book.raises()
    said = ended(askdesk("purge", "--dry-run"), 0)
    assert "1 case closed for more than 365 days (dry run: nothing was deleted)" in said
    assert book.case(number).said.customer == SECRETS["customer"]
    assert "1 case closed for more than 365 days: customers' details and texts deleted" in ended(
        askdesk("purge"), 0
    )
    assert book.case(number).said.customer == ""
    assert book.case(number + 1).said.customer == "Jane Doe"
    assert "texts deleted after their time: 5" in ended(askdesk("verify"), 0)
    assert "0 cases closed for more than 365 days" in ended(askdesk("purge"), 0)


def test_after_a_purge_no_number_is_in_any_file(askdesk: Askdesk) -> None:
    """Of a database that never had a key: what was in the clear is gone from the file and the log beside it."""
    url = "sqlite:///plain/askdesk.db"
    Path("plain").mkdir()
    with opened(url, Vault()) as plain:
        closed_long_ago(plain)
        assert in_files(url) == [*SECRETS]
        ended(askdesk("purge", key="", url=url), 0)
        assert in_files(url) == []
        assert shown(plain.store) == []
        ended(askdesk("verify", key="", url=url), 0)


# forget


def test_forget_asks_first_and_names_the_cases(askdesk: Askdesk, book: Book) -> None:
    number = full_life(book)
    other = book.closes(book.claims(book.raises()), build.DUE).number
    for answer in ("n\n", ""):
        said = ended(askdesk("forget", "--customer", "(212) 555-0188", answer=answer), terminal.FAILED)
        assert f"closed, to be deleted: case {number}." in said
        assert book.case(number).said.customer == SECRETS["customer"]
    assert "Dry run" in ended(askdesk("forget", "--customer", "+12125550188", "--dry-run"), 0)
    assert "deleted in 1 case" in ended(askdesk("forget", "--customer", "+12125550188", answer="y\n"), 0)
    assert book.case(number).said.customer == ""
    assert book.case(other).said.customer == "Jane Doe"
    ended(askdesk("verify"), 0)
    assert "No case" in ended(askdesk("forget", "--customer", "+12125550188", "--yes"), terminal.FAILED)


def test_what_can_be_edited_in_slack_and_what_cannot_is_said(askdesk: Askdesk, book: Book) -> None:
    """Before anything is deleted, and after the purge of what has had its time."""
    book.closes(book.claims(book.raises()), build.DUE)
    book.delivers(build.DUE)
    told = "1 message in Slack to edit besides the cards; the running bot edits about 20 a minute. Out of reach: 1"
    for words in (["forget", "--customer", build.NUMBER, "--dry-run"], ["purge", "--dry-run"], ["purge"]):
        said = " ".join(ended(askdesk(*words), 0).split())
        assert (told in said) is (words[0] == "forget"), said
    assert book.rows(t.notices, state="queued") == []
    ended(askdesk("forget", "--customer", build.NUMBER, "--yes"), 0)
    assert len(book.rows(t.notices, state="queued")) == 1


def test_forget_finds_by_reference_and_never_says_the_number(askdesk: Askdesk, book: Book) -> None:
    full_life(book)
    said = ended(askdesk("forget", "--customer", SECRETS["reference"], "--yes"), 0)
    assert not any(secret in said for secret in SECRETS.values())
    assert book.rows(t.events, kind="forgotten")[0]["facts"] == '{"cases":"1"}'


def test_nobody_is_not_everybody(askdesk: Askdesk, book: Book) -> None:
    """An empty word, as a script's empty variable gives, forgets no one."""
    number = full_life(book)
    for nothing in ("", "  "):
        said = ended(askdesk("forget", "--customer", nothing, "--yes"), terminal.SETTINGS_WRONG)
        assert "--customer is empty" in said
    with book.store.read() as reading:
        assert retention.known(reading, book.program, None, "") == retention.Known((), ())
    assert book.case(number).blanked_at is None


def test_an_open_case_stays_and_the_exit_code_says_that_something_is_left(
    askdesk: Askdesk, book: Book
) -> None:
    book.closes(book.claims(book.raises()), build.DUE)
    still_open = book.raises().number
    said = ended(askdesk("forget", "--customer", build.NUMBER, "--yes"), terminal.FAILED)
    assert f"still open, to be closed first: case {still_open}" in said
    assert book.case(still_open).said.customer == "Jane Doe"
    assert book.case(1).said.customer == ""


# seal


def test_a_new_key_seals_everything_and_the_old_one_may_go(askdesk: Askdesk, book: Book) -> None:
    number = full_life(book)
    new = new_key()
    said = ended(askdesk("seal", key=f"{new},{KEY}"), 0)
    assert "Everything is sealed with the first key" in said
    ended(askdesk("verify", key=new), 0)
    assert "ENCRYPTION_KEY" in ended(askdesk("verify", key=KEY), terminal.SETTINGS_WRONG)
    with Store(book.store.engine, Vault([new])).read() as reading:
        assert reading.case(number, book.program.id).said.customer == SECRETS["customer"]


def test_a_seal_needs_a_key_and_the_right_one(askdesk: Askdesk) -> None:
    assert "ENCRYPTION_KEY" in ended(askdesk("seal", key=""), terminal.SETTINGS_WRONG)
    assert "ENCRYPTION_KEY" in ended(askdesk("seal", key=new_key()), terminal.SETTINGS_WRONG)
    assert "is not a key" in ended(askdesk("seal", key="nonsense"), terminal.SETTINGS_WRONG)


# export


def test_an_export_has_its_columns_and_nothing_of_a_customer(askdesk: Askdesk, book: Book) -> None:
    number = full_life(book)
    book.raises(build.escalation(waiting=True, customer="=cmd"))
    assert "2 cases" in ended(askdesk("export", *DAYS), 0)
    file = Path("askdesk-2026-11-01-2026-11-30.csv")
    rows = table(file.name)
    assert [*rows[0]] == ["program", *(column.name for column in columns(personal=False))]
    first, second = rows
    assert (first["program"], first["case"], first["status"]) == ("Northwind Billing", str(number), "closed")
    assert (first["raised_at"], first["outcome"]) == ("2026-11-23T14:00:00+00:00", "resolved")
    assert (second["reasons"], second["waiting"]) == ("billing_dispute promise_broken", "yes")
    assert not any(secret in file.read_text("utf-8") for secret in SECRETS.values())
    assert sorted(one.name for one in Path().iterdir()) == [file.name, "desk"]


def test_the_same_as_json(askdesk: Askdesk, book: Book) -> None:
    book.raises()
    ended(askdesk("export", *DAYS, "--format", "json", "--out", "nov.json"), 0)
    (row,) = json.loads(Path("nov.json").read_text("utf-8"))
    assert row["reasons"] == ["billing_dispute", "promise_broken"]
    assert (row["waiting"], row["closed_at"], row["first_promise_at"]) == (
        False,
        None,
        "2026-11-23T16:00:00+00:00",
    )
    ended(
        askdesk("export", "--from", "2026-10-01", "--to", "2026-10-31", "--format", "json", "--out", "x"), 0
    )
    assert json.loads(Path("x").read_text("utf-8")) == []


def test_a_day_is_the_sites_from_midnight_to_midnight(askdesk: Askdesk, book: Book) -> None:
    """NOW is ten in the evening in Manila: three hours later it is the next day there."""
    book.raises()
    book.raises(now=NOW + timedelta(hours=3))
    for day, numbers in (("2026-11-23", ["1"]), ("2026-11-24", ["2"])):
        ended(askdesk("export", "--from", day, "--to", day, "--out", "day.csv"), 0)
        rows = table("day.csv")
        assert [row["case"] for row in rows] == numbers


def test_a_manager_with_the_key_has_everything_and_that_is_told(askdesk: Askdesk, book: Book) -> None:
    full_life(book)
    book.store.write_now(lambda unit: save_group(unit, "S0MGRS", ["U0MIA"], NOW))
    ended(askdesk("export", *DAYS, "--personal", "--by", "U0MIA", "--out", "all.csv"), 0)
    (row,) = table("all.csv")
    assert [*row][1:] == [column.name for column in COLUMNS]
    assert (row["customer"], row["contact"]) == (SECRETS["customer"], SECRETS["contact"])
    (event,) = book.rows(t.events, kind="exported")
    facts = json.loads(event["facts"])
    assert (event["by"], facts["for"], facts["personal"]) == ("operator", "U0MIA", True), (
        "nobody saw who typed it"
    )
    assert Path("all.csv").stat().st_mode & 0o077 == 0, "for whoever asked, not for everybody on the machine"


def test_what_coaching_said_is_for_managers_with_the_key(askdesk: Askdesk, book: Book) -> None:
    """Of everybody's export it is that feedback was owed and given, and when."""
    closes(book)
    (item,) = owed(book)
    gives(book, item)
    book.store.write_now(lambda unit: save_group(unit, "S0MGRS", ["U0MIA"], NOW))
    ended(askdesk("export", *DAYS, "--out", "all.csv"), 0)
    (row,) = table("all.csv")
    assert row["feedback_given_at"] == build.DUE.isoformat()
    assert OBSERVED not in str(row)
    ended(askdesk("export", *DAYS, "--personal", "--by", "U0MIA", "--out", "all.csv"), 0)
    (row,) = table("all.csv")
    assert (row["feedback"], row["feedback_outcome"], row["feedback_actions"]) == (
        OBSERVED,
        "training",
        ACTION,
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--personal"], "needs --by"),
        (["--personal", "--by", "U0BEN"], "not a manager of Northwind Billing"),
        (["--by", "U0MIA"], "belongs to --personal"),
    ],
)
def test_nobody_else_has_what_is_personal(askdesk: Askdesk, book: Book, words: list[str], why: str) -> None:
    full_life(book)
    assert why in ended(askdesk("export", *DAYS, *words), terminal.SETTINGS_WRONG)
    assert [one.name for one in Path().iterdir()] == ["desk"]


def test_what_is_personal_takes_the_key(askdesk: Askdesk) -> None:
    """Of a database without one as well: whoever runs commands there is not thereby a manager."""
    assert "ENCRYPTION_KEY" in ended(askdesk("export", *DAYS, key=""), terminal.SETTINGS_WRONG)
    url, personal = "sqlite:///plain.db", ["--personal", "--by", "U0MIA"]
    with opened(url, Vault()) as plain:
        plain.raises()
        refused = askdesk("export", *DAYS, *personal, key="", url=url)
        assert "needs ENCRYPTION_KEY" in ended(refused, terminal.SETTINGS_WRONG)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2026-11-30", "2026-11-01", "is before"),
        ("2999-01-01", "2999-01-31", "in the future"),
        ("soon", "x", "soon"),
    ],
)
def test_days_that_are_none_are_told(askdesk: Askdesk, first: str, last: str, why: str) -> None:
    said = ended(askdesk("export", "--from", first, "--to", last), terminal.SETTINGS_WRONG)
    assert why in said


def test_an_export_that_breaks_leaves_no_half_file(askdesk: Askdesk, book: Book) -> None:
    """A row in the middle cannot be read: the file of before is whole, and nothing lies about."""
    for _ in range(5):
        book.raises()
    Path("nov.csv").write_text("as it was", "utf-8")
    with book.store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET details = details || 'x' WHERE number = 4"))
    assert "was changed" in ended(askdesk("export", *DAYS, "--out", "nov.csv"), terminal.SETTINGS_WRONG)
    assert Path("nov.csv").read_text("utf-8") == "as it was"
    assert sorted(one.name for one in Path().iterdir()) == ["desk", "nov.csv"]
    assert "cannot be written" in ended(askdesk("export", *DAYS, "--out", "no/where.csv"), terminal.FAILED)


def test_a_stop_in_the_middle_leaves_no_half_file(tmp_path: Path) -> None:
    """By SIGTERM as by Ctrl-C."""

    def writes() -> None:
        draft = Draft(tmp_path / "half.csv")
        try:
            draft.write("program,case\r\n")
            assert len([*tmp_path.iterdir()]) == 1
            signal.raise_signal(signal.SIGTERM)
            draft.done()
        finally:
            draft.discard()

    with pytest.raises(KeyboardInterrupt), stops():
        writes()
    assert [*tmp_path.iterdir()] == []


def test_no_cell_is_calculated_by_a_spreadsheet(askdesk: Askdesk, book: Book) -> None:
    """What somebody typed stays a text; a number keeps its plus."""
    book.store.write_now(
        lambda unit: save_program(unit, build.program(manager_users=("U0MIA",), manager_groups=()))
    )
    book.raises(build.escalation(customer='=HYPERLINK("http://x")', details='-1+1\r\nand "more", said she'))
    ended(askdesk("export", *DAYS, "--personal", "--by", "U0MIA", "--out", "all.csv"), 0)
    (row,) = table("all.csv")
    assert row["customer"] == '\'=HYPERLINK("http://x")'
    assert row["contact"] == build.NUMBER
    assert row["details"] == '\'-1+1\r\nand "more", said she'


def test_programs_are_exported_together_or_one_by_one(askdesk: Askdesk, book: Book) -> None:
    other: Program = book.store.write_now(
        lambda unit: save_program(unit, build.program(channel="C0CARE", name="Care"))
    )
    book.raises()
    book.raises(program=other)
    for words, names in (([], {"Northwind Billing", "Care"}), (["--program", "Care"], {"Care"})):
        ended(askdesk("export", *DAYS, *words, "--out", "all.csv"), 0)
        rows = table("all.csv")
        assert {row["program"] for row in rows} == names
