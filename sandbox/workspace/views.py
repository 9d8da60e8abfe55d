"""Modals and App Homes: opening, pushing, updating and closing them as Slack does.

Rules from https://docs.slack.dev/surfaces/modals/ and the views.* pages of https://docs.slack.dev/reference/methods:
a stack of three, a trigger id that is good once and for three seconds, typed values that survive an update where
block_id and action_id stay the same, a hash that protects against updates of something already changed.
"""

from __future__ import annotations

import secrets
import time

from sandbox.blockkit import problems_in_view, state
from sandbox.workspace.errors import SlackError
from sandbox.workspace.model import App, Json, Trigger, View
from sandbox.workspace.payloads import with_ids
from sandbox.workspace.workspace import Workspace, compact

MAX_STACK = 3
MAX_VIEW_BYTES = 250_000
MAX_EXTERNAL_ID = 255


def reasons_against(view: object, kind: str) -> list[str]:
    """What Slack would find wrong with a view; pointers start at `/view`."""
    if not isinstance(view, dict):
        return ["must be an object [json-pointer:/view]"]
    found = problems_in_view(view)
    if not found and view.get("type") != kind:
        found = [f"must be a view of type {kind} [json-pointer:/type]"]
    if len(str(view.get("external_id") or "")) > MAX_EXTERNAL_ID:
        found.append(f"must be less than {MAX_EXTERNAL_ID + 1} characters [json-pointer:/external_id]")
    return [
        reason
        if "[json-pointer:/view" in reason
        else reason.replace("[json-pointer:", "[json-pointer:/view", 1)
        for reason in found
    ]


def checked(view: object, kind: str) -> Json:
    """The view, or the error that views.* answers with."""
    if isinstance(view, dict) and len(compact(view)) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large")
    if found := reasons_against(view, kind):
        raise SlackError("invalid_arguments", found)
    assert isinstance(view, dict)
    return view


class Views:
    """What is open on whose screen."""

    def __init__(self, workspace: Workspace, trigger_seconds: float) -> None:
        """A trigger id is good for `trigger_seconds` of real time."""
        self.workspace = workspace
        self.trigger_seconds = trigger_seconds

    # Triggers

    def new_trigger(self, user: str, app: App, view_id: str | None = None) -> str:
        """A trigger id, as every interaction carries one."""
        number = self.workspace.new_id("")
        trigger_id = f"{int(number, 36)}.{self.workspace.team.id}.{secrets.token_hex(16)}"
        triggers = self.workspace.triggers
        triggers[trigger_id] = Trigger(user, app.id, time.monotonic(), view_id)
        if len(triggers) > 10_000:
            del triggers[next(iter(triggers))]
        return trigger_id

    def spend(self, trigger_id: object, app: App) -> Trigger:
        """Use a trigger id up, or say why it is no good."""
        trigger = self.workspace.triggers.get(str(trigger_id))
        if trigger is None or trigger.app_id != app.id:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.made_at > self.trigger_seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    # The app's side

    def open(self, app: App, given: Json, trigger_id: object, response_channel: str | None = None) -> View:
        """Open a modal; whatever modal the person had open gives way."""
        self._check_external_id(app, given, None)
        trigger = self.spend(trigger_id, app)
        view = self._new(app, trigger.user, given)
        view.response_channel = response_channel
        self.workspace.stacks[trigger.user] = [view]
        self._changed(view)
        return view

    def push_by_trigger(self, app: App, given: Json, trigger_id: object) -> View:
        """Push onto the modal that the trigger came from."""
        self._check_external_id(app, given, None)
        trigger = self.workspace.triggers.get(str(trigger_id))
        if trigger is not None and not trigger.used:
            stack = self.workspace.stacks.get(trigger.user, [])
            if trigger.view_id is None or not any(view.id == trigger.view_id for view in stack):
                raise SlackError("invalid_trigger_id")
            if len(stack) >= MAX_STACK:
                raise SlackError("push_limit_reached")
        return self.push(app, self.spend(trigger_id, app).user, given)

    def push(self, app: App, user: str, given: Json) -> View:
        """Put a modal on top of the person's stack."""
        stack = self.workspace.stacks.setdefault(user, [])
        if len(stack) >= MAX_STACK:
            raise SlackError("push_limit_reached")
        view = self._new(app, user, given)
        if stack:
            view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        self._changed(view)
        return view

    def find(self, app: App, view_id: object, external_id: object) -> View:
        """An open view of this app, by its id or by the app's own id for it."""
        for view in self.workspace.all_views():
            if view.app_id != app.id:
                continue
            if view.id == view_id or (external_id and view.view.get("external_id") == external_id):
                return view
        raise SlackError("not_found")

    def update(self, view: View, given: Json, hash_given: object = None) -> View:
        """Replace what a view shows; typed values stay where block_id and action_id do."""
        if hash_given and hash_given != view.hash:
            raise SlackError("hash_conflict")
        self._check_external_id(self.workspace.apps[view.app_id], given, view)
        new = self._normalised(given)
        view.state = state.carry_over(view.view, view.state, new, self.workspace.clock.now())
        view.view = new
        view.hash = self.workspace.new_hash()
        view.errors, view.notice = {}, None
        self._changed(view)
        return view

    def publish(self, app: App, user: str, given: Json, hash_given: object = None) -> View:
        """Show a view as somebody's App Home."""
        old = self.workspace.homes.get((app.id, user))
        if old is not None:
            return self.update(old, given, hash_given)
        view = self._new(app, user, given)
        self.workspace.homes[app.id, user] = view
        self._changed(view)
        return view

    # The person's side

    def stack(self, user: str) -> list[View]:
        """The modals on somebody's screen, the one they see last."""
        return self.workspace.stacks.get(user, [])

    def close(self, view: View) -> None:
        """Take a modal off the screen; the one under it shows again."""
        stack = self.stack(view.user)
        if view in stack:
            stack.remove(view)
        self._changed(view)

    def clear(self, user: str) -> list[View]:
        """Close all of somebody's modals; answers those that were open, the top one first."""
        stack = self.workspace.stacks.pop(user, [])
        self.workspace.changed("view", user=user)
        return stack[::-1]

    def set_value(self, view: View, block_id: str, action_id: str, value: object) -> Json:
        """Type or choose something."""
        entry = state.set_value(view.view, view.state, block_id, action_id, value)
        view.errors.pop(block_id, None)
        self._changed(view)
        return entry

    def _new(self, app: App, user: str, given: Json) -> View:
        workspace = self.workspace
        view_id = workspace.new_id("V")
        shown = self._normalised(given)
        initial = state.initial_state(shown, workspace.clock.now())
        return View(view_id, app.id, user, shown, initial, workspace.new_hash(), view_id)

    def _normalised(self, given: Json) -> Json:
        return {**given, "blocks": with_ids(given["blocks"])}

    def _check_external_id(self, app: App, given: Json, updated: View | None) -> None:
        external_id = given.get("external_id")
        if external_id and any(
            view is not updated and view.app_id == app.id and view.view.get("external_id") == external_id
            for view in self.workspace.all_views()
        ):
            raise SlackError("duplicate_external_id")

    def _changed(self, view: View) -> None:
        self.workspace.changed("view", user=view.user, view=view.id)
