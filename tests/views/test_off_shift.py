"""Whom a ping calls when its case's owner has gone home (docs/policy.md, *Owners who are off shift*)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.bundle import Call, bundle
from bot.views.mentions import mentions
from bot.views.pings import ping
from cases import moves
from cases.audience import Audience, reachable
from cases.program import Program, Shift
from cases.reminders.rules import Rule
from cases.shifts import Members, on_shift, running, works
from tests import build
from tests.build import BEN, DUE, NOW, WHEN_OVERDUE
from tests.cases.programs import programs
from tests.views.reading import assert_postable, mentioned, row, shown

DAY = Shift("Day", tuple(range(7)), time(6), time(22), groups=("S0DAY",))
NIGHT = Shift("Night", tuple(range(7)), time(22), time(6), users=("U0NINA",))
PROGRAM = build.program(shifts=(DAY, NIGHT))
"""By Manila's clock: it is 22:00 there when the cases are raised, midnight when they are due."""

MEMBERS: Members = {"S0DAY": ("U0BEN", "U0TESS"), "S0SMES": ("U0SAM",), "S0TLS": ("U0BEN",)}


def called(rule: Rule, program: Program, now: datetime, members: Members = MEMBERS) -> set[str]:
    """Who is mentioned about Ben's case."""
    case = build.claimed()
    told = rule.does.audience(case, program, now, members)
    message = ping(case, reachable(program, members), rule, 0, told, timedelta(), now)
    assert_postable(message)
    return mentioned(message)


@pytest.mark.parametrize("rule", [Rule.HEADS_UP, Rule.DUE, Rule.OVERDUE])
def test_an_owner_off_shift_is_called_with_those_on_shift(rule: Rule) -> None:
    """People and groups of the shift that runs; on shift, and without shifts, the owner alone."""
    now = {Rule.HEADS_UP: DUE - timedelta(minutes=15), Rule.DUE: DUE, Rule.OVERDUE: WHEN_OVERDUE}[rule]
    tls = {"!subteam^S0TLS", "!subteam^S0MGRS"} if rule is Rule.OVERDUE else set()
    assert called(rule, PROGRAM, now) == {"@U0BEN", "@U0NINA"} | tls
    assert called(rule, build.program(), now) == {"@U0BEN"} | tls
    bens = replace(PROGRAM, shifts=(DAY, replace(NIGHT, groups=("S0DAY",))))
    assert called(rule, bens, now) == {"@U0BEN"} | tls
    everybodys = replace(PROGRAM, shifts=(DAY, replace(NIGHT, users=())))
    assert called(rule, everybodys, now) == {"@U0BEN"} | tls


def test_where_nobody_is_on_shift_the_smes_and_tls_are_called() -> None:
    """Between two shifts, or in one whose only group is empty."""
    day_only = replace(PROGRAM, shifts=(DAY,))
    assert called(Rule.DUE, day_only, DUE) == {"@U0BEN", "!subteam^S0SMES", "!subteam^S0TLS"}
    empty = replace(PROGRAM, shifts=(DAY, replace(NIGHT, users=(), groups=("S0NIGHT",))))
    members = {**MEMBERS, "S0NIGHT": ()}
    assert called(Rule.DUE, empty, DUE, members) == {"@U0BEN", "!subteam^S0SMES", "!subteam^S0TLS"}


def test_where_the_owner_is_the_only_sme_the_managers_are_called() -> None:
    """Nobody is on shift, and to call the owner twice would help nobody."""
    alone = replace(PROGRAM, sme_groups=(), tl_groups=(), sme_users=("U0BEN",), shifts=(DAY,))
    assert called(Rule.DUE, alone, DUE, {}) == {"@U0BEN", "!subteam^S0MGRS"}


def test_people_who_left_are_not_called_and_others_stand_in() -> None:
    """Named in the settings, on shift, or the last one in a group."""
    plain = replace(
        PROGRAM, sme_groups=(), sme_users=("U0SAM", "U0SIA"), tl_groups=("S0TLS",), shifts=(NIGHT,)
    )
    case = build.raised()
    assert mentions([Audience.SMES], case, reachable(plain, MEMBERS, {"U0SAM"})) == "<@U0SIA>"
    both = {"U0SAM", "U0SIA"}
    assert mentions([Audience.SMES], case, reachable(plain, MEMBERS, both)) == "<!subteam^S0TLS>"
    everybody = both | {"U0BEN"}
    assert mentions([Audience.SMES], case, reachable(plain, MEMBERS, everybody)) == "<!subteam^S0MGRS>"
    by_night = NOW + timedelta(hours=1)
    assert mentions([Audience.ON_SHIFT], case, reachable(plain, MEMBERS, {"U0NINA"}), by_night) == (
        "<@U0SAM> <@U0SIA> <!subteam^S0TLS>"
    )


def test_those_on_shift_read_why_and_may_take_it_over() -> None:
    """At the agreed time; before it nobody may, so nobody is offered it."""
    case = build.claimed()
    told = (Audience.OWNER, Audience.ON_SHIFT)
    due = ping(case, PROGRAM, Rule.DUE, 0, told, timedelta(), DUE)
    assert row(due) == (moves.calling_now, moves.take_over)
    assert "The owner is off shift" in shown(due)
    warning = ping(case, PROGRAM, Rule.HEADS_UP, 0, told, timedelta(), DUE - timedelta(minutes=15))
    assert row(warning) == ()
    assert "*In 15 min* case 42 (Jane Doe) needs a call" in shown(warning)
    many = bundle([Call(case, Rule.DUE, told)] * 2, PROGRAM, {}, DUE)
    assert "its owner is off shift" in shown(many)
    assert mentioned(many) == {"@U0BEN", "@U0NINA"}


def test_who_raised_alarm_without_an_owner_is_called_as_ever() -> None:
    """Shifts say nothing about a case that nobody has."""
    assert Rule.DUE.does.audience(build.raised(), PROGRAM, DUE, MEMBERS) == (Audience.SME_TL,)


def test_groups_without_members_call_nobody() -> None:
    """Others stand in; of a group that was never read nobody knows that it is empty."""
    members: Members = {"S0SMES": (), "S0IT": ()}
    left = reachable(PROGRAM, members)
    assert mentions([Audience.SMES], build.raised(), left) == "<!subteam^S0TLS>"
    to_it = build.raised(build.escalation(department="IT"))
    assert mentions([Audience.SMES], to_it, PROGRAM) == "<!subteam^S0IT>"
    assert mentions([Audience.SMES], to_it, left) == "<!subteam^S0TLS>"
    assert reachable(PROGRAM, MEMBERS) == PROGRAM


def test_the_people_of_a_group_that_is_gone_are_called_by_name() -> None:
    """As they were in it last, each once, also on shift; one whose people nobody knows is as an empty one."""
    gone = {"S0SMES", "S0DAY", "S0IT"}
    left = reachable(replace(PROGRAM, sme_users=("U0SAM", "U0SIA")), MEMBERS, gone)
    assert mentions([Audience.SMES], build.raised(), left) == "<@U0SAM> <@U0SIA>"
    assert mentions([Audience.TLS], build.raised(), left) == "<!subteam^S0TLS>"
    by_day = DUE + timedelta(hours=8)
    assert mentions([Audience.ON_SHIFT], build.claimed(), left, by_day) == "<@U0BEN> <@U0TESS>"
    to_it = build.raised(build.escalation(department="IT"))
    assert mentions([Audience.TLS], to_it, left) == "<!subteam^S0TLS>"


groups = st.sampled_from(["S0SMES", "S0TLS", "S0MGRS", "S0IT"])
people = st.sampled_from(["U0SAM", "U0BEN", "U0MIA", "W0IDA"])
members_of = st.dictionaries(groups, st.lists(people, max_size=3, unique=True))


@given(
    programs.filter(lambda program: program.shifts != ()),
    members_of,
    st.integers(0, 60 * 24 * 365),
    st.sampled_from([Rule.HEADS_UP, Rule.DUE, Rule.OVERDUE]),
)
@settings(max_examples=300, deadline=None)
def test_with_any_shifts_somebody_on_shift_or_the_owner_is_called(
    program: Program, members: Members, minutes: int, rule: Rule
) -> None:
    """The owner always; off shift, also somebody else who can be reached: of the shift that runs, where it has anybody."""
    now, case = NOW + timedelta(minutes=minutes), build.claimed()
    told = rule.does.audience(case, program, now, members)
    names = mentions(told, case, reachable(program, members), now).split()
    assert names[0] == f"<@{BEN.id}>"
    assert len(set(names)) == len(names)
    if on_shift(program, BEN.id, members, now):
        assert Audience.ON_SHIFT not in told
        return
    shifts = [span.shift for span in running(program, now)]
    there = {user for shift in shifts for user in shift.users}
    there |= {group for shift in shifts for group in shift.groups if members.get(group, ["?"])}
    called_ids = {re.sub(r"[<>@!]|subteam\^", "", name) for name in names}
    if there:
        assert there <= called_ids
        assert all(not works(shift, BEN.id, members) for shift in shifts)
    else:
        assert len(names) > 1, "nobody is on shift, and nobody else was called"
