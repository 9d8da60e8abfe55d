"""The lines of a case's thread: one for each event (house rule 4).

Whoever acted is named, and mentioned nowhere in their own line (`mentions.Actor`). Who is mentioned, and nobody else:

- the raising agent when the case is claimed, when a promise moves, when another attempt is granted, and when the case
  closes (docs/policy.md, *The card*);
- who gets the case, by hand-over or *Escalate further*, and who loses it by somebody else's hand;
- the owner, when another attempt was granted, when somebody else moved the promise or added a note, and when the same
  customer was raised again;
- the managers, when the attempts ran out;
- who owes feedback, when an opportunity was missed, and the agent whom it is for;
- the SMEs and TLs, when the owner has left, or has no role any more, and the case is free again (this line the whole
  channel sees), and the direct superior of that owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.views import blocks
from bot.views.coaching import give_feedback, several
from bot.views.mentions import Actor, Names
from bot.views.message import Message
from bot.views.standing import masked
from bot.views.times import moment, reader, wall_clock
from cases.case import Case
from cases.contact import Contact
from cases.events import Happened
from cases.ladder import NOBODY_KNOWN, Audience
from cases.masking import masked_text
from cases.moves import NO_ROLE
from cases.mrkdwn import inline
from cases.people import mention
from cases.program import Program
from cases.shifts import Members
from cases.words import ContactKind, Disposition, Outcome, Satisfied, WantedBy
from storage.records import EventRecord

GONE = "The text was deleted."
"""Stands where the record's text was blanked (retention)."""


def acting(event: EventRecord) -> str:
    """Whose click a line tells of: of a line that Askdesk itself adds, whoever made the move that it follows."""
    return str(event.facts.get("found_by") or event.by)


def line(
    event: EventRecord,
    case: Case,
    program: Program,
    names: Names | None = None,
    members: Members = NOBODY_KNOWN,
) -> Message:
    """Who did what, with the new time where there is one and what was written, quoted.

    `names` has the name of whoever acted, `members` says who is in which user group.
    """
    happening = _Happening(event, case, program, Actor(acting(event), names or {}, members))
    sentence = SENTENCES[event.kind](happening)
    shown, plain = [sentence, *happening.when(moment)], [sentence, *happening.when(wall_clock)]
    body = [blocks.section("\n".join(shown))]
    for title, text in happening.written():
        if title:
            body.append(blocks.section(f"*{title}*"))
        body.append(blocks.quote(text))
        plain.append(f"{title}: {inline(text, 1000)}" if title else inline(text, 1000))
    if event.kind is Happened.COACHING_OWED:
        body.append(give_feedback(int(happening.fact("item"))))
    return blocks.message(" ".join(plain), body)


def for_managers(event: EventRecord) -> str | None:
    """What a line keeps from the channel: that an agent chose a superior whom nobody knew of before."""
    if not event.facts.get("superior_is_new"):
        return None
    return f"{mention(event.by)} named {mention(str(event.facts['superior']))} as direct superior for the first time."


@dataclass(frozen=True)
class _Happening:
    """An event, with what its sentence asks for."""

    event: EventRecord
    case: Case
    program: Program
    actor: Actor

    @property
    def who(self) -> str:
        return self.actor.name

    @property
    def number(self) -> str:
        return f"case {self.case.number}"

    @property
    def disposition(self) -> Disposition | None:
        value = self.fact("disposition")
        return Disposition(value) if value else None

    def fact(self, name: str) -> str:
        """A fact as text, empty where there is none."""
        value = self.event.facts.get(name)
        return "" if value is None else str(value)

    def others(self, *people: str) -> str:
        """Those of these people who did not act themselves, as mentions to end a sentence with."""
        told = self.actor.others(*people)
        return f" · {' '.join(told)}" if told else ""

    def called(self, audience: Audience) -> str:
        """An audience without whoever acted, as mentions to begin a sentence with."""
        return self.actor.called([audience], self.case, self.program)

    @property
    def agent(self) -> str:
        """Whom feedback is for."""
        return self.actor.person(self.fact("agent"))

    @property
    def raiser(self) -> str:
        return self.fact("raised_by") or self.case.raised_by

    @property
    def asked(self) -> str:
        """That the time is the customer's own wish, where no calls are made otherwise."""
        return " · the customer asked for this time" if self.event.facts.get("asked_for_time") else ""

    def when(self, clock: Callable[[datetime, str], str]) -> Iterator[str]:
        """The new time, where the event has one."""
        due, zone = self.fact("due_at"), self.fact("zone")
        if due and zone:
            when = clock(datetime.fromisoformat(due), zone)
            yield f"{_CALL.get(self.event.kind, 'Next call')}: {when}{self.asked}"

    def written(self) -> Iterator[tuple[str, str]]:
        """What was written, each text with its title (empty where it needs none)."""
        for name, title in _WRITTEN.get(self.event.kind, ()):
            text = self.event.said.get(name)
            if text:
                yield title, masked_text(text, self.case)
            elif name in _ALWAYS.get(self.event.kind, ()):
                yield title, GONE


_CALL = {Happened.RAISED: "Call", Happened.FOLLOW_UP: "Follow-up", Happened.RESCHEDULED: "New time"}

_ENDING = (("granted", "What was granted"), ("notes", ""))

_WRITTEN: dict[Happened, tuple[tuple[str, str], ...]] = {
    Happened.ATTEMPTED: (("note", ""),),
    Happened.HANDED_OVER: (("note", ""),),
    Happened.RELEASED: (("reason", ""),),
    Happened.ESCALATED: (("reason", ""),),
    Happened.NOTED: (("note", ""),),
    Happened.FOLLOW_UP: _ENDING,
    Happened.CLOSED: _ENDING,
    Happened.REOPENED: (("reason", ""),),
}

_ALWAYS: dict[Happened, tuple[str, ...]] = {
    Happened.RELEASED: ("reason",),
    Happened.ESCALATED: ("reason",),
    Happened.NOTED: ("note",),
    Happened.FOLLOW_UP: ("notes",),
    Happened.CLOSED: ("notes",),
    Happened.REOPENED: ("reason",),
}
"""Texts that an event is never without: missing, they were deleted."""


def _raised(it: _Happening) -> str:
    waits = " The customer is waiting on the line." if it.event.facts.get("waiting") else ""
    owners = it.fact("related_owners")
    again = (
        f" Same customer as {several(it.fact('related').split(','))}{it.others(*owners.split(','))}"
        if owners
        else ""
    )
    return f"{it.who} raised {it.number}.{waits}{again}"


def _claimed(it: _Happening) -> str:
    return f"{it.who} claimed {it.number}{it.others(it.raiser)}"


def _calling(it: _Happening) -> str:
    return f":telephone_receiver: {it.who} is calling now (attempt {it.fact('attempt')}){it.asked}"


def _attempted(it: _Happening) -> str:
    ended = it.disposition.label if it.disposition else "logged"
    told = it.others(it.raiser) if it.fact("due_at") else ""
    return f"{it.who} called (attempt {it.fact('attempt')}): *{ended}*{told}"


def _rescheduled(it: _Happening) -> str:
    wish = "the customer's wish" if it.fact("wanted_by") == WantedBy.CUSTOMER else "our wish"
    return f"{it.who} rescheduled {it.number}, {wish}{it.others(it.raiser, it.fact('owner'))}"


def _handed_over(it: _Happening) -> str:
    to = it.fact("to")
    receiver = "themselves" if to == it.actor.id else it.actor.person(to)
    return f"{it.who} handed {it.number} over to {receiver}{it.others(it.fact('from'))}"


def _released(it: _Happening) -> str:
    return f"{it.who} released {it.number}: it is free to claim"


def _owner_left(it: _Happening) -> str:
    asked, superior = it.called(Audience.SME_TL), it.fact("superior")
    owner = it.actor.person(it.fact("from"))
    told = "" if superior and mention(superior) in asked.split() else it.others(superior)
    why = (
        f"{owner} no longer has a role here that takes cases"
        if it.fact("reason") == NO_ROLE
        else f"The account of {owner} was deactivated"
    )
    return f":warning: {asked} {why}: *{it.number} is free to claim again*{told}"


def _taken_over(it: _Happening) -> str:
    owner = it.fact("from")
    of = f" from {it.actor.person(owner)}" if owner else ""
    told = it.raiser if it.raiser != owner else ""
    return f"{it.who} took {it.number} over{of}{it.others(told)}"


def _escalated(it: _Happening) -> str:
    department = it.fact("department")
    where = inline(department, 100) if department else f"tier {it.fact('tier')}"
    contact = it.event.said.get("contact")
    on = f" on another contact, {masked(_contact(contact))}" if contact else ""
    told = it.raiser if it.raiser != it.fact("to") else ""
    return f"{it.who} escalated {it.number} to {where}{on}. {it.actor.person(it.fact('to'))} reviews it{it.others(told)}"


def _noted(it: _Happening) -> str:
    return f"{it.who} noted{it.others(it.fact('owner'))}:"


def _number_shown(it: _Happening) -> str:
    return f"{it.who} looked up the full number"


def _ran_out(it: _Happening) -> str:
    asked = it.called(Audience.MANAGERS)
    attempts = it.fact("attempts")
    count = "1 attempt" if attempts == "1" else f"{attempts} attempts"
    return f"{asked} {count}, nobody reached: sign {it.number} off as unreachable, or grant another attempt".strip()


def _granted(it: _Happening) -> str:
    return f"{it.who} granted another attempt{it.others(it.raiser, it.fact('owner'))}"


def _stays(it: _Happening) -> str:
    return f"{it.who} stays for the call of {it.number}"


def _follow_up(it: _Happening) -> str:
    agreed = f"*{Outcome.PARTLY.label}*, a follow-up is agreed"
    return f"{it.who} reached the customer: {agreed}{_satisfied(it)}{it.others(it.raiser)}"


def _closed(it: _Happening) -> str:
    outcome = it.fact("outcome")
    ending = Outcome(outcome).label if outcome else "closed"
    return f":white_check_mark: {it.who} closed {it.number}: *{ending}*{_satisfied(it)}{it.others(it.raiser)}"


def _reopened(it: _Happening) -> str:
    return f"{it.who} reopened {it.number}{it.others(it.fact('owner'), it.raiser)}"


def _blanked(it: _Happening) -> str:
    days = it.fact("kept_days")
    why = f"closed cases are kept for {days} days" if days else "the customer is to be forgotten"
    return f"Askdesk deleted who the customer was and what was written: {why}"


def _department_renamed(it: _Happening) -> str:
    return (
        f"The department *{inline(it.fact('was'), 100)}* is called *{inline(it.fact('department'), 100)}* now"
    )


def _feedback_owed(it: _Happening) -> str:
    """By name and date only: what it is about stays between those who talk (house rule 6)."""
    superior, due = it.fact("superior"), datetime.fromisoformat(it.fact("due_at"))
    managers = it.called(Audience.MANAGERS)
    by = it.actor.person(superior) if superior else managers or "a manager"
    also = f" or {managers}" if superior and it.fact("cases") else ""
    left = it.fact("from")
    why = f". The account of {mention(left)}, who owed it, was deactivated" if left else ""
    return f":speech_balloon: *Feedback owed* to {it.agent}{_about_several(it)}, by {by}{also}, until {reader(due)}{why}"


def _feedback_given(it: _Happening) -> str:
    return (
        f":speech_balloon: *Feedback given* to {it.agent}{_about_several(it)}, by {it.who} {reader(it.event.at)}. "
        "It is read in Askdesk's *Home* tab"
    )


def _feedback_acknowledged(it: _Happening) -> str:
    return f":speech_balloon: *Feedback acknowledged* by {it.who} {reader(it.event.at)}"


def _about_several(it: _Happening) -> str:
    return f" about {several(it.fact('cases').split(','))}" if it.fact("cases") else ""


def _satisfied(it: _Happening) -> str:
    satisfied = it.fact("satisfied")
    if not satisfied or satisfied == Satisfied.NOT_ASKED:
        return ""
    return f" · customer satisfied: {Satisfied(satisfied).label.lower()}"


def _contact(value: str) -> Contact:
    return Contact(ContactKind.EMAIL if "@" in value else ContactKind.PHONE, value)


SENTENCES: dict[Happened, Callable[[_Happening], str]] = {
    Happened.RAISED: _raised,
    Happened.CLAIMED: _claimed,
    Happened.CALLING: _calling,
    Happened.ATTEMPTED: _attempted,
    Happened.RESCHEDULED: _rescheduled,
    Happened.HANDED_OVER: _handed_over,
    Happened.RELEASED: _released,
    Happened.OWNER_LEFT: _owner_left,
    Happened.TAKEN_OVER: _taken_over,
    Happened.ESCALATED: _escalated,
    Happened.NOTED: _noted,
    Happened.NUMBER_SHOWN: _number_shown,
    Happened.ATTEMPTS_RAN_OUT: _ran_out,
    Happened.ATTEMPT_GRANTED: _granted,
    Happened.STAYS: _stays,
    Happened.FOLLOW_UP: _follow_up,
    Happened.CLOSED: _closed,
    Happened.REOPENED: _reopened,
    Happened.BLANKED: _blanked,
    Happened.LANGUAGE_SETTLED: lambda it: (
        f"Askdesk now keeps the customer's language of {it.number} from the list, or sealed"
    ),
    Happened.DEPARTMENT_RENAMED: _department_renamed,
    Happened.COACHING_OWED: _feedback_owed,
    Happened.COACHING_GIVEN: _feedback_given,
    Happened.COACHING_ACKNOWLEDGED: _feedback_acknowledged,
}
