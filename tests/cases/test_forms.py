"""Every field of every form: what is taken, at its limit and beyond it, and all that is wrong told at once."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import forms
from cases.case import Closing, Escalation
from cases.close_form import TYPED, Question
from cases.contact import Contact, read_contact
from cases.errors import FieldErrors, Refusal
from cases.fields import Field
from cases.forms import AUTO_ZONE, EscalationForm, PromiseForm
from cases.program import Hours
from cases.times import instant, wall
from cases.words import (
    ContactKind,
    Disposition,
    Missed,
    Mood,
    NotAttempted,
    Outcome,
    Reason,
    Satisfied,
    Scenario,
    Step,
    Verdict,
    WantedBy,
    Word,
)
from tests import build
from tests.build import ANA, BEN, NOW, program

NY = "America/New_York"
GOOD = EscalationForm(
    customer="Jane Doe",
    contact="(212) 555-4567",
    customer_is="agreed",
    when=PromiseForm("2026-11-23", "11:00", NY),
    scenario="during",
    reasons=("billing_dispute",),
    steps=("listened",),
    details="Charged twice in October; wants the money back.",
    superior=BEN.id,
)
"""At NOW it is 9:00 on Monday 23 November in New York."""


def read(
    form: EscalationForm = GOOD, superior: str | None = None, now: datetime = NOW, **changes: Any
) -> Escalation:
    return forms.read_escalation(replace(form, **changes), program(), ANA.id, superior, now)


def wrong(
    form: EscalationForm = GOOD, superior: str | None = None, now: datetime = NOW, **changes: Any
) -> dict[Word, str]:
    """The sentences of the refused form, by field."""
    with pytest.raises(FieldErrors) as refused:
        read(form, superior, now, **changes)
    assert all(
        sentence.endswith((".", "”.")) and sentence[0].isupper() for sentence in refused.value.errors.values()
    )
    return refused.value.errors


def when(
    day: str | None = "2026-11-23", at: str | None = "11:00", zone: str | None = NY, asked: bool = False
) -> PromiseForm:
    return PromiseForm(day, at, zone, asked)


def test_a_good_form_is_read() -> None:
    said = read(
        reasons=("other", "billing_dispute", "billing_dispute"),
        other_reason=" a broken lift ",
        department="IT",
        reference="  A-4711 ",
        mood="angry",
        language="tl",
    )
    assert said == Escalation(
        customer="Jane Doe",
        contact=Contact(ContactKind.PHONE, "+12125554567"),
        waiting=False,
        due_at=datetime(2026, 11, 23, 16, 0, tzinfo=UTC),
        zone=NY,
        scenario=Scenario.DURING,
        reasons=(Reason.OTHER, Reason.BILLING_DISPUTE),
        details="Charged twice in October; wants the money back.",
        steps=(Step.LISTENED,),
        other_reason="a broken lift",
        superior=BEN.id,
        department="IT",
        reference="A-4711",
        mood=Mood.ANGRY,
        language="tl",
        phone_region="US",
    )


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = wrong(EscalationForm())
    assert set(found) == {
        Field.CUSTOMER,
        Field.CONTACT,
        Field.CUSTOMER_IS,
        Field.DATE,
        Field.TIME,
        Field.SCENARIO,
        Field.REASONS,
        Field.STEPS,
        Field.DETAILS,
        Field.SUPERIOR,
    }
    with pytest.raises(Refusal) as refused:
        read(EscalationForm())
    assert "Customer: Enter the customer's name" in refused.value.sentence


def one(name: str, value: str) -> dict[str, Any]:
    """A change of one field."""
    return {name: value}


TEXTS = [
    # field, its name in the form, the least, the most
    (Field.CUSTOMER, "customer", 1, 80),
    (Field.DETAILS, "details", 20, 1000),
    (Field.REFERENCE, "reference", 0, 80),
]


@pytest.mark.parametrize(("field", "name", "least", "most"), TEXTS, ids=lambda value: str(value))
def test_texts_are_taken_up_to_their_limits(field: Field, name: str, least: int, most: int) -> None:
    for length in (least, most):
        assert getattr(read(**one(name, "é" * length)), name) == "é" * length
    assert getattr(read(**one(name, "  " + "x" * most + "\n")), name) == "x" * most
    assert set(wrong(**one(name, "x" * (most + 1)))) == {field}
    if least:
        assert set(wrong(**one(name, "x" * (least - 1)))) == {field}
        assert set(wrong(**one(name, " " * (least + 5)))) == {field}
    assert set(wrong(**one(name, "4111 1111 1111 1111 is the card"))) == {field}


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        (None, ""),
        ("", ""),
        ("es", "es"),
        ("Spanish", "es"),
        ("TAGALOG", "tl"),
        ("pt-BR", "pt"),
        ("spa", "es"),
    ],
)
def test_a_language_is_one_of_the_list(chosen: str | None, code: str) -> None:
    """A form that was opened before there was a list may bring its name."""
    assert read(language=chosen).language == code


@pytest.mark.parametrize(
    "chosen", ["Elvish", "his wife's number is 555 0123", "<!channel>", "4111 1111 1111 1111", "und"]
)
def test_no_other_word_is_taken_for_a_language(chosen: str) -> None:
    assert wrong(language=chosen) == {Field.LANGUAGE: "Choose a language from the list, or leave it empty."}


def test_the_other_reason_is_asked_for_only_with_other() -> None:
    assert set(wrong(reasons=("other",))) == {Field.OTHER_REASON}
    assert read(reasons=("other",), other_reason="x" * 150).other_reason == "x" * 150
    assert set(wrong(reasons=("other",), other_reason="x" * 151)) == {Field.OTHER_REASON}
    assert read(other_reason="left over").other_reason == ""


def test_one_to_three_reasons_each_once() -> None:
    three = ("billing_dispute", "long_wait", "security")
    assert len(read(reasons=three).reasons) == 3
    assert set(wrong(reasons=())) == {Field.REASONS}
    assert set(wrong(reasons=(*three, "not_heard"))) == {Field.REASONS}
    assert set(wrong(reasons=("billing_dispute", "declined"))) == {Field.REASONS}


def test_de_escalation_is_recorded_or_why_not_and_never_blocks_the_customer() -> None:
    assert read(steps=tuple(Step)).steps == tuple(Step)
    for reason in NotAttempted:
        assert read(steps=(), not_attempted=reason.value).not_attempted is reason
    both = read(not_attempted="refused")
    assert (both.steps, both.not_attempted) == ((Step.LISTENED,), NotAttempted.REFUSED)
    assert set(wrong(steps=())) == {Field.STEPS}
    assert set(wrong(steps=("shouted",))) == {Field.STEPS}
    assert set(wrong(steps=(), not_attempted="no time")) == {Field.NOT_ATTEMPTED, Field.STEPS}


@pytest.mark.parametrize(
    ("field", "name"),
    [
        (Field.SCENARIO, "scenario"),
        (Field.MOOD, "mood"),
        (Field.CUSTOMER_IS, "customer_is"),
        (Field.NOT_ATTEMPTED, "not_attempted"),
    ],
)
def test_a_choice_that_is_not_on_the_list_is_refused(field: Field, name: str) -> None:
    assert set(wrong(**one(name, "nonsense"))) == {field}


@pytest.mark.parametrize("scenario", list(Scenario))
def test_every_scenario_is_taken(scenario: Scenario) -> None:
    assert read(scenario=scenario.value).scenario is scenario


def test_the_superior_is_asked_for_once_and_is_somebody_else() -> None:
    assert read(superior=BEN.id).superior == BEN.id
    assert set(wrong(replace(GOOD, superior=None))) == {Field.SUPERIOR}
    assert set(wrong(replace(GOOD, superior=ANA.id))) == {Field.SUPERIOR}
    assert read(replace(GOOD, superior=ANA.id), BEN.id).superior == BEN.id


def test_a_department_that_is_gone_is_told() -> None:
    assert read(department="").department is None
    assert set(wrong(department="Sales")) == {Field.DEPARTMENT}


def test_an_address_is_taken_with_the_programs_zone() -> None:
    said = read(contact="Jane@Example.com", when=when(zone=AUTO_ZONE))
    assert said.contact == Contact(ContactKind.EMAIL, "jane@example.com")
    assert said.zone == NY
    assert set(wrong(contact="jane@")) == {Field.CONTACT}
    assert set(wrong(contact="555")) == {Field.CONTACT}


@pytest.mark.parametrize("chosen", [None, "", AUTO_ZONE])
def test_the_zone_is_the_numbers_own_where_none_was_chosen(chosen: str | None) -> None:
    assert read(when=when(zone=chosen)).zone == NY
    assert read(contact="+63 917 123 4567", when=when("2026-11-24", "09:00", chosen)).zone == "Asia/Manila"
    assert read(contact="+870 773 111632", when=when(zone=chosen)).zone == NY


def test_a_number_of_many_zones_asks_unless_the_programs_is_one_of_them() -> None:
    assert read(contact="+1 800 555 0199", when=when(zone=AUTO_ZONE)).zone == NY
    assert set(wrong(contact="+7 800 555 35 35", when=when(zone=AUTO_ZONE))) == {Field.ZONE}
    assert read(contact="+7 800 555 35 35", when=when("2026-11-24", "09:00", "Asia/Omsk")).zone == "Asia/Omsk"


def test_a_zone_that_is_none_is_told() -> None:
    assert set(wrong(when=when(zone="Mars/Base"))) == {Field.ZONE}
    assert set(wrong(when=when(zone="Mars/Base"), customer_is="waiting")) == {Field.ZONE}


def test_somebody_who_waits_is_due_now_whatever_stands_in_the_hidden_fields() -> None:
    said = read(customer_is="waiting", when=PromiseForm("2020-01-01", "nonsense", AUTO_ZONE))
    assert (said.waiting, said.due_at, said.zone) == (True, NOW, NY)
    night = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    assert read(now=night, customer_is="waiting", when=PromiseForm()).due_at == night


def test_the_agreed_time_is_in_the_future() -> None:
    assert read(when=when(at="09:01")).due_at == NOW + timedelta(minutes=1)
    assert set(wrong(when=when(at="09:00"))) == {Field.TIME}
    assert set(wrong(when=when(at="08:59"))) == {Field.TIME}
    assert set(wrong(when=when("2026-11-22"))) == {Field.DATE}
    assert "it is 09:00 on 23 Nov in America/New_York" in wrong(when=when(at="08:30"))[Field.TIME]


def test_the_agreed_time_is_within_the_horizon() -> None:
    assert read(when=when("2026-11-30", "09:00")).due_at == NOW + timedelta(days=7)
    found = wrong(when=when("2026-11-30", "09:01"))
    assert set(found) == {Field.DATE}
    assert "Mon 30 Nov, 09:00" in found[Field.DATE]
    wide = program(horizon=timedelta(days=30))
    far = forms.read_when(when("2026-12-20"), NY, wide, NOW)
    assert far.due_at == instant(date(2026, 12, 20), time(11), NY)


@pytest.mark.parametrize("day", ["0001-01-01", "1582-10-15", "9999-12-31"])
@pytest.mark.parametrize("zone", ["Asia/Manila", "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize("at", ["00:00", "23:59"])
def test_a_day_at_the_end_of_the_calendar_is_refused_as_any_other(day: str, zone: str, at: str) -> None:
    assert set(wrong(when=when(day, at, zone))) == {Field.DATE}


@pytest.mark.parametrize(
    ("day", "at", "field"),
    [
        ("", "11:00", Field.DATE),
        ("24.11.", "11:00", Field.DATE),
        ("2026-11-23", "noon", Field.TIME),
        (None, "11:00", Field.DATE),
        ("2026-11-23", None, Field.TIME),
        ("2026-02-30", "11:00", Field.DATE),
        ("2026-11-23", "24:00", Field.TIME),
    ],
)
def test_what_is_no_day_or_time_is_told(day: str | None, at: str | None, field: Field) -> None:
    assert set(wrong(when=when(day, at))) == {field}


def test_outside_calling_hours_only_where_the_customer_asked() -> None:
    tomorrow = "2026-11-24"
    for at in ("08:00", "20:59"):
        assert wall(read(when=when(tomorrow, at)).due_at, NY).strftime("%H:%M") == at
    for at in ("07:59", "21:00", "00:00", "23:59"):
        found = wrong(when=when(tomorrow, at))
        assert set(found) == {Field.TIME}
        assert "Calling hours are 08:00–21:00 in America/New_York" in found[Field.TIME]
        assert wall(read(when=when(tomorrow, at, asked=True)).due_at, NY).strftime("%H:%M") == at
    assert "08:00 on Wed 25 Nov" in wrong(when=when(tomorrow, "21:00"))[Field.TIME]
    assert set(wrong(when=when("2026-11-22", "23:00", asked=True))) == {Field.DATE}


def test_calling_hours_are_the_customers() -> None:
    """11:00 in Manila is late evening in New York; it is the customer's clock that counts."""
    assert read(when=when("2026-11-24", "11:00", "Asia/Manila")).due_at == datetime(
        2026, 11, 24, 3, 0, tzinfo=UTC
    )


GAPS = [
    (NY, "2026-03-08", "02:30", "03:30", datetime(2026, 3, 6, 12, tzinfo=UTC)),
    ("Europe/London", "2026-03-29", "01:30", "02:30", datetime(2026, 3, 27, 12, tzinfo=UTC)),
    ("Australia/Sydney", "2026-10-04", "02:30", "03:30", datetime(2026, 10, 2, 12, tzinfo=UTC)),
    ("Australia/Lord_Howe", "2026-10-04", "02:15", "02:45", datetime(2026, 10, 2, 12, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "day", "at", "instead", "now"), GAPS, ids=lambda value: str(value))
def test_a_time_that_the_night_skips_is_told_and_defined_where_the_customer_insists(
    zone: str, day: str, at: str, instead: str, now: datetime
) -> None:
    nights = program(calling=(Hours(time(0), time(0)),) * 7)
    with pytest.raises(FieldErrors) as refused:
        forms.read_when(when(day, at, zone), zone, nights, now)
    assert set(refused.value.errors) == {Field.TIME}
    assert f"{at} does not exist. Choose {instead}" in refused.value.errors[Field.TIME]
    asked = forms.read_when(when(day, at, zone, asked=True), zone, nights, now)
    assert wall(asked.due_at, zone).strftime("%Y-%m-%d %H:%M") == f"{day} {instead}"


@pytest.mark.parametrize(
    ("zone", "day", "at", "due"),
    [
        (NY, "2026-11-01", "01:30", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("Europe/London", "2026-10-25", "01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Australia/Sydney", "2026-04-05", "02:30", datetime(2026, 4, 4, 15, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
    ],
    ids=lambda value: str(value),
)
def test_a_time_that_the_night_has_twice_is_promised_for_the_first(
    zone: str, day: str, at: str, due: datetime
) -> None:
    found = forms.read_when(when(day, at, zone, asked=True), zone, program(), due - timedelta(days=2))
    assert found.due_at == due


def test_what_a_manager_switched_off_meanwhile_is_told() -> None:
    """The form was open when the reason and the step went; nothing else about it is wrong."""
    desk = program(reasons_off=(Reason.BILLING_DISPUTE,), steps_off=(Step.LISTENED, Step.EMPATHY))
    with pytest.raises(FieldErrors) as refused:
        forms.read_escalation(replace(GOOD, steps=("listened", "apologised")), desk, ANA.id, BEN.id, NOW)
    assert set(refused.value.errors) == {Field.REASONS, Field.STEPS}
    assert "“Billing dispute” is no longer offered" in refused.value.errors[Field.REASONS]
    assert "“Listened without interrupting” is no longer" in refused.value.errors[Field.STEPS]
    other = replace(GOOD, reasons=("long_wait",), steps=("apologised",))
    assert forms.read_escalation(other, desk, ANA.id, BEN.id, NOW).reasons == (Reason.LONG_WAIT,)


# The other forms


def test_a_new_time_stands_in_the_zone_given_unless_another_was_chosen() -> None:
    assert forms.read_when(when(zone=None), NY, program(), NOW).zone == NY
    assert forms.read_when(when(zone=AUTO_ZONE), NY, program(), NOW).zone == NY
    assert forms.read_when(when(zone="America/Chicago"), NY, program(), NOW).zone == "America/Chicago"
    assert forms.read_when(when(), NY, program(), NOW, "us").wanted_by is WantedBy.US


def test_a_reschedule_says_whose_wish_it_was() -> None:
    for nothing in (None, "", "nobody"):
        with pytest.raises(FieldErrors) as refused:
            forms.read_when(when(None, None), NY, program(), NOW, nothing)
        assert set(refused.value.errors) == {Field.DATE, Field.TIME, Field.WANTED_BY}


CLOSE = {"notes": "Refunded the second charge."}


def close(**changes: Any) -> Any:
    return forms.read_closing(build.close_form(**{**CLOSE, **changes}), NY, program(), NOW)


def refused_close(**changes: Any) -> set[Word]:
    with pytest.raises(FieldErrors) as refused:
        close(**changes)
    return set(refused.value.errors)


def test_the_close_form_has_defaults_for_what_may_be_left_out() -> None:
    closing, follow_up = close()
    assert (closing.outcome, closing.satisfied, closing.missed) == (
        Outcome.RESOLVED,
        Satisfied.NOT_ASKED,
        Missed.NONE,
    )
    assert (closing.right_department, closing.assessed_well, closing.granted, follow_up) == (
        None,
        None,
        "",
        None,
    )
    full, _ = close(
        granted="20 USD", satisfied="partly", right_department="no", assessed_well="yes", missed="several"
    )
    assert (full.satisfied, full.missed) == (Satisfied.PARTLY, Missed.SEVERAL)
    assert (full.right_department, full.assessed_well, full.granted) == (Verdict.NO, Verdict.YES, "20 USD")


def test_each_attribute_of_a_closing_is_a_question() -> None:
    assert {one.name for one in fields(Closing)} == {"outcome", *(question.value for question in Question)}
    assert all(question.row.most and question.row.wrong for question in TYPED), "a text has its limits"


def test_the_close_form_is_checked_field_by_field() -> None:
    assert close(notes="x" * 20)[0].notes == "x" * 20
    assert refused_close(notes="x" * 19) == {Question.NOTES}
    assert close(notes="x" * 3000)[0].notes == "x" * 3000
    assert refused_close(notes="x" * 3001) == {Question.NOTES}
    assert close(granted="x" * 500)[0].granted == "x" * 500
    assert refused_close(granted="x" * 501) == {Question.GRANTED}
    assert refused_close(notes="the card is 4111 1111 1111 1111") == {Question.NOTES}
    assert refused_close(outcome=None, notes=None) == {Field.OUTCOME, Question.NOTES}
    assert refused_close(outcome="declined") == {Field.OUTCOME}
    assert refused_close(outcome="unreachable") == {Field.OUTCOME}
    wrong_choices = {"satisfied": "?", "right_department": "?", "assessed_well": "?", "missed": "?"}
    assert refused_close(**wrong_choices) == {
        Question.SATISFIED,
        Question.RIGHT_DEPARTMENT,
        Question.ASSESSED_WELL,
        Question.MISSED,
    }


def test_partly_resolved_needs_its_dated_follow_up() -> None:
    assert refused_close(outcome="partly") == {Field.DATE, Field.TIME}
    assert refused_close(outcome="partly", when=when("2026-11-22")) == {Field.DATE}
    closing, follow_up = close(outcome="partly", when=when("2026-11-25", zone=AUTO_ZONE))
    assert closing.outcome is Outcome.PARTLY
    assert follow_up is not None
    assert (follow_up.zone, follow_up.due_at) == (NY, datetime(2026, 11, 25, 16, 0, tzinfo=UTC))


def test_small_forms() -> None:
    assert forms.read_disposition("voicemail") is Disposition.VOICEMAIL
    signed = forms.read_sign_off(
        build.close_form(None, notes=" Nobody answered in three days. ", missed="one")
    )
    assert (signed.notes, signed.missed) == ("Nobody answered in three days.", Missed.ONE)
    assert (signed.outcome, signed.satisfied) == (Outcome.UNREACHABLE, Satisfied.NOT_ASKED)
    assert forms.read_text("x" * 3000, Field.NOTE) == "x" * 3000
    assert forms.read_text(None, Field.NOTE, required=False) == ""
    assert forms.read_new_contact(" ", "US") is None
    assert forms.read_new_contact("212 555 4568", "US") == read_contact("+12125554568", "US")


@pytest.mark.parametrize(
    ("check", "field"),
    [
        (lambda: forms.read_disposition(None), Field.DISPOSITION),
        (lambda: forms.read_disposition("declined"), Field.DISPOSITION),
        (lambda: forms.read_sign_off(build.close_form(None, notes="too short")), Question.NOTES),
        (lambda: forms.read_sign_off(build.close_form(None)), Question.NOTES),
        (lambda: forms.read_text("", Field.REASON), Field.REASON),
        (lambda: forms.read_text("x" * 3001, Field.NOTE, required=False), Field.NOTE),
        (lambda: forms.read_new_contact("12", "US"), Field.CONTACT),
    ],
)
def test_small_forms_refuse_at_their_field(check: Any, field: Field) -> None:
    with pytest.raises(FieldErrors) as refused:
        check()
    assert set(refused.value.errors) == {field}


def test_a_disposition_is_read() -> None:
    assert forms.read_disposition("busy") is Disposition.BUSY


@given(
    st.timedeltas(timedelta(), timedelta(days=700)),
    st.sampled_from([NY, "Asia/Manila", "Australia/Lord_Howe"]),
)
def test_what_the_forms_propose_they_take(after: timedelta, zone: str) -> None:
    now = NOW + after
    for proposed, least in (
        (forms.proposed_time(program(), zone, now), program().spacing),
        (forms.first_time(program(), zone, now), timedelta(minutes=30)),
    ):
        assert proposed >= now + least
        shown = wall(proposed, zone)
        form = PromiseForm(shown.date().isoformat(), shown.strftime("%H:%M"), zone)
        assert forms.read_when(form, zone, program(), now).due_at == proposed


anything = st.one_of(
    st.none(), st.text(max_size=30), st.sampled_from(["auto", "2026-11-24", "11:00", "other", NY, "waiting"])
)


@given(
    st.builds(
        EscalationForm,
        customer=anything,
        contact=anything,
        customer_is=st.one_of(anything, st.sampled_from(["agreed", "waiting"])),
        when=st.builds(
            PromiseForm, anything, st.one_of(anything, st.times().map(str)), anything, st.booleans()
        ),
        scenario=st.one_of(anything, st.sampled_from(list(Scenario))),
        reasons=st.lists(st.one_of(st.text(), st.sampled_from(list(Reason))), max_size=5).map(tuple),
        other_reason=anything,
        steps=st.lists(st.one_of(st.text(), st.sampled_from(list(Step))), max_size=3).map(tuple),
        not_attempted=anything,
        details=st.text(max_size=100),
        superior=anything,
        department=anything,
        reference=anything,
        mood=anything,
        language=anything,
        repeat=st.booleans(),
    )
)
def test_whatever_is_entered_is_read_or_refused_at_its_fields(form: EscalationForm) -> None:
    found = outcome(form)
    assert found.errors if isinstance(found, FieldErrors) else found.due_at >= NOW


def outcome(form: EscalationForm) -> Escalation | FieldErrors:
    try:
        return read(form)
    except FieldErrors as refused:
        return refused
