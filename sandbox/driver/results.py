"""What came of a gesture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Ack:
    """How the app answered a command, click or shortcut.

    ``acked``: an answer came in time. ``ephemeral``: what only this person then saw, from the app or (when the
    app failed) from Slack. ``warning``: what Slack shows beside a click that went unanswered.
    """

    acked: bool
    ms: float | None = None
    ephemeral: str | None = None
    warning: str | None = None
    error: str | None = None
    raw: Json = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, raw: Json) -> Ack:
        """From the control API's answer."""
        return cls(
            acked=bool(raw.get("acked")),
            ms=raw.get("ack_ms"),
            ephemeral=raw.get("ephemeral"),
            warning=raw.get("warning"),
            error=raw.get("error"),
            raw=raw,
        )


@dataclass(frozen=True)
class Result:
    """What came of pressing a modal's submit button.

    ``errors``: what stands at fields, by their labels. ``closed``: the modal is gone. ``asked``: the app heard of
    it (False when Slack's own client refused). ``notice``: what Slack says when the app gave no proper answer.
    """

    errors: dict[str, str]
    closed: bool
    asked: bool
    acked: bool
    ms: float | None = None
    notice: str | None = None
    raw: Json = field(default_factory=dict, repr=False)

    @property
    def ok(self) -> bool:
        """Submitted without an error at any field."""
        return self.acked and not self.errors and self.notice is None
