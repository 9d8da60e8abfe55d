"""The log: structlog for our own lines, the standard library's loggers through the same pipe, nothing personal in it."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import Literal, TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from bot.environment.redact import redact_value

LogFormat = Literal["console", "json"]

_QUIET = ("slack_bolt", "slack_sdk", "aiohttp.access", "apscheduler", "asyncio")
"""Libraries that tell of each request at INFO, or show payloads at DEBUG."""

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ"
_DIGITS = "23456789"


def reference() -> str:
    """A short name for a failure nobody foresaw: shown to the person and written to the log, easy to read aloud.

    Eight characters without 0/O, 1/I/L and U; the first is a letter, so that no redaction takes it for a number.
    """
    rest = (secrets.choice(_LETTERS + _DIGITS) for _ in range(7))
    return secrets.choice(_LETTERS) + "".join(rest)


def redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The processor that blanks tokens, numbers and addresses in every value, tracebacks too."""
    return {key: value if key.startswith("_") else redact_value(value) for key, value in event.items()}


def configure(form: LogFormat, *, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Sets up structlog and the root logger, once per process; calling it again replaces the former set-up.

    Both formats stamp each line in UTC (ISO 8601); `json` writes one object a line.
    """
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
    ]
    after: list[Processor] = [
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        redact_event,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _renderer(form, stream or sys.stderr),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=after))
    root = logging.getLogger()
    for old in list(root.handlers):
        if isinstance(old.formatter, structlog.stdlib.ProcessorFormatter):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _renderer(form: LogFormat, stream: TextIO) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
