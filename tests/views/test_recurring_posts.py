"""The digest and the handover: the trouble on top, nothing cut that counts, no button that nobody hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given

from bot.views.digest import ALL_CALM, digest
from bot.views.handover import NOTHING_LEFT, handover
from bot.views.ids import Action
from bot.views.message import Message
from cases.case import Case
from cases.figures.facts import FirstPromise
from cases.program import Shift
from cases.reminders import recurring
from cases.times import instant
from tests import build
from tests.build import BEN, NOW, TESS
from tests.views.reading import assert_postable, length, mentioned, nasty_texts, shown

TODAY = date(2026, 11, 24)
MORNING = instant(TODAY, time(8), "Asia/Manila")
ENDS = instant(TODAY, time(14), "Asia/Manila")
SHIFTS = (
    Shift("Early", tuple(range(7)), time(6), time(14)),
    Shift("Late", tuple(range(7)), time(14), time(22)),
)
PROGRAM = build.program(shifts=SHIFTS)
WINDOW = timedelta(minutes=15)
LINK = "https://northwind.slack.com/archives/C0ASKBILL/p1"


def case(number: int, due_at: datetime, owner: bool = True, customer: str = "Jane Doe") -> Case:
    raised = build.raised(build.escalation(due_at=due_at, customer=customer), number=number)
    return build.claimed(raised, by=TESS if number % 2 else BEN) if owner else raised


def of_day(cases: list[Case], promises: list[FirstPromise] | None = None) -> Message:
    told = recurring.digest(cases, promises or [], PROGRAM, TODAY, MORNING)
    return digest(told, PROGRAM, {1: LINK}, MORNING)


def of_shift(cases: list[Case], now: datetime = ENDS - WINDOW) -> Message:
    told = recurring.handover(cases, {}, PROGRAM, ENDS, now)
    return handover(told, PROGRAM, {1: LINK}, now)


SOME = [
    case(1, MORNING - timedelta(hours=2)),
    case(2, MORNING + timedelta(hours=3), owner=False),
    case(4, ENDS + timedelta(hours=1)),
    build.awaiting_sign_off(build.claimed(build.raised(number=6))),
]


def headings(message: Message) -> list[str]:
    return [line for line in shown(message).splitlines() if line.startswith("*") and "*: " in line]


def test_a_digest_names_the_records_last_line() -> None:
    """To be checked against later: nobody changes the channel in the database."""
    told = recurring.digest(SOME, [], PROGRAM, TODAY, MORNING, "1234:9f3a5b7c8d9e")
    message = digest(told, PROGRAM, {}, MORNING)
    assert_postable(message)
    assert "`askdesk verify --since 1234:9f3a5b7c8d9e`" in shown(message)
    assert "The record ends" not in shown(of_day(SOME))


def test_a_digest_has_the_trouble_on_top() -> None:
    """Then what is due; with links where they are known, and yesterday's promises above all."""
    message = of_day(SOME, [FirstPromise(NOW, WINDOW, NOW), FirstPromise(NOW, WINDOW, None)])
    assert_postable(message)
    assert shown(message).splitlines()[:3] == [
        "Northwind Billing · Tuesday 24 November",
        "*1 of 2 promises kept yesterday*: called inside the first window.",
        "4 open cases in all.",
    ]
    assert headings(message)[-4:] == [
        "*Overdue*: 1",
        "*Waiting for a manager's decision*: 1",
        "*Nobody has claimed*: 1",
        "*Due today*: 1",
    ]
    assert f"<{LINK}|Case 1 · Jane Doe>" in shown(message)
    assert "Overdue: 1; Waiting for a manager's decision: 1" in message.text


def test_a_calm_desk_is_told_so() -> None:
    """Both posts come all the same: silence would not say whether the bot is there."""
    for message, calm in ((of_day([]), ALL_CALM), (of_shift([]), NOTHING_LEFT)):
        assert_postable(message)
        assert calm in shown(message)
        assert mentioned(message) == set()
    assert "No first calls were promised for yesterday." in shown(of_day([]))


def test_a_handover_names_who_goes_home() -> None:
    """Each once, with their cases, under what the next shift must know."""
    message = of_shift(SOME)
    assert_postable(message)
    text = shown(message)
    assert text.splitlines()[0] == "Early ends at 14:00"
    assert "*Due in the next shift (Late, until 22:00)*: 1" in text
    home = text.partition("*Going home with open cases*")[2]
    assert f"<@U0TESS>: <{LINK}|case 1 (Jane Doe)>" in home
    assert "<@U0BEN>: " in home
    assert "goes home with 1." in message.text


def test_a_handover_that_comes_after_the_end_says_so() -> None:
    """As a late ping does."""
    on_time, late = of_shift(SOME), of_shift(SOME, ENDS + timedelta(minutes=25))
    assert_postable(late)
    assert "ends at 14:00" in shown(on_time)
    assert "late" not in shown(on_time).replace("Late", "")
    assert "Early ended at 14:00" in late.text
    assert "This handover is 40 min late: Askdesk was offline." in shown(late)


def test_each_owner_who_goes_home_has_two_buttons() -> None:
    message = of_shift(SOME)
    assert_postable(message)
    found = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    assert [[(e["text"]["text"], e["action_id"], e["value"]) for e in row] for row in found] == [
        [("Hand over", Action.SHIFT_HAND_OVER, who), ("I'll stay", Action.SHIFT_STAY, who)]
        for who in ("U0BEN", "U0TESS")
    ]


def test_hundreds_of_cases_still_fit() -> None:
    """The first of each part, how many there are, and owners beyond the most are counted."""
    many = [case(n, MORNING + timedelta(minutes=n % 3 * 60 - 60), owner=n % 5 > 0) for n in range(1, 400)]
    many = [replace(one, owner=one.owner and f"U{one.number:010}") for one in many]
    for message in (of_day(many), of_shift(many)):
        assert_postable(message)
        assert "more: `/callbacks all`" in shown(message)
        assert len(message.blocks) <= 50
        assert length(message) < 10_000


@given(customer=nasty_texts)
def test_what_people_typed_mentions_nobody(customer: str) -> None:
    """Names of customers, in any script."""
    there = [case(n, MORNING + timedelta(hours=n), customer=customer[:80]) for n in range(12)]
    for message in (of_day(there), of_shift(there)):
        assert_postable(message)
        assert mentioned(message) <= {"@U0BEN", "@U0TESS"}
        assert length(message) < 10_000


def test_who_goes_home_reads_when_each_case_is_to_be_called() -> None:
    """With its day: what is for the next night need not be handed over. The worst first."""
    there = [case(2, ENDS + timedelta(hours=30)), case(4, ENDS - timedelta(hours=2)), case(6, ENDS)]
    home = shown(of_shift(there)).partition("*Going home with open cases*")[2]
    assert [part.partition(")")[0] for part in home.split("case ")[1:]] == [
        "4 (Jane Doe", "6 (Jane Doe", "2 (Jane Doe",
    ]  # fmt: skip
    assert home.count(":red_circle: <!date^") == 1
    assert home.count("{date_short_pretty}") == 3


def test_an_owner_of_many_cases_reads_how_many_more() -> None:
    there = [case(2 * n, ENDS + timedelta(minutes=n)) for n in range(1, 31)]
    message = of_shift(there)
    assert_postable(message)
    assert "and 22 more" in shown(message)
