"""The table: every fault, what is done about it, and the tests that fail when it is not."""

from __future__ import annotations

from tests.remedies import coming_in, machines, slack

REMEDIES = (*machines.ROWS, *slack.ROWS, *coming_in.ROWS)
