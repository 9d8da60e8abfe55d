"""App Home by role: what waits for whoever looks, the buttons that are theirs, the desk's state, the commands."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from bot.faces.registry import BUTTONS
from bot.listeners.guard import Guard, Visit
from bot.slack.answers import Identity
from bot.usecases.home import AtHome, Chased, Floor
from bot.usecases.links import LinkedCase
from bot.views import lists
from bot.views.home import NOTHING, home, turned_away
from bot.views.ids import Action, program_of, read_more
from bot.views.lists import COMMANDS
from bot.views.message import Json
from bot.views.refusals import stranger
from cases import coaching
from cases.audience import Audience
from cases.case import Case
from cases.coaching import Coaching, CoachingState
from cases.figures.facts import Share
from cases.people import Person
from cases.program import Program
from cases.reminders.rules import Rule
from cases.urgency import by_urgency
from tests import build
from tests.build import ANA, BEN, MIA, TESS
from tests.views.reading import assert_openable, nasty_texts, shown, strings

PROGRAM, NOW = build.program(), build.NOW
LINK = "https://slack.test/archives/C0ASKBILL/p1"


def text_of(view: Json) -> str:
    """All that a Home says."""
    return "\n".join(strings(view))


def linked(*cases: Case) -> tuple[LinkedCase, ...]:
    return tuple(LinkedCase(case, f"{LINK}{case.number}") for case in cases)


def floor(**changes: Any) -> Floor:
    """A desk on which nothing is wrong."""
    none: tuple[LinkedCase, ...] = ()
    nothing = by_urgency((), NOW)
    return replace(Floor(none, none, none, open=3, on_call=1, due_soon=2, by_urgency=nothing), **changes)


def seen(
    who: Person, *cases: Case, now: datetime = NOW, programs: Iterable[Program] = (PROGRAM,), **more: Any
) -> Json:
    """Somebody's Home with cases that they own or raised."""
    mine = linked(*(case for case in cases if case.owner == who.id))
    raised = linked(*(case for case in cases if case.raised_by == who.id != case.owner))
    there = [AtHome(PROGRAM, who, mine=mine, raised=raised, **more)]
    return home(list(programs), there, now)


def owed(**changes: Any) -> Coaching:
    """Feedback that Ben owes to Ana since now."""
    return replace(coaching.owed(build.closed(), PROGRAM, BEN.id, NOW), id=7, **changes)


def was_given(**changes: Any) -> Coaching:
    return owed(state=CoachingState.GIVEN, given_by=BEN.id, given_at=NOW, **changes)


def clickable(view: Json) -> dict[str, list[str]]:
    """By block: what can be clicked."""
    found: dict[str, list[str]] = {}
    for block in view["blocks"]:
        elements = [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())]
        clicks = []
        for one in elements:
            if one.get("type") == "button":
                clicks.append(one["text"]["text"])
            elif one.get("type") == "overflow":
                clicks += [BUTTONS[read_more(option["value"])[0]].label for option in one["options"]]
        if clicks:
            found[block["block_id"]] = clicks
    return found


# Whoever comes


def test_whoever_has_no_case_reads_where_to_ask_the_ten_steps_and_what_to_type() -> None:
    others = [PROGRAM, build.program(channel="C0OTHER", name="<Sales> & more")]
    view = seen(ANA, programs=others)
    assert_openable(view)
    assert view["type"] == "home"
    text = text_of(view)
    assert "<#C0ASKBILL> · Northwind Billing" in text
    assert "<#C0OTHER> · &lt;Sales&gt; &amp; more" in text
    assert all(command in text for command in COMMANDS)
    assert NOTHING in text
    assert "10. *Gave a realistic time*" in text
    assert "Your" not in text


def test_where_no_desk_is_the_team_lead_knows() -> None:
    view = home([], [], NOW)
    assert_openable(view)
    assert "team lead" in text_of(view)


def test_somebody_of_another_workspace_reads_why_and_nothing_else() -> None:
    view = turned_away(stranger())
    assert_openable(view)
    assert text_of(view) == stranger()


# One's own cases


def test_what_one_owns_and_what_one_raised_stand_apart() -> None:
    cases = [
        build.claimed(build.raised(number=1)),
        build.raised(number=2),
        build.raised(number=3, by=BEN),
    ]
    owner, raiser = text_of(seen(BEN, *cases)), text_of(seen(ANA, *cases))
    assert "*Your callbacks*: 1\n<" in owner
    assert owner.index("Case 1") < owner.index("*Your escalations*: 1") < owner.index("Case 3")
    assert "Case 2" not in owner
    assert "*Your callbacks*" not in raiser
    assert "*Your escalations*: 2" in raiser
    assert "with <@U0BEN>" in raiser
    assert "*nobody has claimed it* for" in raiser
    assert "Nothing waits" not in owner + raiser


def test_the_overdue_come_first_and_are_marked_then_by_time() -> None:
    """Also where a longer window keeps an earlier call on time, as another program may have it."""
    patient = build.program(window=timedelta(hours=9))
    earlier = build.raised(build.escalation(due_at=build.DUE - timedelta(hours=1)), number=1, desk=patient)
    later = build.raised(build.escalation(due_at=build.DUE + timedelta(hours=3)), number=2)
    cases = map(build.claimed, (later, earlier, build.raised(number=3)))
    text = text_of(seen(BEN, *cases, now=build.WHEN_OVERDUE))
    assert text.index("Case 3") < text.index("Case 1") < text.index("Case 2")
    assert text.count(":red_circle: *overdue*, was due 40 min ago") == 1


def test_the_lines_are_those_of_the_command() -> None:
    """With the link to each card, and never with a customer's number."""
    cases = [build.claimed(), build.awaiting_sign_off(build.claimed(build.raised(number=7)))]
    view = seen(BEN, *cases)
    told = shown(lists.callbacks(linked(*cases), "mine", NOW)).splitlines()[1:]
    assert len(told) == 2
    assert all(line.removeprefix("• ") in text_of(view).splitlines() for line in told)
    assert f"<{LINK}42|Case 42 · Jane Doe>" in text_of(view)
    assert build.NUMBER not in json.dumps(view)
    assert "4567" not in json.dumps(view)


def test_a_case_without_a_card_yet_has_no_link() -> None:
    there = [AtHome(PROGRAM, ANA, raised=(LinkedCase(build.raised()),))]
    assert "*Case 42 · Jane Doe*" in text_of(home([PROGRAM], there, NOW))


def test_buttons_are_the_cards_but_only_those_that_one_may_click() -> None:
    case = build.claimed()
    assert clickable(seen(BEN, case))["p1:moves_42"] == [
        "Calling now",
        "Log outcome",
        "Reschedule",
        "Hand over",
        "Release",
        "Escalate further",
        "Add note",
        "Show number",
    ]
    assert clickable(seen(ANA, case))["p1:moves_42"] == ["Reschedule", "Add note"]
    there = AtHome(PROGRAM, TESS, floor=floor(unclaimed=linked(build.raised(number=3))))
    assert clickable(home([PROGRAM], [there], NOW))["p1:moves_3"] == ["Claim", "Add note"]
    waits = AtHome(PROGRAM, TESS, floor=floor(unclaimed=linked(build.waiting())))
    assert clickable(home([PROGRAM], [waits], NOW))["p1:moves_42"] == ["Claim and take the call", "Add note"]


def test_an_overdue_case_of_somebody_else_can_be_taken_over() -> None:
    case, now = build.overdue_claimed()
    there = AtHome(PROGRAM, TESS, floor=floor(overdue=linked(case)))
    assert clickable(home([PROGRAM], [there], now))["p1:moves_42"] == ["Take over", "Add note"]


@pytest.mark.parametrize("number", [1, 12])
def test_a_click_in_a_home_is_for_the_program_that_its_block_names(number: int) -> None:
    """Neither a channel nor metadata says so there; a block that names none belongs to no desk."""
    desks = [PROGRAM, build.program(channel="C0OTHER", name="Sales", id=12)]
    guard = Guard(Identity("T0", "A0", "U0BOT", "B0"), lambda: desks)
    one = AtHome(desks[number == 12], BEN, mine=linked(build.claimed()))
    (block_id,) = clickable(home(desks, [one], NOW))
    body: dict[str, Any] = {
        "team": {"id": "T0"},
        "api_app_id": "A0",
        "user": {"id": BEN.id, "team_id": "T0"},
        "view": {"type": "home", "private_metadata": ""},
        "actions": [{"action_id": "case_calling_now", "block_id": block_id, "value": "42"}],
    }
    visit = guard.admit(body)
    assert isinstance(visit, Visit)
    assert (visit.program.id, visit.user) == (number, BEN.id)
    assert not isinstance(guard.admit({**body, "user": {"id": "U0X", "team_id": "T0ELSE"}}), Visit)
    for nobody in ("moves_42", "p99:moves_42", "px:moves_42", ""):
        assert not isinstance(guard.admit({**body, "actions": [{"block_id": nobody}]}), Visit)
    assert program_of(block_id) == number


# Feedback


def test_the_agent_reads_what_was_said_behind_a_button_and_not_in_passing() -> None:
    view = seen(ANA, to_read=(was_given(),))
    text = text_of(view)
    assert "*Feedback for you*: 1" in text
    assert "From <@U0BEN>" in text
    assert "about case 42" in text
    assert clickable(view)["p1:feedback_7"] == ["Read and acknowledge"]
    assert "Nothing waits" not in text


def test_who_owes_feedback_sees_until_when_and_may_give_it() -> None:
    view = seen(BEN, to_give=(owed(),))
    assert "*Feedback you owe*: 1" in text_of(view)
    assert "<@U0ANA> · about case 42 · due <!date^" in text_of(view)
    assert clickable(view)["p1:feedback_7"] == ["Give feedback"]
    late = seen(BEN, to_give=(owed(),), now=owed().due_at + timedelta(hours=3))
    assert ":red_circle: *overdue for 3 h*" in text_of(late)


def test_feedback_about_several_cases_names_them() -> None:
    text = text_of(seen(BEN, to_give=(owed(cases=(7, 30, 42)),)))
    assert "about case 7, case 30 and case 42" in text


def test_what_was_given_can_be_read_again() -> None:
    view = seen(BEN, told=(was_given(acknowledged_at=NOW),))
    assert clickable(view)["p1:feedback_7"] == ["Read"]
    assert "not acknowledged yet" in text_of(view)


# The desk


def test_an_sme_or_tl_sees_the_desk_without_the_managers_part() -> None:
    free = build.raised(number=3)
    there = AtHome(PROGRAM, TESS, floor=floor(unclaimed=linked(free)))
    text = text_of(home([PROGRAM], [there], NOW))
    assert "Northwind Billing right now" in text
    assert "3 open · 1 on a call · 2 due within the hour" in text
    assert "*Nobody has claimed*: 1" in text
    assert "Case 3" in text
    assert "Promises kept" not in text
    assert "Ten ways" not in text


def test_a_manager_sees_what_was_kept_who_is_called_and_what_waits_for_a_decision() -> None:
    stuck = build.awaiting_sign_off()
    case, now = build.overdue_claimed()
    late = owed(opened_at=NOW - timedelta(days=9), due_at=NOW - timedelta(days=6))
    there = AtHome(
        PROGRAM,
        MIA,
        floor=floor(
            sign_off=linked(stuck),
            kept_today=Share(7, 8),
            kept_this_week=Share(),
            chased=(Chased(case, Rule.OVERDUE, (Audience.OWNER, Audience.TLS, Audience.MANAGERS), now),),
            coaching_overdue=(late,),
        ),
    )
    view = home([PROGRAM], [there], now)
    assert_openable(view)
    text = text_of(view)
    assert "*Promises kept*: today *7 of 8* (88 %) · this week none due yet" in text
    assert "*Waiting for your decision*: 1" in text
    assert "called: the owner, TLs, managers · again <!date^" in text
    assert "*Feedback overdue*: 1" in text
    assert "<@U0BEN> owes it" in text
    assert clickable(view)["p1:moves_42"][:2] == ["Sign off unreachable", "Grant another attempt"]
    assert clickable(view)["p1:feedback_7"] == ["Give feedback"]


def test_a_clean_desk_is_said_to_be_clean() -> None:
    there = AtHome(PROGRAM, MIA, floor=floor())
    assert "Nothing is overdue, and every case has an owner." in text_of(home([PROGRAM], [there], NOW))


def test_whoever_works_at_several_desks_chooses_which_one_to_look_at() -> None:
    sales = build.program(id=2, channel="C0SALES", name="Sales & <more>")
    there = [AtHome(PROGRAM, MIA), AtHome(sales, MIA, floor=floor())]
    view = home([PROGRAM, sales], there, NOW)
    assert_openable(view)
    (menu,) = [
        one for block in view["blocks"] for one in block.get("elements", ()) if one["type"] == "static_select"
    ]
    assert menu["action_id"] == Action.CHOOSE_PROGRAM
    assert [option["value"] for option in menu["options"]] == ["1", "2"]
    assert menu["initial_option"]["value"] == "2"
    assert "Sales & <more> right now" in text_of(view).replace("&amp;", "&").replace("&lt;", "<").replace(
        "&gt;", ">"
    )
    alone = home([PROGRAM], [AtHome(PROGRAM, MIA, floor=floor())], NOW)
    assert "static_select" not in json.dumps(alone)


# However much there is


@settings(max_examples=25)
@given(nasty_texts)
def test_whatever_was_typed_and_however_many_it_fits(text: str) -> None:
    """A hundred blocks at most, with every list longer than it may be; and no block twice."""
    programs = [build.program(id=n, channel=f"C{n:08}", name=text[:200]) for n in range(1, 101)]
    said = build.escalation(customer=text[:80])
    mia = Person(BEN.id, MIA.roles | BEN.roles)

    def many(first: int, make: Any) -> tuple[LinkedCase, ...]:
        return linked(*(make(build.raised(said, number=first + n)) for n in range(12)))

    def items(first: int, item: Coaching) -> tuple[Coaching, ...]:
        return tuple(replace(item, id=first + n, cases=tuple(range(1, 30))) for n in range(12))

    chased = tuple(
        Chased(one.case, Rule.OVERDUE, (Audience.OWNER, Audience.TLS, Audience.MANAGERS), NOW)
        for one in many(500, build.claimed)
    )
    desk = floor(
        overdue=many(100, lambda case: build.claimed(case, by=TESS)),
        sign_off=many(200, lambda case: build.awaiting_sign_off(build.claimed(case, by=TESS), by=TESS)),
        unclaimed=many(300, lambda case: case),
        kept_today=Share(899, 900),
        kept_this_week=Share(899, 900),
        chased=chased,
        coaching_overdue=items(300, owed(opened_at=NOW - timedelta(days=9), due_at=NOW - timedelta(days=6))),
    )
    full = AtHome(
        programs[0],
        mia,
        mine=many(400, build.claimed),
        raised=many(600, lambda case: case),
        to_give=items(0, owed()),
        to_read=items(100, was_given(agent=BEN.id)),
        told=items(200, was_given()),
        floor=desk,
    )
    view = home(programs, [full, *(AtHome(one, mia) for one in programs[1:])], NOW)
    assert_openable(view)
    assert len(view["blocks"]) <= 100
    assert view["blocks"][0]["type"] != "divider"
    assert "… and 5 more." in text_of(view)
    assert "<!" not in text_of(view).replace("<!date^", "")
    for block in view["blocks"]:
        for one in block.get("elements", ()):
            if one.get("type") == "button":
                assert one["action_id"] in BUTTONS
