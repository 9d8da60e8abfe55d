"""The few blocks that views are made of. slack_sdk's models check the limits; `rendered` turns them into dicts."""

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
OVERFLOW_AT_MOST = 5
"""https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element"""

MENUS = (Action.MORE, Action.STILL_MORE)
"""The overflow menus of a card: a second one, as long as the first, where one cannot hold all entries."""


def mrkdwn(text: str) -> slack.MarkdownTextObject:
    """A text with mentions and bold parts; typed parts are escaped already. `verbatim`: Slack adds no links, channels
    or mentions that we did not write.
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
    """Many lines in as few paragraphs as possible."""
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
    """A case's buttons: the first is the next step and, if `coloured`, has the colour.

    Their block keeps its id over redraws, so a click on a card that is being redrawn still means its button. In App
    Home it names the case's `program`.
    """
    block_id = f"moves_{case}" if program is None else of_program(program, f"moves_{case}")
    buttons = [_button(move, case, coloured=coloured and place == 0) for place, move in enumerate(row)]
    if not overflow:
        return slack.ActionsBlock(elements=[*buttons], block_id=block_id)
    entries = [slack.Option(text=plain(move.label), value=more_value(move, case)) for move in overflow]
    each = -(-len(entries) // -(-len(entries) // OVERFLOW_AT_MOST))
    menus = [
        slack.OverflowMenuElement(options=entries[start : start + each], action_id=action.value)
        for start, action in zip(range(0, len(entries), each), MENUS, strict=False)
    ]
    return slack.ActionsBlock(elements=[*buttons, *menus], block_id=block_id)


def with_moves(text: str, case: int, row: Sequence[Click]) -> slack.Block:
    """A paragraph about a case, with the first of these buttons, if there is one, at its side."""
    if not row:
        return section(text)
    return slack.SectionBlock(
        text=mrkdwn(shorten(text, SECTION_AT_MOST)),
        accessory=_button(row[0], case, coloured=True),
        block_id=f"moves_{case}",
    )


def _button(move: Click, case: int, *, coloured: bool) -> slack.ButtonElement:
    style = "primary" if coloured else None
    return slack.ButtonElement(
        text=plain(move.label), action_id=action_of(move), value=str(case), style=style
    )


def link_to_card(case: int, permalink: str) -> slack.Block:
    """A button that opens the case's card; the click needs nothing but an ack."""
    button = slack.ButtonElement(
        text=plain(f"Open case {case}"), url=permalink, action_id=Action.OPEN_CARD.value, value=str(case)
    )
    return slack.ActionsBlock(elements=[button])


def button(action: Action, value: str) -> slack.Block:
    """A button on a line of its own."""
    element = slack.ButtonElement(text=plain(action.label), action_id=action.value, value=value)
    return slack.ActionsBlock(elements=[element], block_id=action.value)


def beside(case: int, buttons: Iterable[tuple[str, str]]) -> slack.Block:
    """Buttons below a case that is named in another one's form: the action and the label of each."""
    elements = [
        slack.ButtonElement(text=plain(label), action_id=action, value=str(case)) for action, label in buttons
    ]
    return slack.ActionsBlock(elements=elements, block_id=f"beside_{case}")


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
    """The blocks as Slack wants them; raises if a limit is exceeded."""
    return [block.to_dict() for block in blocks]


def message(text: str, blocks: Iterable[slack.Block]) -> Message:
    """A message and its plain fallback."""
    return Message(shorten(text, SECTION_AT_MOST), rendered(blocks))
