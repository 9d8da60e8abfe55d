"""Pleas: a message that asks for a supervisor in a customer's name, though no case is raised by it; and what it says.

Pure rules for English as it is typed on the floor. A plea speaks of three things: a customer (or a number to call), somebody
higher up or a callback, and that it is wanted now. Talk about cases, shifts and how things are done is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cases.contact import NotAContact, read_contact, split_contact

NAME_AT_MOST = 80
CONTACT_AT_MOST = 254


def _words(*parts: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(parts)})\b", re.IGNORECASE)


_CUSTOMER = _words(
    r"(?:customer|caller|client|member|guest|subscriber|passenger)s?(?! (?:portal|service|support|care|app|site|list|area)\b)",
    r"cx", r"cust", r"cst", r"(?:account|card|policy)[ -]?holders?", r"mr", r"mrs", r"ms", r"lady", r"gentleman",
)  # fmt: skip
_HIGHER_UP = _words(
    r"supervisors?", r"sup", r"supe", r"managers?", r"mgr", r"team ?leads?(?:er)?", r"tls?", r"superior", r"boss",
    r"(?:some(?:one|body)|person) (?:higher|senior|in charge|above)", r"higher[- ]ups?",
)  # fmt: skip
_ESCALATE = _words(r"escalat(?:e|es|ed|ing|ions?)")
_CALLBACK = _words(
    r"call(?:ed)?[- ]?backs?", r"calls? (?:him|her|them|the (?:customer|client|caller)|mr\.?|mrs\.?|ms\.?)(?: \w+)? back",
    r"(?:sup|supervisor|manager|tl) calls?",
)  # fmt: skip
_WANTED = _words(
    r"wants?", r"wanted", r"wanting", r"asks?", r"asked", r"asking", r"demands?", r"demanded", r"demanding", r"insists?",
    r"insisted", r"insisting", r"requests?", r"requested", r"requesting", r"needs?", r"would like", r"['’]d like",
    r"wishes", r"expects?", r"refuses to (?:speak|talk|hang)", r"(?:speak|talk)(?:ing)? (?:to|with)", r"please", r"pls",
    r"plz", r"can (?:someone|somebody|anyone|anybody|a|any)", r"(?:any|some)(?:one|body) (?:free|available)", r"asap",
    r"urgent(?:ly)?", r"on the line", r"on hold", r"is (?:furious|angry|mad|livid|upset)",
)  # fmt: skip
_NO_PLEA = re.compile(
    r"\bcase ?#?\d"  # it is a case already
    r"|\b(?:no longer|does ?n[o'’]?t|do ?n[o'’]?t|did ?n[o'’]?t|never|not) (?:want|ask|need|insist|demand|request)\w*"
    r"|\b(?:already|just) (?:spoke|talked|got|called|escalated|raised|resolved|sorted|claimed|closed|been)"
    r"|\b(?:i|we)(?:['’]ll| will| can| could| just| have to| need to| am going to)? call(?:ed|ing)?\b"
    r"|\b(?:resolved|sorted|handled|closed|calmed down|withdr[ae]wn?|thanks|thank you|kudos|well done)\b"
    r"|\b(?:how|when|what|where|why|who) (?:do|does|did|can|should|must|would|to|if|is|are)\b"
    r"|\b(?:if|when|whenever|every ?time|next time|in case|before|unless) (?:a|an|the|any|your|our|my|that)? ?"
    r"(?:customers?|callers?|clients?|cx)\b"
    r"|\b(?:training|policy|policies|meeting|coaching|script|guideline|report|figures|metrics|stats|quiz|refresher)\b"
    r"|\b(?:yesterday|last (?:week|month|night|year))\b",
    re.IGNORECASE,
)
_BEFORE_CONTACT = re.compile(
    r"[\s,;:(–-]*(?:(?:her|his|their|the|call ?back|customer['’]?s)\s+)*(?:(?:number|phone|cell|mobile|contact|e-?mail|tel)\b)?"
    r"(?:\s*(?:is|at|on|[:#]))*\s*$",
    re.IGNORECASE,
)
"""What leads up to a number, and says nothing without it: `, her number is`."""

_NAMED = re.compile(
    r"(?:\b(?i:customer|caller|client|cx|member|guest)(?:(?i:,? (?:is |named |called |name is ))|,? )"
    r"|\b(?=(?i:mr|mrs|ms)\b))"
    r"((?:(?i:mr|mrs|ms)\.? )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})"
)


@dataclass(frozen=True)
class Story:
    """What a message says of a customer: the name and the contact, empty where it gives none, and the text without the
    contact.
    """

    customer: str
    contact: str
    details: str


def is_plea(text: str, region: str) -> bool:
    """Whether a message asks for a supervisor, an escalation or a callback for a customer. `region` is where numbers without
    a country code belong.
    """
    if _NO_PLEA.search(text) or not (
        _HIGHER_UP.search(text) or _ESCALATE.search(text) or _CALLBACK.search(text)
    ):
        return False
    if _reachable(split_contact(text, region)[1], region):
        return True
    return bool(_CUSTOMER.search(text) and _WANTED.search(text))


def read_story(text: str, region: str) -> Story:
    """What can be told of a customer from a message."""
    _, contact = split_contact(text, region)
    if not _reachable(contact, region):
        contact = ""
    before, _, after = text.partition(contact) if contact else (text, "", "")
    before = _BEFORE_CONTACT.sub("", before) if contact else before
    details = before + (
        after.lstrip(" .,;:") and f" {after.lstrip(' .,;:')}" if before.endswith((".", "!", "?")) else after
    )
    named = _NAMED.search(details)
    return Story(
        named[1][:NAME_AT_MOST] if named else "", contact[:CONTACT_AT_MOST], details.strip(" ,;:-–\n")
    )


def _reachable(contact: str, region: str) -> bool:
    if not contact:
        return False
    try:
        read_contact(contact, region)
    except NotAContact:
        return False
    return True
