"""Edits the bot's own messages about cases whose data was deleted; see `scheduler.redaction.Redactor`.

Slack edits no message for one person's eyes, none that somebody deleted, and none older than the workspace lets apps edit
(`edit_window_closed`): https://docs.slack.dev/reference/methods/chat.update.
"""

from __future__ import annotations

from bot.faces.thread import acting, line
from bot.people.names import DisplayNames
from bot.posts.poster import BAD_BLOCKS, answered
from bot.slack.calls import Slack
from bot.views.message import Message
from bot.views.redacted import TAKEN_DOWN, reminded, taken_down
from scheduler.poster import Answer, Never, Sent
from storage.privacy.redaction import Redaction


class SlackRedactor:
    """Replaces a message with what may still be shown."""

    def __init__(self, slack: Slack, names: DisplayNames) -> None:
        self._slack = slack
        self._names = names

    async def redact(self, found: Redaction) -> Answer:
        message = await self._left(found)
        answer = await self._edit(found, message)
        if isinstance(answer, Never) and answer.why in BAD_BLOCKS:
            answer = await self._edit(found, Message(message.text, []))
        return answer

    async def _left(self, found: Redaction) -> Message:
        if found.target.kind in TAKEN_DOWN:
            return taken_down(found.target.kind)
        if found.event is not None:
            ((_, case),) = found.calls
            return line(found.event, case, found.program, await self._names.of(acting(found.event)))
        return reminded(found, {post.case: post.permalink for post in found.posts if post.permalink})

    async def _edit(self, found: Redaction, message: Message) -> Answer:
        async def edit() -> Answer:
            await self._slack.client.chat_update(
                channel=found.target.channel, ts=found.ts, text=message.text, blocks=message.blocks
            )
            return Sent(found.ts)

        return await answered(edit())
