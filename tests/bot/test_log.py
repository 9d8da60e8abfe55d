"""The log: both formats, both kinds of logger, and nothing in it that belongs to a customer or opens Slack."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import phonenumbers
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.environment.log import LogFormat, configure, reference
from bot.environment.redact import redact, redact_value

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged; the loggers are put back afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_of_ours_is_one_json_object_with_a_utc_stamp(written: io.StringIO) -> None:
    configure("json", stream=written)
    structlog.stdlib.get_logger("bot.usecases.cases").info("case raised", case=42, owner=None)
    line = json.loads(written.getvalue())
    assert STAMP.fullmatch(line.pop("timestamp"))
    assert line == {
        "event": "case raised",
        "case": 42,
        "owner": None,
        "level": "info",
        "logger": "bot.usecases.cases",
    }


@pytest.mark.parametrize("form", ["json", "console"])
def test_the_librarys_loggers_go_the_same_way(form: LogFormat, written: io.StringIO) -> None:
    configure(form, stream=written)
    logging.getLogger("sqlalchemy.pool").warning("lost %s of %d", "two", 3)
    assert "lost two of 3" in written.getvalue()
    assert STAMP.search(written.getvalue())
    assert written.getvalue().count("\n") == 1


def test_setting_up_again_replaces_the_former_set_up(written: io.StringIO) -> None:
    configure("console", stream=written)
    configure("json", stream=written)
    logging.getLogger("x").warning("once")
    assert written.getvalue().count("once") == 1


def test_debug_lines_and_the_chatter_of_libraries_are_left_out(written: io.StringIO) -> None:
    configure("json", stream=written)
    structlog.stdlib.get_logger("bot").debug("too much")
    logging.getLogger("slack_sdk.web").info("Received the following response")
    assert written.getvalue() == ""


@dataclass(frozen=True)
class Customer:
    """Something whose repr tells too much."""

    number: str


SECRETS = [
    "xoxb-1234-5678-abcDEF",
    "xoxe.xoxp-1-abcdef",
    "xapp-1-A0ASKDESK-sandbox",
    "https://hooks.slack.com/commands/T0/1/abcdef",
    "+1 (202) 555-0123",
    "+12025550123",
    "202.555.0123",
    "020 7946 0018",
    "0917 123 4567",
    "4111 1111 1111 1111",
    "jane.doe+billing@example.co.uk",
]


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_secret_or_personal_is_written(form: LogFormat, secret: str, written: io.StringIO) -> None:
    configure(form, stream=written)
    ours = structlog.stdlib.get_logger("bot")
    ours.info(f"calls {secret} now", to=secret, nested={"a": [secret, (secret,)], secret: 1})
    ours.warning("by %s", secret)
    ours.error("an object", customer=Customer(secret), raw=secret.encode(), problem=ValueError(secret))
    logging.getLogger("other").error("of a library: %s", secret)
    try:
        raise RuntimeError(f"no answer from {secret}")
    except RuntimeError:
        ours.exception("failed")
        logging.getLogger("other").exception("failed as well")
    text = written.getvalue()
    assert text.count("RuntimeError") >= 2
    assert secret not in text
    assert secret.rpartition(" ")[2] not in text


def test_the_hidden_part_says_what_it_was_and_the_rest_can_be_read() -> None:
    assert redact("Ana: call +1 202-555-0123, or jane@example.com.") == "Ana: call [number], or [e-mail]."
    assert redact("token=xoxb-1-2-abc&x=1") == "token=[token]&x=1"
    assert (
        redact("wss://wss.slack.com/link/?ticket=abc-def&app_id=1")
        == "wss://wss.slack.com/link/?ticket=[ticket]&app_id=1"
    )
    assert redact("postgresql+psycopg://ask:secret@db/ask") == "postgresql+psycopg://[login]@db/ask"


@pytest.mark.parametrize(
    "text",
    [
        "case 42, attempt 3 of 3",
        "due 2026-11-24T15:30:00+00:00 (2026-11-24)",
        "at 2026-11-24 15:30:00.123456Z",
        "message 1763890000.000100 in C0ASKBILL",
        "user U0123456789 with W1234567890",
        "http://127.0.0.1:54321/api/",
        "••• ••• 4567",
        "took 0.0123 s",
        "at 0x7f3a12345678",
    ],
)
def test_what_helps_to_find_a_failure_is_kept(text: str) -> None:
    assert redact(text) == text


def test_values_keep_their_kind_where_they_say_nothing_personal() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    kept = {"n": 42, "yes": True, "none": None, "took": 0.123456789, "at": now, "list": [1, "two"]}
    assert redact_value(kept) == kept
    assert redact_value(12025550123) == "[number]"


REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)


@given(
    region=st.sampled_from(REGIONS),
    before=st.sampled_from(["", "call ", "tel:", "<", "number=", "("]),
    after=st.sampled_from(["", ".", " now", ">", "x12", ", 3 times"]),
)
def test_the_numbers_of_every_country_are_hidden_however_they_are_written(
    region: str, before: str, after: str
) -> None:
    example = phonenumbers.example_number(region)
    if example is None:
        return
    for form in (
        phonenumbers.PhoneNumberFormat.E164,
        phonenumbers.PhoneNumberFormat.INTERNATIONAL,
        phonenumbers.PhoneNumberFormat.NATIONAL,
        phonenumbers.PhoneNumberFormat.RFC3966,
    ):
        number = phonenumbers.format_number(example, form)
        if len(re.sub(r"\D", "", number)) >= 7:
            assert number not in redact(f"{before}{number}{after}")


def test_a_reference_is_easy_to_read_aloud_and_never_taken_for_a_number() -> None:
    made = {reference() for _ in range(500)}
    assert len(made) == 500
    for one in made:
        assert re.fullmatch(r"[A-HJKMNP-TV-Z][A-HJKMNP-TV-Z2-9]{7}", one)
        assert redact(f"reference {one}") == f"reference {one}"
