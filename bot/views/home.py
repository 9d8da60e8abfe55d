"""App Home, by role: what waits for whoever looks, with the buttons that do it; the desk's state for who works there.

Slack takes a hundred blocks: long lists are cut and say where the rest is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, DividerBlock, Option, StaticSelectElement
from slack_sdk.models.views import View

from bot.usecases.home import AtHome, Chased, Floor, gives
from bot.usecases.links import LinkedCase
from bot.views import blocks
from bot.views.buttons import buttons
from bot.views.coaching import several
from bot.views.ids import Action, of_program
from bot.views.lists import COMMANDS, entry, in_order, tips_lines
from bot.views.message import Json
from bot.views.rules import FACES
from bot.views.standing import title
from bot.views.times import reader, reader_time
from cases.coaching import Coaching, CoachingState
from cases.figures.facts import Share
from cases.figures.wording import percent
from cases.moves import Acting
from cases.mrkdwn import escape, inline, shorten
from cases.people import mention
from cases.program import Program
from cases.times import spoken

NOWHERE = "Ask your team lead for your program's ASK channel."
NOTHING = (
    "*Nothing is waiting for you.* :coffee: Cases you raise or claim appear here, with a link to the card, until the "
    "customer has been called back."
)
CLEAN = ":white_check_mark: Nothing is overdue, and every case has an owner."

MINE_AT_MOST = 7
OTHERS_AT_MOST = 4
FEEDBACK_AT_MOST = 4
CHASED_AT_MOST = 10
PROGRAMS_AT_MOST = 20
OPTIONS_AT_MOST = 100


def home(programs: Sequence[Program], there: Sequence[AtHome], now: datetime) -> Json:
    """The Home of one person: `there` is what each program has for them, one of them with the desk they look at."""
    desks = [one for one in there if one.who.takes_cases]
    shown = next((one for one in desks if one.floor is not None), None)
    works = [*_to_read(there), *_callbacks(there, now), *_to_give(there, now)]
    works += _escalations(there, now) if shown is None else []
    body = [*works]
    if shown is not None and shown.floor is not None:
        body += _desk(desks, shown, shown.floor, now)
        body += _escalations(there, now)
    elif not works:
        body.append(blocks.section(NOTHING))
    body += _told(there)
    if not desks:
        body += [DividerBlock(), *blocks.packed(tips_lines())]
    body.append(DividerBlock())
    return _view([*body, *_where(programs), *_commands(now)])


def turned_away(sentence: str) -> Json:
    """The Home of somebody for whom the desk is not open: why, and nothing else."""
    return _view([blocks.section(sentence)])


# What is one's own


def _to_read(there: Sequence[AtHome]) -> Iterator[Block]:
    """What was said to somebody and waits to be read; what it says is behind the button."""
    to_read = [(one, item) for one in there for item in one.to_read]
    yield from _heading("Feedback for you", len(to_read))
    for one, item in to_read[:FEEDBACK_AT_MOST]:
        said = f":speech_balloon: {_by(item, 'From')} · {about(item)}"
        yield _button(one, item, said, "Read and acknowledge", Action.READ_FEEDBACK, coloured=True)
    yield from _rest(len(to_read), FEEDBACK_AT_MOST, "They move up as you read these.")


def _to_give(there: Sequence[AtHome], now: datetime) -> Iterator[Block]:
    to_give = [(one, item) for one in there for item in one.to_give]
    yield from _heading("Feedback you owe", len(to_give))
    for one, item in to_give[:FEEDBACK_AT_MOST]:
        yield _owed(one, item, now)
    yield from _rest(len(to_give), FEEDBACK_AT_MOST, "They move up as you give these.")


def _callbacks(there: Sequence[AtHome], now: datetime) -> Iterator[Block]:
    mine = [(one, linked) for one in there for linked in one.mine]
    return _listed("Your callbacks", mine, now, MINE_AT_MOST, "`/callbacks` in the channel lists them all.")


def _escalations(there: Sequence[AtHome], now: datetime) -> Iterator[Block]:
    raised = [(one, linked) for one in there for linked in one.raised]
    pointer = "`/callbacks` in the channel lists them all."
    return _listed("Your escalations", raised, now, OTHERS_AT_MOST, pointer, coloured=False)


def _told(there: Sequence[AtHome]) -> Iterator[Block]:
    """Feedback of the last weeks, for those who may read it again."""
    told = [(one, item) for one in there for item in one.told]
    yield from _heading("Recent feedback", len(told))
    for one, item in told[:FEEDBACK_AT_MOST]:
        read = " · acknowledged" if item.state is CoachingState.ACKNOWLEDGED else " · not acknowledged yet"
        said = f"{mention(item.agent)} {_by(item)} · {about(item)}{read}"
        yield _button(one, item, said, "Read", Action.READ_FEEDBACK)
    yield from _rest(len(told), FEEDBACK_AT_MOST, "Older ones are not shown.")


# The desk


def _desk(desks: Sequence[AtHome], one: AtHome, floor: Floor, now: datetime) -> Iterator[Block]:
    yield blocks.header(f"{inline(one.program.name, 100)} right now")
    if len(desks) > 1:
        yield _picker(desks, one)
    yield _counts(floor)
    if one.manages:
        yield from _kept(floor)
    everybodys = "`/callbacks all` in the channel lists them all."
    lists = (
        ("Waiting for your decision", floor.sign_off),
        ("Also overdue" if _is_late(one, now) else "Overdue", floor.overdue),
        ("Nobody has claimed", floor.unclaimed),
    )
    for name, cases in lists:
        yield from _listed(name, [(one, linked) for linked in cases], now, OTHERS_AT_MOST, everybodys)
    if one.manages:
        yield from _ladder(floor.chased, now)
        late = floor.coaching_overdue
        yield from _heading("Feedback overdue", len(late))
        for item in late[:FEEDBACK_AT_MOST]:
            yield _owed(one, item, now)
        yield from _rest(len(late), FEEDBACK_AT_MOST, "The oldest are shown first.")


def _is_late(one: AtHome, now: datetime) -> bool:
    """Whether something of one's own is overdue: that stands above, among the callbacks."""
    return any(linked.case.callback and linked.case.callback.is_overdue(now) for linked in one.mine)


def _picker(desks: Sequence[AtHome], chosen: AtHome) -> Block:
    """Which program's desk is shown, for whoever works at several."""
    options = [
        Option(text=blocks.plain(shorten(escape(one.program.name), 75)), value=str(one.program.id))
        for one in desks[:OPTIONS_AT_MOST]
    ]
    menu = StaticSelectElement(
        action_id=Action.CHOOSE_PROGRAM.value,
        options=options,
        initial_option=next((one for one in options if one.value == str(chosen.program.id)), None),
    )
    return ActionsBlock(elements=[menu], block_id=of_program(chosen.program.id, "program"))


def _counts(floor: Floor) -> Block:
    """What is wrong first, then how much there is: two lines, also on a phone."""
    wrong = [
        (floor.by_urgency.overdue, ":red_circle:", "overdue"),
        (floor.by_urgency.unclaimed, ":bell:", "unclaimed"),
        (floor.by_urgency.sign_off, ":hourglass:", "waiting for a manager"),
    ]
    loud = [f"{mark} *{len(cases)} {what}*" for cases, mark, what in wrong if cases]
    calm = f"{floor.open} open · {floor.on_call} on a call · {floor.due_soon} due within the hour"
    return blocks.section("\n".join([" · ".join(loud) or CLEAN, calm]))


def _kept(floor: Floor) -> Iterator[Block]:
    """Promises kept, of those whose time has come."""
    named = (("today", floor.kept_today), ("this week", floor.kept_this_week))
    rates = [f"{name} {_rate(one)}" for name, one in named if one is not None]
    if rates:
        yield blocks.section(f"*Promises kept*: {' · '.join(rates)}")


def _ladder(chased: Sequence[Chased], now: datetime) -> Iterator[Block]:
    """Who is called about what just now, and when the next time is."""
    if not chased:
        return
    lines = [_called(one, now) for one in chased[:CHASED_AT_MOST]]
    rest = len(chased) - len(lines)
    more = [f"… and {rest} more."] if rest > 0 else []
    yield DividerBlock()
    yield from blocks.packed([f"*Being chased*: {len(chased)}", *lines, *more])


def _called(one: Chased, now: datetime) -> str:
    who = ", ".join(audience.label for audience in dict.fromkeys(one.called))
    again = f" · again {reader_time(max(one.next_at, now))}" if one.next_at else ""
    return f"• {title(one.case)} · {FACES[one.rule].at_home} · called: {who}{again}"


# Pieces


def _listed(
    name: str,
    cases: Sequence[tuple[AtHome, LinkedCase]],
    now: datetime,
    at_most: int,
    pointer: str,
    *,
    coloured: bool = True,
) -> Iterator[Block]:
    """Cases with the buttons that this person may click, the most urgent first."""
    yield from _heading(name, len(cases))
    of = {linked.case.number: one for one, linked in cases}
    for linked in in_order([linked for _, linked in cases], now)[:at_most]:
        one, case = of[linked.case.number], linked.case
        yield blocks.section(entry(linked, now).removeprefix("• "))
        row, overflow = buttons(case, Acting(one.program, one.who, now))
        if row or overflow:
            yield blocks.moves(case.number, row, overflow, coloured=coloured, program=one.program.id)
    yield from _rest(len(cases), at_most, pointer)


def _owed(one: AtHome, item: Coaching, now: datetime) -> Block:
    """Feedback that is owed, with its button where whoever looks may give it."""
    late = (
        f":red_circle: *overdue for {spoken(now - item.due_at)}*"
        if item.is_overdue(now)
        else f"due {reader(item.due_at)}"
    )
    whose = f" · {mention(item.superior)} owes it" if item.superior not in (None, one.who.id) else ""
    said = f"{mention(item.agent)} · {about(item)} · {late}{whose}"
    if not gives(item, one.who, now):
        return blocks.section(said)
    return _button(one, item, said, Action.GIVE_FEEDBACK.label, Action.GIVE_FEEDBACK)


def _button(
    one: AtHome, item: Coaching, said: str, label: str, action: Action, *, coloured: bool = False
) -> Block:
    block_id = of_program(one.program.id, f"feedback_{item.id}")
    return blocks.with_button(said, label, action, str(item.id), block_id, coloured=coloured)


def about(item: Coaching) -> str:
    """`about case 42`; of a pattern all of its cases."""
    return f"about {several(item.about)}"


def _by(item: Coaching, word: str = "from") -> str:
    when = f" {reader(item.given_at)}" if item.given_at else ""
    return f"{word} {mention(item.given_by or '')}{when}"


def _heading(name: str, count: int) -> Iterator[Block]:
    """A line above a list, so that the eye finds the next one."""
    if count:
        yield DividerBlock()
        yield blocks.section(f"*{name}*: {count}")


def _rest(count: int, at_most: int, pointer: str) -> Iterator[Block]:
    if count > at_most:
        yield blocks.context(f"… and {count - at_most} more. {pointer}")


def _rate(kept: Share) -> str:
    """`7 of 8 (88 %)`; nothing has come due yet where there is none."""
    if not kept.whole:
        return "none due yet"
    return f"*{kept.part} of {kept.whole}* ({percent(kept)})"


def _where(programs: Sequence[Program]) -> Iterator[Block]:
    channels = [f"• <#{program.channel}> · {inline(program.name, 100)}" for program in programs]
    rest = len(channels) - PROGRAMS_AT_MOST
    more = [f"… and {rest} more."] if rest > 0 else []
    return blocks.packed(["*Where to ask*", *(channels[:PROGRAMS_AT_MOST] or [NOWHERE]), *more])


def _commands(now: datetime) -> Iterator[Block]:
    yield from blocks.packed(["*What to type in the channel*", *(f"• {line}" for line in COMMANDS)])
    yield blocks.context(f"As of {reader(now)}. This page updates while it is open.")


def _view(body: Iterable[Block]) -> Json:
    shown = list(body)
    return View(type="home", blocks=shown[isinstance(shown[0], DividerBlock) :]).to_dict()
