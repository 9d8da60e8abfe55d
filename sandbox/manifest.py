"""Slack's rules for the parts of an app manifest that the sandbox acts upon.

https://docs.slack.dev/reference/app-manifest. What a manifest holds besides is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.workspace.model import Json


@dataclass(frozen=True)
class Text:
    """A text, and how sentences call what it must look like."""

    most: int
    form: str = ""
    called: str = ""

    def mistake(self, value: object) -> str | None:
        """What is wrong with a value."""
        if not isinstance(value, str) or not value:
            return f"must be a text, not {value!r}"
        if len(value) > self.most:
            return f"must be no longer than {self.most} characters"
        if self.form and not re.fullmatch(self.form, value):
            return f"must be {self.called}, not {value!r}"
        return None


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    def mistake(self, value: object) -> str | None:
        """What is wrong with a value."""
        return None if isinstance(value, bool) else f"must be true or false, not {value!r}"


URL = Text(3000, r"https?://[^\s/]+\S*", "an address that starts with http:// or https://")

COMMAND = {
    "command!": Text(32, r"/[a-z0-9_-]+", "a slash and lower case letters, digits, - or _"),
    "description!": Text(2000),
    "usage_hint": Text(1000),
    "url": URL,
}
SHORTCUT = {
    "name!": Text(24),
    "type!": Text(7, "message|global", '"message" or "global"'),
    "callback_id!": Text(255),
    "description!": Text(150),
}
RULES: Json = {
    "display_information!": {"name!": Text(35)},
    "features!": {
        "app_home": {"home_tab_enabled": Flag(), "messages_tab_enabled": Flag()},
        "bot_user!": {"display_name!": Text(80)},
        "slash_commands": [COMMAND],
        "shortcuts": [SHORTCUT],
    },
    "oauth_config!": {"scopes!": {"bot!": [Text(100)]}},
    "settings": {
        "event_subscriptions": {"request_url": URL, "bot_events": [Text(100)]},
        "interactivity": {"is_enabled!": Flag(), "request_url": URL},
        "socket_mode_enabled": Flag(),
    },
}
"""`!` marks what must be there; a list holds any number of its one entry."""


def mistakes(manifest: object, where: str) -> Iterator[str]:
    """What is wrong with a manifest, each with its place."""
    yield from _mistakes(manifest, RULES, where)


def _mistakes(value: object, rule: Any, where: str) -> Iterator[str]:
    if isinstance(rule, dict):
        if not isinstance(value, dict):
            yield f"{where}: must be an object in {{…}}, not {value!r}"
            return
        for key, inner in rule.items():
            name = key.rstrip("!")
            if name in value:
                yield from _mistakes(value[name], inner, f"{where}.{name}")
            elif key != name:
                yield f"{where}.{name}: is missing"
    elif isinstance(rule, list):
        if not isinstance(value, list):
            yield f"{where}: must be a list in […], not {value!r}"
            return
        for number, one in enumerate(value):
            yield from _mistakes(one, rule[0], f"{where}[{number}]")
    elif mistake := rule.mistake(value):
        yield f"{where}: {mistake}"


def request_urls(manifest: Json) -> list[str]:
    """The addresses that a manifest has Slack send to, each once."""
    features, settings = manifest["features"], manifest.get("settings", {})
    found = [command.get("url") for command in features.get("slash_commands", [])]
    found += [settings.get(part, {}).get("request_url") for part in ("interactivity", "event_subscriptions")]
    return list(dict.fromkeys(url for url in found if url))
