"""A book for each test, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.storage.book import Book, opened


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    """An empty book."""
    with opened(database_url) as found:
        yield found
