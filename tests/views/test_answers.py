"""Answers to one person: the confirmation, lists, a case's history, help, tips, refusals; and the ids."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given

from bot.faces.registry import BUTTONS, the
from bot.faces.thread import show
from bot.usecases.links import LinkedCase
from bot.views import lists, refusals
from bot.views.confirm import confirmation, told
from bot.views.ids import Action, action_of, case_of, metadata, more_value, read_metadata, read_more
from bot.views.refusals import Place
from cases import moves
from cases.errors import OutOfUse
from cases.words import COACHING
from storage.records import EventRecord
from tests import build
from tests.build import acting
from tests.views.reading import assert_answerable, assert_postable, mentioned, nasty_texts, shown

PROGRAM, NOW = build.program(), build.NOW
LINK = "https://slack.test/archives/C0ASKBILL/p1"


def history(count: int = 1, note: str = "Called the warehouse") -> list[EventRecord]:
    change = moves.add_note(build.claimed(), acting(build.BEN, NOW), note)
    event = change.events[0]
    return [
        EventRecord(n, 42, event.kind, event.by, NOW + timedelta(minutes=n), event.facts, event.said)
        for n in range(1, count + 1)
    ]


def test_the_agent_is_told_that_the_case_is_visible_and_where() -> None:
    message = confirmation(build.raised(), LINK)
    assert_postable(message)
    assert "Case 42 · Jane Doe" in shown(message)
    assert "Mon 23 Nov, 11:00 America/New_York" in message.text
    button = message.blocks[-1]["elements"][0]
    assert (button["action_id"], button["url"]) == (Action.OPEN_CARD, LINK)


def test_without_a_link_the_confirmation_has_no_button() -> None:
    message = confirmation(build.waiting(), None)
    assert_postable(message)
    assert all(block["type"] != "actions" for block in message.blocks)


def test_a_sentence_of_the_desk_is_told_as_it_is() -> None:
    sentence = "Case 42 is with <@U0BEN>, so you can't claim it."
    message = told(sentence)
    assert_postable(message)
    assert shown(message) == message.text == sentence
    assert_postable(told("x" * 5000))


def test_callbacks_are_listed_soonest_first_with_their_links() -> None:
    cases = [
        LinkedCase(build.attempted(build.on_call(build.claimed(build.raised(number=7)))), LINK),
        LinkedCase(build.claimed(), LINK),
        LinkedCase(build.raised(number=9)),
    ]
    message = lists.callbacks(cases, "all", build.WHEN_OVERDUE)
    assert_postable(message)
    text = shown(message)
    assert text.index("Case 9") < text.index("Case 42") < text.index("Case 7")
    assert f"<{LINK}|Case 42 · Jane Doe>" in text
    assert "*nobody has claimed it* for" in text
    assert "was due 40 min ago" in text
    assert all(f"Case {number}" in message.text for number in (7, 9, 42))


def test_a_long_list_ends_with_how_many_more() -> None:
    cases = [LinkedCase(build.raised(number=n), LINK) for n in range(1, 51)]
    message = lists.callbacks(cases, "all", NOW)
    assert_postable(message)
    assert "*All open cases*: 50" in shown(message)
    assert "… and 30 more." in shown(message)


@pytest.mark.parametrize(
    ("which", "words"),
    [("mine", "You have no open cases"), ("", "You have no open cases"), ("due", "Nothing is due"),
     ("overdue", "Nothing is overdue"), ("all", "No open cases"), ("else", "No case matches")],
)  # fmt: skip
def test_an_empty_list_says_so_kindly(which: str, words: str) -> None:
    message = lists.callbacks([], which, NOW)
    assert_postable(message)
    assert words in shown(message)


def test_a_case_that_waits_for_a_manager_is_in_the_list() -> None:
    message = lists.callbacks([LinkedCase(build.awaiting_sign_off())], "mine", build.WHEN_OVERDUE)
    assert_postable(message)
    assert "a manager decides, 3 of 3 attempts used" in shown(message)


def test_a_case_is_shown_with_its_history_and_without_its_number() -> None:
    message = show(build.claimed(), PROGRAM, NOW, history())
    assert_postable(message)
    assert "<@U0BEN> noted: Called the warehouse" in shown(message)
    assert build.NUMBER not in str(message)
    assert all(block["type"] != "actions" for block in message.blocks)


def test_a_long_history_shows_its_end() -> None:
    message = show(build.claimed(), PROGRAM, NOW, history(100))
    assert_postable(message)
    assert "… 70 earlier" in shown(message)


@given(nasty_texts)
def test_whatever_was_typed_lists_and_histories_fit(text: str) -> None:
    case = build.claimed(build.raised(build.escalation(customer=text[:80], details=text[:1000])))
    listed = lists.callbacks([LinkedCase(case, LINK)] * 25, "all", NOW)
    told_of = show(case, PROGRAM, NOW, history(40, text))
    for message in (listed, told_of, confirmation(case, LINK)):
        assert_answerable(message)
        assert mentioned(message) - {LINK} <= {"@U0BEN", "@U0ANA"}


def test_help_names_the_commands_and_the_channel() -> None:
    message = lists.help_(PROGRAM)
    assert_postable(message)
    for word in ("/escalate", "/callbacks", "/askdesk show", "/askdesk tips", "<#C0ASKBILL>"):
        assert word in shown(message)


def test_tips_give_each_step_with_its_coaching() -> None:
    message = lists.tips()
    assert_postable(message)
    for step, coaching in COACHING.items():
        assert step.label in shown(message)
        assert coaching in shown(message)


@pytest.mark.parametrize("place", Place)
def test_a_wrong_place_is_pointed_to_the_right_one(place: Place) -> None:
    sentence = refusals.wrong_place(place, [PROGRAM, build.program(channel="C0OTHER")])
    assert place.value in sentence
    assert "<#C0ASKBILL> or <#C0OTHER>" in sentence
    assert_postable(told(sentence))


def test_where_no_desk_is_the_team_lead_knows() -> None:
    assert "team lead" in refusals.wrong_place(Place.DM, [])


def test_a_failure_gives_its_reference_and_promises_nothing() -> None:
    sentence = refusals.failed("a1b2")
    assert "`a1b2`" in sentence
    assert "card" in sentence
    assert_postable(told(refusals.stranger()))


@given(nasty_texts)
def test_an_unknown_word_is_repeated_without_its_powers(text: str) -> None:
    message = told(refusals.unknown(text))
    assert_postable(message)
    assert mentioned(message) == set()


def test_buttons_and_menu_entries_name_their_move() -> None:
    shown_moves = set(moves.MOVES) - {
        moves.raise_case,
        moves.follow_up,
        moves.withdraw,
        moves.owner_left,
        moves.stay,
    }
    for move in shown_moves:
        assert the(BUTTONS, action_of(move)).of is move
        assert read_more(more_value(move, 42)) == (action_of(move), "42")
    several = moves.claim_and_call
    assert the(BUTTONS, action_of(several)).of is several
    for action in (Action.MORE, Action.OPEN_CARD, "case_nothing"):
        with pytest.raises(OutOfUse):
            the(BUTTONS, action)


def test_metadata_is_read_back_and_nonsense_is_nothing() -> None:
    assert case_of({"private_metadata": metadata(program=1, case=42)}) == 42
    assert read_metadata(metadata(program=1, case=42)) == {"program": 1, "case": 42}
    assert read_metadata(None) == read_metadata("no json") == read_metadata("[1]") == {}
