"""The inputs of every form, by the labels that policy.md binds."""

from __future__ import annotations

from cases.words import Word


class Field(Word):
    """An input of a form: the value names its block, the label stands above it."""

    CUSTOMER = "customer", "Customer"
    CONTACT = "contact", "Contact number"
    CUSTOMER_IS = "customer_is", "The customer"
    DATE = "date", "Callback date"
    TIME = "time", "Callback time"
    ZONE = "zone", "Time zone"
    ASKED_FOR_TIME = "asked_for_time", "Outside calling hours"
    SCENARIO = "scenario", "Scenario"
    REASONS = "reasons", "Reasons"
    OTHER_REASON = "other_reason", "Other reason"
    STEPS = "steps", "De-escalation tried"
    NOT_ATTEMPTED = "not_attempted", "Could not attempt because"
    DETAILS = "details", "What happened and what was promised"
    SUPERIOR = "superior", "Your direct superior"
    DEPARTMENT = "department", "Department"
    REFERENCE = "reference", "Account or call reference"
    MOOD = "mood", "Mood"
    LANGUAGE = "language", "Language"
    REPEAT = "repeat", "Repeat contact"
    SECOND_CASE = "second_case", "Already open"

    DISPOSITION = "disposition", "How did the call end?"
    WANTED_BY = "wanted_by", "Who wanted the new time?"
    WITHDRAWN = "withdrawn", "Does the customer withdraw?"
    NOTE = "note", "Note"
    REASON = "reason", "Reason"
    RECEIVER = "receiver", "Hand over to"
    REVIEWER = "reviewer", "Who reviews it?"
    TARGET = "target", "Escalate to"
    OUTCOME = "outcome", "Outcome"
    GRANTED = "granted", "What was granted"
    NOTES = "notes", "Notes"
    SATISFIED = "satisfied", "Was the customer satisfied?"
    RIGHT_DEPARTMENT = "right_department", "Right department?"
    ASSESSED_WELL = "assessed_well", "Assessed well?"
    MISSED = "missed", "De-escalation opportunity missed"
