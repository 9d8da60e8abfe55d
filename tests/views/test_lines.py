"""The thread: one line for each event, made by the real moves; who is mentioned in it and who is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.faces import registry
from bot.faces.lines import GONE
from bot.faces.thread import line
from cases import coaching, moves, retention
from cases.coaching import CoachingState
from cases.contact import Contact
from cases.events import OF_THE_PROGRAM, Event, Happened
from cases.forms import Promise
from cases.masking import masked_text
from cases.moves import Change
from cases.people import DESK, Person
from cases.shifts import Members
from cases.words import ContactKind, Disposition, Outcome, Satisfied, WantedBy
from storage.records import EventRecord
from tests import build
from tests.build import ANA, BEN, MIA, TESS, acting
from tests.retention import blanked
from tests.views.reading import assert_postable, mentioned, nasty_texts, quotes, shown

PROGRAM = build.program()
NAMES = {
    ANA.id: "Ana Reyes", BEN.id: "Ben Carter", TESS.id: "Tess Lim", MIA.id: "Mia Grant", "U0OTTO": "Otto Berg",
}  # fmt: skip
MEMBERS = {"S0MGRS": (MIA.id, "U0OTTO")}
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
    return moves.log_outcome(build.on_call(), acting(BEN, SOON), disposition, note, LATER)


def last_attempt(by: Person = BEN) -> Change:
    case = replace(build.claimed(by=by), unreached=2)
    return moves.log_outcome(case, acting(by, SOON), Disposition.BUSY, "", None)


def further(by: Person = BEN, department: str | None = None, contact: Contact | None = None) -> Change:
    case = build.claimed(by=by)
    return moves.escalate_further(
        case, acting(by, SOON, PROGRAM), MIA, department, LATER, contact, "Needs a refund"
    )


RAISED = moves.raise_case(None, acting(ANA, build.NOW, PROGRAM), 42, build.escalation())
CLAIMED = moves.claim(build.raised(), acting(BEN, SOON))
CALLING = moves.calling_now(build.claimed(), acting(BEN, SOON))
BY_OWNER = moves.reschedule(
    build.claimed(), acting(BEN, SOON, PROGRAM), replace(LATER, wanted_by=WantedBy.US)
)
BY_RAISER = moves.reschedule(
    build.claimed(), acting(ANA, SOON, PROGRAM), replace(LATER, wanted_by=WantedBy.CUSTOMER)
)
HANDED = moves.hand_over(build.claimed(), acting(BEN, SOON), TESS, "My shift ends")
HANDED_BY_MANAGER = moves.hand_over(build.claimed(), acting(MIA, SOON), TESS, "")
RELEASED = moves.release(build.claimed(), acting(BEN, SOON), "Sick")
LEFT = moves.owner_left(build.on_call(), acting(DESK, SOON))
LEFT_A_LEADER = moves.owner_left(build.on_call(), acting(DESK, SOON), superior=MIA.id)
RAISED_AGAIN = moves.raise_case(
    None, acting(ANA, build.NOW, PROGRAM), 42, build.escalation(), (7, 5), [BEN.id, TESS.id, BEN.id, ANA.id]
)
TAKEN_ON = moves.hand_over(build.claimed(), acting(MIA, SOON), MIA, "")
LAST_OF_A_MANAGER = last_attempt(by=MIA)
TAKEN = moves.take_over(build.claimed(), acting(TESS, build.WHEN_OVERDUE))
STAYS = moves.stay(build.claimed(), acting(BEN, SOON))
NOTED = moves.add_note(build.claimed(), acting(ANA, SOON), "She is at work until five")
NUMBER = moves.show_number(build.claimed(), acting(BEN, SOON))
GRANTED = moves.grant_attempt(build.awaiting_sign_off(), acting(MIA, SOON, PROGRAM), LATER)
PARTLY = moves.follow_up(build.on_call(), acting(BEN, SOON), build.closing(outcome=Outcome.PARTLY), LATER)
CLOSED = moves.complete(
    build.on_call(), acting(BEN, SOON), build.closing(granted="20 USD", satisfied=Satisfied.YES)
)
SIGNED_OFF = moves.sign_off(build.awaiting_sign_off(), acting(MIA, SOON), build.closing())
WITHDRAWN = moves.withdraw(build.on_call(), acting(BEN, SOON), build.closing())
REOPENED = moves.reopen(build.closed(), acting(MIA, SOON, PROGRAM), LATER, "Refund bounced")

MANAGERS = "!subteam^S0MGRS"
BLANKED = Change(blanked(build.closed(), LATER.due_at), (retention.by_retention(PROGRAM),))
SETTLED = Change(build.raised(), (Event(Happened.LANGUAGE_SETTLED, "askdesk"),))
RENAMED = replace(
    BLANKED, events=(Event(Happened.DEPARTMENT_RENAMED, DESK.id, {"was": "IT", "department": "Tech"}),)
)
FORGOTTEN = replace(BLANKED, events=(retention.by_request(),))


def coached(
    superior: str | None, pattern: tuple[int, ...] = (), *steps: CoachingState, found_by: str = TESS.id
) -> Change:
    """Feedback about a case that was closed, as far as those steps."""
    case = build.closed()
    item = replace(coaching.owed(case, PROGRAM, superior, SOON, pattern), id=7, given_by=BEN.id)
    steps = steps or (CoachingState.OWED,)
    return Change(case, tuple(coaching.event_of(replace(item, state=step), found_by) for step in steps))


OWED = coached(BEN.id)
OWED_BY_MANAGERS = coached(None)
PATTERN = coached(BEN.id, (7, 30, 42))
GIVEN = coached(BEN.id, (), CoachingState.GIVEN)
ACKNOWLEDGED = coached(BEN.id, (), CoachingState.ACKNOWLEDGED)

LINES: dict[str, tuple[Change, str, set[str], list[str]]] = {
    "raised": (RAISED, "Ana Reyes raised case 42.", set(), []),
    "claimed": (CLAIMED, "Ben Carter claimed case 42 · <@U0ANA>", {"@U0ANA"}, []),
    "calling": (CALLING, "Ben Carter is calling now (attempt 1)", set(), []),
    "no answer": (logged(Disposition.NO_ANSWER), "*No answer*", {"@U0ANA"}, []),
    "voicemail": (logged(Disposition.VOICEMAIL, "Left my name"), "*Voicemail left*", {"@U0ANA"}, ["Left my name"]),
    "asked to reschedule": (logged(Disposition.ASKED_RESCHEDULE), "*Asked to reschedule*", {"@U0ANA"}, []),
    "attempts ran out": (last_attempt(), "nobody reached", {MANAGERS}, []),
    "rescheduled by the owner": (BY_OWNER, "at our request", {"@U0ANA"}, []),
    "rescheduled by the agent": (BY_RAISER, "at the customer's request", {"@U0BEN"}, []),
    "handed over": (HANDED, "to <@U0TESS>", {"@U0TESS"}, ["My shift ends"]),
    "handed over by a manager": (HANDED_BY_MANAGER, "to <@U0TESS>", {"@U0TESS", "@U0BEN"}, []),
    "released": (RELEASED, "released case 42", set(), ["Sick"]),
    "owner left": (
        LEFT, "<@U0BEN>'s account was deactivated", {"!subteam^S0SMES", "!subteam^S0TLS", "@U0BEN"}, [],
    ),
    "owner with a superior left": (
        LEFT_A_LEADER, "free to claim again* · <@U0MIA>",
        {"!subteam^S0SMES", "!subteam^S0TLS", "@U0BEN", "@U0MIA"}, [],
    ),
    "raised again": (
        RAISED_AGAIN, "Ana Reyes raised case 42. Same customer as case 7 and case 5 · <@U0BEN> <@U0TESS>",
        {"@U0BEN", "@U0TESS"}, [],
    ),
    "handed over to oneself": (TAKEN_ON, "Mia Grant handed case 42 over to themselves · <@U0BEN>", {"@U0BEN"}, []),
    "attempts of a manager ran out": (
        LAST_OF_A_MANAGER, "<@U0OTTO> 3 attempts, nobody reached", {"@U0OTTO"}, [],
    ),
    "feedback owed by who found it": (
        coached(BEN.id, found_by=BEN.id), "to <@U0ANA>, by Ben Carter, until ", {"@U0ANA"}, [],
    ),
    "feedback owed by the other managers": (
        coached(None, found_by=MIA.id), "to <@U0ANA>, by <@U0OTTO>, until ", {"@U0ANA", "@U0OTTO"}, [],
    ),
    "taken over": (TAKEN, "took case 42 over from <@U0BEN>", {"@U0BEN", "@U0ANA"}, []),
    "escalated": (further(), "to tier 2. <@U0MIA> reviews it", {"@U0MIA", "@U0ANA"}, ["Needs a refund"]),
    "escalated to a department": (
        further(department="Billing & refunds"), "to Billing &amp; refunds.", {"@U0MIA", "@U0ANA"},
        ["Needs a refund"],
    ),
    "noted": (NOTED, "Ana Reyes noted · <@U0BEN>:", {"@U0BEN"}, ["She is at work until five"]),
    "number shown": (NUMBER, "Ben Carter looked up the full number", set(), []),
    "attempt granted": (GRANTED, "granted another attempt", {"@U0ANA", "@U0BEN"}, []),
    "stays": (STAYS, "Ben Carter stays for the call of case 42", set(), []),
    "partly resolved": (PARTLY, "*Partly resolved*", {"@U0ANA"}, [build.NOTES]),
    "closed": (CLOSED, "*Resolved* · customer satisfied: yes", {"@U0ANA"}, ["20 USD", build.NOTES]),
    "signed off": (SIGNED_OFF, "*Unreachable, signed off*", {"@U0ANA"}, [build.NOTES]),
    "withdrawn": (WITHDRAWN, "*Withdrawn by the customer*", {"@U0ANA"}, [build.NOTES]),
    "blanked": (BLANKED, "closed cases are kept for 365 days", set(), []),
    "language settled": (SETTLED, "stores the customer's language in case 42", set(), []),
    "department renamed": (RENAMED, "*IT* is now called *Tech*", set(), []),
    "forgotten": (FORGOTTEN, "Askdesk was told to forget the customer", set(), []),
    "feedback owed": (OWED, "*Feedback owed* to <@U0ANA>, by <@U0BEN>, until ", {"@U0ANA", "@U0BEN"}, []),
    "feedback owed by managers": (OWED_BY_MANAGERS, "by <!subteam^S0MGRS>, until ", {"@U0ANA", MANAGERS}, []),
    "feedback about several": (
        PATTERN, "to <@U0ANA> about case 7, case 30 and case 42, by <@U0BEN> or <!subteam^S0MGRS>",
        {"@U0ANA", "@U0BEN", MANAGERS}, [],
    ),
    "feedback given": (GIVEN, "*Feedback given* to <@U0ANA>, by Ben Carter ", {"@U0ANA"}, []),
    "feedback acknowledged": (ACKNOWLEDGED, "*Feedback acknowledged* by Ana Reyes", set(), []),
    "reopened": (REOPENED, "reopened case 42", {"@U0BEN", "@U0ANA"}, ["Refund bounced"]),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_line_says_what_happened_and_mentions_whom_it_concerns(name: str) -> None:
    change, words, people, quoted = LINES[name]
    lines = [line(record, change.case, PROGRAM, NAMES, MEMBERS) for record in records(change)]
    for message in lines:
        assert_postable(message)
    assert any(words in shown(message) and words in message.text for message in lines)
    assert set().union(*(mentioned(message) for message in lines)) == people
    assert [quote for message in lines for quote in quotes(message)] == quoted


def test_every_kind_of_event_has_its_line_and_its_test() -> None:
    assert set(registry.LINES) == set(Happened) - OF_THE_PROGRAM
    assert {event.kind for change, *_ in LINES.values() for event in change.events} == set(registry.LINES)


@pytest.mark.parametrize("change", [BY_OWNER, GRANTED, PARTLY, REOPENED, further(), logged(Disposition.BUSY)])
def test_a_new_time_is_in_its_line_by_both_clocks(change: Change) -> None:
    message = line(records(change)[0], change.case, PROGRAM)
    assert LATER_SHOWN in shown(message)
    assert LATER_SHOWN in message.text
    assert f"<!date^{int(LATER.due_at.timestamp())}^" in shown(message)


def test_nobody_is_told_what_they_did_themselves() -> None:
    mine = moves.claim(build.raised(by=BEN), acting(BEN, SOON))
    assert shown(line(records(mine)[0], mine.case, PROGRAM, NAMES)) == "Ben Carter claimed case 42"


PEOPLE = sorted(NAMES)


@given(
    st.sampled_from([(change, record) for change, *_ in LINES.values() for record in records(change)]),
    st.sampled_from(PEOPLE),
    st.dictionaries(
        st.sampled_from(["S0SMES", "S0TLS", "S0MGRS"]), st.lists(st.sampled_from(PEOPLE)).map(tuple)
    ),
)
def test_nobody_is_called_for_their_own_click(
    told: tuple[Change, EventRecord], who: str, members: Members
) -> None:
    """Whatever happened, whoever did it, whoever is in which group: by name, by a group, in the text or the blocks."""
    change, record = told
    facts = {**record.facts, "found_by": who} if "found_by" in record.facts else record.facts
    message = line(replace(record, by=who, facts=facts), change.case, PROGRAM, NAMES, members)
    called = {name.removeprefix("@").removeprefix("!subteam^") for name in mentioned(message)}
    everybody = called.union(*(members.get(group, ()) for group in called))
    assert who not in everybody
    assert NAMES[who] in shown(message) or not _names_who(record)


def _names_who(record: EventRecord) -> bool:
    """Whether the sentence says who did it: Askdesk's own do not."""
    return record.kind not in (
        Happened.OWNER_LEFT, Happened.ATTEMPTS_RAN_OUT, Happened.COACHING_OWED, Happened.BLANKED,
        Happened.LANGUAGE_SETTLED,
        Happened.DEPARTMENT_RENAMED,
    )  # fmt: skip


def test_whoever_slack_has_no_name_for_is_mentioned_after_all() -> None:
    """The channel always reads who did it."""
    assert shown(line(records(CLAIMED)[0], CLAIMED.case, PROGRAM)) == "<@U0BEN> claimed case 42 · <@U0ANA>"


@given(nasty_texts)
def test_a_display_name_mentions_nobody(name: str) -> None:
    message = line(records(CLAIMED)[0], CLAIMED.case, PROGRAM, {BEN.id: name})
    assert_postable(message)
    assert mentioned(message) - {"@U0BEN"} == {"@U0ANA"}


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
@example("2012000000")
def test_whatever_was_typed_the_line_is_postable_and_mentions_nobody_more(text: str) -> None:
    noted = moves.add_note(build.claimed(), acting(ANA, SOON), text)
    ended = moves.complete(build.on_call(), acting(BEN, SOON), build.closing(granted=text[:500], notes=text))
    for change, people in ((noted, {"@U0BEN"}), (ended, {"@U0ANA"})):
        message = line(records(change)[0], change.case, PROGRAM, NAMES)
        assert_postable(message)
        assert mentioned(message) == people
        assert quotes(message)[-1] == masked_text(text, change.case) or len(quotes(message)[-1]) <= 3000
