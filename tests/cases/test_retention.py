"""When the night's deletion is due, and what is left of a case."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.case import Case
from cases.reminders.recurring import NIGHT_AT, night
from cases.times import wall
from tests import build
from tests.build import NOW
from tests.retention import blanked

instants = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from(["Asia/Manila", "America/New_York", "Europe/Berlin", "Pacific/Chatham", "UTC"])


@given(now=instants, zone=zones)
def test_once_a_day_by_the_sites_clock_after_its_time(now: datetime, zone: str) -> None:
    """Whatever the zone does with its clocks: named by the site's day, not due before half past three."""
    program = build.program(timezone=zone)
    due, local = night(program, now), wall(now, zone)
    if due is None:
        assert local.time() < NIGHT_AT or night(program, now + timedelta(hours=1)) is not None
        return
    assert due.key == local.date().isoformat()
    assert due.at <= now
    assert night(program, due.at) == due
    assert night(program, due.at - timedelta(seconds=1)) is None


def test_a_desk_that_is_closed_for_good_still_forgets() -> None:
    assert night(build.program(active=False), NOW) is not None


def texts(case: Case) -> set[str]:
    """All that somebody typed into a case."""
    said, closing = case.said, case.closing
    found = {said.customer, said.contact.value, said.details, said.reference, said.other_reason}
    found |= {closing.notes, closing.granted} if closing else set()
    return found | ({case.contact.value} if case.contact else set())


def test_what_was_typed_is_gone_and_the_figures_stay() -> None:
    said = build.escalation(reference="A-7", other_reason="Something else", repeat=True)
    case = build.closed(build.on_call(build.claimed(build.raised(said))), build.closing(granted="20 USD"))
    left = blanked(case, NOW)
    assert len(texts(case)) == 7
    assert texts(left) == {""}
    changed = {field.name for field in fields(Case) if getattr(left, field.name) != getattr(case, field.name)}
    assert changed == {"said", "closing", "blanked_at", "version"}
    kept = {"reasons", "steps", "scenario", "zone", "repeat", "waiting", "due_at", "superior"}
    assert all(getattr(left.said, name) == getattr(said, name) for name in kept)
    assert left.closing is not None
    assert case.closing is not None
    assert left.closing.outcome is case.closing.outcome
