"""The facts about Web API methods are Slack's, and complete for what the stand-in implements."""

from __future__ import annotations

import dataclasses

import pytest

from sandbox.api import catalogue


def test_posting_needs_a_channel_and_chat_write() -> None:
    facts = catalogue.method("chat.postMessage")

    assert facts is not None
    assert facts.required_args == ("channel",)
    assert facts.bot_scopes == {"chat:write"}
    assert facts.tier == "special"
    assert not facts.app_token
    assert {"is_archived", "metadata_too_large", "invalid_blocks"} <= facts.errors


def test_only_opening_a_socket_takes_an_app_token() -> None:
    assert [name for name in catalogue.method_names() if _facts(name).app_token] == ["apps.connections.open"]


def test_any_one_scope_of_several_will_do() -> None:
    assert _facts("conversations.replies").bot_scopes == {
        "channels:history",
        "groups:history",
        "im:history",
        "mpim:history",
    }


def test_types_and_tiers_are_known() -> None:
    assert _facts("files.getUploadURLExternal").args["length"] == catalogue.Arg(required=True, type="integer")
    assert {_facts(name).tier for name in catalogue.method_names()} <= {1, 2, 3, 4, "special"}


def test_an_unknown_method_is_none() -> None:
    assert catalogue.method("chat.shout") is None


def test_facts_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        _facts("auth.test").tier = 1  # type: ignore[misc]


def _facts(name: str) -> catalogue.MethodFacts:
    facts = catalogue.method(name)
    assert facts is not None, name
    return facts
