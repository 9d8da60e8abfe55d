"""What stands in the place of a message that showed a customer whose data was deleted since.

A line is rendered again from its event, which says nothing any more. A ping, a reminder or a list told how things stood
when it was sent, which nobody knows by now: what is left is which cases it was about.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.views import blocks
from bot.views.bundle import NAME_AT_MOST
from bot.views.message import Message
from bot.views.rules import FACES
from bot.views.standing import short_title
from cases.reminders.rules import Rule
from storage.privacy.redaction import Redaction
from storage.records import NoticeKind

TAKEN_DOWN = {
    NoticeKind.DIGEST: "This digest was taken down because it named a customer whose data was deleted.",
    NoticeKind.HANDOVER: "This handover was taken down because it named a customer whose data was deleted.",
}
INSTEAD = "`/callbacks all` lists the open cases."


def taken_down(kind: NoticeKind) -> Message:
    """In the place of a post that listed cases."""
    return blocks.message(
        f"{TAKEN_DOWN[kind]} {INSTEAD}", [blocks.section(TAKEN_DOWN[kind]), blocks.context(INSTEAD)]
    )


def reminded(found: Redaction, links: Mapping[int, str]) -> Message:
    """In the place of a ping, of many pings in one message, or of a reminder of feedback."""
    if found.target.kind is NoticeKind.COACHING:
        lines = [
            f"A reminder of feedback about {short_title(case, NAME_AT_MOST)}." for _, case in found.calls
        ]
    elif len(found.calls) == 1:
        lines = [f"A reminder about {short_title(case, NAME_AT_MOST)}." for _, case in found.calls]
    else:
        lines = ["*A reminder about several cases*"]
        for rule, case in found.calls:
            name, link = short_title(case, NAME_AT_MOST), links.get(case.number)
            shown = f"<{link}|{name}>" if link else f"*{name}*"
            lines.append(f"• {shown} · {FACES[Rule(rule)].counted}")
    return blocks.message(" ".join(lines).replace("*", ""), list(blocks.packed(lines)))
