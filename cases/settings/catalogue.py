"""Every setting of a program, one row each. Forms, checks, changes, the record and the documents come from these rows.

To add a number: give `Program` (or `Ladder`) the attribute, and add its row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any, NamedTuple, Self, TypeVar

from cases.program import Department, Program, Shift
from cases.settings.kinds import (
    DIGEST,
    HOLIDAYS,
    HOURS,
    REGION,
    ZONE,
    Groups,
    Kind,
    Languages,
    Length,
    Minutes,
    Name,
    Number,
    Offered,
    OwnDays,
    People,
    Picked,
    Weekdays,
)
from cases.times import WEEKDAYS
from cases.words import Reason, Step, Word

DAY = 24 * 60
H = TypeVar("H", Program, Department, Shift)


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

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Its settings, in the order in which its form asks for them."""
        return tuple(setting for setting in Setting if self in setting.hints)


Entry = Department | Shift


@dataclass(frozen=True)
class Several:
    """A list of entries: what one is called, a new one, and how many there may be. Its first setting is the name."""

    noun: str
    blank: Entry
    most: int


LISTS = {
    # 45 with their buttons fit one modal.
    Section.DEPARTMENTS: Several("department", Department(""), 45),
    Section.SHIFTS: Several("shift", Shift("", (), time(0), time(0)), 20),
}
"""The sections that are lists, each entry with a form of its own. The section's value is the program's attribute."""


class Setting(Word):
    """A row: the input's name, label, section, kind, hint, and the attribute where the program (or the entry) has it.

    Without an attribute it is named as the input; those of the reminders are the ladder's. The label ends with the kind's
    unit. The name stands in Slack's forms and in the record: it never changes.
    """

    kind: Kind
    hints: Mapping[Section, str | None]
    path: tuple[str, ...]

    def __new__(
        cls,
        value: str,
        label: str,
        section: Section | tuple[Section, ...],
        kind: Kind,
        hint: str | tuple[str, ...] | None = None,
        attribute: str | None = None,
    ) -> Self:
        setting = str.__new__(cls, value)
        setting._value_ = value
        setting.label = f"{label} ({kind.unit})" if kind.unit else label
        setting.kind = kind
        sections = section if isinstance(section, tuple) else (section,)
        each = hint if isinstance(hint, tuple) else (hint,) * len(sections)
        setting.hints = dict(zip(sections, each, strict=True))
        ladder = "ladder." if section is Section.LADDER else ""
        setting.path = tuple((attribute or ladder + value).split("."))
        return setting

    # fmt: off
    PROGRAM_NAME = ("program_name", "Name", Section.NAMES, Name(80, "Billing"),
                    "What people call the program, such as Billing.", "name")
    SITE_ZONE = ("site_zone", "The site's time zone", Section.NAMES, ZONE,
                 "Where your people work, as an IANA name such as Asia/Manila.", "timezone")
    CUSTOMER_ZONE = ("customer_zone", "The customers' time zone", Section.NAMES, ZONE,
                     "Where most customers are, such as America/New_York.", "customer_timezone")
    PHONE_REGION = ("phone_region", "Country of phone numbers", Section.NAMES, REGION,
                    "For numbers without a country code: two letters, such as US.")

    SME_GROUPS = ("sme_groups", "SMEs: user groups", Section.PEOPLE, Groups(),
                  "They are called first about a case that nobody has claimed.")
    SME_USERS = "sme_users", "SMEs: people", Section.PEOPLE, People()
    TL_GROUPS = "tl_groups", "TLs: user groups", Section.PEOPLE, Groups(), "Reminders call them next."
    TL_USERS = "tl_users", "TLs: people", Section.PEOPLE, People()
    MANAGER_GROUPS = ("manager_groups", "Managers: user groups", Section.PEOPLE, Groups(),
                      "Reminders call them last. They sign off cases and change these settings.")
    MANAGER_USERS = "manager_users", "Managers: people", Section.PEOPLE, People()

    REASONS_ON = ("reasons_on", "Reasons that the form offers", Section.OFFER, Offered(Reason, "reason"),
                  None, "reasons_off")
    STEPS_ON = ("steps_on", "De-escalation steps that the form offers", Section.OFFER, Offered(Step, "step"),
                None, "steps_off")
    LANGUAGES = ("languages", "Languages that the form offers first", Section.OFFER, Languages(),
                 "Type in the form to find any other language.")

    WINDOW = ("window", "Window of a promise", Section.PROMISES, Length(1, 240, "minutes"),
              "How long after the agreed time a call counts as overdue. Promises already given keep theirs.")
    HORIZON = "horizon", "Promises ahead, at most", Section.PROMISES, Length(1, 60, "days")
    ATTEMPTS = ("attempts", "Attempts before a sign-off", Section.PROMISES, Number(1, 10),
                "After this many calls that reach nobody, a manager decides. Applies to new cases.")
    SPACING = ("spacing", "Time between attempts", Section.PROMISES, Length(5, 7 * DAY, "minutes"),
               "The form proposes the next attempt this much later, within calling hours.")
    REPEAT_WITHIN = ("repeat_within", "Same customer again within", Section.PROMISES, Length(1, 90, "days"),
                     "The same number or reference within this time links two cases.")

    UNCLAIMED = ("unclaimed", "Unclaimed: remind after", Section.LADDER, Minutes(DAY),
                 "SMEs, then TLs, then managers, such as 3, 7, 15.")
    UNCLAIMED_WAITING = ("unclaimed_waiting", "Waiting on the line: remind after", Section.LADDER, Minutes(120),
                         "While the customer is on the line, such as 1, 3, 5.")
    UNCLAIMED_EVERY = ("unclaimed_every", "Still unclaimed: managers every", Section.LADDER, Number(1, 240, "minutes"),
                       "After the last of these steps, until somebody claims the case.")
    HEADS_UP = ("heads_up", "Heads-up before the agreed time", Section.LADDER, Number(0, 240, "minutes"),
                "0 for none.")
    OVERDUE_MANAGERS = ("overdue_managers", "Overdue: managers after", Section.LADDER, Number(0, 60, "minutes"),
                        "After the window ends. The owner and TLs are called immediately.")
    OVERDUE_EVERY = ("overdue_every", "Overdue: in the first hour every", Section.LADDER, Number(1, 60, "minutes"))
    OVERDUE_EVERY_AFTER = ("overdue_every_after", "Overdue: after the first hour every", Section.LADDER,
                           Number(1, 240, "minutes"), "Until somebody calls.")
    CALL_MAY_TAKE = ("call_may_take", "A call keeps reminders quiet for", Section.LADDER, Number(5, 240, "minutes"))
    SIGN_OFF_EVERY = ("sign_off_every", "Sign-off: ask managers every", Section.LADDER, Number(5, DAY, "minutes"))
    BURST_OVER = ("burst_over", "Separate reminders at a time, at most", Section.LADDER, Number(1, 50),
                  "If more are due together, they become one message.")

    MONDAY = ("monday", WEEKDAYS[0], Section.HOURS, HOURS,
              "On the customer's clock, such as 08:00–21:00, or: closed.", "calling.0")
    TUESDAY = "tuesday", WEEKDAYS[1], Section.HOURS, HOURS, None, "calling.1"
    WEDNESDAY = "wednesday", WEEKDAYS[2], Section.HOURS, HOURS, None, "calling.2"
    THURSDAY = "thursday", WEEKDAYS[3], Section.HOURS, HOURS, None, "calling.3"
    FRIDAY = "friday", WEEKDAYS[4], Section.HOURS, HOURS, None, "calling.4"
    SATURDAY = "saturday", WEEKDAYS[5], Section.HOURS, HOURS, None, "calling.5"
    SUNDAY = "sunday", WEEKDAYS[6], Section.HOURS, HOURS, None, "calling.6"
    HOLIDAY_COUNTRY = ("holiday_country", "Public holidays of", Section.HOURS, HOLIDAYS,
                       "No calls on this country's public holidays: two letters, such as US. Leave empty for none.")
    OWN_DAYS = ("own_days", "Own days without calls", Section.HOURS, OwnDays(),
                "One a line, such as: 2026-12-24 Company day.")

    DIGEST_AT = ("digest_at", "Daily digest at", Section.POSTS, DIGEST,
                 "On the site's clock, such as 08:00. On Mondays the weekly report follows. Leave empty for neither.")
    HANDOVER_BEFORE = ("handover_before", "Handover before a shift ends", Section.POSTS, Length(1, 120, "minutes"))
    COACHING_DAYS = ("coaching_days", "Coaching within", Section.POSTS, Number(1, 30, "working days"),
                     "For the direct superior, after a missed opportunity.")
    PATTERN_OF = ("pattern_of", "Pattern: missed opportunities of one agent", Section.POSTS, Number(2, 50),
                  "At this many, Askdesk tells the superior and the managers.")
    PATTERN_WITHIN = "pattern_within", "Pattern: within", Section.POSTS, Length(1, 365, "days")
    RETENTION = "retention", "Closed cases are kept for", Section.POSTS, Length(30, 3650, "days")

    DEPARTMENT_NAME = ("department_name", "Department's name", Section.DEPARTMENTS, Name(75, "IT"),
                       "What agents choose in the form, such as IT.", "name")
    SHIFT_NAME = "shift_name", "Shift's name", Section.SHIFTS, Name(75, "Night"), "Such as Night.", "name"
    SHIFT_DAYS = ("shift_days", "Begins on", Section.SHIFTS,
                  Weekdays("Choose the weekdays on which it begins."), None, "days")
    SHIFT_BEGINS = ("shift_begins", "Begins at", Section.SHIFTS, Picked("Choose when it begins."), None, "begins")
    SHIFT_ENDS = "shift_ends", "Ends at", Section.SHIFTS, Picked("Choose when it ends."), None, "ends"
    GROUPS = ("groups", "User groups", (Section.DEPARTMENTS, Section.SHIFTS), Groups(),
              ("Askdesk calls them about cases sent there.",
               "Who works this shift. If you choose nobody, everybody works it."))
    USERS = "users", "People", (Section.DEPARTMENTS, Section.SHIFTS), People()
    # fmt: on

    def of(self, holder: Program | Entry) -> Any:
        """What the program, or the entry of a list, has."""
        found: Any = holder
        for part in self.path:
            found = found[int(part)] if isinstance(found, tuple) else getattr(found, part)
        return found

    def put(self, holder: H, value: Any) -> H:
        """The program or entry with another value."""
        changed: H = _put(holder, self.path, value)
        return changed


WEEK = tuple(setting for setting in Setting if setting.path[0] == "calling")
"""The calling hours, Monday first."""

NOT_SHOWN = {
    "id": "the database gives it",
    "channel": "a program stays in its channel",
    "active": "nothing switches a program off yet",
    "ladder.overdue_first_hour": "its label says that it is an hour",
}
"""The program's attributes that no manager changes, each with the reason."""


class Row(NamedTuple):
    """A setting as the documents list it."""

    section: str
    label: str
    hint: str
    takes: str
    default: str


def rows() -> list[Row]:
    """Every setting in the order of the forms; the default of what has none is empty."""
    fresh = Program(0, "", "", "", "", "")
    found = []
    for section in Section:
        holder = LISTS[section].blank if section in LISTS else fresh
        for setting in section.settings:
            data = setting.kind.data(setting.of(holder))
            default = "" if section in LISTS or data == "" else setting.kind.words(data)
            found.append(
                Row(section.label, setting.label, setting.hints[section] or "", setting.kind.takes, default)
            )
    return found


def _put(holder: Any, path: tuple[str, ...], value: Any) -> Any:
    if not path:
        return value
    first, *rest = path
    if isinstance(holder, tuple):
        at = int(first)
        return (*holder[:at], _put(holder[at], tuple(rest), value), *holder[at + 1 :])
    return replace(holder, **{first: _put(getattr(holder, first), tuple(rest), value)})
