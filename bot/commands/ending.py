"""The last resort of a process that was asked to stop: it ends within seconds, whatever hangs.

What the desk waits for in a stop has its bounds (`Askdesk.stop`). A thread that waits for a database, a disk or a
drawing cannot be given up, though, but with its process; and an orchestrator kills half a minute after SIGTERM. Nothing
is lost by it: a transaction is kept whole or not at all, and what was being sent comes again, marked uncertain.
"""

from __future__ import annotations

import os
import sys
import threading

import structlog

log = structlog.get_logger(__name__)

LONGEST_STOP = 20.0
"""Seconds from the signal to the end of the process. Usually it takes one or two."""


class LastResort:
    """Ends the process some seconds after `arm`, with the exit code that it would have had."""

    def __init__(self, seconds: float = LONGEST_STOP) -> None:
        self.code = 0
        self.hangs = False
        """Whether something is known to go on that nobody can end."""
        self._seconds = seconds
        self._timer: threading.Timer | None = None

    def arm(self) -> None:
        """The stop begins; a second call changes nothing."""
        if self._timer is None:
            self._timer = threading.Timer(self._seconds, self._too_long)
            self._timer.daemon = True
            self._timer.start()

    def disarm(self) -> None:
        """Everything else has ended: so does the process, by itself, but where something is known to hang."""
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
