"""Masks phone numbers in texts, as the contact is masked, for everybody who may not see them.

The text is kept as it was typed; whoever may see the contact reads all of it behind *Show number*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from cases.case import Case
from cases.contact import Contact, mask_number
from cases.text import plain_digit
from cases.words import ContactKind

SHORTEST_NUMBER = 7
"""Digits below which nothing is looked for: dates, amounts and case numbers cost no time."""

_DIGIT = re.compile(r"\d")
_BETWEEN = r"[^\w\n]{0,3}"
"""What may stand between two digits of the customer's own number."""


def masked_text(text: str, case: Case, *, reference: bool = False) -> str:
    """The text with every phone number masked, and the case's own contacts in any spelling.

    In a `reference` ten digits are an account rather than a phone number, unless they say so by their form.
    """
    contacts = tuple(one for one in (case.said.contact, case.contact) if one is not None and one.value)
    region = None if reference else case.said.phone_region or _region(contacts)
    return _masked(text, region, contacts)


@lru_cache(maxsize=512)
def _masked(text: str, region: str | None, contacts: tuple[Contact, ...]) -> str:
    shown, end = [], 0
    for start, stop, instead in sorted(_found(text, region, contacts)):
        if start >= end:
            shown += [text[end:start], instead]
        end = max(end, stop)
    return "".join([*shown, text[end:]])


def _found(text: str, region: str | None, contacts: tuple[Contact, ...]) -> Iterator[tuple[int, int, str]]:
    """Where a number or address stands, and what is shown instead."""
    for contact in contacts:
        if contact.kind is ContactKind.EMAIL:
            for address in re.finditer(re.escape(contact.value), text, re.IGNORECASE):
                yield *address.span(), contact.masked
    if len(_DIGIT.findall(text)) < SHORTEST_NUMBER:
        return
    flat = "".join(plain_digit(character) for character in text)
    for contact in contacts:
        if contact.kind is ContactKind.PHONE:
            for own in _spelled(contact.value).finditer(flat):
                yield *own.span(), contact.masked
    for number in phonenumbers.PhoneNumberMatcher(flat, region):
        yield number.start, number.end, mask_number(number.raw_string)


@lru_cache(maxsize=512)
def _spelled(value: str) -> re.Pattern[str]:
    """A number in E.164 in any spelling, with or without its country."""
    number = phonenumbers.parse(value)
    national = phonenumbers.national_significant_number(number)
    digits = _BETWEEN.join(national)
    country = _BETWEEN.join(str(number.country_code))
    return re.compile(
        rf"(?<!\d)(?:(?:\+|00)?{_BETWEEN}{country}{_BETWEEN})?(?:\(?0\)?{_BETWEEN})?{digits}(?!\d)"
    )


def _region(contacts: tuple[Contact, ...]) -> str | None:
    """Where the customer's own number belongs: cases of older versions do not say where numbers without a country do."""
    phones = (one.value for one in contacts if one.kind is ContactKind.PHONE)
    return next((phonenumbers.region_code_for_number(phonenumbers.parse(value)) for value in phones), None)
