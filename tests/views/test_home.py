"""App Home: where to ask, what waits for whoever looks, the commands."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import given

from bot.views import lists
from bot.views.home import home, turned_away
from bot.views.lists import COMMANDS
from bot.views.message import Json, LinkedCase
from bot.views.refusals import stranger
from cases.case import Case
from tests import build
from tests.views.reading import assert_openable, nasty_texts, shown, strings

PROGRAM, NOW = build.program(), build.NOW
ANA, BEN = build.ANA.id, build.BEN.id
LINK = "https://slack.test/archives/C0ASKBILL/p1"


def text_of(view: Json) -> str:
    """All that a Home says."""
    return "\n".join(strings(view))


def linked(*cases: Case) -> list[LinkedCase]:
    return [LinkedCase(case, f"{LINK}{case.number}") for case in cases]


def test_whoever_has_no_case_reads_where_to_ask_and_what_to_type() -> None:
    view = home([PROGRAM, build.program(channel="C0OTHER", name="<Sales> & more")], ANA, [], NOW)
    assert_openable(view)
    assert view["type"] == "home"
    text = text_of(view)
    assert "<#C0ASKBILL> · Northwind Billing" in text
    assert "<#C0OTHER> · &lt;Sales&gt; &amp; more" in text
    assert all(command in text for command in COMMANDS)
    assert "Nothing waits for you." in text
    assert "Your" not in text


def test_where_no_desk_is_the_team_lead_knows() -> None:
    view = home([], ANA, [], NOW)
    assert_openable(view)
    assert "team lead" in text_of(view)


def test_what_one_owns_and_what_one_raised_stand_apart() -> None:
    cases = linked(
        build.claimed(build.raised(number=1)),
        build.raised(number=2),
        build.raised(number=3, by=build.BEN),
    )
    owner, raiser = text_of(home([PROGRAM], BEN, cases, NOW)), text_of(home([PROGRAM], ANA, cases, NOW))
    assert "*Your callbacks*: 1\n• <" in owner
    assert owner.index("Case 1") < owner.index("*Your escalations*: 1") < owner.index("Case 3")
    assert "Case 2" not in owner
    assert "*Your callbacks*" not in raiser
    assert "*Your escalations*: 2" in raiser
    assert "with <@U0BEN>" in raiser
    assert "*nobody has claimed it* for" in raiser
    assert "Nothing waits" not in owner + raiser


def test_a_case_that_its_raiser_claimed_stands_once() -> None:
    case = build.claimed(build.raised(by=build.BEN))
    text = text_of(home([PROGRAM], BEN, linked(case), NOW))
    assert "*Your callbacks*: 1" in text
    assert text.count("Case 42") == 1


def test_the_overdue_come_first_and_are_marked_then_by_time() -> None:
    """Also where a longer window keeps an earlier call on time, as another program may have it."""
    patient = build.program(window=timedelta(hours=9))
    earlier = build.raised(build.escalation(due_at=build.DUE - timedelta(hours=1)), number=1, desk=patient)
    later = build.raised(build.escalation(due_at=build.DUE + timedelta(hours=3)), number=2)
    cases = linked(*map(build.claimed, (later, earlier, build.raised(number=3))))
    text = text_of(home([PROGRAM], BEN, cases, build.WHEN_OVERDUE))
    assert text.index("Case 3") < text.index("Case 1") < text.index("Case 2")
    assert text.count(":red_circle: *overdue*, was to be called 40 min ago") == 1


def test_the_lines_are_those_of_the_command() -> None:
    """With the link to each card, and never with a customer's number."""
    cases = linked(build.claimed(), build.awaiting_sign_off(build.claimed(build.raised(number=7))))
    view = home([PROGRAM], BEN, cases, NOW)
    told = shown(lists.callbacks(cases, "mine", NOW)).splitlines()[1:]
    assert len(told) == 2
    assert all(line in text_of(view).splitlines() for line in told)
    assert f"<{LINK}42|Case 42 · Jane Doe>" in text_of(view)
    assert build.NUMBER not in json.dumps(view)
    assert "4567" not in json.dumps(view)


def test_a_case_without_a_card_yet_has_no_link() -> None:
    assert "*Case 42 · Jane Doe*" in text_of(home([PROGRAM], ANA, [LinkedCase(build.raised())], NOW))


@given(nasty_texts)
def test_whatever_was_typed_and_however_many_it_fits(text: str) -> None:
    programs = [build.program(channel=f"C{n:08}", name=text[:200]) for n in range(100)]
    said = build.escalation(customer=text[:80])
    mine = [build.claimed(build.raised(said, number=n)) for n in range(1, 100)]
    raised = [build.raised(said, number=n, by=build.BEN) for n in range(100, 200)]
    view = home(programs, BEN, linked(*mine, *raised), NOW)
    assert_openable(view)
    assert "… and 79 more." in text_of(view)
    assert "… and 80 more." in text_of(view)
    assert "<!" not in text_of(view).replace("<!date^", "")


def test_somebody_of_another_workspace_reads_why_and_nothing_else() -> None:
    view = turned_away(stranger())
    assert_openable(view)
    assert text_of(view) == stranger()
