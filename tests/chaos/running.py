"""Bots as processes: how they are started, killed and started again, and where their clock comes from."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from bot.demo.environment import seeded_environment
from sandbox import SandboxThread

USUAL = "skipped: maximum number of running instances"
TOP = Path(__file__).parents[2]
T = TypeVar("T")


class Unseen(AssertionError):
    """Something did not come to be in time."""


def until(look: Callable[[], T | None], *, about: str, within: float = 60.0) -> T:
    """What `look` finds, as soon as it finds something; for what no change of the workspace tells."""
    deadline, pause = time.monotonic() + within, threading.Event()
    while (found := look()) is None:
        if time.monotonic() >= deadline:
            raise Unseen(f"this did not come to be within {within:g} s: {about}")
        pause.wait(0.03)
    return found


def environment(api_url: str, database: str, **changes: str) -> dict[str, str]:
    """The environment of a bot in the sandbox's contact centre, and nothing else; an empty change takes one out."""
    settings = seeded_environment(api_url, database) | {"LOG_FORMAT": "json"} | changes
    house = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return house | {"PYTHONUNBUFFERED": "1"} | {name: value for name, value in settings.items() if value}


class Process:
    """A child process whose output is read while it runs."""

    def __init__(self, command: list[str], environ: dict[str, str], folder: Path) -> None:
        self.child = subprocess.Popen(
            command,
            cwd=folder,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._words: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.out: list[str] = []
        self.err: list[str] = []
        self._readers = [threading.Thread(target=self._listen), threading.Thread(target=self._collect)]
        for reader in self._readers:
            reader.start()

    def _listen(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            self.out.append(line)
            self._words.put(line.strip())
        self._words.put("")

    def _collect(self) -> None:
        assert self.child.stderr is not None
        self.err.extend(self.child.stderr)

    @property
    def output(self) -> str:
        """All that it has said so far."""
        return "".join([*self.out, *self.err])

    def says(self, word: str, within: float = 120.0) -> str:
        """Waits for its next line on standard output, which begins with `word`; the rest of the line."""
        try:
            said = self._words.get(timeout=within)
        except queue.Empty:
            said = "nothing"
        assert said.startswith(word), f"it said {said or 'good-bye'!r}, not {word!r}:\n{self.output[-3000:]}"
        return said.removeprefix(word).strip()

    def logs(self, text: str, within: float = 120.0) -> None:
        """Waits until its log holds `text`; a process that ended before says why."""

        def look() -> bool | None:
            ended = self.child.poll() is not None
            if any(text in line for line in list(self.err)):
                return True
            assert not ended, f"it ended and never said {text!r}:\n{self.output[-3000:]}"
            return None

        until(look, about=text, within=within)

    def ends(self, within: float = 120.0) -> int:
        """Waits for its end; the exit code."""
        code = self.child.wait(within)
        for reader in self._readers:
            reader.join()
        for pipe in (self.child.stdin, self.child.stdout, self.child.stderr):
            if pipe is not None:
                pipe.close()
        return code

    def signal(self, number: signal.Signals) -> None:
        self.child.send_signal(number)

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is closed."""
        if self.child.poll() is None:
            self.child.kill()
        if not self.child.stdout or not self.child.stdout.closed:
            self.ends()


class Bots:
    """One bot at a time beside a sandbox, each a process of its own; as many of these as there are replicas."""

    def __init__(self, sandbox: SandboxThread, database: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._clock = folder / "clock"
        self._off = 0.0
        self._telling = threading.Lock()
        self._sandbox = sandbox
        self._tell_clock()
        self._deaf = sandbox.sandbox.clock.on_push(self._tell_clock)
        environ = environment(sandbox.api_url, database) | {"CHAOS_CLOCK": str(self._clock)}
        self.nursery = Process([sys.executable, "-m", "tests.chaos.bot_process"], environ, TOP)
        self._warm = False
        self._opened_at = 0
        self.name = folder.name
        self.pid = 0
        self.killed = 0

    def opens(self) -> None:
        """The next bot starts; back when the desk is open."""
        assert self.nursery.child.stdin is not None
        if not self._warm:
            self.nursery.says("warm")
            self._warm = True
        self._opened_at = len(self.nursery.err)
        self.nursery.child.stdin.write("go\n")
        self.nursery.child.stdin.flush()
        self.pid = int(self.nursery.says("open"))

    def kills(self) -> None:
        """SIGKILL: nothing is finished, nothing is closed."""
        os.kill(self.pid, signal.SIGKILL)
        self._ended(-9)
        self.killed += 1

    def closes(self) -> None:
        """SIGTERM: it ends by itself, and well, before an orchestrator would kill it."""
        os.kill(self.pid, signal.SIGTERM)
        self._ended(0)

    def is_refused(self, variable: str) -> None:
        """It ends by itself: exit code 3, and a sentence that names the variable whose token Slack does not take."""
        self._ended(3, within=60.0)
        said = f"{variable} is refused by Slack"
        until(
            lambda: True if any(said in line for line in self.nursery.err[self._opened_at :]) else None,
            about=said,
        )

    def _ended(self, code: int, within: float = 120.0) -> None:
        """Waits for its end; where there is none, what each of its threads and tasks is doing stands in its log."""
        try:
            ended = self.nursery.says("ended", within)
        except AssertionError:
            for look in (signal.SIGUSR1, signal.SIGUSR2):
                with suppress(ProcessLookupError):
                    os.kill(self.pid, look)
                threading.Event().wait(1.0)
            raise
        assert ended == str(code), f"it ended with {ended}, not {code}"

    def last_words(self, lines: int = 80) -> str:
        """The end of its log, for whoever asks why a run failed, without what a beat twenty times a second makes usual."""
        telling = [line for line in list(self.nursery.err) if USUAL not in line]
        return "".join(telling[-lines:])

    def clock_is_off(self, seconds: float) -> None:
        """From now on this machine's clock is so far ahead of everybody else's."""
        self._off = seconds
        self._tell_clock()

    def end(self) -> None:
        """Nobody is left behind."""
        self._deaf()
        assert self.nursery.child.stdin is not None
        self.nursery.child.stdin.close()
        self.nursery.ends()

    def _tell_clock(self) -> None:
        """Written beside and moved into place: whoever reads finds the old time or the new one, never half of it."""
        with self._telling:
            now = self._sandbox.sandbox.clock.now()
            ahead = (now - datetime.now(UTC)).total_seconds() + self._off
            beside = self._clock.with_suffix(".new")
            beside.write_text(repr(ahead))
            beside.replace(self._clock)
