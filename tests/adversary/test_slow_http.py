"""`slowhttptest` in each of its modes against a bot at work: its connections are dropped, and Slack's requests answered.

How long they take is measured by hand; a test asserts no time.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.environment.manifest import manifest
from sandbox import SIGNING_SECRET, SandboxClock, Seed
from tests.chaos.running import until
from tests.journeys.floor import PACE, START, Floor
from tests.journeys.knocking import FORM, asks, posts, typed
from tests.patient import patient
from tests.sandbox.program import free_port

CONNECTIONS = 40
PATIENCE = 0.5


@pytest.fixture(scope="module")
def slowhttptest() -> str:
    """Where it is. In CI it has to be there; elsewhere these tests are skipped without it."""
    path = shutil.which("slowhttptest")
    if path is None:
        missing = "no slowhttptest found: install Debian's package slowhttptest"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return path


@dataclass(frozen=True)
class Addresses:
    """Where a bot listens for Slack, and for its operators."""

    slack: int
    monitor: int

    def refused(self) -> float:
        """How many requests and connections were turned away so far."""
        _, page = asks(self.monitor, "GET", "/metrics")
        return sum(map(float, re.findall(r"^askdesk_requests_refused_total\{.*\} (\S+)", page, re.M)))


@pytest.fixture(scope="module")
def desk(slowhttptest: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    """A bot in HTTP mode that is soon out of patience."""
    at = Addresses(free_port(), free_port())
    seed = Seed(manifest(), request_url=f"http://127.0.0.1:{at.slack}/slack/events")
    settings = {
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "HTTP_PORT": str(at.slack),
        "MONITOR_PORT": str(at.monitor),
    }
    database: Path = tmp_path_factory.mktemp("slow") / "askdesk.db"
    with patient(seed, clock=SandboxClock(START)) as sandbox:
        place = Floor(sandbox, f"sqlite:///{database}", replace(PACE, patience=PATIENCE, drain=0.0), settings)
        place.opens()
        yield at
        place.closes()


@pytest.mark.parametrize(
    ("mode", "path"),
    [
        ("-H", "/slack/events"),
        ("-B -s 200000", "/slack/events"),
        ("-R -a 5 -b 3000", "/slack/events"),
        ("-X -w 1 -y 2 -n 5 -z 1 -k 3", "/slack/events"),
    ],
    ids=["slow headers", "slow body", "ranges", "slow read"],
)
def test_slow_clients_are_dropped_and_slack_is_answered(
    desk: Addresses, slowhttptest: str, mode: str, path: str
) -> None:
    before = desk.refused()
    url = f"http://127.0.0.1:{desk.slack}{path}"
    load = ["-c", str(CONNECTIONS), "-r", "200", "-i", "1", "-l", "3", "-u", url]
    command = [slowhttptest, *mode.split(), *load]
    answers = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as attack:
        while attack.poll() is None:
            answers.append(posts(desk.slack, typed(), FORM)[0])
        said = re.sub(r"\x1b\[[0-9;]*m", "", attack.communicate()[0])
    assert set(answers) == {200}, said
    until(lambda: desk.refused() - before >= CONNECTIONS or None, about="all of its connections are dropped")
    assert posts(desk.slack, typed(), FORM)[0] == 200
    assert asks(desk.monitor, "GET", "/readyz")[0] == 200
