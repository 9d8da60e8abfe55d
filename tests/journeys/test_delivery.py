"""What must be seen is seen, once and in order, whatever Slack or the channel does meanwhile (ARCHITECTURE.md)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app.wiring import Pace
from bot.slack.calls import Slack
from bot.slack.identity import TokenRefused
from sandbox.driver import Message, Person
from sandbox.driver.switches import FaultKind
from storage import tables as t
from storage.outbox import replicas
from tests.chaos.running import until
from tests.journeys.floor import ASK, FORM, Floor, floor, stored_at
from tests.journeys.telling import lines, opens, record

CARDS = "chat.postMessage"
REDRAWS = "chat.update"

ANOTHER: dict[str, Any] = {"Customer": "Joe Poe", "Contact number": "+1 212 555 0199"}


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Floor]:
    """A floor that looks after a lost channel at once, instead of after half a minute."""
    with floor(sqlite_url, pace=Pace(beat=0.05, post=0.0, away=0.1)) as place:
        yield place


def refused(desk: Floor, error: str, times: int = 1) -> None:
    """Waits until Slack said this to the app, so many times."""
    desk.slack.eventually(
        lambda: [entry for entry in desk.slack.traffic() if entry.get("error") == error][times - 1 :] or None,
        about=f"Slack answers {error}",
    )


def cards(desk: Floor) -> list[Message]:
    """The cards in the channel."""
    return [message for message in desk.slack.channel(ASK).messages() if message.buttons()]


def submits(desk: Floor, who: Person, **changes: object) -> None:
    """Raises a case without waiting for its card."""
    who.types("/escalate", in_=ASK)
    modal = who.modal("Escalate")
    form = {**FORM, **desk.time_in(60), **changes}
    result = modal.submit({label: value for label, value in form.items() if label in modal.labels()})
    assert result.closed, result


def once(desk: Floor, card: Message, text: str) -> Message:
    """This stands in the thread, exactly once."""
    found = desk.ana.sees(text, in_=card)
    assert sum(text in line for line in lines(card)) == 1
    return found


def moments(desk: Floor, method: str, after: int = 0) -> list[datetime]:
    """When the app called a method."""
    return [datetime.fromisoformat(call["at"]) for call in desk.slack.calls(method, after)]


# Slack is slow, or away


def test_a_rate_limit_is_honoured_and_holds_only_its_method_up(desk: Floor) -> None:
    """No post before Retry-After is over; meanwhile cards are redrawn."""
    first = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    seen = len(desk.slack.traffic())
    with desk.slack.faults.during("ratelimited", CARDS, retry_after=2):
        desk.ben.clicks("Claim", on=first)
        refused(desk, "ratelimited")
        assert first.becomes("With @Ben Carter")
        modal = opens(desk.ben, "Reschedule", on=first)
        assert modal.submit({**desk.time_in(120), "Who wanted the new time?": "We did"}).closed
        first.becomes("First promised")
        assert not lines(first), "redrawn while posts rest"
    once(desk, first, "claimed case 1")
    asked, answered = moments(desk, CARDS, seen)[:2]
    assert (answered - asked).total_seconds() >= 2


def test_a_limit_on_redraws_does_not_hold_posts_up(desk: Floor) -> None:
    """The line is there while the card still waits to be redrawn, not asked for again before its time."""
    card = desk.escalates()
    seen = len(desk.slack.traffic())
    with desk.slack.faults.during("ratelimited", REDRAWS, retry_after=2):
        desk.ben.clicks("Claim", on=card)
        once(desk, card, "claimed case 1")
        assert "With @Ben Carter" not in card.now().text
        other = desk.escalates(desk.arjun, **ANOTHER)
        desk.tess.clicks("Claim", on=other)
        once(desk, other, "claimed case 2")
    card.becomes("With @Ben Carter")
    other.becomes("With @Tess Lim")
    asked, answered = moments(desk, REDRAWS, seen)[:2]
    assert (answered - asked).total_seconds() >= 2


@pytest.mark.parametrize("kind", ["http_500", "reset", "lost_answer"])
def test_each_thing_is_seen_once_though_slack_stumbles(desk: Floor, kind: str) -> None:
    """The card, the word to the agent, the redraw, the line, the ping: each call goes wrong once.

    Before Slack had read it, or after, when it stands there already and only the answer was lost.
    """
    for method in (CARDS, "chat.postEphemeral", REDRAWS):
        desk.slack.faults.add(kind, method)  # type: ignore[arg-type]
    card = desk.escalates(minutes=30)
    desk.ana.is_told("Case 1", in_=ASK)
    desk.slack.faults.add(kind, CARDS)  # type: ignore[arg-type]
    desk.ben.clicks("Claim", on=card)
    once(desk, card, "claimed case 1")
    card.becomes("With @Ben Carter")
    desk.slack.faults.add(kind, CARDS)  # type: ignore[arg-type]
    desk.clock.passes(minutes=15)
    once(desk, card, "you call case 1")
    assert len(cards(desk)) == 1
    assert not desk.slack.faults.left()


@pytest.mark.parametrize("kind", ["lost_answer", "done_500", "slow"])
def test_a_claim_before_the_bot_knows_of_its_card_is_on_the_card(
    sqlite_url: str, kind: FaultKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack has the card, the bot has no answer (cut off, a 500, none in time). Ben claims meanwhile."""
    new_session = Slack.new_session
    monkeypatch.setattr(Slack, "new_session", staticmethod(lambda: new_session(patience=3.0)))
    with floor(sqlite_url) as desk:
        with desk.slack.faults.during("http_500", "conversations.history"):
            desk.slack.faults.add(kind, CARDS, delay=6.0)
            submits(desk, desk.ana)
            card = desk.slack.eventually(
                lambda: next(iter(cards(desk)), None), about="a card without an answer"
            )
            assert desk.ben.clicks("Claim", on=card).acked
        desk.clock.passes(minutes=1)
        once(desk, card, "claimed case 1")
        assert "Claim" not in card.becomes("With @Ben Carter").buttons()
        assert len(cards(desk)) == 1


def test_a_slow_answer_is_waited_for(desk: Floor) -> None:
    """Nothing is sent twice because it takes long."""
    desk.slack.faults.add("slow", CARDS, delay=0.7)
    card = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    assert cards(desk) == [card]
    assert len(desk.slack.calls(CARDS)) == 1


def test_a_case_raised_while_slack_is_down_is_not_lost(desk: Floor) -> None:
    """Kept at once; the card when Slack is back; only then the agent is told that it is visible."""
    desk.ana.types("/escalate", in_=ASK)
    modal = desk.ana.modal("Escalate")
    with desk.slack.faults.during("reset"):
        assert modal.submit({**FORM, **desk.time_in(60)}).closed
        assert [kind for _, kind, _ in record(desk)] == ["raised"]
        desk.slack.eventually(
            lambda: [e for e in desk.slack.traffic() if e["kind"] == "fault"] or None,
            about="a call that failed",
        )
        assert not cards(desk)
        assert not desk.ana.ephemerals(in_=ASK)
    desk.clock.passes(minutes=2)
    told = desk.ana.is_told("Case 1", in_=ASK)
    assert len(cards(desk)) == 1
    assert told.ts > cards(desk)[0].ts


def test_a_start_waits_until_slack_answers(desk: Floor) -> None:
    """However long that takes; then the desk is open, and what waited is said."""
    card = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    desk.closes()
    desk.clock.passes(minutes=3)
    desk.slack.faults.add("http_500", "auth.test")
    desk.opens()
    once(desk, card, "Nobody has claimed")


def test_a_start_says_at_once_what_a_killed_bot_had_in_hand(desk: Floor) -> None:
    """On SQLite there is no other bot: nobody waits for the killed one's time, or for its lease, to end."""
    card = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    with desk.slack.faults.during("http_500", CARDS):
        desk.ben.clicks("Claim", on=card)
        card.becomes("With @Ben Carter")
        desk.closes()
    books = stored_at(desk.database)
    with books.begin() as unit:
        ahead = desk.clock.now() + timedelta(seconds=25)
        line = t.notices.update().where(t.notices.c.kind == "line")
        unit.connection.execute(line.values(state="sending", deadline=ahead, sender="the killed one"))
        replicas.hold(unit, "C0ASKBILL", "the killed one", timedelta(minutes=10))
    books.close()
    desk.opens()
    once(desk, card, "claimed case 1")


# People do things to messages and channels


def test_a_deleted_card_is_posted_again_and_lines_go_under_the_new_one(desk: Floor) -> None:
    """As soon as anything happens to its case."""
    old = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    modal = opens(desk.ana, "Reschedule", on=old)
    desk.mia.deletes(old)
    assert modal.submit({**desk.time_in(120), "Who wanted the new time?": "The customer"}).closed
    new = desk.ana.sees("First promised", in_=ASK)
    assert new.ts != old.ts
    once(desk, new, "rescheduled case 1")
    desk.ben.clicks("Claim", on=new)
    once(desk, new, "claimed case 1")
    assert cards(desk) == [new]


def test_a_deleted_card_with_replies_leaves_them_and_goes_on_below(desk: Floor) -> None:
    """What was said stays in its old thread; card and lines go on under a new one."""
    old = desk.claimed()
    modal = opens(desk.ben, "Reschedule", on=old)
    desk.mia.deletes(old)
    assert modal.submit({**desk.time_in(120), "Who wanted the new time?": "We did"}).closed
    new = desk.ana.sees("First promised", in_=ASK)
    assert new.ts != old.ts
    once(desk, new, "rescheduled case 1")
    assert any("claimed case 1" in line for line in lines(old))


def test_a_deleted_card_comes_back_with_the_next_ping(desk: Floor) -> None:
    """Nobody can claim what is not there: whoever is called finds it below."""
    old = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    desk.mia.deletes(old)
    desk.clock.passes(minutes=3)
    new = desk.sam.sees("Jane Doe", in_=ASK)
    once(desk, new, "Nobody has claimed")
    assert cards(desk) == [new]


def test_a_card_deleted_with_its_thread_comes_back_with_the_next_ping_as_well(desk: Floor) -> None:
    """The thread of a deleted card takes replies still, but has no buttons."""
    old = desk.claimed(minutes=30)
    desk.mia.deletes(old)
    desk.clock.passes(minutes=15)
    new = desk.ben.sees("With @Ben Carter", in_=ASK)
    once(desk, new, "you call case 1")
    assert cards(desk) == [new]


def test_an_archived_channel_is_served_when_it_returns(desk: Floor) -> None:
    """Nothing is dropped meanwhile, nothing comes twice."""
    desk.ana.types("/escalate", in_=ASK)
    modal = desk.ana.modal("Escalate")
    place = desk.slack.channel(ASK)
    with capture_logs() as logs:
        place.archive()
        form = {**FORM, **desk.time_in(60)}
        assert modal.submit({label: value for label, value in form.items() if label in modal.labels()}).closed
        refused(desk, "is_archived", times=2)
        place.unarchive()
        desk.clock.passes(minutes=1)
        desk.ana.is_told("Case 1", in_=ASK)
    assert len(cards(desk)) == 1
    assert "the channel cannot be reached" in {entry["event"] for entry in logs}, "it is said aloud"


def test_a_card_in_an_archived_channel_is_redrawn_when_it_returns(desk: Floor) -> None:
    """Slack has another word for it when a message is to be changed; the redraw was parked for good once."""
    card = desk.claimed(minutes=30)
    place = desk.slack.channel(ASK)
    with capture_logs() as logs:
        place.archive()
        desk.clock.passes(minutes=30)
        refused(desk, "is_inactive")
        place.unarchive()
        desk.clock.passes(minutes=1)
        once(desk, card, "is the agreed time for case 1")
        desk.clock.passes(minutes=15)
        card.becomes("Overdue since")
    assert not [entry for entry in logs if "parked" in entry["event"]]


def test_a_bot_that_was_removed_goes_on_when_it_is_invited_back(desk: Floor) -> None:
    """As above, for the other way to lose a channel."""
    card = desk.claimed(minutes=30)
    place = desk.slack.channel(ASK)
    place.kick("U0ASKDESK")
    desk.clock.passes(minutes=15)
    refused(desk, "not_in_channel", times=2)
    place.invite("U0ASKDESK")
    desk.clock.passes(minutes=1)
    once(desk, card, "you call case 1")


# Slack says no


def test_blocks_that_slack_refuses_are_said_in_plain_text(desk: Floor) -> None:
    """The line, the card and the word to the agent."""
    for method in (CARDS, "chat.postEphemeral"):
        desk.slack.faults.add("error", method, error="invalid_blocks")
    submits(desk, desk.ana)
    told = desk.ana.is_told("Case 1", in_=ASK)
    (card,) = [m for m in desk.slack.channel(ASK).messages() if "Case 1" in m.text]
    assert (card.blocks, told.blocks) == ([], [])
    assert "Jane Doe" in card.text


def test_what_slack_refuses_for_good_is_parked_and_the_rest_goes_on(desk: Floor) -> None:
    """It stays, with Slack's word for it; the next line goes out."""
    card = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    desk.slack.faults.add("error", CARDS, error="msg_too_long")
    with capture_logs() as logs:
        desk.ben.clicks("Claim", on=card)
        card = card.becomes("With @Ben Carter")
        desk.ben.clicks("Calling now", on=card)
        once(desk, card, "calling now")
    assert not [line for line in lines(card) if "claimed" in line]
    parked = [entry for entry in logs if "parked" in entry["event"]]
    assert [(entry["why"], entry["log_level"]) for entry in parked] == [("msg_too_long", "error")]


def test_a_confirmation_that_cannot_reach_its_agent_is_let_go(desk: Floor) -> None:
    """Ana left the channel a moment ago: the card is there for all, and nothing is parked for somebody to look at."""
    desk.slack.faults.add("error", "chat.postEphemeral", error="user_not_in_channel")
    with capture_logs() as logs:
        card = desk.escalates()
        desk.ben.clicks("Claim", on=card)
        once(desk, card, "claimed case 1")
    said = [(entry["event"], entry["log_level"]) for entry in logs if entry.get("kind") == "confirmation"]
    assert said == [("a confirmation cannot reach its agent any more; the card is there", "warning")]
    assert not [entry for entry in logs if entry["log_level"] == "error"]


def hangs_up(desk: Floor) -> None:
    """The desk ends by itself; its connections go without a word that a workspace's change would tell."""
    until(lambda: None if desk.slack.sockets.alive() else True, about="the desk is closed")


def test_a_revoked_token_ends_the_desk_with_a_sentence(desk: Floor) -> None:
    """It says which token and what to do; what waited is sent after the next start."""
    card = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    desk.slack.revoke("bot")
    desk.clock.passes(minutes=3)
    refused(desk, "token_revoked")
    hangs_up(desk)
    with pytest.raises(TokenRefused, match="SLACK_BOT_TOKEN is refused by Slack"):
        desk.closes()
    desk.slack.restore("bot")
    desk.opens()
    once(desk, card, "Nobody has claimed")


def test_a_token_revoked_while_nothing_is_to_be_said_ends_the_desk_too(desk: Floor) -> None:
    """The first who asks for a form shows it; else an empty desk would go on for ever and answer nobody."""
    desk.slack.revoke("bot")
    desk.ana.types("/escalate", in_=ASK)
    hangs_up(desk)
    with pytest.raises(TokenRefused, match="SLACK_BOT_TOKEN is refused by Slack"):
        desk.closes()


# Everything at its pace, each thing once


def test_posts_keep_slacks_pace_and_redraws_go_between(sqlite_url: str) -> None:
    """About one post a second in a channel; Slack's limits are on, and none is hit."""
    with floor(sqlite_url, pace=Pace(beat=0.05), limits=True) as desk:
        for who, number in ((desk.ana, "+1 212 555 0132"), (desk.arjun, "+1 212 555 0199")):
            submits(desk, who, **{"Contact number": number})
        first = desk.slack.eventually(lambda: next(iter(cards(desk)), None), about="the first card")
        desk.ben.clicks("Claim", on=first)
        first.becomes("With @Ben Carter")
        once(desk, first, "claimed")
        posts, redraws = moments(desk, CARDS), moments(desk, REDRAWS)
        assert len(posts) == 3
        # When one arrives is the machine's doing too; the pace shows over all of them.
        assert (posts[-1] - posts[0]).total_seconds() >= 1.5
        assert redraws[0] < posts[-1], "the card did not wait for its turn among the posts"
        assert not [entry for entry in desk.slack.traffic() if entry.get("error") == "ratelimited"]


def test_what_slack_delivers_twice_acts_once(desk: Floor) -> None:
    """A form and a click."""
    desk.ana.types("/escalate", in_=ASK)
    modal = desk.ana.modal("Escalate")
    desk.slack.sockets.duplicate_next()
    modal.submit({**FORM, **desk.time_in(60)})
    desk.ana.is_told("Case 1", in_=ASK)
    (card,) = cards(desk)
    desk.slack.sockets.duplicate_next()
    desk.ben.clicks("Claim", on=card)
    once(desk, card, "claimed case 1")
    desk.slack.settles()
    assert [kind for _, kind, _ in record(desk)] == ["raised", "claimed"]
    assert not desk.ben.ephemerals(in_=ASK), "nobody is told that they have it already"


# Who is who


def test_groups_that_cannot_be_read_keep_their_last_good_list(desk: Floor) -> None:
    """A start while Slack does not tell: Sam is an SME still."""
    card = desk.escalates()
    desk.closes()
    with desk.slack.faults.during("error", "usergroups.users.list", error="internal_error"):
        desk.opens()
        desk.sam.clicks("Claim", on=card)
        once(desk, card, "Sam Ortiz claimed case 1")


def test_a_changed_group_changes_who_may_without_a_restart(desk: Floor) -> None:
    """Amy joins the SMEs, Sam leaves them."""
    card = desk.escalates()
    desk.slack.set_usergroup("billing-smes", ["Amy Cole", "Sia Novak"])
    desk.slack.settles()
    desk.slack.eventually(
        lambda: desk.slack.calls("usergroups.users.list")[3:] or None, about="the group is read again"
    )
    desk.sam.clicks("Claim", on=card)
    desk.sam.is_told("Only an SME/TL or a manager can", in_=ASK)
    desk.slack.person("Amy").clicks("Claim", on=card)
    once(desk, card, "Amy Cole claimed case 1")


def test_the_people_of_a_group_that_is_gone_are_still_called(desk: Floor) -> None:
    """Its mention would reach nobody: they are named one by one, and may claim as before, until the group is back."""
    desk.closes()
    with desk.slack.faults.during("error", "usergroups.users.list", error="no_such_subteam"):
        desk.opens()
        card = desk.escalates()
        desk.clock.passes(minutes=3)
        assert desk.sam.sees("Nobody has claimed", in_=card).mentions() == {"U0SAM", "U0SIA"}
        desk.sam.clicks("Claim", on=card)
        once(desk, card, "Sam Ortiz claimed case 1")
    desk.slack.set_usergroup("billing-smes", ["Sam Ortiz"])
    desk.slack.settles()
    card = desk.escalates(**ANOTHER)
    desk.clock.passes(minutes=3)
    assert desk.sam.sees("Nobody has claimed", in_=card).mentions() == {"S0SMES"}


# Something went wrong


@contextmanager
def table_gone(desk: Floor, table: str) -> Iterator[None]:
    """Within the block a table of the database is missing."""
    with sqlite3.connect(desk.database.removeprefix("sqlite:///"), timeout=20) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO gone")
        connection.commit()
        yield
        connection.execute(f"ALTER TABLE gone RENAME TO {table}")
    connection.close()


def test_whoever_meets_a_failure_gets_a_reference_that_the_log_has_too(desk: Floor) -> None:
    """A click and a form while the database is broken; when it is mended the same process goes on."""
    card = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    desk.ana.types("/escalate", in_=ASK)
    modal = desk.ana.modal("Escalate")
    with capture_logs() as logs:
        with table_gone(desk, "handled"):
            assert desk.ben.clicks("Claim", on=card).acked
            told = desk.ben.is_told("Something went wrong", in_=ASK)
            known = {label: value for label, value in FORM.items() if label in modal.labels()}
            (at_form,) = modal.submit({**known, **desk.time_in(60)}).errors.values()
            assert "Something went wrong" in at_form
        marks = [entry["reference"] for entry in logs if entry["event"] == "something failed"]
    assert len(set(marks)) == 2
    assert all(marks)
    assert marks[0] in told.text
    assert marks[1] in at_form
    again = modal.submit({"Contact number": "+1 212 555 0199"})
    assert again.closed, "the form was kept with all that was typed"
    desk.ben.clicks("Claim", on=card)
    once(desk, card, "claimed case 1")
    desk.slack.eventually(lambda: True if len(cards(desk)) == 2 else None, about="the second case's card")
