"""Reports in the channel: asked for, every Monday, once whatever Slack does; and who may not see what."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.demo.play import bot_beside
from sandbox.driver import Message
from tests.chaos.running import until
from tests.journeys.floor import ASK, PACE, Floor, floor
from tests.journeys.test_bursts import POSTS, rests

MONDAY = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
"""Eight in Manila, on the Monday after the day on which every story begins."""


def posted(desk: Floor, kind: str = "report") -> list[Message]:
    """The reports in the channel."""
    found = [m for m in desk.slack.channel(ASK).messages() if m.metadata]
    return [m for m in found if (m.metadata or {})["event_payload"]["kind"] == kind]


def pictures(message: Message) -> list[dict[str, Any]]:
    return [block for block in message.blocks if block["type"] == "image"]


def test_a_team_lead_asks_and_the_channel_sees_figures_and_charts(desk: Floor) -> None:
    """Five pictures, each with its words for who cannot see them."""
    desk.claimed()
    desk.ben.types("/askdesk report today by reason", in_=ASK)
    desk.ben.is_told("on its way to this channel", in_=ASK)
    told = desk.ana.sees("1 case raised", in_=ASK)
    assert "Requested by @Ben" in told.text or "Requested by" in told.text
    assert "Billing dispute: 1 case" in told.text
    shown = pictures(told)
    claimed = re.match(r"Half are claimed within (\d+ s), 9 of 10 within (\d+ s)\.", shown[1]["alt_text"])
    assert claimed, shown[1]["alt_text"]
    assert claimed[1] == claimed[2], "of one case, as long as the machine took for it"
    assert len(shown) == 5
    assert len(posted(desk)) == 1


def test_who_raised_what_is_told_to_one_person_alone(desk: Floor) -> None:
    """In no message of the channel, not even by mistake in the command's form."""
    desk.claimed()
    desk.mia.types("/askdesk report week by agent", in_=ASK)
    told = desk.mia.is_told("by agent", in_=ASK)
    assert "@Ana" in told.text
    rests(desk)
    assert not posted(desk)
    assert all("by agent" not in message.text for message in desk.ana.messages(in_=ASK))


def test_an_agent_is_told_who_reads_reports(desk: Floor) -> None:
    desk.ana.types("/askdesk report", in_=ASK)
    desk.ana.is_told("Only SMEs, TLs and managers of", in_=ASK)
    rests(desk)
    assert not posted(desk)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("2027-01-01", "lies ahead"),
        ("fortnight", "names no days"),
        ("week by mood", "cannot be divided"),
    ],
)
def test_nonsense_is_answered_with_what_works(desk: Floor, words: str, says: str) -> None:
    desk.ben.types(f"/askdesk report {words}", in_=ASK)
    desk.ben.is_told(says, in_=ASK)


@pytest.mark.parametrize("words", ["<!channel>", "week by <!channel|all> & <@U0MIA>"])
def test_nobody_is_called_by_what_was_typed(desk: Floor, words: str) -> None:
    """The answer quotes it, letter by letter."""
    desk.ben.types(f"/askdesk report {words}", in_=ASK)
    told = desk.ben.is_told("<!channel", in_=ASK)
    assert "<" not in json.dumps(told.raw["text"]) + json.dumps(told.blocks)


def test_days_without_a_case_have_a_friendly_report(desk: Floor) -> None:
    desk.mia.types("/askdesk report yesterday", in_=ASK)
    told = desk.mia.sees("Nothing was escalated", in_=ASK)
    assert len(pictures(told)) == 1


def test_every_monday_has_its_report_once(database_url: str) -> None:
    """Two replicas, and a restart in between; it tells of the week before."""
    with (
        floor(database_url) as desk,
        bot_beside(desk.sandbox, desk.database, PACE),
    ):
        desk.claimed()
        desk.clock.reaches(MONDAY - timedelta(minutes=1))
        rests(desk)
        assert not posted(desk, "weekly")
        desk.clock.passes(minutes=1)
        told = desk.ben.sees("Mon 23 – Sun 29 November 2026", in_=ASK)
        assert len(pictures(told)) == 5
        desk.closes()
        desk.opens()
        desk.clock.passes(hours=1)
        rests(desk)
        assert len(posted(desk, "weekly")) == 1


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        ("lost_answer", POSTS),
        ("ratelimited", POSTS),
        ("lost_answer", "files.completeUploadExternal"),
        ("http_500", "upload"),
        ("ratelimited", "upload"),
    ],
)
def test_a_report_is_seen_once_though_slack_stumbles(desk: Floor, kind: str, call: str) -> None:
    desk.claimed()
    rests(desk)
    desk.slack.faults.add(kind, call)  # type: ignore[arg-type]
    desk.mia.types("/askdesk report today", in_=ASK)
    until(lambda: None if desk.slack.faults.left() else True, about=kind)
    desk.clock.passes(seconds=5)
    told = desk.mia.sees("1 case raised", in_=ASK)
    rests(desk)
    assert len(posted(desk)) == 1
    assert len(pictures(told)) == 5


@pytest.mark.parametrize("call", ["files.getUploadURLExternal", "upload"])
def test_without_its_charts_a_report_still_comes(desk: Floor, call: str) -> None:
    """Slack takes no image: a workspace may forbid uploads."""
    desk.claimed()
    rests(desk)
    desk.slack.faults.add("error", call, error="file_uploads_disabled", times=5)
    desk.mia.types("/askdesk report today", in_=ASK)
    told = desk.mia.sees("The charts could not be uploaded", in_=ASK)
    assert not pictures(told)
    assert len(posted(desk)) == 1
