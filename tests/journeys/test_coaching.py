"""Coaching in Slack: owed in the thread, given in a form, read and acknowledged in App Home; who can read it by which way."""

from __future__ import annotations

import json
from copy import copy
from datetime import timedelta
from pathlib import Path

from bot.views import blocks
from bot.views.ids import Action
from sandbox.driver import Home, Message, Person
from storage.store import Store
from storage.writing import coaching
from tests.journeys.floor import ASK, START, Floor, floor
from tests.journeys.telling import closes, number

OBSERVED = "Said that is our policy three times before offering anything."
ACTION = "Offer one option before naming the policy."
COMMENT = "Fair. I had three chats open at that moment."
SECRETS = (OBSERVED, ACTION, COMMENT, "Training needed", "Training")
FEEDBACK: dict[str, object] = {
    "Observed behaviour": OBSERVED,
    "Missed steps": ["Offered a solution or alternative"],
    "Controllable by": "The agent",
    "Agreed action": ACTION,
    "Follow-up on": "2026-12-07",
    "Outcome": "Training needed",
}


MISSED: dict[str, object] = {"De-escalation opportunity missed": "One"}


def missed(desk: Floor) -> Message:
    """A case that Ben closed with a missed opportunity; its card, once the thread says that feedback is owed."""
    card = closes(desk, desk.claimed(), desk.ben, **MISSED)
    desk.ben.sees("Feedback owed", in_=card)
    return card


def with_read(card: Message) -> Message:
    """The card as if somebody's screen had a button on it that it never has."""
    seen = copy(card)
    button = blocks.with_button("Feedback", "Read", Action.READ_FEEDBACK, "1", "behind")
    seen.raw = {**card.raw, "blocks": blocks.rendered([button])}
    return seen


def owes(card: Message) -> Message:
    """The line with the button."""
    return next(line for line in card.thread() if "Give feedback" in line.buttons())


def gives(who: Person, line: Message) -> None:
    assert who.clicks("Give feedback", on=line).acked
    assert who.modal("Give feedback").submit(FEEDBACK).closed


def home(desk: Floor, who: Person, saying: str) -> Home:
    """Somebody's Home, looked at until it says something."""
    who.opens_home()
    return desk.slack.eventually(
        lambda: here if saying in (here := who.home()).text else None,
        about=f"{saying!r} in the Home of {who.name}",
    )


def seen_by(desk: Floor, who: Person, card: Message) -> str:
    """All that somebody gets to see without opening a form: channel, thread, Home, what the commands answer."""
    who.types("/askdesk show 1", in_=ASK)
    told = [message.raw for message in who.ephemerals(in_=ASK)]
    thread = [line.raw for line in card.thread()]
    channel = [message.raw for message in who.messages(in_=ASK)]
    return json.dumps([told, thread, channel, home(desk, who, "What to type").raw])


def test_feedback_is_owed_given_read_and_acknowledged(desk: Floor) -> None:
    """From the close form to the comment; the thread holds names and dates, each said once."""
    card = missed(desk)
    line = owes(card)
    assert "Feedback owed to @Ana Reyes, by Ben Carter, until " in line.text
    gives(desk.ben, line)
    desk.ana.sees("Feedback given", in_=card)

    anas = home(desk, desk.ana, "Feedback for you: 1")
    desk.ana.clicks("Read and acknowledge", on=anas)
    modal = desk.ana.modal("Feedback")
    for said in (OBSERVED, ACTION, "Training needed", "Mon 7 Dec 2026"):
        assert said in modal.text
    assert modal.submit({"Your comment": COMMENT}).closed
    desk.ben.sees("Feedback acknowledged", in_=card)

    bens = home(desk, desk.ben, "acknowledged")
    desk.ben.clicks("Read", on=bens)
    assert COMMENT in desk.ben.modal("Feedback").text
    assert [line.text.count("Feedback given") for line in card.thread()].count(1) == 1


def test_what_was_said_is_seen_by_agent_superior_and_managers_and_by_nobody_else(desk: Floor) -> None:
    """By every way in: card, thread, Home, `show`, a form behind a button, and the files of the database."""
    card = missed(desk)
    gives(desk.ben, owes(card))
    desk.ana.clicks("Read and acknowledge", on=home(desk, desk.ana, "Feedback for you: 1"))
    desk.ana.modal("Feedback").submit({"Your comment": COMMENT})
    desk.ben.sees("Feedback acknowledged", in_=card)

    mias = home(desk, desk.mia, "Recent feedback")
    desk.mia.clicks("Read", on=mias)
    assert OBSERVED in desk.mia.modal("Feedback").text
    desk.mia.modal("Feedback").close()

    for who in (desk.ana, desk.arjun, desk.sam, desk.ben, desk.tess, desk.mia):
        everything = seen_by(desk, who, card)
        assert not [secret for secret in SECRETS if secret in everything], who.name

    assert OBSERVED not in home(desk, desk.otto, "What to type").text
    for who in (desk.tess, desk.sam, desk.arjun):
        who.clicks("Read", on=with_read(card), as_seen=True)
        who.is_told("Only the agent, the direct superior and managers can read", in_=ASK)
        assert not who.modals()

    desk.closes()
    folder = Path(desk.database.removeprefix("sqlite:///")).parent
    there = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert b"coaching_given" in there
    assert not [secret for secret in (*SECRETS, "training") if secret.encode() in there]


def test_who_may_not_give_it_reads_who_does_and_what_was_given_is_given_once(desk: Floor) -> None:
    """Told only to them; the agent, another team lead, the manager before it is overdue."""
    card = missed(desk)
    line = owes(card)
    for who, sentence in (
        (desk.ana, "This feedback is for you"),
        (desk.tess, "Only the direct superior, @Ben Carter, can give this feedback."),
        (desk.mia, "A manager can once it is overdue."),
    ):
        who.clicks("Give feedback", on=line)
        who.is_told(sentence, in_=ASK)
        assert not who.modals()
    desk.ben.clicks("Give feedback", on=line)
    bens = desk.ben.modal("Give feedback")
    desk.clock.passes(days=4)
    desk.mia.clicks("Give feedback", on=line)
    mias = desk.mia.modal("Give feedback")
    assert bens.submit(FEEDBACK).closed
    mias.submit(FEEDBACK)
    assert "@Ben Carter already gave this feedback on 28 November 2026" in desk.mia.modal().text


def test_a_mistake_stands_at_its_field_and_the_form_stays(desk: Floor) -> None:
    card = missed(desk)
    desk.ben.clicks("Give feedback", on=owes(card))
    modal = desk.ben.modal("Give feedback")
    wrong = {**FEEDBACK, "Outcome": "No missed opportunity after all", "Follow-up on": "2026-11-01"}
    refused = modal.submit(wrong)
    assert not refused.closed
    assert set(refused.errors) == {"Missed steps", "Follow-up on"}


def test_what_is_owed_is_chased_and_climbs_to_the_managers_until_it_is_given(desk: Floor) -> None:
    """A working day before, when it is due, and a day later with the managers; then no more."""
    card = missed(desk)
    store = Store.at(desk.database)
    try:
        (item,) = store.ask_now(coaching.owed, 1)
    finally:
        store.close()

    def passes(until: timedelta) -> None:
        desk.clock.passes(seconds=(item.due_at + until - desk.clock.now()).total_seconds())

    assert item.chase_at is not None
    passes(item.chase_at - item.due_at)
    desk.ben.sees("@Ben Carter Feedback about case 1 (Jane Doe) is owed: due", in_=card)
    passes(timedelta(minutes=1))
    desk.ben.sees("is owed: overdue for 1 min", in_=card)
    passes(timedelta(days=6))
    called = desk.mia.sees(
        "@billing-managers Feedback about case 1 (Jane Doe) is owed: overdue for", in_=card
    )
    assert "@Ana" not in called.text
    assert desk.mia.clicks("Give feedback", on=called).acked
    assert desk.mia.modal("Give feedback").submit({**FEEDBACK, "Follow-up on": None}).closed
    desk.ana.sees("Feedback given", in_=card)
    before = len(card.thread())
    desk.clock.passes(days=9)
    desk.slack.settles()
    assert len(card.thread()) == before


def test_without_a_key_the_desk_says_so_and_keeps_only_that_feedback_was_given(sqlite_url: str) -> None:
    """The superior confirms it, the agent acknowledges it; nothing is there that somebody could have written."""
    with floor(sqlite_url, settings={"ENCRYPTION_KEY": ""}) as desk:
        card = missed(desk)
        desk.ben.clicks("Give feedback", on=owes(card))
        form = desk.ben.modal("Give feedback")
        assert "Feedback can't be stored here" in form.text
        assert "ENCRYPTION_KEY" in form.text
        assert (form.labels(), form.submit_label) == ([], "I gave feedback")
        assert form.submit().closed
        desk.ana.sees("Feedback given", in_=card)
        desk.ana.clicks("Read and acknowledge", on=home(desk, desk.ana, "Feedback for you: 1"))
        told = desk.ana.modal("Feedback")
        assert "The text is not stored" in told.text
        assert told.labels() == []
        assert told.submit().closed
        desk.ben.sees("Feedback acknowledged", in_=card)
        store = Store.at(desk.database)
        try:
            (item,) = store.ask_now(coaching.given_since, 1, START)
            assert store.ask_now(coaching.said, item.id) == coaching.Said(None, None)
        finally:
            store.close()


def test_three_missed_opportunities_are_one_more_conversation(desk: Floor) -> None:
    """Told in the thread of the third, with the cases; a manager may give it, and the agent reads it as any other."""
    for customer, digits in (("A", "+1 212 555 0141"), ("B", "+1 212 555 0142"), ("C", "+1 212 555 0143")):
        claimed = desk.claimed(Customer=customer, **number(digits))
        card = closes(desk, claimed, desk.ben, **MISSED)
        desk.ben.sees("Feedback owed", in_=card)
    told = desk.ben.sees("about case 1, case 2 and case 3", in_=card)
    assert "by Ben Carter or @billing-managers" in told.text, "who closed it knows"
    assert desk.mia.clicks("Give feedback", on=told).acked
    form = desk.mia.modal("Give feedback")
    assert all(f"Case {case} · {name}" in form.text for case, name in ((1, "A"), (2, "B"), (3, "C")))
    assert form.submit(FEEDBACK).closed
    home(desk, desk.ana, "about case 1, case 2 and case 3")
