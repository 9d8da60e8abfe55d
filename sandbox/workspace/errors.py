"""How the stand-in says no."""

from __future__ import annotations


class SlackError(Exception):
    """A refusal that an app gets as `{"ok": false, "error": code}`, with Slack's readable reasons if there are any."""

    def __init__(self, code: str, reasons: list[str] | None = None, **extra: object) -> None:
        super().__init__(code if not reasons else f"{code}: {'; '.join(reasons)}")
        self.code = code
        self.reasons = reasons or []
        self.extra = extra


class NotPossible(Exception):
    """Something a person cannot do in Slack's client right now; the text says why."""
