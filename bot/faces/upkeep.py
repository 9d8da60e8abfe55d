"""What Askdesk itself changes in a case."""

from __future__ import annotations

from bot.faces.lines import Happening, Line
from cases.events import Happened
from cases.mrkdwn import inline


def _blanked(it: Happening) -> str:
    days = it.fact("kept_days")
    why = f"closed cases are kept for {days} days" if days else "the customer is to be forgotten"
    return f"Askdesk deleted who the customer was and what was written: {why}"


def _language_settled(it: Happening) -> str:
    return f"Askdesk now keeps the customer's language of {it.number} from the list, or sealed"


def _department_renamed(it: Happening) -> str:
    return (
        f"The department *{inline(it.fact('was'), 100)}* is called *{inline(it.fact('department'), 100)}* now"
    )


LINES = {
    Happened.BLANKED: Line(_blanked),
    Happened.LANGUAGE_SETTLED: Line(_language_settled),
    Happened.DEPARTMENT_RENAMED: Line(_department_renamed),
}
