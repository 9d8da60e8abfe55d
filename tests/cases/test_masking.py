"""Phone numbers in what somebody typed: masked wherever everybody reads it, in whatever spelling."""

from __future__ import annotations

from dataclasses import replace

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from cases.contact import Contact
from cases.masking import masked_text
from cases.words import ContactKind
from tests import build

CASE = build.raised(build.escalation(phone_region="US"))
REGIONS = ["US", "PH", "GB", "DE", "FR", "IN", "BR", "JP", "ZA"]


@pytest.mark.parametrize(
    "number",
    [
        "+1 212 555 4567", "+12125554567", "212-555-4567", "(212) 555-4567", "1 212 555 4567", "212.555.4567",
        "2125554567", "212 - 555 - 4567", "2 1 2 5 5 5 4 5 6 7", "001 212 555 4567", "212/555/4567",
        "２１２-５５５-４５６７", "٢١٢ ٥٥٥ ٤٥٦٧",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "around", ["{}", "Jane {} Doe", "She is at ({}), not at home.", "tel:{},\nthen mail"]
)
def test_the_customers_own_number_is_masked_in_any_spelling(number: str, around: str) -> None:
    for case in (CASE, replace(CASE, said=replace(CASE.said, phone_region=""))):
        shown = masked_text(around.format(number), case)
        assert "••• ••• 4567" in shown
        assert "555" not in shown
        assert "٥٥٥" not in shown
        assert "５５５" not in shown


@given(
    st.sampled_from(REGIONS),
    st.sampled_from([PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164, PhoneNumberFormat.NATIONAL]),
)
def test_any_other_number_is_masked_too(region: str, style: int) -> None:
    """With its country, or as it is written where the program's numbers belong."""
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert number is not None
    written = phonenumbers.format_number(number, style)
    case = replace(CASE, said=replace(CASE.said, phone_region=region))
    shown = masked_text(f"Call her husband at {written} after six.", case)
    assert written not in shown
    assert shown == f"Call her husband at ••• ••• {str(number.national_number)[-4:]} after six."


@pytest.mark.parametrize(
    "text",
    [
        "", "Charged twice in October.", "on 2026-11-24 at 15:30", "order 100200300, $1,250.00, 12 of 13 items",
        "Case 4711, ref 45-8812", "paid 24.11.2026 and 11/25/2026",
    ],
)  # fmt: skip
def test_other_figures_stay(text: str) -> None:
    assert masked_text(text, CASE) == text


def test_the_case_s_own_address_is_masked() -> None:
    case = build.raised(build.escalation(contact=Contact(ContactKind.EMAIL, "jane@example.com")))
    assert masked_text("wrote from Jane@Example.com to help@example.com", case) == (
        "wrote from j•••@example.com to help@example.com"
    )


def test_a_number_of_an_account_stays_in_its_reference() -> None:
    """Ten digits are an account there; the customer's own number, and one with its country, are masked all the same."""
    assert masked_text("4155550132", CASE, reference=True) == "4155550132"
    assert masked_text("2125554567", CASE, reference=True) == "••• ••• 4567"
    assert masked_text("+1 415 555 0132", CASE, reference=True) == "••• ••• 0132"


@given(st.text(max_size=200))
def test_masking_changes_nothing_but_numbers(text: str) -> None:
    shown = masked_text(text, CASE)
    assert shown == text or "•••" in shown
    assert masked_text(shown, CASE) == shown
