"""The vocabulary: each word is stored by its value and shown by its label (both from docs/policy.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A word with two faces: `value` is kept in the database, `label` is what people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word


class Role(Word):
    """What somebody is in a program; whoever is in no group is an agent."""

    AGENT = "agent", "agent"
    SME_TL = "sme_tl", "SME/TL"
    MANAGER = "manager", "manager"


class ContactKind(Word):
    PHONE = "phone", "phone"
    EMAIL = "email", "e-mail"


class Customer(Word):
    """The form's *The customer*: a promise for later, or somebody on the line right now."""

    AGREED = "agreed", "Agreed to a callback"
    WAITING = "waiting", "Is waiting on the line"


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


class Step(Word):
    """The ten de-escalation steps; `/askdesk tips` shows each with a line of coaching."""

    LISTENED = "listened", "Listened without interrupting"
    EMPATHY = "empathy", "Showed empathy"
    APOLOGISED = "apologised", "Apologised"
    POSITIVE = "positive", "Used positive wording"
    OFFERED = "offered", "Offered a solution or alternative"
    ASKED_LEAVE = "asked_leave", "Asked leave to resolve it"
    SIGNPOSTED = "signposted", "Signposted the next steps"
    KEPT_UPDATED = "kept_updated", "Kept the customer updated"
    OFFERED_CALLBACK = "offered_callback", "Offered a callback"
    REALISTIC_TIME = "realistic_time", "Gave a realistic time"


COACHING: dict[Step, str] = {
    Step.LISTENED: "Let the customer finish; note the key words and repeat them back.",
    Step.EMPATHY: "Name the feeling: “I see why three calls for one bill are frustrating.”",
    Step.APOLOGISED: "Say sorry once, for the effect on the customer, without naming a culprit.",
    Step.POSITIVE: "Say what you can do first; keep “can't” and “policy” for later.",
    Step.OFFERED: "Put one concrete option on the table, then a second one.",
    Step.ASKED_LEAVE: "“May I try to settle this for you right now?” Most people say yes.",
    Step.SIGNPOSTED: "Say what happens next, in which order, and who does it.",
    Step.KEPT_UPDATED: "Never leave silence longer than a minute; say what you are looking at.",
    Step.OFFERED_CALLBACK: "Offer a supervisor's call before the customer has to insist.",
    Step.REALISTIC_TIME: "Promise a time that the floor can keep, in the customer's own time zone.",
}


class NotAttempted(Word):
    """Why no de-escalation could be tried; accepted always, flagged for the review."""

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
    """Why a callback stands at its time."""

    PROMISE = "promise", "promised by the agent"
    MOVED = "moved", "rescheduled"
    RETRY = "retry", "next attempt"
    ESCALATED = "escalated", "escalated further"
    FOLLOW_UP = "follow_up", "dated follow-up"
    REOPENED = "reopened", "reopened"


class WantedBy(Word):
    """Who wanted the new time; managers read reschedules by whose wish."""

    CUSTOMER = "customer", "The customer"
    US = "us", "We did"


@dataclass(frozen=True)
class Follows:
    """What follows from how an attempt ended.

    `counts`: against the program's number of attempts, as nobody spoke about the matter. `closes`: the close form is filled
    in. `may_withdraw`: the customer may have withdrawn the matter. `kind`: of the next callback, where there is one.
    """

    counts: bool = True
    closes: bool = False
    may_withdraw: bool = False
    kind: CallbackKind = CallbackKind.RETRY


class Disposition(Word):
    """How one attempt ended, and what follows from that."""

    follows: Follows

    def __new__(cls, value: str, label: str = "", follows: Follows = Follows()) -> Self:
        word = str.__new__(cls, value)
        word._value_, word.label, word.follows = value, label, follows
        return word

    REACHED = "reached", "Reached", Follows(counts=False, closes=True)
    NO_ANSWER = "no_answer", "No answer"
    BUSY = "busy", "Busy"
    VOICEMAIL = "voicemail", "Voicemail left"
    WRONG_NUMBER = "wrong_number", "Wrong or invalid number"
    THIRD_PARTY = "third_party", "Third party answered"
    ASKED_RESCHEDULE = (
        "asked_reschedule",
        "Asked to reschedule",
        Follows(counts=False, kind=CallbackKind.MOVED),
    )
    ASKED_NOT_TO_BE_CALLED = "asked_not_to_be_called", "Asked not to be called", Follows(may_withdraw=True)


class Outcome(Word):
    """How a case ends; there is no decline, discard or reject (house rule 1)."""

    RESOLVED = "resolved", "Resolved"
    PARTLY = "partly", "Partly resolved"
    UPHELD = "upheld", "Policy upheld, apologised"
    ESCALATED = "escalated", "Escalated further"
    UNREACHABLE = "unreachable", "Unreachable, signed off"
    WITHDRAWN = "withdrawn", "Withdrawn by the customer"


class Satisfied(Word):
    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"
    NOT_ASKED = "not_asked", "Not asked"


class Verdict(Word):
    """A reviewer's yes or no: right department, assessed well."""

    YES = "yes", "Yes"
    NO = "no", "No"


class Missed(Word):
    """De-escalation opportunity missed."""

    NONE = "none", "None"
    ONE = "one", "One"
    SEVERAL = "several", "Several"
