"""Everything in the channel, and no DMs (house rule 5): elsewhere people are pointed to the right place, alone.

The attempt is counted; what it said is stored nowhere, and the bot never writes to anybody directly.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.driver import Person
from tests.journeys.floor import ASK, FORM, Floor
from tests.journeys.telling import nothing_happens, opens, record, refusals

DM = "@Askdesk"
GROUP_DM = "G0ANABEN"
RANDOM = "#random"

NAMES = {DM: "direct messages", GROUP_DM: "group messages", RANDOM: "this channel"}
SECRET = "Zebulon Quarks 4471"
"""What nobody may find anywhere afterwards."""

COMMANDS = ("/escalate", "/callbacks", "/askdesk")


def is_pointed_away(desk: Floor, who: Person, place: str, since: int) -> None:
    """They were told where to go instead, once and alone."""
    told = desk.slack.eventually(lambda: who.ephemerals(in_=place)[since:] or None, about="the pointer")
    assert len(told) == 1
    assert f"does not take cases in {NAMES[place]}" in told[0].text
    assert ASK in told[0].text
    assert "/escalate" in told[0].text
    assert not who.modals()


def keeps_nothing(desk: Floor, *words: str) -> None:
    """Nothing of it is in the database, in the record, in any message, and nobody got a message of their own."""
    path = desk.database.removeprefix("sqlite:///")
    stored = b"".join(file.read_bytes() for file in (Path(path), Path(f"{path}-wal")) if file.exists())
    for word in (*words, SECRET, "Quarks"):
        assert word.encode() not in stored
    assert record(desk) == []
    speaks_only_in_the_channel(desk)


def speaks_only_in_the_channel(desk: Floor) -> None:
    """No post anywhere else: no DM is opened or written to."""
    assert desk.slack.calls("conversations.open") == []
    for call in desk.slack.calls("chat.postMessage"):
        assert call["payload"]["channel"] == "C0ASKBILL", call


@pytest.mark.parametrize("place", [DM, GROUP_DM, RANDOM], ids=["a DM", "a group DM", "another channel"])
def test_commands_elsewhere_are_refused_with_a_pointer(desk: Floor, place: str) -> None:
    """Each is answered at once, to them alone, and opens nothing."""
    for number, command in enumerate(COMMANDS):
        ack = desk.ana.types(f"{command} {SECRET} +1 212 555 0177", in_=place)
        assert ack.acked
        assert ack.ephemeral
        is_pointed_away(desk, desk.ana, place, number)
    assert refusals(desk) == len(COMMANDS)
    assert [message for message in desk.ben.messages(in_=RANDOM) if "Askdesk" in message.author] == []
    keeps_nothing(desk, "2125550177", "555 0177")


@pytest.mark.parametrize("place", [DM, GROUP_DM], ids=["a DM", "a group DM"])
def test_words_in_a_dm_are_refused_with_a_pointer(desk: Floor, place: str) -> None:
    """Also a second message, and one in a thread; an edit of it is no new attempt."""
    first = desk.ana.says(f"please call {SECRET}", in_=place)
    is_pointed_away(desk, desk.ana, place, 0)
    desk.ana.says(f"{SECRET}, it is urgent", in_=place)
    is_pointed_away(desk, desk.ana, place, 1)
    desk.ana.edits(first, f"please call {SECRET} today")
    desk.slack.settles()
    assert refusals(desk) == 2
    assert desk.ben.ephemerals(in_=GROUP_DM) == []
    keeps_nothing(desk)


def test_words_in_other_channels_are_none_of_the_bots_business(desk: Floor) -> None:
    """It does not listen where it is not asked, nor in its own channel."""
    desk.ana.says(f"{SECRET} called again", in_=RANDOM)
    desk.ana.says(f"{SECRET} called again", in_=ASK)
    desk.slack.settles()
    assert refusals(desk) == 0
    assert desk.ana.ephemerals(in_=RANDOM) == desk.ana.ephemerals(in_=ASK) == []
    keeps_nothing(desk)


def test_a_mention_elsewhere_is_refused_and_in_the_channel_it_gets_help(desk: Floor) -> None:
    """The bot was invited to another channel: that does not make it a desk."""
    desk.slack.channel(RANDOM).invite("Askdesk")
    desk.ana.says(f"<@U0ASKDESK> raise {SECRET}", in_=RANDOM)
    is_pointed_away(desk, desk.ana, RANDOM, 0)
    assert refusals(desk) == 1
    desk.ana.says("<@U0ASKDESK> how does this work?", in_=ASK)
    desk.ana.is_told("Askdesk keeps the callback promises of Billing", in_=ASK)
    assert refusals(desk) == 1
    assert desk.ben.ephemerals(in_=ASK) == []
    keeps_nothing(desk)


@pytest.mark.parametrize("place", [DM, GROUP_DM, RANDOM], ids=["a DM", "a group DM", "another channel"])
def test_the_shortcut_elsewhere_is_refused(desk: Floor, place: str) -> None:
    """The text of the message on which it was used goes nowhere."""
    said = desk.ben.says(f"{SECRET} called", in_=place) if place != DM else desk.ana.says(SECRET, in_=place)
    if place != RANDOM:
        author = desk.ana if place == DM else desk.ben
        is_pointed_away(desk, author, place, 0)
    before, counted = len(desk.ana.ephemerals(in_=place)), refusals(desk)
    assert desk.ana.uses_shortcut("Escalate this", on=said).acked
    is_pointed_away(desk, desk.ana, place, before)
    assert refusals(desk) == counted + 1
    keeps_nothing(desk)


STRANGER = "Askdesk works only for the people of the workspace that runs it."


def test_a_stranger_in_a_shared_channel_is_refused(desk: Floor) -> None:
    """Somebody of another workspace (Slack Connect): commands, clicks, mentions and the shortcut."""
    stella = desk.slack.add_person("Stella Stranger", channels=[ASK], team_id="T0ELSE")
    card = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    with nothing_happens(desk, card):
        for command in COMMANDS:
            assert STRANGER in (stella.types(f"{command} {SECRET}", in_=ASK).ephemeral or "")
        for label in ("Claim", "Reschedule", "Add note", "Show number"):
            before = len(stella.ephemerals(in_=ASK))
            assert stella.clicks(label, on=card).acked
            desk.slack.eventually(
                lambda seen=before: stella.ephemerals(in_=ASK)[seen:] or None,  # type: ignore[misc]
                about=f"the stranger is refused {label}",
            )
        assert stella.uses_shortcut("Escalate this", on=card).acked
    said = stella.says(f"<@U0ASKDESK> {SECRET}", in_=ASK)
    desk.slack.eventually(
        lambda: True if len(stella.ephemerals(in_=ASK)) == 9 else None,
        about="each of nine attempts is refused",
    )
    assert all(STRANGER in message.text for message in stella.ephemerals(in_=ASK))
    assert not stella.modals()
    assert refusals(desk) == 9
    assert said.exists()
    assert card.now().buttons() == ["Claim", "Reschedule"]


@pytest.mark.parametrize("forged", [{"as_team": "T0EVIL"}, {"as_app": "A0OTHER"}], ids=["team", "app"])
def test_a_payload_of_another_workspace_or_app_does_nothing(desk: Floor, forged: dict[str, Any]) -> None:
    """Commands, clicks and forms that bear another team's or app's id."""
    card = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    desk.ana.types("/escalate", in_=ASK)
    form = desk.ana.modal("Escalate")
    note = opens(desk.ben, "Add note", on=card)
    with nothing_happens(desk, card):
        assert STRANGER in (desk.ben.types("/escalate", in_=ASK, **forged).ephemeral or "")
        assert desk.tess.clicks("Claim", on=card, **forged).acked
        desk.tess.is_told(STRANGER, in_=ASK)
        entries = {**FORM, **desk.time_in(60), "Contact number": "+1 212 555 0188"}
        entries = {label: value for label, value in entries.items() if label in form.labels()}
        assert not form.submit(entries, **forged).closed
        form.shows(STRANGER)
        assert not note.submit({"Note": SECRET}, **forged).closed
        note.shows(STRANGER)
    assert refusals(desk) == 4


def test_the_bot_never_writes_to_anybody_directly(desk: Floor) -> None:
    """A whole case, with refusals on the way: every post is in the channel."""
    desk.ana.says("can you help?", in_=DM)
    card = desk.claimed(minutes=10)
    desk.clock.passes(minutes=10)
    desk.ben.sees("is the agreed time", in_=card)
    desk.clock.passes(minutes=16)
    desk.ben.sees("Overdue: case 1", in_=ASK)
    desk.ben.types("/escalate", in_=GROUP_DM)
    speaks_only_in_the_channel(desk)
    for person in (desk.ana, desk.ben, desk.mia):
        assert all(message.ephemeral or message.author == person.name for message in person.messages(in_=DM))


def test_an_attempt_that_arrives_twice_is_one_attempt(desk: Floor) -> None:
    """Slack repeats what it believes unheard."""
    desk.slack.sockets.duplicate_next()
    desk.ana.says(SECRET, in_=DM)
    desk.slack.settles()
    desk.ana.types("/escalate", in_=DM)
    desk.slack.eventually(
        lambda: True if len(desk.ana.ephemerals(in_=DM)) >= 2 else None, about="the answers"
    )
    assert refusals(desk) == 2
    assert len(desk.ana.ephemerals(in_=DM)) == 2
