"""Forged envelopes: everything that the bot listens to, from everybody who may not, and across programs."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

import bot.listeners
from bot.faces.raising import ESCALATE
from bot.listeners.settings import GROUP_FIELDS
from bot.views.ids import Action, Modal, action_of
from cases import moves
from tests.adversary.siege import (
    BILLING,
    OUTSIDERS,
    SALES,
    STRANGER,
    THEIR_DESK,
    Json,
    Siege,
    besieged,
)
from tests.adversary.weapons import (
    ACTIONS,
    COMMANDS,
    EVENTS,
    MENUS,
    MODALS,
    SHORTCUTS,
    STORY,
    click,
    values,
    view,
)
from tests.journeys.floor import FORM
from tests.test_documents import Recorder

OURS = ("2125550132", "212 555 0132", "212-555-0132", "Feedback for Ana alone")
"""What nobody but the owner and managers of Billing may read."""

THEIRS = ("Bruce Hay", "412 345 678", "412345678", "Sold twice to Bruce")
"""What nobody of Billing may read."""

MAY_ALL = {ESCALATE, moves.add_note.value}
"""What every agent may do in a channel: they are tried by strangers, and with cases of another program."""

NUMBERS: tuple[Any, ...] = (
    0,
    -1,
    2**31,
    2**63,
    10**400,
    1.5,
    "01",
    "x",
    "",
    None,
    [1],
    {"case": 1},
    True,
    "1 ",
)


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    """Billing: case 1 claimed by Ben. Sales: case 2 open, case 3 claimed by Arjun."""
    folder = tmp_path_factory.mktemp("siege")
    with besieged(f"sqlite:///{folder / 'askdesk.db'}", folder / "bot") as found:
        floor = found.floor
        found.cards[1] = floor.claimed(minutes=300)
        there = {
            "Customer": "Bruce Hay",
            "Contact number": "+61 412 345 678",
            "Time zone": "Australia/Sydney",
        }
        there["What happened and what was promised"] = "Sold twice to Bruce, who wants his money back."
        for number in (2, 3):
            floor.ana.types("/escalate", in_="#random")
            modal = floor.ana.modal("Escalate")
            form = {**FORM, **floor.time_in(300 + number, "Australia/Sydney"), **there}
            form["Outside calling hours"] = ["Customer asked for this time"]
            form["Customer"] = f"Bruce Hay {number}"
            form["Contact number"] = f"+61 412 345 67{number}"
            assert modal.submit({k: v for k, v in form.items() if k in modal.labels()}).closed
            found.cards[number] = floor.slack.eventually(
                lambda number=number: next(  # type: ignore[misc]
                    (
                        m
                        for m in floor.slack.channel("#random").messages()
                        if f"Case {number}" in m.text and m.buttons()
                    ),
                    None,
                ),
                about="the card in Sales",
            )
        floor.arjun.clicks("Claim", on=found.cards[3])
        floor.ana.sees("Arjun Mehta claimed case 3", in_=found.cards[3])
        yield found


def in_channel(siege: Siege, user: str, channel: str, case: int, action: Json) -> tuple[str, Json]:
    """A click on a case's card."""
    container = {"type": "message", "message_ts": siege.cards[case].ts, "channel_id": channel}
    more = {
        "type": "block_actions",
        "container": container,
        "actions": [action],
        "message": siege.message(case),
    }
    return "interactive", siege.base(user, channel=channel) | more


def in_view(siege: Siege, user: str, action: Json, shown: Json) -> tuple[str, Json]:
    """A click in a modal or in App Home."""
    more = {
        "type": "block_actions",
        "container": {"type": "view", "view_id": shown["id"]},
        "actions": [action],
    }
    return "interactive", siege.base(user) | more | {"view": shown}


def submission(siege: Siege, user: str, shown: Json) -> tuple[str, Json]:
    """A form that was sent."""
    return "interactive", siege.base(user) | {"type": "view_submission", "view": shown, "response_urls": []}


def home(program: object) -> Json:
    """App Home, in which blocks say the program."""
    return {**view("", 1, program), "type": "home", "private_metadata": "", "state": {"values": {}}}


def everything(siege: Siege, user: str, case: int, program: int, channel: str) -> Iterator[tuple[str, Json]]:
    """Each action, wherever it may be clicked, with this case's number."""
    for action in ACTIONS:
        for value in values(action, case):
            yield in_channel(siege, user, channel, case, click(action, value))
            yield in_view(siege, user, click(action, value, f"p{program}:x"), home(program))
        yield in_view(siege, user, click(action, str(case)), view(ESCALATE, case, program))


def test_everything_that_is_listened_to_is_tried() -> None:
    """A new button, form, menu, command or event joins by its table; one that is in none fails here."""
    recorder = Recorder()
    for found in pkgutil.iter_modules(bot.listeners.__path__):
        module = importlib.import_module(f"bot.listeners.{found.name}")
        if hasattr(module, "register"):
            module.register(cast(Any, recorder), cast(Any, SimpleNamespace(admitted=None)))
    tried: dict[str, tuple[str, ...]] = {
        "action": ACTIONS, "view": MODALS, "options": tuple(field.value for field in MENUS),
        "command": tuple(COMMANDS), "shortcut": SHORTCUTS, "event": EVENTS,
    }  # fmt: skip
    assert tried.keys() == recorder.heard.keys() - {"error", "middleware", "use"}
    for kind, heard in recorder.heard.items():
        for what in heard if kind in tried else ():
            name = what["callback_id"] if isinstance(what, dict) else what
            fits = re.compile(name).search if isinstance(name, re.Pattern) else name.__eq__
            assert any(fits(one) for one in tried[kind]), (kind, what)


def test_nobody_acts_on_a_case_in_which_they_have_no_part(siege: Siege) -> None:
    """Each button, menu and entry of a menu, on the card, in App Home and in forms."""
    before = siege.seen()
    siege.marks()
    attackers = (*OUTSIDERS, *THEIR_DESK[SALES])
    forged = [one for user in attackers for one in everything(siege, user, 1, 1, BILLING)]
    assert len(forged) >= 1_000
    siege.sends(forged)
    siege.is_unharmed(before, hidden=OURS, but_to=THEIR_DESK[BILLING])


def test_no_case_is_reached_from_another_programs_channel(siege: Siege) -> None:
    """An SME, a TL and a manager in their own channel and Home, with numbers of the other program's cases."""
    before = siege.seen()
    siege.marks()
    forged = []
    for user in THEIR_DESK[BILLING]:
        for number in (2, 3):
            for kind, payload in everything(siege, user, number, 1, BILLING):
                if payload.get("message"):
                    payload["message"] = siege.message(1)
                forged.append((kind, payload))
    siege.sends(forged)
    siege.is_unharmed(before, hidden=THEIRS, but_to=THEIR_DESK[SALES])


def test_no_form_is_taken_from_those_who_may_not_send_it(siege: Siege) -> None:
    """Whatever its metadata says: program and case of theirs, of the others, mixed, or missing."""
    before = siege.seen()
    siege.marks()
    forged = []
    for modal in MODALS:
        for user in (*OUTSIDERS, *THEIR_DESK[SALES]):
            if user == STRANGER or modal not in MAY_ALL:
                forged.append(submission(siege, user, view(modal, 1, 1)))
        for user in THEIR_DESK[BILLING]:
            if modal not in MAY_ALL:
                forged += [submission(siege, user, view(modal, case, 2)) for case in (2, 3)]
            if modal not in (ESCALATE, Modal.SETTINGS_FORM, Modal.SET_UP):
                forged += [submission(siege, user, view(modal, case, 1)) for case in (2, 3)]
            forged += [
                submission(siege, user, view(modal, 1, program)) for program in (0, 99, "1", None, [1], -1)
            ]
    siege.sends(
        [
            one
            for one in forged
            if one[1]["view"]["callback_id"] != Modal.SET_UP or one[1]["user"]["id"] != "U0MIA"
        ]
    )
    siege.is_unharmed(before, hidden=THEIRS, but_to=THEIR_DESK[SALES])


def test_numbers_that_are_none(siege: Siege) -> None:
    """From people who might: in buttons, menus, metadata and block ids. A sentence is all they get."""
    before = siege.seen()
    siege.marks()
    forged = []
    for number in NUMBERS:
        for action in ACTIONS:
            if action in (Action.EXPORT, Action.SET_UP, Action.NOT_NOW):
                continue
            for value in values(action, number):
                forged.append(
                    in_channel(siege, "U0MIA", BILLING, 1, {**click(action, value), "value": value})
                )
        for modal in MODALS:
            if modal not in (ESCALATE, Modal.SET_UP, Modal.SETTINGS_FORM):
                forged.append(submission(siege, "U0MIA", view(modal, number, 1)))
    siege.sends(forged)
    siege.is_unharmed(before, hidden=THEIRS, but_to=THEIR_DESK[SALES])


def test_no_menu_tells_anything_to_those_who_manage_nothing(siege: Siege) -> None:
    """The names of user groups."""
    before = siege.seen()
    siege.marks()
    forged = [
        ("interactive", siege.base(user) | {"type": "block_suggestion", "action_id": field.value, "value": typed,
                                            "block_id": field.value, "view": view(Modal.SETTINGS_FORM, 1, 1)})
        for user in (*OUTSIDERS, "U0SAM", "U0BEN", "U0ARJUN", "U0ABEL")
        for field in MENUS
        for typed in ("", "b", "%", "x" * 3000)
    ]  # fmt: skip
    acks = siege.sends(forged)
    names = [str((ack.payload or {}).get("options") or []) for ack in acks]
    told = [
        found for found, (_, asked) in zip(names, forged, strict=True) if asked["action_id"] in GROUP_FIELDS
    ]
    assert set(told) == {"[]"}
    siege.is_unharmed(before, hidden=("billing-smes",))


def test_commands_shortcuts_and_events_from_the_wrong_place(siege: Siege) -> None:
    """From DMs, from channels that are not there, from other teams, for other apps."""
    before = siege.seen()
    siege.marks()
    forged: list[tuple[str, Json]] = []
    places = (("D0OTTO", "directmessage"), ("G0ANABEN", "mpdm-x-1"), ("C0NOWHERE", "nowhere"), ("", ""))
    for user in (*OUTSIDERS, *THEIR_DESK[BILLING]):
        for command, texts in COMMANDS.items():
            for text in texts:
                for channel, name in places:
                    if text == "settings" and user == "U0MIA":
                        continue
                    base = siege.base(user)
                    flat = {"team_id": base["team"]["id"], "user_id": user, "command": command, "text": text}
                    place = {"channel_id": channel, "channel_name": name, "api_app_id": "A0ASKDESK"}
                    forged.append(("slash_commands", flat | place | {"trigger_id": base["trigger_id"]}))
    for user in (STRANGER, *THEIR_DESK[SALES]):
        for command, texts in COMMANDS.items():
            for text in texts:
                base = siege.base(user, channel=BILLING)
                if user != STRANGER and command == "/escalate":
                    continue
                flat = {"team_id": base["team"]["id"], "user_id": user, "command": command, "text": text}
                place = {"channel_id": BILLING, "channel_name": "ask-billing", "api_app_id": "A0ASKDESK"}
                rest = {"trigger_id": base["trigger_id"], "response_url": base["response_url"]}
                forged.append(("slash_commands", flat | place | rest))
        for callback in SHORTCUTS:
            more = {"type": "message_action", "callback_id": callback, "message": siege.message(1)}
            forged.append(
                ("interactive", siege.base(user, channel="C0RANDOM" if user == STRANGER else "D0OTTO") | more)
            )
    for event in EVENTS:
        for user in (STRANGER, "U0ASKDESK", "USLACKBOT", "U0NOBODY", ""):
            inner: Json = {
                "type": event,
                "user": user,
                "channel": "C0NOWHERE",
                "tab": "home",
                "text": "x",
                "ts": "1.0",
            }
            if event == "user_change":
                inner["user"] = {"id": user, "deleted": False, "team_id": "T0ELSE"}
            outer = {"team_id": "T0ELSE", "api_app_id": "A0ASKDESK", "type": "event_callback", "event": inner}
            forged.append(("events_api", outer | {"event_id": f"Ev{event}{user}", "event_time": 1}))
    siege.sends(forged)
    siege.is_unharmed(before, hidden=(*THEIRS, "2125550132"), but_to=THEIR_DESK[SALES])


def test_the_same_envelopes_work_in_the_right_hands(siege: Siege) -> None:
    """Else all of the above would be won by blunt weapons."""
    siege.sends([submission(siege, "U0BEN", view(moves.reschedule.value, 1, 1))])
    siege.sends([submission(siege, "U0MIA", {**view(moves.hand_over.value, 1, 1), "id": "V2"})])
    siege.floor.ana.sees("hand", in_=siege.cards[1])
    siege.sends([submission(siege, "U0ANA", {**view(moves.add_note.value, 1, 1), "id": "V3"})])
    siege.floor.ana.sees(STORY[:20], in_=siege.cards[1])
    siege.sends([in_channel(siege, "U0SIA", SALES, 2, click(action_of(moves.claim), "2"))])
    siege.sends([in_channel(siege, "U0ABEL", SALES, 2, click(action_of(moves.claim), "2"))])
    siege.floor.ana.sees("Abel Cruz claimed case 2", in_=siege.cards[2])
    with siege.store.read() as reading:
        kinds = [
            (row["case_number"], row["kind"], row["by"])
            for program in (1, 2)
            for row in reading.record(program)
        ]
    assert {(1, "handed_over", "U0MIA"), (1, "noted", "U0ANA"), (2, "claimed", "U0ABEL")} <= set(kinds), kinds
    assert not [one for one in kinds if one[2] in OUTSIDERS]
