"""App Home, by role: what awaits the reader, with its buttons; how the program stands, for those who take its cases.

Slack allows a hundred blocks: long lists are cut and say where the rest is.
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
from bot.views.links import in_blocks
from bot.views.lists import COMMANDS, entry, tips_lines
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
from cases.standing import ON_THE_PHONE, Standing, is_late, standing, urgency
from cases.times import spoken

NOWHERE = "Ask your team lead for your program's ASK channel."
NOTHING = (
    "*Nothing is waiting for you.* :coffee: Cases you raise or claim appear here, with a link to the card, until the "
    "customer has been called back."
)
CLEAN = ":white_check_mark: Nothing is overdue, and every case has an owner."

MINE_POINTER = "`/callbacks` in the channel lists them all."

MINE_AT_MOST = 6
CALM_AT_LEAST = 2
"""Of one's own that have time, however many need one now."""

OTHERS_AT_MOST = 3
FEEDBACK_AT_MOST = 2
CHASED_AT_MOST = 10
PROGRAMS_AT_MOST = 20
OPTIONS_AT_MOST = 100

PRESSING = frozenset({*ON_THE_PHONE, Standing.WAITING, Standing.OVERDUE, Standing.DUE})
"""How a case stands whose owner has something to do at this moment."""

Cases = Sequence[tuple[AtHome, LinkedCase]]
"""Cases with what their program has for the reader."""


def home(programs: Sequence[Program], there: Sequence[AtHome], now: datetime) -> Json:
    """One person's Home: `there` is what each program has for them; one of them shows how the program stands."""
    works_in = [one for one in there if one.who.works_here]
    shown = next((one for one in works_in if one.floor is not None), None)
    mine = [(one, linked) for one in there for linked in one.mine]
    pressing = [(one, linked) for one, linked in mine if standing(linked.case, one.program, now) in PRESSING]
    works = [*_to_join(there), *_now(pressing, now)]
    if shown is not None and shown.floor is not None:
        works = [*_on_hold(shown, shown.floor, now), *works, *_floor(works_in, shown, shown.floor, now)]
    works += _callbacks([it for it in mine if it not in pressing], len(pressing), now)
    works += [*_escalations(there, now), *_feedback(there, shown, now)]
    body = works or [blocks.section(NOTHING)]
    body += _told(there)
    body += _saves(there)
    if not works_in:
        body += [DividerBlock(), *blocks.packed(tips_lines())]
    body.append(DividerBlock())
    view = _view([*body, *_where(programs), *_commands(now)])
    links = {number: link for one in there for number, link in one.links.items()}
    return {**view, "blocks": in_blocks(view["blocks"], links)}


def turned_away(sentence: str) -> Json:
    """The Home of somebody who may not use Askdesk: why, and nothing else."""
    return _view([blocks.section(sentence)])


# The reader's own


def _to_join(there: Sequence[AtHome]) -> Iterator[Block]:
    """Why somebody with a role sees nothing of a program: who is not in its channel sees none of its cases."""
    closed = [one.program for one in there if one.who.takes_cases and not one.who.works_here]
    if closed:
        channels = ", ".join(f"<#{program.channel}>" for program in closed[:PROGRAMS_AT_MOST])
        yield blocks.section(
            f":lock: *You have a role in {channels}, but you're not in the channel.* Join to see its cases."
        )


def _to_read(there: Sequence[AtHome]) -> Iterator[Block]:
    """Feedback that somebody has not read yet; its text is behind the button."""
    to_read = [(one, item) for one in there for item in one.to_read]
    yield from _heading("Feedback for you", len(to_read))
    for one, item in to_read[:FEEDBACK_AT_MOST]:
        said = f":speech_balloon: {_by(item, 'From')} · {about(item)}"
        yield _button(one, item, said, "Read and acknowledge", Action.READ_FEEDBACK, coloured=True)
    yield from _rest(len(to_read), FEEDBACK_AT_MOST, "More appear as you read these.")


def _to_give(there: Sequence[AtHome], now: datetime) -> Iterator[Block]:
    to_give = [(one, item) for one in there for item in one.to_give]
    yield from _heading("Feedback you owe", len(to_give))
    for one, item in to_give[:FEEDBACK_AT_MOST]:
        yield _owed(one, item, now)
    yield from _rest(len(to_give), FEEDBACK_AT_MOST, "More appear as you give these.")


def _now(pressing: Cases, now: datetime) -> Iterator[Block]:
    """What somebody is in the middle of, then what they are to do first."""
    return _listed("Needs you now", pressing, now, MINE_AT_MOST, MINE_POINTER)


def _callbacks(calm: Cases, pressing: int, now: datetime) -> Iterator[Block]:
    at_most = max(MINE_AT_MOST - pressing, CALM_AT_LEAST)
    return _listed("Your callbacks", calm, now, at_most, MINE_POINTER)


def _escalations(there: Sequence[AtHome], now: datetime) -> Iterator[Block]:
    raised = [(one, linked) for one in there for linked in one.raised]
    return _listed("Your escalations", raised, now, OTHERS_AT_MOST, MINE_POINTER, coloured=False)


def _feedback(there: Sequence[AtHome], shown: AtHome | None, now: datetime) -> Iterator[Block]:
    """It is due in days: after every customer who waits."""
    yield from _to_read(there)
    yield from _to_give(there, now)
    late = shown.floor.coaching_overdue if shown is not None and shown.floor is not None else ()
    yield from _heading("Feedback overdue", len(late))
    for item in late[:FEEDBACK_AT_MOST]:
        if shown is not None:
            yield _owed(shown, item, now)
    yield from _rest(len(late), FEEDBACK_AT_MOST, "The oldest are shown first.")


def _told(there: Sequence[AtHome]) -> Iterator[Block]:
    """Recent feedback, for those who may read it again."""
    told = [(one, item) for one in there for item in one.told]
    yield from _heading("Recent feedback", len(told))
    for one, item in told[:FEEDBACK_AT_MOST]:
        read = " · acknowledged" if item.state is CoachingState.ACKNOWLEDGED else " · not acknowledged yet"
        said = f"{mention(item.agent)} {_by(item)} · {about(item)}{read}"
        yield _button(one, item, said, "Read", Action.READ_FEEDBACK)
    yield from _rest(len(told), FEEDBACK_AT_MOST, "Older ones are not shown.")


def _saves(there: Sequence[AtHome]) -> Iterator[Block]:
    """What agents resolved themselves this week: one's own, and those of whoever reports to one."""
    found = [(one.who.id == agent, agent, count) for one in there for agent, count in one.saves.items()]
    own = sum(count for mine, _, count in found if mine)
    others = " · ".join(f"{mention(agent)} {count}" for mine, agent, count in found if not mine)
    lines = [f":star: *You resolved {own} yourself this week.* No callback needed."] if own else []
    lines += [f":star: *Resolved by your agents this week*: {others}"] if others else []
    if lines:
        yield DividerBlock()
        yield blocks.section("\n".join(lines))


# How the program stands


def _floor(works_in: Sequence[AtHome], one: AtHome, floor: Floor, now: datetime) -> Iterator[Block]:
    yield blocks.header(f"{inline(one.program.name, 100)} right now")
    if len(works_in) > 1:
        yield _picker(works_in, one)
    yield _counts(floor)
    if one.who.manages:
        yield from _kept(floor)
    lists = (
        ("Also overdue" if _is_late(one, now) else "Overdue", floor.overdue),
        ("Waiting for your decision", floor.sign_off),
        ("Nobody has claimed", floor.unclaimed),
    )
    for name, cases in lists:
        yield from _everybodys(name, one, cases, now)
    if one.who.manages:
        yield from _ladder(floor.chased, now)


def _on_hold(one: AtHome, floor: Floor, now: datetime) -> Iterator[Block]:
    """Customers who are on hold come before everything else."""
    return _everybodys("On hold", one, floor.waiting, now)


def _everybodys(name: str, one: AtHome, cases: Sequence[LinkedCase], now: datetime) -> Iterator[Block]:
    pointer = "`/callbacks all` in the channel lists them all."
    return _listed(name, [(one, linked) for linked in cases], now, OTHERS_AT_MOST, pointer)


def _is_late(one: AtHome, now: datetime) -> bool:
    """Whether one of the reader's own cases is overdue: it is listed above, among the callbacks."""
    return any(is_late(linked.case, one.program, now) for linked in one.mine)


def _picker(works_in: Sequence[AtHome], chosen: AtHome) -> Block:
    """Chooses the program to show, for people in several."""
    options = [
        Option(text=blocks.plain(shorten(escape(one.program.name), 75)), value=str(one.program.id))
        for one in works_in[:OPTIONS_AT_MOST]
    ]
    menu = StaticSelectElement(
        action_id=Action.CHOOSE_PROGRAM.value,
        options=options,
        initial_option=next((one for one in options if one.value == str(chosen.program.id)), None),
    )
    return ActionsBlock(elements=[menu], block_id=of_program(chosen.program.id, "program"))


def _counts(floor: Floor) -> Block:
    """First what is wrong, then how much there is: two lines, even on a phone."""
    wrong = [
        (floor.by_urgency.waiting, ":rotating_light:", "on hold"),
        (floor.by_urgency.overdue, ":red_circle:", "overdue"),
        (floor.by_urgency.unclaimed, ":bell:", "unclaimed"),
        (floor.by_urgency.sign_off, ":hourglass:", "waiting for a manager"),
    ]
    loud = [f"{mark} *{len(cases)} {what}*" for cases, mark, what in wrong if cases]
    calm = f"{floor.open} open · {floor.on_call} on a call · {floor.due_soon} due within the hour"
    return blocks.section("\n".join([" · ".join(loud) or CLEAN, calm]))


def _kept(floor: Floor) -> Iterator[Block]:
    """Promises kept, of those that have come due."""
    named = (("today", floor.kept_today), ("this week", floor.kept_this_week))
    rates = [f"{name} {_rate(one)}" for name, one in named if one is not None]
    if rates:
        yield blocks.section(f"*Promises kept*: {' · '.join(rates)}")


def _ladder(chased: Sequence[Chased], now: datetime) -> Iterator[Block]:
    """Who is being called about what, and when the next time is."""
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
    cases: Cases,
    now: datetime,
    at_most: int,
    pointer: str,
    *,
    coloured: bool = True,
) -> Iterator[Block]:
    """Cases with the buttons that this person may click, the most urgent first."""
    yield from _heading(name, len(cases))
    ordered = sorted(cases, key=lambda it: urgency(it[1].case, it[0].program, now, it[0].who.id))
    for one, linked in ordered[:at_most]:
        case = linked.case
        yield blocks.section(entry(linked, one.program, now).removeprefix("• "))
        row, overflow = buttons(case, Acting(one.program, one.who, now))
        if row or overflow:
            yield blocks.moves(case.number, row, overflow, coloured=coloured, program=one.program.id)
    yield from _rest(len(cases), at_most, pointer)


def _owed(one: AtHome, item: Coaching, now: datetime) -> Block:
    """Feedback owed, with its button if the reader may give it."""
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
    """`about case 42`; for a pattern, all of its cases."""
    return f"about {several(item.about)}"


def _by(item: Coaching, word: str = "from") -> str:
    when = f" {reader(item.given_at)}" if item.given_at else ""
    return f"{word} {mention(item.given_by or '')}{when}"


def _heading(name: str, count: int) -> Iterator[Block]:
    """A line above a list, so the eye finds the next one."""
    if count:
        yield DividerBlock()
        yield blocks.section(f"*{name}*: {count}")


def _rest(count: int, at_most: int, pointer: str) -> Iterator[Block]:
    if count > at_most:
        yield blocks.context(f"… and {count - at_most} more. {pointer}")


def _rate(kept: Share) -> str:
    """`7 of 8 (88 %)`, or that nothing has come due yet."""
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
