"""`/invite @somebody`, which is Slack's own command: any bot may be waiting for its invitation."""

from __future__ import annotations

from sandbox.workspace.happenings import Happenings
from sandbox.workspace.model import Channel, User
from sandbox.workspace.workspace import Workspace

COMMAND = "/invite"


def invite(
    workspace: Workspace, happenings: Happenings, by: User, channel: Channel, text: str
) -> tuple[bool, str]:
    """Lets those in who are named after an `@`; whether that was done, and what Slackbot says of it."""
    names = [name.strip() for name in text.split("@") if name.strip()]
    if channel.kind in ("im", "mpim"):
        return False, "Nobody can be invited to a direct message."
    if not names:
        return False, "Say whom to invite, as in /invite @somebody."
    found = [(name, workspace.user(name)) for name in names]
    unknown = [name for name, user in found if user is None]
    if unknown:
        return False, f"Nobody here is called {' or '.join(unknown)}."
    users = [user for _, user in found if user is not None]
    new = [user for user in users if user.id not in channel.members]
    for user in new:
        happenings.invite(channel, user.id, by.id)
    if not new:
        there = " and ".join(user.real_name for user in users)
        return False, f"Already in this channel: {there}."
    return True, f"You invited {' and '.join(user.real_name for user in new)}."
