"""The *Export* button of a report: a file in the channel, once, for managers, without anything of a customer."""

from __future__ import annotations

import csv
import io
import re
from urllib.request import Request, urlopen

import pytest

from sandbox import BOT_TOKEN
from sandbox.driver import Message, Person
from tests.chaos.running import until
from tests.journeys.floor import ASK, Floor
from tests.journeys.telling import closes, record
from tests.journeys.test_bursts import rests

MISSED: dict[str, object] = {"De-escalation opportunity missed": "One"}
COMPLETE = "files.completeUploadExternal"


def report(desk: Floor, days: str = "today") -> Message:
    """A report in the channel, asked for by Ben."""
    desk.ben.types(f"/askdesk report {days}", in_=ASK)
    return desk.ben.sees("raised", in_=ASK)


def exports(desk: Floor) -> list[Message]:
    """The messages with a file in the channel."""
    return [message for message in desk.slack.channel(ASK).messages() if message.raw.get("files")]


def content(message: Message) -> list[dict[str, str]]:
    """The rows of a message's file, read as Slack hands it out."""
    (file,) = message.raw["files"]
    request = Request(file["url_private"], headers={"Authorization": f"Bearer {BOT_TOKEN}"})
    with urlopen(request) as answer:
        return [*csv.DictReader(io.StringIO(answer.read().decode("utf-8-sig"), newline=""))]


def exported(desk: Floor, by: Person) -> Message:
    found = desk.ana.sees(f"{by.name} exported", in_=ASK)
    rests(desk)
    return found


def test_a_manager_exports_what_a_report_tells(desk: Floor) -> None:
    """Everybody sees who did, and the record keeps it; in the file is nothing of a customer."""
    desk.claimed(Customer="Zebedee Quill")
    desk.mia.clicks("Export", on=report(desk))
    desk.mia.is_told("is on its way to this channel", in_=ASK)
    told = exported(desk, desk.mia)
    assert "1 case, raised from 2026-11-24 to 2026-11-24, without names and numbers" in told.text
    (row,) = content(told)
    assert (row["case"], row["status"]) == ("1", "claimed")
    everything = " ".join(row.values())
    assert not any(secret in everything for secret in ("Zebedee", "2125550132", "Billed twice"))
    assert "`askdesk export`" in told.fallback or "askdesk export" in told.text, (
        "where a manager gets the rest"
    )
    assert [by for _, kind, by in record(desk) if kind == "exported"] == [desk.mia.id]


def test_the_channels_file_names_nobody(desk: Floor) -> None:
    """The channel ranks nobody: not who raised and owned a case, nor what was missed and how feedback went."""
    closes(desk, desk.claimed(), None, **MISSED)
    rests(desk)
    desk.mia.clicks("Export", on=report(desk))
    (row,) = content(exported(desk, desk.mia))
    assert not any(re.fullmatch(r"[UW][A-Z0-9]{2,}", value) for value in row.values())
    assert not {"raised_by", "superior", "owner", "missed", "assessed_well"} & row.keys()
    assert not [name for name in row if name.startswith("feedback")]
    assert row["outcome"] == "resolved"


def test_nobody_else_exports(desk: Floor) -> None:
    desk.claimed()
    card = report(desk)
    for who in (desk.ana, desk.sam, desk.ben):
        who.clicks("Export", on=card)
        who.is_told("Only a manager can export cases.", in_=ASK)
    rests(desk)
    assert not exports(desk)
    assert not [line for line in record(desk) if line[1] == "exported"]


def test_a_report_without_cases_has_nothing_to_export(desk: Floor) -> None:
    desk.mia.types("/askdesk report yesterday", in_=ASK)
    told = desk.mia.sees("Nothing was escalated", in_=ASK)
    assert told.buttons() == []


@pytest.mark.parametrize(
    ("kind", "call"),
    [("lost_answer", COMPLETE), ("ratelimited", COMPLETE), ("http_500", COMPLETE), ("ratelimited", "upload")],
)
def test_the_file_is_seen_once_though_slack_stumbles(desk: Floor, kind: str, call: str) -> None:
    """An upload whose answer was lost is looked for before it is repeated."""
    desk.claimed()
    card = report(desk)
    rests(desk)
    desk.slack.faults.add(kind, call)  # type: ignore[arg-type]
    desk.mia.clicks("Export", on=card)
    until(lambda: None if desk.slack.faults.left() else True, about=kind)
    desk.clock.passes(seconds=5)
    exported(desk, desk.mia)
    assert len(exports(desk)) == 1


def test_where_slack_takes_no_file_the_channel_is_told(desk: Floor) -> None:
    """A workspace may forbid uploads: the manager reads why, and what works instead."""
    desk.claimed()
    card = report(desk)
    rests(desk)
    desk.slack.faults.add("error", "files.getUploadURLExternal", error="file_uploads_disabled", times=5)
    desk.mia.clicks("Export", on=card)
    told = desk.mia.sees("Slack did not take the export", in_=ASK)
    assert "file_uploads_disabled" in told.text
    assert not exports(desk)
