"""What is known of the customer, put right."""

from __future__ import annotations

from dataclasses import replace

from cases.case import Callback, CallbackState, Case, Details, Status
from cases.errors import FieldErrors
from cases.events import Fact, Happened
from cases.fields import Field
from cases.forms import Promise
from cases.hours import open_at
from cases.moves.declared import Acting
from cases.moves.making import Effect, move
from cases.moves.promises import following, promised, when
from cases.people import Party
from cases.times import clock, instant, place, short_day
from cases.words import CallbackKind

PERSONAL = ("customer", "contact", "reference")
"""Those of the details that tell who the customer is."""


@move(
    "correct_details",
    "Correct details",
    {status: status for status in Status},
    by=(Party.OWNER, Party.RAISER, Party.MANAGER),
    can="correct {its} details",
    event=Happened.CORRECTED,
)
def correct_details(case: Case, act: Acting, details: Details, related: tuple[int, ...]) -> Effect:
    """The details as they are; the record has what was there before. FieldErrors where nothing differs.

    In another time zone the promise keeps its time on the customer's clock. `related` are the earlier cases of whoever the
    case turns out to be about.
    """
    before, after = _texts(case.details), _texts(details)
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        raise FieldErrors({Field.CUSTOMER: "Nothing is different. Change what is wrong, or close this form."})
    texts = {f"{name}_before": before[name] for name in changed} | {name: after[name] for name in changed}
    personal = {f"{name}{side}" for name in PERSONAL for side in ("_before", "")}
    said = {name: text for name, text in texts.items() if text and name in personal}
    facts: dict[str, Fact] = {"corrected": ",".join(changed), "owner": case.owner}
    facts |= {name: text for name, text in texts.items() if text and name not in personal}
    if related != case.related:
        facts["related"] = ",".join(map(str, related))
    written = "" if details.language else case.said.language_written
    told = replace(
        case.said,
        customer=details.customer,
        reference=details.reference,
        language=details.language,
        language_written=written,
    )
    fresh = replace(case, said=told, related=related)
    if "contact" in changed:
        fresh = replace(fresh, former_contacts=(*case.former_contacts, case.reach.value))
        if case.contact is not None:
            fresh = replace(fresh, contact=details.contact)
        else:
            fresh = replace(fresh, said=replace(told, contact=details.contact))
    if "zone" not in changed:
        return Effect(fresh, facts, said)
    fresh = replace(fresh, said=replace(fresh.said, zone=details.zone))
    if case.callback is None:
        return Effect(fresh, facts, said)
    callback = following(
        fresh, _there(case.callback, details.zone, act), CallbackKind.CORRECTED, case.callback.window
    )
    moved = replace(case.callback, state=CallbackState.MOVED)
    return Effect(promised(fresh, callback), {**facts, **when(callback)}, said, (moved, callback))


def _texts(details: Details) -> dict[str, str]:
    return {**vars(details), "contact": details.contact.value}


def _there(callback: Callback, zone: str, act: Acting) -> Promise:
    """The promise at the same time on another zone's clock; FieldErrors where nobody could keep it."""
    at = callback.wall
    due = instant(at.date(), at.time(), zone)
    if due <= act.now or (not callback.asked_for_time and open_at(due, zone, act.program)):
        then = f"{clock(at, zone)} on {short_day(at)} in {place(zone)}"
        raise FieldErrors({Field.ZONE: f"Nobody can call at {then}. Reschedule, and choose the zone there."})
    return Promise(due, zone, callback.wanted_by, callback.asked_for_time)
