"""A state of a notice or a reminder has one name in the code: its enum's."""

from __future__ import annotations

import re
from itertools import chain

from storage.records import NoticeState, ReminderState
from tests.test_house import TOP, sources

WORDS = "|".join(sorted({str(state) for state in chain(NoticeState, ReminderState)}))
BARE = re.compile(rf"""["']({WORDS})["']""")


def test_no_state_stands_as_a_bare_string() -> None:
    """But where the enums name their values, and in migrations, which tell what once was."""
    found = []
    for file in sources():
        path = file.relative_to(TOP).as_posix()
        if not path.startswith(("storage/", "scheduler/", "bot/")) or "/migrations/" in path:
            continue
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            names_it = path == "storage/records.py" and line.startswith("    ")
            if BARE.search(line) and not names_it and "facts" not in line:
                found.append(f"{path}:{number}: {line.strip()}")
    assert not found, "\n" + "\n".join(found)
