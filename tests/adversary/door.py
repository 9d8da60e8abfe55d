"""The bot as a process, as `askdesk run` starts it in HTTP mode, and whoever knocks at its door."""

from __future__ import annotations

import hashlib
import hmac
import re
import socket
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bot.environment.manifest import manifest
from sandbox import SIGNING_SECRET, SandboxThread, Seed
from sandbox.driver import Driver
from tests.chaos.running import TOP, Process, environment, until
from tests.journeys.knocking import FORM, STAMP, asks, posts, typed
from tests.patient import patient
from tests.sandbox.program import free_port

EVENTS = "/slack/events"
MARK = "INTRUDER"
"""Stands in whatever is sent; what is sent stands in no log."""

BREATHING = {"leases", "replicas"}
"""Tables that change as long as a bot lives."""


class Door:
    """A bot at work, and how to see that nothing came of a knock."""

    def __init__(
        self, sandbox: SandboxThread, process: Process, port: int, inside: int, database: Path
    ) -> None:
        self.slack = Driver(sandbox.url)
        self.process = process
        self.port = port
        self.inside = inside
        self._database = database

    def settles(self) -> None:
        """Waits until two beats leave the database as it was: what a start does is done."""
        beats, stored, calm = 0.0, self.stored(), 0

        def look() -> bool | None:
            nonlocal beats, stored, calm
            page = asks(self.inside, "GET", "/metrics")[1]
            now = float(re.findall(r"^askdesk_beats_total (\S+)", page, re.M)[0])
            if now > beats:
                beats, before, stored = now, stored, self.stored()
                calm = calm + 1 if stored == before else 0
            return calm == 2 or None

        until(look, about="two beats that change nothing")

    def answers(self) -> None:
        """A signed command gets its answer."""
        status, told = posts(self.port, typed(), FORM)
        assert status == 200
        assert told["response_type"] == "ephemeral"

    def stored(self) -> Mapping[str, list[Any]]:
        """Every row of the database, but for what says that the bot lives."""
        with sqlite3.connect(f"file:{self._database}?mode=ro", uri=True) as books:
            names = [name for (name,) in books.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            found = {
                name: sorted(books.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
                for name in names
                if name not in BREATHING
            }
        books.close()
        return found

    def done(self) -> list[str]:
        """Every call with which the bot showed something in Slack; it reads who is there at its leisure."""
        calls = [entry["name"] for entry in self.slack.traffic() if entry["kind"] == "api"]
        return [name for name in calls if name.startswith(("chat.", "views.", "files.", "reactions."))]

    def lives(self) -> None:
        """It is up and answers, and its log has neither a failure nor anything that was sent."""
        assert self.process.child.poll() is None, self.process.output[-3000:]
        self.answers()
        log = self.process.output
        assert "Traceback" not in log, log[-3000:]
        assert MARK not in log, log[-3000:]
        failures = [line for line in log.splitlines() if '"level": "error"' in line]
        assert failures == []

    @contextmanager
    def nothing_comes_of_it(self) -> Iterator[None]:
        """Nothing done, nothing stored, nothing in the log, and the bot at work as before."""
        stored, done = self.stored(), self.done()
        yield
        self.lives()
        changed = {name: rows for name, rows in self.stored().items() if rows != stored[name]}
        assert not changed, changed
        more = self.done()[len(done) :]
        assert not more, more

    def knocks(self, raw: bytes, *, hangs_up_after: float | None = None) -> int | None:
        """Sends these bytes; the status of what comes back, None where the connection just ends.

        `hangs_up_after`: seconds until whoever sent half a request gives up.
        """
        with socket.create_connection(("127.0.0.1", self.port), timeout=hangs_up_after or 60) as line:
            heard = b""
            with suppress(ConnectionError, TimeoutError):
                line.sendall(raw)
                while b"\r\n" not in heard and (more := line.recv(4096)):
                    heard += more
        return int(heard.split(b" ", 2)[1]) if heard else None


@contextmanager
def open_door(folder: Path, *, limits: Sequence[str] = ()) -> Iterator[Door]:
    """A bot beside its own workspace. `limits` is a command that runs another one with less of something."""
    port, inside, database = free_port(), free_port(), folder / "askdesk.db"
    seed = Seed(manifest(), request_url=f"http://127.0.0.1:{port}{EVENTS}")
    with patient(seed) as sandbox:
        environ = environment(
            sandbox.api_url,
            f"sqlite:///{database}",
            SLACK_APP_TOKEN="",
            SLACK_SIGNING_SECRET=SIGNING_SECRET,
            HTTP_PORT=str(port),
            MONITOR_PORT=str(inside),
            ASK_TIMEZONE=afternoon(),
        )
        environ["PYTHONPATH"] = str(TOP)
        command = [*limits, sys.executable, "-c", "from bot.cli import main; main()", "run"]
        process = Process(command, environ, folder)
        try:
            process.logs("the desk is open")
            yield Door(sandbox, process, port, inside, database)
        finally:
            process.kill()


def afternoon() -> str:
    """A time zone where it is early afternoon: no digest is due while a test runs, and no deletion at night."""
    ahead = 13 - time.gmtime().tm_hour
    return "Etc/UTC" if ahead == 0 else f"Etc/GMT{-ahead:+d}"


def request(
    headers: Mapping[str, str], body: bytes, *, method: str = "POST", path: str = EVENTS, length: bool = True
) -> bytes:
    """A request as bytes, however odd its parts."""
    given = {"Host": "desk.example", **headers} | ({"Content-Length": str(len(body))} if length else {})
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + body


def signed(body: bytes, *, ago: int = 0, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The headers with which Slack signs a body, `ago` seconds ago."""
    stamp = str(int(time.time()) - ago)
    digest = hmac.new(secret.encode(), b"v0:%s:%s" % (stamp.encode(), body), hashlib.sha256).hexdigest()
    return {STAMP: stamp, "X-Slack-Signature": f"v0={digest}"}


__all__ = [
    "EVENTS",
    "FORM",
    "MARK",
    "STAMP",
    "Door",
    "asks",
    "open_door",
    "posts",
    "request",
    "signed",
    "typed",
]
