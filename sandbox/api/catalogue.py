"""Facts about the Web API methods of the stand-in workspace: arguments, scopes, tier, errors.

The facts are those of Slack's method reference (https://docs.slack.dev/reference/methods), kept in
``methods.json`` beside this module. Where the reference page of a method and Slack's list of tiers
disagree (``apps.connections.open``, ``users.conversations``) the page of the method is followed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Tier = Literal[1, 2, 3, 4, "special"]
"""Slack's rate limit tiers (1, 20, 50 or 100 calls a minute and more) or a rule of the method's own."""

_FACTS = Path(__file__).with_name("methods.json")


@dataclass(frozen=True)
class Arg:
    """One argument of a method; ``type`` is None where Slack's reference gives none or several."""

    required: bool
    type: str | None


@dataclass(frozen=True)
class MethodFacts:
    """What Slack's reference says of one method.

    ``bot_scopes``: any one of them suffices; empty means that a token is enough.
    ``app_token``: an app-level token (``xapp-…``) is due in place of a bot token.
    ``errors``: the error codes which the method's page lists, apart from those that every method may give.
    """

    name: str
    args: Mapping[str, Arg]
    bot_scopes: frozenset[str]
    app_token: bool
    tier: Tier
    errors: frozenset[str]

    @property
    def required_args(self) -> tuple[str, ...]:
        """The names of the arguments without which a call fails with ``invalid_arguments``."""
        return tuple(name for name, arg in self.args.items() if arg.required)


def method(name: str) -> MethodFacts | None:
    """The facts about ``name``, or None when the stand-in doesn't know such a method."""
    return _methods().get(name)


def method_names() -> tuple[str, ...]:
    """Every method that the stand-in workspace knows, in alphabetical order."""
    return tuple(_methods())


@cache
def _methods() -> Mapping[str, MethodFacts]:
    raw: dict[str, dict[str, Any]] = json.loads(_FACTS.read_text(encoding="utf-8"))
    return MappingProxyType({name: _facts(name, raw[name]) for name in sorted(raw)})


def _facts(name: str, raw: Mapping[str, Any]) -> MethodFacts:
    args = {arg: Arg(required=fact["required"], type=fact.get("type")) for arg, fact in raw["args"].items()}
    return MethodFacts(
        name=name,
        args=MappingProxyType(args),
        bot_scopes=frozenset(raw["bot_scopes"]),
        app_token=raw["app_token"],
        tier=raw["tier"],
        errors=frozenset(raw["errors"]),
    )
