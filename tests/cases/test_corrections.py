"""What *Correct details* does to a case (docs/policy.md, *Correcting details*)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cases import moves
from cases.case import CallbackState, Case
from cases.contact import Contact
from cases.errors import FieldErrors
from cases.fields import Field
from cases.forms import DetailsForm, Promise, read_details, read_right_contact
from cases.masking import masked_text
from cases.moves import Change
from cases.words import CallbackKind, ContactKind, Disposition
from tests import build
from tests.build import ANA, BEN, CUSTOMER_ZONE, DUE, MIA, NOW, NUMBER, acting, program

RIGHT = Contact(ContactKind.PHONE, "+12125550199")
LOS_ANGELES = "America/Los_Angeles"


def corrected(case: Case, **changes: object) -> Change:
    """By the agent who raised it."""
    details = replace(case.details, **changes)  # type: ignore[arg-type]
    return moves.correct_details(case, acting(ANA, NOW), details, case.related)


def test_what_was_there_before_is_in_the_record_and_what_is_personal_is_sealed_with_it() -> None:
    (event,) = corrected(build.claimed(), customer="Jane Roe", contact=RIGHT, language="es").events
    assert event.facts == {"corrected": "customer,contact,language", "owner": BEN.id, "language": "es"}
    assert event.said == {
        "customer_before": "Jane Doe", "customer": "Jane Roe", "contact_before": NUMBER, "contact": RIGHT.value,
    }  # fmt: skip


def test_the_contact_to_dial_is_the_one_that_is_corrected() -> None:
    """After *Escalate further* on another contact, that one; the form's stays what it was."""
    assert corrected(build.raised(), contact=RIGHT).case.said.contact == RIGHT
    other = replace(build.claimed(), contact=Contact(ContactKind.EMAIL, "jane@example.com"))
    case = corrected(other, contact=RIGHT).case
    assert (case.reach, case.said.contact.value, case.former_contacts) == (
        RIGHT,
        NUMBER,
        ("jane@example.com",),
    )
    assert masked_text("She wrote from jane@example.com", case) == "She wrote from j•••@example.com"


def test_a_contact_in_between_two_further_escalations_stays_masked() -> None:
    case = replace(build.claimed(), contact=Contact(ContactKind.EMAIL, "jane@example.com"))
    again = Promise(DUE, CUSTOMER_ZONE)
    case = moves.escalate_further(case, acting(BEN, NOW), MIA, None, again, RIGHT, "Needs more").case
    assert "jane@" not in masked_text("She wrote from jane@example.com", case)


def test_in_another_zone_the_promise_keeps_its_time_on_the_customers_clock() -> None:
    change = corrected(build.claimed(), zone=LOS_ANGELES)
    moved, callback = change.callbacks
    assert (moved.state, callback.kind, callback.due_at) == (
        CallbackState.MOVED, CallbackKind.CORRECTED, DUE + timedelta(hours=3),
    )  # fmt: skip
    assert (callback.wall.replace(tzinfo=None), change.case.zone) == (
        moved.wall.replace(tzinfo=None), LOS_ANGELES,
    )  # fmt: skip
    assert change.case.said.zone == LOS_ANGELES
    waits = corrected(build.awaiting_sign_off(), zone=LOS_ANGELES)
    assert (waits.callbacks, waits.case.zone) == ((), LOS_ANGELES)


def test_a_time_that_has_passed_there_is_no_promise() -> None:
    with pytest.raises(FieldErrors) as refused:
        corrected(build.claimed(), zone="Europe/London")
    assert refused.value.errors.keys() == {Field.ZONE}


def test_nothing_different_is_no_correction() -> None:
    with pytest.raises(FieldErrors, match="Nothing is different"):
        corrected(build.claimed())


def test_an_attempt_at_a_wrong_number_that_is_put_right_uses_up_nothing() -> None:
    case = replace(build.claimed(), unreached=2)
    again = Promise(DUE + timedelta(hours=2), CUSTOMER_ZONE)
    wrong = Disposition.WRONG_NUMBER
    logged = moves.log_outcome(case, acting(BEN, DUE), wrong, "", again, put_right=True)
    assert (logged.case.unreached, logged.case.awaits_sign_off) == (2, False)
    assert moves.log_outcome(case, acting(BEN, DUE), wrong, "", None).case.awaits_sign_off


def entered(case: Case, **changes: str | None) -> DetailsForm:
    """The form as it opens, with these changes."""
    known = case.details
    return replace(DetailsForm(known.customer, None, None, known.reference, known.language), **changes)


def test_a_text_that_was_not_shown_stays_if_nothing_is_entered_and_one_that_was_is_taken_out() -> None:
    case = build.claimed(build.raised(build.escalation(customer="Jane, 212 555 0155", reference="A-20417")))
    kept = read_details(entered(case, customer=None), case, program())
    assert kept == case.details
    assert read_details(entered(case, customer="Jane", reference=None), case, program()).reference == ""
    plain = build.claimed()
    with pytest.raises(FieldErrors) as refused:
        read_details(entered(plain, customer=" "), plain, program())
    assert refused.value.errors.keys() == {Field.CUSTOMER}


def test_a_number_elsewhere_leaves_the_zone_to_whoever_enters_it() -> None:
    """Not where the known zone is one of the number's, nor during a call, whose outcome asks for the zone."""
    case, far = build.claimed(), "+1 310 555 0177"
    with pytest.raises(FieldErrors) as refused:
        read_details(entered(case, contact=far), case, program())
    assert refused.value.errors.keys() == {Field.ZONE}
    chosen = read_details(entered(case, contact=far, zone=CUSTOMER_ZONE), case, program())
    assert (chosen.zone, chosen.contact.value) == (CUSTOMER_ZONE, "+13105550177")
    assert read_details(entered(case, contact="+1 212 555 0199"), case, program()).zone == CUSTOMER_ZONE
    on_call = build.on_call()
    assert read_details(entered(on_call, contact=far), on_call, program()).contact.value == "+13105550177"


def test_the_right_number_is_another_than_the_wrong_one() -> None:
    case = build.claimed()
    assert read_right_contact(None, None, case, "US") == (None, CUSTOMER_ZONE)
    assert read_right_contact("212 555 0199", None, case, "US") == (RIGHT, CUSTOMER_ZONE)
    for wrong in (NUMBER, "12"):
        with pytest.raises(FieldErrors) as refused:
            read_right_contact(wrong, None, case, "US")
        assert refused.value.errors.keys() == {Field.RIGHT_CONTACT}
    with pytest.raises(FieldErrors) as refused:
        read_right_contact("310 555 0177", None, case, "US")
    assert refused.value.errors.keys() == {Field.ZONE}
