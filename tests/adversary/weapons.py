"""What can be forged, read off the bot's own tables: each action, form, menu, command, shortcut and event.

Every one is filled in so well that it works in the right hands (`test_forged` tries that, too).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bot.faces.registry import BUTTONS, FORMS, REDRAWN_BY
from bot.listeners.settings import GROUP_FIELDS
from bot.views.ids import SHORTCUT_ESCALATE, Action, Modal, metadata
from cases import moves
from cases.close_form import Question
from cases.fields import Field
from cases.settings import WEEK, Section, Setting
from cases.settings.kinds import People
from cases.words import Word
from tests.journeys.floor import START

Json = dict[str, Any]

STORY = "Billed twice for October and promised a call from a lead, says the forged form."
DAY = f"{START + timedelta(days=1):%Y-%m-%d}"

CHOICES: dict[Word, str] = {
    Field.CUSTOMER_IS: "agreed", Field.ZONE: "America/New_York", Field.SCENARIO: "during", Field.MOOD: "angry",
    Field.DISPOSITION: "no_answer", Field.OUTCOME: "resolved", Field.WANTED_BY: "customer", Field.TARGET: "next_tier",
    Question.SATISFIED: "yes", Question.RIGHT_DEPARTMENT: "yes", Question.ASSESSED_WELL: "yes", Question.MISSED: "none",
    Field.CONTROLLABLE: "agent", Field.COACHING_OUTCOME: "coaching", Field.REASONS: "billing_dispute",
    Field.STEPS: "listened", Field.ASKED_FOR_TIME: "yes", Setting.SITE_ZONE: "Europe/London",
    Setting.CUSTOMER_ZONE: "Europe/London", Field.LANGUAGE: "de",
}  # fmt: skip
PEOPLE: dict[Word, str] = {Field.SUPERIOR: "U0BEN", Field.RECEIVER: "U0SAM", Field.REVIEWER: "U0MIA"}
TEXTS: dict[Word, str] = {
    Field.CUSTOMER: "Eve Forger",
    Field.CONTACT: "+1 212 555 0199",
    Field.TIME: "15:00",
    Field.DATE: DAY,
}
TIMES: set[Word] = {Field.TIME, Setting.SHIFT_BEGINS, Setting.SHIFT_ENDS, Setting.DIGEST_AT}
DATES: set[Word] = {Field.DATE, Field.FOLLOW_UP_DATE}
UNSET: set[Word] = {
    Field.WITHDRAWN,
    Field.SECOND_CASE,
    Field.REPEAT,
    Field.NOT_ATTEMPTED,
    Field.DEPARTMENT,
    Field.OTHER_REASON,
}
UNSET |= {*WEEK, *GROUP_FIELDS}


def entry(field: Word, case: object = 1) -> Json:
    """What a form says of one field."""
    if field in UNSET:
        return {"type": "plain_text_input", "value": None}
    if field in DATES:
        return {"type": "datepicker", "selected_date": TEXTS.get(field, DAY)}
    if field in TIMES:
        return {"type": "timepicker", "selected_time": TEXTS.get(field, "10:00")}
    if field in PEOPLE:
        return {"type": "users_select", "selected_user": PEOPLE[field]}
    if isinstance(field, Setting) and isinstance(field.kind, People):
        return {"type": "multi_users_select", "selected_users": ["U0ARJUN"]}
    option = {"text": {"type": "plain_text", "text": "Chosen"}, "value": CHOICES.get(field, str(case))}
    if field in CHOICES or field is Field.CASES:
        return {"type": "multi_static_select", "selected_option": option, "selected_options": [option]}
    return {"type": "plain_text_input", "value": TEXTS.get(field, STORY)}


def view(modal: str, case: object, program: object, **more: object) -> Json:
    """A modal with all the fields that there are, filled in, as Slack would send it."""
    label = {"type": "plain_text", "text": "Label"}
    element = {"type": "plain_text_input"}
    blocks = [
        {"type": "input", "block_id": f.value, "label": label, "element": {**element, "action_id": f.value}}
        for f in (*Field, *Question, *Setting)
    ]
    kept = {
        "case": case,
        "program": program,
        "item": case,
        "owner": "U0ARJUN",
        "section": "names",
        "seen": {},
    }
    return {
        "id": "V0FORGED", "type": "modal", "callback_id": modal, "hash": "1.forged", "team_id": "T0NORTH",
        "title": {"type": "plain_text", "text": "Forged"}, "blocks": blocks, "app_id": "A0ASKDESK",
        "private_metadata": metadata(**{**kept, "channel": "C0FORGED", **more}), "bot_id": "B0ASKDESK",
        "state": {"values": {f.value: {f.value: entry(f, case)} for f in (*Field, *Question, *Setting)}},
        "root_view_id": "V0FORGED", "previous_view_id": "V0FORGED", "external_id": "",
    }  # fmt: skip


def values(action: str, case: object) -> Iterator[str]:
    """What a button or menu may carry."""
    match action:
        case Action.MORE:
            yield from (f"{value}:{case}" for value in moves.CLICKS)
        case Action.SETTINGS_SECTION:
            yield from Section
        case Action.SHIFT_HAND_OVER | Action.SHIFT_STAY:
            yield "U0BEN" if case == 1 else "U0ARJUN"
        case Action.EXPORT:
            yield "last week"
        case Action.SET_UP | Action.NOT_NOW:
            yield "C0RANDOM"
        case _:
            yield str(case)


def click(action: str, value: str, block: str = "forged") -> Json:
    """What was clicked or chosen, whichever it is."""
    option = {"text": {"type": "plain_text", "text": "Chosen"}, "value": value}
    return {
        "type": "button", "action_id": action, "block_id": block, "value": value, "selected_option": option,
        "action_ts": "1.0",
    }  # fmt: skip


ACTIONS: tuple[str, ...] = tuple(dict.fromkeys([*BUTTONS, *REDRAWN_BY, *Action]))
MODALS: tuple[str, ...] = (*FORMS, *Modal, "number")
MENUS: tuple[Word, ...] = (*GROUP_FIELDS, Field.LANGUAGE, Setting.LANGUAGES)
COMMANDS = {
    "/escalate": ("", "Eve +1 212 555 0199"),
    "/callbacks": ("", "due", "overdue", "all", "nonsense"),
    "/askdesk": (
        *(
            "",
            "help",
            "tips",
            "settings",
            "report",
            "report last week by agent",
            "show 1",
            "show 2",
            "show 99999",
        ),
        *("show -1", "show ²", "show 1 OR 1=1", "report by nobody", "show " + "9" * 400),
    ),
}
SHORTCUTS = (SHORTCUT_ESCALATE,)
EVENTS = (
    "app_home_opened", "app_mention", "message", "member_joined_channel", "member_left_channel",
    "subteam_updated", "subteam_members_changed", "user_change",
)  # fmt: skip
