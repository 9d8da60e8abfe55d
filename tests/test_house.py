"""The house rules of the packages, held against the code: who imports whom, what stays pure, who reads the clock."""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
OURS = ("cases", "storage", "scheduler", "bot", "sandbox")

MAY_IMPORT: dict[str, set[str]] = {
    "cases": set(),
    "storage": {"cases"},
    "scheduler": {"cases", "storage"},
    "bot": {"cases", "storage", "scheduler"},
    "sandbox": set(),
}
"""One direction. The sandbox knows none of the others; only the demo (bot/demo/*.py) brings both together."""

PARTS: dict[str, set[str]] = {
    "cases": {"babel", "email_validator", "holidays", "phonenumbers"},
    "sandbox": {"aiohttp"},
}
"""The only parts from outside that a package may use; the others may use any that is not forbidden below."""

NO_SLACK = ("cases/", "storage/", "scheduler/", "sandbox/", "bot/usecases/")
SLACK = {"slack_bolt", "slack_sdk"}

IO = {
    "asyncio",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "time",
}
"""What of the standard library has no business in cases/: it is pure."""

CLOCKS = {"bot/environment/clock.py"}
"""Who may read the wall clock. The sandbox has its own clock and is not looked at."""

READS_CLOCK = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
}


def sources() -> list[Path]:
    """Every source file of the five packages."""
    return sorted(file for package in OURS for file in (TOP / package).rglob("*.py"))


def imports(tree: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, with its line; a relative import is one of its own package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, package if node.level else node.module or ""
        elif isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called in ("import_module", "__import__") and isinstance(first, ast.Constant):
                yield node.lineno, str(first.value)


def breaches(path: str, source: str) -> list[str]:
    """What a file imports against the rules, as sentences that name it."""
    package = path.partition("/")[0]
    may = MAY_IMPORT[package] | {package}
    if Path(path).match("bot/demo/*.py"):
        may |= {"sandbox"}
    found = []
    for line, module in imports(ast.parse(source), package):
        root = module.partition(".")[0]
        where = f"{path}:{line} imports {module}"
        outside = root not in sys.stdlib_module_names and root not in OURS
        if root in (*OURS, "tests") and root not in may:
            found.append(
                f"{where}: {package}/ may import {', '.join(sorted(may - {package})) or 'none of ours'}"
            )
        elif outside and package in PARTS and root not in PARTS[package]:
            found.append(f"{where}: {package}/ uses only {', '.join(sorted(PARTS[package]))}")
        elif package == "cases" and root in IO:
            found.append(f"{where}: cases/ is pure")
        elif root in SLACK and path.startswith(NO_SLACK):
            found.append(f"{where}: this part knows no Slack")
    return found


def module_of(file: Path) -> str:
    """A source file's module, by its dotted name."""
    parts = file.relative_to(TOP).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def needed_at_import(file: Path, modules: set[str]) -> set[str]:
    """Our own modules that a file imports at its top, where the order in which they are read matters."""
    found: set[str] = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{name.name}" for name in node.names}
            found |= (inner & modules) or {node.module}
    return found & modules - {module_of(file)}


def test_no_two_modules_need_each_other_first() -> None:
    """Whichever is imported first would find the other half read: it depends on who asks whether that works."""
    files = {module_of(file): file for file in sources()}
    needed = {module: needed_at_import(file, set(files)) for module, file in files.items()}
    try:
        list(TopologicalSorter(needed).static_order())
    except CycleError as error:
        pytest.fail(f"these import each other in a circle: {' → '.join(error.args[1])}")


def clock_reads(path: str, source: str) -> list[str]:
    """Where a file reads the wall clock itself instead of being handed the time."""
    tree = ast.parse(source)
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {(name.asname or name.name): name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {(name.asname or name.name): f"{node.module}.{name.name}" for name in node.names}
    return [
        f"{path}:{node.lineno} reads the clock by {full}: take the time as an argument, or a Clock (bot/environment/clock.py)"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name) and (full := dotted(node, names)) in READS_CLOCK
    ]


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """The full name of an expression such as `dt.now`, by what the file imported."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value, names)}.{node.attr}"
    return names.get(node.id, node.id) if isinstance(node, ast.Name) else ""


def test_lower_packages_never_import_higher_ones() -> None:
    found = [
        breach
        for file in sources()
        for breach in breaches(file.relative_to(TOP).as_posix(), file.read_text("utf-8"))
    ]
    assert not found, "\n" + "\n".join(found)


def needs(tree: ast.Module, modules: set[str]) -> set[str]:
    """Which of our modules a file must have imported before it is there itself; what it imports later does not count."""
    found: set[str] = set()
    todo: list[ast.stmt] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = {f"{node.module}.{name.name}" for name in node.names}
            found |= inner if inner <= modules else inner | {node.module}
        elif isinstance(node, ast.If | ast.Try) and "TYPE_CHECKING" not in ast.dump(node)[:200]:
            todo += node.body
    return found & modules


def test_no_module_waits_for_itself() -> None:
    """Whichever is imported first: a circle works from one end only, until a command begins at the other."""
    files = {
        ".".join(file.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__"): file
        for file in sources()
    }
    graph = {
        module: needs(ast.parse(file.read_text("utf-8")), set(files)) - {module}
        for module, file in files.items()
    }
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " imports ".join((*path[path.index(module) :], module))
        if module not in done:
            for needed in sorted(graph[module]):
                walk(needed, (*path, module))
            done.add(module)

    for module in sorted(graph):
        walk(module, ())


def folder_imports(files: dict[str, tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    """Which folder imports from which, with the lines that do; `files` are paths and sources by module name.

    A package's own top level is a folder like the others. An import inside a function counts, too.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for path, source in files.values():
        here = path.rpartition("/")[0]
        for node in ast.walk(ast.parse(source)):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [name.name for name in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [
                    inner if (inner := f"{node.module}.{name.name}") in files else node.module
                    for name in node.names
                ]
            for name in names:
                if name in files and (there := files[name][0].rpartition("/")[0]) != here:
                    found.setdefault((here, there), []).append(
                        f"{path}:{getattr(node, 'lineno', 0)} imports {name}"
                    )
    return found


def circle_of_folders(files: dict[str, tuple[str, str]]) -> str:
    """A circle between folders with a line for each step of it; empty where there is none."""
    found = folder_imports(files)
    graph: dict[str, set[str]] = {}
    for here, there in found:
        graph.setdefault(here, set()).add(there)
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = error.args[1][::-1]
        return "\n".join(found[step][0] for step in itertools.pairwise(circle))
    return ""


def test_no_circle_between_folders() -> None:
    """Whoever changes a folder has to look at those above it only, never at those below."""
    files = {
        module_of(file): (file.relative_to(TOP).as_posix(), file.read_text("utf-8")) for file in sources()
    }
    circle = circle_of_folders(files)
    assert not circle, f"\nthese folders need each other:\n{circle}"


def test_a_circle_of_folders_names_its_lines() -> None:
    files = {
        "bot.views.card": ("bot/views/card.py", "from bot.views import text\nfrom bot.slack import calls"),
        "bot.views.text": ("bot/views/text.py", ""),
        "bot.slack.calls": ("bot/slack/calls.py", "def f():\n    from bot import log"),
        "bot.log": ("bot/log.py", "import bot.views.text"),
    }
    assert set(circle_of_folders(files).splitlines()) == {
        "bot/views/card.py:2 imports bot.slack.calls",
        "bot/slack/calls.py:2 imports bot.log",
        "bot/log.py:1 imports bot.views.text",
    }
    del files["bot.log"]
    assert circle_of_folders(files) == ""


def test_only_the_clock_reads_the_clock() -> None:
    found = [
        read
        for file in sources()
        if not (path := file.relative_to(TOP).as_posix()).startswith("sandbox/") and path not in CLOCKS
        for read in clock_reads(path, file.read_text("utf-8"))
    ]
    assert not found, "\n" + "\n".join(found)


def test_every_package_is_looked_at() -> None:
    assert {file.relative_to(TOP).parts[0] for file in sources()} == set(OURS) == set(MAY_IMPORT)
    assert all((TOP / clock).is_file() for clock in CLOCKS)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("cases/moves/claiming.py", "import storage"),
        ("cases/moves/claiming.py", "from storage.unit import UnitOfWork"),
        ("cases/moves/claiming.py", "def f():\n    from bot import desk"),
        ("cases/moves/claiming.py", "if TYPE_CHECKING:\n    from bot.usecases.cases import Act"),
        ("cases/moves/claiming.py", "import sqlmodel"),
        ("cases/moves/claiming.py", "import asyncio"),
        ("storage/unit.py", "import scheduler.beat"),
        ("storage/unit.py", "from importlib import import_module\nimport_module('bot.usecases.cases')"),
        ("scheduler/beat.py", "from bot import poster"),
        ("scheduler/beat.py", "from slack_sdk.errors import SlackApiError"),
        ("bot/usecases/cases.py", "from slack_bolt.async_app import AsyncApp"),
        ("bot/app/wiring.py", "from sandbox import Sandbox"),
        ("bot/listeners/demo.py", "import sandbox"),
        ("bot/usecases/cases.py", "from tests import build"),
        ("sandbox/server.py", "from cases.times import wall"),
        ("sandbox/server.py", "import slack_sdk"),
        ("sandbox/server.py", "import sqlalchemy"),
    ],
)
def test_a_breach_is_found_and_names_its_file(path: str, source: str) -> None:
    (breach,) = breaches(path, source)
    assert breach.startswith(f"{path}:")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("cases/moves/claiming.py", "from cases.case import Case\nimport re, phonenumbers"),
        ("storage/unit.py", "from cases.case import Case\nfrom . import tables"),
        ("bot/app/wiring.py", "import cases, storage.unit, scheduler.beat, bot.usecases.cases, slack_bolt"),
        ("bot/demo/play.py", "from sandbox import Sandbox"),
        ("bot/demo/story.py", "from sandbox.driver import Driver"),
        (
            "sandbox/server.py",
            "from sandbox.workspace.core import Core\nfrom aiohttp import web\nimport time",
        ),
    ],
)
def test_what_is_allowed_is_no_breach(path: str, source: str) -> None:
    assert breaches(path, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now()",
        "from datetime import UTC, datetime as dt\ndt.now(UTC)",
        "import datetime\ndatetime.datetime.utcnow()",
        "import datetime as d\nd.date.today()",
        "import time\ntime.time()",
        "from time import time\nclock = time",
        "import time as t\nt.time_ns()",
    ],
)
def test_a_read_of_the_clock_is_found(source: str) -> None:
    (read,) = clock_reads("bot/usecases/cases.py", source)
    assert read.startswith("bot/usecases/cases.py:")


def test_other_times_are_no_read_of_the_clock() -> None:
    source = "import time\nfrom datetime import datetime, time as at\ntime.monotonic()\nat(8)\nact.now\nnow()"
    assert clock_reads("bot/usecases/cases.py", source) == []
