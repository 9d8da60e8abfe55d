"""How a case stands, in the words that card, lists and answers share."""

from __future__ import annotations

from datetime import datetime

from bot.views.times import moment, reader, reader_time, wall_clock
from cases.case import Callback, Case, Status
from cases.contact import Contact
from cases.languages import name as language_name
from cases.masking import masked_text
from cases.mrkdwn import inline
from cases.people import mention
from cases.program import Program
from cases.times import spoken
from cases.words import Outcome, Priority, Reason

DELETED = "name deleted"
"""Stands where the customer's name was deleted (retention)."""


def title(case: Case) -> str:
    """`Case 42 · Jane Doe`, escaped; short enough for a header."""
    return f"Case {case.number} · {inline(customer(case), 120)}"


def title_plain(case: Case) -> str:
    """`Case 42 · Jane Doe` for a plain text that is escaped where it is shown."""
    return f"Case {case.number} · {customer(case)}"


def short_title(case: Case, most: int = 60) -> str:
    """`case 42 (Jane Doe)`, for within a sentence."""
    return f"case {case.number} ({inline(customer(case), most)})"


def standing(case: Case, program: Program, now: datetime) -> str:
    """How the case stands right now, in one line of mrkdwn: what a tired team lead must read first."""
    if case.status is Status.CLOSED:
        return _closed(case)
    who = f"with {mention(case.owner)}" if case.owner else "nobody has claimed it yet"
    callback = case.callback
    if callback is None:
        return f":hourglass: *A manager decides* · {used(case)}, nobody reached · {who}"
    if case.call is not None and case.on_call(now, program.call_may_take):
        since = reader_time(case.call.started_at)
        return f":telephone_receiver: *On the call* since {since} · {mention(case.call.caller)}"
    begun = f" · call started {reader_time(case.call.started_at)}, not logged" if case.call else ""
    if callback.is_overdue(now):
        on_line = " · customer is waiting on the line" if case.waiting else ""
        return f":red_circle: *Overdue* since {reader(callback.window_end)}{on_line} · {who}{begun}"
    if case.waiting:
        return f":rotating_light: *Customer is waiting on the line* · {who}{begun}"
    if case.owner is None:
        return f"*Open* · {who}"
    partly = case.closing is not None and case.closing.outcome is Outcome.PARTLY
    return f"*With {mention(case.owner)}*{' · partly resolved, follow-up agreed' if partly else ''}{begun}"


def standing_plain(case: Case, now: datetime) -> str:
    """The same in a word or two, for the plain text of a notification."""
    if case.status is Status.CLOSED:
        return f"closed: {case.closing.outcome.label}" if case.closing else "closed"
    if case.callback is None:
        return "a manager decides"
    if case.callback.is_overdue(now) and case.call is None:
        return "overdue"
    if case.waiting:
        return "customer is waiting on the line"
    return "claimed" if case.owner else "open"


def promised(callback: Callback, *, waiting: bool) -> str:
    """When the customer is called, by both clocks, and until when the window lasts."""
    if waiting:
        return f"*Call now* · waiting on the line since {moment(callback.due_at, callback.zone)}"
    until = callback.window_end.astimezone(callback.wall.tzinfo)
    return f"*Call* {moment(callback.due_at, callback.zone)} · until {until:%H:%M} there"


def waited(callback: Callback, now: datetime) -> str:
    """For how long the customer waits on the line, and at which moment that was true."""
    return f"Waiting for {spoken(now - callback.due_at)} as of {reader_time(now)}"


def promised_plain(case: Case) -> str:
    """`Call Tue 24 Nov, 15:30 America/New_York.`, or nothing where no call waits."""
    if case.callback is None:
        return ""
    if case.waiting:
        return "Call now."
    return f"Call {wall_clock(case.callback.due_at, case.callback.zone)}."


def reasons(case: Case) -> str:
    """The reasons' labels; what *Other* stands for in its place."""
    said = case.said
    other = inline(masked_text(said.other_reason, case), 200)
    return " · ".join(
        f"Other: {other}" if reason is Reason.OTHER and other else reason.label for reason in said.reasons
    )


def used(case: Case) -> str:
    """How many of the case's attempts are used up."""
    return f"{case.unreached} of {case.allowed} attempts used"


def urgency(case: Case) -> list[str]:
    """Why this case comes before others: its priority, and this customer's earlier cases."""
    found = ["*High priority*"] if case.priority is Priority.HIGH else []
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


def _closed(case: Case) -> str:
    outcome = f"Closed: {case.closing.outcome.label}" if case.closing else "Closed"
    when = f" {reader(case.closed_at)}" if case.closed_at else ""
    who = f" · {mention(case.owner)}" if case.owner else ""
    return f":white_check_mark: *{outcome}*{when}{who}"
