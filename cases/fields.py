"""The inputs of a case's forms. The close form's questions are in `cases/close_form.py`, a program's settings in
`cases/settings/catalogue.py`.
"""

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
    CASES = "cases", "Cases"
    REVIEWER = "reviewer", "Who reviews it?"
    TARGET = "target", "Escalate to"
    OUTCOME = "outcome", "Outcome"

    OBSERVED = "observed", "Observed behaviour"
    MISSED_STEPS = "missed_steps", "Missed steps"
    CONTROLLABLE = "controllable", "Controllable by"
    ACTION = "action", "Agreed action"
    SECOND_ACTION = "second_action", "Second agreed action"
    FOLLOW_UP_DATE = "follow_up_date", "Follow-up on"
    COACHING_OUTCOME = "coaching_outcome", "Outcome"
    COMMENT = "comment", "Your comment"
