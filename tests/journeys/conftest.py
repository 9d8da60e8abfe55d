"""A floor for each story."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.floor import Floor, floor


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Floor]:
    """The floor on SQLite."""
    with floor(sqlite_url) as place:
        yield place
