"""The few blocks that the views are made of. slack_sdk's models check the limits, `rendered` makes dicts of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from slack_sdk.models import blocks as slack

from bot.views.ids import Action, action_of, more_value, of_program
from bot.views.message import Json, Message
from cases.moves import Click
from cases.mrkdwn import shorten, trimmed

SECTION_AT_MOST = 3000
FIELD_AT_MOST = 2000
HEADER_AT_MOST = 150
CONTEXT_AT_MOST = 10


def mrkdwn(text: str) -> slack.MarkdownTextObject:
    """A text with mentions and bold parts; what people typed in it is escaped already.

    `verbatim`: Slack makes no links, channels or mentions of it that we did not write.
    """
    return slack.MarkdownTextObject(text=text, verbatim=True)


def plain(text: str) -> slack.PlainTextObject:
    """A text shown as it is: no formatting, no `:emoji:`."""
    return slack.PlainTextObject(text=text, emoji=False)


def header(text: str) -> slack.Block:
    """The title of a message."""
    return slack.HeaderBlock(text=plain(shorten(text, HEADER_AT_MOST)))


def section(text: str) -> slack.Block:
    """A paragraph."""
    return slack.SectionBlock(text=mrkdwn(shorten(text, SECTION_AT_MOST)))


def fields(pairs: Iterable[tuple[str, str]]) -> slack.Block:
    """Facts in two columns, each under its name."""
    return slack.SectionBlock(
        fields=[mrkdwn(shorten(f"*{name}*\n{value}", FIELD_AT_MOST)) for name, value in pairs]
    )


def context(*texts: str) -> slack.Block:
    """Small grey print."""
    return slack.ContextBlock(
        elements=[mrkdwn(shorten(text, SECTION_AT_MOST)) for text in texts[:CONTEXT_AT_MOST]]
    )


def quote(text: str) -> slack.Block:
    """What somebody wrote, exactly as typed: rich text parses nothing."""
    part = slack.RichTextElementParts.Text(text=trimmed(text, SECTION_AT_MOST))
    return slack.RichTextBlock(elements=[slack.RichTextQuoteElement(elements=[part])])


def packed(lines: Iterable[str]) -> Iterator[slack.Block]:
    """Many lines in as few paragraphs as hold them."""
    held = ""
    for line in lines:
        line = shorten(line, SECTION_AT_MOST)
        if held and len(f"{held}\n{line}".encode("utf-16-le")) // 2 > SECTION_AT_MOST:
            yield section(held)
            held = line
        else:
            held = f"{held}\n{line}" if held else line
    if held:
        yield section(held)


def moves(
    case: int,
    row: Sequence[Click],
    overflow: Sequence[Click] = (),
    *,
    coloured: bool = True,
    program: int | None = None,
) -> slack.Block:
    """A case's buttons: the first is the next step and, where `coloured`, bears the colour.

    Their block keeps its id over redraws, so that a click on a card that is being redrawn still means its button. In
    App Home it names the case's `program`.
    """
    block_id = f"moves_{case}" if program is None else of_program(program, f"moves_{case}")
    buttons = [
        slack.ButtonElement(
            text=plain(move.label),
            action_id=action_of(move),
            value=str(case),
            style="primary" if coloured and place == 0 else None,
        )
        for place, move in enumerate(row)
    ]
    if not overflow:
        return slack.ActionsBlock(elements=[*buttons], block_id=block_id)
    entries = [slack.Option(text=plain(move.label), value=more_value(move, case)) for move in overflow]
    return slack.ActionsBlock(
        elements=[*buttons, slack.OverflowMenuElement(options=entries, action_id=Action.MORE.value)],
        block_id=block_id,
    )


def link_to_card(case: int, permalink: str) -> slack.Block:
    """A button that opens the case's card; the click needs nothing but an ack."""
    button = slack.ButtonElement(
        text=plain(f"Open case {case}"), url=permalink, action_id=Action.OPEN_CARD.value, value=str(case)
    )
    return slack.ActionsBlock(elements=[button])


def with_button(
    text: str, label: str, action: Action, value: str, block_id: str, *, coloured: bool = False
) -> slack.Block:
    """A paragraph with a button at its side."""
    button = slack.ButtonElement(
        text=plain(label), action_id=action.value, value=value, style="primary" if coloured else None
    )
    return slack.SectionBlock(
        text=mrkdwn(shorten(text, SECTION_AT_MOST)), accessory=button, block_id=block_id
    )


def rendered(blocks: Iterable[slack.Block]) -> list[Json]:
    """The blocks as Slack wants them; a limit that is broken raises here."""
    return [block.to_dict() for block in blocks]


def message(text: str, blocks: Iterable[slack.Block]) -> Message:
    """A message and its plain fallback."""
    return Message(shorten(text, SECTION_AT_MOST), rendered(blocks))
