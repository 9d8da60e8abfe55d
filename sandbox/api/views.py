"""views.*: modals and the App Home."""

from __future__ import annotations

from sandbox.api.call import Call, Handler
from sandbox.workspace.errors import SlackError
from sandbox.workspace.model import Json, View
from sandbox.workspace.payloads import view_json
from sandbox.workspace.views import checked


def _given(call: Call, kind: str) -> Json:
    view = call.json("view", "invalid_arguments")
    if view is None:
        raise SlackError("invalid_arguments", ["missing required field: view"])
    return checked(view, kind)


def _trigger(call: Call) -> str:
    trigger = call.text("trigger_id") or call.text("interactivity_pointer")
    if not trigger:
        raise SlackError("invalid_arguments", ["missing required field: trigger_id"])
    return trigger


def _answer(call: Call, view: View) -> Json:
    return {"view": view_json(call.workspace, view)}


def open_view(call: Call) -> Json:
    """views.open"""
    return _answer(call, call.core.views.open(call.app, _given(call, "modal"), _trigger(call)))


def push(call: Call) -> Json:
    """views.push"""
    return _answer(call, call.core.views.push_by_trigger(call.app, _given(call, "modal"), _trigger(call)))


def update(call: Call) -> Json:
    """views.update"""
    if not call.text("view_id") and not call.text("external_id"):
        raise SlackError("invalid_arguments", ["missing required field: view_id"])
    raw = call.json("view", "invalid_arguments")
    kind = "home" if isinstance(raw, dict) and raw.get("type") == "home" else "modal"
    given = _given(call, kind)
    view = call.core.views.find(call.app, call.text("view_id"), call.text("external_id"))
    if view.view["type"] != given["type"]:
        raise SlackError("invalid_arguments", ["type must stay the same [json-pointer:/view/type]"])
    return _answer(call, call.core.views.update(view, given, call.text("hash")))


def publish(call: Call) -> Json:
    """views.publish"""
    if not call.app.home_tab:
        raise SlackError("not_enabled")
    given = _given(call, "home")
    user = call.workspace.users.get(call.text("user_id"))
    if user is None or user.deleted:
        raise SlackError("user_not_found")
    return _answer(call, call.core.views.publish(call.app, user.id, given, call.text("hash")))


METHODS: dict[str, Handler] = {
    "views.open": open_view,
    "views.publish": publish,
    "views.push": push,
    "views.update": update,
}
