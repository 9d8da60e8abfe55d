"""Who and what there is: api.*, auth.*, apps.*, bots.*, team.*, users.* and usergroups.*."""

from __future__ import annotations

from sandbox.api.call import Call, Handler
from sandbox.workspace.errors import SlackError
from sandbox.workspace.model import Json
from sandbox.workspace.payloads import bot_profile, user_json, usergroup_json


def api_test(call: Call) -> Json:
    """api.test"""
    if call.text("error"):
        raise SlackError(call.text("error"))
    return {"args": {name: value for name, value in call.args.items() if name != "token"}}


def auth_test(call: Call) -> Json:
    """auth.test"""
    team, app = call.workspace.team, call.app
    return {
        "url": f"{call.core.base_url}/",
        "team": team.name,
        "user": call.workspace.users[app.bot_user_id].name,
        "team_id": team.id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> Json:
    """apps.connections.open"""
    if not call.app.socket_mode:
        raise SlackError("forbidden_team")
    ticket = call.core.hub.new_ticket(call.app.id)
    host = call.core.base_url.replace("http://", "ws://", 1)
    return {"url": f"{host}/link/?ticket={ticket}&app_id={call.app.id}"}


def bots_info(call: Call) -> Json:
    """bots.info"""
    for app in call.workspace.apps.values():
        if app.bot_id == call.text("bot"):
            profile = bot_profile(call.workspace, app)
            return {"bot": {**profile, "user_id": app.bot_user_id, "icons": {}}}
    raise SlackError("bot_not_found")


def team_info(call: Call) -> Json:
    """team.info"""
    team = call.workspace.team
    if call.text("team") not in ("", team.id):
        raise SlackError("team_not_found")
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


def _may_see_email(call: Call) -> bool:
    return "users:read.email" in call.app.scopes


def users_info(call: Call) -> Json:
    """users.info"""
    user = call.workspace.users.get(call.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user_json(call.workspace, user, with_email=_may_see_email(call))}


def users_list(call: Call) -> Json:
    """users.list"""
    own = [user for user in call.workspace.users.values() if user.team_id == call.workspace.team.id]
    page, more = call.page(own, len(own) or 1, 1_000)
    shown = [user_json(call.workspace, user, with_email=_may_see_email(call)) for user in page]
    return {"members": shown, "cache_ts": int(call.workspace.clock.now().timestamp()), **more}


def users_lookup(call: Call) -> Json:
    """users.lookupByEmail"""
    email = call.text("email").casefold()
    for user in call.workspace.users.values():
        if user.email.casefold() == email and email and not user.deleted:
            return {"user": user_json(call.workspace, user, with_email=True)}
    raise SlackError("users_not_found")


def usergroups_list(call: Call) -> Json:
    """usergroups.list"""
    groups = [g for g in call.workspace.usergroups.values() if g.enabled or call.flag("include_disabled")]
    shown = [usergroup_json(call.workspace, g, with_users=call.flag("include_users")) for g in groups]
    if not call.flag("include_count"):
        for group in shown:
            group.pop("user_count")
    return {"usergroups": shown}


def usergroup_users(call: Call) -> Json:
    """usergroups.users.list"""
    group = call.workspace.usergroups.get(call.text("usergroup"))
    if group is None or not (group.enabled or call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


METHODS: dict[str, Handler] = {
    "api.test": api_test,
    "apps.connections.open": connections_open,
    "auth.test": auth_test,
    "bots.info": bots_info,
    "team.info": team_info,
    "usergroups.list": usergroups_list,
    "usergroups.users.list": usergroup_users,
    "users.info": users_info,
    "users.list": users_list,
    "users.lookupByEmail": users_lookup,
}
