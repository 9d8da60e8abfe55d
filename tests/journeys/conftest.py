"""A floor for each story."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.slack.calls import SLACK_WAITS
from tests.journeys.floor import Floor, floor


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Floor]:
    """The floor on SQLite."""
    with floor(sqlite_url) as place:
        yield place


@pytest.fixture
def hurried(sqlite_url: str) -> Iterator[Floor]:
    """The floor whose Slack waits for three seconds, no longer: for the stories about just that."""
    with floor(sqlite_url, slack_waits=SLACK_WAITS) as place:
        yield place
