"""`askdesk report` and `askdesk volume import`: the figures of the database in a terminal, as tables and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.environment.clock import wall_clock
from bot.environment.settings import variables
from cases.figures.definitions import Figure
from cases.figures.period import Period
from cases.figures.report import By, report
from cases.figures.tally import median, percentile
from storage.writing.programs import save_program
from tests.storage.book import Book, opened
from tests.storage.month import ZONE, month, put
from tests.sums import sums_of

URL = "sqlite:///askdesk.db"
DAYS = Period(date(2024, 10, 1), date(2024, 10, 31), ZONE)
"""Long ago, whatever the clock on the wall says; clocks change in it."""
OCTOBER = "2024-10-01..2024-10-31"
WRITTEN = list(month(seed=11, cases=300, period=DAYS))

Askdesk = Callable[..., Result]


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Book]:
    """A desk in Berlin with a month, in the current folder."""
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    with opened(URL) as found:
        found.program = found.store.write_now(
            lambda unit: save_program(unit, replace(found.program, timezone=ZONE))
        )
        put(found.store, WRITTEN)
        yield found


@pytest.fixture
def askdesk(book: Book) -> Askdesk:
    def run(*words: str, width: int = 100) -> Result:
        environ = {"DATABASE_URL": URL, "COLUMNS": str(width)}
        return CliRunner().invoke(cli.app, list(words), env=environ)

    return run


def ended(result: Result, code: int = 0) -> str:
    """What was said; the command ended with this code and no exception got through."""
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


def test_the_figures_as_json_are_those_of_the_definitions(askdesk: Askdesk, book: Book) -> None:
    told = json.loads(ended(askdesk("report", OCTOBER, "--by", "reason", "--json")))
    facts = [one.fact for one in WRITTEN]
    now = wall_clock()
    meant = report(book.program.name, DAYS, now, sums_of(facts, DAYS, now, By.REASON), by=By.REASON)
    assert told["figures"]["raised"] == meant.total.raised
    kept = meant.total.share(Figure.KEPT)
    assert told["figures"]["kept"] == {"part": kept.part, "whole": kept.whole}
    assert told["figures"]["claim"] == {
        "median": median(meant.total.waits),
        "p90": percentile(meant.total.waits, 90),
        "cases": sum(meant.total.waits.values()),
    }
    assert list(told["groups"]) == list(meant.groups)
    assert set(told["figures"]) == {figure.value for figure in Figure}
    assert sum(one["cases"] for one in told["load"]) == meant.total.raised
    assert (told["first"], told["last"], told["zone"]) == ("2024-10-01", "2024-10-31", ZONE)


def test_the_figures_as_tables(askdesk: Askdesk) -> None:
    said = ended(askdesk("report", OCTOBER, "--by", "team"))
    assert said.startswith("Northwind Billing · Tue 1 – Thu 31 October 2024 (Europe/Berlin)")
    for figure in Figure:
        assert figure.label in said, figure
    assert "Team A" in said
    assert "No team known" in said


def test_several_programs_are_summed_and_divided_by_program(askdesk: Askdesk, book: Book) -> None:
    other = replace(book.program, channel="C0SALES", name="Sales", timezone="Asia/Manila")
    book.store.write_now(lambda unit: save_program(unit, other))
    said = ended(askdesk("report", OCTOBER))
    assert said.startswith("All programs")
    assert "Northwind Billing" in said
    told = json.loads(ended(askdesk("report", OCTOBER, "--json")))
    assert set(told["groups"]) == {"Northwind Billing", "Sales"}
    assert told["groups"]["Sales"]["raised"] == 0
    agents = json.loads(ended(askdesk("report", OCTOBER, "--by", "agent", "--json")))
    assert sum(one["raised"] for one in agents["groups"].values()) == told["figures"]["raised"]
    alone = json.loads(ended(askdesk("report", OCTOBER, "--program", "Sales", "--json")))
    assert alone["program"] == "Sales"


def test_days_without_a_case_are_told_kindly(askdesk: Askdesk) -> None:
    assert "Nothing was escalated" in ended(askdesk("report", "2024-01-01"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("report", "fortnight"), "names no days"),
        (("report", "2999-01-01"), "lies ahead"),
        (("report", "--by", "mood"), "cannot be divided"),
        (("report", "--program", "Sales"), "there is no program Sales"),
    ],
)
def test_a_wrong_word_is_told_with_what_works(askdesk: Askdesk, words: tuple[str, ...], says: str) -> None:
    assert says in " ".join(ended(askdesk(*words), 2).split())


# Call volume


def test_call_volume_makes_escalations_per_100_calls(askdesk: Askdesk) -> None:
    """Said first, then kept; the same file again is the same volume, and a new number takes the old one's place."""
    head = "program,day,hour,calls\n"
    Path("calls.csv").write_text(f"{head}Northwind Billing,2024-10-14,,200\n")
    assert "1 new" in ended(askdesk("volume", "import", "calls.csv", "--dry-run"))
    assert _calls(askdesk) == 0
    assert "200 calls; days: 1 new, 0 changed, 0 as before" in ended(askdesk("volume", "import", "calls.csv"))
    assert "1 as before" in ended(askdesk("volume", "import", "calls.csv"))
    assert _calls(askdesk) == 200
    Path("calls.csv").write_text(f"{head}C0ASKBILL,2024-10-14,9,70\nC0ASKBILL,2024-10-14,10,50\n")
    assert "1 changed" in ended(askdesk("volume", "import", "calls.csv"))
    assert _calls(askdesk) == 120


def _calls(askdesk: Askdesk) -> int:
    told = json.loads(ended(askdesk("report", OCTOBER, "--json")))
    return int(told["figures"]["per_100_calls"]["whole"])


def test_a_wrong_file_changes_nothing(askdesk: Askdesk) -> None:
    rows = "Northwind Billing,2024-10-14,,200\nNobody,2024-10-14,,1\nNorthwind Billing,soon,,1\n"
    Path("calls.csv").write_text(f"program,day,hour,calls\n{rows}")
    said = ended(askdesk("volume", "import", "calls.csv"), 1)
    assert "row 3, program: there is no program “Nobody”" in said
    assert "row 4, day: “soon” is no day" in said
    assert "2 problems: nothing was changed." in said
    assert _calls(askdesk) == 0
