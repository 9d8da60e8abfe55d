"""What Slack sends is taken in every form that its documentation shows; what it never sends is refused.

https://docs.slack.dev/reference/interaction-payloads, https://docs.slack.dev/reference/events,
https://docs.slack.dev/interactivity/implementing-slash-commands, https://docs.slack.dev/apis/events-api/
"""

from __future__ import annotations

import copy
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.slack.payloads import Unreadable, read_payload

Json = dict[str, Any]

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
HALF_AN_EMOJI = "cut off \ud83d"

GRID: Json = {
    "team": None,
    "enterprise": {"id": "E1", "name": "Northwind Group"},
    "is_enterprise_install": True,
}
ANA: Json = {"id": "W0ANA", "username": "ana", "name": "ana", "team_id": "T0NORTH"}
BASE: Json = {
    "team": {"id": "T0NORTH", "domain": "north"},
    "enterprise": None,
    "is_enterprise_install": False,
    "user": ANA,
    "api_app_id": "A0ASKDESK",
    "token": "retired",
    "trigger_id": "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
}
STATE: Json = {
    "values": {
        "customer": {"customer": {"type": "plain_text_input", "value": None}},
        "date": {"date": {"type": "datepicker", "selected_date": "2026-11-24"}},
        "when": {"when": {"type": "datetimepicker", "selected_date_time": 1628633820}},
        "owner": {"owner": {"type": "users_select", "selected_user": None}},
        "reasons": {
            "reasons": {"type": "checkboxes", "selected_options": [{"text": {}, "value": "billing"}]}
        },
        "language": {"language": {"type": "external_select", "selected_option": None}},
    }
}
HOME: Json = {
    "id": "V1",
    "team_id": "T0NORTH",
    "type": "home",
    "blocks": [{"type": "actions", "block_id": "p1:x", "elements": []}],
    "private_metadata": "",
    "callback_id": "",
    "state": {"values": {}},
    "hash": "1.a",
    "clear_on_close": False,
    "notify_on_close": False,
    "close": None,
    "submit": None,
    "previous_view_id": None,
    "root_view_id": "V1",
    "app_id": "A0ASKDESK",
    "external_id": "",
    "app_installed_team_id": "T0NORTH",
    "bot_id": "B1",
}
MODAL: Json = {
    **HOME,
    "type": "modal",
    "callback_id": "escalate",
    "private_metadata": '{"program": 1}',
    "title": {"type": "plain_text", "text": "Escalate", "emoji": True},
    "blocks": [{"type": "input", "block_id": "customer", "element": {}, "label": {}}],
    "state": STATE,
}
BUTTON: Json = {
    "type": "button",
    "action_id": "case_claim",
    "block_id": "b",
    "value": "1",
    "action_ts": "1548426417.840180",
    "text": {"type": "plain_text", "text": "Claim"},
}
MESSAGE: Json = {"type": "message", "user": "U0BEN", "ts": "1.2", "text": "She called again"}
CLICK: Json = {
    **BASE,
    "type": "block_actions",
    "actions": [BUTTON],
    "container": {"type": "message", "message_ts": "1.2", "channel_id": "C1", "is_ephemeral": False},
    "channel": {"id": "C1", "name": "ask-billing"},
    "message": MESSAGE,
    "state": {"values": {}},
    "response_url": "https://hooks.slack.com/actions/T0NORTH/1/a",
}
SUGGESTION: Json = {
    **{name: value for name, value in BASE.items() if name != "trigger_id"},
    "type": "block_suggestion",
    "action_id": "language",
    "block_id": "language",
    "value": "",
    "container": {"type": "view", "view_id": "V1"},
    "view": MODAL,
}
SUBMISSION: Json = {
    **BASE,
    "type": "view_submission",
    "view": MODAL,
    "response_urls": [
        {"block_id": "b", "action_id": "a", "channel_id": "C1", "response_url": "https://hooks.slack.com/a"}
    ],
}
SHORTCUT: Json = {
    **BASE,
    "type": "message_action",
    "callback_id": "escalate_this",
    "action_ts": "1.2",
    "message_ts": "1.2",
    "channel": {"id": "D1", "name": "directmessage"},
    "message": MESSAGE,
    "response_url": "https://hooks.slack.com/app/T0NORTH/1/a",
}

INTERACTIONS: dict[str, Json] = {
    "a click on a message": CLICK,
    "a click in an org-wide installation": {**CLICK, **GRID},
    "a click by somebody of another workspace": {**CLICK, "user": {**ANA, "team_id": "T0ELSE"}},
    "a click without a team": {**CLICK, "team": None, "user": {"id": "U0ANA", "name": "ana"}},
    "a click on a message of a bot": {
        **CLICK,
        "message": {**MESSAGE, "user": "U0BOT", "bot_id": "B1", "blocks": [], "metadata": {}},
    },
    "a click on a message with half an emoji beside the text": {
        **CLICK,
        "message": {**MESSAGE, "text": HALF_AN_EMOJI, "attachments": [{"fallback": HALF_AN_EMOJI}]},
    },
    "a choice that was taken back": {
        **CLICK,
        "actions": [{**BUTTON, "type": "static_select", "value": None, "selected_option": None}],
    },
    "a click in App Home": {
        **BASE,
        "type": "block_actions",
        "actions": [BUTTON],
        "container": {"type": "view", "view_id": "V1"},
        "view": HOME,
    },
    "a click in App Home, with a title": {
        **BASE,
        "type": "block_actions",
        "actions": [BUTTON],
        "view": {**HOME, "title": {"type": "plain_text", "text": "View Title", "emoji": True}},
    },
    "a click in a modal": {**BASE, "type": "block_actions", "actions": [BUTTON], "view": MODAL},
    "a menu in a modal": SUGGESTION,
    "a menu on a message": {
        **SUGGESTION,
        "view": None,
        "channel": {"id": "C1", "name": "x"},
        "message": MESSAGE,
    },
    "a menu in an org-wide installation": {**SUGGESTION, **GRID},
    "a form": SUBMISSION,
    "a form in an org-wide installation": {**SUBMISSION, **GRID},
    "a form without addresses": {**SUBMISSION, "response_urls": []},
    "a form upon another": {**SUBMISSION, "view": {**MODAL, "previous_view_id": "V0", "root_view_id": "V0"}},
    "a form with half an emoji": {
        **SUBMISSION,
        "view": {**MODAL, "state": {"values": {"a": {"a": {"value": HALF_AN_EMOJI}}}}},
    },
    "a form that was closed": {**BASE, "type": "view_closed", "view": MODAL, "is_cleared": False},
    "a message's shortcut": SHORTCUT,
    "a message's shortcut in an org-wide installation": {**SHORTCUT, **GRID},
    "a global shortcut": {**BASE, "type": "shortcut", "callback_id": "escalate", "action_ts": "1.2"},
}

EVENT: Json = {
    "type": "event_callback",
    "token": "retired",
    "team_id": "T0NORTH",
    "context_team_id": "T0NORTH",
    "context_enterprise_id": None,
    "api_app_id": "A0ASKDESK",
    "event_id": "Ev1",
    "event_time": 1599616881,
    "event_context": "4-abc",
    "authorizations": [
        {
            "enterprise_id": "E1",
            "team_id": None,
            "user_id": "U0BOT",
            "is_bot": True,
            "is_enterprise_install": True,
        }
    ],
    "is_ext_shared_channel": False,
}
SAID: Json = {"type": "message", "channel": "D1", "channel_type": "im", "ts": "1.2", "event_ts": "1.2"}
GROUP: Json = {"id": "S1", "team_id": "T0NORTH", "handle": "smes", "users": ["U0BEN"], "date_delete": 0}

EVENTS: dict[str, Json] = {
    "somebody opens Home": {
        "type": "app_home_opened",
        "user": "U0ANA",
        "channel": "D1",
        "tab": "home",
        "view": HOME,
    },
    "somebody opens Messages": {
        "type": "app_home_opened",
        "user": "U0ANA",
        "channel": "D1",
        "tab": "messages",
    },
    "a mention": {
        "type": "app_mention",
        "user": "U0ANA",
        "text": "<@U0BOT>",
        "ts": "1.2",
        "channel": "C1",
        "team": "T0NORTH",
        "blocks": [{"type": "rich_text", "block_id": "b", "elements": []}],
    },
    "a mention by another bot": {
        "type": "app_mention",
        "subtype": "bot_message",
        "bot_id": "B2",
        "channel": "C1",
    },
    "a mention from Slack Connect": {
        "type": "app_mention",
        "user": "U0ELSE",
        "channel": "C1",
        "team": "T0ELSE",
        "user_team": "T0ELSE",
        "source_team": "T0ELSE",
        "user_profile": {"display_name": HALF_AN_EMOJI, "team": "T0ELSE"},
    },
    "a message": {**SAID, "user": "U0ANA", "text": "hello", "client_msg_id": "a", "team": "T0NORTH"},
    "a message in a group": {**SAID, "user": "U0ANA", "channel_type": "mpim", "channel": "G1"},
    "a reply": {**SAID, "user": "U0ANA", "text": "hello", "thread_ts": "1.1", "parent_user_id": "U0BOT"},
    "a message of a bot": {**SAID, "subtype": "bot_message", "bot_id": "B2", "text": ""},
    "a changed message": {
        **SAID,
        "subtype": "message_changed",
        "hidden": True,
        "message": {**MESSAGE, "edited": {"user": "U0ANA", "ts": "1.3"}},
        "previous_message": MESSAGE,
    },
    "a deleted message": {
        **SAID,
        "subtype": "message_deleted",
        "deleted_ts": "1.2",
        "previous_message": MESSAGE,
    },
    "a message with a file": {
        **SAID,
        "subtype": "file_share",
        "user": "U0ANA",
        "files": [{"id": "F1", "preview": "\x00"}],
    },
    "a message with half an emoji": {
        **SAID,
        "user": "U0ANA",
        "text": HALF_AN_EMOJI,
        "attachments": [{"title": "\x00"}],
    },
    "an arrival": {
        "type": "member_joined_channel",
        "user": "U0ANA",
        "channel": "C1",
        "channel_type": "C",
        "team": "T0NORTH",
        "inviter": "U0MIA",
    },
    "a leave": {"type": "member_left_channel", "user": "U0ANA", "channel": "C1", "team": "T0NORTH"},
    "a group's members": {
        "type": "subteam_members_changed",
        "subteam_id": "S1",
        "team_id": "T0NORTH",
        "date_update": 1,
    },
    "a changed group": {"type": "subteam_updated", "subteam": GROUP},
    "a changed person": {
        "type": "user_change",
        "user": {**ANA, "deleted": True, "profile": {"status_text": HALF_AN_EMOJI, "real_name": "Ana"}},
        "cache_ts": 1648596421,
        "event_ts": "1.2",
    },
    "an event nobody asked for": {
        "type": "channel_rename",
        "channel": {"id": "C1", "name": "x", "created": 1},
    },
}

COMMAND: Json = {
    "token": "retired",
    "team_id": "T0NORTH",
    "team_domain": "north",
    "channel_id": "C1",
    "channel_name": "ask-billing",
    "user_id": "U0ANA",
    "user_name": "ana",
    "command": "/escalate",
    "text": "Jane Doe & sons; +1 212 555 0132",
    "api_app_id": "A0ASKDESK",
    "is_enterprise_install": "false",
    "response_url": "https://hooks.slack.com/commands/T0NORTH/1/a",
    "trigger_id": "1.2.a",
}

COMMANDS: dict[str, Json] = {
    "a command": COMMAND,
    "a command without words": {**COMMAND, "text": ""},
    "a command with a NUL": {**COMMAND, "text": "a\x00b"},
    "a command in an org-wide installation": {
        **COMMAND,
        "enterprise_id": "E1",
        "enterprise_name": "Northwind Group",
        "is_enterprise_install": "true",
    },
    "a command from Slack Connect": {**COMMAND, "team_id": "T0ELSE", "user_id": "U0ELSE"},
    "a look at the certificate": {"ssl_check": "1", "token": "retired"},
}

OTHERS: dict[str, Json] = {
    "a challenge": {"type": "url_verification", "token": "retired", "challenge": "3eZbrw1aB10F"},
    "too many events": {
        "type": "app_rate_limited",
        "token": "retired",
        "team_id": "T0NORTH",
        "minute_rate_limited": 1518467820,
        "api_app_id": "A0ASKDESK",
    },
}


def as_json(payload: Json) -> tuple[bytes, str]:
    return json.dumps(payload).encode(), JSON


def as_form(payload: Json) -> tuple[bytes, str]:
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


@pytest.mark.parametrize("payload", INTERACTIONS.values(), ids=INTERACTIONS)
def test_interactions(payload: Json) -> None:
    assert read_payload(*as_form(payload)) == payload


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_events(event: Json) -> None:
    payload = {**EVENT, "event": event}
    assert read_payload(*as_json(payload)) == payload


@pytest.mark.parametrize("said", COMMANDS.values(), ids=COMMANDS)
def test_commands(said: Json) -> None:
    assert read_payload(urlencode(said).encode(), FORM) == said


@pytest.mark.parametrize("payload", OTHERS.values(), ids=OTHERS)
def test_what_is_no_event(payload: Json) -> None:
    assert read_payload(*as_json(payload)) == payload


def without(payload: Json, *path: str) -> Json:
    """A copy without what is at the end of the path."""
    changed = holder = copy.deepcopy(payload)
    for name in path[:-1]:
        holder = holder[name]
    del holder[path[-1]]
    return changed


@pytest.mark.parametrize(
    "payload",
    [
        without(SUBMISSION, "view", "title"),
        without(SUBMISSION, "view", "state"),
        without(CLICK, "user"),
        without(CLICK, "trigger_id"),
        {**CLICK, "actions": []},
        {**CLICK, "user": {"id": "U\x00"}},
        {**CLICK, "user": {"id": "U" * 256}},
        {**CLICK, "channel": {"id": HALF_AN_EMOJI}},
        {**SUBMISSION, "view": {**MODAL, "private_metadata": "\x00"}},
        {**SUBMISSION, "view": {**MODAL, "state": {"values": {"\x00": {}}}}},
        {**SUBMISSION, "view": HOME},
        {**CLICK, "type": "interactive_message"},
    ],
)
def test_what_slack_never_sends(payload: Json) -> None:
    with pytest.raises(Unreadable):
        read_payload(*as_form(payload))


@pytest.mark.parametrize(
    "event",
    [
        {**EVENTS["an arrival"], "channel": "C1" * 300},
        {**EVENTS["an arrival"], "user": None},
        without(EVENTS["a leave"], "channel"),
        {**EVENTS["a message"], "channel": {"id": "C1"}},
    ],
)
def test_events_that_slack_never_sends(event: Json) -> None:
    """An id of that length would fit no button."""
    with pytest.raises(Unreadable):
        read_payload(*as_json({**EVENT, "event": event}))
