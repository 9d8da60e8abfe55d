"""What every listener has at hand, and how it answers when something is not to be done or goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.environment.log import reference
from bot.faces.face import Sent
from bot.listeners.guard import Guard, Visit, is_at_home
from bot.people.directory import Directory, lists_of
from bot.people.groups import GroupCache
from bot.people.leavers import Leavers
from bot.people.names import DisplayNames
from bot.posts.home_publisher import HomePublisher
from bot.slack.calls import Slack, error_code, retry_after
from bot.usecases.cases import Act
from bot.views import modals, proposal
from bot.views.confirm import told
from bot.views.inputs import Offered, by_name
from bot.views.message import Json, Message
from bot.views.refusals import busy, failed, too_late
from cases.errors import FieldErrors, Refusal
from cases.forms import OutsideHours
from cases.mrkdwn import inline
from cases.people import Person
from cases.program import Program
from cases.roles import takers
from cases.words import Role
from scheduler.delivery import Clock
from scheduler.tasks import Tasks
from storage.reading import Reading
from storage.store import Store

log = structlog.get_logger(__name__)

Body = Mapping[str, Any]
Ack = Callable[..., Awaitable[Any]]

READ_WITHIN = 1.0
"""Seconds until the event of a changed list is acknowledged all the same: Slack waits for three."""

LIGHT_VIEW_BEFORE = 2.0
"""Seconds before its trigger expires at which a modal that is not ready opens with a light view."""


SENTENCE_AT_MOST = 1000


@dataclass(frozen=True)
class Front:
    """The front of the desk: one instance, given to every listener."""

    store: Store
    slack: Slack
    guard: Guard
    directory: Directory
    tasks: Tasks
    clock: Clock
    programs: Callable[[], Sequence[Program]]
    changed: Callable[[Program], None]
    leavers: Leavers
    groups: GroupCache
    names: DisplayNames
    reload: Callable[[], Awaitable[None]]
    refresh: Callable[[Iterable[str]], Coroutine[Any, Any, None]]
    homes: HomePublisher

    async def admitted(self, body: Body, context: dict[str, Any]) -> bool:
        """The matcher in front of every listener; leaves the visit in the context."""
        visit = self.guard.admit(body)
        context["visit"] = visit
        return isinstance(visit, Visit)

    def act(self, visit: Visit, key: str) -> Act:
        """This visitor, now, doing what `key` names."""
        who = self.directory.person(visit.program, visit.user)
        return Act(visit.program, who, self.clock(), key)

    def sent(self, visit: Visit, view: Body) -> Sent:
        """A form that this visitor sent, or is filling in."""

        def who_is(user: str | None) -> Person | None:
            return self.directory.person(visit.program, user) if user else None

        return Sent(view, who_is, partial(self.directory.may_lead, self.programs()))

    async def reread(self, one: str) -> None:
        """Asks Slack anew who is in a user group or channel; a slow answer holds nobody up."""
        reading = self.tasks.hold(self.refresh([one]), "members")
        await asyncio.wait({reading}, timeout=READ_WITHIN)

    async def met(self, visit: Visit, key: str) -> Act:
        """Like `act`, for what is done beside an ack: Slack is asked once more where they seem not to be in the channel."""
        act = self.act(visit, key)
        if act.who.in_channel:
            return act
        await self.reread(visit.program.channel)
        return self.act(visit, key)

    async def takers(self, program: Program, besides: str | None) -> Offered | None:
        """Who may be given a case, by name; None where nobody may, or Slack does not tell their names in time.

        A menu of Slack's own leaves out deactivated accounts, and so does this one.
        """
        left = await self.store.ask(Reading.leavers)
        found = takers(program, self.directory.members(lists_of([program])), besides=(besides, *left))
        people = {user for users in found.values() for user in users}
        names = await self.names.of(*people)
        return by_name(found, names) if names.keys() >= people else None

    def managed(self, user: str) -> list[Program]:
        """The programs that somebody is a manager of."""
        return [one for one in self.programs() if Role.MANAGER in self.directory.person(one, user).roles]

    def aside(self, work: Awaitable[None], name: str, tell: Callable[[str], Awaitable[None]]) -> None:
        """Does something slow after the ack; whatever stops it, the person is told in a sentence."""

        async def run() -> None:
            try:
                await work
            except Exception as error:  # noqa: BLE001 - sentence_for logs it
                await tell(sentence_for(error, name))

        self.tasks.hold(run(), name)

    def teller(self, body: Body) -> Callable[[str], Awaitable[None]]:
        """How to tell whoever sent this something that only they see."""

        async def tell(sentence: str) -> None:
            await self.whisper_back(body, told(sentence))

        return tell

    async def whisper_back(self, body: Body, message: Message) -> None:
        """An answer where the click or command was made, seen by that person only; over App Home it is a modal."""
        url = body.get("response_url")
        try:
            if url:
                await self.slack.respond(str(url), message)
            elif is_at_home(body):
                await self.slack.open_view(str(body["trigger_id"]), modals.problem(message.text, "Askdesk"))
            else:
                log.info("nowhere to answer", text=message.text)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("an answer did not reach its person", why=type(error).__name__)

    async def open_modal(self, body: Body, title: str, build: Awaitable[Json], *, upon: bool = False) -> None:
        """Opens a modal within its trigger's life: the view itself, or a light one that is filled when ready.

        `upon`: it is put upon the modal that was clicked, which shows again when it closes.
        """
        show = self.slack.push_view if upon else self.slack.open_view
        ready = asyncio.ensure_future(build)
        # Where Slack opens nothing, nobody waits for the view any more: its own failure is then no news.
        ready.add_done_callback(lambda view: view.cancelled() or view.exception())
        await asyncio.wait({ready}, timeout=self.slack.waits - LIGHT_VIEW_BEFORE)
        if ready.done():
            await show(str(body["trigger_id"]), ready.result())
            return
        view_id = await show(str(body["trigger_id"]), modals.loading(title))
        if view_id is None:
            ready.cancel()
            return
        try:
            view = await ready
        except Exception as error:  # noqa: BLE001 - sentence_for logs it
            view = modals.problem(sentence_for(error, title), title)
        await self.slack.update_view(view_id, view)


def sentence_for(error: Exception, doing: str) -> str:
    """What the person reads: a desk's refusal as it is; for anything unknown a reference that the log holds too."""
    if isinstance(error, Refusal):
        return inline(error.sentence, SENTENCE_AT_MOST) if error.is_plain else error.sentence
    if isinstance(error, SlackApiError) and (sentence := of_slack(error)):
        log.warning("Slack does not show it", doing=doing, why=error_code(error))
        return sentence
    mark = reference()
    log.error("something failed", doing=doing, reference=mark, exc_info=error)
    return failed(mark)


SPENT = frozenset({"expired_trigger_id", "invalid_trigger_id"})
"""What Slack says of a trigger that opens nothing: it is three seconds old, or it never gave it."""


def of_slack(error: SlackApiError) -> str | None:
    """What the person reads where Slack is busy, or was asked too late; None for whatever else it may say."""
    if wait := retry_after(error):
        return busy(wait)
    return too_late() if error_code(error) in SPENT else None


def only_you(message: Message) -> dict[str, Any]:
    """The ack of a command whose answer is seen by whoever typed it."""
    return {"response_type": "ephemeral", "text": message.text, "blocks": message.blocks}


def at_fields(error: FieldErrors, view: Body) -> dict[str, str]:
    """Each sentence at its field's block; one whose field is not shown stands at the first input, with its label."""
    inputs = shown_inputs(view)
    shown = {proposal.field_id(block_id): block_id for block_id in inputs}
    found: dict[str, str] = {}
    for field, sentence in error.errors.items():
        if field.value in shown:
            found[shown[field.value]] = sentence
        elif inputs:
            found.setdefault(inputs[0], f"{field.label}: {sentence}")
    return found


def answer_to(error: FieldErrors, view: Body) -> dict[str, Any]:
    """Each mistake at its field; where a time outside calling hours is the only one, the form with the next free time."""
    (first, *others) = error.errors.values()
    if isinstance(first, OutsideHours) and not others and (fresh := proposal.proposing(view, first)):
        return {"response_action": "update", "view": fresh}
    return {"response_action": "errors", "errors": at_fields(error, view)}


def shown_inputs(view: Body) -> list[str]:
    """The block ids of a form's inputs, from the top."""
    return [str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"]


def values(view: Body) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """What stands in a modal's inputs."""
    return proposal.entered(view)
