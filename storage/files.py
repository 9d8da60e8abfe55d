"""A SQLite database's files: readable by their owner alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

ENDINGS = ("", "-wal", "-shm", "-journal", "-run")
"""What follows the database's name: SQLite's own files beside it, and the single bot's (storage/single_instance.py)."""

OWNER_ONLY = 0o600
OTHERS = 0o077


def make_private(file: Path) -> None:
    """Creates the file empty, for its owner alone, unless it is there; SQLite gives those beside it the same mode.

    Where that fails (no such folder, say), SQLite fails as well and says why.
    """
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY))


def open_to_others(database: Path) -> list[tuple[Path, int]]:
    """The database's files that somebody else on this machine can open, each with its mode."""
    there = (Path(f"{database}{ending}") for ending in ENDINGS)
    modes = ((file, file.stat().st_mode & 0o777) for file in there if file.is_file())
    return [(file, mode) for file, mode in modes if mode & OTHERS]
