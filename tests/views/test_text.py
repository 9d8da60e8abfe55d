"""Escaping, shortening and times: whatever was typed, it fits and mentions nobody."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.times import moment, reader, wall_clock
from bot.views.zones import CURATED, label, offered
from cases.mrkdwn import escape, inline, shorten, trimmed
from cases.times import zone_exists
from tests.build import NOW
from tests.views.reading import nasty_texts


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@given(nasty_texts)
def test_an_escaped_text_holds_no_markup_and_loses_nothing(text: str) -> None:
    assert "<" not in escape(text)
    assert ">" not in escape(text)
    assert unescape(escape(text)) == text


@given(nasty_texts, st.integers(2, 3000))
def test_a_shortened_text_fits_and_ends_outside_an_entity(text: str, most: int) -> None:
    short = shorten(escape(text), most)
    assert utf16(short) <= most
    assert re.search(r"&(?!amp;|lt;|gt;)", short) is None
    if short != escape(text):
        assert short.endswith("…")
        assert escape(text).startswith(short[:-1])


@given(nasty_texts, st.integers(2, 3000))
def test_a_trimmed_text_is_a_beginning_of_what_was_typed(text: str, most: int) -> None:
    short = trimmed(text, most)
    assert utf16(short) <= most
    assert text.startswith(short.removesuffix("…")) or short == text


@given(nasty_texts)
def test_a_name_stays_on_one_line_and_keeps_its_direction_to_itself(text: str) -> None:
    shown = inline(text, 60)
    assert utf16(shown) <= 60
    assert "\n" not in shown
    assert "\u202e" not in shown
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in shown):
        assert shown.startswith("\u2068")
        assert shown.endswith("\u2069")


@pytest.mark.parametrize("name", ["Jane Doe", "O'Neill & Sons", "Łukasz", "李小龍"])
def test_an_ordinary_name_is_shown_as_typed(name: str) -> None:
    assert unescape(inline(name)) == name


def test_a_promise_is_shown_by_both_clocks_with_the_zones_name() -> None:
    at = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
    assert moment(at, "America/New_York") == (
        "Tue 24 Nov, 15:30 America/New_York · "
        "<!date^1795552200^{date_short_pretty} {time}|Tue 24 Nov, 20:30 UTC> for you"
    )
    assert wall_clock(at, "Asia/Kolkata") == "Wed 25 Nov, 02:00 Asia/Kolkata"
    assert str(int(at.timestamp())) in reader(at)


def test_every_offered_zone_exists_and_leaves_room_for_the_programs_own() -> None:
    assert all(zone_exists(zone) for zone in CURATED)
    assert len(set(CURATED)) == len(CURATED) <= 96


def test_the_preset_zones_stand_first_and_are_offered_once() -> None:
    zones = [zone for zone, _ in offered(NOW, "Asia/Manila", "America/Boise", "Asia/Manila", "nowhere")]
    assert zones[:2] == ["Asia/Manila", "America/Boise"]
    assert len(zones) == len(set(zones))
    assert "nowhere" not in zones


def test_a_zone_is_found_by_city_offset_or_name() -> None:
    assert label("America/New_York", NOW) == "New York · UTC−05:00 · America/New_York"
    assert label("Asia/Kathmandu", NOW) == "Kathmandu · UTC+05:45 · Asia/Kathmandu"
