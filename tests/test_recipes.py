"""CONTRIBUTING.md's recipes, held against the code: each names every module in which its example is named, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.docs import TOP

PAGE = (TOP / "CONTRIBUTING.md").read_text("utf-8")
PACKAGES = ("cases", "storage", "scheduler", "bot")
MIGRATIONS = "storage/migrations/"

AT_MOST = {
    "Add a button": 4,
    "Add a setting": 3,
    "Add a question to the close form": 4,
    "Add a figure": 2,
    "Add a reminder rule": 2,
    "Add a disposition": 2,
    "Add a migration": 6,
    "Call another Slack method": 1,
    "Add a command to the command line": 2,
}
"""How many modules each kind of change may touch, besides a migration's own file. Of a button's, two are a single line: its
place on the card and its kind of event; of a setting's, one is where it counts. A recipe that grows says that an idea is
spread anew.
"""

RECIPES = {
    text.partition("\n")[0]: text
    for text in re.split(r"^### (?=Add|Call)", PAGE.partition("\n## Recipes\n")[2], flags=re.M)[1:]
}


def named_in(tree: ast.AST) -> Iterator[str]:
    """Every identifier that a module names, and the parts of its texts that could be one; not its docstrings."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case (
                ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name))
            ):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name):
                yield name.rpartition(".")[2]
            case ast.Constant(value=str(text)) if id(node) not in told:
                yield from text.split(".")


@cache
def modules() -> dict[str, frozenset[str]]:
    """What each source module names, by its path."""
    return {
        file.relative_to(TOP).as_posix(): frozenset(named_in(ast.parse(file.read_text("utf-8"))))
        for package in PACKAGES
        for file in sorted((TOP / package).rglob("*.py"))
        if not file.is_relative_to(TOP / MIGRATIONS)
    }


def files_of(recipe: str) -> set[str]:
    """The source modules in the first column of a recipe's table, without the migrations."""
    linked = re.findall(r"^\| \[`[^`]+`\]\(([^)]+)\)", RECIPES[recipe], re.M)
    return {path for path in linked if path.startswith(PACKAGES) and not path.startswith(MIGRATIONS)}


def test_the_recipes_are_those_that_are_held() -> None:
    assert RECIPES.keys() == AT_MOST.keys()


@pytest.mark.parametrize("recipe", AT_MOST)
def test_a_recipe_names_every_module_that_its_example_is_named_in(recipe: str) -> None:
    (told,) = re.findall(r"^Example: (.+)\.$", RECIPES[recipe], re.M)
    examples = set(re.findall(r"(\w+)`", told))
    assert examples
    assert {path for path, names in modules().items() if examples & names} == files_of(recipe)


@pytest.mark.parametrize("recipe", AT_MOST)
def test_a_change_touches_few_modules(recipe: str) -> None:
    assert 0 < len(files_of(recipe)) <= AT_MOST[recipe]


def test_a_module_names_what_it_says_in_any_way() -> None:
    source = """
from storage.outbox import late as later
def window(span, *, at=None):
    'Not granted here.'
    case.owner = make(kind="ladder.every", **more)
"""
    found = set(named_in(ast.parse(source)))
    assert {"late", "window", "span", "at", "owner", "make", "kind", "ladder", "every", "more"} <= found
    assert not {"granted", "Not granted here"} & found


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_what_the_guides_call_by_name_is_there(page: str) -> None:
    """Every identifier between backticks, with the class or module that it is in; not the names of files and programs."""
    text = re.sub(r"```.*?```", "", (TOP / page).read_text("utf-8"), flags=re.S)
    told = [name for name in re.findall(r"`([A-Za-z_][\w.]*)`", text) if not (TOP / name).is_file()]
    others = [*(TOP / MIGRATIONS / "versions").glob("*.py"), *(TOP / "tests" / "cases").glob("*.py")]
    there = set(PACKAGES).union(
        *modules().values(), *(named_in(ast.parse(file.read_text("utf-8"))) for file in others)
    )
    missing = {
        part for name in told for part in name.split(".") if not name.endswith((".py", ".json"))
    } - there
    assert missing <= {"sandbox", "mypy", "slowhttptest", "REPO_URL"}


def test_each_recipe_leads_to_tests() -> None:
    for recipe, text in RECIPES.items():
        assert re.search(r"\]\(tests/[\w/]+\.py\) \|$", text, re.M), recipe


def test_the_files_of_a_recipe_are_there() -> None:
    for recipe, text in RECIPES.items():
        for path in re.findall(r"\]\(((?!https?:|#)[^)#]+)", text):
            assert Path(TOP / path).is_file(), f"{recipe}: {path}"
