"""The pings: who is mentioned, which button answers, how late and how overdue it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.mentions import mentions
from bot.views.pings import ping
from cases import moves
from cases.audience import AT_MOST, Audience
from cases.case import Case
from cases.moves import Click
from cases.people import Person
from cases.program import Department, Program
from cases.reminders.rules import Rule
from tests import build
from tests.views.reading import assert_postable, coloured, mentioned, nasty_texts, row, shown

PROGRAM = build.program()
PLAIN = build.program(
    sme_groups=(), tl_groups=(), manager_groups=(), sme_users=("U0SAM", "U0BEN"), manager_users=("U0MIA",)
)
ONTIME = timedelta()
EARLIER = build.DUE - timedelta(minutes=15)


@pytest.mark.parametrize(
    ("audience", "program", "found"),
    [
        ((Audience.OWNER,), PROGRAM, "<@U0BEN>"),
        ((Audience.SMES,), PROGRAM, "<!subteam^S0SMES>"),
        ((Audience.TLS,), PROGRAM, "<!subteam^S0TLS>"),
        ((Audience.SME_TL,), PROGRAM, "<!subteam^S0SMES> <!subteam^S0TLS>"),
        ((Audience.MANAGERS,), PROGRAM, "<!subteam^S0MGRS>"),
        ((Audience.OWNER, Audience.TLS, Audience.MANAGERS), PROGRAM, "<@U0BEN> <!subteam^S0TLS> <!subteam^S0MGRS>"),
        ((Audience.TLS,), build.program(sme_groups=("S0ALL",), tl_groups=("S0ALL",)), "<!subteam^S0ALL>"),
        ((Audience.SMES, Audience.TLS), build.program(sme_groups=("S0ALL",), tl_groups=("S0ALL",)), "<!subteam^S0ALL>"),
        ((Audience.TLS,), build.program(tl_groups=()), "<!subteam^S0SMES>"),
        ((Audience.SMES,), build.program(sme_groups=(), tl_users=("U0BEN",)), "<!subteam^S0TLS> <@U0BEN>"),
        ((Audience.SMES,), build.program(sme_users=("U0SIA",)), "<!subteam^S0SMES> <@U0SIA>"),
        ((Audience.SME_TL,), build.program(tl_groups=("S0SMES", "S0TLS")), "<!subteam^S0SMES> <!subteam^S0TLS>"),
        ((Audience.MANAGERS,), build.program(manager_users=("U0MIA",)), "<!subteam^S0MGRS> <@U0MIA>"),
        ((Audience.SMES,), PLAIN, "<@U0SAM> <@U0BEN>"),
        ((Audience.OWNER, Audience.TLS), PLAIN, "<@U0BEN> <@U0SAM>"),
        ((Audience.MANAGERS,), PLAIN, "<@U0MIA>"),
    ],
)  # fmt: skip
def test_an_audience_is_its_groups_or_its_people_each_once(
    audience: tuple[Audience, ...], program: Program, found: str
) -> None:
    assert mentions(audience, build.claimed(), program) == found


@pytest.mark.parametrize("audience", [Audience.SMES, Audience.TLS, Audience.SME_TL])
@pytest.mark.parametrize(
    ("department", "found"), [("IT", "<!subteam^S0IT>"), ("Billing & refunds", "<@U0BILL>")]
)
def test_a_department_stands_in_for_smes_and_tls(audience: Audience, department: str, found: str) -> None:
    case = build.raised(build.escalation(department=department))
    assert mentions([audience], case, PROGRAM) == found
    assert mentions([Audience.MANAGERS], case, PROGRAM) == "<!subteam^S0MGRS>"


def test_a_department_without_people_leaves_it_to_the_program() -> None:
    program = build.program(departments=(Department("Sales"),))
    case = build.raised(build.escalation(department="Sales"))
    assert mentions([Audience.SMES], case, program) == "<!subteam^S0SMES>"


def test_somebody_is_always_called() -> None:
    """House rule 3: a step of the ladder for which nobody is set up goes to the next one."""
    assert (
        mentions([Audience.SMES], build.raised(), build.program(sme_groups=(), tl_groups=()))
        == "<!subteam^S0MGRS>"
    )
    assert mentions([Audience.MANAGERS], build.raised(), build.program(manager_groups=())) == (
        "<!subteam^S0SMES> <!subteam^S0TLS>"
    )
    assert mentions([Audience.OWNER], build.raised(), PROGRAM) == "<!subteam^S0SMES> <!subteam^S0TLS>"


def test_a_long_list_of_people_still_fits() -> None:
    program = replace(PLAIN, sme_users=tuple(f"U{n:010}" for n in range(500)))
    message = ping(build.raised(), program, Rule.UNCLAIMED, 0, [Audience.SMES], ONTIME, EARLIER)
    assert_postable(message)
    assert len(mentioned(message)) == AT_MOST
    assert "Nobody has claimed" in shown(message)


CLAIM, CALL, DECIDE = (moves.claim,), (moves.calling_now,), (moves.sign_off, moves.grant_attempt)
CALL_OR_TAKE = (moves.calling_now, moves.take_over)
MINUTE = timedelta(minutes=1)
OWNER, SMES_TLS, TLS, MANAGERS = Audience.OWNER, Audience.SME_TL, Audience.TLS, Audience.MANAGERS
FREE, HAD, LATE, RAN_OUT = build.raised(), build.claimed(), build.WHEN_OVERDUE, build.awaiting_sign_off()
LEFT = build.left_behind(RAN_OUT)
"""A manager decides, and nobody has it: the owner left."""

PINGS: list[tuple[Rule, Case, datetime, Audience, tuple[Click, ...], str]] = [
    (
        Rule.UNCLAIMED,
        FREE,
        build.NOW + 7 * MINUTE,
        TLS,
        CLAIM,
        "Nobody has claimed case 42 (Jane Doe)* for 7 min",
    ),
    (
        Rule.UNCLAIMED,
        build.waiting(),
        build.NOW + 3 * MINUTE,
        TLS,
        (moves.claim_and_call,),
        "The customer has been waiting on the line for 3 min*",
    ),
    (Rule.DUE, build.waiting(), build.NOW, SMES_TLS, (moves.claim_and_call,), "is waiting on the line"),
    (Rule.HEADS_UP, HAD, EARLIER, OWNER, (), "In 15 min"),
    (Rule.HEADS_UP, HAD, EARLIER + timedelta(seconds=2), OWNER, (), "In 15 min"),
    (Rule.HEADS_UP, FREE, EARLIER, SMES_TLS, CLAIM, "nobody has claimed it"),
    (Rule.DUE, HAD, build.DUE, OWNER, CALL, "*Now* is the agreed time"),
    (Rule.DUE, FREE, build.DUE, SMES_TLS, CLAIM, "nobody has claimed it"),
    (Rule.OVERDUE, HAD, LATE, OWNER, CALL_OR_TAKE, "should have been called 40 min ago"),
    (Rule.OVERDUE, FREE, LATE, SMES_TLS, CLAIM, "should have been called 40 min ago"),
    (Rule.OVERDUE, build.on_call(), LATE, OWNER, CALL_OR_TAKE, "a call was started but not logged"),
    (Rule.SIGN_OFF, RAN_OUT, LATE, MANAGERS, DECIDE, "3 of 3 attempts used"),
    (Rule.SIGN_OFF, LEFT, LATE, MANAGERS, DECIDE, "3 of 3 attempts used"),
    (
        Rule.UNCLAIMED,
        LEFT,
        build.NOW + 10 * MINUTE,
        TLS,
        CLAIM,
        "Nobody has claimed case 42 (Jane Doe)* for 7 min",
    ),
]


@pytest.mark.parametrize(("rule", "case", "now", "audience", "answers", "words"), PINGS)
def test_a_ping_says_what_is_to_be_done_and_has_the_button_for_it(
    rule: Rule, case: Case, now: datetime, audience: Audience, answers: tuple[Click, ...], words: str
) -> None:
    message = ping(case, PROGRAM, rule, 0, [audience], ONTIME, now)
    assert_postable(message)
    assert row(message) == answers
    assert coloured(message) == answers[:1]
    assert words in shown(message)
    assert words in message.text
    assert "case 42" in shown(message).lower()
    expected = mentions([audience], case, PROGRAM)
    assert message.text.startswith(expected)
    assert {f"<{who}>" for who in mentioned(message)} == set(expected.split())


def test_a_late_ping_says_how_late_it_is() -> None:
    late = ping(build.claimed(), PROGRAM, Rule.DUE, 0, [Audience.OWNER], timedelta(minutes=12), build.DUE)
    assert "This ping is 12 min late: Askdesk was offline." in shown(late)
    assert "12 min late" in late.text
    intime = ping(build.claimed(), PROGRAM, Rule.DUE, 0, [Audience.OWNER], ONTIME, build.DUE)
    assert "late" not in shown(intime)


def test_the_promise_is_in_every_ping_by_both_clocks() -> None:
    text = shown(ping(build.claimed(), PROGRAM, Rule.DUE, 0, [Audience.OWNER], ONTIME, build.DUE))
    assert "Mon 23 Nov, 11:00 America/New_York" in text
    assert "<!date^" in text


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("case", [build.closed(), build.awaiting_sign_off(), build.raised()])
def test_a_ping_of_a_case_that_moved_on_offers_nothing_impossible(rule: Rule, case: Case) -> None:
    message = ping(case, PROGRAM, rule, 3, [Audience.SME_TL], ONTIME, build.WHEN_OVERDUE)
    assert_postable(message)
    if case.owner is None:
        assert set(row(message)) <= {moves.claim}
    elif case.awaits_sign_off and rule is Rule.SIGN_OFF:
        assert row(message) == DECIDE
    else:
        assert row(message) == ()


@given(nasty_texts)
def test_whatever_the_customer_is_called_a_ping_mentions_its_audience_only(name: str) -> None:
    case = build.claimed(build.raised(build.escalation(customer=name[:80])))
    for rule in Rule:
        message = ping(case, PROGRAM, rule, 1, [Audience.OWNER], timedelta(minutes=2), build.WHEN_OVERDUE)
        assert_postable(message)
        assert mentioned(message) == {"@U0BEN"}


@given(
    st.sampled_from([build.ANA, build.BEN, build.MIA]),
    st.lists(st.sampled_from(["U0BEN", "U0TESS", "U0ANA"]), unique=True).map(tuple),
    st.booleans(),
)
def test_whoever_raised_a_waiting_customer_is_not_called_by_their_own_form(
    who: Person, smes: tuple[str, ...], by_group: bool
) -> None:
    """By name or by a group; later, and by what does not follow from the form, they are called as everybody is."""
    people = {
        "tl_groups": (),
        "sme_groups": ("S0SMES",) if by_group else (),
        "sme_users": () if by_group else smes,
    }
    program, members = build.program(**people), {"S0SMES": smes, "S0MGRS": ("U0MIA", "U0OTTO")}
    case = build.raised(build.escalation(waiting=True, due_at=build.NOW), by=who)
    told = mentioned(ping(case, program, Rule.DUE, 0, [SMES_TLS], ONTIME, build.NOW, members))
    assert f"@{who.id}" not in told
    if who.id in smes:
        assert "!subteam^S0SMES" not in told
        assert {f"@{one}" for one in smes if one != who.id} <= told
    assert told, "somebody is called"
    again = mentioned(ping(case, program, Rule.UNCLAIMED, 0, [Audience.SMES], ONTIME, build.NOW, members))
    assert ("!subteam^S0SMES" in again) is by_group
