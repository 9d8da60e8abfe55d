"""What is written about Askdesk, held against the code: the README, the manifest, the script of a clean clone."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import typer.main
import yaml

import bot.listeners
from bot import cli
from bot.commands import terminal
from bot.environment.settings import Settings, variables
from bot.listeners.commands import WHICH
from bot.views.lists import COMMANDS
from cases.coaching import CHASE
from cases.figures.definitions import Figure, definition
from cases.figures.export import COLUMNS
from cases.figures.period import WORDS
from cases.figures.report import OF_ONE_PROGRAM
from cases.ladder import LATE_AFTER
from cases.lifecycle import MAY, MOVES, PARTS, Move
from cases.people import one_of
from cases.program import Ladder, Program
from cases.settings import Section
from sandbox.api import catalogue
from tests.test_house import MAY_IMPORT

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text("utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load((TOP / "manifest.yml").read_text("utf-8"))

Table = list[list[str]]


def tables(heading: str) -> list[Table]:
    """The tables under a heading of the README, each as its rows of cells without the head."""
    _, _, section = README.partition(f"\n{heading}\n")
    assert section, f"the README has no heading {heading!r}"
    section = re.split(r"\n#{2,3} ", section)[0]
    found: list[Table] = []
    for lines in re.findall(r"(?:^\|.*\n)+", section, re.M):
        rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in lines.splitlines()]
        found.append(rows[2:])
    return found


# The README


def test_the_diagram_is_the_table_of_moves() -> None:
    """Every edge and every label, and nothing besides."""
    block = re.search(r"```mermaid\nstateDiagram-v2\n(.*?)```", README, re.S)
    assert block
    drawn: dict[tuple[str, str], list[str]] = {}
    for row in block[1].splitlines():
        edge = re.fullmatch(r"    (\S+) --> (\S+) : (.+)", row)
        assert edge, row
        assert (edge[1], edge[2]) not in drawn, row
        drawn[edge[1], edge[2]] = edge[3].split("<br/>")
    meant: dict[tuple[str, str], list[str]] = {}
    for (origin, move), to in MOVES.items():
        meant.setdefault((origin.value if origin else "[*]", to.value), []).append(move.label)
    assert drawn == meant


def test_the_buttons_are_the_moves_with_who_may() -> None:
    """But for what has no button: raising is a command, the desk gives a case back by itself, the others are choices
    within a form. Who may the first of several moves at once makes the others as the owner.
    """
    _, buttons, _ = tables("## For the people at the desk")
    told = {name: who for name, who, _ in buttons}
    together = {click.label: MAY[parts[0]] for click, parts in PARTS.items()}
    without = {Move.RAISE, Move.OWNER_LEFT, Move.FOLLOW_UP, Move.WITHDRAW}
    may = {move.label: MAY[move] for move in Move if move not in without} | together
    assert told == {name: one_of([party.label for party in who]) for name, who in may.items()}


def test_the_reminders_are_those_of_the_ladder() -> None:
    _, _, reminders = tables("## For the people at the desk")
    (unclaimed, then), (ahead, _), (late, who), (_, decide), *others = reminders
    (many, _), (shift, goes), (monday, _), (morning, _), (owed, chased) = others
    ladder, program = Ladder(), Program(1, "C1", "Billing", "UTC", "UTC", "US")
    window = program.window.total_seconds() / 60
    assert listed(ladder.unclaimed) in unclaimed
    assert listed(ladder.unclaimed_waiting) in unclaimed
    assert f"every {ladder.unclaimed_every} minutes" in then
    assert ahead.startswith(f"{ladder.heads_up} minutes before")
    assert late.startswith(f"{window:g} minutes after")
    assert f"{ladder.overdue_managers} minutes later the managers" in who
    assert f"every {ladder.overdue_every} minutes in the first hour" in who
    assert f"then every {ladder.overdue_every_after}" in who
    assert ladder.overdue_first_hour == 60
    assert f"every {ladder.sign_off_every} minutes" in decide
    assert f"{ladder.call_may_take} minutes at most" in README
    assert ladder.burst_over == 5
    assert many == "more than five reminders at once"
    assert shift.startswith(f"{program.handover_before.total_seconds() / 60:g} minutes before")
    assert all(f"*{move.label}*" in goes for move in (Move.HAND_OVER, Move.STAY))
    assert monday.startswith("every Monday")
    assert morning == "every morning at eight"
    assert program.digest_at is not None
    assert program.digest_at.hour == 8
    assert [(chase.after, chase.managers) for chase in CHASE] == [(-1, False), (0, False), (1, True)]
    assert owed == "feedback is owed: a working day before it is due, and when it is due"
    assert "a working day later the managers as well, then every working day, with no end" in chased
    words = {3: "three"}
    assert f"within\n{words[program.coaching_days]} working days" in README
    assert (
        f"{words[program.pattern_of].capitalize()} such cases of one agent within {program.pattern_within.days} days"
        in README
    )
    assert LATE_AFTER.total_seconds() < 120  # “a reminder that comes late says how late”


def test_the_figures_are_defined_as_the_code_says() -> None:
    (rows,) = tables("### Reports")
    assert rows == [[figure.label, definition(figure)] for figure in Figure]


def test_the_words_of_a_report_are_those_that_are_read() -> None:
    """Every word for days, and everything to divide by."""
    section = README.partition("\n### Reports\n")[2].partition("\n## ")[0]
    assert all(f"`{words}`" in section for words in WORDS)
    by = section.partition("after `by` comes ")[2].partition(".")[0].replace("\n", " ")
    assert by == one_of([one.label for one in OF_ONE_PROGRAM])


def listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


def test_the_settings_are_those_that_are_read() -> None:
    (rows,) = tables("### Settings")
    told = {name.strip("`"): what for name, what, _ in rows}
    assert list(told) == list(variables())
    assert told == {name: what[:1].upper() + what[1:] for name, what in variables().items()}


def test_the_sections_of_the_settings_are_those_that_are_offered() -> None:
    (rows,) = tables("### Settings in Slack")
    assert [section for section, _ in rows] == [section.label for section in Section]


def test_the_settings_defaults_are_those_that_count() -> None:
    (rows,) = tables("### Settings")
    for name, _, without in rows:
        field = Settings.model_fields[name.strip("`").lower()]
        if without == "required":
            assert field.is_required(), name
        elif without.startswith(("this or the", "nothing is sealed")):
            assert field.default == (), name
        elif field.default is None:
            assert without, name
        elif without != "as `ASK_TIMEZONE`":
            assert without == f"`{field.default}`", name


def test_the_figures_for_prometheus_are_those_that_are_told() -> None:
    told = set(re.findall(r"^\| `(askdesk_\w+?)(?:_total)?` \|", README, re.M))
    assert told == set(
        re.findall(r'"(askdesk_\w+)"', (TOP / "bot" / "watch" / "metrics.py").read_text("utf-8"))
    )


def commands(command: Any, words: tuple[str, ...] = ("askdesk",)) -> Iterator[tuple[str, Any]]:
    """Every command of the command line that does something, by its whole name."""
    if not hasattr(command, "commands"):
        yield " ".join(words), command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*words, name))


def option(parameter: Any) -> str:
    """An option as the README writes it: `--url URL`; what goes without a name: `FILE.csv`."""
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar}`"
    return f"`{max(parameter.opts, key=len)} {parameter.metavar or ''}".rstrip() + "`"


def test_the_command_line_is_the_one_that_is_there() -> None:
    """Every command with its first sentence and its options; what has no options says nothing."""
    told, _ = tables("## The command line")
    assert told == [
        [f"`{name}`", first_paragraph(command.help), ", ".join(map(option, command.params))]
        for name, command in commands(typer.main.get_command(cli.app))
    ]


def first_paragraph(text: str) -> str:
    return " ".join(inspect.cleandoc(text).split("\n\n")[0].split())


def test_the_exit_codes_are_those_of_the_help() -> None:
    _, told = tables("## The command line")
    assert told == codes(typer.main.get_command(cli.app).help)
    assert {str(code) for code in (terminal.FAILED, terminal.SETTINGS_WRONG, terminal.TOKEN_REFUSED)} <= {
        c for c, _ in told
    }


def codes(text: str | None) -> Table:
    """The lines of a help's list of exit codes."""
    return [list(row) for row in re.findall(r"^ *(\d+)  (\S.*)$", text or "", re.M)]


def test_the_columns_of_an_export_are_those_that_are_written() -> None:
    """In their order, and which of them are for managers with the key, or not for the channel."""
    (told,) = tables("## The record and what is private")
    only = " (only with `--personal`)"
    unranked = " (not in the channel)"
    meant = [
        [f"`{column.name}`", column.what + only * column.personal + unranked * column.staff]
        for column in COLUMNS
    ]
    assert told == [["`program`", "the program's name"], *meant]


def test_no_command_ends_with_a_code_that_the_overview_does_not_know() -> None:
    app = typer.main.get_command(cli.app)
    known = {code for code, _ in codes(app.help)}
    for name, command in commands(app):
        mine = {code for code, _ in codes(command.help)}
        assert mine, name
        assert mine <= known, name


def test_the_files_and_packages_that_are_named_are_there() -> None:
    for name in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (TOP / name).exists(), name
    assert {*re.findall(r"^- \*\*(\w+)/\*\*", README, re.M)} == set(MAY_IMPORT)


def test_the_pictures_are_there_and_small_and_say_what_they_show() -> None:
    """Those that the README shows are those that lie there, and those that the command makes."""
    shown = dict(re.findall(r'<img src="pictures/([\w-]+)\.png" width="\d+"\s+alt="([^"]+)">', README))
    files = {file.stem: file.read_bytes() for file in (TOP / "pictures").iterdir()}
    made = (TOP / "tests" / "browser" / "pictures.py").read_text("utf-8")
    assert set(shown) == set(files) == set(re.findall(r'yield "([\w-]+)"', made))
    for name, data in files.items():
        assert len(shown[name]) > 30, name
        assert data.startswith(b"\x89PNG"), name
        assert len(data) < 300_000, name


def test_the_slack_commands_of_the_readme_are_those_of_the_manifest() -> None:
    rows, *_ = tables("## For the people at the desk")
    assert [row[0].strip("`") for row in rows[:-1]] == manifest_commands()
    (shortcut,) = MANIFEST["features"]["shortcuts"]
    assert shortcut["name"] in rows[-1][0]


def test_home_and_help_tell_the_commands_of_the_manifest() -> None:
    assert [line.split("`")[1] for line in COMMANDS] == manifest_commands()


def test_a_first_look_and_the_tests_are_one_command_each() -> None:
    blocks = [block.strip() for block in re.findall(r"```sh\n(.*?)```", README, re.S)]
    assert blocks[:2] == ["pip install uv && uv run askdesk demo", "uv run pytest"]


def test_the_clean_clone_runs_the_readmes_tests() -> None:
    script = TOP / ".ci" / "run"
    steps = re.findall(r'^step "(.+)" (.+)$', script.read_text("utf-8"), re.M)
    assert ("tests", "uv run pytest") in steps
    assert "tests/test_house.py" in dict(steps)["import rule"]
    assert script.stat().st_mode & 0o111


def test_the_tests_that_hold_a_promise_of_security_are_there() -> None:
    """Each promise names at least one, and the README points to them all."""
    told = (TOP / "SECURITY.md").read_text("utf-8")
    promises = told.partition("\n## Promises\n")[2].partition("\n## ")[0]
    for promise in re.split(r"^- ", promises, flags=re.M)[1:]:
        named = re.findall(r"`(tests/[\w/]+\.py)`", promise)
        assert named, promise
        assert [name for name in named if not (TOP / name).exists()] == []
    assert "(SECURITY.md)" in README


# The manifest and the code


class Recorder:
    """Stands where Bolt's app stands while the listeners register; keeps what they listen to."""

    def __init__(self) -> None:
        self.heard: dict[str, list[Any]] = {}

    def __getattr__(self, kind: str) -> Any:
        def listen(what: Any, **_: Any) -> Any:
            self.heard.setdefault(kind, []).append(what)
            return lambda listener: listener

        return listen


@pytest.fixture(scope="module")
def heard() -> dict[str, list[Any]]:
    """What all listeners together listen to, by kind."""
    recorder, front = Recorder(), SimpleNamespace(admitted=None)
    for found in pkgutil.iter_modules(bot.listeners.__path__):
        module = importlib.import_module(f"bot.listeners.{found.name}")
        if hasattr(module, "register"):
            module.register(cast(Any, recorder), cast(Any, front))
    return recorder.heard


def manifest_commands() -> list[str]:
    return [command["command"] for command in MANIFEST["features"]["slash_commands"]]


def test_every_command_of_the_manifest_is_listened_to_and_no_other(heard: dict[str, list[Any]]) -> None:
    named = {what for what in heard["command"] if isinstance(what, str)}
    assert sorted(named) == sorted(manifest_commands())


def test_every_shortcut_of_the_manifest_is_listened_to_and_no_other(heard: dict[str, list[Any]]) -> None:
    kinds = {"message_action": "message", "shortcut": "global"}
    named = [
        (kinds[what["type"]], what["callback_id"]) for what in heard["shortcut"] if isinstance(what, dict)
    ]
    assert named == [(one["type"], one["callback_id"]) for one in MANIFEST["features"]["shortcuts"]]


def test_every_event_of_the_manifest_is_listened_to_and_no_other(heard: dict[str, list[Any]]) -> None:
    """Slack's `message.im` arrives as `message`."""
    named: set[str] = set()
    for what in heard["event"]:
        named |= set(what.pattern.split("|")) if isinstance(what, re.Pattern) else {what}
    assert named == {event.partition(".")[0] for event in events()}


def test_there_is_a_home_tab_where_its_opening_is_heard() -> None:
    """One without the other is an empty page, or an event that never comes."""
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"]
    assert "app_home_opened" in events()
    assert "views.publish" in methods()


def test_the_hint_of_callbacks_lists_its_words() -> None:
    hints = {one["command"]: one["usage_hint"] for one in MANIFEST["features"]["slash_commands"]}
    assert hints["/callbacks"] == f"[{'|'.join(WHICH)}]"


def test_the_hint_of_askdesk_lists_what_its_line_tells() -> None:
    hints = {one["command"]: one["usage_hint"] for one in MANIFEST["features"]["slash_commands"]}
    (told,) = [line for line in COMMANDS if line.startswith("`/askdesk`")]
    words = [hint.partition(" ")[0] for hint in hints["/askdesk"].strip("[]").split("|")]
    assert words[0] == "help"
    assert all(f"`/askdesk {word}" in told for word in words[1:])


def events() -> list[str]:
    found: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    return found


EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
    "subteam_members_changed": {"usergroups:read"},
    "subteam_updated": {"usergroups:read"},
    "user_change": {"users:read"},
}
"""What scopes Slack asks for before it sends an event, if any (https://docs.slack.dev/reference/events)."""

ASK_CHANNEL = {"channels:history", "groups:history", "channels:read", "groups:read"}
"""Where several scopes would do, Slack wants the one of the conversation's kind: an ASK channel is public or private."""


def test_the_scopes_are_what_is_needed_and_nothing_more() -> None:
    needed = {scope for event in events() for scope in EVENT_SCOPES[event]}
    if MANIFEST["features"].get("slash_commands") or MANIFEST["features"].get("shortcuts"):
        needed.add("commands")
    for name in methods():
        scopes = facts(name).bot_scopes
        needed |= scopes if len(scopes) < 2 else scopes & ASK_CHANNEL
    assert sorted(needed) == sorted(MANIFEST["oauth_config"]["scopes"]["bot"])


def test_a_method_with_several_scopes_is_one_that_reads_a_channel() -> None:
    for name in methods():
        scopes = facts(name).bot_scopes
        assert len(scopes) < 2 or len(scopes & ASK_CHANNEL) == 2, name


def test_the_methods_are_found() -> None:
    """The list that the scopes rest upon: neither empty nor without the calls that matter most."""
    assert {"chat.postMessage", "chat.update", "conversations.replies", "usergroups.users.list"} <= methods()


def test_the_app_level_tokens_scope_is_told() -> None:
    assert any(facts(name).app_token for name in methods())
    assert "`connections:write`" in README


def facts(name: str) -> catalogue.MethodFacts:
    found = catalogue.method(name)
    assert found is not None, name
    return found


def methods() -> set[str]:
    """The Web API methods that the bot calls, by Slack's names, read from its source."""
    by_python = {name.replace(".", "_"): name for name in catalogue.method_names()}
    found = set()
    for file in sorted((TOP / "bot").rglob("*.py")):
        if file.match("bot/demo/*.py"):
            continue
        for called, line in client_calls(file.read_text("utf-8")):
            assert called in by_python, (
                f"{file.name}:{line} calls {called}: no method that the catalogue knows"
            )
            found.add(by_python[called])
    return found


def client_calls(source: str) -> Iterator[tuple[str, int]]:
    """What is called on anything that is named `client` or `_client`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            holder = node.func.value
            name = holder.attr if isinstance(holder, ast.Attribute) else getattr(holder, "id", "")
            if name in ("client", "_client"):
                yield node.func.attr, node.lineno


# The manifest and Slack's rules for manifests


def text(least: int, most: int, pattern: str = "") -> Any:
    def check(value: object) -> bool:
        return isinstance(value, str) and least <= len(value) <= most and bool(re.search(pattern, value))

    return check


def flag(value: object) -> bool:
    return isinstance(value, bool)


COMMAND = {
    "command!": text(2, 32, r"^/[a-z0-9_-]+$"),
    "description!": text(1, 2000),
    "usage_hint": text(1, 1000),
    "should_escape": flag,
}
SHORTCUT = {
    "name!": text(1, 24),
    "type!": text(1, 7, "^(message|global)$"),
    "callback_id!": text(1, 255),
    "description!": text(1, 150),
}
RULES: dict[str, Any] = {
    "display_information!": {
        "name!": text(1, 35),
        "description": text(1, 140),
        "long_description": text(175, 4000),
        "background_color": text(4, 7, "^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"),
    },
    "features": {
        "app_home": {
            "home_tab_enabled": flag,
            "messages_tab_enabled": flag,
            "messages_tab_read_only_enabled": flag,
        },
        "bot_user": {"display_name!": text(1, 80, r"^[\w.-]+$"), "always_online": flag},
        "shortcuts": [SHORTCUT, 10],
        "slash_commands": [COMMAND, 50],
    },
    "oauth_config": {"scopes": {"bot": [text(1, 50), 255]}},
    "settings": {
        "event_subscriptions": {"bot_events": [text(1, 50), 100]},
        "interactivity": {"is_enabled!": flag},
        "org_deploy_enabled": flag,
        "socket_mode_enabled": flag,
        "token_rotation_enabled": flag,
    },
}
"""The part of Slack's manifest schema that a Socket Mode app uses; `!` marks what must be there, a list its most."""


def faults(value: Any, rule: Any, where: str = "manifest") -> list[str]:
    """Where a manifest breaks the rules."""
    if isinstance(rule, dict):
        if not isinstance(value, dict):
            return [f"{where} is no table"]
        known = {key.rstrip("!"): (inner, key.endswith("!")) for key, inner in rule.items()}
        missing = [
            f"{where}.{key} is missing" for key, (_, must) in known.items() if must and key not in value
        ]
        unknown = [f"{where}.{key} is unknown" for key in value if key not in known]
        inside = [
            faults(value[key], inner, f"{where}.{key}") for key, (inner, _) in known.items() if key in value
        ]
        return [*missing, *unknown, *(fault for found in inside for fault in found)]
    if isinstance(rule, list):
        each, most = rule
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            return [f"{where} is no list of 1 to {most}"]
        twice = [f"{where} holds {one!r} twice" for n, one in enumerate(value) if one in value[:n]]
        return twice + [fault for n, one in enumerate(value) for fault in faults(one, each, f"{where}[{n}]")]
    return [] if rule(value) else [f"{where} cannot be {value!r}"]


def test_slack_takes_the_manifest() -> None:
    assert faults(MANIFEST, RULES) == []


def test_the_manifest_is_for_socket_mode_with_a_messages_tab_to_answer_in() -> None:
    """Where nobody could write to the bot, nobody could be told where to go instead."""
    assert MANIFEST["settings"]["socket_mode_enabled"]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"]
    assert not MANIFEST["features"]["app_home"]["messages_tab_read_only_enabled"]
    assert not any(one["should_escape"] for one in MANIFEST["features"]["slash_commands"])


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("display_information", "name"), "A" * 36, "display_information.name cannot be"),
        (("display_information", "description"), "", "display_information.description cannot be"),
        (("display_information", "long_description"), "short", "long_description cannot be"),
        (("features", "slash_commands"), [], "slash_commands is no list"),
        (("features", "slash_commands"), [{"command": "/x"}], "slash_commands[0].description is missing"),
        (("features", "slash_command"), [], "features.slash_command is unknown"),
        (("settings", "socket_mode_enabled"), "yes", "socket_mode_enabled cannot be"),
        (("settings", "event_subscriptions", "bot_events"), ["a", "a"], "twice"),
    ],
)
def test_a_fault_is_found(path: tuple[str, ...], value: object, fault: str) -> None:
    broken = yaml.safe_load(yaml.safe_dump(MANIFEST))
    inner = broken
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert any(fault in found for found in faults(broken, RULES))
