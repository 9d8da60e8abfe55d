"""What people do in Slack's client, and what they get to see of how the app answered.

Each method is one gesture. It refuses with `NotPossible` what the client would not let them do; otherwise it sends
the payload, waits for the ack and shows its effect.
"""

from __future__ import annotations

from sandbox.api.answers import Answers
from sandbox.blockkit import state
from sandbox.workspace.core import Core
from sandbox.workspace.errors import NotPossible, SlackError
from sandbox.workspace.invitations import COMMAND, invite
from sandbox.workspace.model import App, Channel, Json, Message, ResponseUrl, User, View
from sandbox.workspace.payloads import base_payload, command_payload, message_json, shown_name, view_json
from sandbox.workspace.socketmode import Ack
from sandbox.workspace.views import reasons_against
from sandbox.workspace.workspace import SLACKBOT

TROUBLE = "We had some trouble connecting. Try again?"
CLICK_FAILED = "Something went wrong. Please try again."
_PLAIN_CLICKS = ("button", "workflow_button", "overflow", "feedback_buttons", "icon_button")


def ack_info(ack: Ack) -> Json:
    """How an ack is told to the control API."""
    return {"ok": ack.acked, "acked": ack.acked, "ack_ms": round(ack.ms, 3), "error": ack.error}


class People:
    """The hands of the workspace's users. `as_team` and `as_app` forge those ids in what is sent."""

    def __init__(self, core: Core, answers: Answers) -> None:
        self.core = core
        self.answers = answers
        self.workspace = core.workspace

    # Writing

    def says(self, user: User, channel: Channel, text: str, thread_ts: str | None = None) -> Message:
        """Post a message."""
        self.may_act(user, channel)
        if user.id not in channel.members:
            raise NotPossible(f"{user.real_name} is not in #{channel.name}")
        if thread_ts is not None and thread_ts not in channel.messages:
            raise NotPossible(f"there is no message {thread_ts} to reply to")
        message = Message(
            self.workspace.next_ts(), channel.id, user.id, text, team=user.team_id, thread_ts=thread_ts
        )
        return self.core.happenings.post(message)

    async def command(
        self,
        user: User,
        channel: Channel,
        command: str,
        text: str,
        *,
        as_team: str | None = None,
        as_app: str | None = None,
    ) -> Json:
        """Use a slash command."""
        self.may_act(user, channel)
        if command == COMMAND:
            done, said = invite(self.workspace, self.core.happenings, user, channel, text)
            return {
                "ok": done,
                "acked": True,
                "ack_ms": 0.0,
                "ephemeral": self._slackbot(user, channel, said),
            }
        app = self.workspace.app_of_command(command)
        if app is None:
            said = self._slackbot(user, channel, f"{command} is not a valid command.")
            return {"ok": False, "acked": False, "ack_ms": 0.0, "error": "unknown_command", "ephemeral": said}
        url = self.answers.new_url(app, user.id, channel, kind="commands")
        payload = command_payload(
            self.workspace,
            app,
            user,
            channel,
            command,
            text,
            trigger_id=self.core.views.new_trigger(user.id, app),
            response_url=url,
            as_team=as_team,
            as_app=as_app,
        )
        ack = await self.core.delivery.command(app, payload)
        info = ack_info(ack)
        if not ack.acked:
            failed = f'{command} failed with the error "{ack.error}"'
            return {**info, "ephemeral": self._slackbot(user, channel, failed)}
        if ack.payload:
            hook = ResponseUrl("", app.id, user.id, channel.id, self.core.clock.now())
            try:
                shown = self.answers.answer(hook, ack.payload)
            except SlackError as error:
                self.workspace.problem(
                    "a command's ack that cannot be shown", command=command, error=str(error)
                )
                failed = f'{command} failed with the error "{error.code}"'
                return {**info, "ok": False, "ephemeral": self._slackbot(user, channel, failed)}
            if shown is not None:
                key = "ephemeral" if shown.only_for else "message"
                info |= {key: shown.text, "ts": shown.ts}
        return info

    async def shortcut(
        self,
        user: User,
        callback_id: str,
        channel: Channel | None,
        message_ts: str | None,
        *,
        as_team: str | None = None,
        as_app: str | None = None,
    ) -> Json:
        """Use a shortcut, on a message or (without one) from the composer."""
        app, kind = self._shortcut(callback_id)
        if kind == "message" and (channel is None or message_ts is None):
            raise NotPossible(f"{callback_id} is used on a message")
        if channel is not None:
            self.may_act(user, channel)
        payload = base_payload(self.workspace, app, user, as_team=as_team, as_app=as_app) | {
            "callback_id": callback_id,
            "trigger_id": self.core.views.new_trigger(user.id, app),
            "action_ts": self.workspace.next_ts(),
        }
        if kind == "message":
            assert channel is not None
            message = channel.messages.get(message_ts or "")
            if message is None:
                raise NotPossible(f"there is no message {message_ts} in #{channel.name}")
            payload |= {
                "type": "message_action",
                "message": message_json(self.workspace, message),
                "message_ts": message.ts,
                "channel": {"id": channel.id, "name": shown_name(channel)},
                "response_url": self.answers.new_url(app, user.id, channel, original=message),
            }
        else:
            payload["type"] = "shortcut"
        return ack_info(await self.core.delivery.interaction(app, payload))

    def _shortcut(self, callback_id: str) -> tuple[App, str]:
        for app in self.workspace.apps.values():
            for shortcut in app.shortcuts:
                if shortcut["callback_id"] == callback_id:
                    return app, shortcut["type"]
        raise NotPossible(f"no app has a shortcut {callback_id!r}")

    # Clicking

    async def click_message(
        self,
        user: User,
        channel: Channel,
        ts: str,
        block_id: str,
        action_id: str,
        value: object,
        *,
        seen: list[Json] | None = None,
        as_team: str | None = None,
        as_app: str | None = None,
    ) -> Json:
        """Click a button of a message, or choose from one of its menus.

        `seen` are the blocks that this person had in front of them: a click that was under way when the message
        changed reaches the app all the same.
        """
        self.may_act(user, channel)
        message = self.sees_message(user, channel, ts)
        app = self.app_of(message.app_id)
        container: Json = {"type": "message", "message_ts": ts, "channel_id": channel.id}
        container["is_ephemeral"] = message.only_for is not None
        if message.is_reply:
            container["thread_ts"] = message.thread_ts
        surface: Json = {"blocks": message.blocks}
        key = (user.id, ts)
        values = self.workspace.message_state.get(key)
        if values is None:
            values = state.initial_state(surface, self.core.clock.now())
        clicked = surface if seen is None else {"blocks": seen}
        action = self._action(clicked, values, block_id, action_id, value)
        if values:
            self.workspace.message_state[key] = values
        payload = base_payload(self.workspace, app, user, as_team=as_team, as_app=as_app) | {
            "type": "block_actions",
            "container": container,
            "trigger_id": self.core.views.new_trigger(user.id, app),
            "channel": {"id": channel.id, "name": shown_name(channel)},
            "state": {"values": values},
            "response_url": self.answers.new_url(app, user.id, channel, original=message),
            "actions": [action],
        }
        if message.only_for is None:
            # Slack leaves the message out where it is ephemeral: it keeps none.
            payload["message"] = message_json(self.workspace, message, with_metadata=True)
        ack = await self.core.delivery.interaction(app, payload)
        before = message.warnings.pop(user.id, None)
        if not ack.acked:
            message.warnings[user.id] = CLICK_FAILED
        if before or not ack.acked:
            self.workspace.changed("message", channel=channel.id, ts=ts)
        return ack_info(ack) | ({} if ack.acked else {"warning": CLICK_FAILED})

    async def click_view(
        self,
        user: User,
        view: View,
        block_id: str,
        action_id: str,
        value: object,
        *,
        as_team: str | None = None,
        as_app: str | None = None,
    ) -> Json:
        """Click or choose something in a modal or on the App Home that tells the app at once."""
        self.may_act(user)
        self.on_screen(user, view)
        action = self._action(view.view, view.state, block_id, action_id, value)
        view.errors.pop(block_id, None)
        self.workspace.changed("view", user=user.id, view=view.id)
        app = self.app_of(view.app_id)
        payload = base_payload(self.workspace, app, user, as_team=as_team, as_app=as_app) | {
            "type": "block_actions",
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self.core.views.new_trigger(user.id, app, view.id),
            "view": view_json(self.workspace, view),
            "actions": [action],
        }
        ack = await self.core.delivery.interaction(app, payload)
        view.notice = None if ack.acked else TROUBLE
        if not ack.acked:
            self.workspace.changed("view", user=user.id, view=view.id)
        return ack_info(ack) | ({} if ack.acked else {"warning": TROUBLE})

    def _action(
        self,
        surface: Json,
        values: dict[str, dict[str, Json]],
        block_id: str,
        action_id: str,
        value: object,
    ) -> Json:
        element = state.element(surface, block_id, action_id)
        if element is None:
            raise NotPossible(f"there is no element {action_id!r} in block {block_id!r}")
        action: Json = {"action_id": action_id, "block_id": block_id, "type": element["type"]}
        if element["type"] == "overflow":
            chosen = [option for option in element["options"] if option.get("value") == value]
            if not chosen:
                raise NotPossible(f"the menu has no entry with the value {value!r}")
            action["selected_option"] = chosen[0]
        elif element["type"] in _PLAIN_CLICKS:
            action |= {key: element[key] for key in ("text", "value", "style") if key in element}
        else:
            try:
                action |= state.set_value(surface, values, block_id, action_id, value)
            except ValueError as error:
                raise NotPossible(str(error)) from None
        action["action_ts"] = self.workspace.next_ts()
        return action

    # Modals

    async def types_into(
        self,
        user: User,
        view: View,
        block_id: str,
        action_id: str,
        value: object,
        *,
        as_team: str | None = None,
        as_app: str | None = None,
    ) -> Json:
        """Fill an input; the app hears of it only where the block dispatches."""
        self.may_act(user)
        self.on_screen(user, view)
        block = next((b for b in view.view["blocks"] if b.get("block_id") == block_id), None)
        if block is None:
            raise NotPossible(f"the view has no block {block_id!r}")
        if block["type"] != "input" or block.get("dispatch_action"):
            return await self.click_view(
                user, view, block_id, action_id, value, as_team=as_team, as_app=as_app
            )
        try:
            self.core.views.set_value(view, block_id, action_id, value)
        except ValueError as error:
            raise NotPossible(str(error)) from None
        return {"ok": True, "acked": None, "ack_ms": None, "error": None}

    async def submits(
        self, user: User, view: View, *, as_team: str | None = None, as_app: str | None = None
    ) -> Json:
        """Press the modal's submit button."""
        self.may_act(user)
        self.on_screen(user, view)
        if not view.view.get("submit"):
            raise NotPossible("this modal has no submit button")
        refused = state.client_errors(view.view, view.state)
        if refused:
            view.errors = dict(refused)
            self.workspace.changed("view", user=user.id, view=view.id)
            return {"ok": False, "errors": view.errors, "acked": None, "ack_ms": None, "closed": False}
        app = self.app_of(view.app_id)
        payload = base_payload(self.workspace, app, user, as_team=as_team, as_app=as_app) | {
            "type": "view_submission",
            "trigger_id": self.core.views.new_trigger(user.id, app, view.id),
            "view": view_json(self.workspace, view),
            "response_urls": self._response_urls(app, user, view),
        }
        ack = await self.core.delivery.interaction(app, payload)
        view.errors, view.notice = {}, None
        problem = "" if ack.acked else f"no ack: {ack.error}"
        if ack.acked:
            problem = self._carry_out(app, user, view, ack.payload or {})
            if problem:
                self.workspace.problem(problem, view=view.view.get("callback_id"), response=ack.payload)
        if problem:
            view.notice = TROUBLE
        self.workspace.changed("view", user=user.id, view=view.id)
        return ack_info(ack) | {
            "ok": not problem and not view.errors,
            "errors": view.errors,
            "notice": view.notice,
            "closed": view not in self.core.views.stack(user.id),
        }

    def _carry_out(self, app: App, user: User, view: View, answer: Json) -> str:
        """Do what the app answered to a submission; "" or what was wrong with it."""
        views = self.core.views
        action = answer.get("response_action")
        if not answer:
            views.close(view)
            return ""
        if action == "clear":
            views.clear(user.id)
            return ""
        if action == "errors":
            errors = answer.get("errors")
            inputs = {b["block_id"] for b in view.view["blocks"] if b["type"] == "input"}
            if not isinstance(errors, dict) or not errors:
                return "an answer of errors without any"
            if unknown := sorted(set(errors) - inputs):
                return f"errors for blocks that are no inputs of this view: {', '.join(unknown)}"
            view.errors = {block: str(text) for block, text in errors.items()}
            return ""
        if action not in ("update", "push"):
            return f"an answer to a submission that Slack does not know: {sorted(answer)}"
        given = answer.get("view")
        if found := reasons_against(given, "modal"):
            return f"an invalid view to {action}: {'; '.join(found)}"
        assert isinstance(given, dict)
        try:
            if action == "update":
                views.update(view, given)
            else:
                views.push(app, user.id, given)
        except SlackError as error:
            return f"a view that cannot be shown: {error.code}"
        return ""

    def _response_urls(self, app: App, user: User, view: View) -> list[Json]:
        found = []
        for block in view.view["blocks"]:
            element = block.get("element") or {}
            if block["type"] != "input" or not element.get("response_url_enabled"):
                continue
            entry = view.state.get(block["block_id"], {}).get(element["action_id"], {})
            chosen = entry.get("selected_conversation") or entry.get("selected_channel")
            channel = self.workspace.channels.get(chosen or "")
            if channel is not None:
                url = self.answers.new_url(app, user.id, channel, kind="app")
                found.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": channel.id,
                        "response_url": url,
                    }
                )
        return found

    async def closes(self, user: User, view: View | None, *, clear: bool = False) -> Json:
        """Press Esc or Cancel, or (with `clear`) close the whole stack."""
        self.may_act(user)
        stack = self.core.views.stack(user.id)
        if not stack:
            raise NotPossible(f"{user.real_name} has no modal open")
        top = view or stack[-1]
        self.on_screen(user, top)
        clear = clear or bool(top.view.get("clear_on_close"))
        gone = self.core.views.clear(user.id) if clear else [top]
        if not clear:
            self.core.views.close(top)
        info: Json = {"ok": True, "acked": None, "ack_ms": None, "error": None}
        for closed in gone:
            if closed.view.get("notify_on_close"):
                app = self.app_of(closed.app_id)
                payload = base_payload(self.workspace, app, user, as_team=None, as_app=None) | {
                    "type": "view_closed",
                    "view": view_json(self.workspace, closed),
                    "is_cleared": clear,
                }
                info = ack_info(await self.core.delivery.interaction(app, payload))
        return info

    def opens_home(self, user: User, app: App) -> View | None:
        """Look at an app's Home tab."""
        self.may_act(user)
        if not app.home_tab:
            raise NotPossible(f"{app.name} has no Home tab")
        view = self.workspace.homes.get((app.id, user.id))
        shown = view_json(self.workspace, view) if view else None
        self.core.happenings.home_opened(app, user, "home", shown)
        return view

    # Checks

    def may_act(self, user: User, channel: Channel | None = None) -> None:
        """Refuse where somebody could do nothing at all, or nothing in this channel."""
        if user.deleted:
            raise NotPossible(f"{user.real_name} is deactivated")
        if channel is None:
            return
        if not self.workspace.can_see(user.id, channel):
            raise NotPossible(f"{user.real_name} cannot see {channel.id}")
        if channel.archived:
            raise NotPossible(f"#{channel.name} is archived")

    def sees_message(self, user: User, channel: Channel, ts: str) -> Message:
        """The message that somebody has in front of them; refused where there is none."""
        message = channel.messages.get(ts) or channel.ephemerals.get(ts)
        if message is None or message.only_for not in (None, user.id):
            raise NotPossible(f"{user.real_name} sees no message {ts} in #{channel.name}")
        return message

    def on_screen(self, user: User, view: View) -> None:
        """Refuse where a view is not in front of somebody."""
        if view.user != user.id:
            raise NotPossible(f"this view is not on {user.real_name}'s screen")
        if view.view["type"] == "modal":
            stack = self.core.views.stack(user.id)
            if not stack or stack[-1] is not view:
                raise NotPossible("this modal is not the one on top")

    def app_of(self, app_id: str | None) -> App:
        """The app that is told of a click."""
        app = self.workspace.apps.get(app_id or "")
        if app is None:
            raise NotPossible("this message is by no app")
        if not app.interactivity:
            raise NotPossible(f"{app.name} has interactivity switched off")
        return app

    def _slackbot(self, user: User, channel: Channel, text: str) -> str:
        message = Message(
            self.workspace.next_ts(),
            channel.id,
            SLACKBOT,
            text,
            team=self.workspace.team.id,
            only_for=user.id,
        )
        self.workspace.post(message)
        return text
