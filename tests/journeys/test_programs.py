"""One bot, several ASK channels: how a channel becomes one, and that each desk is its own."""

from __future__ import annotations

from typing import Any

from bot.app.wiring import Pace
from sandbox.driver import Message, Modal, Person
from tests.journeys.floor import ASK, FORM, Floor, floor
from tests.journeys.telling import number, posted, refusals
from tests.journeys.test_settings import UNCLAIMED, ready, section, settings

SALES = "#ask-sales"
SET_UP_TITLE = "Set up an ASK channel"
PEOPLE = ["Mia", "Otto", "Amy", "Abel", "Arjun", "Ana"]
"""Who is in the second channel: its manager and agents of both."""

SET_UP: dict[str, Any] = {
    "The site's time zone": "Europe/London",
    "The customers' time zone": "australia/sydney",
    "Country of phone numbers": "AU",
    "SMEs: people": ["Amy"],
    "TLs: people": ["Abel"],
    "Managers: user groups": ["sales-managers"],
    "Managers: people": ["Mia"],
}


def invited(desk: Floor, *members: str, by: str = "Mia", private: bool = False) -> Message:
    """A new channel to which somebody invites the bot; the question that Mia, a manager, is asked there."""
    desk.slack.add_usergroup("sales-managers", ["Otto"])
    channel = desk.slack.add_channel("ask-sales", members or PEOPLE, private=private)
    channel.invite("Askdesk", by=by)
    return desk.mia.is_told("Make this an ASK channel?", in_=SALES)


def sets_up(desk: Floor, **changes: Any) -> None:
    """Mia answers the question, and the desk is open."""
    question = invited(desk)
    desk.mia.clicks("Set it up", on=question)
    form = ready(desk.mia, SET_UP_TITLE)
    assert form.submit({**SET_UP, **changes}).closed
    desk.mia.sees("made this the ASK channel of", in_=SALES)


def escalates_in(desk: Floor, who: Person, channel: str, minutes: int = 300, **changes: Any) -> Message:
    """A case in that channel; its card."""
    assert who.types("/escalate", in_=channel).acked
    form = ready(who, "Escalate")
    entries = {**FORM, **desk.time_in(minutes), **changes}
    result = form.submit({label: value for label, value in entries.items() if label in form.labels()})
    assert result.closed, result

    def card() -> Message | None:
        return next((m for m in who.messages(in_=channel) if m.buttons() and not m.ephemeral), None)

    return desk.slack.eventually(card, about="the card")


def test_a_channel_becomes_an_ask_channel(desk: Floor) -> None:
    """The manager there is asked, nobody else sees it; the form proposes what she has elsewhere; then it works."""
    question = invited(desk, by="Amy")
    desk.slack.person("Amy").is_told("Askdesk has asked the managers in this channel", in_=SALES)
    assert desk.slack.person("Otto").ephemerals(in_=SALES) == []
    assert desk.ana.types("/escalate", in_=SALES).acked
    desk.ana.is_told("does not take cases in this channel", in_=SALES)

    desk.mia.clicks("Set it up", on=question)
    form = ready(desk.mia, SET_UP_TITLE)
    assert form.value("Name") == "Sales"
    assert form.value("The site's time zone") == "Asia/Manila"
    assert form.value("Managers: user groups") == ["@billing-managers · Billing managers"]
    wrong = {"Name": "billing", "The site's time zone": "Mars", "Managers: user groups": None}
    refused = form.submit(wrong)
    assert set(refused.errors) == {
        *("Name", "The site's time zone", "SMEs: user groups", "Managers: user groups"),
    }
    assert form.submit({**SET_UP, "Name": "Sales"}).closed
    line = desk.mia.sees("Mia Grant made this the ASK channel of Sales", in_=SALES)
    assert not line.ephemeral

    card = escalates_in(desk, desk.ana, SALES, Customer="Joe Poe")
    desk.slack.person("Amy").clicks("Claim", on=card)
    desk.ana.sees("Amy Cole claimed case 1", in_=card)


def test_two_desks_at_once(desk: Floor) -> None:
    """Other zones, another ladder, other people; each sees and does only what is its own."""
    sets_up(desk, Name="Sales")
    form = section(desk.mia, "Reminders", channel=SALES)
    assert form.submit({UNCLAIMED: "1, 2"}).closed
    desk.mia.sees("3, 7, 15 → 1, 2", in_=SALES)
    desk.mia.sees_no("changed the settings", in_=ASK)

    theirs = escalates_in(desk, desk.ana, SALES, 300, Customer="Joe Poe", **number("02 9876 5432"))
    ours = desk.escalates(desk.arjun, minutes=300)
    desk.clock.passes(minutes=1)
    called = desk.mia.sees("Nobody has claimed", in_=theirs)
    assert called.mentions() == {"U0AMY"}
    desk.clock.passes(minutes=2)
    called = desk.mia.sees("Nobody has claimed", in_=ours)
    assert called.mentions() == {"S0SMES"}
    assert len([m for m in ours.thread() if "Nobody has claimed" in m.text]) == 1

    before = posted(desk, ours)
    amy = desk.slack.person("Amy")
    amy.clicks("Claim", on=ours)
    amy.is_told("Only an SME/TL or a manager can", in_=ASK)
    assert "no case 1" in (amy.types("/askdesk show 1", in_=ASK).ephemeral or "")
    assert "no case 2" in (amy.types("/askdesk show 2", in_=SALES).ephemeral or "")
    listed = amy.types("/callbacks all", in_=SALES).ephemeral or ""
    assert ("Joe Poe" in listed, "Jane Doe" in listed) == (True, False)
    assert posted(desk, ours) == before
    amy.clicks("Claim", on=theirs)
    desk.ana.sees("Amy Cole claimed case 1", in_=theirs)

    for who, channel, may in (
        (desk.slack.person("Otto"), SALES, True),
        (desk.mia, SALES, True),
        (amy, SALES, False),
    ):
        if may:
            settings(who, channel).close()
        else:
            who.types("/askdesk settings", in_=channel)
            who.is_told("Only the managers of Sales can change its settings", in_=SALES)
    assert desk.ana.types("/escalate", in_=SALES).acked
    form = ready(desk.ana, "Escalate")
    assert form.value("Time zone").endswith("Australia/Sydney")


def test_a_restart_knows_every_desk(desk: Floor) -> None:
    sets_up(desk, Name="Sales")
    desk.closes()
    desk.opens()
    card = escalates_in(desk, desk.ana, SALES)
    assert desk.mia.sees("Case 1", in_=SALES).ts >= card.ts


def test_two_managers_answer_the_question(desk: Floor) -> None:
    """The second reads that it is done; so does whoever submits the form twice."""
    desk.slack.set_usergroup("billing-managers", ["Mia", "Tess"])
    desk.slack.settles()
    question = invited(desk, *PEOPLE, "Tess")
    tesss = desk.tess.is_told("Make this an ASK channel?", in_=SALES)
    forms: list[Modal] = []
    for who, asked in ((desk.mia, question), (desk.tess, tesss)):
        who.clicks("Set it up", on=asked)
        forms.append(ready(who, SET_UP_TITLE))
    assert forms[0].submit({**SET_UP, "Name": "Sales"}).closed
    forms[1].submit({**SET_UP, "Name": "Sales too"})
    forms[1].shows("This is already the ASK channel of Sales")


def test_a_private_channel_gives_no_name_away(desk: Floor) -> None:
    """Slack calls every private channel the same; the name is left to the manager."""
    question = invited(desk, private=True)
    desk.mia.clicks("Set it up", on=question)
    form = ready(desk.mia, SET_UP_TITLE)
    assert not form.value("Name")
    assert form.submit({**SET_UP, "Name": "Sales"}).closed
    desk.mia.sees("made this the ASK channel of", in_=SALES)


def test_not_now(desk: Floor) -> None:
    """The question goes away; another invitation asks again, and so does a manager's `/askdesk settings`."""
    question = invited(desk)
    desk.mia.clicks("Not now", on=question)
    channel = desk.slack.channel(SALES)
    desk.slack.eventually(
        lambda: True if not desk.mia.ephemerals(in_=SALES) else None,
        about="the question is gone",
    )
    channel.kick("Askdesk")
    assert "ASK channel?" in (desk.mia.types("/askdesk settings", in_=SALES).ephemeral or "")
    question = desk.mia.is_told("Make this an ASK channel?", in_=SALES)
    desk.mia.clicks("Set it up", on=question)
    desk.mia.is_told("Invite Askdesk to this channel first", in_=SALES)
    channel.invite("Askdesk", by="Mia")
    desk.slack.settles()
    desk.mia.clicks("Set it up", on=question)
    ready(desk.mia, SET_UP_TITLE).close()
    assert len([m for m in desk.mia.ephemerals(in_=SALES) if "ASK channel?" in m.text]) == 2


def test_everybody_else_is_pointed_away_there(desk: Floor) -> None:
    """`/askdesk settings` of an agent, and a manager's in a direct message: no desk is opened that way."""
    invited(desk)
    for who, place in ((desk.ana, SALES), (desk.mia, "@Askdesk")):
        told = who.types("/askdesk settings", in_=place).ephemeral or ""
        assert "does not take cases in" in told
    assert refusals(desk) == 2


def test_where_no_manager_is_the_inviter_reads_who_may(desk: Floor) -> None:
    channel = desk.slack.add_channel("ask-sales", ["Amy", "Abel"])
    channel.invite("Askdesk", by="Amy")
    told = desk.slack.person("Amy").is_told("These managers can set it up", in_=SALES)
    assert "@billing-managers" in told.text
    assert told.buttons() == []


def test_the_bot_comes_back_to_its_channel(sqlite_url: str) -> None:
    """What waited for it is told, and nobody is asked anything."""
    with floor(sqlite_url, pace=Pace(beat=0.05, post=0.0, away=0.5)) as desk:
        card = desk.escalates(minutes=300)
        channel = desk.slack.channel(ASK)
        channel.kick("Askdesk")
        desk.slack.settles()
        desk.clock.passes(minutes=3)
        channel.invite("Askdesk", by="Ana")
        assert desk.mia.sees("Nobody has claimed", in_=card).mentions() == {"S0SMES"}
        for who in (desk.mia, desk.ana):
            assert not [message for message in who.ephemerals(in_=ASK) if "ASK channel?" in message.text]


def test_only_managers_open_desks(desk: Floor) -> None:
    """Whoever is one no more when they click, or when they submit, reads who may; the channel stays as it was."""
    question = invited(desk)
    desk.mia.clicks("Set it up", on=question)
    form = ready(desk.mia, SET_UP_TITLE)
    form.fill({**SET_UP, "Name": "Sales"})
    desk.slack.set_usergroup("billing-managers", ["Tess"])
    desk.slack.settles()
    form.submit()
    form.shows("Only a manager of a program can make")
    form.close()
    desk.mia.clicks("Set it up", on=question)
    desk.mia.is_told("These managers can set it up", in_=SALES)
    assert desk.mia.modals() == []
    assert desk.mia.types("/escalate", in_=SALES).acked
    desk.mia.is_told("does not take cases in this channel", in_=SALES)
