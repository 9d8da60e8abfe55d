"""Two hundred hostile texts: what people (and what is not people) type into forms."""

from __future__ import annotations

from collections.abc import Iterator

MENTIONS = (
    "<!channel>", "<!here>", "<!everyone>", "<@U0OTTO>", "<@U0OTTO|Otto>", "<#C0RANDOM>", "<#C0RANDOM|random>",
    "<!subteam^S0MANAGERS>", "<!subteam^S0MANAGERS|@managers>", "<!date^1392734382^{date}^https://evil.example|soon>",
    "@channel", "@here", "@everyone", "&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "&#60;!channel&#62;",
    "\uff1c!channel\uff1e", "<\u200b!channel>", "<!\u200bchannel>", "<!channel", "!channel>", "<<!channel>>",
)  # fmt: skip
LINKS = (
    "<https://evil.example|Claim>", "<https://evil.example>", "<http://evil.example|https://askdesk.example>",
    "<mailto:evil@evil.example|Write to us>", "<tel:+19005550100|Call>", "<javascript:alert(1)|Open>",
    "<slack://user?team=T0&id=U0|Mia Grant>", "[Claim](https://evil.example)", "<https://evil.example|<!channel>>",
    "<https://evil.example|a|b>",
)  # fmt: skip
MARKS = (
    "*bold* _slant_ ~gone~ `code`", "```\nclosed\n```", ">>> all of it\nand more", "> quoted\n>quoted",
    ":rotating_light:" * 9,
    "*Case 1 · closed*", "• Claimed by Mia", "\n\n\n*With <@U0BEN>*", "_" * 60, "*" * 60, "`" * 61,
)  # fmt: skip
DIRECTIONS = (
    "\u202egnp.exe", "\u202e\u202d\u202a\u202b\u202c", "\u2066isolate\u2069", "\u2067\u2068\u2069", "\u061carabic",
    "\u200frtl\u200e",
    "שלום עולם", "مرحبا بالعالم", "שלום (Jane) 123", "\u202eevoba\u202c above", "\u2067<!channel>\u2069",
)  # fmt: skip
UNSEEN = (
    "z\u200be\u200br\u200bo", "\ufeffmark", "\u2060\u2061\u2062", "soft\u00adhyphen", "\u180emongolian",
    "tag\U000e0041\U000e007f",
    "\u3164hangul", "\u115f\u1160", "a\u034fb", "\ufff9note\ufffa\ufffb",
)  # fmt: skip
STORMS = (
    "Z\u0351\u036b\u0343\u036a\u0342" * 40, "e\u0301" * 100, "\u0e01\u0e49\u0e49\u0e49\u0e49" * 30, "\U0001d6a8" * 50,
    "ﷺ" * 60,
    "𒐫" * 50, "ㅤ" * 40, "👩‍👩‍👧‍👦" * 60, "🏴󠁧󠁢󠁥󠁮󠁧󠁿" * 20, "🇵🇭" * 100, "😀" * 300, "x" * 900, "word " * 190,
    "\n" * 200 + "end",
)  # fmt: skip
CONTROLS = (
    "nul\u0000here", "bell\u0007", "esc\u001b[31mred\u001b[0m", "back\u0008\u0008\u0008space", "vt\u000bff\u000c",
    "line\u2028para\u2029end",
    "carriage\rreturn", "crlf\r\nline", "next\u0085line", "\u009b31mred", "tab\there", "delete\u007f",
)  # fmt: skip
FORMULAS = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "de;=cmd|' /C calc'!A0", 'x","=1+1',
    "=HYPERLINK(\"http://evil.example\")",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20A1", "a\n=1+1", "'=1+1", '"=1+1"', "|=1+1", " =1+1",
)  # fmt: skip
CODE = (
    "'; DROP TABLE cases; --", "' OR '1'='1", '{"blocks": []}', '"}]}', "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    "{0.__class__}",
    "%s%s%n", "$(reboot)", "`reboot`", "../../etc/passwd", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "\\u202e\\x00\\n", "NULL", "None", "undefined", "[token] [number]", "xoxb-1-not-a-token", "{'a': 1}", "]]>",
    "<!--", "&nbsp;&lt;&gt;",
)  # fmt: skip
FAMILIES = (MENTIONS, LINKS, MARKS, DIRECTIONS, UNSEEN, STORMS, CONTROLS, FORMULAS, CODE)

CARDS = (
    "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "4111 - 1111 - 1111 - 1111",
    "4111/1111/1111/1111",
    "4111,1111,1111,1111", "4111\n1111\n1111\n1111", "4111\u20091111\u20091111\u20091111",
    "4111\u00ad1111\u00ad1111\u00ad1111",
    "4111\u200b1111\u200b1111\u200b1111",
    "4\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1\u200b1",
    "\uff14\uff11\uff11\uff11 \uff11\uff11\uff11\uff11 \uff11\uff11\uff11\uff11 \uff11\uff11\uff11\uff11",
    "378282246310005", "3782 822463 10005",
    "5555.5555.5555.4444", "card 6011 1111 1111 1117 exp 12/30",
)  # fmt: skip

WHOLE = 200


def hostile() -> Iterator[str]:
    """Each text by itself, then within a sentence, until there are two hundred; card numbers are not among them."""
    count = 0
    for around in ("{}", "She said {} twice"):
        for family in FAMILIES:
            for text in family:
                if count == WHOLE:
                    return
                count += 1
                yield around.replace("{}", text)
