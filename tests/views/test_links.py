"""Cases that a message names lead to their cards."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.views import blocks
from bot.views.links import with_links
from bot.views.message import Message

CARDS = {3: "https://slack.test/archives/C0/p3", 7: "https://slack.test/archives/C0/p7"}


def linked(text: str) -> str:
    message = with_links(Message(text, blocks.rendered([blocks.section(text)])), CARDS)
    assert message.text == text, "a notification's text stays as it is"
    return str(message.blocks[0]["text"]["text"])


def test_each_case_leads_to_its_card() -> None:
    assert linked("Same customer as case 3 and case 7.") == (
        "Same customer as <https://slack.test/archives/C0/p3|case 3> and <https://slack.test/archives/C0/p7|case 7>."
    )
    assert linked("*Overdue: case 7*") == "*Overdue: <https://slack.test/archives/C0/p7|case 7>*"


def test_what_has_no_card_or_is_a_link_already_stays() -> None:
    for text in (
        "case 4, suitcase 3, case 33 and 3 cases",
        "<https://slack.test/x|Case 3 · Jane> with <@U0BEN>",
        "<!date^1^{time}|case 3>",
    ):
        assert linked(text) == text


def test_what_people_wrote_and_plain_text_is_no_link() -> None:
    made = [blocks.header("Case 3"), blocks.quote("like case 3"), blocks.link_to_card(3, CARDS[3])]
    message = Message("", blocks.rendered(made))
    assert with_links(message, CARDS) == message


def test_fields_and_small_print_have_links_too() -> None:
    message = Message("", blocks.rendered([blocks.context("case 3"), blocks.fields([("Of", "case 7")])]))
    assert str(with_links(message, CARDS).blocks).count("https://slack.test/archives") == 2


@given(st.lists(st.sampled_from(["case 3", "Case 7 ", "case 12", "<@U0BEN>", "a & b", " · "]), max_size=400))
def test_links_change_no_word_and_never_break_a_limit(parts: list[str]) -> None:
    text = "".join(parts) or "nothing"
    shown = blocks.section(text).to_dict()["text"]["text"]
    found = linked(shown)
    assert len(found) <= blocks.SECTION_AT_MOST
    assert re.sub(r"<https://[^|>]*\|([^>]*)>", r"\1", found) == shown
