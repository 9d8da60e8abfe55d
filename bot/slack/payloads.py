"""What Slack sends, read from the bytes of a request and held against the shapes that the listeners rely on.

Commands come as a form, interactions as a form with one JSON field, events as JSON
(https://docs.slack.dev/interactivity/implementing-slash-commands,
https://docs.slack.dev/interactivity/handling-user-interaction, https://docs.slack.dev/apis/events-api/).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

FIELDS = 64
"""A command has about fifteen; thousands would keep the event loop busy."""

DEEPEST = 64
"""Levels of a payload; Slack's richest messages have about twenty."""


class Unreadable(Exception):
    """These bytes are not a request that Slack sends."""


def read_payload(body: bytes, content_type: str) -> dict[str, Any]:
    """The payload in a request's body. Raises Unreadable."""
    try:
        text = body.decode("utf-8")
        if content_type == "application/json":
            payload = _json(text)
        elif content_type == "application/x-www-form-urlencoded":
            form = dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FIELDS))
            payload = _json(form["payload"]) if "payload" in form else form
        else:
            raise Unreadable("of no kind that Slack sends")
    except (ValueError, RecursionError):
        raise Unreadable("not what it says it is") from None
    if not (isinstance(payload, dict) and is_payload(payload)):
        raise Unreadable("of no shape that Slack sends")
    return payload


def _json(text: str) -> Any:
    return json.loads(text, parse_constant=_no_number)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


class Text:
    """A string of so many characters at most, or `only` this one; `or_null` where Slack sends null as well.

    It holds nothing that a database refuses, unless somebody `typed` it: that is cleaned where it is read.
    """

    def __init__(
        self, *, or_null: bool = False, most: int | None = None, only: str | None = None, typed: bool = False
    ) -> None:
        self._or_null = or_null
        self._only = only
        self._most = most
        self._typed = typed

    def fits(self, value: Any) -> bool:
        if not isinstance(value, str):
            return self._or_null and value is None
        if self._only is not None and value != self._only:
            return False
        return (self._most is None or len(value) <= self._most) and (self._typed or _can_be_stored(value))


class Table:
    """A table; what is named with `!` has to be there. Other fields may hold anything."""

    def __init__(self, fields: Mapping[str, Shape] | None = None) -> None:
        self._fields = {
            name.rstrip("!"): (shape, name.endswith("!")) for name, shape in (fields or {}).items()
        }

    def fits(self, value: Any) -> bool:
        return isinstance(value, dict) and all(
            shape.fits(value[name]) if name in value else not needed
            for name, (shape, needed) in self._fields.items()
        )


class Each:
    """A list, or the values of a table where `named`; each has the same shape."""

    def __init__(self, shape: Shape, *, named: bool = False, least: int = 0) -> None:
        self._shape = shape
        self._kind = dict if named else list
        self._least = least

    def fits(self, value: Any) -> bool:
        if not isinstance(value, self._kind) or len(value) < self._least:
            return False
        if isinstance(value, dict):
            return all(_can_be_stored(name) and self._shape.fits(one) for name, one in value.items())
        return all(map(self._shape.fits, value))


class OneOf:
    """Any of several shapes."""

    def __init__(self, *shapes: Shape) -> None:
        self._shapes = shapes

    def fits(self, value: Any) -> bool:
        return any(shape.fits(value) for shape in self._shapes)


class Null:
    """null."""

    def fits(self, value: Any) -> bool:
        return value is None


Shape = Text | Table | Each | OneOf | Null

TEXT, MAYBE = Text(), Text(or_null=True)
TYPED, MAYBE_TYPED = Text(typed=True), Text(typed=True, or_null=True)
ID, MAYBE_ID = Text(most=255), Text(most=255, or_null=True)
"""Slack's ids have a dozen characters, and those that an app chooses 255 at most."""
PERSON = Table({"id!": ID, "team_id": MAYBE, "name": MAYBE})
TEAM = OneOf(MAYBE, Table({"id": MAYBE, "enterprise_id": MAYBE}))
PLACE = OneOf(MAYBE_ID, Table({"id": MAYBE_ID, "name": MAYBE}))
OPTION = Table({"value!": TEXT})
ENTRY = Table(
    {
        "value": MAYBE_TYPED,
        "selected_date": MAYBE,
        "selected_time": MAYBE,
        "selected_user": MAYBE,
        "selected_users": OneOf(Null(), Each(TEXT)),
        "selected_option": OneOf(Null(), OPTION),
        "selected_options": OneOf(Null(), Each(OPTION)),
    }
)
"""What stands in a form's input; which of these are there depends on its kind."""

VIEW: dict[str, Shape] = {
    "id!": TEXT,
    "type!": TEXT,
    "callback_id!": TEXT,
    "private_metadata!": TEXT,
    "hash!": TEXT,
    "app_installed_team_id": MAYBE,
    "blocks!": Each(Table({"type!": TEXT, "block_id!": TEXT})),
    "state!": Table({"values!": Each(Each(ENTRY, named=True), named=True)}),
}
HOME = Table({**VIEW, "type!": Text(only="home")})
"""App Home has no title: https://docs.slack.dev/reference/methods/views.publish shows one as Slack gives it back."""

MODAL = Table(
    {
        **VIEW,
        "title!": Table({"text!": TYPED}),
        "root_view_id!": MAYBE,
        "previous_view_id!": MAYBE,
    }
)
ACTION = Table(
    {
        "action_id!": TEXT,
        "block_id": TEXT,
        "action_ts": TEXT,
        "type": TEXT,
        "value": MAYBE,
        "selected_option": OneOf(Null(), OPTION),
    }
)

ANY: dict[str, Shape] = {
    **dict.fromkeys(
        (
            "action_ts",
            "api_app_id",
            "callback_id",
            "challenge",
            "channel_id",
            "channel_name",
            "enterprise_id",
            "event_id",
            "response_url",
            "team_id",
            "token",
            "trigger_id",
            "user_id",
        ),
        MAYBE,
    ),
    "actions": Each(ACTION),
    "authorizations": OneOf(Null(), Each(Table({"team_id": MAYBE, "enterprise_id": MAYBE}))),
    "channel": PLACE,
    "container": OneOf(Null(), Table()),
    "enterprise": OneOf(MAYBE, Table()),
    "message": OneOf(Null(), Table()),
    "previous_message": OneOf(Null(), Table()),
    "response_urls": OneOf(Null(), Each(Table())),
    "team": TEAM,
    "text": MAYBE_TYPED,
    "user": OneOf(MAYBE, PERSON),
    "view": OneOf(Null(), HOME, MODAL),
}
"""Wherever it comes, and whatever else comes with it."""

EVENT = Table(
    {
        "type!": TEXT,
        "subtype": MAYBE,
        "channel": PLACE,
        "channel_type": MAYBE,
        "user": OneOf(MAYBE, PERSON),
        "user_team": MAYBE,
        "source_team": MAYBE,
        "team": TEAM,
        "ts": MAYBE,
        "thread_ts": MAYBE,
        "text": MAYBE_TYPED,
        "subteam_id": MAYBE,
        "subteam": OneOf(Null(), Table({"id": MAYBE})),
        "tab": MAYBE,
        "inviter": MAYBE,
    }
)

BY_EVENT: dict[str, Mapping[str, Shape]] = {
    "app_home_opened": {"user!": ID},
    "app_mention": {"channel!": ID, "user": MAYBE_ID},
    "member_joined_channel": {"channel!": ID, "user!": ID, "inviter": MAYBE_ID},
    "member_left_channel": {"channel!": ID},
    "message": {"channel!": ID, "user": MAYBE_ID},
    "user_change": {"user!": PERSON},
}
"""What has to be there besides, where a listener counts on it."""

BY_TYPE: dict[str, Mapping[str, Shape]] = {
    "block_actions": {"user!": PERSON, "trigger_id!": TEXT, "actions!": Each(ACTION, least=1)},
    "block_suggestion": {"user!": PERSON, "action_id!": TEXT, "value!": TYPED},
    "view_submission": {"user!": PERSON, "view!": MODAL},
    "view_closed": {"user!": PERSON, "view!": MODAL},
    "message_action": {"user!": PERSON, "callback_id!": TEXT, "trigger_id!": TEXT, "message!": Table()},
    "shortcut": {"user!": PERSON, "callback_id!": TEXT, "trigger_id!": TEXT},
    "event_callback": {"event!": EVENT, "event_id!": TEXT},
    "url_verification": {"challenge!": TEXT},
    "app_rate_limited": {},
}
"""Every `type` that Slack sends to the request URLs of such an app, with what has to be there."""

COMMAND: Mapping[str, Shape] = {"command!": TEXT, "user_id!": ID, "channel_id!": ID, "trigger_id!": ID}
SSL_CHECK: Mapping[str, Shape] = {"ssl_check!": TEXT}
"""Slack checks the certificate now and then."""


def is_payload(payload: Mapping[str, Any]) -> bool:
    """Whether the parts that the listeners rely on have the shape that Slack sends."""
    kind = payload.get("type")
    if isinstance(kind, str):
        needed = BY_TYPE.get(kind)
    else:
        needed = next((one for one in (COMMAND, SSL_CHECK) if next(iter(one)).rstrip("!") in payload), None)
    return (
        needed is not None
        and _is_flat(payload)
        and Table(ANY).fits(payload)
        and Table(needed).fits(payload)
        and (kind != "event_callback" or Table(BY_EVENT.get(payload["event"]["type"])).fits(payload["event"]))
    )


def _is_flat(payload: Any) -> bool:
    """Whether it is not nested too deeply to be walked."""
    level: list[Any] = [payload]
    for _ in range(DEEPEST):
        holders = [one for one in level if isinstance(one, dict | list)]
        if not holders:
            return True
        level = [
            one for holder in holders for one in (holder.values() if isinstance(holder, dict) else holder)
        ]
    return False


def _can_be_stored(text: str) -> bool:
    """No database takes a NUL or half a surrogate pair."""
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text))
