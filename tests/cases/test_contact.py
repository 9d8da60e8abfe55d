"""Numbers and addresses as people type them, and the zones that a number tells."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from cases.contact import Contact, NotAContact, read_contact, zones_of
from cases.words import ContactKind

REGIONS = sorted(region for region in phonenumbers.SUPPORTED_REGIONS if phonenumbers.example_number(region))


@given(st.sampled_from(REGIONS), st.sampled_from(["NATIONAL", "INTERNATIONAL", "E164", "RFC3966"]))
def test_a_number_of_any_country_is_one_number_however_it_is_written(region: str, style: str) -> None:
    example = phonenumbers.example_number(region)
    assert example is not None
    written = phonenumbers.format_number(example, getattr(PhoneNumberFormat, style))
    contact = read_contact(written, region)
    assert contact == Contact(ContactKind.PHONE, phonenumbers.format_number(example, PhoneNumberFormat.E164))
    assert read_contact(contact.spaced, "ZZ") == contact
    assert contact.masked == f"••• ••• {contact.value[-4:]}"


@pytest.mark.parametrize(
    ("typed", "region", "value"),
    [
        ("(415) 555-0132", "US", "+14155550132"),
        (" 415.555.0132 ", "US", "+14155550132"),
        ("+1 415 555 0132", "PH", "+14155550132"),
        ("001 415 555 0132", "DE", "+14155550132"),
        ("0917 123 4567", "PH", "+639171234567"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 (0)20 7946 0018", "US", "+442079460018"),
        ("\u202a+1 (415) 555\u20110132\u202c", "US", "+14155550132"),
        ("+1 415 555 0132", "US", "+14155550132"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("030 901820", "DE", "+4930901820"),
        ("098765 43210", "IN", "+919876543210"),
        ("02 9374 4000", "AU", "+61293744000"),
    ],
)
def test_numbers_are_kept_in_one_form(typed: str, region: str, value: str) -> None:
    assert read_contact(typed, region) == Contact(ContactKind.PHONE, value)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Jane",
        "12",
        "911",
        "+",
        "+1 415 555",
        "415 555 0132 ext. 12",
        "+1 415 555 01321",
        "++1 415",
        "0" * 300,
    ],
)
def test_what_cannot_be_dialled_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(NotAContact) as refused:
        read_contact(typed, "US")
    assert "+1 201-555-0123" in str(refused.value)


def test_an_unknown_region_has_an_example_too() -> None:
    with pytest.raises(NotAContact, match=r"\+1 202 555 0123"):
        read_contact("555", "ZZ")


@pytest.mark.parametrize(
    "typed",
    [
        "jane@",
        "@example.com",
        "jane@example",
        "ja ne@example.com",
        "a@b@c.de",
        "jane@example.com, joe@example.com",
        "jane@example.com?bcc=joe@example.com",
        "jane@example.com?bcc=joe",
        "jane@example.com&cc=joe.example.com",
        "jane@exa|mple.com",
        "jane..doe@example.com",
        ".jane@example.com",
        "jane@-example.com",
        "jane@[127.0.0.1]",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(NotAContact, match="e-mail"):
        read_contact(typed, "US")


def test_an_address_is_kept_in_small_letters_up_to_its_limit() -> None:
    assert read_contact(" Jane.Doe+x@Example.COM ", "US") == Contact(
        ContactKind.EMAIL, "jane.doe+x@example.com"
    )
    longest = "a" * (254 - len("@example.com")) + "@example.com"
    assert read_contact(longest, "US").value == longest
    with pytest.raises(NotAContact):
        read_contact("a" + longest, "US")


def test_a_card_shows_of_a_contact_what_tells_it_from_another() -> None:
    assert read_contact("jane@example.com", "US").masked == "j•••@example.com"
    assert read_contact("jane@example.com", "US").spaced == "jane@example.com"
    assert read_contact("+14155550132", "US").masked == "••• ••• 0132"
    assert read_contact("+14155550132", "US").spaced == "+1 415-555-0132"


def test_a_number_tells_its_zones() -> None:
    def zones(value: str) -> tuple[str, ...]:
        return zones_of(read_contact(value, "US"))

    assert zones("+639171234567") == ("Asia/Manila",)
    assert zones("+14155550132") == ("America/Los_Angeles",)
    assert zones("+442079460018") == ("Europe/London",)
    assert len(zones("+18005550199")) > 1
    assert zones("jane@example.com") == ()


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("jane.doe+x@example.com", "mailto:jane.doe%2Bx@example.com"),
        ("jane?bcc=joe@example.com", "mailto:jane%3Fbcc%3Djoe@example.com"),
        ("a|b&c@example.com", "mailto:a%7Cb%26c@example.com"),
        ("+1 415 555 0132", "tel:+14155550132"),
    ],
)
def test_a_link_leads_to_the_contact_alone(typed: str, link: str) -> None:
    assert read_contact(typed, "US").link == link


def test_an_address_of_any_script_is_kept() -> None:
    assert read_contact("Jörg@Bücher.example.com", "DE").value == "jörg@bücher.example.com"
