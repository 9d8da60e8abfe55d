"""Who is in the ASK channel: a mention reaches nobody else, so nobody else gets a case or stands in for an owner."""

from __future__ import annotations

from contextlib import closing

import pytest
from sqlalchemy import delete

from sandbox.driver import Person
from storage import tables as t
from tests.journeys.floor import ASK, Floor, stored_at
from tests.journeys.telling import is_told_why_not, nothing_happens, opens, record, with_every_button
from tests.journeys.test_pings import ping, said

NOT_THERE = "This person is not in the ASK channel"
ONLY_MEMBERS = "Only a member of the ASK channel can"


def leaves(desk: Floor, *who: str) -> None:
    """They leave the channel, and the bot has heard of it."""
    for one in who:
        desk.slack.channel(ASK).kick(one)
    desk.slack.settles()


def joins(desk: Floor, who: str) -> None:
    desk.slack.channel(ASK).invite(who)
    desk.slack.settles()


def test_an_owner_who_left_the_channel_is_called_together_with_others(desk: Floor) -> None:
    """As one who is off shift, and the message says why; whoever comes back is called alone again."""
    card = desk.claimed(minutes=30)
    leaves(desk, "Ben")
    warning = ping(desk, card, "needs a call", minutes=15)
    assert warning.mentions() == {"U0BEN", "S0SMES", "S0TLS"}
    assert "The owner is not in this channel" in warning.text
    assert said(card, "off shift") == []
    due = ping(desk, card, "is the agreed time", minutes=15, after=warning)
    assert (due.mentions(), due.buttons()) == ({"U0BEN", "S0SMES", "S0TLS"}, ["Calling now", "Take over"])
    joins(desk, "Ben")
    overdue = ping(desk, card, "Overdue: case 1", minutes=15, after=due)
    assert overdue.mentions() == {"U0BEN", "S0TLS"}
    assert "not in this channel" not in overdue.text


def test_a_group_whose_people_all_left_calls_nobody(desk: Floor) -> None:
    """Others stand in, as for an empty group."""
    card = desk.claimed(minutes=30)
    leaves(desk, "Ben", "Sam", "Sia")
    due = ping(desk, card, "is the agreed time", minutes=30)
    assert due.mentions() == {"U0BEN", "S0TLS"}, "Tess is there"


def test_a_case_is_handed_to_members_only(desk: Floor) -> None:
    """Others are not offered; whoever leaves while the form is open is refused at the field."""
    card = desk.claimed()
    leaves(desk, "Sam")
    modal = opens(desk.ben, "Hand over", on=card)
    assert modal.options("Hand over to") == ["Mia Grant", "Sia Novak", "Tess Lim"]
    modal.choose("Hand over to", "Tess Lim")
    leaves(desk, "Tess")
    with nothing_happens(desk, card):
        refused = modal.submit()
    assert refused.errors["Hand over to"].startswith(NOT_THERE)
    assert "/invite" in refused.errors["Hand over to"]
    joins(desk, "Tess")
    assert modal.submit().closed
    card.becomes("With @Tess Lim")


def test_only_a_member_reviews_what_is_escalated_further(desk: Floor) -> None:
    card = desk.claimed()
    modal = opens(desk.ben, "Escalate further", on=card)
    assert modal.options("Who reviews it?") == ["Mia Grant", "Sam Ortiz", "Sia Novak", "Tess Lim"]
    leaves(desk, "Mia")
    asked = {"Who reviews it?": "Mia Grant", "Reason": "Above my limit."}
    assert modal.submit(asked).errors["Who reviews it?"].startswith(NOT_THERE)


def test_who_left_while_the_bot_was_away_is_known_at_its_start(desk: Floor) -> None:
    """Slack told nobody; the list is read page by page."""
    card = desk.claimed(minutes=60)
    desk.closes()
    for who in ("Ben", "Tess"):
        desk.slack.channel(ASK).kick(who)
    desk.opens()
    modal = opens(desk.mia, "Hand over", on=card)
    assert modal.options("Hand over to") == ["Mia Grant", "Sam Ortiz", "Sia Novak"]


@pytest.mark.parametrize("error", ["missing_scope", "fetch_members_failed"])
def test_where_slack_never_told_who_is_there_everybody_counts_as_a_member(desk: Floor, error: str) -> None:
    """Nobody loses a right, and no owner is called off, by what nobody knows."""
    card = desk.claimed(minutes=30)
    desk.closes()
    with closing(stored_at(desk.database)) as books:
        books.write_now(lambda unit: unit.connection.execute(delete(t.channels)))
    desk.slack.channel(ASK).kick("Ben")
    with desk.slack.faults.during("error", "conversations.members", error=error):
        desk.opens()
        due = ping(desk, card, "is the agreed time", minutes=30)
    assert due.mentions() == {"U0BEN"}


def test_a_note_is_for_members_and_for_whoever_has_a_role(desk: Floor) -> None:
    """Somebody who sees the public channel from outside is no member; nor is who left while the form was open."""
    card = desk.claimed()
    behind = with_every_button(card)
    with nothing_happens(desk, card):
        is_told_why_not(desk, desk.otto, "Add note", ONLY_MEMBERS, on=behind)
        modal = opens(desk.arjun, "Add note", on=card)
        leaves(desk, "Arjun")
        modal.submit({"Note": "I still see it."})
        modal.shows(ONLY_MEMBERS)
    leaves(desk, "Tess")
    noted(desk, desk.tess, "I have a role here.")
    joins(desk, "Otto")
    noted(desk, desk.otto, "I am a member now.")
    assert [entry[2] for entry in record(desk) if entry[1] == "noted"] == ["U0TESS", "U0OTTO"]


def noted(desk: Floor, who: Person, note: str) -> None:
    card = next(message for message in desk.ana.messages(in_=ASK) if message.buttons())
    assert opens(who, "Add note", on=with_every_button(card)).submit({"Note": note}).closed
    desk.ana.sees(note, in_=card)


def test_a_case_is_raised_by_members_only(desk: Floor) -> None:
    """The form does not open for anybody else; who has just joined is looked for once more before it says no."""
    desk.otto.types("/escalate", in_=ASK)
    desk.otto.is_told("Only a member of the ASK channel can raise a case", in_=ASK)
