"""Slack or the database is slow: no ack waits for it, and no trigger runs out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.demo.desk import manifest
from bot.wiring import Pace
from sandbox import SandboxClock, SandboxThread, Seed
from tests.journeys.floor import ASK, START, Floor, stored_at


@contextmanager
def hurried(database: str) -> Iterator[Floor]:
    """A floor whose Slack waits for an ack half as long as usual."""
    with SandboxThread(Seed(manifest()), limits=False, clock=SandboxClock(START), ack_seconds=1.5) as sandbox:
        place = Floor(sandbox, database, Pace(beat=0.05, post=0.0))
        place.opens()
        try:
            yield place
        finally:
            place.closes()


def test_no_ack_waits_for_what_slack_takes_its_time_over(sqlite_url: str) -> None:
    """A form that opens slowly, and an answer that is told slowly."""
    with hurried(sqlite_url) as desk:
        card = desk.escalates()
        desk.slack.faults.add("slow", "views.open", delay=2.5)
        assert desk.sam.clicks("Add note", on=card).acked
        desk.slack.faults.add("slow", "chat.postMessage", delay=2.5)
        assert desk.ben.clicks("Claim", on=card).acked
        assert not desk.slack.problems()


def test_a_form_that_is_not_ready_opens_with_a_light_view(sqlite_url: str) -> None:
    """The database is busy for longer than a trigger lives; the number is there when it can be."""
    with hurried(sqlite_url) as desk:
        card = desk.claimed()
        books = stored_at(desk.database)
        with books.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE counters SET value = value")
            desk.ben.clicks("Show number", on=card)
            modal = desk.ben.modal("Show number")
            assert "Just a moment" in modal.text
            connection.rollback()
        modal.shows("+1 212-555-0132")
        books.close()


def test_a_form_waits_where_slack_opens_too_many(sqlite_url: str) -> None:
    """A second later Slack takes it, and the click still counts."""
    with hurried(sqlite_url) as desk:
        card = desk.escalates()
        desk.slack.faults.add("ratelimited", "views.open", retry_after=1)
        desk.sam.clicks("Add note", on=card)
        assert desk.sam.modal("Add note").labels() == ["Note"]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"kind": "ratelimited", "retry_after": 20}, "Slack has too much to do at this moment. Please try again in 20 s."),
        ({"kind": "error", "error": "expired_trigger_id"}, "That took too long to open"),
    ],
    ids=["for long", "too late"],
)  # fmt: skip
def test_a_form_that_slack_does_not_open_is_a_sentence(
    sqlite_url: str, fault: dict[str, Any], sentence: str
) -> None:
    """What to do, and no reference: nothing of ours broke."""
    with hurried(sqlite_url) as desk:
        card = desk.escalates()
        desk.slack.faults.add(method="views.open", **fault)
        desk.sam.clicks("Add note", on=card)
        assert "reference" not in desk.sam.sees(sentence, in_=ASK).text
