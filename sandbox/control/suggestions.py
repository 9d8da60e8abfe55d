"""Selects whose options come from the app: what somebody typed goes to it, what it answers is offered.

https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
"""

from __future__ import annotations

from sandbox.blockkit import problems_in_message, state
from sandbox.control.people import People, ack_info
from sandbox.workspace.core import Core
from sandbox.workspace.errors import NotPossible
from sandbox.workspace.model import App, Channel, Json, User, View
from sandbox.workspace.payloads import base_payload, message_json, shown_name, view_json

_EXTERNAL = ("external_select", "multi_external_select")
DEFAULT_MIN_QUERY_LENGTH = 3


class Suggestions:
    """Asks apps for options."""

    def __init__(self, core: Core, people: People) -> None:
        self.core = core
        self.workspace = core.workspace
        self.people = people

    async def in_view(self, user: User, view: View, block_id: str, action_id: str, text: str) -> Json:
        """Type into a select of a modal or an App Home."""
        self.people.may_act(user)
        self.people.on_screen(user, view)
        surface: Json = {
            "container": {"type": "view", "view_id": view.id},
            "view": view_json(self.workspace, view),
        }
        app = self.people.app_of(view.app_id)
        return await self._ask(app, user, view.view, block_id, action_id, text, surface)

    async def in_message(
        self, user: User, channel: Channel, ts: str, block_id: str, action_id: str, text: str
    ) -> Json:
        """Type into a select of a message."""
        self.people.may_act(user, channel)
        message = self.people.sees_message(user, channel, ts)
        ephemeral = message.only_for is not None
        surface: Json = {
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": channel.id,
                "is_ephemeral": ephemeral,
            },
            "channel": {"id": channel.id, "name": shown_name(channel)},
        }
        if not ephemeral:
            surface["message"] = message_json(self.workspace, message, with_metadata=True)
        app = self.people.app_of(message.app_id)
        return await self._ask(app, user, {"blocks": message.blocks}, block_id, action_id, text, surface)

    async def _ask(
        self, app: App, user: User, shown: Json, block_id: str, action_id: str, text: str, surface: Json
    ) -> Json:
        element = state.element(shown, block_id, action_id)
        if element is None or element["type"] not in _EXTERNAL:
            raise NotPossible(f"there is no select {action_id!r} in block {block_id!r} that asks the app")
        if len(text) < int(element.get("min_query_length", DEFAULT_MIN_QUERY_LENGTH)):
            return {"ok": True, "acked": None, "ack_ms": None, "error": None, "options": []}
        payload = base_payload(self.workspace, app, user, as_team=None, as_app=None) | {
            "type": "block_suggestion",
            "action_id": action_id,
            "block_id": block_id,
            "value": text,
            **surface,
        }
        ack = await self.core.delivery.interaction(app, payload)
        answer = ack.payload or {}
        offered = {key: answer[key] for key in ("options", "option_groups") if answer.get(key)}
        if found := _reasons_against(offered):
            problem = f"options that cannot be offered: {'; '.join(found)}"
            self.workspace.problem(problem, action_id=action_id, response=answer)
            return ack_info(ack) | {"ok": False, "error": problem, "options": []}
        return ack_info(ack) | (offered or {"options": []})


def _reasons_against(offered: Json) -> list[str]:
    """What Slack would find wrong with the options; they follow the rules of a select that has them built in."""
    if not offered:
        return []
    if len(offered) > 1:
        return ["either options or option_groups, not both"]
    select = {"type": "static_select", "action_id": "it", "placeholder": {"type": "plain_text", "text": "…"}}
    block = {"type": "actions", "elements": [{**select, **offered}]}
    return [reason.replace("/blocks/0/elements/0", "") for reason in problems_in_message([block])]
