"""The form, under a minute with a customer on the line (docs/policy.md, *The escalation form*)."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.driver import PATIENCE, Modal, Person
from tests.journeys.floor import ASK, FORM, Floor
from tests.journeys.telling import closes, lines, nothing_happens, number, opens, posted, record

LABELS = [
    "Customer",
    "Contact number",
    "The customer",
    "Callback date",
    "Callback time",
    "Time zone",
    "Outside calling hours",
    "Scenario",
    "Reasons",
    "Other reason",
    "De-escalation tried",
    "Could not attempt because",
    "What happened and what was promised",
    "Your direct superior",
    "Account or call reference",
    "Mood",
    "Language",
    "Repeat contact",
]
DETAILS = "What happened and what was promised"


def form_of(who: Person, line: str = "/escalate") -> Modal:
    """An empty form, or one begun with the command."""
    assert who.types(line, in_=ASK).acked
    return who.modal("Escalate")


def filled(desk: Floor, form: Modal, *, minutes: int = 60, **changes: Any) -> dict[str, Any]:
    """What goes into the fields that this form has."""
    entries = {**FORM, **desk.time_in(minutes), **changes}
    return {label: value for label, value in entries.items() if label in form.labels()}


def test_the_form_asks_for_nine_things_at_most(desk: Floor) -> None:
    """Labels as docs/policy.md has them, *What the form asks*, sensible defaults, ten steps, sixteen reasons."""
    form = form_of(desk.ana)
    assert form.labels() == LABELS
    assert len(form.required()) <= 9
    assert form.value("The customer") == "Agreed to a callback"
    assert (form.value("Callback date"), form.value("Callback time")) == ("2026-11-23", "12:45")
    assert len(form.options("Reasons")) == 16
    assert len(form.options("De-escalation tried")) == 10
    assert form.options("Scenario")[0] == "Asked for a supervisor right away"
    assert form.submit_label == "Escalate"
    assert form.submit().errors
    form.close()
    assert record(desk) == []


def test_what_is_typed_with_the_command_is_filled_in(desk: Floor) -> None:
    """Name and number; the number tells the customer's zone, and the preset time is on the customer's clock."""
    form = form_of(desk.ana, "/escalate Jane Doe +44 20 7946 0018")
    assert form.value("Customer") == "Jane Doe"
    assert form.value("Contact number") == "+44 20 7946 0018"
    assert form.value("Time zone").endswith("Europe/London")
    assert form.value("Callback time") == "17:45"
    form.close()
    assert form_of(desk.ana, "/escalate Jane").values()["Customer"] == "Jane"


@pytest.mark.parametrize(
    ("changes", "at", "says"),
    [
        ({"Contact number": "12"}, "Contact number", "cannot be dialled"),
        ({"Contact number": "call her"}, "Contact number", "This is not a phone number"),
        ({"Contact number": "jane@home"}, "Contact number", "This is not an e-mail address"),
        ({"Callback date": "2026-11-22"}, "Callback date", "This time has passed"),
        ({"Callback time": "09:00"}, "Callback time", "This time has passed"),
        ({"Callback date": "2026-12-24"}, "Callback date", "Choose a time up to Mon 30 Nov"),
        ({"Contact number": "+61 412 345 678", "Time zone": None}, "Time zone", "several time zones"),
        ({"De-escalation tried": []}, "De-escalation tried", "why nothing could be attempted"),
        ({"Reasons": ["Other"]}, "Other reason", "Say which other reason"),
        ({DETAILS: "Too short."}, DETAILS, ""),
        ({DETAILS: "She read out her card 4111 1111 1111 1111 03/27."}, DETAILS, "payment card"),
        ({"Customer": "Jane 4111-1111-1111-1111"}, "Customer", "payment card"),
        ({"Account or call reference": "4111111111111111"}, "Account or call reference", "payment card"),
        ({"Your direct superior": "Ana"}, "Your direct superior", "cannot be your own superior"),
    ],
)
def test_a_mistake_is_shown_at_its_field(desk: Floor, changes: dict[str, Any], at: str, says: str) -> None:
    """With a sentence that helps; the form stays as typed, and nothing is posted or stored."""
    form = form_of(desk.ana)
    result = form.submit(filled(desk, form, **changes))
    assert result.errors.keys() == {at}
    assert says in result.errors[at]
    assert not result.closed
    assert form.value("Contact number") == changes.get("Contact number", FORM["Contact number"])
    assert desk.slack.channel(ASK).messages() == []
    assert record(desk) == []


def test_all_mistakes_are_shown_at_once_and_mended_in_one_go(desk: Floor) -> None:
    """Nobody plays ping-pong with a customer on the line."""
    form = form_of(desk.ana)
    wrong: dict[str, Any] = {"Contact number": "12", "Callback date": "2026-11-22", "De-escalation tried": []}
    result = form.submit(filled(desk, form, **wrong))
    assert result.errors.keys() == wrong.keys()
    right = {"Contact number": "+1 212 555 0140", "Could not attempt because": "Customer hung up"}
    assert form.submit({**right, **desk.time_in(60)}).closed
    card = desk.ben.sees("Case 1", in_=ASK)
    assert "No de-escalation attempted: customer hung up" in card.text


def test_four_reasons_are_one_too_many(desk: Floor) -> None:
    """Slack's own client says so."""
    form = form_of(desk.ana)
    four = ["Long wait", "No progress", "Felt not heard", "Billing dispute"]
    assert form.submit(filled(desk, form, Reasons=four)).errors.keys() == {"Reasons"}
    assert record(desk) == []


def test_a_customer_may_ask_for_a_time_outside_calling_hours(desk: Floor) -> None:
    """Only with that tick; the promise then stands as said."""
    form = form_of(desk.ana)
    night: dict[str, Any] = {"Callback time": "22:30"}
    asked = {"Outside calling hours": ["Customer asked for this time"]}
    assert not form.submit(filled(desk, form, **night)).closed
    assert record(desk) == []
    assert form.submit(asked).closed
    assert "22:30 America/New_York" in desk.ben.sees("Case 1", in_=ASK).text


def test_the_superior_is_asked_once(desk: Floor) -> None:
    """The roster remembers; another agent is asked for their own."""
    desk.escalates()
    form = form_of(desk.ana)
    assert "Your direct superior" not in form.labels()
    form.close()
    assert "Your direct superior" in form_of(desk.arjun).labels()
    assert record(desk) == [(1, "raised", "U0ANA")]


def test_a_customer_on_the_line_is_due_now(desk: Floor) -> None:
    """No date, no time, the fast ladder; what was typed before the choice stays."""
    form = form_of(desk.ana, "/escalate Jane Doe +1 212 555 0150")
    form.choose(DETAILS, "She holds the line and wants a lead at once.")
    form.choose("The customer", "Is waiting on the line")
    desk.slack.eventually(lambda: True if "Callback date" not in form.labels() else None, about="no date")
    assert "Callback time" not in form.labels()
    assert form.value(DETAILS) == "She holds the line and wants a lead at once."
    rest = {
        label: FORM[label] for label in ("Scenario", "Reasons", "De-escalation tried", "Your direct superior")
    }
    assert form.submit(rest).closed
    card = desk.ben.sees("Customer is waiting on the line", in_=ASK)
    assert "Call now" in card.text
    assert "High priority" in card.text
    line = None
    for minutes, who in ((1, desk.sam), (2, desk.ben), (2, desk.mia)):
        desk.clock.passes(minutes=minutes)
        line = who.sees("The customer has been waiting on the line", in_=card, after=line)
        assert who.is_mentioned(line), line


def test_a_customer_who_calls_again_has_a_case_already(desk: Floor) -> None:
    """The open one is shown first; a tick raises the second, with its link and a higher priority."""
    first = desk.escalates()
    form = form_of(desk.arjun)
    with nothing_happens(desk, first):
        result = form.submit(filled(desk, form, Customer="J. Doe", **number("(212) 555-0132")))
        assert not result.closed
        assert "This customer already has an open case." in form.text
        assert "Case 1 · Jane Doe" in form.text
        assert "nobody has claimed it yet" in form.text
        assert form.value("Customer") == "J. Doe"
        assert form.value("Reasons") == ["Billing dispute"]
        assert "Already open" in form.labels()
    assert not form.submit().closed
    assert form.submit({"Already open": ["Raise a second case anyway"]}).closed
    second = desk.ben.sees("Case 2", in_=ASK)
    assert "High priority" in second.text
    assert "Repeat contact: case 1" in second.text

    for card in (first, second):
        desk.ben.clicks("Claim", on=card, within=PATIENCE)
        closes(desk, card)
    third = desk.escalates(desk.sia, **number("+1 212 555 0132"))
    assert "Repeat contact: case 2, case 1" in third.text


def test_the_agent_is_told_when_the_card_is_there(desk: Floor) -> None:
    """Alone, with a link, and never before everybody can see the card."""
    card = desk.escalates()
    told = desk.ana.is_told("Case 1 · Jane Doe is in the channel", in_=ASK)
    assert told.buttons() == ["Open case 1"]
    assert card.ts.replace(".", "") in str(told.raw)
    assert desk.arjun.ephemerals(in_=ASK) == desk.ben.ephemerals(in_=ASK) == []
    names = [entry["name"] for entry in desk.slack.traffic() if entry["kind"] == "api"]
    assert names.index("chat.postMessage") < names.index("chat.postEphemeral")
    desk.ana.clicks("Open case 1", on=told)
    assert len(desk.ana.ephemerals(in_=ASK)) == 1


def test_a_form_that_is_sent_twice_raises_one_case(desk: Floor) -> None:
    """Slack delivers twice at times; the second has the same view."""
    form = form_of(desk.ana)
    form.fill(filled(desk, form))
    desk.slack.sockets.duplicate_next()
    assert form.submit().closed
    desk.ana.is_told("Case 1", in_=ASK)
    second = desk.escalates(desk.arjun, **number("+1 212 555 0160"))
    assert "Case 2" in second.text
    assert [entry[1] for entry in record(desk)] == ["raised", "raised"]
    assert len(desk.slack.channel(ASK).messages()) == 2
    assert len(desk.ana.ephemerals(in_=ASK)) == 1


def test_a_command_that_arrives_twice_opens_one_form(desk: Floor) -> None:
    """And nobody reads about an error that was none."""
    desk.slack.sockets.duplicate_next()
    form = form_of(desk.ana)
    desk.slack.settles()
    assert form.submit(filled(desk, form)).closed
    desk.ana.is_told("Case 1", in_=ASK)
    assert desk.ana.modals() == []
    assert len(desk.ana.ephemerals(in_=ASK)) == 1


def test_a_message_becomes_the_case(desk: Floor) -> None:
    """The shortcut fills in what was written, as it was written."""
    said = desk.ana.says("Jane (R&amp;D) was billed twice &lt;again&gt; and wants a lead.", in_=ASK)
    assert desk.ana.uses_shortcut("Escalate this", on=said).acked
    form = desk.ana.modal("Escalate")
    assert form.value(DETAILS) == "Jane (R&D) was billed twice <again> and wants a lead."
    entries = filled(desk, form)
    del entries[DETAILS]
    assert form.submit(entries).closed
    assert "Jane (R&D) was billed twice <again>" in desk.ben.sees("Case 1", in_=ASK).text


NASTY = "<!channel> <@U0MIA> <!subteam^S0MANAGERS> @here &amp; <https://evil.example|Slack> *bold* :smile:"
BIDI = "شركة الفوترة 👩‍👩‍👧"
OVERRIDDEN = "شركة \u202eالفوترة\u200b 👩‍👩‍👧"
"""The same as somebody types it who wants the line to run the other way."""


def test_texts_are_shown_as_typed_and_mention_nobody(desk: Floor) -> None:
    """Whatever stands in a name, a handover, a note, a reason or an ending (SECURITY.md, *Promises*)."""
    form = form_of(desk.ana)
    texts: dict[str, Any] = {
        "Customer": NASTY[:40] + OVERRIDDEN,
        DETAILS: f"{NASTY}\n\x00\x07{OVERRIDDEN}",
        "Reasons": ["Other"],
        "Other reason": NASTY[:100],
        "Account or call reference": NASTY[:60],
    }
    assert form.submit(filled(desk, form, **texts)).closed
    desk.ana.is_told("Case 1", in_=ASK)
    card = desk.ben.sees("Case 1", in_=ASK)
    assert card.mentions() <= {"U0ANA"}
    assert f"{NASTY}\n{BIDI}" in card.text
    assert NASTY[:40] in card.text
    assert NASTY[:100] in card.text

    desk.ben.clicks("Claim", on=card, within=PATIENCE)
    desk.ana.sees("claimed", in_=card)
    for label, field in (("Add note", "Note"), ("Release", "Reason")):
        assert opens(desk.ben, label, on=card).submit({field: f"{NASTY}\r\n{OVERRIDDEN}"}).closed
        line = desk.ana.sees(f"{NASTY}\n{BIDI}", in_=card)
        assert line.mentions() <= {"U0BEN"}
        desk.slack.settles()
        if label == "Release":
            desk.ben.clicks("Claim", on=card, within=PATIENCE)
    card.becomes("With @Ben")
    ending: dict[str, Any] = {"What was granted": NASTY, "Notes": f"{NASTY} {OVERRIDDEN}"}
    card = closes(desk, card, **ending)
    assert NASTY in card.text
    assert card.mentions() <= {"U0ANA", "U0BEN"}
    for told in (*desk.ana.ephemerals(in_=ASK), *card.thread()):
        assert told.mentions() <= {"U0ANA", "U0BEN"}
        assert "<!channel" not in told.fallback
    shown = desk.ana.types("/askdesk show 1", in_=ASK)
    assert shown.acked
    desk.slack.settles()
    assert desk.ana.ephemerals(in_=ASK)[-1].mentions() <= {"U0ANA", "U0BEN"}


def test_the_longest_note_fits(desk: Floor) -> None:
    """3,000 characters, of whatever kind; one more is not taken."""
    card = desk.escalates()
    for text in ("x" * 3000, "<&>" * 1000, "👍" * 1500, "\n".join(["line"] * 600)):
        assert opens(desk.ana, "Add note", on=card).submit({"Note": text}).closed
    desk.slack.eventually(
        lambda: True if len([line for line in lines(card) if "noted:" in line]) == 4 else None,
        about="four notes",
    )
    assert any("<&>" * 900 in line for line in lines(card))
    modal = opens(desk.ana, "Add note", on=card)
    assert modal.submit({"Note": "x" * 3001}).errors.keys() == {"Note"}
    modal.close()


def test_the_longest_form_fits(desk: Floor) -> None:
    """Every field as full as it can be."""
    form = form_of(desk.ana)
    texts: dict[str, Any] = {
        "Customer": "&" * 80,
        DETAILS: "<" * 1000,
        "Reasons": ["Other", "Security concern", "Technical or account specialist needed"],
        "Other reason": "&" * 150,
        "De-escalation tried": form.options("De-escalation tried"),
        "Could not attempt because": "Customer was abusive",
        "Account or call reference": ">" * 80,
        "Mood": "Furious",
        "Language": "Scottish Gaelic",
    }
    assert form.submit(filled(desk, form, **texts)).closed
    card = desk.ben.sees("<" * 1000, in_=ASK)
    desk.ben.clicks("Claim", on=card, within=PATIENCE)
    full: dict[str, Any] = {"What was granted": "&" * 500, "Notes": "<" * 3000}
    closed = closes(desk, card, **full)
    assert "<" * 2900 in closed.text
    desk.ana.sees("closed case 1", in_=card)
    assert posted(desk, card)
    assert "Closed: Resolved" in closed.text
