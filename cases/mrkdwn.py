"""How a text from a person gets into a message: escaped, cut to Slack's limits, and mentioning nobody.

Slack decodes `&amp;`, `&lt;` and `&gt;` in mrkdwn and plain_text alike, so both are escaped; rich_text holds
plain strings and is never escaped (https://docs.slack.dev/messaging/formatting-message-text#escaping).
"""

from __future__ import annotations

import re
import unicodedata

from cases.text import clean

ELLIPSIS = "…"

_SPACE = re.compile(r"\s+")
_CUT_ENTITY = re.compile(r"&[a-z]{0,3}\Z")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_JOINER = "\u200d"


def escape(text: str) -> str:
    """The text so that Slack shows it as typed: nobody can make the bot say `<!channel>`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(target: str, label: str) -> str:
    """A link under its label, neither of which ends it early: Slack knows the label by the first `|`."""
    return f"<{escape(target).replace('|', '%7C')}|{escape(label).replace('|', '%7C')}>"


def shorten(text: str, most: int) -> str:
    """An escaped text in at most `most` characters, with `…` where it was cut, never inside an entity.

    Characters are counted as UTF-16 does: no other way to count comes to more.
    """
    return _cut(text, most, _CUT_ENTITY)


def trimmed(text: str, most: int) -> str:
    """The same for a text that stays as it is: in rich text, and as an input's initial value."""
    return _cut(text, most, None)


def inline(text: str, most: int = 400) -> str:
    """A name or reference within a sentence: on one line, escaped, its writing direction kept to itself."""
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
