"""The card: exactly the buttons that the state allows, and what a tired team lead must see."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given

from bot.views.buttons import buttons
from bot.views.card import card
from cases import moves
from cases.case import Case
from cases.contact import Contact
from cases.masking import masked_text
from cases.moves import Click, Move
from cases.people import ANYBODY
from cases.words import ContactKind, Mood, NotAttempted, Outcome, Reason, Satisfied
from tests import build
from tests.build import acting
from tests.retention import blanked
from tests.views.reading import (
    assert_postable,
    coloured,
    mentioned,
    nasty_texts,
    overflow,
    quotes,
    row,
    shown,
)

PROGRAM = build.program()
IN_HAND = (moves.hand_over, moves.release, moves.escalate_further, moves.add_note, moves.show_number)
BEFORE, LATE = build.NOW + timedelta(minutes=5), build.WHEN_OVERDUE
STALE = build.DUE + build.CALL_MAY_TAKE + timedelta(minutes=1)

CALLING = (moves.calling_now, moves.log_outcome, moves.reschedule)
ON_CALL = (moves.complete, moves.log_outcome, moves.reschedule)

TAKE = moves.claim_and_call

STATES: dict[str, tuple[Case, datetime, tuple[Click, ...], tuple[Move, ...], tuple[Click, ...]]] = {
    "open": (build.raised(), BEFORE, (moves.claim, moves.reschedule), (moves.add_note, moves.show_number), (moves.claim,)),
    "waiting on the line": (
        build.waiting(), BEFORE, (TAKE, moves.reschedule), (moves.add_note, moves.show_number), (TAKE,),
    ),
    "open and overdue": (
        build.raised(), LATE, (moves.claim, moves.reschedule), (moves.add_note, moves.show_number), (moves.claim,),
    ),
    "claimed": (build.claimed(), BEFORE, CALLING, IN_HAND, (moves.calling_now,)),
    "claimed, the owner silent at the agreed time": (
        build.claimed(), build.DUE, (*CALLING, moves.take_over), IN_HAND, (moves.calling_now,),
    ),
    "claimed and overdue": (build.claimed(), LATE, (*CALLING, moves.take_over), IN_HAND, (moves.calling_now,)),
    "on the call": (build.on_call(), build.DUE + timedelta(minutes=1), ON_CALL, IN_HAND, (moves.complete,)),
    "on the call past the window": (build.on_call(), build.DUE + timedelta(minutes=20), ON_CALL, IN_HAND, (moves.complete,)),
    "call never logged": (build.on_call(), STALE, (*ON_CALL, moves.take_over), IN_HAND, (moves.complete,)),
    "next attempt agreed": (build.attempted(), LATE, CALLING, IN_HAND, (moves.calling_now,)),
    "follow-up agreed": (build.partly_resolved(), LATE, CALLING, IN_HAND, (moves.calling_now,)),
    "waits for a sign-off": (
        build.awaiting_sign_off(), LATE, (moves.sign_off, moves.grant_attempt),
        (moves.reschedule, moves.hand_over, moves.escalate_further, moves.add_note, moves.show_number), (moves.sign_off,),
    ),
    "waits for a sign-off, its owner left": (
        build.left_behind(build.awaiting_sign_off()), LATE, (moves.claim, moves.sign_off, moves.grant_attempt),
        (moves.reschedule, moves.add_note, moves.show_number), (moves.claim,),
    ),
    "closed": (build.closed(), LATE, (moves.reopen,), (moves.add_note, moves.show_number), ()),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_the_card_has_exactly_the_buttons_of_its_state(state: str) -> None:
    case, now, in_row, in_menu, first = STATES[state]
    message = card(case, PROGRAM, now)
    assert_postable(message)
    assert (row(message), overflow(message), coloured(message)) == (in_row, in_menu, first)
    assert buttons(case, acting(ANYBODY, now, PROGRAM)) == (in_row, in_menu)


@pytest.mark.parametrize("state", STATES)
def test_every_button_is_a_move_that_the_rules_know(state: str) -> None:
    case, now, *_ = STATES[state]
    act = acting(ANYBODY, now, PROGRAM)
    in_row, in_menu = buttons(case, act)
    assert all(moves.may(case, moves.meant(case, click, act), act) for click in (*in_row, *in_menu))
    assert len(set(in_row) | set(in_menu)) == len(in_row) + len(in_menu)
    assert (moves.take_over in in_row) == moves.may(case, moves.take_over, act)


@pytest.mark.parametrize("state", STATES)
def test_every_button_carries_the_number_of_its_case_and_no_more(state: str) -> None:
    case, now, *_ = STATES[state]
    actions = card(case, PROGRAM, now).blocks[-1]["elements"]
    assert {element["value"] for element in actions if element["type"] == "button"} == {"42"}


@pytest.mark.parametrize("state", STATES)
def test_the_card_never_shows_the_full_number(state: str) -> None:
    case, now, *_ = STATES[state]
    message = card(case, PROGRAM, now)
    assert build.NUMBER not in str(message)
    assert case.reach.spaced not in str(message)
    assert "••• ••• 4567" in shown(message)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("open", "*Open* · nobody has claimed it yet"),
        ("waiting on the line", "*Customer is waiting on the line* · nobody has claimed it yet"),
        ("open and overdue", "*Overdue* since"),
        ("claimed", "*With <@U0BEN>*"),
        ("claimed and overdue", "*Overdue* since"),
        ("on the call", "*On the call* since"),
        ("on the call past the window", "*On the call* since"),
        ("call never logged", "not logged"),
        ("next attempt agreed", "1 of 3 attempts used"),
        ("follow-up agreed", "partly resolved, follow-up agreed"),
        ("waits for a sign-off", "3 of 3 attempts used, nobody reached"),
        ("closed", "*Closed: Resolved*"),
    ],
)
def test_the_card_says_at_the_top_how_the_case_stands(state: str, words: str) -> None:
    case, now, *_ = STATES[state]
    message = card(case, PROGRAM, now)
    assert message.blocks[0]["text"]["text"] == "Case 42 · Jane Doe"
    assert words in message.blocks[1]["text"]["text"]


def test_the_promise_stands_by_the_customers_clock_and_the_readers() -> None:
    top = card(build.raised(), PROGRAM, BEFORE).blocks[1]["text"]["text"]
    assert "Mon 23 Nov, 11:00 America/New_York" in top
    assert f"<!date^{int(build.DUE.timestamp())}^" in top
    assert "until 11:15 there" in top


def test_a_customer_on_the_line_waits_since_then_and_for_how_long_at_this_moment() -> None:
    """In words that stay true however long the card stands: a length has the moment at which it was."""
    now = build.NOW + timedelta(minutes=3)
    top = card(build.waiting(), PROGRAM, now).blocks[1]["text"]["text"]
    assert "waiting on the line since Mon 23 Nov, 09:00 America/New_York" in top
    assert f"<!date^{int(build.NOW.timestamp())}^" in top
    assert f"Waiting for 3 min as of <!date^{int(now.timestamp())}^{{time}}|" in top
    taken = moves.claim_and_call(build.waiting(), acting(build.BEN, now)).case
    assert "Waiting for" not in shown(card(taken, PROGRAM, now))


def test_a_time_that_the_customer_asked_for_says_so() -> None:
    assert "asked for this time" not in shown(card(build.raised(), PROGRAM, BEFORE))
    asked = build.raised(build.escalation(asked_for_time=True))
    assert "The customer asked for this time" in shown(card(asked, PROGRAM, BEFORE))


def test_a_moved_promise_still_shows_the_first_one() -> None:
    top = card(build.attempted(), PROGRAM, LATE).blocks[1]["text"]["text"]
    assert "Next attempt" in top
    assert "First promised: Mon 23 Nov, 11:00 America/New_York" in top


def test_what_was_promised_is_quoted_as_typed() -> None:
    assert quotes(card(build.raised(), PROGRAM, BEFORE)) == [build.DETAILS]


def test_reasons_are_named_and_other_is_spelled_out() -> None:
    said = build.escalation(reasons=(Reason.LONG_WAIT, Reason.OTHER), other_reason="Wants <b>the CEO</b>")
    text = shown(card(build.raised(said), PROGRAM, BEFORE))
    assert "Long wait · Other: Wants &lt;b&gt;the CEO&lt;/b&gt;" in text


def test_steps_that_could_not_be_tried_are_flagged() -> None:
    said = build.escalation(steps=(), not_attempted=NotAttempted.HUNG_UP)
    assert ":warning: No de-escalation attempted: customer hung up" in shown(
        card(build.raised(said), PROGRAM, BEFORE)
    )
    assert ":warning:" not in shown(card(build.raised(), PROGRAM, BEFORE))


def test_a_repeat_contact_names_the_earlier_cases_and_its_priority() -> None:
    text = shown(card(build.raised(related=(12, 31)), PROGRAM, BEFORE))
    assert "*High priority* · Repeat contact: case 12, case 31" in text


def test_the_forms_optional_answers_are_shown_where_given() -> None:
    said = build.escalation(department="IT", mood=Mood.ANGRY, language="es", reference="A-1 & B")
    text = shown(card(build.raised(said), PROGRAM, BEFORE))
    assert "Department: IT · Mood: angry · Language: Spanish · Reference: A-1 &amp; B" in text


def test_another_contact_takes_the_place_of_the_forms() -> None:
    case = replace(build.claimed(), contact=Contact(ContactKind.EMAIL, "jane@example.com"))
    text = shown(card(case, PROGRAM, BEFORE))
    assert "j•••@example.com" in text
    assert "4567" not in text


def test_a_closed_card_says_what_was_granted_and_noted() -> None:
    ending = build.closing(outcome=Outcome.UPHELD, granted="20 USD", satisfied=Satisfied.PARTLY)
    message = card(build.closed(ending=ending), PROGRAM, LATE)
    assert "*Closed: Policy upheld, apologised*" in shown(message)
    assert "Customer satisfied: partly" in shown(message)
    assert quotes(message) == [build.DETAILS, "20 USD", build.NOTES]


def test_the_card_names_only_the_people_of_the_case() -> None:
    assert mentioned(card(build.raised(), PROGRAM, BEFORE)) == {"@U0ANA"}
    assert mentioned(card(build.claimed(), PROGRAM, BEFORE)) == {"@U0ANA", "@U0BEN"}


def test_a_card_whose_data_was_deleted_tells_how_the_case_went_and_nothing_else() -> None:
    """No name, no number, no words; nobody can do anything with it any more."""
    said = build.escalation(reference="A-7", other_reason="Something else")
    ended = build.closed(build.on_call(build.claimed(build.raised(said))), build.closing(granted="20 USD"))
    message = card(blanked(ended, build.DUE), build.program(), build.DUE)
    assert_postable(message)
    everything = str(message)
    assert not [
        word for word in ("Jane", "4567", "A-7", "20 USD", build.NOTES, build.DETAILS) if word in everything
    ]
    assert "Case 42 · name deleted" in everything
    assert "Closed: Resolved" in everything
    assert "Billing dispute" in everything
    assert [block["type"] for block in message.blocks if block["type"] == "actions"] == []


@given(nasty_texts)
@example("2012000000")
def test_whatever_was_typed_the_card_is_postable_and_mentions_nobody_more(text: str) -> None:
    said = build.escalation(
        customer=text[:80], details=text[:1000], other_reason=text[:150], reasons=(Reason.OTHER,),
        reference=text[:80], language_written=text[:40], department=text[:80],
    )  # fmt: skip
    ending = build.closing(granted=text[:500], notes=text)
    cases = (build.raised(said), build.closed(build.on_call(build.claimed(build.raised(said))), ending))
    for case in cases:
        message = card(case, PROGRAM, BEFORE)
        assert_postable(message)
        assert mentioned(message) <= {"@U0ANA", "@U0BEN"}
        assert quotes(message)[0] == masked_text(text[:1000], case)
