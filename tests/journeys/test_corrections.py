"""A wrong number or name is put right, on the card or once the wrong number was called (docs/policy.md, *Correcting details*)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sandbox.driver import PATIENCE
from tests.journeys.floor import ASK, FORM, Floor, stored_at
from tests.journeys.telling import (
    calls,
    is_told_why_not,
    logs,
    nothing_happens,
    number,
    opens,
    record,
    tries_in_vain,
)

RIGHT = "+1 212 555 0199"
WRONG = "••• ••• 0132"


def test_the_agent_puts_a_wrong_number_right_before_anybody_calls_it(desk: Floor) -> None:
    """The form tells only what everybody may see; the owner is mentioned, and looks up the right number."""
    card = desk.claimed()
    modal = opens(desk.ana, "Correct details", on=card)
    assert modal.labels() == [
        "Customer",
        "Contact number",
        "Time zone",
        "Account or call reference",
        "Language",
    ]
    assert (modal.value("Customer"), modal.value("Contact number")) == ("Jane Doe", None)
    assert f"Now {WRONG}. Leave it empty if it is right." in modal.text
    assert modal.submit({"Customer": "Jane Roe", **number(RIGHT)}).closed
    line = desk.ben.sees("Ana Reyes corrected case 1", in_=card)
    assert f"Customer: Jane Doe → Jane Roe · Contact number: {WRONG} → ••• ••• 0199" in line.text
    assert desk.ben.is_mentioned(line)
    card = card.becomes("Case 1 · Jane Roe")
    assert "••• ••• 0199" in card.text
    assert WRONG not in card.text
    assert "1:05 PM in New York" in card.text
    desk.ben.clicks("Show number", on=card, within=PATIENCE)
    assert "+1 212-555-0199" in desk.ben.modal("Show number").text
    everything = json.dumps([one.raw for one in (*desk.slack.channel(ASK).messages(), *card.thread())])
    assert not [
        text for text in ("5550132", "555 0132", "5550199", "555 0199", "555-0199") if text in everything
    ]


def test_it_is_checked_as_in_the_form_for_a_new_case(desk: Floor) -> None:
    """Each mistake at its field; if nothing differs, that is said; the owner and a manager may as well, nobody else."""
    card = desk.claimed()
    with nothing_happens(desk, card):
        modal = opens(desk.ben, "Correct details", on=card)
        assert "Nothing is different" in modal.submit().errors["Customer"]
        wrong = {
            **number("12"),
            "Customer": "Jane 4111 1111 1111 1111",
            "Account or call reference": "4111111111111111",
        }
        assert modal.submit(wrong).errors.keys() == {
            "Contact number",
            "Customer",
            "Account or call reference",
        }
        modal.close()
        opens(desk.mia, "Correct details", on=card).close()
        is_told_why_not(desk, desk.tess, "Correct details", "Only the owner (@Ben Carter)", on=card)


def test_a_number_elsewhere_does_not_change_the_time_zone_unasked(desk: Floor) -> None:
    """Whoever corrects it chooses; the promise keeps its time on the customer's clock."""
    card = desk.claimed()
    modal = opens(desk.ana, "Correct details", on=card)
    refused = modal.submit(number("+1 310 555 0177"))
    assert refused.errors == {
        "Time zone": "The new number is not in New York. Choose the customer's time zone."
    }
    refused = modal.submit({"Time zone": "Europe/London"})
    assert "Nobody can call at 13:05 on Mon 23 Nov in London." in refused.errors["Time zone"]
    assert modal.submit({"Time zone": "America/Los_Angeles"}).closed
    line = desk.ben.sees("Time zone: America/New_York → America/Los_Angeles", in_=card)
    assert "1:05 PM in Los Angeles" in line.text
    assert "Time zone corrected" in card.becomes("1:05 PM in Los Angeles").text
    desk.clock.reaches(datetime(2026, 11, 23, 21, 5, tzinfo=UTC))
    assert desk.ben.is_mentioned(desk.ben.sees("is the agreed time", in_=card))


def test_the_wrong_number_asks_for_the_right_one(desk: Floor) -> None:
    """The promise goes on with it, even after the last attempt: nobody has tried to reach the customer there."""
    card = desk.claimed()
    tries_in_vain(desk, card, times=2)
    desk.clock.passes(hours=2)
    modal = logs(desk.ben, "Wrong or invalid number", on=card)
    modal.shows("Without the right number, a manager now decides")
    refused = modal.submit({"The right number": "+1 212 555 0132"})
    assert "This is the number that was wrong" in refused.errors["The right number"]
    assert modal.submit({"The right number": RIGHT}).closed
    desk.ben.sees("(attempt 3): Wrong or invalid number", in_=card)
    desk.ben.sees(f"corrected case 1: Contact number: {WRONG} → ••• ••• 0199", in_=card)
    card = card.becomes("••• ••• 0199")
    assert "2 of 3 attempts used" in card.text
    assert card.buttons()[0] == "Calling now"
    assert [kind for _, kind, _ in record(desk)][-2:] == ["attempted", "corrected"]


def test_without_the_right_number_a_wrong_one_is_an_attempt_like_any_other(desk: Floor) -> None:
    card = desk.claimed()
    calls(desk.ben, on=card)
    modal = logs(desk.ben, "Wrong or invalid number", on=card)
    modal.shows("next call?")
    assert modal.submit().closed
    desk.ben.sees("(attempt 1): Wrong or invalid number", in_=card)
    assert "1 of 3 attempts used" in card.becomes("attempts used").text


def test_the_same_customer_is_found_by_the_corrected_number_and_no_longer_by_the_wrong_one(
    desk: Floor,
) -> None:
    """The case is linked with the customer's earlier one; a new one is warned of by the right number only."""
    desk.escalates(**number(RIGHT))
    card = desk.escalates(**number("+1 212 555 0155"))
    modal = opens(desk.ana, "Correct details", on=card)
    assert modal.submit(number(RIGHT)).closed
    assert "Repeat contact: case 1" in card.becomes("Repeat contact").text
    for digits, warned in ((RIGHT, True), ("+1 212 555 0155", False)):
        desk.arjun.types("/escalate", in_=ASK)
        form = desk.arjun.modal("Escalate")
        entries = {**FORM, **desk.time_in(60), **number(digits)}
        result = form.submit({label: value for label, value in entries.items() if label in form.labels()})
        assert result.closed is not warned
        if warned:
            assert "Case 2 · Jane Doe" in form.text
            form.close_all()


def test_a_text_with_the_wrong_address_in_it_stays_masked(desk: Floor) -> None:
    """The address is still somebody's."""
    story = "Write to jane@example.com, she says; a call was promised."
    told = {"What happened and what was promised": story, "Contact number": "jane@example.com"}
    card = desk.claimed(desk.ben, minutes=60, **told)
    modal = opens(desk.ben, "Correct details", on=card)
    assert modal.submit(number("june@example.com")).closed
    desk.ana.sees("j•••@example.com → j•••@example.com", in_=card)
    assert "jane@" not in card.now().text
    store = stored_at(desk.database)
    try:
        assert store.ask_now(lambda reading: reading.case(1, 1)).former_contacts == ("jane@example.com",)
    finally:
        store.close()
