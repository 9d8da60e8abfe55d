"""A report as a message, and its charts: legible, postable whatever it holds, friendly where nothing happened."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.charts import Chart, charts
from bot.views.mentions import Actor
from bot.views.message import Message
from bot.views.report import of_agents, report
from cases.figures import report as reports
from cases.figures import wording as figures
from cases.figures.definitions import Figure
from cases.figures.facts import CaseFact, Share
from cases.figures.period import Period
from cases.figures.report import NO_NAMES, By, Report
from cases.figures.tally import Tally
from tests.storage.month import ZONE, month
from tests.sums import sums_of
from tests.views.reading import assert_postable, mentioned, nasty_texts, shown

NOW = datetime(2026, 10, 19, 6, tzinfo=UTC)
WEEK = Period(date(2026, 10, 12), date(2026, 10, 18), ZONE)
FACTS = [one.fact for one in month(seed=7, cases=400)]


def told(
    facts: list[CaseFact], by: By | None = None, days: Period = WEEK, name: str = "Northwind Billing"
) -> Report:
    return reports.report(name, days, NOW, sums_of(facts, days, NOW, by), by=by)


def posted(one: Report, asked_by: str | None = None) -> Message:
    return report(
        one,
        [(chart, f"F0{chart.name.upper()}") for chart in charts(one)],
        asked_by=Actor(asked_by) if asked_by else None,
    )


def test_a_report_has_its_figures_in_lines_and_its_charts_as_pictures() -> None:
    """Each picture has words in its place, that say what one sees."""
    message = posted(told(FACTS, By.SCENARIO), "U0MIA")
    assert_postable(message)
    text = shown(message)
    assert text.splitlines()[:2] == ["Report · Mon 12 – Sun 18 October 2026", "*Northwind Billing*"]
    assert "Promise kept: *" in text
    assert "*By scenario*" in text
    assert "Requested by <@U0MIA>" in text
    pictures = [block for block in message.blocks if block["type"] == "image"]
    assert [block["slack_file"]["id"] for block in pictures] == [
        "F0PROMISES",
        "F0CLAIMING",
        "F0LOAD",
        "F0REASONS",
        "F0FUNNEL",
    ]
    assert all(len(block["alt_text"]) > 60 for block in pictures)
    assert "Mon 12: " in pictures[0]["alt_text"]


def test_without_its_charts_a_report_says_so() -> None:
    message = report(told(FACTS))
    assert_postable(message)
    assert "could not be uploaded" in shown(message)


def test_days_without_a_case_have_one_friendly_chart() -> None:
    empty = told([])
    (chart,) = charts(empty)
    assert chart.title == "Nothing was escalated"
    message = posted(empty)
    assert_postable(message)
    assert "Nothing was escalated" in shown(message)
    assert "0 cases" not in shown(message)


def test_the_figures_are_compared_with_as_many_days_before() -> None:
    message = report(told(FACTS), before=1_200)
    assert "(1,200 in the week before)" in shown(message)


def test_who_raised_what_says_that_nobody_else_sees_it() -> None:
    message = of_agents(told(FACTS, By.AGENT))
    assert_postable(message)
    assert NO_NAMES in shown(message)
    assert len(mentioned(message)) == 10


@pytest.mark.parametrize("by", [by for by in By if by is not By.PROGRAM])
def test_every_division_fits_into_a_message(by: By) -> None:
    whole = told(FACTS, by, Period(date(2026, 10, 1), date(2026, 10, 31), ZONE))
    message = report(whole)
    assert_postable(message)
    assert f"*By {by.label}*" in shown(message)


@given(name=nasty_texts, department=nasty_texts)
@settings(max_examples=30)
def test_whatever_a_program_and_its_departments_are_called_nobody_is_mentioned(
    name: str, department: str
) -> None:
    facts = [replace(one, department=department) for one in FACTS[:5]]
    days = Period(date(2026, 9, 1), date(2026, 11, 30), ZONE)
    message = report(told(facts, By.DEPARTMENT, days, name))
    assert_postable(message)
    assert not mentioned(message)


# Charts


@pytest.mark.parametrize("days", [1, 8, 14, 92, 366])
def test_charts_of_any_number_of_days_are_drawn_for_a_phones_width(days: int) -> None:
    """Three by two, twelve hundred pixels wide, a few dozen kilobytes each, on white."""
    found = charts(
        told(FACTS, days=Period(date(2026, 10, 12), date(2026, 10, 12) + timedelta(days=days - 1), ZONE))
    )
    assert len(found) == 5
    for chart in found:
        image = Image.open(io.BytesIO(chart.png)).convert("RGB")
        assert image.size == (1200, 800)
        assert image.getpixel((2, 2)) == (255, 255, 255)
        assert len(chart.png) < 200_000
        assert len(chart.alt) < 2_000


@pytest.mark.parametrize("name", ["$\\frac{broken$", "计费 $", "🙂" * 90, "A" * 200])
def test_a_programs_name_is_drawn_as_it_is(name: str) -> None:
    """No mathematics in it, no signs that the letters do not have."""
    assert len(charts(told(FACTS[:200], name=name))) == 5


def test_a_chart_does_not_touch_what_another_one_drew() -> None:
    """No state between them: the same report is the same image, whatever was drawn meanwhile."""
    one = told(FACTS)
    first = charts(one)
    charts(told([]))
    assert charts(one) == first
    assert all(isinstance(chart, Chart) for chart in first)


def test_matplotlib_is_not_imported_before_a_chart_is_drawn() -> None:
    """A start does not wait for it, and a desk that never draws does not hold it in memory."""
    script = "import bot.app.wiring, bot.cli, bot.terminal.print_report, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize("figure", list(Figure))
def test_every_figure_has_words_and_a_dash_where_there_is_nothing(figure: Figure) -> None:
    some = Tally({figure: Share(3, 4)}, {61: 3, 3_700: 1})
    assert figures.told(figure, some) not in ("", figures.NOTHING)
    assert figures.short(figure, Tally()) in (figures.NOTHING, "0")
    assert figures.told(figure, Tally()) in (figures.NOTHING, "0")


def test_a_share_is_whole_only_where_nothing_is_missing() -> None:
    assert figures.percent(Share(999, 1000)) == "99 %"
    assert figures.percent(Share(1000, 1000)) == "100 %"
    assert figures.percent(Share(1, 1000)) == "under 1 %"
    assert figures.percent(Share(0, 1000)) == "0 %"


@given(st.dictionaries(st.integers(0, 500_000), st.integers(1, 5), max_size=5))
def test_times_are_told_as_people_say_them(waits: dict[int, int]) -> None:
    said = figures.told(Figure.CLAIM, Tally(waits=waits))
    assert said == figures.NOTHING if not waits else "9 of 10 within" in said
