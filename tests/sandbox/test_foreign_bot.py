"""A bot that is not Askdesk: a plain Bolt script, told nothing but its tokens and where the Web API is."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sandbox import ControlClient
from tests.sandbox.program import free_port, program, started

Json = dict[str, Any]

SCRIPT = Path(__file__).with_name("lunch_script.py")

MANIFEST: Json = {
    "display_information": {"name": "Lunch"},
    "features": {
        "bot_user": {"display_name": "lunch"},
        "slash_commands": [{"command": "/lunch", "description": "Order lunch"}],
    },
    "oauth_config": {"scopes": {"bot": ["app_mentions:read", "chat:write", "commands"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention"]},
        "interactivity": {"is_enabled": True},
    },
}


class Office:
    """The running workspace, seen through its control API."""

    def __init__(self, url: str) -> None:
        self.control = ControlClient(url)

    def until(self, condition: Callable[[], Any]) -> Any:
        """Wait, change by change, until something is there."""
        for _ in range(100):
            revision = self.control.get("state")["revision"]
            if found := condition():
                return found
            self.control.get("changes", after=revision, timeout=60)
        raise AssertionError("it did not happen")

    def view(self) -> Json:
        """The modal in front of Ana."""
        views: list[Json] = self.until(lambda: self.control.get("views", as_="Ana")["views"])
        return views[-1]

    def types(self, view: Json, block_id: str, action_id: str, value: object) -> None:
        """Ana fills in a field."""
        where = {"block_id": block_id, "action_id": action_id}
        self.control.post("view/input", user="Ana", view_id=view["id"], **where, value=value)

    def submit(self, view: Json) -> Json:
        """Ana submits."""
        answer: Json = self.control.post("view/submit", user="Ana", view_id=view["id"])
        return answer

    def messages(self) -> list[Json]:
        """What stands in #kitchen."""
        found: list[Json] = self.control.get("channel/kitchen", as_="Ana")["messages"]
        return found

    def order(self, dish: str) -> None:
        """From the command to the submitted form."""
        self.control.post("command", user="Ana", channel="#kitchen", command="/lunch", text="")
        view = self.view()
        self.types(view, "dish", "text", dish)
        assert self.submit(view)["closed"]


@contextmanager
def office(tmp_path: Path, mode: str) -> Iterator[Office]:
    """A workspace from a file, with the lunch bot running in it."""
    port = free_port()
    delivery = {"request_url": f"http://127.0.0.1:{port}/slack/events"} if mode == "http" else {}
    manifest = {**MANIFEST, "settings": {**MANIFEST["settings"], "socket_mode_enabled": mode == "socket"}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    config = {
        "workspace": "Canteen",
        "users": ["Ana Reyes", "Ben Carter"],
        "channels": ["kitchen"],
        "apps": [{"manifest_file": "manifest.json", **delivery}],
    }
    file = tmp_path / "workspace.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    with program("--port", 0, "--config", file, "--no-limits") as running:
        variables = {**running.apps[0], **({"PORT": str(port)} if mode == "http" else {})}
        with started([sys.executable, str(SCRIPT)], variables) as bot:
            assert bot.stdout is not None
            assert "Bolt app is running" in bot.stdout.readline()
            at = Office(running.url)
            if mode == "socket":
                at.until(lambda: at.control.get("sockets")["sockets"])
            yield at


@pytest.fixture(params=["socket", "http"])
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The office in both ways of delivery."""
    with office(tmp_path, request.param) as found:
        yield found


def test_command_modal_message_button(at: Office) -> None:
    """The whole story, with an error in a field and a select that asks the bot."""
    at.control.post("command", user="Ana", channel="#kitchen", command="/lunch", text="")
    view = at.view()
    at.types(view, "dish", "text", "soup")
    assert at.submit(view)["errors"] == {"dish": "No soup today."}
    at.types(view, "dish", "text", "Noodles")
    where = {"view_id": view["id"], "block_id": "place", "action_id": "places"}
    asked = at.control.post("suggest", user="Ana", **where, value="corn")
    assert [option["value"] for option in asked["options"]] == ["Corner shop", "Corner grill"]
    at.types(view, "place", "places", asked["options"][1])
    assert at.submit(view)["closed"]

    [message] = at.until(at.messages)
    assert "*Noodles* from Corner grill" in message["blocks"][0]["text"]["text"]
    [button] = message["blocks"][1]["elements"]
    clicked = {"block_id": message["blocks"][1]["block_id"], "action_id": button["action_id"]}
    at.control.post("click", user="Ben", channel="#kitchen", message_ts=message["ts"], **clicked)
    # Without more words a response_url's answer replaces nothing and is seen by the one who clicked.
    seen = at.until(
        lambda: [m for m in at.control.get("channel/kitchen", as_="Ben")["messages"] if m["ephemeral"]]
    )
    assert "fetches it" in seen[0]["text"]
    assert at.control.get("problems")["problems"] == []


def test_an_event(at: Office) -> None:
    """Over HTTP the bot gives Slack's challenge back first."""
    bot = at.control.get("state")["apps"][0]["bot_user_id"]
    at.control.post("message", user="Ana", channel="#kitchen", text=f"<@{bot}> hello")
    [parent] = at.until(lambda: [m for m in at.messages() if m["reply_count"]])
    [_, reply] = at.control.get(f"thread/kitchen/{parent['ts']}", as_="Ana")["messages"]
    assert reply["text"] == "Hungry? Try /lunch."
    sent = [entry for entry in at.control.get("traffic")["traffic"] if entry["kind"] == "http"]
    assert [entry["name"] for entry in sent] in ([], ["url_verification", "events_api"])
    assert all(entry["status"] == 200 and entry["ack_ms"] > 0 for entry in sent)
    assert at.control.get("problems")["problems"] == []


def test_a_wrong_block_is_answered_as_slack_does(at: Office) -> None:
    """With its error code, and reasons that say where; both stand in the traffic."""
    at.order("Noodles, " * 10)
    [entry] = at.until(
        lambda: [e for e in at.control.get("traffic")["traffic"] if e["name"] == "chat.postMessage"]
    )
    assert entry["error"] == "invalid_blocks"
    [reason] = entry["response"]["response_metadata"]["messages"]
    assert reason == "[ERROR] must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]"
    assert at.messages() == []
