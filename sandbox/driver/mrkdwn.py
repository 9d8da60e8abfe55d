"""Slack's mrkdwn as people read it: names for ids, dates in their zone, no markup.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from sandbox.driver.names import Names

UTC = ZoneInfo("UTC")

Now = Callable[[], datetime] | None
"""How to learn what day it is, for words such as *today*; without it they are written as dates."""

_ANGLE = re.compile(r"<([^<>]*)>")
_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_STYLES = tuple(
    re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]*[^\s{mark}]){mark}(?![\w{mark}])")
    for mark in (r"\*", "_", "~")
)
_DATE_TOKEN = re.compile(r"\{(\w+)\}")


def render_mrkdwn(text: str, names: Names, zone: tzinfo = UTC, now: Now = None) -> str:
    """A mrkdwn text as plain text, as a reader in ``zone`` sees it."""
    parts: list[str] = []
    at = 0
    for code in _CODE.finditer(text):
        parts += [
            _words(text[at : code.start()], names, zone, now),
            _angles(code[1] or code[2], names, zone, now),
        ]
        at = code.end()
    parts.append(_words(text[at:], names, zone, now))
    return html.unescape("".join(parts))


def _words(text: str, names: Names, zone: tzinfo, now: Now) -> str:
    # Style marks first: names and dates that are filled in must not be taken for marked text.
    for style in _STYLES:
        text = style.sub(r"\1", text)
    return _angles(text, names, zone, now)


def _angles(text: str, names: Names, zone: tzinfo, now: Now) -> str:
    return _ANGLE.sub(lambda found: _reference(found[1], names, zone, now), text)


def _reference(inside: str, names: Names, zone: tzinfo, now: Now) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return f"@{names.user_name(target[1:])}"
    if target.startswith("#"):
        return names.channel_name(target[1:])
    if target.startswith("!subteam^"):
        return f"@{names.handle(target.removeprefix('!subteam^'))}"
    if target.startswith("!date^"):
        return _date(target, label, zone, now)
    if target.startswith("!"):
        return label or f"@{target[1:]}"
    return label or target.removeprefix("mailto:")


def _date(target: str, fallback: str, zone: tzinfo, now: Now) -> str:
    _, timestamp, form, *_link = [*target.split("^"), ""]
    if not timestamp.isdigit():
        return fallback
    moment = datetime.fromtimestamp(int(timestamp), zone)
    return _DATE_TOKEN.sub(lambda token: _token(token[1], moment, now), form)


def _token(token: str, moment: datetime, now: Now) -> str:
    if token.endswith("_pretty"):
        today = now().astimezone(moment.tzinfo).date() if now else None
        words = {0: "today", 1: "tomorrow", -1: "yesterday"}
        if today is not None and (word := words.get((moment.date() - today).days)):
            return word
        token = token.removesuffix("_pretty")
    forms = {
        "date_num": "%Y-%m-%d",
        "date_slash": "%m/%d/%Y",
        "date": f"%B {_ordinal(moment.day)}, %Y",
        "date_short": f"%b {moment.day}, %Y",
        "date_long": f"%A, %B {_ordinal(moment.day)}, %Y",
        "day_divider": f"%A, %B {_ordinal(moment.day)}",
        "time": f"{moment.hour % 12 or 12}:%M %p",
        "time_secs": f"{moment.hour % 12 or 12}:%M:%S %p",
        "ago": "%Y-%m-%d %H:%M",
    }
    return moment.strftime(forms[token]) if token in forms else f"{{{token}}}"


def _ordinal(day: int) -> str:
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def mentioned_in(text: str) -> set[str]:
    """The ids of users and user groups that a mrkdwn text mentions; ``here``, ``channel`` and ``everyone`` too."""
    found = set(re.findall(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", text))
    found |= set(re.findall(r"<!subteam\^([A-Z0-9]+)(?:\|[^>]*)?>", text))
    return found | set(re.findall(r"<!(here|channel|everyone)(?:\|[^>]*)?>", text))
