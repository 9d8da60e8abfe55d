"""How to reach the customer: a phone number in E.164, or an e-mail address if they prefer that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

import phonenumbers
from phonenumbers import timezone as phone_timezone

from cases.words import ContactKind

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+\.[A-Za-z]{2,}")
"""Where an address may stand in a text; whether it is one, `read_contact` says."""

_UNKNOWN_ZONE = phone_timezone.UNKNOWN_TIMEZONE


@dataclass(frozen=True)
class Contact:
    """A validated contact; `value` is E.164 or a lower-case address, equal for equal contacts."""

    kind: ContactKind
    value: str

    @property
    def masked(self) -> str:
        """What a card may show: `••• ••• 4567`, or `j•••@example.com`; of one that was deleted nothing."""
        if not self.value:
            return "•••"
        if self.kind is ContactKind.PHONE:
            return mask_number(self.value)
        name, _, host = self.value.partition("@")
        return f"{name[0]}•••@{host}"

    @property
    def link(self) -> str:
        """Where a click leads: to dial the number, or to write to the address and to nobody else."""
        if self.kind is ContactKind.PHONE:
            return f"tel:{quote(self.value, safe='+')}"
        return f"mailto:{quote(self.value, safe='@')}"

    @property
    def spaced(self) -> str:
        """The full contact as one dials it: the international format of a number, an address as it is."""
        if self.kind is ContactKind.EMAIL:
            return self.value
        number = phonenumbers.parse(self.value)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def mask_number(number: str) -> str:
    """Its last four digits."""
    return f"••• ••• {''.join(filter(str.isdigit, number))[-4:]}"


class NotAContact(ValueError):
    """The sentence for the field."""


def read_contact(text: str, region: str) -> Contact:
    """A contact from what somebody typed; `region` (ISO 3166) is where a number without + belongs.

    Raises NotAContact with a sentence that says what to enter.
    """
    text = text.strip()
    if "@" in text:
        return Contact(ContactKind.EMAIL, _address(text))
    example = _example(region)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise NotAContact(
            f"This is not a phone number. Enter one like {example}, or an e-mail address."
        ) from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise NotAContact(
            f"This number cannot be dialled. Check the digits; with a country code it looks like {example}."
        )
    return Contact(ContactKind.PHONE, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def split_contact(text: str, region: str) -> tuple[str, str]:
    """Reads customer and contact from one line such as `Jane Doe +1 415 555 0132`; either may be empty."""
    address = _EMAIL.search(text)
    number = next(iter(phonenumbers.PhoneNumberMatcher(text, region)), None)
    if address is not None:
        start, end = address.span()
    elif number is not None:
        start, end = number.start, number.end
    else:
        return " ".join(text.split()), ""
    return " ".join(f"{text[:start]} {text[end:]}".split()), text[start:end]


def zones_of(contact: Contact) -> tuple[str, ...]:
    """The time zones that a number's area has; empty where the number does not tell, and for an address."""
    if contact.kind is ContactKind.EMAIL:
        return ()
    zones = phone_timezone.time_zones_for_number(phonenumbers.parse(contact.value))
    return tuple(zone for zone in zones if zone != _UNKNOWN_ZONE)


def load_address_rules() -> None:
    """Loads what e-mail addresses are read with. A bot does so at its start, so that no ack waits for it."""
    import email_validator  # noqa: F401


def _address(text: str) -> str:
    """An address in small letters, as RFC 5321 and 5322 have it; nobody is asked whether it can be reached."""
    # With its tables of domain names it is slow to load, and whoever starts a command need not wait for it.
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise NotAContact("This is not an e-mail address. Enter one like name@example.com.") from None


def _example(region: str) -> str:
    sample = phonenumbers.example_number(region)
    if sample is None:
        return "+1 202 555 0123"
    return phonenumbers.format_number(sample, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
