"""The sandbox as a program of its own: its file, its options, how it starts and ends."""

from __future__ import annotations

import asyncio
import errno
import json
import re
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, WSMsgType
from slack_sdk import WebClient

from sandbox import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Sandbox, Seed
from sandbox.__main__ import greeting, why_not
from sandbox.config import complete, load, starting_point
from sandbox.entry import ConfigError
from sandbox.seed import contact_centre
from tests.sandbox.program import program, run

Json = dict[str, Any]

MANIFEST: Json = {
    "display_information": {"name": "Lunch Bot"},
    "features": {
        "bot_user": {"display_name": "lunchbot"},
        "slash_commands": [{"command": "/lunch", "description": "Order lunch"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
    "settings": {"interactivity": {"is_enabled": True}, "socket_mode_enabled": True},
}
SMALL: Json = {"users": ["Ana Reyes", "Ben Carter"], "apps": [{"manifest": MANIFEST}]}

SECRETS = {
    "bot_token": "xoxb-",
    "app_token": "xapp-1-A0LUNCHBOT-",
    "signing_secret": "",
    "verification_token": "",
}
"""What only the app may know, and how each begins."""


def without_secrets(config: Json) -> Json:
    """A configuration without what is made anew each time."""
    apps = [{name: value for name, value in app.items() if name not in SECRETS} for app in config["apps"]]
    return {**config, "apps": apps}


def changed(path: str, value: object, start: Json = SMALL) -> Json:
    """A configuration with one thing in it changed; the path is written as mistakes write it."""
    found = deepcopy(start)
    keys: list[Any] = [
        int(key) if key.isdecimal() else key for key in path.replace("]", "").replace("[", ".").split(".")
    ]
    inner: Any = found
    for key, following in pairwise(keys):
        if isinstance(inner, dict):
            inner.setdefault(key, [] if isinstance(following, int) else {})
        inner = inner[key]
    if isinstance(inner, list) and keys[-1] == len(inner):
        inner.append(value)
    else:
        inner[keys[-1]] = value
    return found


def mistakes(given: object, folder: Path = Path()) -> list[str]:
    """What is wrong with a configuration."""
    with pytest.raises(ConfigError) as caught:
        complete(given, folder)
    assert str(caught.value) == "\n".join(caught.value.mistakes)
    return caught.value.mistakes


# What is made up


def test_two_names_and_a_manifest_are_enough() -> None:
    """Ids, a channel and direct messages are made from the names, the same ones each time."""
    found = complete(SMALL, Path())
    assert without_secrets(found) == without_secrets(complete(SMALL, Path()))
    assert [(user["id"], user["name"]) for user in found["users"]] == [
        ("U0ANAREYES", "ana.reyes"),
        ("U0BENCARTER", "ben.carter"),
    ]
    [app] = found["apps"]
    assert (app["id"], app["bot_user_id"], app["bot_id"]) == ("A0LUNCHBOT", "U0LUNCHBOT", "B0LUNCHBOT")
    assert "request_url" not in app
    general, *direct = found["channels"]
    assert (general["name"], general["members"]) == (
        "general",
        ["U0ANAREYES", "U0BENCARTER", "U0LUNCHBOT"],
    )
    assert [channel["members"] for channel in direct] == [
        ["U0ANAREYES", "U0LUNCHBOT"],
        ["U0BENCARTER", "U0LUNCHBOT"],
    ]
    Sandbox(Seed(config=found))


def test_tokens_are_made_anew_at_each_start() -> None:
    """Nobody can guess them: neither another program on this machine nor a web page."""
    told = [complete(SMALL, Path())["apps"][0] for _ in range(2)]
    for secret, begins in SECRETS.items():
        first, second = (app[secret] for app in told)
        assert first != second
        assert re.fullmatch(begins + r".*[0-9a-f]{32}", first)
        for app in contact_centre()["apps"]:
            assert re.search(r"[0-9a-f]{32}$", app[secret])


def test_tokens_of_the_file_stay() -> None:
    """Whoever wants the same ones from start to start gives them."""
    given = {name: begins + "of-my-own" for name, begins in SECRETS.items()}
    assert (
        given.items()
        <= complete(changed("apps[0]", {**SMALL["apps"][0], **given}), Path())["apps"][0].items()
    )


def test_a_workspace_that_is_reset_keeps_its_tokens() -> None:
    """The bot at work in it goes on."""
    sandbox = Sandbox()
    before = dict(sandbox.workspace.tokens)
    sandbox.reset()
    assert sandbox.workspace.tokens.keys() == before.keys()


def test_whatever_people_are_called() -> None:
    """Accents, other scripts, the same name twice: each has an id that Slack could have given."""
    names = ["Zoë Müller", "李小龙", "Ana Reyes", "Ana Reyes", "😀", "\ud800"]
    found = complete({**SMALL, "users": names}, Path())
    ids = [user["id"] for user in found["users"]]
    assert ids[0] == "U0ZOEMULLER"
    assert ids[2:4] == ["U0ANAREYES", "U0ANAREYES2"]
    assert len(set(ids)) == len(names)
    assert all(user_id.isascii() and user_id.isalnum() and user_id.isupper() for user_id in ids)


def test_members_by_id_name_or_full_name() -> None:
    """Bots as well, by the name of their app or their own."""
    keys = ["U0ANAREYES", "@ben.carter", "Lunch Bot", "lunchbot", "ana reyes"]
    found = complete({**SMALL, "channels": [{"name": "#kitchen", "members": keys}]}, Path())
    channel = found["channels"][0]
    assert (channel["id"], channel["name"], channel["kind"]) == ("C0KITCHEN", "kitchen", "channel")
    assert channel["members"] == ["U0ANAREYES", "U0BENCARTER", "U0LUNCHBOT"]
    found = complete({**SMALL, "usergroups": [{"handle": "@cooks", "users": ["Ben Carter"]}]}, Path())
    assert found["usergroups"][0] == {
        "id": "S0COOKS",
        "handle": "cooks",
        "name": "@cooks",
        "users": ["U0BENCARTER"],
        "enabled": True,
    }


def test_the_default_workspace_can_be_printed_and_read_back() -> None:
    """What is printed is what runs without a file."""
    found = complete(starting_point(), Path())
    centre = contact_centre()
    assert found["team"] == centre["team"]
    for kind in ("users", "usergroups", "channels", "apps"):
        by_id = {entry["id"]: entry for entry in found[kind]}
        assert by_id.keys() == {entry["id"] for entry in centre[kind]}
        for entry in centre[kind]:
            wanted = {name: value for name, value in entry.items() if name not in SECRETS}
            assert wanted.items() <= by_id[entry["id"]].items()


def test_no_token_is_printed_to_start_from() -> None:
    """They would be kept, and be the same wherever that file goes."""
    assert all(not SECRETS.keys() & app.keys() for app in starting_point()["apps"])


# How an app is reached

HTTP = changed("apps[0].manifest.settings.socket_mode_enabled", False)
URL = "http://127.0.0.1:3000/slack/events"


def test_an_address_for_http() -> None:
    """Of the app, or the one that its manifest names; events wait for Slack's challenge there."""
    for given in (
        changed("apps[0].request_url", URL),
        changed("apps[0].manifest.settings.interactivity.request_url", URL, HTTP),
        changed("apps[0].manifest.features.slash_commands[0].url", URL, HTTP),
    ):
        [app] = complete(given, Path())["apps"]
        assert (app["request_url"], app["verify_request_url"]) == (URL, True)


def test_an_app_that_cannot_be_reached() -> None:
    """Neither a socket nor an address, or too many of them."""
    [mistake] = mistakes(HTTP)
    assert mistake.startswith("apps[0].request_url: is missing: the manifest has neither")
    two = changed("apps[0].manifest.settings.interactivity.request_url", URL + "/2", HTTP)
    two = changed("apps[0].manifest.features.slash_commands[0].url", URL, two)
    [mistake] = mistakes(two)
    assert "names http://127.0.0.1:3000/slack/events, http://127.0.0.1:3000/slack/events/2" in mistake


# Mistakes

SECOND = {"manifest": {**MANIFEST, "display_information": {"name": "Dinner"}}}


@pytest.mark.parametrize(
    ("path", "value", "mistake"),
    [
        ("channels", {}, "must be a list in […], not {}"),
        ("channels[0]", 5, "must be an object in {…}, not 5"),
        ("channels[0]", {"members": []}, ".name: is missing"),
        ("channels[0]", {"nmae": "x", "name": "x"}, ".nmae: nothing is called that here; did you mean name?"),
        ("channels[0]", {"name": "x", "x": 1}, ".x: nothing is called that here; there are id, name, kind"),
        ("channels[0]", {"name": "x", "members": ["U0X"]}, ".members[0]: nobody has the id U0X"),
        ("channels[0]", {"name": "x", "members": ["Bne Carter"]}, "is called 'Bne Carter'; did you mean ben carter?"),
        ("channels[0]", {"name": "x", "members": [1]}, ".members[0]: must be somebody's id or name, not 1"),
        ("channels[0]", {"name": "x", "members": "Ana"}, ".members: must be a list in […], not 'Ana'"),
        ("channels[0]", {"name": "x", "id": "Kitchen"}, ".id: must be C and capital letters or digits"),
        ("channels[0]", {"name": "x", "private": "yes"}, ".private: must be true or false, not 'yes'"),
        ("channels[0]", {"name": "x", "kind": "dm"}, ".kind: must be one of channel, private, im, mpim, not 'dm'"),
        ("channels[0]", {"kind": "im", "members": ["Ana Reyes"]}, ".members: direct messages are between two"),
        ("channels[0]", "The Kitchen", ".name: must be lower case without spaces"),
        ("users", [], "is missing; there must be one at least"),
        ("users[2]", {"real_name": ""}, ".real_name: must be a text, not ''"),
        ("users[2]", {"real_name": "X", "tz": "Mars/Base"}, ".tz: there is no time zone 'Mars/Base'"),
        ("users[2]", {"real_name": "X", "tz": "../etc"}, ".tz: there is no time zone"),
        ("users[2]", {"real_name": "X", "id": "U0ANAREYES"}, ".id: U0ANAREYES is taken by users[0]"),
        ("users[2]", {"real_name": "X", "deleted": 1}, ".deleted: must be true or false, not 1"),
        ("usergroups[0]", {"handle": "x", "users": ["Zoe"]}, ".users[0]: nobody is called 'Zoe'"),
        ("workspace", 1, "must be a name or an object in {…}, not 1"),
        ("workspace", {"domain": "No Domain"}, ".domain: must be lower case letters, digits and -"),
        ("apps", [], "is missing; there must be one at least"),
        ("apps[0].bot_token", "secret", "must be a text that starts with xoxb-, not 'secret'"),
        ("apps[0].app_token", "xoxb-1", "must be a text that starts with xapp-, not 'xoxb-1'"),
        ("apps[0].request_url", "localhost:3000", "must be an address that starts with http://"),
        ("apps[0].manifest", [], "must be an object in {…}, not []"),
        ("apps[0]", {}, ".manifest: is missing; give it here, or the name of its file as manifest_file"),
        ("apps[0].manifest.features", {}, ".bot_user: is missing"),
        ("apps[0].manifest.features.slash_commands[0].command", "lunch", "must be a slash and lower case letters"),
        ("apps[0].manifest.features.shortcuts[0]", {"name": "x"}, ".callback_id: is missing"),
        ("apps[0].manifest.oauth_config", {}, ".scopes: is missing"),
        ("apps[0].manifest.settings.socket_mode_enabled", "yes", "must be true or false, not 'yes'"),
        ("apps", [{**one, "bot_token": "xoxb-1"} for one in (*SMALL["apps"], SECOND)], "xoxb-1 is taken by apps[0]"),
        ("apps[1]", SECOND, "slash_commands[0].command: /lunch is taken by apps[0].manifest.features.slash"),
        ("apps[0].manifest_file", "manifest.json", "there is a manifest beside it; one of the two must go"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(path: str, value: object, mistake: str) -> None:
    """And with what would be right."""
    found = mistakes(changed(path, value))
    [told] = [line for line in found if mistake in line]
    assert told.startswith(path)


def test_every_mistake_is_told_at_once() -> None:
    """And one mistake does not bring up others that are none."""
    given = changed("apps[0].manifest.features.slash_commands[0].command", "lunch")
    given |= {
        "users": ["Ana Reyes", {"real_name": "Ben Carter", "tz": "Nowhere"}],
        "channels": [
            {"name": "kitchen"},
            {"name": "kitchen"},
            {"name": "cellar", "members": ["U0X", "lunchbot", "Zoe"]},
        ],
        "chanels": [],
    }
    assert sorted(found.partition(": ")[0] for found in mistakes(given)) == [
        "apps[0].manifest.features.slash_commands[0].command",
        "chanels",
        "channels[1].name",
        "channels[2].members[0]",
        "channels[2].members[2]",
        "users[1].tz",
    ]


@pytest.mark.parametrize("given", [[], None, "x", 1])
def test_a_file_that_holds_something_else(given: object) -> None:
    """It has to be an object."""
    assert mistakes(given) == ["the file must hold an object in {…} with users, channels and apps"]


def test_a_manifest_in_a_file_of_its_own(tmp_path: Path) -> None:
    """Beside the configuration; in JSON, as nothing else can be read here."""
    given = {"users": ["Ana Reyes"], "apps": [{"manifest_file": "manifest.json"}]}
    [missing] = mistakes(given, tmp_path)
    assert missing.startswith("apps[0].manifest_file: ")
    assert "cannot be read: No such file" in missing
    (tmp_path / "manifest.json").write_text('{"features": \n nothing}')
    [broken] = mistakes(given, tmp_path)
    assert "manifest.json, line 2, column 2: this is no JSON" in broken
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST | {"features": {}}))
    assert mistakes(given, tmp_path) == ["apps[0].manifest_file.features.bot_user: is missing"]
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "workspace.json").write_text(json.dumps(given), encoding="utf-8-sig")
    assert load(tmp_path / "workspace.json")["apps"][0]["manifest"] == MANIFEST
    given["apps"] = [{"manifest_file": "manifest.yml"}]
    [yaml] = mistakes(given, tmp_path)
    assert yaml.startswith("apps[0].manifest_file: manifest.yml is YAML, and the sandbox reads JSON only")


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (b'{\n  "users": [,]\n}', "line 2, column 13: this is no JSON: Expecting value"),
        (b"", "line 1, column 1: this is no JSON"),
        (b"\xff\xfe\x00", "is no text in UTF-8"),
        (b"[" * 100_000, "is nested too deeply"),
        (b'{"users": [], "users": []}', "the key 'users' stands twice in one object"),
    ],
)
def test_a_file_that_is_no_json(tmp_path: Path, content: bytes, mistake: str) -> None:
    """With the line where it goes wrong."""
    file = tmp_path / "workspace.json"
    file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(file)
    [told] = caught.value.mistakes
    assert told.startswith(str(file))
    assert mistake in told


# The program


def test_mistakes_end_the_program_with_2(tmp_path: Path) -> None:
    """Nothing is started, nothing is traced back."""
    file = tmp_path / "workspace.json"
    file.write_text(json.dumps(changed("channels[0]", {"name": "x", "members": ["U0X"]})), encoding="utf-8")
    ended = run("--config", file)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "channels[0].members[0]: nobody has the id U0X\n"
    ended = run("--config", tmp_path / "nothing.json")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "cannot be read: No such file or directory" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "mistake"),
    [
        (["--port", "http"], "'http' is no port; there are 0 to 65535"),
        (["--port", "70000"], "'70000' is no port"),
        (["--request-url", "localhost"], "must be an address that starts with http://"),
        (["--cofnig", "x"], "unrecognized arguments: --cofnig x"),
    ],
)
def test_wrong_words_end_the_program_with_2(arguments: list[str], mistake: str) -> None:
    """And are told."""
    ended = run(*arguments)
    assert ended.returncode == 2
    assert mistake in ended.stderr


def test_the_file_to_start_from(tmp_path: Path) -> None:
    """What `--print-config` prints can be given back with `--config`."""
    printed = run("--print-config")
    assert (printed.returncode, printed.stderr) == (0, "")
    file = tmp_path / "workspace.json"
    file.write_text(printed.stdout.replace("Northwind Care", "Elsewhere"), encoding="utf-8")
    with program("--port", 0, "--config", file) as running:
        [variables] = running.apps
        assert variables.pop("SLACK_API_URL") == f"{running.url}/api/"
        assert variables.keys() == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"}
        assert not set(variables.values()) & {BOT_TOKEN, APP_TOKEN, SIGNING_SECRET}, "tokens of this process"
        client = WebClient(variables["SLACK_BOT_TOKEN"], base_url=f"{running.url}/api/")
        assert client.auth_test()["team"] == "Elsewhere"
        running.process.terminate()
        assert running.process.wait(timeout=120) == 0


async def test_ctrl_c_while_pages_and_bots_are_connected() -> None:
    """It ends at once, with 0 and without a word."""
    with program("--port", 0) as running:
        [app] = running.apps
        headers = {"Authorization": f"Bearer {app['SLACK_APP_TOKEN']}"}
        async with (
            ClientSession() as session,
            session.post(app["SLACK_API_URL"] + "apps.connections.open", headers=headers) as answer,
            session.ws_connect((await answer.json())["url"]) as bot,
            session.get(f"{running.url}/control/live") as page,
        ):
            assert (await bot.receive_json())["type"] == "hello"
            assert (await page.content.readline()).startswith(b"id: ")
            ended = asyncio.create_task(asyncio.to_thread(running.interrupt))
            assert b"closing" in await page.content.read()
            assert (await bot.receive()).type is WSMsgType.CLOSE
            assert await ended == 0
        assert running.process.stderr is not None
        assert running.process.stderr.read() == ""


def test_a_taken_port_is_said_and_the_next_free_one_used() -> None:
    """Whoever asked for that port should know."""
    with program("--port", 0) as first:
        port = int(first.url.rpartition(":")[2])
        with program("--port", port) as second:
            used = int(second.url.rpartition(":")[2])
            assert port < used < port + 20
            second.interrupt()
            assert second.process.stderr is not None
            assert second.process.stderr.read() == f"Port {port} is taken; the next free one is {used}.\n"


def test_why_no_port_could_be_used() -> None:
    """Said in a sentence: all taken, or not allowed to this user."""
    taken = OSError(errno.EADDRINUSE, "Address already in use")
    assert why_not(taken, 8910) == "The ports 8910 to 8929 are taken; give another one with --port.\n"
    assert why_not(taken, 65530).startswith("The ports 65530 to 65535 are taken")
    assert why_not(PermissionError(errno.EACCES, "Permission denied"), 80) == (
        "Port 80 cannot be used: Permission denied; give another one with --port.\n"
    )


async def test_what_is_said_at_the_start() -> None:
    """The page, and for each app how it is reached and what it needs."""
    config = {
        **SMALL,
        "workspace": "Acme",
        "apps": [*SMALL["apps"], {**deepcopy(SECOND), "request_url": URL}],
    }
    config["apps"][1]["manifest"]["features"]["slash_commands"] = []
    ready = complete(config, Path())
    lunch, dinner = ready["apps"]
    async with Sandbox(Seed(config=ready)) as sandbox:
        assert greeting(sandbox) == [
            f"Acme is open at {sandbox.url}/ (Ctrl-C closes it)",
            "",
            "# Lunch Bot: by Socket Mode",
            f"SLACK_API_URL={sandbox.url}/api/",
            f"SLACK_BOT_TOKEN={lunch['bot_token']}",
            f"SLACK_APP_TOKEN={lunch['app_token']}",
            f"SLACK_SIGNING_SECRET={lunch['signing_secret']}",
            "",
            f"# Dinner: by signed requests to {URL}",
            f"SLACK_API_URL={sandbox.url}/api/",
            f"SLACK_BOT_TOKEN={dinner['bot_token']}",
            f"SLACK_APP_TOKEN={dinner['app_token']}",
            f"SLACK_SIGNING_SECRET={dinner['signing_secret']}",
        ]
