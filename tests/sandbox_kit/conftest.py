"""A sandbox with the snack bot in it, and the driver to tell stories with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.driver import Driver
from sandbox.seed import Seed
from tests.patient import patient
from tests.sandbox_kit.snackbot import MANIFEST, Snackbot


@pytest.fixture(scope="module")
def _running() -> Iterator[Driver]:
    with patient(Seed(MANIFEST)) as sandbox, Snackbot(sandbox.api_url):
        slack = Driver(sandbox.url)
        slack.app_connects()
        yield slack


@pytest.fixture
def slack(_running: Driver) -> Driver:
    """A workspace in its first state, with the bot connected."""
    _running.reset()
    return _running
