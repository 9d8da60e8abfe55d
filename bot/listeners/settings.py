"""`/askdesk settings`: the overview, the form of each section, and what a manager submits."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.listeners.front import Ack, Body, Front, only_you, sentence_for, values
from bot.listeners.guard import Visit
from bot.listeners.submissions import answer
from bot.usecases import settings as settings_usecases
from bot.usecases.settings import Opened, Overtaken
from bot.views.confirm import told
from bot.views.ids import Action, Modal, kept, read_metadata, value_of, view_of, word_of
from bot.views.message import Json
from bot.views.modals import settings as modals
from cases.errors import FieldErrors, OutOfUse, Refusal
from cases.program import Program
from cases.settings import LISTS, Entered, KnownGroups, Section, Setting, entered, entries
from cases.settings.kinds import Groups

log = structlog.get_logger(__name__)

GROUP_FIELDS = tuple(setting for setting in Setting if isinstance(setting.kind, Groups))
"""The settings that hold user groups."""

CHECKED_BEFORE = 1.0
"""Seconds before the ack is due until which Slack may take to say who is in the groups that were chosen."""

UNREADABLE = {
    "no_such_subteam": "the user group no longer exists",
    "missing_scope": "the app lacks the scope usergroups:read",
}


def register(app: AsyncApp, front: Front) -> None:
    here = [front.admitted]

    async def ours(body: Body) -> bool:
        return not front.guard.is_strange(body)

    @app.options(re.compile("|".join(f"^{field.value}$" for field in GROUP_FIELDS)), matchers=[ours])
    async def offered(ack: Ack, body: Body) -> Any:
        user, typed = str(body["user"]["id"]), str(body.get("value") or "")
        found = await front.groups.like(typed) if front.managed(user) else []
        return await ack(options=modals.group_options(found))

    @app.action(Action.SETTINGS_SECTION, matchers=here)
    async def section(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        _push(front, body, context["visit"], word_of(Section, value_of(action)))
        return await ack()

    @app.action(Action.SETTINGS_ADD, matchers=here)
    async def add(ack: Ack, body: Body, context: dict[str, Any]) -> Any:
        _push_entry(front, body, context["visit"], None)
        return await ack()

    @app.action(Action.SETTINGS_EDIT, matchers=here)
    async def edit(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        _push_entry(front, body, context["visit"], value_of(action))
        return await ack()

    @app.action(Action.SETTINGS_REMOVE, matchers=here)
    async def remove(ack: Ack, body: Body, action: Body, context: dict[str, Any]) -> Any:
        await _remove(front, body, context["visit"], value_of(action))
        return await ack()

    @app.view(Modal.SETTINGS_FORM, matchers=here)
    async def saved(ack: Ack, body: Body, view: Body, context: dict[str, Any]) -> Any:
        visit: Visit = context["visit"]
        return await ack(**await answer(front, view, visit, _save(front, body, view, visit)))


def open_overview(front: Front, body: Body, visit: Visit) -> dict[str, Any]:
    """Opens the settings for a manager; tells everybody else who may, in the ack."""
    try:
        settings_usecases.manager(visit.program, front.directory.person(visit.program, visit.user))
    except Refusal as refusal:
        return only_you(told(refusal.sentence))

    async def build() -> Json:
        return modals.overview(_standing(front, visit.program))

    front.aside(front.open_modal(body, "Settings", build()), "open the settings", front.teller(body))
    return {}


async def known_groups(front: Front, given: Entered, standing: Entered) -> KnownGroups:
    """Who is in the user groups that were added to a field, read from Slack now.

    Raises FieldErrors, at the field of each group that Slack cannot read.
    """
    chosen = {
        field: [one for one in given.get(field) or () if one not in (standing.get(field) or ())]
        for field in GROUP_FIELDS
    }
    new = [group for groups in chosen.values() for group in groups]
    try:
        async with asyncio.timeout(front.slack.waits - CHECKED_BEFORE):
            by_id, failed = await asyncio.gather(front.groups.by_id(), front.directory.refresh(new))
    except TimeoutError:
        by_id = front.groups.known()
        failed = dict.fromkeys(new, "it does not answer at the moment, please try again")
    known = KnownGroups(front.directory.members(new), {group: one.handle for group, one in by_id.items()})
    errors = {
        field: f"Slack cannot tell who is in {known.name(group)}: {UNREADABLE.get(failed[group], failed[group])}."
        for field, groups in chosen.items()
        for group in groups
        if group in failed
    }
    if errors:
        raise FieldErrors(errors)
    return known


def _push(front: Front, body: Body, visit: Visit, section: Section) -> None:
    """Opens a section's form, or its list, on top of the overview."""
    tell = _teller(front, body, section.label)

    async def build() -> Json:
        program = _may(front, visit)
        if section in LISTS:
            return modals.entry_list(program, section)
        return modals.section_form(program, section, await front.groups.by_id())

    _shown(front, body, section.label, build(), tell)


def _push_entry(front: Front, body: Body, visit: Visit, name: str | None) -> None:
    """Opens the form of a department or shift on top of its list."""
    section = _list(view_of(body))
    tell = _teller(front, body, section.label)

    async def build() -> Json:
        program = _may(front, visit)
        there = any(one.name == name for one in entries(program, section))
        return modals.section_form(program, section, await front.groups.by_id(), name if there else None)

    _shown(front, body, section.label, build(), tell)


def _shown(front: Front, body: Body, title: str, build: Any, tell: Any) -> None:
    front.aside(front.open_modal(body, title, build, upon=True), f"open {title}", tell)


def _teller(front: Front, body: Body, title: str) -> Any:
    """Shows what went wrong in the modal itself, where nothing can be whispered."""
    view = str(view_of(body)["id"])

    async def tell(sentence: str) -> None:
        await front.slack.update_view(view, modals.trouble(sentence, title))

    return tell


async def _save(front: Front, body: Body, view: Body, visit: Visit) -> dict[str, Any]:
    section, meta = _section(view), read_metadata(view["private_metadata"])
    given = modals.read_form(section, values(view))
    form = Opened(section, meta.get("name"), meta.get("seen") or {})
    groups = await known_groups(front, given, entered(visit.program, section, form.name))
    act = front.act(visit, f"view:{view['id']}")
    try:
        await front.store.write(settings_usecases.change, act, form, given, groups)
    except Overtaken as overtaken:
        fresh = modals.asked_again(overtaken, view, given, front.groups.known())
        return {"response_action": "update", "view": fresh}
    await front.reload()
    below = [str(view["root_view_id"])]
    if section in LISTS:
        below.append(str(view["previous_view_id"]))
    front.aside(_redraw(front, visit, section, below), "draw the settings", front.teller(body))
    return {}


async def _remove(front: Front, body: Body, visit: Visit, name: str) -> None:
    view, section = view_of(body), _list(view_of(body))
    act = front.act(visit, f"click:{body['trigger_id']}")
    try:
        await front.store.write(settings_usecases.remove, act, section, name, _named(front))
    except Exception as error:  # noqa: BLE001 - sentence_for logs it
        tell = _teller(front, body, section.label)
        front.aside(tell(sentence_for(error, "Remove")), "tell why not", tell)
        return
    await front.reload()
    front.changed(visit.program)
    below = [str(view["root_view_id"]), str(view["id"])]
    front.aside(_redraw(front, visit, section, below), "draw the settings", front.teller(body))


async def _redraw(front: Front, visit: Visit, section: Section, below: list[str]) -> None:
    """Draws the overview again and, below a list's entry, the list."""
    program = _standing(front, visit.program)
    shown = [modals.overview(program), modals.entry_list(program, section) if section in LISTS else {}]
    try:
        for view_id, view in zip(below, shown, strict=False):
            await front.slack.update_view(view_id, view)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        # The change is kept and told; whoever opens the settings again sees it.
        log.warning("the settings were not redrawn", why=type(error).__name__)


def _named(front: Front) -> KnownGroups:
    """The user groups' handles as they were last read, without their members."""
    return KnownGroups(handles={group: one.handle for group, one in front.groups.known().items()})


def _may(front: Front, visit: Visit) -> Program:
    """The program as it stands, for its managers; raises NotAllowed."""
    settings_usecases.manager(visit.program, front.directory.person(visit.program, visit.user))
    return _standing(front, visit.program)


def _standing(front: Front, program: Program) -> Program:
    """The program as it is now: it may have changed since the visit began."""
    return next((one for one in front.programs() if one.id == program.id), program)


def _list(view: Body) -> Section:
    """The section of a list, in which entries are added, changed and removed."""
    if (section := _section(view)) not in LISTS:
        raise OutOfUse
    return section


def _section(view: Body) -> Section:
    return word_of(Section, kept(view, "section"))
