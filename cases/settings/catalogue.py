"""Every setting of a program, one row each. Forms, checks, changes, the record and the documents come from these rows.

To add a number, give `Program` (or `Ladder`) the attribute and add its row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any, NamedTuple, Self, TypeVar

from cases.playbook import SAID_OF
from cases.program import Department, Knowledge, Program, ReadAloud, Shift
from cases.settings.kinds import (
    DIGEST,
    HOLIDAYS,
    HOURS,
    LANGUAGE,
    REGION,
    ZONE,
    Chosen,
    FreeLines,
    Groups,
    Kind,
    Languages,
    Length,
    Line,
    Links,
    Minutes,
    Name,
    Number,
    Offered,
    OwnDays,
    People,
    Picked,
    Sayings,
    Switch,
    ToRead,
    Weekdays,
)
from cases.times import WEEKDAYS
from cases.words import Reason, Step, Word

DAY = 24 * 60
H = TypeVar("H", Program, Department, Knowledge, ReadAloud, Shift)


class Section(Word):
    """The sections of the settings, in the order of the menu; a label fits a modal's title."""

    NAMES = "names", "Name and zones"
    PEOPLE = "people", "Who is who"
    DEPARTMENTS = "departments", "Departments"
    OFFER = "offer", "Reasons and steps"
    SAY = "say", "What to say"
    KNOWLEDGE = "knowledge", "Knowledge"
    READ_ALOUD = "read_aloud", "What customers are told"
    PROMISES = "promises", "Promises and attempts"
    LADDER = "ladder", "Reminders"
    HOURS = "hours", "Hours and holidays"
    SHIFTS = "shifts", "Shifts"
    POSTS = "posts", "Posts and retention"

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Its settings, in the order in which its form asks for them."""
        return tuple(setting for setting in Setting if self in setting.hints)


Entry = Department | Knowledge | ReadAloud | Shift


@dataclass(frozen=True)
class Several:
    """A list of entries: what one is called, a new one, and how many there may be. Its first setting is the name."""

    noun: str
    blank: Entry
    most: int


LISTS = {
    # 45 with their buttons fit one modal.
    Section.DEPARTMENTS: Several("department", Department(""), 45),
    Section.KNOWLEDGE: Several("note", Knowledge(""), 45),
    Section.READ_ALOUD: Several("text", ReadAloud(""), 20),
    Section.SHIFTS: Several("shift", Shift("", (), time(0), time(0)), 20),
}
"""The sections that are lists, with a form for each entry. The section's value is the program's attribute."""


class Setting(Word):
    """A row: the input's name, label, section, kind, hint, and the attribute of the program (or the entry).

    Without an attribute, the input's name is the attribute's; reminders' attributes are the ladder's. The kind's unit
    is appended to the label. The name is used in Slack's forms and in the record: never change it.
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

    HEARS_PLEAS = ("hears_pleas", "Offer a case for pleas in the channel", Section.OFFER, Switch(),
                   "If somebody types that a customer wants a supervisor, only they are offered the form, filled in.")

    TRANSFER_TO = ("transfer_to", "Transfer calls to", Section.PROMISES, Line(80),
                   "Where a customer on hold is transferred, such as an extension. It is shown to the person who takes the call.")
    WINDOW = ("window", "Window of a promise", Section.PROMISES, Length(1, 240, "minutes"),
              "How long after the agreed time a call counts as overdue. Promises already given keep theirs.")
    HORIZON = "horizon", "How far ahead promises may be", Section.PROMISES, Length(1, 60, "days")
    ATTEMPTS = ("attempts", "Attempts before a sign-off", Section.PROMISES, Number(1, 10),
                "After this many calls that reach nobody, a manager decides. Applies to new cases.")
    SPACING = ("spacing", "Time between attempts", Section.PROMISES, Length(5, 7 * DAY, "minutes"),
               "The form proposes the next attempt this much later, within calling hours. Attempts closer together count as one.")
    FOLLOW_UP_DAYS = ("follow_up_days", "Unsatisfied customer: follow up within", Section.PROMISES,
                      Number(1, 30, "working days"), "The close form proposes that day to the managers.")
    REPEAT_WITHIN = ("repeat_within", "Same customer again within", Section.PROMISES, Length(1, 90, "days"),
                     "The same number or reference within this time links two cases.")

    UNCLAIMED = ("unclaimed", "Unclaimed: remind after", Section.LADDER, Minutes(DAY),
                 "SMEs, then TLs, then managers, such as 3, 7, 15.")
    UNCLAIMED_WAITING = ("unclaimed_waiting", "On hold or urgent: remind after", Section.LADDER, Minutes(120),
                         "For customers on hold and security concerns, such as 1, 3, 5.")
    UNCLAIMED_EVERY = ("unclaimed_every", "Still unclaimed: managers every", Section.LADDER, Number(1, 240, "minutes"),
                       "After the last of these steps, until somebody claims the case.")
    ON_HOLD_EVERY = ("on_hold_every", "On hold: managers every", Section.LADDER, Number(1, 60, "minutes"),
                     "After the last of the fast steps, until somebody takes the call.")
    ON_HOLD_ASK = ("on_hold_ask", "On hold: ask the agent every", Section.LADDER, Number(1, 120, "minutes"),
                   "Only the agent sees it: is the customer still on the line?")
    HEADS_UP = ("heads_up", "Heads-up before the agreed time", Section.LADDER, Number(0, 240, "minutes"),
                "0 for none.")
    OVERDUE_MANAGERS = ("overdue_managers", "Overdue: managers after", Section.LADDER, Number(0, 60, "minutes"),
                        "After the window ends. The owner and TLs are called immediately.")
    OVERDUE_EVERY = ("overdue_every", "Overdue: in the first hour every", Section.LADDER, Number(1, 60, "minutes"))
    OVERDUE_EVERY_AFTER = ("overdue_every_after", "Overdue: after the first hour every", Section.LADDER,
                           Number(1, 240, "minutes"), "Until somebody calls.")
    CALL_MAY_TAKE = ("call_may_take", "Long call: ask the owner after", Section.LADDER, Number(5, 240, "minutes"),
                     "Only the owner sees it: still talking? Until then, the call keeps reminders quiet.")
    CALL_TLS = ("call_tls", "Long call: ask the TLs another", Section.LADDER, Number(1, 120, "minutes"),
                "If the owner doesn't answer. After as much again, the usual reminders come.")
    SIGN_OFF_EVERY = ("sign_off_every", "Sign-off: ask managers every", Section.LADDER, Number(5, DAY, "minutes"))
    CALL_AGAIN = ("call_again", "Call the same people again after", Section.LADDER, Number(5, 240, "minutes"),
                  "In between, their reminder is kept up to date.")
    BURST_OVER = ("burst_over", "Combine reminders if more than", Section.LADDER, Number(1, 50),
                  "More than this many at a time, or two for one person, become one message.")

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
                "One per line, such as: 2026-12-24 Company day.")

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
    OWN_LINES = ("own_lines", "Own words", Section.SAY, Sayings(":", "Billing dispute: Let's look at it together", SAID_OF),
                 "One line each: a scenario, mood or reason, a colon, and what to say instead of our line.")
    OWN_AVOID = ("own_avoid", "Words to avoid", Section.SAY, Sayings("→", "That's our policy → Here's what we can do"),
                 "One line each: what not to say → what to say. They come before ours.")
    NOTE_NAME = ("note_name", "Note's name", Section.KNOWLEDGE, Name(75, "Late fees"), "Such as Late fees.", "name")
    NOTE_REASONS = ("note_reasons", "At these reasons", Section.KNOWLEDGE, Chosen(Reason),
                    "Leave empty to show it at any reason.", "reasons")
    NOTE_DEPARTMENT = ("note_department", "Only for the department", Section.KNOWLEDGE, Line(75),
                       "Leave empty to show it for all.", "department")
    NOTE_ALONE = ("note_alone", "What an agent may decide alone", Section.KNOWLEDGE, Line(300),
                  "Such as: waive one late fee a year, up to 30 USD.", "alone")
    NOTE_BEYOND = ("note_beyond", "What only a TL or a department can", Section.KNOWLEDGE, Line(300), None, "beyond")
    NOTE_TEXT = "note_text", "How to solve it", Section.KNOWLEDGE, FreeLines(1000), None, "note"
    NOTE_LINKS = ("note_links", "Your own pages", Section.KNOWLEDGE, Links(),
                  "One line each, such as: https://wiki.example.com/fees Late fees.", "links")
    TEXT_LANGUAGE = ("text_language", "Language", Section.READ_ALOUD, LANGUAGE,
                     "Such as Spanish. English replaces our own text.", "name")
    TEXT = ("text", "Text", Section.READ_ALOUD, ToRead(),
            "One sentence a line, with facts such as {day} and {time}. A sentence is left out if one of its facts is not known.")
    SHIFT_NAME = "shift_name", "Shift's name", Section.SHIFTS, Name(75, "Night"), "Such as Night.", "name"
    SHIFT_DAYS = ("shift_days", "Begins on", Section.SHIFTS,
                  Weekdays("Choose the weekdays on which it begins."), None, "days")
    SHIFT_BEGINS = ("shift_begins", "Begins at", Section.SHIFTS, Picked("Choose when it begins."), None, "begins")
    SHIFT_ENDS = "shift_ends", "Ends at", Section.SHIFTS, Picked("Choose when it ends."), None, "ends"
    GROUPS = ("groups", "User groups", (Section.DEPARTMENTS, Section.SHIFTS), Groups(),
              ("Askdesk calls them about cases sent there.",
               "Who works this shift. If you choose nobody, everybody works it."))
    USERS = "users", "People", (Section.DEPARTMENTS, Section.SHIFTS), People()
    DIRECT_CONTACT = ("direct_contact", "Direct contact", (Section.SAY, Section.DEPARTMENTS), Line(100),
                      ("Where customers reach you before the call: a number or an address. Agents read it to them.",
                       "Where its customers reach it before the call. If empty, the program's."))
    # fmt: on

    def of(self, holder: Program | Entry) -> Any:
        """The value that the program, or the entry of a list, has."""
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
    "id": "the database assigns it",
    "channel": "a program stays in its channel",
    "active": "no button switches a program off yet",
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
    """Every setting in the order of the forms; no default if it has none."""
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
