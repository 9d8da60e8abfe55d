"""Whom an alert calls: those to whom it is news."""

from __future__ import annotations

from datetime import timedelta

from cases.audience import Called
from cases.program import Ladder
from cases.reminders.alerts import Heard, knowing, loudest, news, riding
from cases.reminders.rules import Rule
from tests import build
from tests.build import DUE, NOW

BEN, TLS, MANAGERS = Called("U0BEN"), Called("S0TLS", is_group=True), Called("S0MGRS", is_group=True)
MEMBERS = {"S0TLS": ("U0BEN", "U0TESS"), "S0MGRS": ("U0MIA",)}
AGAIN = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


def called(
    *audience: Called, rule: Rule, heard: tuple[Heard, ...] = (), knows: tuple[str, ...] = ()
) -> object:
    return news(audience, rule, heard, knows, MEMBERS, AGAIN, NOW)


def test_whoever_has_not_heard_is_called() -> None:
    """Everybody, at first; later those who join."""
    assert called(BEN, TLS, rule=Rule.OVERDUE) == (BEN, TLS)
    told = Heard(Rule.OVERDUE, (BEN, TLS), NOW - 20 * MINUTE)
    assert called(BEN, TLS, MANAGERS, rule=Rule.OVERDUE, heard=(told,)) == (MANAGERS,)


def test_something_more_urgent_is_news() -> None:
    """And something less urgent is none."""
    told = Heard(Rule.DUE, (BEN,), NOW - 15 * MINUTE)
    assert called(BEN, rule=Rule.OVERDUE, heard=(told,)) == (BEN,)
    assert called(BEN, rule=Rule.HEADS_UP, heard=(told,)) == ()


def test_half_an_hour_later_the_same_people_are_called_again() -> None:
    """A step of the ladder that is due then is not put off by seconds."""
    for ago, again in ((20, ()), (28, ()), (30, (TLS,))):
        told = Heard(Rule.OVERDUE, (TLS,), NOW - ago * MINUTE + timedelta(seconds=2))
        assert called(TLS, rule=Rule.OVERDUE, heard=(told,)) == again


def test_a_group_of_whom_some_know_is_called_by_the_names_of_the_others() -> None:
    """A group whose members nobody knows is called as a whole."""
    assert called(TLS, rule=Rule.OVERDUE, knows=("U0BEN",)) == (Called("U0TESS"),)
    assert called(TLS, rule=Rule.OVERDUE, knows=("U0BEN", "U0TESS")) == ()
    unknown = Called("S0NEW", is_group=True)
    assert called(unknown, rule=Rule.OVERDUE, knows=("U0BEN",)) == (unknown,)


def test_nobody_is_called_for_what_they_did_themselves() -> None:
    """For ten minutes, and only of what was the matter then: the agreed time is news to whoever agreed on it just before."""
    case, ladder = build.claimed(), Ladder()

    def knows(rule: Rule, clicked: timedelta, later: int) -> bool:
        at = DUE + clicked
        return bool(knowing({"U0BEN": at}, rule, case, ladder, at + later * MINUTE))

    late = timedelta(minutes=20)
    assert knows(Rule.OVERDUE, late, 5)
    assert not knows(Rule.OVERDUE, late, 10)
    assert not knows(Rule.OVERDUE, timedelta(minutes=10), 6), "it was not overdue then"
    assert not knows(Rule.DUE, timedelta(minutes=-5), 5)
    assert knows(Rule.HEADS_UP, timedelta(minutes=-20), 5)


def test_an_alert_rides_with_one_that_calls_its_people_anyway() -> None:
    """Said again to those of them who have not heard for ten minutes."""
    told = [Heard(Rule.OVERDUE, (TLS, MANAGERS), NOW - 12 * MINUTE)]
    assert riding((TLS, MANAGERS), told, {"U0BEN", "U0TESS"}, MEMBERS, NOW) == (TLS,)
    assert riding((TLS, MANAGERS), told, {"U0BEN"}, MEMBERS, NOW) == (BEN,)
    just_now = [Heard(Rule.OVERDUE, (TLS,), NOW - 5 * MINUTE)]
    assert riding((TLS, MANAGERS), just_now, {"U0BEN", "U0TESS"}, MEMBERS, NOW) == ()


def test_the_loudest_rule_speaks_for_a_case() -> None:
    assert loudest([Rule.HEADS_UP, Rule.UNCLAIMED, Rule.DUE]) is Rule.DUE
