"""The vocabulary: each word is stored by its value and shown by its label (both from docs/policy.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A word with two sides: `value` is stored in the database, `label` is what people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word


class Answer(Word):
    """Yes or no, where a form asks for it."""

    YES = "yes", "Yes"
    NO = "no", "No"


class Role(Word):
    """What somebody is in a program; a person in no group is an agent."""

    AGENT = "agent", "agent"
    SME_TL = "sme_tl", "SME/TL"
    MANAGER = "manager", "manager"


class ContactKind(Word):
    PHONE = "phone", "phone"
    EMAIL = "email", "e-mail"


class Customer(Word):
    """The form's *The customer*: a promise for later, somebody on the line now, or nobody to call at all."""

    AGREED = "agreed", "Agreed to a callback"
    WAITING = "waiting", "Is waiting on the line"
    SETTLED = "settled", "Let me resolve it"


class Scenario(Word):
    RIGHT_AWAY = "right_away", "Asked for a supervisor right away"
    DURING = "during", "Asked during the conversation"
    BY_AGENT = "by_agent", "Raised by the agent"


class Reason(Word):
    PROMISE_BROKEN = "promise_broken", "Promise broken"
    POOR_PRODUCT = "poor_product", "Poor product or service"
    REPEAT_CONTACT = "repeat_contact", "Repeat contact, still unresolved"
    NOT_HEARD = "not_heard", "Felt not heard"
    LACKED_KNOWLEDGE = "lacked_knowledge", "Agent lacked the knowledge"
    NO_PROGRESS = "no_progress", "No progress"
    FASTER_SERVICE = "faster_service", "Wants faster service"
    BEYOND_AUTHORITY = "beyond_authority", "Beyond the agent's authority"
    POLICY_APPROVAL = "policy_approval", "Needs policy approval"
    SPECIALIST = "specialist", "Technical or account specialist needed"
    SENSITIVE = "sensitive", "Sensitive or conflict"
    BILLING_DISPUTE = "billing_dispute", "Billing dispute"
    LONG_WAIT = "long_wait", "Long wait"
    SECURITY = "security", "Security concern"
    STAFF_CONDUCT = "staff_conduct", "Staff conduct"
    OTHER = "other", "Other"


URGENT = frozenset({Reason.SECURITY})
"""Reasons that cannot wait for the usual ladder: managers hear of them from the first second on."""


class Step(Word):
    """The ten de-escalation steps; how each is done is in `cases/playbook`."""

    LISTENED = "listened", "Listened without interrupting"
    EMPATHY = "empathy", "Showed empathy"
    APOLOGISED = "apologised", "Apologised"
    POSITIVE = "positive", "Used positive wording"
    OFFERED = "offered", "Offered a solution or alternative"
    ASKED_LEAVE = "asked_leave", "Asked permission to resolve it"
    SIGNPOSTED = "signposted", "Signposted the next steps"
    KEPT_UPDATED = "kept_updated", "Kept the customer updated"
    OFFERED_CALLBACK = "offered_callback", "Offered a callback"
    REALISTIC_TIME = "realistic_time", "Gave a realistic time"


class NotAttempted(Word):
    """Why no de-escalation could be tried; always accepted, flagged for the review."""

    REFUSED = "refused", "Customer refused"
    HUNG_UP = "hung_up", "Customer hung up"
    ABUSIVE = "abusive", "Customer was abusive"
    SAFETY_LEGAL = "safety_legal", "Safety or legal matter"
    NO_TOOL = "no_tool", "No tool or solution available"


class Mood(Word):
    CALM = "calm", "Calm"
    UPSET = "upset", "Upset"
    ANGRY = "angry", "Angry"
    FURIOUS = "furious", "Furious"


class Priority(Word):
    NORMAL = "normal", "normal"
    HIGH = "high", "high"


class CallbackKind(Word):
    """Why a callback has its time."""

    PROMISE = "promise", "promised by the agent"
    MOVED = "moved", "rescheduled"
    RETRY = "retry", "next attempt"
    ESCALATED = "escalated", "escalated further"
    CORRECTED = "corrected", "time zone corrected"
    FOLLOW_UP = "follow_up", "dated follow-up"
    REOPENED = "reopened", "reopened"
    CALLED_AGAIN = "called_again", "customer called again"


class WantedBy(Word):
    """Who wanted the new time; managers read who rescheduled how often."""

    CUSTOMER = "customer", "The customer"
    US = "us", "We did"


@dataclass(frozen=True)
class Follows:
    """What follows from how an attempt ended.

    `counts`: towards the program's number of attempts, because nobody spoke about the matter. `closes`: the close form
    is filled in. `may_withdraw`: the customer may have withdrawn the matter. `heard`: the customer hears what is said
    about the next call. `corrects`: the caller may know the right number by now. `kind`: the next callback's, if there
    is one.
    """

    counts: bool = True
    closes: bool = False
    may_withdraw: bool = False
    heard: bool = False
    corrects: bool = False
    kind: CallbackKind = CallbackKind.RETRY


class Disposition(Word):
    """How an attempt ended, and what follows."""

    follows: Follows

    def __new__(cls, value: str, label: str = "", follows: Follows = Follows()) -> Self:
        word = str.__new__(cls, value)
        word._value_, word.label, word.follows = value, label, follows
        return word

    REACHED = "reached", "Reached", Follows(counts=False, closes=True, heard=True)
    NO_ANSWER = "no_answer", "No answer"
    BUSY = "busy", "Busy"
    VOICEMAIL = "voicemail", "Voicemail left", Follows(heard=True)
    WRONG_NUMBER = "wrong_number", "Wrong or invalid number", Follows(corrects=True)
    THIRD_PARTY = "third_party", "Third party answered"
    ASKED_RESCHEDULE = (
        "asked_reschedule",
        "Asked to reschedule",
        Follows(counts=False, heard=True, kind=CallbackKind.MOVED),
    )
    ASKED_NOT_TO_BE_CALLED = "asked_not_to_be_called", "Asked not to be called", Follows(may_withdraw=True)


class Early(Word):
    """Why the customer is called before the agreed time."""

    ASKED = "asked", "The customer asked to be called earlier"
    CALLED_US = "called_us", "The customer called us"
    NOT_LATER = "not_later", "Nobody can call at the agreed time"
    URGENT = "urgent", "It can't wait until then"


class Outcome(Word):
    """How a case ends; there is no decline, discard or reject (house rule 1)."""

    RESOLVED = "resolved", "Resolved"
    PARTLY = "partly", "Partly resolved"
    UPHELD = "upheld", "Policy upheld, apologised"
    ESCALATED = "escalated", "Escalated further"
    UNREACHABLE = "unreachable", "Unreachable, signed off"
    WITHDRAWN = "withdrawn", "Withdrawn by the customer"
    SAVED = "saved", "Resolved by the agent"

    @property
    def is_of_a_call(self) -> bool:
        """Whether somebody who called the customer may choose it."""
        return self not in (Outcome.UNREACHABLE, Outcome.SAVED)


class Satisfied(Word):
    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"
    NOT_ASKED = "not_asked", "Not asked"


UNSATISFIED = frozenset(
    (outcome, Satisfied.NO) for outcome in (Outcome.RESOLVED, Outcome.UPHELD, Outcome.ESCALATED)
)
"""How a case closes that leaves its customer unsatisfied: a manager follows up. Not after a withdrawal, which asks for rest."""


class Verdict(Word):
    """A reviewer's yes or no: right department, assessed well."""

    YES = "yes", "Yes"
    NO = "no", "No"


class Missed(Word):
    """De-escalation opportunity missed."""

    NONE = "none", "None"
    ONE = "one", "One"
    SEVERAL = "several", "Several"
