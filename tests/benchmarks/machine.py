"""What runs the measurements: the facts of the machine, and the memory of a process."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("slack-bolt", "slack-sdk", "aiohttp", "sqlalchemy", "apscheduler", "psycopg")


def facts() -> dict[str, str]:
    """What the figures depend on besides the code."""
    memory = int(_found("/proc/meminfo", r"MemTotal:\s+(\d+)")) / 1024 / 1024
    return {
        "cores": str(os.cpu_count()),
        "processor": _found("/proc/cpuinfo", r"model name\s*: (.+)"),
        "memory": f"{memory:.1f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        **{name: version(name) for name in LIBRARIES},
    }


def load() -> float:
    """How many processes wanted the processor in the last minute, on average; others' work is the noise in here."""
    return os.getloadavg()[0]


def resident(pid: int) -> int:
    """The bytes of memory that a process holds (Linux)."""
    return int(_found(f"/proc/{pid}/status", r"VmRSS:\s+(\d+)")) * 1024


def _found(file: str, pattern: str) -> str:
    match = re.search(pattern, Path(file).read_text(encoding="utf-8"))
    return match.group(1) if match else "unknown"
