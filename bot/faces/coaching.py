"""Feedback: the superior's form, and what the agent reads and acknowledges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.faces.face import Face, FormContext, Sent
from bot.faces.lines import Happening, Line
from bot.usecases import coaching as usecases
from bot.usecases.cases import Act
from bot.usecases.coaching import Item
from bot.views import blocks, inputs, read
from bot.views.coaching import give_button, several
from bot.views.ids import Action, metadata, number_of
from bot.views.message import Json
from bot.views.modals.frame import modal
from bot.views.read import Values
from bot.views.standing import title
from bot.views.times import reader
from cases.audience import Audience
from cases.case import Case
from cases.coaching import Coaching, CoachingOutcome, CoachingState, Controllable, Feedback
from cases.coaching_form import ACTION_AT_MOST, COMMENT_AT_MOST, OBSERVED_LIMITS, FeedbackForm
from cases.events import Happened
from cases.fields import Field
from cases.masking import masked_text
from cases.mrkdwn import escape, inline
from cases.people import mention
from cases.words import COACHING, Step
from storage.unit import UnitOfWork

FEEDBACK, ACKNOWLEDGE = "feedback", "acknowledge"
"""The callback ids of the forms."""

CASES_AT_MOST = 20

READERS = "Only {agent}, the direct superior and managers can read it. The thread shows only that you gave it, and when."
NO_KEY = (
    ":lock: *Feedback can't be stored here*: no `ENCRYPTION_KEY` is set, and Askdesk never stores feedback unencrypted. "
    "Talk to {agent}, then confirm it here. Askdesk records only that feedback was given, by whom and when."
)
NO_COMMENT = ":lock: Comments can't be stored until an `ENCRYPTION_KEY` is set. Askdesk records only that you read this."
NOT_KEPT = "_The text is not stored: no `ENCRYPTION_KEY` was set at the time, or it has been deleted since._"
CONCLUDES = "This is your conclusion, not Askdesk's. It triggers nothing automatically."


def give_feedback(item: Item, *, keeps: bool) -> Json:
    """The form; `keeps` is whether there is a key that keeps what is said."""
    agent = mention(item.coaching.agent)
    body = [*_about(item), *(_asks(agent) if keeps else [blocks.section(NO_KEY.format(agent=agent))])]
    return modal(
        Action.GIVE_FEEDBACK.label,
        body,
        callback=FEEDBACK,
        private=_kept(item),
        submit="Give feedback" if keeps else "I gave feedback",
    )


def read_feedback(item: Item, *, acknowledges: bool, keeps: bool) -> Json:
    """What was said; the agent who `acknowledges` it may add a comment, which only a key keeps."""
    about = item.coaching
    said = item.said
    body = [
        blocks.section(f"*Feedback for {mention(about.agent)}*{_from(item)}"),
        blocks.context(" · ".join(title(case) for case in item.cases[:CASES_AT_MOST])),
        *(_feedback(said.feedback, item.cases[0]) if said and said.feedback else [blocks.section(NOT_KEPT)]),
    ]
    if acknowledges:
        body.append(
            inputs.paragraph(
                Field.COMMENT,
                most=COMMENT_AT_MOST,
                optional=True,
                hint="How you see it. You can leave this empty.",
            )
            if keeps
            else blocks.section(NO_COMMENT)
        )
        return modal(
            Action.READ_FEEDBACK.label, body, callback=ACKNOWLEDGE, private=_kept(item), submit="Acknowledge"
        )
    body += _answer(item)
    body.append(blocks.context(READERS.format(agent=mention(about.agent))))
    return modal(Action.READ_FEEDBACK.label, body)


def _about(item: Item) -> Iterator[Block]:
    """Whom it is for, and what the cases say already: the superior need not look for it."""
    yield blocks.section(
        f"*Feedback for {mention(item.coaching.agent)}* · due {reader(item.coaching.due_at)}"
    )
    if item.coaching.is_pattern:
        yield from blocks.packed(
            ["*Several cases*, one conversation:", *(_in_a_line(case) for case in item.cases[:CASES_AT_MOST])]
        )
        return
    (case,) = item.cases
    yield blocks.context(*_facts(case))
    if case.closing is not None:
        yield blocks.quote(masked_text(case.closing.notes, case))


def _in_a_line(case: Case) -> str:
    return f"• {title(case)}, {reader(case.raised_at)}"


def _facts(case: Case) -> Iterator[str]:
    said = case.said
    yield f"{title(case)} · {said.scenario.label}"
    if said.steps:
        yield f"Tried: {', '.join(step.label.lower() for step in said.steps)}"
    if said.not_attempted is not None:
        yield f"Could not attempt: {said.not_attempted.label.lower()}"
    if case.closing is not None and case.owner is not None:
        yield f"Closed by {mention(case.owner)}, who wrote:"


def _asks(agent: str) -> Iterator[Block]:
    least, most = OBSERVED_LIMITS
    yield inputs.paragraph(
        Field.OBSERVED, least=least, most=most, hint="Just the facts: what was said and done on the call."
    )
    yield inputs.checkboxes(Field.MISSED_STEPS, [inputs.option(step.label, step.value) for step in Step])
    yield inputs.radio(Field.CONTROLLABLE, Controllable)
    yield inputs.line(Field.ACTION, None, most=ACTION_AT_MOST, optional=True)
    yield inputs.line(Field.SECOND_ACTION, None, most=ACTION_AT_MOST, optional=True)
    yield inputs.date_of(Field.FOLLOW_UP_DATE, hint="The day you both look at it again.")
    yield inputs.select(Field.COACHING_OUTCOME, CoachingOutcome)
    yield blocks.context(CONCLUDES, READERS.format(agent=agent))


def _from(item: Item) -> str:
    by, at = item.coaching.given_by, item.coaching.given_at
    return f", by {mention(by)} {reader(at)}" if by and at else ""


def _feedback(said: Feedback, case: Case) -> Iterator[Block]:
    yield blocks.section(f"*{Field.OBSERVED.label}*")
    yield blocks.quote(masked_text(said.observed, case))
    if said.missed_steps:
        tips = [f"• *{step.label}* · {escape(COACHING[step])}" for step in said.missed_steps]
        yield from blocks.packed([f"*{Field.MISSED_STEPS.label}*", *tips])
    if said.controllable is not None:
        yield blocks.section(f"*{Field.CONTROLLABLE.label}*: {said.controllable.label.lower()}")
    if said.actions:
        yield from blocks.packed(
            ["*Agreed*", *_numbered(masked_text(action, case) for action in said.actions)]
        )
    yield blocks.section(f"*{Field.COACHING_OUTCOME.label}*: {said.outcome.label}")
    if said.follow_up is not None:
        yield blocks.section(
            f"*{Field.FOLLOW_UP_DATE.label}*: {said.follow_up:%a} {said.follow_up.day} {said.follow_up:%b %Y}"
        )


def _numbered(actions: Iterable[str]) -> Iterator[str]:
    return (f"{place}. {inline(action, 600)}" for place, action in enumerate(actions, start=1))


def _answer(item: Item) -> Iterator[Block]:
    about, said = item.coaching, item.said
    if about.state is not CoachingState.ACKNOWLEDGED or about.acknowledged_at is None:
        return
    yield blocks.section(f"*Acknowledged* by {mention(about.agent)} {reader(about.acknowledged_at)}")
    if said is not None and said.comment:
        yield blocks.quote(masked_text(said.comment, item.cases[0]))


def _kept(item: Item) -> str:
    return metadata(program=item.coaching.program, item=item.coaching.id)


async def _open_form(at: FormContext, act: Act, number: int) -> Json:
    item = await at.store.ask(usecases.may_give, act, number)
    return give_feedback(item, keeps=at.store.vault.has_key)


def _give(unit: UnitOfWork, act: Act, sent: Sent) -> Coaching:
    """A form that was opened without inputs says only that feedback was given."""
    form = feedback_form(sent.values) if sent.asks else None
    return usecases.give(unit, act, number_of(sent.kept("item")), form)


def feedback_form(values: Values) -> FeedbackForm:
    """The superior's form."""
    return FeedbackForm(
        observed=read.text(values, Field.OBSERVED),
        steps=read.choices(values, Field.MISSED_STEPS),
        controllable=read.choice(values, Field.CONTROLLABLE),
        actions=(read.text(values, Field.ACTION), read.text(values, Field.SECOND_ACTION)),
        follow_up=read.text(values, Field.FOLLOW_UP_DATE),
        outcome=read.choice(values, Field.COACHING_OUTCOME),
    )


async def _open_said(at: FormContext, act: Act, number: int) -> Json:
    item = await at.store.ask(usecases.read, act.program, act.who, number)
    unread = item.coaching.state is CoachingState.GIVEN and item.coaching.agent == act.who.id
    return read_feedback(item, acknowledges=unread, keeps=at.store.vault.has_key)


def _acknowledge(unit: UnitOfWork, act: Act, sent: Sent) -> Coaching:
    comment = sent.one(Field.COMMENT)
    return usecases.acknowledge(unit, act, number_of(sent.kept("item")), comment)


def _feedback_owed(it: Happening) -> str:
    """By name and date only: what it is about stays between those who talk (house rule 6)."""
    superior, due = it.fact("superior"), datetime.fromisoformat(it.fact("due_at"))
    managers = it.called(Audience.MANAGERS)
    by = it.actor.person(superior) if superior else managers or "a manager"
    also = f" or {managers}" if superior and it.fact("cases") else ""
    left = it.fact("from")
    why = f". {mention(left)} owed it, but the account was deactivated" if left else ""
    return f":speech_balloon: *Feedback owed* to {it.agent}{_about_several(it)}, by {by}{also}, until {reader(due)}{why}"


def _feedback_given(it: Happening) -> str:
    return (
        f":speech_balloon: *Feedback given* to {it.agent}{_about_several(it)}, by {it.who} {reader(it.event.at)}. "
        "Read it in Askdesk's *Home* tab"
    )


def _feedback_acknowledged(it: Happening) -> str:
    return f":speech_balloon: *Feedback acknowledged* by {it.who} {reader(it.event.at)}"


def _about_several(it: Happening) -> str:
    return f" about {several(it.fact('cases').split(','))}" if it.fact("cases") else ""


FACES = (
    Face(Action.GIVE_FEEDBACK, opens=_open_form, sends=_give, form=FEEDBACK),
    Face(Action.READ_FEEDBACK, opens=_open_said, sends=_acknowledge, form=ACKNOWLEDGE),
)

LINES = {
    Happened.COACHING_OWED: Line(_feedback_owed, below=lambda it: give_button(int(it.fact("item")))),
    Happened.COACHING_GIVEN: Line(_feedback_given),
    Happened.COACHING_ACKNOWLEDGED: Line(_feedback_acknowledged),
}
