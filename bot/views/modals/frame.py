"""What every modal has: a title, the case it is about, its callback id, and metadata that holds ids only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.views import blocks, inputs
from bot.views.ids import metadata
from bot.views.message import Json
from bot.views.standing import masked, promised, title
from cases.case import Case
from cases.forms import proposed_time
from cases.moves import Move
from cases.mrkdwn import shorten
from cases.program import Program

TITLE_AT_MOST = 24


def modal(
    name: str,
    body: Iterable[Block],
    *,
    callback: str | None = None,
    private: str = "",
    submit: str | None = None,
) -> Json:
    """A modal as Slack wants it; without `submit` it can only be closed."""
    view = View(
        type="modal",
        title=blocks.plain(shorten(name, TITLE_AT_MOST)),
        blocks=list(body),
        callback_id=str(callback) if callback else None,
        private_metadata=private or None,
        submit=blocks.plain(submit) if submit else None,
        close=blocks.plain("Cancel" if submit else "Close"),
    )
    return view.to_dict()


def of_move(move: Move, case: Case, body: Iterable[Block], submit: str) -> Json:
    """The form of one move on one case."""
    return modal(
        move.label,
        [*head(case), *body],
        callback=move.value,
        private=metadata(program=case.program, case=case.number),
        submit=submit,
    )


def head(case: Case) -> Iterator[Block]:
    """Which case this is, and its promise: nobody should log an outcome on the wrong one."""
    yield blocks.section(f"*{title(case)}*")
    facts = [masked(case.reach)]
    if case.callback is not None:
        facts.insert(0, promised(case.callback, waiting=case.waiting))
    yield blocks.context(" · ".join(facts))


def when(case: Case, program: Program, now: datetime, preset: datetime | None = None) -> Iterator[Block]:
    """Date, time and zone of a new promise, preset to the next free time if to no other."""
    at = preset or proposed_time(program, case.zone, now)
    yield from inputs.when(at, case.zone, now, program.customer_timezone)


def loading(title: str) -> Json:
    """A light view at once, while the real one is made (the trigger lives for three seconds)."""
    return modal(title, [blocks.section("Just a moment…")])


def problem(sentence: str, title: str) -> Json:
    """A sentence of the desk (mrkdwn, as `Refusal.sentence`) in place of a form."""
    return modal(title, [blocks.section(sentence)])
