"""A program's settings as its manager edits them, section by section (each fits one modal).

Every section has a form, which holds text as Slack hands it over, and three functions:

    names_form(program) -> NamesForm            what stands in the form
    read_names(form, program) -> Program        the program as it is then; raises FieldErrors with all mistakes
    changes(before, after) -> list[Change]      what that changed, in words

and the same for people, one department, what the form offers, promises, the ladder, hours, one shift, and the rest.
Nothing is changed in place, nothing is applied by half.
"""

from __future__ import annotations

from cases.settings.changes import Change, changes, renamed
from cases.settings.desk import (
    DepartmentForm,
    NamesForm,
    OfferForm,
    PeopleForm,
    department_form,
    names_form,
    offer_form,
    people_form,
    read_department,
    read_names,
    read_offer,
    read_people,
    without_department,
)
from cases.settings.pace import (
    LadderForm,
    PostsForm,
    PromisesForm,
    ladder_form,
    posts_form,
    promises_form,
    read_ladder,
    read_posts,
    read_promises,
)
from cases.settings.week import (
    HoursForm,
    ShiftForm,
    hours_form,
    read_hours,
    read_shift,
    shift_form,
    without_shift,
)
from cases.words import Word


class Section(Word):
    """The sections of the settings, in the order in which they are offered; a label fits a modal's title."""

    NAMES = "names", "Name and zones"
    PEOPLE = "people", "Who is who"
    DEPARTMENTS = "departments", "Departments"
    OFFER = "offer", "Reasons and steps"
    PROMISES = "promises", "Promises and attempts"
    LADDER = "ladder", "Reminders"
    HOURS = "hours", "Hours and holidays"
    SHIFTS = "shifts", "Shifts"
    POSTS = "posts", "Posts and retention"


__all__ = [
    "Change",
    "DepartmentForm",
    "HoursForm",
    "LadderForm",
    "NamesForm",
    "OfferForm",
    "PeopleForm",
    "PostsForm",
    "PromisesForm",
    "Section",
    "ShiftForm",
    "changes",
    "department_form",
    "hours_form",
    "ladder_form",
    "names_form",
    "offer_form",
    "people_form",
    "posts_form",
    "promises_form",
    "read_department",
    "read_hours",
    "read_ladder",
    "read_names",
    "read_offer",
    "read_people",
    "read_posts",
    "read_promises",
    "read_shift",
    "renamed",
    "shift_form",
    "without_department",
    "without_shift",
]
