"""The settings at a glance: each section in a few words, with its *Edit* button."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from slack_sdk.models.blocks import Block, ButtonElement, SectionBlock

from bot.views import blocks
from bot.views.ids import Action, Modal, metadata
from bot.views.message import Json
from bot.views.modals.frame import modal
from cases.languages import name as language_name
from cases.mrkdwn import inline
from cases.people import named
from cases.program import Program
from cases.settings import Section
from cases.settings.typed import write_days, write_hours, write_minutes, write_shift, write_time
from cases.times import spoken
from cases.words import Reason, Step

NAMED_AT_MOST = 6
"""Groups, people, departments or shifts in one line; how many more there are is said."""


def overview(program: Program) -> Json:
    """Every section as it is now. It is drawn again after each edit."""
    kept = metadata(program=program.id)
    return modal("Settings", _body(program), callback=Modal.SETTINGS, private=kept)


def _body(program: Program) -> Iterator[Block]:
    yield blocks.section(f"*{inline(program.name, 100)}* · <#{program.channel}>")
    yield blocks.context("Every change takes effect immediately and is posted in the channel.")
    for section in Section:
        lines = [line for line in SUMMARIES[section](program) if line]
        button = ButtonElement(
            text=blocks.plain("Edit"), action_id=Action.SETTINGS_SECTION.value, value=section.value
        )
        yield SectionBlock(
            block_id=section.value,
            text=blocks.mrkdwn("\n".join([f"*{section.label}*", *lines])),
            accessory=button,
        )


def _names(program: Program) -> list[str]:
    return [
        f"{inline(program.name, 100)} · site in {program.timezone}",
        f"Customers in {program.customer_timezone} · phone numbers of {program.phone_region}",
    ]


def _people(program: Program) -> list[str]:
    smes = _some(named(program.sme_groups, program.sme_users))
    tls = _some(named(program.tl_groups, program.tl_users))
    managers = _some(named(program.manager_groups, program.manager_users))
    return [f"SMEs: {smes} · TLs: {tls}", f"Managers: {managers}"]


def _departments(program: Program) -> list[str]:
    return [_some([inline(one.name, 80) for one in program.departments])]


def _offer(program: Program) -> list[str]:
    off = [word.label for word in (*program.reasons_off, *program.steps_off)]
    return [
        f"{len(program.reasons)} of {len(Reason)} reasons · {len(program.steps)} of {len(Step)} steps",
        f"Off: {_some(off)}" if off else "",
        f"Languages first: {_some([*map(language_name, program.languages)])}" if program.languages else "",
    ]


def _promises(program: Program) -> list[str]:
    return [
        f"Window {spoken(program.window)} · at most {program.horizon.days} days ahead",
        f"{program.attempts} attempts, {spoken(program.spacing)} apart · same customer within {program.repeat_within.days} days",
    ]


def _ladder(program: Program) -> list[str]:
    ladder = program.ladder
    return [
        f"Unclaimed {write_minutes(ladder.unclaimed)} min, on the line {write_minutes(ladder.unclaimed_waiting)} min, "
        f"then every {ladder.unclaimed_every} min · heads-up {ladder.heads_up} min before",
        f"Overdue: managers after {ladder.overdue_managers} min, every {ladder.overdue_every} min in the first hour, "
        f"then every {ladder.overdue_every_after} min",
    ]


def _hours(program: Program) -> list[str]:
    open_on: dict[str, list[int]] = {}
    for day, hours in enumerate(program.calling):
        open_on.setdefault(write_hours(hours), []).append(day)
    week = [f"{write_days(days)} {opens}" for opens, days in open_on.items()]
    own = len(program.own_days)
    return [
        " · ".join(week),
        f"Holidays of {program.holiday_country or 'no country'} · {own} own day{'' if own == 1 else 's'}",
    ]


def _shifts(program: Program) -> list[str]:
    return [_some([f"{inline(one.name, 80)} {write_shift(one)}" for one in program.shifts])]


def _posts(program: Program) -> list[str]:
    digest = f"Digest at {write_time(program.digest_at)}" if program.digest_at else "No digest"
    return [
        f"{digest} · handover {spoken(program.handover_before)} before a shift ends",
        f"Coaching within {program.coaching_days} working days · a pattern is {program.pattern_of} in "
        f"{program.pattern_within.days} days",
        f"Closed cases kept for {program.retention.days} days",
    ]


SUMMARIES: dict[Section, Callable[[Program], list[str]]] = {
    Section.NAMES: _names,
    Section.PEOPLE: _people,
    Section.DEPARTMENTS: _departments,
    Section.OFFER: _offer,
    Section.PROMISES: _promises,
    Section.LADDER: _ladder,
    Section.HOURS: _hours,
    Section.SHIFTS: _shifts,
    Section.POSTS: _posts,
}


def _some(words: Sequence[str]) -> str:
    """A few words, and how many more there are; `none` where there are none."""
    more = len(words) - NAMED_AT_MOST
    shown = ", ".join(words[:NAMED_AT_MOST])
    return f"{shown} and {more} more" if more > 0 else shown or "none"
