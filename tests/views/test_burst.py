"""Many pings in one message: everybody once, the overdue first, each line leading to its card."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from bot.views.bundle import Call, bundle
from bot.views.program_lines import PROGRAM_SENTENCES, program_line
from cases.audience import Audience
from cases.events import OF_THE_PROGRAM, Fact, Happened
from cases.people import OPERATOR
from cases.reminders.rules import Rule
from storage.outbox.next_notice import BUNDLE_AT_MOST
from storage.records import EventRecord
from tests import build
from tests.build import BEN, DUE, NOW, TESS, WHEN_OVERDUE
from tests.views.reading import assert_postable, length, mentioned, nasty_texts, row, shown

PROGRAM = build.program()
LINK = "https://northwind.slack.com/archives/C0ASKBILL/p{:016}"


def links(*cases: int) -> dict[int, str]:
    return {case: LINK.format(case) for case in cases}


def mine(number: int, rule: Rule = Rule.DUE, who: Audience = Audience.OWNER) -> Call:
    """A ping to Ben or (odd numbers) Tess."""
    owner = TESS if number % 2 else BEN
    return Call(build.claimed(build.raised(number=number), by=owner), rule, (who,))


def test_everybody_is_mentioned_exactly_once_at_the_top() -> None:
    """However many of the calls are theirs; owners before groups, each with the cases that are theirs."""
    groups = Call(build.raised(number=90), Rule.UNCLAIMED, (Audience.SMES, Audience.TLS))
    message = bundle([groups, *map(mine, range(1, 20)), groups], PROGRAM, {}, DUE)
    assert mentioned(message) == {"@U0BEN", "@U0TESS", "!subteam^S0SMES", "!subteam^S0TLS"}
    for name in ("<@U0BEN>", "<@U0TESS>", "<!subteam^S0SMES>", "<!subteam^S0TLS>"):
        assert shown(message).count(name) == 1, name
    first = message.blocks[0]["text"]["text"]
    odd, even = ", ".join(map(str, range(1, 20, 2))), ", ".join(map(str, range(2, 20, 2)))
    assert first == f"<@U0TESS> (cases {odd}) <@U0BEN> (cases {even}) <!subteam^S0SMES> <!subteam^S0TLS>"


def test_a_long_list_of_people_is_not_cut() -> None:
    """Everybody means everybody."""
    calls = [
        Call(replace(build.claimed(build.raised(number=n)), owner=f"U{n:010}"), Rule.DUE, (Audience.OWNER,))
        for n in range(1, BUNDLE_AT_MOST + 1)
    ]
    plain = build.program(sme_groups=(), tl_groups=(), tl_users=tuple(f"W{n:010}" for n in range(90)))
    calls.append(Call(build.raised(number=99), Rule.UNCLAIMED, (Audience.TLS,)))
    message = bundle(calls, plain, {}, DUE)
    assert_postable(message)
    assert len(mentioned(message)) == BUNDLE_AT_MOST + 90


def test_the_overdue_come_first_each_with_its_link_and_what_to_do() -> None:
    """Whatever order they were claimed in."""
    waiting = build.awaiting_sign_off(build.claimed(build.raised(number=4)))
    calls = [
        Call(build.raised(number=1), Rule.UNCLAIMED, (Audience.SMES,)),
        Call(build.claimed(build.raised(number=2)), Rule.DUE, (Audience.OWNER,)),
        Call(build.claimed(build.raised(number=3)), Rule.OVERDUE, (Audience.OWNER,)),
        Call(waiting, Rule.SIGN_OFF, (Audience.MANAGERS,)),
    ]
    message = bundle(calls, PROGRAM, links(1, 2, 3), WHEN_OVERDUE)
    told = [line for line in shown(message).splitlines() if line.startswith("•")]
    assert [line.partition("case ")[2][:1] for line in told] == ["3", "2", "4", "1"]
    assert f"<{LINK.format(3)}|case 3 (Jane Doe)>" in told[0]
    assert ":red_circle: *overdue*, was due 40 min ago" in told[0]
    assert ":telephone_receiver: *call now*" in told[1]
    assert "• *case 4 (Jane Doe)*" in told[2], "no link is known"
    assert "*decide*: 3 of 3 attempts used" in told[2]
    assert "*claim it*: unclaimed for 2 h 40 min" in told[3]
    assert "*4 cases need somebody now*: 1 overdue, 1 due now" in shown(message)
    assert row(message) == (), "the cards have the buttons"


def test_a_case_is_named_once_by_what_is_loudest() -> None:
    """Due, and nobody has claimed it: one line says both, and both audiences are called."""
    case = build.raised(number=7)
    calls = [Call(case, Rule.UNCLAIMED, (Audience.MANAGERS,)), Call(case, Rule.DUE, (Audience.SME_TL,))]
    message = bundle(calls, PROGRAM, {}, DUE)
    assert shown(message).count("case 7") == 1
    assert "*1 case needs somebody now*" in shown(message)
    assert "*call now* · *claim it*" in shown(message)
    assert mentioned(message) == {"!subteam^S0MGRS", "!subteam^S0SMES", "!subteam^S0TLS"}


def test_of_two_that_are_equally_loud_the_one_that_waits_for_longer_comes_first() -> None:
    soon, long_ago = (
        build.claimed(build.raised(build.escalation(due_at=DUE - timedelta(minutes=ago)), number=number))
        for ago, number in ((5, 1), (50, 2))
    )
    calls = [Call(case, Rule.OVERDUE, (Audience.OWNER,)) for case in (soon, long_ago)]
    told = [line for line in shown(bundle(calls, PROGRAM, {}, WHEN_OVERDUE)).splitlines() if "•" in line]
    assert ["case 2" in told[0], "case 1" in told[1]] == [True, True]


def test_it_says_what_else_the_caller_must_know() -> None:
    """The customer waits on the line; the call was begun; the ping is late."""
    late = Call(build.waiting(), Rule.UNCLAIMED, (Audience.SMES,), timedelta(minutes=12))
    calling = build.on_call(build.claimed(build.raised(number=7)))
    begun = Call(calling, Rule.OVERDUE, (Audience.OWNER,))
    text = shown(bundle([late, begun], PROGRAM, {}, WHEN_OVERDUE))
    assert "*the customer is waiting on the line*" in text
    assert "this ping is 12 min late" in text
    assert "a call was started but not logged" in text


@given(customer=nasty_texts)
def test_any_forty_fit_and_mention_nobody_else(customer: str) -> None:
    """The longest names in any script, every rule, with links."""
    numbers = range(10**6, 10**6 + BUNDLE_AT_MOST)
    calls = [
        Call(
            build.raised(build.escalation(customer=customer[:80]), number=number),
            list(Rule)[number % len(Rule)],
            (Audience.SME_TL, Audience.MANAGERS),
            timedelta(hours=30),
        )
        for number in numbers
    ]
    message = bundle(calls, PROGRAM, links(*numbers), WHEN_OVERDUE)
    assert_postable(message)
    assert sum(line.startswith("• ") for line in shown(message).splitlines()) == BUNDLE_AT_MOST
    assert mentioned(message) == {"!subteam^S0SMES", "!subteam^S0TLS", "!subteam^S0MGRS"}
    assert length(message) < 10_000


# Lines of the program itself


def happened(kind: Happened, **facts: Fact) -> EventRecord:
    return EventRecord(1, None, kind, "U0MIA", NOW, facts, {})


def test_every_event_of_a_program_has_its_line() -> None:
    assert set(PROGRAM_SENTENCES) == OF_THE_PROGRAM


def test_a_desk_that_opens_says_so() -> None:
    message = program_line(happened(Happened.DESK_OPENED), PROGRAM)
    assert_postable(message)
    assert shown(message) == (
        "<@U0MIA> made this the ASK channel of *Northwind Billing*. `/escalate` raises a case here."
    )


@pytest.mark.parametrize(
    "changes", [{"Window": "15 → 20 min"}, {f"Setting {n}": "a → b" * 50 for n in range(30)}]
)
def test_changed_settings_are_told_one_by_one(changes: dict[str, str]) -> None:
    """Old and new of each."""
    message = program_line(happened(Happened.SETTINGS_CHANGED, **changes), PROGRAM)
    assert_postable(message)
    for label, change in changes.items():
        assert f"• *{label}*: {change}" in shown(message)


@given(text=nasty_texts)
def test_what_a_setting_says_mentions_nobody(text: str) -> None:
    message = program_line(happened(Happened.SETTINGS_CHANGED, Departments=text), PROGRAM)
    assert_postable(message)
    assert mentioned(message) == {"@U0MIA"}


def test_a_forgotten_customer_is_told_by_cases_alone() -> None:
    """As many as one reads; the others are counted."""
    few = program_line(happened(Happened.FORGOTTEN, cases="3,17"), PROGRAM)
    many = program_line(happened(Happened.FORGOTTEN, cases=",".join(map(str, range(1, 500)))), PROGRAM)
    for message in (few, many):
        assert_postable(message)
        assert mentioned(message) == set()
    assert shown(few).endswith("were deleted from case 3, case 17.")
    assert shown(many).endswith("case 30, 469 more.")


def test_an_export_from_the_command_line_is_the_operators_for_a_manager() -> None:
    facts: dict[str, Fact] = {"from": "2026-11-01", "to": "2026-11-30", "cases": 12, "personal": True}
    event = replace(happened(Happened.EXPORTED, **facts, **{"for": "U0OTTO"}), by=OPERATOR.id)
    message = program_line(event, PROGRAM)
    assert_postable(message)
    assert "The operator, on the command line for <@U0OTTO>, exported 12 cases" in shown(message)
    assert mentioned(message) == {"@U0OTTO"}


def test_a_record_that_is_keyed_says_from_where() -> None:
    """In the words of its line, wherever it is shown."""
    facts: dict[str, Fact] = {"lines": 17, "head": "9f" * 32, "programs": "1"}
    keyed = program_line(happened(Happened.RECORD_KEYED, **facts), PROGRAM)
    sealed = program_line(happened(Happened.RECORD_SEALED, key="ab12cd34", lines=18), PROGRAM)
    for message in (keyed, sealed):
        assert_postable(message)
        assert mentioned(message) == set()
    assert "The 17 lines before are not; the last one is `9f9f9f9f9f9f`" in shown(keyed)
    assert "with the key ab12cd34" in shown(sealed)


@pytest.mark.parametrize(("personal", "words"), [(True, "*with* customers' names"), (False, "without names")])
def test_an_export_is_told_with_who_asked_and_what_is_in_it(personal: bool, words: str) -> None:
    facts: dict[str, Fact] = {"from": "2026-11-01", "to": "2026-11-30", "cases": 12, "personal": personal}
    message = program_line(happened(Happened.EXPORTED, **facts), PROGRAM)
    assert_postable(message)
    assert mentioned(message) == {"@U0MIA"}
    assert f"exported 12 cases, raised from 2026-11-01 to 2026-11-30, {words}" in shown(message)
