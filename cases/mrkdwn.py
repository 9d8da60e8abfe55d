"""How a text from a person gets into a message: escaped, cut to Slack's limits, and mentioning nobody.

Slack decodes `&amp;`, `&lt;` and `&gt;` in mrkdwn and plain_text alike, so both are escaped; rich_text holds
plain strings and is never escaped (https://docs.slack.dev/messaging/formatting-message-text#escaping).
"""

from __future__ import annotations

import html
import re
import unicodedata

from cases.text import clean

ELLIPSIS = "…"

_MARKED = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_SPACE = re.compile(r"\s+")
_CUT_ENTITY = re.compile(r"&[a-z]{0,3}\Z")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_JOINER = "\u200d"


def escape(text: str) -> str:
    """The text so that Slack shows it as typed: nobody can make the bot say `<!channel>`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_typed(text: str) -> str:
    """What somebody typed, of the text that Slack makes of it: links as their labels, no mentions, nothing escaped.

    https://docs.slack.dev/messaging/formatting-message-text#parsing
    """
    return html.unescape(_MARKED.sub(_label, text))


def _label(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    return "" if target[:1] in "@#!" else label or re.sub("^(?:mailto|tel):", "", target)


def link(target: str, label: str) -> str:
    """A labelled link that neither its label nor its address can end early: Slack finds the label after the first `|`."""
    return f"<{escape(target).replace('|', '%7C')}|{escape(label).replace('|', '%7C')}>"


def shorten(text: str, most: int) -> str:
    """An escaped text of at most `most` characters, with `…` where it was cut, never inside an entity. Characters are
    counted as in UTF-16: no other count is higher.
    """
    return _cut(text, most, _CUT_ENTITY)


def trimmed(text: str, most: int) -> str:
    """The same for unescaped text: in rich text, and as an input's initial value."""
    return _cut(text, most, None)


def inline(text: str, most: int = 400) -> str:
    """A name or reference within a sentence: on one line, escaped, its writing direction isolated."""
    line = _SPACE.sub(" ", clean(text))
    turns = any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in line)
    short = shorten(escape(line), most - 2)
    return f"{_ISOLATE}{short}{_END_ISOLATE}" if turns else short


def _cut(text: str, most: int, unfinished: re.Pattern[str] | None) -> str:
    if _size(text) <= most:
        return text
    size, end = _size(ELLIPSIS), 0
    for character in text:
        size += _size(character)
        if size > most:
            break
        end += 1
    cut = text[:end]
    if unfinished is not None:
        cut = unfinished.sub("", cut)
    return cut.rstrip().rstrip(_JOINER) + ELLIPSIS


def _size(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
