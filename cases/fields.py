"""The inputs of every form: those of a case (docs/policy.md, *What the form asks*), then those of a program's settings."""

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
    GRANTED = "granted", "What was granted"
    NOTES = "notes", "Notes"
    SATISFIED = "satisfied", "Was the customer satisfied?"
    RIGHT_DEPARTMENT = "right_department", "Right department?"
    ASSESSED_WELL = "assessed_well", "Assessed well?"
    MISSED = "missed", "De-escalation opportunity missed"

    OBSERVED = "observed", "Observed behaviour"
    MISSED_STEPS = "missed_steps", "Missed steps"
    CONTROLLABLE = "controllable", "Controllable by"
    ACTION = "action", "Agreed action"
    SECOND_ACTION = "second_action", "Second agreed action"
    FOLLOW_UP_DATE = "follow_up_date", "Follow-up on"
    COACHING_OUTCOME = "coaching_outcome", "Outcome"
    COMMENT = "comment", "Your comment"

    PROGRAM_NAME = "program_name", "Name"
    SITE_ZONE = "site_zone", "The site's time zone"
    CUSTOMER_ZONE = "customer_zone", "The customers' time zone"
    PHONE_REGION = "phone_region", "Country of phone numbers"

    SME_GROUPS = "sme_groups", "SMEs: user groups"
    SME_USERS = "sme_users", "SMEs: people"
    TL_GROUPS = "tl_groups", "TLs: user groups"
    TL_USERS = "tl_users", "TLs: people"
    MANAGER_GROUPS = "manager_groups", "Managers: user groups"
    MANAGER_USERS = "manager_users", "Managers: people"

    DEPARTMENT_NAME = "department_name", "Department's name"
    GROUPS = "groups", "User groups"
    USERS = "users", "People"

    REASONS_ON = "reasons_on", "Reasons that the form offers"
    STEPS_ON = "steps_on", "De-escalation steps that the form offers"
    LANGUAGES = "languages", "Languages that the form offers first"

    WINDOW = "window", "Window of a promise (minutes)"
    HORIZON = "horizon", "Promises ahead, at most (days)"
    ATTEMPTS = "attempts", "Attempts before a sign-off"
    SPACING = "spacing", "Time between attempts (minutes)"
    REPEAT_WITHIN = "repeat_within", "Same customer again within (days)"

    UNCLAIMED = "unclaimed", "Unclaimed: remind after (minutes)"
    UNCLAIMED_WAITING = "unclaimed_waiting", "Waiting on the line: remind after (minutes)"
    UNCLAIMED_EVERY = "unclaimed_every", "Still unclaimed: managers every (minutes)"
    HEADS_UP = "heads_up", "Heads-up before the agreed time (minutes)"
    OVERDUE_MANAGERS = "overdue_managers", "Overdue: managers after (minutes)"
    OVERDUE_EVERY = "overdue_every", "Overdue: in the first hour every (minutes)"
    OVERDUE_EVERY_AFTER = "overdue_every_after", "Overdue: after the first hour every (minutes)"
    CALL_MAY_TAKE = "call_may_take", "A call keeps reminders quiet for (minutes)"
    SIGN_OFF_EVERY = "sign_off_every", "Sign-off: ask managers every (minutes)"
    BURST_OVER = "burst_over", "Reminders at once, each by itself, at most"

    MONDAY = "monday", "Monday"
    TUESDAY = "tuesday", "Tuesday"
    WEDNESDAY = "wednesday", "Wednesday"
    THURSDAY = "thursday", "Thursday"
    FRIDAY = "friday", "Friday"
    SATURDAY = "saturday", "Saturday"
    SUNDAY = "sunday", "Sunday"
    HOLIDAY_COUNTRY = "holiday_country", "Public holidays of"
    OWN_DAYS = "own_days", "Own days without calls"

    SHIFT_NAME = "shift_name", "Shift's name"
    SHIFT_DAYS = "shift_days", "Begins on"
    SHIFT_BEGINS = "shift_begins", "Begins at"
    SHIFT_ENDS = "shift_ends", "Ends at"
    HANDOVER_BEFORE = "handover_before", "Handover before a shift ends (minutes)"

    DIGEST_AT = "digest_at", "Daily digest at"
    COACHING_DAYS = "coaching_days", "Coaching within (working days)"
    PATTERN_OF = "pattern_of", "Pattern: missed opportunities of one agent"
    PATTERN_WITHIN = "pattern_within", "Pattern: within (days)"
    RETENTION = "retention", "Closed cases are kept for (days)"


WEEK = (
    *(Field.MONDAY, Field.TUESDAY, Field.WEDNESDAY, Field.THURSDAY, Field.FRIDAY),
    *(Field.SATURDAY, Field.SUNDAY),
)
"""The fields of the calling hours, Monday first."""
