"""Instants in words: the customer's wall clock with its zone, and the reader's own clock.

Slack turns `<!date^…>` into the zone of whoever reads (https://docs.slack.dev/messaging/formatting-message-text#date-formatting).
"""

from __future__ import annotations

from datetime import datetime

from cases.times import wall

_DAY_AND_TIME = "{date_short_pretty} {time}"
_TIME = "{time}"


def wall_clock(at: datetime, zone: str) -> str:
    """The wall time of `zone`, plain: `Tue 24 Nov, 15:30 America/New_York`."""
    local = wall(at, zone)
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M} {zone}"


def reader(at: datetime) -> str:
    """Day and time in the zone of whoever reads; where that cannot be, in UTC."""
    return _date(at, _DAY_AND_TIME)


def reader_time(at: datetime) -> str:
    """The time alone in the zone of whoever reads, for instants of today."""
    return _date(at, _TIME)


def moment(at: datetime, zone: str) -> str:
    """A promise in mrkdwn: the customer's wall time beside the reader's."""
    return f"{wall_clock(at, zone)} · {reader(at)} for you"


def _date(at: datetime, form: str) -> str:
    return f"<!date^{int(at.timestamp())}^{form}|{wall_clock(at, 'UTC')}>"
