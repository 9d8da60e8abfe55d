"""The shift that a visitor of the demo walks into: two nights at the desk as a table, and the moment it is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cases.hours import next_free
from cases.program import Program

ESCALATE, SAYS = "Escalate", "Says"
"""What a turn does where it is no button: the form is raised, or somebody writes something."""

ASK, RANDOM = "#ask-billing", "#random"

SITE = "Asia/Manila"
"""Where the desk's people sit."""

YESTERDAY = -24 * 60

OVERDUE = 8
"""The case whose time went by without a call."""


@dataclass(frozen=True)
class Customer:
    """Whom a case is about; the numbers are of the range that is kept free for stories."""

    name: str
    contact: str
    zone: str


@dataclass(frozen=True)
class Turn:
    """At minute `at` (0: the moment the visitor comes in) `who` presses the button `does`, or what else it says.

    `case` is the card it is about, None for a word in `place`. `form` is by the labels of the form that opens;
    `call` is the minute that the customer is promised.
    """

    at: float
    who: str
    does: str
    case: int | None = None
    form: Mapping[str, object] = field(default_factory=dict)
    call: int | None = None
    words: str = ""
    place: str = ASK


CUSTOMERS: dict[int, Customer] = {
    1: Customer("Marcus Bell", "+1 212 555 0143", "America/New_York"),
    2: Customer("Priya Natarajan", "+1 312 555 0187", "America/Chicago"),
    3: Customer("Walter Kim", "+1 303 555 0164", "America/Denver"),
    4: Customer("Elena Vasquez", "+1 602 555 0192", "America/Phoenix"),
    5: Customer("Grace Okafor", "+1 404 555 0149", "America/New_York"),
    6: Customer("Tom Lindqvist", "+1 206 555 0171", "America/Los_Angeles"),
    7: Customer("Denise Romano", "+1 215 555 0168", "America/New_York"),
    8: Customer("Curtis Boyd", "+1 512 555 0135", "America/Chicago"),
    9: Customer("Hannah Weiss", "+1 617 555 0119", "America/New_York"),
    10: Customer("Joel Park", "+1 213 555 0176", "America/Los_Angeles"),
    11: Customer("Marcus Bell", "+1 212 555 0143", "America/New_York"),
    12: Customer("Ruth Delgado", "+1 305 555 0110", "America/New_York"),
}

VISITOR = Customer("Jane Doe", "+1 415 555 0132", "America/Los_Angeles")
"""Whom the visitor's own case is about."""

STORIES: dict[int, Mapping[str, object]] = {
    1: {
        "Scenario": "Asked for a supervisor right away",
        "Reasons": ["Billing dispute", "Promise broken"],
        "De-escalation tried": ["Listened without interrupting", "Apologised", "Offered a callback"],
        "What happened and what was promised": "Charged twice for October, $48.20 each. Was told last week that "
        "the refund is on its way, it is not. I promised a call from a team lead with the refund's date.",
        "Your direct superior": "Ben Carter",
        "Account or call reference": "NW-20418",
        "Mood": "Angry",
    },
    2: {
        "Scenario": "Asked during the conversation",
        "Reasons": ["No progress", "Long wait"],
        "De-escalation tried": ["Listened without interrupting", "Showed empathy", "Gave a realistic time"],
        "What happened and what was promised": "Third call about a plan change that never went through. She had "
        "to get off the train and hung up; she expects our call in half an hour.",
        "Your direct superior": "Tess Lim",
        "Mood": "Upset",
    },
    3: {
        "Scenario": "Raised by the agent",
        "Reasons": ["Beyond the agent's authority", "Needs policy approval"],
        "De-escalation tried": ["Showed empathy", "Offered a solution or alternative"],
        "What happened and what was promised": "Late fees from four months, he was in hospital and has papers for "
        "it. I may waive one fee only. Promised that somebody who may decide calls him.",
        "Your direct superior": "Ben Carter",
        "Account or call reference": "NW-11873",
    },
    4: {
        "Scenario": "Asked during the conversation",
        "Reasons": ["Wants faster service"],
        "De-escalation tried": ["Kept the customer updated", "Offered a callback"],
        "What happened and what was promised": "The line of her shop is moved next week and nobody could tell her "
        "at which hour. Promised that we find out and call back.",
        "Your direct superior": "Tess Lim",
    },
    5: {
        "Scenario": "Asked for a supervisor right away",
        "Reasons": ["Security concern", "Sensitive or conflict"],
        "De-escalation tried": ["Listened without interrupting", "Apologised", "Signposted the next steps"],
        "What happened and what was promised": "Somebody changed the address on her account and ordered two "
        "phones. She is scared, rightly. Account is locked; she wants to know who let this happen.",
        "Account or call reference": "NW-30092",
        "Mood": "Furious",
    },
    6: {
        "Scenario": "Asked during the conversation",
        "Reasons": ["Poor product or service", "Felt not heard"],
        "De-escalation tried": ["Showed empathy", "Offered a solution or alternative"],
        "What happened and what was promised": "Wants the early termination fee waived because the signal at his "
        "cabin is weak. Coverage map shows it as outside. Promised a second opinion.",
    },
    7: {
        "Scenario": "Raised by the agent",
        "Reasons": ["Agent lacked the knowledge"],
        "De-escalation tried": ["Asked leave to resolve it", "Offered a callback"],
        "What happened and what was promised": "Question about the tax on a business plan in two states. I did not "
        "want to guess. She is fine with a call from somebody who knows.",
        "Mood": "Calm",
    },
    OVERDUE: {
        "Scenario": "Asked for a supervisor right away",
        "Reasons": ["Promise broken", "Long wait"],
        "De-escalation tried": ["Listened without interrupting", "Apologised", "Offered a callback"],
        "What happened and what was promised": "Technician did not come, for the second time, and he had swapped "
        "his shift for it. I promised a supervisor's call in his lunch break.",
        "Account or call reference": "NW-27755",
        "Mood": "Angry",
    },
    9: {
        "Scenario": "Asked during the conversation",
        "Reasons": ["Billing dispute", "No progress"],
        "De-escalation tried": [
            "Listened without interrupting",
            "Used positive wording",
            "Gave a realistic time",
        ],
        "What happened and what was promised": "Student discount fell off at renewal, $15 a month since August. "
        "She sent the proof twice. Promised a call in an hour with the credit's amount.",
        "Account or call reference": "NW-18320",
    },
    10: {
        "Scenario": "Asked during the conversation",
        "Reasons": ["Technical or account specialist needed"],
        "De-escalation tried": ["Offered a solution or alternative", "Offered a callback"],
        "What happened and what was promised": "Two accounts were merged and his father's contract is gone from "
        "the app. Promised that somebody who can see both calls him.",
    },
    11: {
        "Scenario": "Asked for a supervisor right away",
        "Reasons": ["Repeat contact, still unresolved", "Billing dispute"],
        "De-escalation tried": ["Showed empathy", "Apologised", "Offered a callback"],
        "What happened and what was promised": "The refund of yesterday shows as pending and now there is a late "
        "fee on top, because the first bill counts as unpaid. He wants Sam or Sam's boss.",
        "Account or call reference": "NW-20418",
        "Mood": "Furious",
    },
    12: {
        "The customer": "Is waiting on the line",
        "Scenario": "Asked for a supervisor right away",
        "Reasons": ["Staff conduct"],
        "Could not attempt because": "Customer refused",
        "What happened and what was promised": "Says the last agent laughed at her. Will not tell me more and will "
        "not hang up before she has spoken to a supervisor.",
        "Mood": "Upset",
    },
}
"""What agents enter when they raise each case."""

OUTCOMES: dict[int, Mapping[str, object]] = {
    1: {
        "Outcome": "Resolved",
        "What was granted": "Second charge of $48.20 refunded",
        "Notes": "Refund sent while we were on the phone, he saw the e-mail come in. Apologised for the week of "
        "silence. He is content.",
        "Was the customer satisfied?": "Yes",
        "Right department?": "Yes",
        "Assessed well?": "Yes",
        "De-escalation opportunity missed": "None",
    },
    3: {
        "Outcome": "Partly resolved",
        "What was granted": "Two of the four late fees waived",
        "Notes": "Waived what I may waive. The other two need Mia's word; he sends the hospital's letter today and "
        "hears from me tomorrow.",
        "Was the customer satisfied?": "Partly",
        "Right department?": "Yes",
        "Assessed well?": "Yes",
    },
    6: {
        "Outcome": "Policy upheld, apologised",
        "What was granted": "One month's fee as goodwill",
        "Notes": "Explained the map with him, line by line. He does not like it but he understands. Should have "
        "been offered the goodwill in the first call.",
        "Was the customer satisfied?": "Partly",
        "Right department?": "Yes",
        "Assessed well?": "Yes",
        "De-escalation opportunity missed": "One",
    },
}
"""What the close form says of each case that is closed after a call."""

SHIFT: tuple[Turn, ...] = (
    # Yesterday. Case 1 goes as it should.
    Turn(YESTERDAY - 62, "Ana", ESCALATE, 1, STORIES[1], call=YESTERDAY - 25),
    Turn(YESTERDAY - 60, "Sam", "Claim", 1),
    # Case 2: nobody answers, three times.
    Turn(YESTERDAY - 44, "Arjun", ESCALATE, 2, STORIES[2], call=YESTERDAY - 10),
    Turn(YESTERDAY - 41, "Ben", "Claim", 2),
    Turn(YESTERDAY - 24, "Sam", "Calling now", 1),
    # Case 3: half of it is solved, the rest has its own date.
    Turn(YESTERDAY - 20, "Amy", ESCALATE, 3, STORIES[3], call=YESTERDAY + 20),
    Turn(YESTERDAY - 16, "Sia", "Claim", 3),
    Turn(YESTERDAY - 11, "Sam", "Complete", 1, OUTCOMES[1]),
    Turn(
        YESTERDAY - 8,
        "Ben",
        "Log outcome",
        2,
        {
            "How did the call end?": "No answer",
            "Note": "Rang out, no voicemail. She may still be on the train.",
        },
        call=YESTERDAY + 112,
    ),
    Turn(
        YESTERDAY - 7,
        "Ana",
        SAYS,
        1,
        words="Thank you Sam, that was quick. He was really at the end of his tether.",
    ),
    Turn(YESTERDAY + 21, "Sia", "Calling now", 3),
    Turn(YESTERDAY + 36, "Sia", "Complete", 3, OUTCOMES[3], call=150),
    Turn(
        YESTERDAY + 114,
        "Ben",
        "Log outcome",
        2,
        {"How did the call end?": "Voicemail left", "Note": "Said who we are and when we call again."},
        call=YESTERDAY + 235,
    ),
    Turn(
        YESTERDAY + 237,
        "Ben",
        "Log outcome",
        2,
        {"How did the call end?": "No answer", "Note": "Straight to voicemail this time."},
    ),
    Turn(
        YESTERDAY + 251,
        "Mia",
        "Sign off unreachable",
        2,
        {
            "Notes": "Three tries over four hours, voicemail left. The plan change is done by now; she gets it in "
            "writing tonight."
        },
    ),
    # Today. Case 4: one attempt made, the next one agreed.
    Turn(-138, "Abel", ESCALATE, 4, STORIES[4], call=-105),
    Turn(-133, "Sia", "Claim", 4),
    # Case 5: the team lead needs somebody who may decide.
    Turn(-126, "Arjun", ESCALATE, 5, STORIES[5], call=-90),
    Turn(-124, "Tess", "Claim", 5),
    # Case 6 is closed by now.
    Turn(-118, "Amy", ESCALATE, 6, STORIES[6], call=-80),
    Turn(-117, "Ben", "Claim", 6),
    Turn(
        -103,
        "Sia",
        "Log outcome",
        4,
        {
            "How did the call end?": "Third party answered",
            "Note": "Her brother: she is with a customer until noon. For then: the crew comes between 9 and 11.",
        },
        call=38,
    ),
    # Case 7: another time, because the customer asked for it.
    Turn(-97, "Abel", ESCALATE, 7, STORIES[7], call=-45),
    Turn(-93, "Tess", "Claim", 7),
    Turn(-89, "Tess", "Calling now", 5),
    Turn(-79, "Ben", "Calling now", 6),
    Turn(
        -76,
        "Tess",
        "Escalate further",
        5,
        {
            "Who reviews it?": "Mia Grant",
            "Reason": "She wants it in writing that the orders are void and what we change. That is above me. She was "
            "calmer at the end, she has my name.",
        },
        call=120,
    ),
    Turn(-66, "Ben", "Complete", 6, OUTCOMES[6]),
    # Case 8: Sam is held up elsewhere, its time goes by.
    Turn(-68, "Arjun", ESCALATE, OVERDUE, STORIES[OVERDUE], call=-25),
    Turn(-64, "Sam", "Claim", OVERDUE),
    Turn(-58, "Abel", "Reschedule", 7, {"Who wanted the new time?": "The customer"}, call=95),
    Turn(-57, "Abel", SAYS, 7, words="She is in meetings until then, sorry for the back and forth."),
    Turn(
        -55, "Otto", SAYS, words="The coffee machine on four is back :tada: Thanks, facilities.", place=RANDOM
    ),
    # Case 9 is due next, with Sia since Ben went off.
    Turn(-52, "Amy", ESCALATE, 9, STORIES[9], call=12),
    Turn(-50, "Ben", "Claim", 9),
    Turn(-49, "Sia", SAYS, words="Saved me a walk :smile:", place=RANDOM),
    # Case 10 is on the phone.
    Turn(-41, "Ana", ESCALATE, 10, STORIES[10], call=-5),
    Turn(-39, "Tess", "Claim", 10),
    Turn(
        -19,
        "Ben",
        "Hand over",
        9,
        {
            "Hand over to": "Sia Novak",
            "Note": "My 1:1 with Amy runs into this one. The credit is $45, already approved: she only needs to hear it.",
        },
    ),
    Turn(-18, "Sia", SAYS, 9, words="Got it."),
    # Case 11: the same customer as in case 1, and nobody has it yet.
    Turn(-9, "Abel", ESCALATE, 11, STORIES[11], call=45),
    Turn(
        -4.5,
        "Arjun",
        "Add note",
        OVERDUE,
        {"Note": "He rang in again, his lunch break is nearly over. Can anybody take this?"},
    ),
    Turn(-4, "Tess", "Calling now", 10),
    # Case 12 hears music.
    Turn(-2, "Amy", ESCALATE, 12, STORIES[12]),
)


def good_moment(today: datetime) -> datetime:
    """Half past two at night in Manila, early afternoon in New York, morning in Los Angeles.

    The first such moment from `today` on at which every promise of the table, yesterday's too, could be given, and
    one for the visitor's customer within the next hour.
    """
    desk = Program(0, "", "", SITE, "America/New_York", "US", holiday_country="US")
    promised = [
        (turn.call, CUSTOMERS[turn.case].zone) for turn in SHIFT if turn.case and turn.call is not None
    ]
    moment = today.replace(hour=18, minute=30, second=0, microsecond=0)
    while not all(
        next_free(at, zone, desk) < at + timedelta(minutes=5)  # it steps by five minutes
        for at, zone in (
            (moment + timedelta(minutes=call), zone) for call, zone in [*promised, (60, VISITOR.zone)]
        )
    ):
        moment += timedelta(days=1)
    return moment
