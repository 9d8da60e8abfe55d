"""What docs/sandbox.md says of the sandbox, held against the program."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from sandbox import Sandbox, Seed
from sandbox.__main__ import CANNOT_START, CONFIG_WRONG, PORT, greeting, parser
from sandbox.config import complete, load
from sandbox.manifest import mistakes
from tests.sandbox.program import TOP
from tests.sandbox.test_foreign_bot import MANIFEST

PAGE = (TOP / "docs" / "sandbox.md").read_text("utf-8")


def options() -> list[argparse.Action]:
    """The program's options, but for --help."""
    return [action for action in parser()._actions if action.dest != "help"]


def test_the_options_are_those_that_are_there() -> None:
    told = re.findall(r"^\| `(--.+?)` \| (.+) \|$", PAGE, re.M)
    named = [(action, action.option_strings[0]) for action in options()]
    assert told == [
        (name if action.nargs == 0 else f"{name} {action.metavar or action.dest.upper()}", action.help)
        for action, name in named
    ]
    assert parser().get_default("port") == PORT


def test_the_help_tells_how_to_begin_and_how_it_ends() -> None:
    told = parser().format_help()
    for name in ("--print-config > workspace.json", "--config workspace.json", "request_url"):
        assert name in told
    codes = dict(re.findall(r"^ {2}(\d)  (\S.*)$", told, re.M))
    assert codes.keys() == {"0", str(CANNOT_START), str(CONFIG_WRONG)}


def test_the_example_is_a_workspace(tmp_path: Path) -> None:
    [example] = re.findall(r"```json\n(.*?)```", PAGE, re.S)
    (tmp_path / "workspace.json").write_text(example, encoding="utf-8")
    manifest = {**MANIFEST, "settings": {**MANIFEST["settings"], "socket_mode_enabled": True}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = load(tmp_path / "workspace.json")
    kitchen = next(channel for channel in found["channels"] if channel["name"] == "kitchen")
    assert (kitchen["kind"], kitchen["members"]) == ("private", ["U0BENCARTER", "U0LUNCH"])
    general = next(channel for channel in found["channels"] if channel["name"] == "general")
    assert general["members"] == ["U0ANAREYES", "U0BENCARTER", "U0LUNCH"]


def test_the_address_is_one_that_is_taken() -> None:
    [url] = re.findall(r'"request_url": "(.+?)"', PAGE)
    assert list(mistakes(MANIFEST, "manifest")) == []
    config = {"users": ["Ana Reyes"], "apps": [{"manifest": MANIFEST, "request_url": url}]}
    assert complete(config, Path())["apps"][0]["request_url"] == url


async def test_the_variables_are_those_that_are_printed() -> None:
    async with Sandbox(Seed()) as sandbox:
        printed = {line.partition("=")[0] for line in greeting(sandbox) if "=" in line}
    assert printed == set(re.findall(r"`(SLACK_\w+)`", PAGE))
