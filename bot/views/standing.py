"""How a case stands, in the words that card, lists and answers share."""

from __future__ import annotations

from datetime import datetime

from bot.views.times import moment, reader, reader_time, since, wall_clock
from cases.case import Case
from cases.contact import Contact
from cases.languages import name as language_name
from cases.masking import masked_text
from cases.mrkdwn import inline
from cases.people import mention
from cases.program import Program
from cases.standing import ON_THE_PHONE, Standing, standing
from cases.times import wall
from cases.words import URGENT, Outcome, Priority, Reason

DELETED = "name deleted"
"""Replaces the customer's name once it was deleted (retention)."""


def title(case: Case) -> str:
    """`Case 42 · Jane Doe`, escaped; short enough for a header."""
    return f"Case {case.number} · {inline(customer(case), 120)}"


def title_plain(case: Case) -> str:
    """`Case 42 · Jane Doe` for a plain text that is escaped where it is shown."""
    return f"Case {case.number} · {customer(case)}"


def short_title(case: Case, most: int = 60) -> str:
    """`case 42 (Jane Doe)`, for within a sentence."""
    return f"case {case.number} ({inline(customer(case), most)})"


def standing_line(case: Case, program: Program, now: datetime) -> str:
    """How the case stands right now, in one line of mrkdwn: what a tired team lead must read first."""
    stands = standing(case, program, now)
    if stands is Standing.CLOSED:
        return _closed(case, program)
    who = f"with {mention(case.owner)}" if case.owner else "nobody has claimed it yet"
    callback = case.callback
    if callback is None:
        return f":hourglass: *A manager decides* · {used(case)}, nobody reached · {who}"
    if stands in ON_THE_PHONE and case.call is not None:
        begun = reader_time(case.call.started_at)
        return f":telephone_receiver: *On the call* since {begun} · {mention(case.call.caller)}"
    begun = f" · call started {reader_time(case.call.started_at)}, not logged" if case.call else ""
    if stands is Standing.OVERDUE:
        return f":red_circle: *Overdue* since {reader(callback.window_end)} · {who}{begun}"
    if stands is Standing.WAITING:
        return (
            f":rotating_light: *Customer on hold* · {who if case.owner else 'nobody has taken the call yet'}"
        )
    if case.owner is None:
        return f"*Open* · {who}"
    partly = case.closing is not None and case.closing.outcome is Outcome.PARTLY
    return f"*With {mention(case.owner)}*{' · partly resolved, follow-up agreed' if partly else ''}{begun}"


def standing_plain(case: Case, program: Program, now: datetime) -> str:
    """The same in a word or two, for the plain text of a notification."""
    match standing(case, program, now):
        case Standing.CLOSED:
            return f"closed: {case.closing.outcome.label}" if case.closing else "closed"
        case Standing.DECISION:
            return "a manager decides"
        case Standing.ON_CALL | Standing.LONG_CALL:
            return "on the call"
        case Standing.OVERDUE:
            return "overdue"
        case Standing.WAITING:
            return "customer on hold"
    return "claimed" if case.owner else "open"


def promised(case: Case) -> list[str]:
    """When the customer is called, by the reader's and the customer's clock, and until when the window lasts; of one on
    hold, since when.
    """
    callback = case.callback
    if callback is None:
        return []
    if case.waiting:
        return [f"*On hold* since {since(callback.due_at)}"] if case.on_hold else []
    return [f"*Call* {moment(callback.due_at, callback.zone)} · until {reader_time(callback.window_end)}"]


def transfer(program: Program) -> list[str]:
    """Where to transfer the call of a customer on hold, if the program says so."""
    return [f"Transfer the call to *{inline(program.transfer_to, 80)}*"] if program.transfer_to else []


def promised_plain(case: Case) -> str:
    """`Call Tue 24 Nov, 3:30 PM in New York.`, or nothing where no call waits."""
    if case.callback is None:
        return ""
    if case.waiting:
        return "Take the call now." if case.on_hold else ""
    return f"Call {wall_clock(case.callback.due_at, case.callback.zone)}."


def reasons(case: Case) -> str:
    """The reasons' labels; for *Other*, its text."""
    said = case.said
    other = inline(masked_text(said.other_reason, case), 200)
    return " · ".join(
        f"Other: {other}" if reason is Reason.OTHER and other else reason.label for reason in said.reasons
    )


def used(case: Case) -> str:
    """How many of the case's attempts are used up."""
    return f"{case.unreached} of {case.allowed} attempts used"


def urgency(case: Case) -> list[str]:
    """Why this case is more urgent: its priority, and this customer's earlier cases."""
    found = ["*High priority*"] if case.priority is Priority.HIGH else []
    found += [f":lock: *{reason.label}*" for reason in case.said.reasons if reason in URGENT]
    if case.related:
        found.append(f"Repeat contact: {', '.join(f'case {number}' for number in case.related[:20])}")
    elif case.said.repeat:
        found.append("Repeat contact")
    return found


def peculiarities(case: Case) -> list[str]:
    """Where the case went, and the form's optional answers."""
    said = case.said
    found = []
    if case.department:
        found.append(f"Department: {inline(case.department, 100)}")
    if case.tier > 1:
        found.append(f"Tier {case.tier}")
    if said.mood:
        found.append(f"Mood: {said.mood.label.lower()}")
    if said.language or said.language_written:
        language = language_name(said.language) if said.language else masked_text(said.language_written, case)
        found.append(f"Language: {inline(language, 100)}")
    if said.reference:
        found.append(f"Reference: {inline(masked_text(said.reference, case, reference=True), 200)}")
    return found


def masked(contact: Contact) -> str:
    """What everybody may see of a contact, escaped."""
    return inline(contact.masked)


def customer(case: Case) -> str:
    """The customer's name as everybody may see it, not yet escaped."""
    return DELETED if case.blanked_at is not None else masked_text(case.said.customer, case)


def day_of(at: datetime, program: Program) -> str:
    """The site's day of an instant: `Wed 25 Nov`."""
    local = wall(at, program.timezone)
    return f"{local:%a} {local.day} {local:%b}"


def _closed(case: Case, program: Program) -> str:
    outcome = f"Closed: {case.closing.outcome.label}" if case.closing else "Closed"
    when = f" {reader(case.closed_at)}" if case.closed_at else ""
    who = f" · {mention(case.owner)}" if case.owner else ""
    unsatisfied = ""
    if case.followed_up_at is not None:
        unsatisfied = (
            f"\n:white_check_mark: *Left unsatisfied* · a manager followed up {reader(case.followed_up_at)}"
        )
    elif case.follow_up_at is not None:
        unsatisfied = (
            f"\n:warning: *Left unsatisfied* · a manager follows up on {day_of(case.follow_up_at, program)}"
        )
    return f":white_check_mark: *{outcome}*{when}{who}{unsatisfied}"
