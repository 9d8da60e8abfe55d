"""A bot asked to stop exits within seconds, whatever hangs.

Everything that a stop waits for has a limit (`Askdesk.stop`). But a thread waiting for a database, a disk or a drawing
ends only with its process, and an orchestrator kills it half a minute after SIGTERM. Nothing is lost: a transaction is
committed or not, and what was being sent is sent again, marked uncertain.
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
    """Ends the process some seconds after `arm`, with the exit code it would have had."""

    def __init__(self, seconds: float = LONGEST_STOP) -> None:
        self.code = 0
        self.hangs = False
        """Whether something hangs that only the end of the process can stop."""
        self._seconds = seconds
        self._timer: threading.Timer | None = None

    def arm(self) -> None:
        """Starts the countdown; calling it again changes nothing."""
        if self._timer is None:
            self._timer = threading.Timer(self._seconds, self._too_long)
            self._timer.daemon = True
            self._timer.start()

    def disarm(self) -> None:
        """Everything else has ended: the process exits normally, unless something is known to hang."""
        if self.hangs:
            log.warning("something hangs and is abandoned; nothing is lost")
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
