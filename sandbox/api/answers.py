"""What an app answers to a person: in the ack of a command, or later at a response_url.

https://docs.slack.dev/interactivity/handling-user-interaction/#message_responses
"""

from __future__ import annotations

import json
import secrets
from datetime import timedelta

from aiohttp import web

from sandbox.api.chat import bot_message
from sandbox.api.webapi import with_fault
from sandbox.blockkit import problems_in_message
from sandbox.workspace.core import Core
from sandbox.workspace.errors import SlackError
from sandbox.workspace.faults import Fault
from sandbox.workspace.model import App, Channel, Json, Message, ResponseUrl
from sandbox.workspace.payloads import message_json, with_ids

MAX_USES = 5
LIFETIME = timedelta(minutes=30)


def _yes(value: object) -> bool:
    return value is True or str(value).lower() == "true"


class Answers:
    """Makes response_urls and turns what comes back into messages."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def new_url(
        self,
        app: App,
        user: str,
        channel: Channel,
        *,
        kind: str = "actions",
        original: Message | None = None,
    ) -> str:
        """A response_url for one interaction."""
        workspace = self.core.workspace
        path = f"/hooks/{kind}/{workspace.team.id}/{workspace.new_id('')}/{secrets.token_hex(8)}"
        hooks = workspace.response_urls
        hooks[path] = ResponseUrl(
            path, app.id, user, channel.id, workspace.clock.now(), original.ts if original else None
        )
        if len(hooks) > 10_000:
            del hooks[next(iter(hooks))]
        return self.core.base_url + path

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """A POST to a response_url."""

        async def work(fault: Fault | None) -> web.Response:
            text = await request.text()
            entry = self.core.workspace.record("response_url", request.path)
            try:
                if fault is not None:
                    raise SlackError("ratelimited" if fault.kind == "ratelimited" else fault.error)
                hook = self._usable(request.path)
                try:
                    body = json.loads(text)
                except ValueError:
                    raise SlackError("invalid_payload") from None
                entry["payload"] = body
                if not isinstance(body, dict):
                    raise SlackError("invalid_payload")
                self.answer(hook, body)
                hook.uses += 1
            except SlackError as error:
                entry["error"] = error.code
                headers = {"Retry-After": "1"} if error.code == "ratelimited" else {}
                status = {"ratelimited": 429, "used_url": 404, "expired_url": 404}.get(error.code, 400)
                answer: Json = {"ok": False, "error": error.code}
                # Slack gives no reasons here; who looks at the traffic gets them.
                entry["response"] = {**answer, "reasons": error.reasons} if error.reasons else answer
                return web.json_response(answer, status=status, headers=headers)
            entry["response"] = "ok"
            return web.Response(text="ok")

        return await with_fault(self.core, request, "response_url", work)

    def _usable(self, path: str) -> ResponseUrl:
        hook = self.core.workspace.response_urls.get(path)
        if hook is None:
            raise SlackError("invalid_url")
        if hook.uses >= MAX_USES:
            raise SlackError("used_url")
        if self.core.clock.now() - hook.made_at > LIFETIME:
            raise SlackError("expired_url")
        return hook

    def answer(self, hook: ResponseUrl, body: Json) -> Message | None:
        """Post, replace or delete what the body asks for; None where it asks for nothing."""
        workspace = self.core.workspace
        channel = workspace.channels[hook.channel]
        app = workspace.apps[hook.app_id]
        original = None
        if hook.original_ts is not None:
            original = channel.messages.get(hook.original_ts) or channel.ephemerals.get(hook.original_ts)
        if _yes(body.get("delete_original")):
            if original is None:
                raise SlackError("message_not_found")
            self.core.happenings.delete(original)
            return None
        text, blocks = str(body.get("text") or ""), body.get("blocks") or []
        if isinstance(blocks, str):
            try:
                blocks = json.loads(blocks)
            except ValueError:
                raise SlackError("invalid_blocks_format") from None
        if blocks and (found := problems_in_message(blocks)):
            raise SlackError("invalid_blocks", found)
        if not text.strip() and not blocks and not body.get("attachments"):
            raise SlackError("no_text")
        if _yes(body.get("replace_original")) and original is not None:
            before = message_json(workspace, original)
            original.text, original.blocks = text, with_ids(blocks)
            self.core.happenings.edit(original, before)
            return original
        message = bot_message(workspace, app, channel, text)
        message.blocks = with_ids(blocks)
        message.thread_ts = body.get("thread_ts") or None
        message.attachments = body.get("attachments") or []
        if body.get("response_type") != "in_channel":
            message.only_for = hook.user
        return self.core.happenings.post(message)
