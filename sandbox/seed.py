"""What a workspace holds when it starts: a dict (or JSON file) of people, channels and apps, and how it is read.

The default is a small contact centre, Northwind Care. Its ids are fixed, so that a test may name them; its tokens are
made anew in each process, as whoever knows one may speak for the app.
"""

from __future__ import annotations

import secrets
from copy import deepcopy
from typing import Any

from sandbox.workspace.model import App, Channel, Json, Team, User, UserGroup
from sandbox.workspace.workspace import SLACKBOT, Workspace

SECRETS = ("bot_token", "app_token", "signing_secret", "verification_token")
"""What of an app's entry only the app may know."""


def new_secrets(app_id: str, called: str) -> Json:
    """What an app proves itself by, and what Slack proves itself by to the app. Their beginnings say what they are."""
    bot, app, signing, verification = (secrets.token_hex(16) for _ in SECRETS)
    return {
        "bot_token": f"xoxb-sandbox-{called}-{bot}",
        "app_token": f"xapp-1-{app_id}-sandbox-{app}",
        "signing_secret": f"sandbox-signing-secret-{signing}",
        "verification_token": f"sandbox-verification-{verification}",
    }


_ASKDESK = new_secrets("A0ASKDESK", "askdesk")
BOT_TOKEN: str = _ASKDESK["bot_token"]
APP_TOKEN: str = _ASKDESK["app_token"]
SIGNING_SECRET: str = _ASKDESK["signing_secret"]

DEFAULT_SCOPES = [
    "app_mentions:read", "bookmarks:read", "channels:history", "channels:join", "channels:read", "chat:write",
    "commands", "files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write",
    "mpim:history", "mpim:read", "mpim:write", "pins:read", "pins:write", "reactions:read", "reactions:write",
    "team:read", "usergroups:read", "users:read", "users:read.email",
]  # fmt: skip

DEFAULT_EVENTS = [
    "app_home_opened", "app_mention", "channel_archive", "channel_unarchive", "member_joined_channel",
    "member_left_channel", "message.channels", "message.groups", "message.im", "message.mpim",
    "subteam_members_changed", "subteam_updated", "user_change",
]  # fmt: skip


def default_manifest() -> Json:
    """An app manifest with two commands, both kinds of shortcut, and every scope and event the sandbox knows."""
    return {
        "display_information": {"name": "Askdesk"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "askdesk", "always_online": True},
            "slash_commands": [
                {"command": "/escalate", "description": "Raise a case"},
                {"command": "/askdesk", "description": "Everything else"},
            ],
            "shortcuts": [
                {
                    "name": "Escalate this",
                    "type": "message",
                    "callback_id": "escalate_message",
                    "description": "Raise a case from a message",
                },
                {
                    "name": "Raise an escalation",
                    "type": "global",
                    "callback_id": "escalate_global",
                    "description": "Raise a case",
                },
            ],
        },
        "oauth_config": {"scopes": {"bot": list(DEFAULT_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(DEFAULT_EVENTS)},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }


def _person(key: str, real_name: str, tz: str = "Asia/Manila") -> Json:
    name = real_name.casefold().replace(" ", ".")
    return {
        "id": f"U0{key}",
        "name": name,
        "real_name": real_name,
        "tz": tz,
        "email": f"{name}@northwind.example",
    }


def contact_centre() -> Json:
    """Northwind Care: agents, SMEs, team leads, a manager, an outsider, their channels and groups."""
    people = [
        _person("ANA", "Ana Reyes"), _person("ARJUN", "Arjun Mehta"), _person("AMY", "Amy Cole"),
        _person("ABEL", "Abel Cruz"), _person("SAM", "Sam Ortiz"), _person("SIA", "Sia Novak"),
        _person("BEN", "Ben Carter"), _person("TESS", "Tess Lim"), _person("MIA", "Mia Grant", "America/New_York"),
        _person("OTTO", "Otto Frei"),
    ]  # fmt: skip
    ids = [person["id"] for person in people]
    staff = [user for user in ids if user != "U0OTTO"]
    ims = [
        {"id": "D0" + u.removeprefix("U0"), "name": "", "kind": "im", "members": [u, "U0ASKDESK"]}
        for u in ids
    ]
    return {
        "team": {"id": "T0NORTH", "name": "Northwind Care", "domain": "northwind-care"},
        "users": people,
        "usergroups": [
            {"id": "S0SMES", "handle": "billing-smes", "name": "Billing SMEs", "users": ["U0SAM", "U0SIA"]},
            {"id": "S0TLS", "handle": "billing-tls", "name": "Billing TLs", "users": ["U0BEN", "U0TESS"]},
            {
                "id": "S0MANAGERS",
                "handle": "billing-managers",
                "name": "Billing managers",
                "users": ["U0MIA"],
            },
        ],
        "channels": [
            {"id": "C0ASKBILL", "name": "ask-billing", "members": [*staff, "U0ASKDESK"]},
            {"id": "C0RANDOM", "name": "random", "members": ids},
            *ims,
            {
                "id": "G0ANABEN",
                "name": "mpdm-ana.reyes--ben.carter--askdesk-1",
                "kind": "mpim",
                "members": ["U0ANA", "U0BEN", "U0ASKDESK"],
            },
        ],
        "apps": [
            {
                "id": "A0ASKDESK",
                "bot_user_id": "U0ASKDESK",
                "bot_id": "B0ASKDESK",
                **_ASKDESK,
                "manifest": default_manifest(),
            }
        ],
    }


class Seed:
    """A configuration ready to be poured into a workspace.

    `manifest` replaces the (first) app's manifest and `request_url` its way of delivery; `config` replaces the
    contact centre altogether.
    """

    def __init__(
        self,
        manifest: Json | None = None,
        *,
        config: Json | None = None,
        request_url: str | None = None,
        scopes: list[str] | None = None,
    ) -> None:
        self.config = deepcopy(config) if config is not None else contact_centre()
        apps: list[Json] = self.config.get("apps", [])
        if manifest is not None:
            apps[0]["manifest"] = deepcopy(manifest)
        if request_url is not None:
            apps[0]["request_url"] = request_url
        if scopes is not None:
            apps[0]["manifest"]["oauth_config"]["scopes"]["bot"] = list(scopes)

    def fill(self, workspace: Workspace) -> None:
        """Empty the workspace and put everything of this configuration into it."""
        workspace.clear()
        workspace.team = team = Team(**self.config["team"])
        slackbot = User(SLACKBOT, "slackbot", "Slackbot", team.id, is_bot=True)
        workspace.users[slackbot.id] = slackbot
        for entry in self.config.get("users", []):
            user = User(**{"team_id": team.id, **entry})
            workspace.users[user.id] = user
        for entry in self.config.get("apps", []):
            app = app_from(entry)
            manifest_bot = entry["manifest"].get("features", {}).get("bot_user", {})
            name = str(manifest_bot.get("display_name", app.name)).casefold()
            workspace.users[app.bot_user_id] = User(app.bot_user_id, name, app.name, team.id, is_bot=True)
            workspace.install(app)
        for entry in self.config.get("usergroups", []):
            group = UserGroup(**deepcopy(entry))
            workspace.usergroups[group.id] = group
        created = int(workspace.clock.now().timestamp())
        for entry in self.config.get("channels", []):
            channel = Channel(**{"created": created, **deepcopy(entry)})
            workspace.channels[channel.id] = channel
        workspace.changed("seeded")


def app_from(entry: Json) -> App:
    """An app from its ids, tokens and manifest (https://docs.slack.dev/reference/app-manifest)."""
    manifest: Json = entry["manifest"]
    features: Json = manifest.get("features", {})
    settings: Json = manifest.get("settings", {})
    home: Json = features.get("app_home", {})
    subscriptions: Json = settings.get("event_subscriptions", {})
    scopes: list[Any] = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
    return App(
        id=entry["id"],
        name=manifest.get("display_information", {}).get("name", entry["id"]),
        bot_user_id=entry["bot_user_id"],
        bot_id=entry["bot_id"],
        bot_token=entry["bot_token"],
        app_token=entry["app_token"],
        signing_secret=entry["signing_secret"],
        verification_token=entry["verification_token"],
        scopes=set(scopes),
        commands={command["command"]: command for command in features.get("slash_commands", [])},
        shortcuts=list(features.get("shortcuts", [])),
        events=set(subscriptions.get("bot_events", [])),
        socket_mode=bool(settings.get("socket_mode_enabled", False)),
        interactivity=bool(settings.get("interactivity", {}).get("is_enabled", False)),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        request_url=entry.get("request_url"),
        verified=not entry.get("verify_request_url", False),
    )
