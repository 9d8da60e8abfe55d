"""What Slack answers, in our own types: who the bot is, a user group, and why a list could not be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """This app in this workspace, as Slack reports at the start."""

    team: str
    app: str
    bot_user: str
    bot_id: str


@dataclass(frozen=True)
class Group:
    """A user group: its handle is what people type after `@`."""

    id: str
    handle: str
    name: str


class ListUnreadable(Exception):
    """Slack could not say who is in a group or channel; the text is Slack's error.

    `gone`: Slack answered that no such id exists any more. `seconds` is how long Slack asks to wait.
    """

    def __init__(self, why: str, *, gone: bool = False, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.gone = gone
        self.seconds = seconds
