"""Blanking costs as much as the text is long, whatever the text is, and what is too long is cut without a secret's half."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.environment.redact import LONGEST, redact, redact_all, redact_value

SHORT, TIMES = 1_000, 16
"""Sixteen times the text may take sixteen times the work; quadratic work would be 256 times as much."""
TOO_MUCH = 6 * TIMES


def work(text: str) -> int:
    """What blanking this thread's text takes, as the least of several tries: neither sleep nor other processes count."""
    least = 1 << 62
    for _ in range(4):
        began = time.thread_time_ns()
        redact_all(text)
        least = min(least, time.thread_time_ns() - began)
    return least


def grows_with_its_square(begin: str, pump: str, end: str) -> bool:
    """Whether a text that repeats `pump` takes much more than as many times the work as it is longer.

    A doubling again and again, so that one lucky measure says nothing: 16 times at once.
    """
    few = max(1, SHORT // len(pump))
    floor = work("word " * (SHORT // 5))  # below it the clock is too coarse to compare
    return work(begin + pump * few * TIMES + end) > TOO_MUCH * max(work(begin + pump * few + end), floor)


@pytest.mark.parametrize(
    ("begin", "pump", "end"),
    [
        ("", "a", ""),
        ("", "a", "://"),
        ("", "a", "@"),
        ("x@", "a", ""),
        ("x@", "a.", "1"),
        ("", "a@", ""),
        ("", "a@a.b", "."),
        ("", "a:", "@"),
        ("a://", "b:", ""),
        ("", "a://b:", ""),
        ("", "a://b:c@", ""),
        ("", "1", "a"),
        ("", "1-", "a"),
        ("", "+1", ""),
        ("", "1   ", "x"),
        ("2026-11-24 15:30:00.", "1", "+"),
        ("", "xoxb-", " "),
        ("", "xapp", ""),
        ("", "axoxb", "-"),
        ("", "xoxbxapp-", ""),
        ("", "ticket=", "&"),
        ("", "https://hooks.slack.com/", ""),
        ("", "é", ""),
    ],
)
def test_the_work_grows_as_the_text(begin: str, pump: str, end: str) -> None:
    assert not grows_with_its_square(begin, pump, end)


SIGNS = st.text(alphabet="a1.@:/+-= x=&\n", min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(begin=SIGNS, pump=SIGNS, end=SIGNS)
def test_the_work_grows_as_the_text_whatever_it_repeats(begin: str, pump: str, end: str) -> None:
    assert not grows_with_its_square(begin, pump, end)


WORDS = st.sampled_from(
    ["call", "case 42", "+1 202 555 0123", "jane@example.com", "xoxb-1-abc", "a://u:p@h/d", "\n", "."]
)


@given(st.lists(WORDS, max_size=12), st.sampled_from([" ", ",", "=", "\n"]))
def test_what_is_blanked_once_is_not_blanked_again(words: list[str], between: str) -> None:
    once = redact(between.join(words))
    assert redact(once) == once


SECRETS = [
    "+1 202 555 0123",
    "4111 1111 1111 1111",
    "jane.doe@example.com",
    "xoxb-1234-5678-abcDEF",
    "postgresql://ask:opensesame@db/ask",
    "https://hooks.slack.com/commands/T0/1/abcdef",
    "ticket=abcdef-abcdef",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("filling", ["word ", "w", "7", "é. "])
def test_a_long_text_is_cut_and_shows_no_half_of_a_secret(
    secret: str, filling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the cut falls."""
    monkeypatch.setattr("bot.environment.redact.LONGEST", 400)
    room = filling * (400 // len(filling))
    for before in range(400 - len(secret) - 2, 401):
        shown = redact(f"{room[:before]} {secret} and more" + " and more" * 10)
        assert shown.endswith("[cut]")
        assert not re.search("xoxb-1|open|jane|abc|202|555|4111", shown), shown


def test_the_cut_is_said() -> None:
    assert redact("word " * LONGEST).endswith("[cut]")
    assert redact("word").endswith("word")
    assert redact_value({"a": ["word " * LONGEST]}) == {"a": [redact("word " * LONGEST)]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a@b.com1@c.de", "[e-mail]"),
        ("a@b@c.de", "[e-mail]"),
        ("see jane@example.com.", "see [e-mail]."),
        ("me@here and you@there.org", "me@here and [e-mail]"),
        ("jane@example.com1", "[e-mail]1"),
        ("a@b", "a@b"),
        ("@@@", "@@@"),
        ("x+y://u:p@h", "x+y://[login]@h"),
        ("see https://u:p@h/ and http://h:80/a", "see https://[login]@h/ and http://h:80/a"),
    ],
)
def test_addresses_and_logins(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize("glued", ["", "7", "a", "é", "_", "token"])
@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("xoxb-1234-5678-abcDEF", "[token]"),
        ("xoxe.xoxp-1-abc", "[token]"),
        ("xapp-1-A0-1-abc", "[token]"),
        ("ticket=abcdef-abcdef", "ticket=[ticket]"),
        ("https://hooks.slack.com/actions/T1/2/abc", "[response address]"),
        ("https://hooks.slack-gov.com/actions/T1/2/abc", "[response address]"),
    ],
)
def test_whatever_is_glued_to_a_secret_the_secret_is_blanked(glued: str, secret: str, shown: str) -> None:
    assert redact(f"see {glued}{secret} there") == f"see {glued}{shown} there"
