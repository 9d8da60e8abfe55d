"""The calendars of holidays: as the library has them, and none read that nobody named."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta

import holidays
import pytest

from cases.calendars import has_holidays, holiday
from cases.regions import REGIONS

YEAR = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
KNOWN = holidays.list_supported_countries()

READ = """
import json, sys
from datetime import date
from cases.calendars import holiday, read_calendars
read_calendars({"US", "PH"})
assert holiday("US", date(2026, 11, 26), "America/New_York") == "Thanksgiving Day"
print(json.dumps([module for module in sys.modules if module.startswith("holidays.countries")]))
"""


def test_the_countries_are_those_of_the_library() -> None:
    assert all(map(has_holidays, KNOWN))
    assert not has_holidays("001")
    assert not has_holidays("")


@pytest.mark.parametrize("letter", sorted({country[0] for country in KNOWN}))
def test_a_country_read_by_itself_has_the_days_of_the_whole_library(letter: str) -> None:
    for country in (one for one in KNOWN if one.startswith(letter)):
        expected = holidays.country_holidays(country, years=2026)
        assert [holiday(country, day) for day in YEAR] == list(map(expected.get, YEAR)), country


def test_a_region_has_the_days_of_the_whole_library() -> None:
    for zone, (country, region) in REGIONS.items():
        expected = holidays.country_holidays(country, subdiv=region, years=2026)
        assert [holiday(country, day, zone) for day in YEAR] == list(map(expected.get, YEAR)), zone


def test_the_calendars_of_the_rest_of_the_world_are_not_read() -> None:
    """In a process of its own, as this one has read them all."""
    told = subprocess.run(
        [sys.executable, "-c", READ], check=True, capture_output=True, text=True, timeout=240
    )
    assert json.loads(told.stdout) == []
