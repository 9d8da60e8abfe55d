"""What is left of a message that showed a customer whose data was deleted since."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.views.redacted import reminded, taken_down
from cases.case import Case
from cases.reminders.rules import Rule
from storage.outbox.next_notice import BUNDLE_AT_MOST
from storage.privacy.redaction import Redaction
from storage.records import Notice, NoticeKind
from tests import build
from tests.build import DUE, NOW
from tests.retention import blanked
from tests.views.reading import assert_postable, mentioned, shown

PROGRAM = build.program()


def case(number: int, *, deleted: bool) -> Case:
    raised = build.raised(number=number)
    return blanked(raised, DUE) if deleted else raised


def redaction(kind: NoticeKind, *calls: tuple[str, Case]) -> Redaction:
    notice = Notice(1, PROGRAM.id, PROGRAM.channel, NoticeKind.REDACTION, None, NOW, 0, uncertain=False)
    return Redaction(notice, replace(notice, id=2, kind=kind), PROGRAM, "1.0", calls)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (NoticeKind.PING, "A reminder about case 7 (name deleted)."),
        (NoticeKind.COACHING, "A reminder of feedback about case 7 (name deleted)."),
    ],
)
def test_a_reminder_says_which_case_it_was_about(kind: NoticeKind, says: str) -> None:
    message = reminded(redaction(kind, (Rule.DUE.value, case(7, deleted=True))), {})
    assert_postable(message)
    assert (shown(message), message.text, mentioned(message)) == (says, says, set())


def test_many_pings_name_those_who_are_still_known() -> None:
    """Who was deleted is not; the cards of all are linked where they are known."""
    calls = [
        (Rule.OVERDUE.value, case(number, deleted=number == 7)) for number in range(1, BUNDLE_AT_MOST + 1)
    ]
    message = reminded(redaction(NoticeKind.PING, *calls), {8: "https://x.slack.com/archives/C1/p1"})
    assert_postable(message)
    assert "• *case 7 (name deleted)* · overdue" in shown(message)
    assert "• <https://x.slack.com/archives/C1/p1|case 8 (Jane Doe)> · overdue" in shown(message)
    assert shown(message).count("Jane Doe") == BUNDLE_AT_MOST - 1


@pytest.mark.parametrize("kind", [NoticeKind.DIGEST, NoticeKind.HANDOVER])
def test_a_list_is_taken_down_whole(kind: NoticeKind) -> None:
    message = taken_down(kind)
    assert_postable(message)
    assert f"This {kind.value} was taken down" in message.text
