"""Messages read as people read them: names for ids, times in their own zone, no markup."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.driver.names import Names
from sandbox.driver.render import Reader, mentions, render_text
from tests.sandbox_kit.kit import actions, button, element, mrkdwn, options, plain, section

NAMES = Names(
    users={"U0BEN": {"id": "U0BEN", "name": "ben.carter", "real_name": "Ben Carter"}},
    channels={"C0ASK": {"id": "C0ASK", "name": "ask-billing", "kind": "channel", "members": []}},
    usergroups={"S0TLS": {"id": "S0TLS", "handle": "billing-tls", "name": "TLs"}},
)
READER = Reader(NAMES, ZoneInfo("Asia/Manila"), lambda: datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
NINE_IN_MANILA = int(datetime(2026, 11, 24, 1, 5, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U0BEN> and <@U0WHO|who>", "@Ben Carter and @U0WHO"),
        ("<!subteam^S0TLS> <!here> <#C0ASK>", "@billing-tls @here #ask-billing"),
        ("*bold* _soft_ ~gone~ `a_b_c`", "bold soft gone a_b_c"),
        ("2 * 3 * 4, snake_case_name, a*b", "2 * 3 * 4, snake_case_name, a*b"),
        ("<https://x.test|a link> <https://x.test> <mailto:a@x.test>", "a link https://x.test a@x.test"),
        ("Jane &lt;jane&gt; &amp; co", "Jane <jane> & co"),
        (f"<!date^{NINE_IN_MANILA}^{{date_short_pretty}} at {{time}}|never>", "today at 9:05 AM"),
        (f"<!date^{NINE_IN_MANILA}^{{date_long}}|never>", "Tuesday, November 24th, 2026"),
        ("<!date^soon^{time}|some day>", "some day"),
    ],
)
def test_mrkdwn_is_read_without_its_marks(written: str, read: str) -> None:
    assert render_text({"text": written}, READER) == read


def test_a_plain_text_object_is_left_alone() -> None:
    assert (
        render_text({"blocks": [{"type": "header", "text": plain("*5* <@U0BEN>")}]}, READER) == "*5* <@U0BEN>"
    )


def test_blocks_are_read_in_place_of_the_text_for_notifications() -> None:
    message = {
        "text": "only in notifications",
        "blocks": [
            section("Case *1*", accessory=element("overflow", options=options(2))),
            {"type": "divider"},
            {"type": "context", "elements": [mrkdwn("by <@U0BEN>"), plain("today")]},
            {
                "type": "table",
                "rows": [[{"type": "raw_text", "text": "kept"}, {"type": "raw_number", "value": 3}]],
            },
            actions(button("Claim"), element("datepicker", placeholder=plain("Another day"))),
        ],
    }

    assert render_text(message, READER).splitlines() == [
        "Case 1",
        "[⋯ Option 0 · Option 1]",
        "by @Ben Carter  today",
        "kept | 3",
        "[Claim] [Another day]",
    ]
    assert "Claim" not in render_text(message, READER, controls=False)


def test_rich_text_is_read_line_by_line() -> None:
    item = {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0BEN"}]}
    block = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "Those who go:"}]},
            {"type": "rich_text_list", "style": "ordered", "elements": [item, item]},
        ],
    }

    assert render_text({"blocks": [block]}, READER) == "Those who go:\n1. @Ben Carter\n2. @Ben Carter"
    assert mentions({"blocks": [block]}) == {"U0BEN"}


def test_mentions_are_found_where_people_see_them() -> None:
    text = "<@U0BEN> <@U0ANA|ana> <!subteam^S0TLS|@tls> <!channel>"

    assert mentions({"text": text}) == {"U0BEN", "U0ANA", "S0TLS", "channel"}
    assert mentions({"text": text, "blocks": [section("nobody")]}) == set()
    assert mentions({"blocks": [{"type": "header", "text": plain("<@U0BEN>")}]}) == set()
