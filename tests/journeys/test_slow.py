"""Slack's three seconds, held here as Slack holds them: every kind of request, and where Slack or the database is slow."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.floor import ASK, CLOSE, Floor, stored_at


def test_a_case_from_the_command_to_the_outcome(hurried: Floor) -> None:
    """Commands, clicks, submissions and suggestions are acknowledged in time, and each form opens while its trigger is good."""
    card = hurried.escalates()
    assert hurried.ben.clicks("Claim", on=card).acked
    card = card.becomes("With @Ben Carter")
    assert hurried.ben.clicks("Calling now", on=card).acked
    assert hurried.ben.clicks("Complete", on=card.becomes("On the call")).acked
    closing = hurried.ben.modal("Complete").submit(CLOSE)
    assert closing.acked
    assert closing.closed
    assert hurried.mia.types("/askdesk settings", in_=ASK).acked
    settings = hurried.mia.modal()
    assert settings.click("Edit", near="Who is who").acked
    offered = hurried.mia.modal("Who is who").looks_up("SMEs: user groups", "smes")
    assert [option["text"]["text"] for option in offered] == ["@billing-smes · Billing SMEs"]


def test_no_ack_waits_for_what_slack_takes_its_time_over(hurried: Floor) -> None:
    """A form that opens slowly, and an answer that is told slowly."""
    card = hurried.escalates()
    hurried.slack.faults.add("slow", "views.open", delay=4.0)
    assert hurried.sam.clicks("Add note", on=card).acked
    hurried.slack.faults.add("slow", "chat.postMessage", delay=4.0)
    assert hurried.ben.clicks("Claim", on=card).acked
    assert not hurried.slack.problems()


def test_a_form_that_is_not_ready_opens_with_a_light_view(hurried: Floor) -> None:
    """The database is busy for longer than a trigger lives; the number is there when it can be."""
    card = hurried.claimed()
    books = stored_at(hurried.database)
    with books.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE counters SET value = value")
        hurried.ben.clicks("Show number", on=card)
        modal = hurried.ben.modal("Show number")
        assert "Just a moment" in modal.text
        connection.rollback()
    modal.shows("+1 212-555-0132")
    books.close()


def test_a_form_waits_where_slack_opens_too_many(desk: Floor) -> None:
    """A second later Slack takes it, and the click still counts."""
    card = desk.escalates()
    desk.slack.faults.add("ratelimited", "views.open", retry_after=1)
    desk.sam.clicks("Add note", on=card)
    assert desk.sam.modal("Add note").labels() == ["Note"]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"kind": "ratelimited", "retry_after": 20}, "Slack is busy right now. Please try again in 20 s."),
        ({"kind": "error", "error": "expired_trigger_id"}, "That took too long"),
        ({"kind": "error", "error": "invalid_trigger_id"}, "That took too long"),
    ],
    ids=["for long", "too late", "unknown"],
)  # fmt: skip
def test_a_form_that_slack_does_not_open_is_a_sentence(
    hurried: Floor, fault: dict[str, Any], sentence: str
) -> None:
    """What to do, and no reference: nothing of ours broke."""
    card = hurried.escalates()
    hurried.slack.faults.add(method="views.open", **fault)
    hurried.sam.clicks("Add note", on=card)
    assert "reference" not in hurried.sam.sees(sentence, in_=ASK).text
