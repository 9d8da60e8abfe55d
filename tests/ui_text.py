"""Every sentence that people can see in Slack and on the terminal, read from the source for `docs/ui-text.md`.

Listed is each text of two words or more, and each single word that looks like a label. Left out is what people don't see:
docstrings, log messages, names of background tasks, errors for programmers, patterns, SQL, annotations, and single words in
lower case, such as ids. Sentences that the code puts together are listed in parts. `{number}` stands for a value.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

TOP = Path(__file__).parents[1]

FOLDERS = {
    "bot/faces": "Buttons, their forms, and the lines of a thread",
    "bot/views": "Cards, reminders, App Home, lists, reports and settings",
    "bot/usecases": "Answers to what people do",
    "bot/listeners": "Answers to commands and events",
    "bot/posts": "Posts",
    "bot/people": "Who is who",
    "bot/charts": "Charts",
    "cases": "Words, labels, refusals, and what is wrong with an entry",
    "bot/commands": "The command line",
    "bot/terminal": "What several commands print",
    "bot/watch": "The doctor and the metrics",
    "bot/environment": "What is wrong with a setting of the environment",
    "storage": "The database, its key and its record",
    "bot/demo": "The demo",
}
"""The folders whose sentences people read, in the order of the page, each with its heading."""

NOT_WRITTEN_BY_US = {
    "bot/demo/shift.py": "what the people of the demo type",
    "cases/regions.py": "names of time zones",
    "storage/migrations": "the schema's history",
}
"""What is left out as a whole, and why."""

LOGS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})

PROGRAMMERS = frozenset({"AssertionError", "LookupError", "RuntimeError", "TypeError", "ValueError"})
"""Errors that no person reads."""

UNSEEN = frozenset({"cast", "compile", "execute", "get_logger", "import_module", "text", "TypeVar"})
"""Calls whose texts are patterns, SQL, or names of types and modules."""

TASKS = frozenset({"_within", "aside", "create_task", "hold", "sentence_for"})
"""Calls that name a background task or a step for the log, among others."""

LABEL = re.compile(r"[A-Z][a-z]+(-[a-z]+)?[:…?!.]?")
SQL = re.compile(r"(BEGIN|CAST|LOCK|PRAGMA|REPEATABLE|RESET|SELECT|SET|VACUUM)\b|-c |\w+ (=|IN|IS|<>) ")
NOT_WORDS = re.compile(r"\{[^}]*\}|:[a-z_]+:|%[a-zA-Z]")


def sentences(file: Path) -> list[str]:
    """What people can read of a module, in the order of its lines, each once."""
    found = _of(ast.parse(file.read_text("utf-8")))
    return list(dict.fromkeys(" ".join(text.split()) for text in found if is_seen(text)))


def is_seen(text: str) -> bool:
    """Whether a text is a sentence, a part of one, or a label."""
    words = re.search(r"[^\W\d_]{2}", NOT_WORDS.sub("", text))
    return bool(LABEL.fullmatch(text) or (words and " " in text.strip() and not SQL.match(text)))


def page() -> str:
    """All of them, module by module, as Markdown."""
    parts = []
    for folder, heading in FOLDERS.items():
        parts.append(f"## {heading}")
        for file in sorted((TOP / folder).rglob("*.py")):
            name = file.relative_to(TOP).as_posix()
            if not name.startswith((*NOT_WRITTEN_BY_US,)) and (found := sentences(file)):
                parts.append("\n".join([f"### {name}\n", "```text", *found, "```"]))
    return "\n\n".join(parts)


def _of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant() | ast.JoinedStr() | ast.BinOp() if (text := _text(node)) is not None:
            yield text
            yield from _each(_inside(node))
        case ast.Expr(value=ast.Constant()):
            return  # a docstring
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            options = [one.annotation for one in parameters if isinstance(one.annotation, ast.Subscript)]
            yield from _each(
                [*options, *node.args.defaults, *filter(None, node.args.kw_defaults), *node.body]
            )
        case ast.AnnAssign():
            yield from _each([node.value] if node.value else [])
        case ast.Call() if _is_unseen(node):
            return
        case ast.Call() if _called(node) in TASKS:
            yield from _each(one for one in node.args if _text(one) is None)
        case _:
            yield from _each(ast.iter_child_nodes(node))


def _each(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for one in nodes:
        yield from _of(one)


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """The values of a text that may hold others; a choice's are shown in the text itself."""
    for one in ast.iter_child_nodes(node):
        if isinstance(one, ast.FormattedValue) and not isinstance(one.value, ast.IfExp):
            yield one.value
        elif _text(one) is not None and not isinstance(one, ast.Constant):
            yield from _inside(one)


def _is_unseen(call: ast.Call) -> bool:
    is_log = (
        isinstance(call.func, ast.Attribute) and _name(call.func.value) == "log" and call.func.attr in LOGS
    )
    return is_log or _called(call) in UNSEEN | PROGRAMMERS


def _called(node: ast.AST) -> str:
    """The name of what is called, without its owner's."""
    return _name(node.func) if isinstance(node, ast.Call) else ""


def _text(node: ast.AST) -> str | None:
    """A constant, an f-string, or their sum, as one text; None for what is none."""
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.JoinedStr(values=values):
            return "".join(_text(one) or _in_braces(one) for one in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            both = [_text(left), _text(right)]
            return (
                None
                if both == [None, None]
                else "".join(
                    text if text is not None else _in_braces(one)
                    for text, one in zip(both, (left, right), strict=True)
                )
            )
    return None


def _in_braces(node: ast.AST) -> str:
    return f"{{{_value(node)}}}"


def _value(node: ast.AST) -> str:
    """A short name of a value in a text; of a choice between two, both."""
    match node:
        case ast.FormattedValue(value=value) | ast.Subscript(value=value) | ast.Await(value=value):
            return _value(value)
        case ast.IfExp(body=body, orelse=orelse):
            return "|".join(
                text if (text := _text(one)) is not None else _value(one) for one in (body, orelse)
            )
        case ast.BoolOp(values=values):
            return "|".join(map(_value, values))
        case ast.Constant(value=value):
            return str(value)
        case ast.Call(func=ast.Attribute(attr="join" | "partition" | "replace", value=of), args=[*args]):
            return _value(args[0] if isinstance(of, ast.Constant) and args else of)
        case ast.Call(func=func):
            return _name(func)
        case ast.GeneratorExp(elt=each) | ast.ListComp(elt=each):
            return _value(each)
        case ast.JoinedStr():
            return _text(node) or "…"
    return _name(node)


def _name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_")
    return "…"
