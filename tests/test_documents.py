"""What is written about Askdesk, held against the code: the README, the pages of docs/, the manifest, the script of a
clean clone.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
import typer.main
import yaml

import bot.listeners
from bot import cli
from bot.environment.settings import Settings, variables
from bot.listeners.commands import WHICH
from bot.terminal import console as terminal
from bot.views.lists import COMMANDS
from cases import moves
from cases.coaching import CHASE
from cases.figures.period import WORDS
from cases.figures.report import OF_ONE_PROGRAM
from cases.people import one_of
from cases.program import Ladder, Program
from cases.reminders.engine import LATE_AFTER
from cases.words import Disposition, Outcome, Scenario, Word
from sandbox.api import catalogue
from tests import docs, ui_text
from tests.docs import MANIFEST, TOP, Rows, codes, commands, rows_of
from tests.test_house import OURS

README = (TOP / "README.md").read_text("utf-8")
PAGES = {file: file.read_text("utf-8") for folder in (TOP, docs.DOCS) for file in sorted(folder.glob("*.md"))}
"""Every page that people read, by its file."""

SOURCES = [file for folder in (*OURS, "tests") for file in sorted((TOP / folder).rglob("*.py"))]

LIMIT = 120
"""Lines of the README: it fits a few screens."""


def page(name: str) -> str:
    return PAGES[docs.DOCS / name]


def tables(name: str, heading: str) -> list[Rows]:
    """The tables under a heading of a page of docs/, each as its rows of cells without the head."""
    _, _, section = f"\n{page(name)}".partition(f"\n{heading}\n")
    assert section, f"docs/{name} has no heading {heading!r}"
    section = re.split(r"\n#{2,3} ", section)[0]
    return [rows_of(lines) for lines in re.findall(r"(?:^\|.*\n)+", section, re.M)]


def headings(text: str) -> list[str]:
    """A page's headings; what stands in its code blocks is none."""
    return re.findall(r"^#{1,6} (.+)$", re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.M | re.S), re.M)


def anchor(heading: str) -> str:
    """A heading's anchor, on the repository's page and on the site."""
    return re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")


# The README and the pages


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    assert len(README.splitlines()) <= LIMIT
    for start in (README, page("index.md")):
        linked = {Path(name).name for name in re.findall(r"\]\((?!http)([^)#]+\.md)", start)}
        assert {"ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"} <= linked
        assert {file.name for file in docs.DOCS.glob("*.md")} - {"index.md"} <= linked


def test_a_first_look_and_the_tests_are_one_command_each() -> None:
    blocks = [block.strip() for block in re.findall(r"```sh\n(.*?)```", README, re.S)]
    assert blocks[:2] == ["pip install uv && uv run askdesk demo", "uv run pytest"]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_link_leads_somewhere(file: Path) -> None:
    """To a file that is there, and to a heading that it has; what is outside docs/ is named in the link's text, as the
    site without a repository shows nothing else.
    """
    found = re.findall(r"\[([^\]]+)\]\(([^)\s]+)\)|<img src=\"()([^\"]+)\"", PAGES[file])
    wrong = [link or picture for text, link, _, picture in found if not leads(file, text, link or picture)]
    assert not wrong, f"{file.name} links to {wrong}"


def leads(file: Path, text: str, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme:
        return parts.scheme == "https"
    target = (file.parent / parts.path).resolve() if parts.path else file
    if not target.is_file() or (
        parts.fragment and parts.fragment not in map(anchor, headings(target.read_text("utf-8")))
    ):
        return False
    named = target.name in text or target.suffix == ".md" or not text
    return named or file.parent != docs.DOCS


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_headings_have_the_same_anchor_everywhere(file: Path) -> None:
    """On the repository's page and on the site, which know different rules: two hyphens together, or a heading twice."""
    found = [anchor(heading) for heading in headings(PAGES[file])]
    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[a-z0-9_]+(-[a-z0-9_]+)*", one) for one in found), found


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    built = subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--strict",
            "--quiet",
            "--site-dir",
            str(tmp_path / "site"),
        ],
        cwd=TOP,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "REPO_URL": "https://git.example/askdesk"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stderr) == (0, "")
    rules = (tmp_path / "site" / "policy.html").read_text("utf-8")
    assert 'href="https://git.example/askdesk/blob/main/cases/moves/declared.py"' in rules
    assert 'href="guide.html#the-buttons"' in rules


def cited(text: str) -> Iterator[tuple[str, str]]:
    """Every page and heading that a text cites: `docs/policy.md, *The card*`, `docs/policy.md, rule 3`, `house rule 5`."""
    text = re.sub(r"\s+(# )?", " ", text)
    for name, first, others, rule in re.findall(
        r"(docs/[\w-]+\.md|(?:ARCHITECTURE|CONTRIBUTING|SECURITY)\.md)"
        r"(?:[^*.()]{0,12}\*([^*]+)\*((?:(?:,| and) \*[^*]+\*)*)|, rule (\d))?",
        text,
    ):
        yield from ((name, heading) for heading in [first, *re.findall(r"\*([^*]+)\*", others)] if heading)
        yield name, f"{rule}. " if rule else ""
    for several in re.findall(r"house rules? (\d(?: and \d)*)", text):
        yield from (("docs/policy.md", f"{rule}. ") for rule in several.split(" and "))


def test_what_the_code_cites_is_there() -> None:
    """Each page, and its heading; a rule by its number."""
    wrong = [
        f"{file.relative_to(TOP)} cites {name}, {heading!r}"
        for file in SOURCES
        if file != Path(__file__)
        for name, heading in cited(file.read_text("utf-8"))
        if TOP / name not in PAGES
        or (
            heading
            and not any(f"{one} ".startswith(f"{heading.strip()} ") for one in headings(PAGES[TOP / name]))
        )
    ]
    assert not wrong, "\n".join(wrong)


def test_a_citation_names_the_folder_of_its_page() -> None:
    names = "|".join(file.name for file in docs.DOCS.glob("*.md"))
    assert not [
        f"{file.relative_to(TOP)}: {found}"
        for file in SOURCES
        if file != Path(__file__)
        for found in re.findall(rf"(?<![\w/\"])(?:{names})\b", file.read_text("utf-8"))
    ]


def test_a_citation_is_read() -> None:
    text = "who (docs/policy.md, *The\n    card* and *Closing*), as docs/policy.md has it, rule 3; house rules 4 and 5"
    assert [*cited(text)] == [
        *(("docs/policy.md", heading) for heading in ("The card", "Closing", "", "", "4. ", "5. ")),
    ]
    assert ("docs/policy.md", "3. ") in cited("(docs/policy.md, rule 3)")


def test_every_rule_names_the_code_and_the_tests_that_hold_it() -> None:
    rules = re.split(r"^### ", page("policy.md"), flags=re.M)[1:]
    assert len(rules) > 20
    for rule in rules:
        held = rule.partition("**Code:**")[2].partition("\n\n")[0].split("**Tests:**")
        assert len(held) == 2, rule
        code, tests = (re.findall(r"\]\(\.\./(.+?)\)", part) for part in held)
        assert code, rule
        assert tests, rule
        assert not [name for name in code if name.startswith("tests/")], rule
        assert not [name for name in tests if not name.startswith("tests/")], rule


def test_the_tables_of_the_code_are_up_to_date() -> None:
    """`uv run python -m tests.docs` brings them up to date."""
    stale = [file.name for file in docs.pages() if docs.refreshed(PAGES[file]) != PAGES[file]]
    assert not stale, f"run `uv run python -m tests.docs`: it writes {', '.join(stale)}"
    used = [name for text in PAGES.values() for name, _ in docs.BLOCK.findall(text)]
    assert sorted(used) == sorted(docs.BLOCKS)


SAMPLE = """
def told(case, log):
    '''No docstring.'''
    log.warning("No log message")
    raise ValueError("No programmer's error")

class Kind(Word):
    SORT = "sort", "Sort"

LINE = f"*Overdue: case {case.number}*. {_name(case)} waits" " for {its} call"
said = "1 case" if one else f"{', '.join(names)} and {len(rest)} more"
front.aside(work(), "no task", Text("late by a day"))
"""


def test_every_text_that_people_see_is_listed(tmp_path: Path) -> None:
    """Constants and f-strings, joined; nothing that people don't see."""
    (tmp_path / "sample.py").write_text(SAMPLE, "utf-8")
    assert ui_text.sentences(tmp_path / "sample.py") == [
        "Sort",
        "*Overdue: case {number}*. {name} waits for {its} call",
        "1 case",
        "{names} and {len} more",
        "late by a day",
    ]


def test_what_is_left_out_of_the_sentences_is_there() -> None:
    for name in (*ui_text.FOLDERS, *ui_text.NOT_WRITTEN_BY_US):
        assert (TOP / name).exists(), name


def test_no_cell_that_people_write_is_empty() -> None:
    """A new row of a generated table needs its words."""
    for name, made in docs.BLOCKS.items():
        table = made()
        if isinstance(table, docs.Table):
            (rows,) = [
                rows_of(block)
                for text in PAGES.values()
                for found, block in docs.BLOCK.findall(text)
                if found == name
            ]
            by_hand = {row[0]: [n for n, cell in enumerate(row) if cell is None] for row in table.rows}
            assert not [row[0] for row in rows for n in by_hand[row[0]] if not row[n]], name


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_command_that_is_shown_is_there(file: Path) -> None:
    """`askdesk …` with its options, and `python -m …`."""
    known = dict(commands())
    shown = [
        *re.findall(r"`([^`\n]+)`", PAGES[file]),
        *re.findall(r"^ *(uv run .+|pip .+)$", PAGES[file], re.M),
    ]
    for line in shown:
        for words in re.findall(r"(?:^|uv run )(askdesk(?: .+)?)$", line):
            matching = [name for name in known if f"{words} ".startswith(f"{name} ")]
            assert matching or words == "askdesk", f"{file.name} shows {line!r}"
            options = {option for name in matching for one in known[name].params for option in one.opts}
            assert set(re.findall(r" (--[a-z-]+)", words)) <= options | {"--help"}, line
        for module in re.findall(r"python -m ([\w.]+)", line):
            assert importlib.util.find_spec(module), line


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_every_variable_that_is_shown_is_read(file: Path) -> None:
    assert set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)(?==|`)", PAGES[file])) <= set(variables()) | {"REPO_URL"}


def test_the_pictures_are_there_and_small_and_say_what_they_show() -> None:
    """Those that the README shows are those that lie there, and those that the command makes."""
    shown = dict(re.findall(r'<img src="docs/pictures/([\w-]+)\.png" width="\d+"\s+alt="([^"]+)">', README))
    files = {file.stem: file.read_bytes() for file in (docs.DOCS / "pictures").iterdir()}
    made = (TOP / "tests" / "browser" / "pictures.py").read_text("utf-8")
    assert set(shown) == set(files) == set(re.findall(r'yield "([\w-]+)"', made))
    for name, data in files.items():
        assert len(shown[name]) > 30, name
        assert data.startswith(b"\x89PNG"), name
        assert len(data) < 300_000, name


# What single pages say


def test_the_reminders_are_those_of_the_ladder() -> None:
    (reminders,) = tables("guide.md", "## When nobody acts")
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
    assert f"{ladder.call_may_take} minutes at most" in page("guide.md")
    assert ladder.burst_over == 5
    assert many == "more than five reminders at the same time"
    assert shift.startswith(f"{program.handover_before.total_seconds() / 60:g} minutes before")
    assert all(f"*{move.label}*" in goes for move in (moves.hand_over, moves.stay))
    assert monday.startswith("every Monday")
    assert morning == "every morning at eight"
    assert program.digest_at is not None
    assert program.digest_at.hour == 8
    assert [(chase.after, chase.managers) for chase in CHASE] == [(-1, False), (0, False), (1, True)]
    assert owed == "feedback is owed: a working day before it is due, and when it is due"
    assert "a working day later the managers as well, then every working day, with no end" in chased
    words = {3: "three"}
    feedback = " ".join(page("feedback.md").split())
    assert f"within {words[program.coaching_days]} working days" in feedback
    patterns = f"{words[program.pattern_of].capitalize()} such cases of one agent within {program.pattern_within.days} days"
    assert patterns in feedback
    assert LATE_AFTER.total_seconds() < 120  # “a reminder that comes late says how late it is”


def test_the_policy_has_the_defaults_of_a_program() -> None:
    """Each number where its rule stands."""
    ladder, program = Ladder(), Program(1, "C1", "Billing", "UTC", "UTC", "US")
    (hours,) = {*program.calling}
    assert hours is not None
    hour, minute = 60 * 60, 60
    told = {
        "The callback time": [
            f"no more than {program.horizon.days} days ahead",
            f"{hours.opens:%-H:%M} to {hours.closes:%-H:%M}",
        ],
        "Repeat contact": [f"within {program.repeat_within.days} days"],
        "Attempts": [f"{program.spacing.seconds // hour} hours later", f"After {program.attempts} attempts"],
        "Unclaimed cases": [
            "After {}, {} and {} minutes".format(*ladder.unclaimed),
            "({}, {} and {} if".format(*ladder.unclaimed_waiting),
            f"again every {ladder.unclaimed_every} minutes",
        ],
        "The agreed time": [
            f"{ladder.heads_up} minutes before",
            f"for {ladder.call_may_take} minutes at most",
        ],
        "Overdue": [
            f"window of a promise is {program.window.seconds // minute} minutes",
            f"mentioned {ladder.overdue_managers} minutes later",
            f"every {ladder.overdue_every} minutes in the first hour and every {ladder.overdue_every_after} after",
        ],
        "Nobody reached": [f"every {ladder.sign_off_every} minutes"],
        "Handover, digest and weekly report": [
            f"{program.handover_before.seconds // minute} minutes before a shift ends"
        ],
        "When feedback is owed": [f"within {program.coaching_days} working days"],
        "How long personal data stays": [f"after {program.retention.days} days"],
    }
    for heading, numbers in told.items():
        rule = " ".join(page("policy.md").partition(f"### {heading}\n")[2].partition("\n### ")[0].split())
        assert [number for number in numbers if number not in rule] == [], heading


def test_the_policy_names_every_choice_of_a_form() -> None:
    told: dict[str, type[Word]] = {
        "What the form asks": Scenario,
        "Attempts": Disposition,
        "Closing": Outcome,
    }
    for heading, words in told.items():
        rule = " ".join(page("policy.md").partition(f"### {heading}\n")[2].partition("\n### ")[0].split())
        assert [word.label for word in words if f"*{word.label}*" not in rule] == [], heading


def test_the_words_of_a_report_are_those_that_are_read() -> None:
    """Every word for days, and everything to divide by."""
    assert all(f"`{words}`" in page("reports.md") for words in WORDS)
    by = page("reports.md").partition("after `by`, enter ")[2].partition(".")[0].replace("\n", " ")
    assert by == one_of([one.label for one in OF_ONE_PROGRAM])


def listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


def test_the_settings_defaults_are_those_that_count() -> None:
    (rows,) = tables("environment.md", "# Environment variables")
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


def test_the_exit_codes_are_those_of_the_terminal() -> None:
    told = {code for code, _ in codes(typer.main.get_command(cli.app).help)}
    assert {str(code) for code in (terminal.FAILED, terminal.SETTINGS_WRONG, terminal.TOKEN_REFUSED)} <= told


def test_no_command_ends_with_a_code_that_the_overview_does_not_know() -> None:
    known = {code for code, _ in codes(typer.main.get_command(cli.app).help)}
    for name, command in commands():
        mine = {code for code, _ in codes(command.help)}
        assert mine, name
        assert mine <= known, name


def test_the_doctors_words_are_those_that_are_quoted() -> None:
    (quoted,) = re.findall(r'Before the first\s+start, "(.+?)" is expected', page("install.md"))
    assert any(f'"{quoted} ' in file.read_text("utf-8") for file in (TOP / "bot").rglob("*.py"))


def test_the_map_shows_every_folder_with_its_invariant_and_the_test_that_holds_it() -> None:
    """A folder below another may stand in its text."""
    _, _, rest = PAGES[TOP / "ARCHITECTURE.md"].partition("\n## The map\n")
    sections = re.split(r"^### ", rest.partition("\n## ")[0], flags=re.M)[1:]
    told = {section.partition("/\n")[0]: section for section in sections}
    assert set(OURS) - {"bot"} | {"tests"} <= told.keys()
    for folder, section in told.items():
        assert (TOP / folder).is_dir(), folder
        _, _, invariant = section.partition("**Invariant:**")
        assert folder == "tests" or re.search(r"\]\(tests/[\w/]+\.py\)", invariant), folder
    folders = {file.parent.relative_to(TOP).as_posix() for file in SOURCES if file.name != "__init__.py"}
    shown = {*told, *re.findall(r"`((?:\w+/)+)`", rest)}
    assert not {f for f in folders if not f.startswith("tests")} - {f.rstrip("/") for f in shown} - {"bot"}


def test_home_and_help_tell_the_commands_of_the_manifest() -> None:
    assert [line.split("`")[1] for line in COMMANDS] == manifest_commands()


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
    assert "`connections:write`" in page("install.md")


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
