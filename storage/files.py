"""A SQLite database's files: only their owner can read them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

ENDINGS = ("", "-wal", "-shm", "-journal", "-run")
"""Endings of the database's files: SQLite's own, and the single instance's (storage/single_instance.py)."""

OWNER_ONLY = 0o600
OTHERS = 0o077


def make_private(file: Path) -> None:
    """Creates the file empty and private, unless it exists; SQLite gives the files beside it the same mode. If that
    fails (the folder is missing, say), SQLite fails too and says why.
    """
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY))


def open_to_others(database: Path) -> list[tuple[Path, int]]:
    """The database's files that others on this machine can open, each with its mode."""
    there = (Path(f"{database}{ending}") for ending in ENDINGS)
    modes = ((file, file.stat().st_mode & 0o777) for file in there if file.is_file())
    return [(file, mode) for file, mode in modes if mode & OTHERS]
