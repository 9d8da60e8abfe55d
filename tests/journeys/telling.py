"""What several journeys ask of a card: what stands there, who is told what, and that nothing moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import Any

from bot.views import blocks
from cases import moves
from cases.events import Happened
from cases.moves import Click
from sandbox.driver import PATIENCE, Message, Modal, Person
from storage.outbox import outbox
from storage.writing.programs import save_program
from tests.chaos.running import until
from tests.journeys.floor import ASK, CLOSE, Floor, stored_at

BUTTONS: tuple[Click, ...] = (
    moves.claim,
    moves.claim_and_call,
    moves.calling_now,
    moves.log_outcome,
    moves.reschedule,
    moves.hand_over,
    moves.release,
    moves.take_over,
    moves.escalate_further,
    moves.add_note,
    moves.show_number,
    moves.complete,
    moves.sign_off,
    moves.grant_attempt,
    moves.reopen,
)


def with_every_button(card: Message, number: int = 1) -> Message:
    """The card as somebody might see it whose screen is behind: with every button that a card ever has."""
    seen = copy(card)
    row = blocks.rendered([blocks.moves(number, BUTTONS)])
    seen.raw = {**card.raw, "blocks": [{**row[0], "block_id": "behind"}]}
    return seen


def posted(desk: Floor, card: Message) -> object:
    """Everything that everybody sees: the channel and the card's thread."""
    place = desk.slack.channel(ASK)
    shown = [message for message in (*place.messages(), *place.thread(card)) if not message.ephemeral]
    return [(message.ts, message.fallback, message.blocks) for message in shown]


@contextmanager
def nothing_happens(desk: Floor, card: Message) -> Iterator[None]:
    """Within the block nothing is posted, changed or kept in the record; what was under way before has ended."""
    rests(desk)
    before = posted(desk, card), record(desk)
    yield
    desk.slack.settles()
    rests(desk)
    assert (posted(desk, card), record(desk)) == before


def rests(desk: Floor) -> None:
    """Waits until all that waited in the outbox has been sent."""
    store = stored_at(desk.database)
    try:
        until(
            lambda: True if not store.ask_now(outbox.channels) else None,
            about="the outbox is empty",
        )
    finally:
        store.close()


def record(desk: Floor) -> list[tuple[int, str, str]]:
    """What people and the bot did, from the record: case, kind, by whom. That it begins with the desk is left out."""
    store = stored_at(desk.database)
    try:
        with store.read() as reading:
            rows = [(row["case_number"], row["kind"], row["by"]) for row in reading.record(1)]
            return [row for row in rows if row[1] != Happened.DESK_OPENED]
    finally:
        store.close()


def refusals(desk: Floor) -> int:
    """How many tries from the wrong place were counted."""
    store = stored_at(desk.database)
    try:
        with store.read() as reading:
            return reading.refusals()
    finally:
        store.close()


def is_told_why_not(desk: Floor, who: Person, label: str, saying: str, *, on: Message) -> None:
    """Somebody clicks what they may not: one sentence, seen only by them, and no form."""
    before = len(who.ephemerals(in_=ASK))
    assert who.clicks(label, on=on, as_seen=True).acked
    told = desk.slack.eventually(
        lambda: who.ephemerals(in_=ASK)[before:] or None,
        about=f"{who.name} is told why not {label!r}",
    )
    assert [saying in message.text for message in told] == [True], (label, saying, told)
    assert not who.modals(), (who, label)


def opens(who: Person, label: str, *, on: Message) -> Modal:
    """The form behind a button, when it is more than its light view; the card is looked at until it has that button."""
    assert who.clicks(label, on=on, within=PATIENCE).acked

    def filled() -> Modal | None:
        modal = who.modal(label[:24])
        return None if "Just a moment" in modal.text else modal

    return until(filled, about=f"the form of {label}")


def opens_for_anybody(desk: Floor, who: Person, label: str, *, on: Message) -> Modal:
    """The form behind a button while Slack does not tell what people are called: its menu offers the whole workspace."""
    with desk.slack.faults.during("error", "users.info", error="missing_scope"):
        return opens(who, label, on=on)


def logs(who: Person, disposition: str, *, on: Message, **entries: Any) -> Modal:
    """*Log outcome* filled in up to its last button: the disposition and (by label) what goes with it."""
    modal = opens(who, "Log outcome", on=on)
    modal.choose("How did the call end?", disposition)
    return modal


def tries_in_vain(desk: Floor, card: Message, times: int = 3, who: Person | None = None) -> Message:
    """The owner (Ben) logs that many calls that nobody answered; the card afterwards."""
    who = who or desk.ben
    for attempt in range(1, times + 1):
        modal = logs(who, "No answer", on=card)
        modal.shows("A manager now decides" if attempt == 3 else "next call?")
        assert modal.submit().closed
        who.sees(f"(attempt {attempt})", in_=card)
    return card.now()


def closes(desk: Floor, card: Message, who: Person | None = None, **changes: object) -> Message:
    """The owner (Ben) calls and completes the case; its card afterwards."""
    who = who or desk.ben
    who.clicks("Calling now", on=card, within=PATIENCE)
    modal = opens(who, "Complete", on=card)
    assert modal.submit({**CLOSE, **changes}).closed
    return card.becomes("Closed")


def lines(card: Message) -> Sequence[str]:
    """What the thread says, line by line."""
    return [reply.text for reply in card.thread() if not reply.ephemeral]


def number(digits: str) -> dict[str, Any]:
    """Another contact number in the form."""
    return {"Contact number": digits}


def set_up(desk: Floor, **changes: Any) -> None:
    """The program is another one from now on: departments, shifts and whatever else it has."""
    desk.closes()
    store = stored_at(desk.database)
    try:
        (program,) = store.ask_now(lambda reading: reading.programs())
        store.write_now(lambda unit: save_program(unit, replace(program, **changes)))
    finally:
        store.close()
    desk.opens()
