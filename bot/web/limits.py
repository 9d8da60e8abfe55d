"""Limits on what clients may use of this process: connections, seconds, bytes."""

from __future__ import annotations

from dataclasses import dataclass

MOST_CONNECTIONS = 256
"""More would not be answered sooner: one event loop answers them all."""

RESERVED_DESCRIPTORS = 192
"""Files and sockets that the bot needs for itself: 50 calls to Slack, the database's connections, the monitor's,
and those that are accepted in one go before the oldest make room for them.
"""

FEWEST_CONNECTIONS = 16


@dataclass(frozen=True)
class Limits:
    """`patience`: seconds for a request's header, again for its body, and again for taking the answer.

    `idle`: seconds that a connection which brought a request of Slack's may wait for the next one. Load balancers must
    be the first to close theirs, and some keep them for ten minutes
    (https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries). Where it gets crowded these make room, too.
    `all_known`: everybody who comes is one of the operators' own, and has as long. `body`: bytes; Slack's longest are a
    tenth of it.
    """

    connections: int = MOST_CONNECTIONS
    patience: float = 5.0
    idle: float = 620.0
    all_known: bool = False
    body: int = 256 * 1024


def connections_within(descriptors: int) -> int:
    """How many connections leave enough of a process's file descriptors for its own work; -1 is no limit."""
    if descriptors < 0:
        return MOST_CONNECTIONS
    return max(FEWEST_CONNECTIONS, min(MOST_CONNECTIONS, descriptors - RESERVED_DESCRIPTORS))
