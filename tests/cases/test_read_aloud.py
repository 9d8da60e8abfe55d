"""What is read to the customer about the call that waits (docs/policy.md, *What the customer is told*)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.contact import Contact
from cases.playbook import READ_ALOUD
from cases.playbook.read_aloud import read_aloud, unknown
from cases.program import Department, ReadAloud
from cases.words import ContactKind
from tests import build
from tests.build import program

DIRECT = program(direct_contact="1-800-555-0199")


def test_the_customer_hears_who_calls_when_and_on_which_number() -> None:
    assert read_aloud(build.raised(), DIRECT) == (
        "A senior colleague of mine will call you on Monday, November 23 at 11:00 AM, your time, on the number ending in "
        "4567. They'll have read everything you've told me, so you won't have to start over. If we miss each other, we'll "
        "try again around 1:00 PM. Your reference number is 42. If you need us before then, you can reach us directly at "
        "1-800-555-0199. Just give them that number."
    )


def test_what_is_not_known_is_not_said() -> None:
    told = read_aloud(build.raised(), program()) or ""
    assert "reach us directly" not in told
    assert "{" not in told


def test_a_department_calls_by_its_name_and_has_a_contact_of_its_own() -> None:
    case = build.raised(build.escalation(department="IT"))
    it = Department("IT", users=("U0IT",), direct_contact="it@northwind.example")
    told = read_aloud(case, replace(DIRECT, departments=(it,))) or ""
    assert told.startswith("Our IT team will call you on Monday")
    assert "reach us directly at it@northwind.example." in told
    assert "1-800-555-0199" in (read_aloud(case, DIRECT) or "")


def test_who_is_written_to_hears_the_domain_of_the_address() -> None:
    case = build.raised(build.escalation(contact=Contact(ContactKind.EMAIL, "jane@example.com")))
    told = read_aloud(case, program()) or ""
    assert (
        "will write to you on Monday, November 23 by 11:00 AM, your time, at your example.com address."
        in told
    )
    assert "jane" not in told
    assert "miss each other" not in told


def test_the_next_attempt_is_named_with_its_day_where_that_is_another() -> None:
    late = build.raised(build.escalation(due_at=build.NOW + timedelta(hours=11)))
    assert "we'll try again around Tuesday, November 24, 8:00 AM." in (read_aloud(late, program()) or "")


def test_nobody_promises_another_attempt_before_the_last_one() -> None:
    last = replace(build.raised(), unreached=2)
    assert "try again" not in (read_aloud(last, program()) or "")


def test_after_an_attempt_the_next_promise_is_told() -> None:
    assert "at 1:05 PM, your time" in (read_aloud(build.attempted(), program()) or "")


def test_nothing_is_told_where_no_call_is_planned() -> None:
    for case in (build.waiting(), build.closed(), replace(build.raised(), callback=None)):
        assert read_aloud(case, program()) is None


SPANISH = ReadAloud(
    "Spanish",
    "Le llamaremos el {day} a las {time}, al número que termina en {digits}.\n"
    "Puede contactarnos en {contact}. | Su número de caso es {case}.",
)


def test_a_customer_is_told_in_their_language_where_the_program_has_the_text() -> None:
    desk = program(read_aloud=(SPANISH,))
    spanish, french = (build.raised(build.escalation(language=code)) for code in ("es", "fr"))
    assert read_aloud(spanish, desk) == (
        "Le llamaremos el lunes, 23 de noviembre a las 11:00, al número que termina en 4567. Su número de caso es 42."
    )
    assert read_aloud(french, desk) == read_aloud(build.raised(), desk)


def test_english_may_be_the_programs_own() -> None:
    desk = program(read_aloud=(ReadAloud("English", "We'll call on {day} at {time}."),))
    assert read_aloud(build.raised(), desk) == "We'll call on Monday, November 23 at 11:00 AM."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (READ_ALOUD, []),
        (SPANISH.text, []),
        ("On {day} at {hour}", ["{hour}"]),
        ("On {day at {time}", ["{day at {time}"]),
        ("On } and {", ["}", "{"]),
        ("{}", ["{}"]),
    ],
)
def test_what_names_no_fact_is_found(text: str, found: list[str]) -> None:
    assert unknown(text) == found
