"""Every modal, one function each. Those of a move take (case, program, now), whatever of it they need."""

from bot.views.modals.coaching import give_feedback, read_feedback
from bot.views.modals.escalation import escalate, languages
from bot.views.modals.outcome import complete, log_outcome, sign_off
from bot.views.modals.promise import escalate_further, grant_attempt, reopen, reschedule
from bot.views.modals.short import (
    add_note,
    calling_now,
    hand_over,
    hand_over_several,
    loading,
    number,
    problem,
    release,
)

__all__ = [
    "add_note",
    "calling_now",
    "complete",
    "escalate",
    "escalate_further",
    "give_feedback",
    "grant_attempt",
    "hand_over",
    "hand_over_several",
    "languages",
    "loading",
    "log_outcome",
    "number",
    "problem",
    "read_feedback",
    "release",
    "reopen",
    "reschedule",
    "sign_off",
]
