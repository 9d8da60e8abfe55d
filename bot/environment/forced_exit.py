"""A bot that was asked to stop ends within seconds, whatever hangs.

Everything that a stop waits for has a limit (`Askdesk.stop`). But a thread that waits for a database, a disk or a
drawing ends only with its process, and an orchestrator kills half a minute after SIGTERM. Nothing is lost: a transaction
is committed or not, and what was being sent is sent again, marked uncertain.
"""

from __future__ import annotations

import os
import sys
import threading

import structlog

log = structlog.get_logger(__name__)

LONGEST_STOP = 20.0
"""Seconds from the signal to the end of the process. Usually it takes one or two."""


class ForcedExit:
    """Ends the process some seconds after `arm`, with the exit code that it would have had."""

    def __init__(self, seconds: float = LONGEST_STOP) -> None:
        self.code = 0
        self.hangs = False
        """Whether something is known to hang that only the process's end can stop."""
        self._seconds = seconds
        self._timer: threading.Timer | None = None

    def arm(self) -> None:
        """The stop begins; a second call changes nothing."""
        if self._timer is None:
            self._timer = threading.Timer(self._seconds, self._too_long)
            self._timer.daemon = True
            self._timer.start()

    def disarm(self) -> None:
        """Everything else has ended; the process ends normally unless something is known to hang."""
        if self.hangs:
            log.warning("something hangs and is left behind; nothing is lost")
            self.now()
        if self._timer is not None:
            self._timer.cancel()

    def now(self) -> None:
        """Ends the process here."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(self.code)

    def _too_long(self) -> None:
        log.error("the stop took too long and is cut short; nothing is lost", seconds=self._seconds)
        self.now()
