"""The thread: one line for each event, made by the real moves; who is mentioned in it and who is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from bot.views.lines import GONE, SENTENCES, line
from cases import coaching, moves, retention
from cases.coaching import CoachingState
from cases.contact import Contact
from cases.events import OF_THE_PROGRAM, Happened
from cases.forms import Promise
from cases.moves import Change
from cases.people import DESK, Person
from cases.words import ContactKind, Disposition, Outcome, Satisfied, WantedBy
from storage.records import EventRecord
from tests import build
from tests.build import ANA, BEN, MIA, TESS
from tests.views.reading import assert_postable, mentioned, nasty_texts, quotes, shown

PROGRAM = build.program()
LATER = Promise(build.NOW + timedelta(hours=5), build.CUSTOMER_ZONE)
LATER_SHOWN = "Mon 23 Nov, 14:00 America/New_York"
SOON = build.NOW + timedelta(minutes=10)


def records(change: Change) -> list[EventRecord]:
    """The events of a change as storage hands them out."""
    return [
        EventRecord(n, change.case.number, event.kind, event.by, SOON, event.facts, event.said)
        for n, event in enumerate(change.events, start=1)
    ]


def logged(disposition: Disposition, note: str = "") -> Change:
    return moves.log_attempt(build.on_call(), BEN, SOON, disposition, note, LATER)


def last_attempt() -> Change:
    case = replace(build.claimed(), unreached=2)
    return moves.log_attempt(case, BEN, SOON, Disposition.BUSY, "", None)


def further(by: Person = BEN, department: str | None = None, contact: Contact | None = None) -> Change:
    case = build.claimed(by=by)
    return moves.escalate_further(case, by, SOON, MIA, department, LATER, contact, "Needs a refund", PROGRAM)


RAISED = moves.raise_case(42, PROGRAM, build.escalation(), ANA, build.NOW)
CLAIMED = moves.claim(build.raised(), BEN, SOON)
CALLING = moves.calling_now(build.claimed(), BEN, SOON, build.CALL_MAY_TAKE)
BY_OWNER = moves.reschedule(build.claimed(), BEN, SOON, LATER, WantedBy.US, PROGRAM)
BY_RAISER = moves.reschedule(build.claimed(), ANA, SOON, LATER, WantedBy.CUSTOMER, PROGRAM)
HANDED = moves.hand_over(build.claimed(), BEN, SOON, TESS, "My shift ends")
HANDED_BY_MANAGER = moves.hand_over(build.claimed(), MIA, SOON, TESS, "")
RELEASED = moves.release(build.claimed(), BEN, SOON, "Sick")
LEFT = moves.owner_left(build.on_call(), DESK, SOON)
TAKEN = moves.take_over(build.claimed(), TESS, build.WHEN_OVERDUE, build.CALL_MAY_TAKE)
STAYS = moves.stay(build.claimed(), BEN)
NOTED = moves.add_note(build.claimed(), ANA, "She is at work until five")
NUMBER = moves.show_number(build.claimed(), BEN)
GRANTED = moves.grant_attempt(build.awaiting_sign_off(), MIA, SOON, LATER, PROGRAM)
PARTLY = moves.complete(build.on_call(), BEN, SOON, build.closing(outcome=Outcome.PARTLY), LATER)
CLOSED = moves.complete(
    build.on_call(), BEN, SOON, build.closing(granted="20 USD", satisfied=Satisfied.YES), None
)
SIGNED_OFF = moves.sign_off(build.awaiting_sign_off(), MIA, SOON, build.closing())
WITHDRAWN = moves.withdraw(build.on_call(), BEN, SOON, build.closing())
REOPENED = moves.reopen(build.closed(), MIA, SOON, LATER, "Refund bounced", PROGRAM)

MANAGERS = "!subteam^S0MGRS"
BLANKED = Change(retention.blanked(build.closed(), LATER.due_at), (retention.by_retention(PROGRAM),))
FORGOTTEN = replace(BLANKED, events=(retention.by_request(),))


def coached(superior: str | None, pattern: tuple[int, ...] = (), *steps: CoachingState) -> Change:
    """Feedback about a case that was closed, as far as those steps."""
    case = build.closed()
    item = replace(coaching.owed(case, PROGRAM, superior, SOON, pattern), id=7, given_by=BEN.id)
    steps = steps or (CoachingState.OWED,)
    return Change(case, tuple(coaching.event_of(replace(item, state=step)) for step in steps))


OWED = coached(BEN.id)
OWED_BY_MANAGERS = coached(None)
PATTERN = coached(BEN.id, (7, 30, 42))
GIVEN = coached(BEN.id, (), CoachingState.GIVEN)
ACKNOWLEDGED = coached(BEN.id, (), CoachingState.ACKNOWLEDGED)

LINES: dict[str, tuple[Change, str, set[str], list[str]]] = {
    "raised": (RAISED, "<@U0ANA> raised case 42.", {"@U0ANA"}, []),
    "claimed": (CLAIMED, "<@U0BEN> claimed case 42 · <@U0ANA>", {"@U0BEN", "@U0ANA"}, []),
    "calling": (CALLING, "<@U0BEN> is calling now (attempt 1)", {"@U0BEN"}, []),
    "no answer": (logged(Disposition.NO_ANSWER), "*No answer*", {"@U0BEN"}, []),
    "voicemail": (logged(Disposition.VOICEMAIL, "Left my name"), "*Voicemail left*", {"@U0BEN"}, ["Left my name"]),
    "asked to reschedule": (logged(Disposition.ASKED_RESCHEDULE), "*Asked to reschedule*", {"@U0BEN", "@U0ANA"}, []),
    "attempts ran out": (last_attempt(), "nobody reached", {"@U0BEN", MANAGERS}, []),
    "rescheduled by the owner": (BY_OWNER, "our wish", {"@U0BEN", "@U0ANA"}, []),
    "rescheduled by the agent": (BY_RAISER, "the customer's wish", {"@U0ANA", "@U0BEN"}, []),
    "handed over": (HANDED, "to <@U0TESS>", {"@U0BEN", "@U0TESS"}, ["My shift ends"]),
    "handed over by a manager": (HANDED_BY_MANAGER, "to <@U0TESS>", {"@U0MIA", "@U0TESS", "@U0BEN"}, []),
    "released": (RELEASED, "released case 42", {"@U0BEN"}, ["Sick"]),
    "owner left": (
        LEFT, "The account of <@U0BEN> was deactivated", {"!subteam^S0SMES", "!subteam^S0TLS", "@U0BEN"}, [],
    ),
    "taken over": (TAKEN, "took case 42 over from <@U0BEN>", {"@U0TESS", "@U0BEN", "@U0ANA"}, []),
    "escalated": (further(), "to tier 2. <@U0MIA> reviews it", {"@U0BEN", "@U0MIA", "@U0ANA"}, ["Needs a refund"]),
    "escalated to a department": (
        further(department="Billing & refunds"), "to Billing &amp; refunds.", {"@U0BEN", "@U0MIA", "@U0ANA"},
        ["Needs a refund"],
    ),
    "noted": (NOTED, "<@U0ANA> noted", {"@U0ANA"}, ["She is at work until five"]),
    "number shown": (NUMBER, "<@U0BEN> looked up the full number", {"@U0BEN"}, []),
    "attempt granted": (GRANTED, "granted another attempt", {"@U0MIA", "@U0BEN"}, []),
    "stays": (STAYS, "<@U0BEN> stays for the call of case 42", {"@U0BEN"}, []),
    "partly resolved": (PARTLY, "*Partly resolved*", {"@U0BEN"}, [build.NOTES]),
    "closed": (CLOSED, "*Resolved* · customer satisfied: yes", {"@U0BEN", "@U0ANA"}, ["20 USD", build.NOTES]),
    "signed off": (SIGNED_OFF, "*Unreachable, signed off*", {"@U0MIA", "@U0ANA"}, [build.NOTES]),
    "withdrawn": (WITHDRAWN, "*Withdrawn by the customer*", {"@U0BEN", "@U0ANA"}, [build.NOTES]),
    "blanked": (BLANKED, "closed cases are kept for 365 days", set(), []),
    "forgotten": (FORGOTTEN, "the customer is to be forgotten", set(), []),
    "feedback owed": (OWED, "*Feedback owed* to <@U0ANA>, by <@U0BEN>, until ", {"@U0ANA", "@U0BEN"}, []),
    "feedback owed by managers": (OWED_BY_MANAGERS, "by <!subteam^S0MGRS>, until ", {"@U0ANA", MANAGERS}, []),
    "feedback about several": (
        PATTERN, "to <@U0ANA> about case 7, case 30 and case 42, by <@U0BEN> or <!subteam^S0MGRS>",
        {"@U0ANA", "@U0BEN", MANAGERS}, [],
    ),
    "feedback given": (GIVEN, "*Feedback given* to <@U0ANA>, by <@U0BEN> ", {"@U0ANA", "@U0BEN"}, []),
    "feedback acknowledged": (ACKNOWLEDGED, "*Feedback acknowledged* by <@U0ANA>", {"@U0ANA"}, []),
    "reopened": (REOPENED, "reopened case 42", {"@U0MIA", "@U0BEN", "@U0ANA"}, ["Refund bounced"]),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_line_says_what_happened_and_mentions_whom_it_concerns(name: str) -> None:
    change, words, people, quoted = LINES[name]
    lines = [line(record, change.case, PROGRAM) for record in records(change)]
    for message in lines:
        assert_postable(message)
    assert any(words in shown(message) and words in message.text for message in lines)
    assert set().union(*(mentioned(message) for message in lines)) == people
    assert [quote for message in lines for quote in quotes(message)] == quoted


def test_every_kind_of_event_has_its_line_and_its_test() -> None:
    assert set(SENTENCES) == set(Happened) - OF_THE_PROGRAM
    assert {event.kind for change, *_ in LINES.values() for event in change.events} == set(SENTENCES)


@pytest.mark.parametrize("change", [BY_OWNER, GRANTED, PARTLY, REOPENED, further(), logged(Disposition.BUSY)])
def test_a_new_time_is_in_its_line_by_both_clocks(change: Change) -> None:
    message = line(records(change)[0], change.case, PROGRAM)
    assert LATER_SHOWN in shown(message)
    assert LATER_SHOWN in message.text
    assert f"<!date^{int(LATER.due_at.timestamp())}^" in shown(message)


def test_nobody_is_told_what_they_did_themselves() -> None:
    mine = moves.claim(build.raised(by=BEN), BEN, SOON)
    assert shown(line(records(mine)[0], mine.case, PROGRAM)) == "<@U0BEN> claimed case 42"


def test_another_contact_is_shown_masked() -> None:
    change = further(contact=Contact(ContactKind.PHONE, "+13105550199"))
    message = line(records(change)[0], change.case, PROGRAM)
    assert "••• ••• 0199" in shown(message)
    assert "3105550199" not in str(message)


@pytest.mark.parametrize("change", [NOTED, RELEASED, CLOSED, REOPENED, further()])
def test_a_deleted_text_is_said_to_be_deleted(change: Change) -> None:
    blanked: Mapping[str, str] = {}
    record = replace(records(change)[0], said=blanked)
    assert quotes(line(record, change.case, PROGRAM)) == [GONE]


def test_what_the_record_keeps_for_the_review_is_not_told_to_the_channel() -> None:
    message = line(records(CLOSED)[0], CLOSED.case, PROGRAM)
    assert "missed" not in shown(message).lower()
    assert "assessed" not in shown(message).lower()


@given(nasty_texts)
def test_whatever_was_typed_the_line_is_postable_and_mentions_nobody_more(text: str) -> None:
    noted = moves.add_note(build.claimed(), ANA, text)
    ended = moves.complete(build.on_call(), BEN, SOON, build.closing(granted=text[:500], notes=text), None)
    for change, people in ((noted, {"@U0ANA"}), (ended, {"@U0ANA", "@U0BEN"})):
        message = line(records(change)[0], change.case, PROGRAM)
        assert_postable(message)
        assert mentioned(message) == people
        assert quotes(message)[-1] == text or len(quotes(message)[-1]) <= 3000
