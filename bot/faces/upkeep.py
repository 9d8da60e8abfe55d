"""What Askdesk itself changes in a case."""

from __future__ import annotations

from bot.faces.lines import Happening, Line
from cases.events import Happened
from cases.mrkdwn import inline


def _blanked(it: Happening) -> str:
    days = it.fact("kept_days")
    why = f"closed cases are kept for {days} days" if days else "Askdesk was told to forget the customer"
    return f"Askdesk deleted the customer's details and all texts: {why}"


def _language_settled(it: Happening) -> str:
    return f"Askdesk now stores the customer's language in {it.number} as a list entry, or encrypted"


def _department_renamed(it: Happening) -> str:
    return (
        f"The department *{inline(it.fact('was'), 100)}* is now called *{inline(it.fact('department'), 100)}*"
    )


LINES = {
    Happened.BLANKED: Line(_blanked),
    Happened.LANGUAGE_SETTLED: Line(_language_settled),
    Happened.DEPARTMENT_RENAMED: Line(_department_renamed),
}
