"""Instants in words: by the reader's own clock, and by the customer's as a person would say it.

Slack turns `<!date^…>` into the zone of whoever reads, and into 9:00 PM or 21:00, as they have it in their settings
(https://docs.slack.dev/messaging/formatting-message-text#date-formatting). How times are said is `cases/times.py`.
"""

from __future__ import annotations

from datetime import datetime

from cases.times import clock, place, short_day, wall

_DAY_AND_TIME = "{date_short_pretty} at {time}"
_TIME = "{time}"


def reader(at: datetime) -> str:
    """Day and time in the reader's zone; in UTC if that isn't possible."""
    return _date(at, _DAY_AND_TIME)


def reader_time(at: datetime) -> str:
    """The time alone in the reader's zone, for instants of today."""
    return _date(at, _TIME)


def since(at: datetime) -> str:
    """The time, and how long ago it is when somebody looks: Slack counts it up (`{ago}`)."""
    return _date(at, f"{_TIME} · {{ago}}")


def moment(at: datetime, zone: str) -> str:
    """A promise in mrkdwn: by the reader's clock, and beside it what the customer heard: `(Mon 9:00 AM in New York)`."""
    local = wall(at, zone)
    return f"{reader(at)} ({local:%a} {clock(local, zone)}{_where(zone)})"


def wall_clock(at: datetime, zone: str) -> str:
    """By the customer's clock alone, for a plain text: `Mon 23 Nov, 9:00 AM in New York`."""
    local = wall(at, zone)
    return f"{short_day(local)}, {clock(local, zone)}{_where(zone)}"


def _where(zone: str) -> str:
    return f" {zone}" if zone == "UTC" else f" in {place(zone)}"


def _date(at: datetime, form: str) -> str:
    return f"<!date^{int(at.timestamp())}^{form}|{wall_clock(at, 'UTC')}>"
