"""Programs that tests start: `python -m sandbox` and bots, each until its `with` block ends."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[2]


def free_port() -> int:
    """One that is free, and is not among those that the system gives away by itself."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@dataclass
class Program:
    """A running `python -m sandbox`."""

    process: subprocess.Popen[str]
    url: str
    apps: list[dict[str, str]]
    """For each app the variables that were printed."""

    def interrupt(self) -> int:
        """Ctrl-C; the answer is the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=120)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """`python -m sandbox` for something that ends by itself."""
    command = [sys.executable, "-m", "sandbox", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, cwd=TOP, check=False)


@contextmanager
def program(*arguments: object) -> Iterator[Program]:
    """`python -m sandbox`, once it has said what it has to say."""
    command = [sys.executable, "-m", "sandbox", *map(str, arguments)]
    with started(command, {}) as process:
        assert process.stdout is not None
        greeting = process.stdout.readline()
        address = re.search(r"http://\S+(?=/ )", greeting)
        assert address, greeting
        apps: list[dict[str, str]] = []
        while not apps or "SLACK_SIGNING_SECRET" not in apps[-1]:
            line = process.stdout.readline().strip()
            name, _, value = line.partition("=")
            if line.startswith("#"):
                apps.append({})
            elif value:
                apps[-1][name] = value
        yield Program(process, address[0], apps)


@contextmanager
def started(command: list[str], variables: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A program with these environment variables besides its own, ended at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=TOP,
        env={**environment, "PYTHONUNBUFFERED": "1", **variables},
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()
