"""The time zones that a form offers: every offset where people live, and the countries that call most.

Slack's limit is a hundred options, so not all of IANA's names; the program's zone and the one that is
preset are always among them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from cases.times import wall, zone_exists

CURATED = (
    *("Pacific/Pago_Pago", "Pacific/Honolulu", "Pacific/Marquesas", "America/Anchorage", "Pacific/Gambier"),
    *("America/Los_Angeles", "America/Vancouver", "America/Phoenix", "America/Denver", "America/Edmonton"),
    *("America/Chicago", "America/Mexico_City", "America/Regina", "America/Guatemala", "America/New_York"),
    *("America/Toronto", "America/Bogota", "America/Lima", "America/Panama", "America/Jamaica"),
    *("America/Caracas", "America/Halifax", "America/Puerto_Rico", "America/Santiago", "America/St_Johns"),
    *("America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Montevideo", "America/Noronha"),
    *("America/Nuuk", "Atlantic/Cape_Verde", "Atlantic/Azores", "Europe/London", "Europe/Dublin"),
    *("Europe/Lisbon", "Africa/Casablanca", "Africa/Accra", "Africa/Lagos", "Europe/Paris", "Europe/Berlin"),
    *(
        "Europe/Madrid",
        "Europe/Rome",
        "Europe/Amsterdam",
        "Europe/Brussels",
        "Europe/Vienna",
        "Europe/Zurich",
    ),
    *("Europe/Warsaw", "Europe/Prague", "Europe/Stockholm", "Europe/Oslo", "Europe/Copenhagen"),
    *("Europe/Athens", "Europe/Bucharest", "Europe/Helsinki", "Europe/Kyiv", "Africa/Cairo"),
    *("Africa/Johannesburg", "Asia/Jerusalem", "Europe/Istanbul", "Europe/Moscow", "Asia/Riyadh"),
    *("Africa/Nairobi", "Asia/Tehran", "Asia/Dubai", "Asia/Kabul", "Asia/Karachi", "Asia/Tashkent"),
    *("Asia/Kolkata", "Asia/Colombo", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok"),
    *("Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore"),
    *("Asia/Kuala_Lumpur", "Asia/Manila", "Asia/Taipei", "Australia/Perth", "Australia/Eucla"),
    *("Asia/Tokyo", "Asia/Seoul", "Australia/Adelaide", "Australia/Darwin", "Australia/Brisbane"),
    *("Australia/Sydney", "Australia/Lord_Howe", "Pacific/Noumea", "Pacific/Auckland", "Pacific/Fiji"),
    *("Pacific/Chatham", "Pacific/Tongatapu", "Pacific/Kiritimati"),
)


def offered(now: datetime, *first: str) -> tuple[tuple[str, str], ...]:
    """(zone, label) of each zone to offer: `first` in its order, the others from west to east as clocks stand now.

    Clocks change on a quarter of an hour, so that the answer holds that long; reading a hundred zones takes a while.
    """
    quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    return _offered(quarter, first)


@lru_cache(maxsize=64)
def _offered(now: datetime, first: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    preferred = [zone for zone in dict.fromkeys(first) if zone_exists(zone)]
    others = sorted(set(CURATED) - set(preferred), key=lambda zone: (_offset(zone, now), zone))
    return tuple((zone, label(zone, now)) for zone in (*preferred, *others))


def label(zone: str, now: datetime) -> str:
    """`New York · UTC−05:00 · America/New_York`: found by what one types, the city or the name."""
    offset = _offset(zone, now)
    minutes = int(abs(offset).total_seconds()) // 60
    sign = "−" if offset < timedelta() else "+"
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{city} · UTC{sign}{minutes // 60:02d}:{minutes % 60:02d} · {zone}"


def _offset(zone: str, now: datetime) -> timedelta:
    return wall(now, zone).utcoffset() or timedelta()
