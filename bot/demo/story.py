"""One escalation from `/escalate` to its outcome, played by the driver and told in the terminal."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from sandbox.driver import Driver, Message, Person

CHANNEL = "#ask-billing"
CUSTOMER = "Jane Doe"


class Teller:
    """Prints what people do and what they see, with the workspace's clock in front."""

    def __init__(self, slack: Driver, console: Console) -> None:
        self._slack = slack
        self._console = console

    def does(self, who: str, what: str) -> None:
        self._line(f"{who} {what}", "bold cyan")

    def says(self, text: str) -> None:
        """A remark of the narrator."""
        self._console.print(Text(f"\n{text}", style="italic"))

    def waits(self, until: datetime, what: str) -> None:
        """Lets the workspace's time pass."""
        self._slack.clock.reaches(until)
        self._line(f"… time passes: {what}", "yellow")

    def shows(self, title: str, message: Message, border: str = "green") -> None:
        """A message as it stands in the channel, with its buttons."""
        text = Text(message.text.strip())
        labels = message.buttons()
        if labels:
            text.append("\n" + "  ".join(f"[ {label} ]" for label in labels), style="bold green")
        self._console.print(Panel(text, title=title, title_align="left", border_style=border, width=100))

    def _line(self, text: str, style: str) -> None:
        at = self._slack.clock.now().astimezone(ZoneInfo("Asia/Manila"))
        self._console.print(Text(f"{at:%a %H:%M} Manila  ", style="dim") + Text(text, style=style))


def tell(url: str, console: Console) -> None:
    """Plays the story in the workspace at `url`."""
    slack = Driver(url)
    teller = Teller(slack, console)
    ana, ben = slack.person("Ana"), slack.person("Ben")
    teller.says("Ana has an angry customer on the line. First she tries the wrong place: a DM to the bot.")
    _dm(teller, ana)
    promised = (slack.clock.now() + timedelta(minutes=31)).replace(second=0, microsecond=0)
    card = _escalate(teller, ana, promised)
    teller.says("Ben, a team lead, claims it; so the case is in good hands.")
    _claims(teller, slack, card)
    teller.says("The agreed time comes. Nobody has to remember it.")
    teller.waits(promised - timedelta(minutes=15), "a quarter of an hour to go")
    warning = ben.sees("you call case 1", in_=card, within=20)
    teller.shows("in the thread", warning, "yellow")
    teller.waits(promised, "the agreed time")
    due = ben.sees(re.compile("now", re.I), in_=card, after=warning, within=20)
    teller.shows("in the thread", due, "yellow")
    _call(teller, ben, card)
    ben.sees("closed", in_=card, after=due, within=20)
    teller.says("That is the whole story of case 1, as the channel keeps it:")
    for line in card.thread():
        console.print(Text(f"  • {' '.join(line.text.split())}", style="dim"), soft_wrap=True)
    console.print(
        "\nThis was the real bot over real sockets; only Slack was a stand-in. docs/install.md says how to set it up in your "
        "workspace.\n"
    )


def _dm(teller: Teller, ana: Person) -> None:
    teller.does("Ana", "writes to @askdesk: “my customer wants a supervisor”")
    ana.says("my customer wants a supervisor", in_="@askdesk")
    teller.shows("only visible to Ana", ana.is_told("#ask-billing", in_="@askdesk"), "red")


def _escalate(teller: Teller, ana: Person, promised: datetime) -> Message:
    teller.does(
        "Ana", f"types /escalate {CUSTOMER} +1 415 555 0132 in {CHANNEL}, fills the form and submits it"
    )
    ana.types(f"/escalate {CUSTOMER} +1 415 555 0132", in_=CHANNEL)
    local = promised.astimezone(ZoneInfo("America/Los_Angeles"))
    ana.modal("Escalate").submit(
        {
            "Callback date": f"{local:%Y-%m-%d}",
            "Callback time": f"{local:%H:%M}",
            "Scenario": "Asked for a supervisor right away",
            "Reasons": ["Billing dispute", "Repeat contact, still unresolved"],
            "De-escalation tried": ["Listened without interrupting", "Apologised", "Offered a callback"],
            "What happened and what was promised": "Billed twice for October, third call about it. I promised that a "
            "team lead calls back in half an hour with the refund's date.",
            "Your direct superior": "Ben Carter",
        }
    )
    card = ana.sees("Case 1", in_=CHANNEL)
    teller.shows(CHANNEL, card)
    teller.shows("only visible to Ana", ana.is_told(re.compile("case 1", re.I), in_=CHANNEL), "blue")
    return card


def _claims(teller: Teller, slack: Driver, card: Message) -> None:
    teller.does("Ben", "clicks Claim")
    slack.person("Ben").clicks("Claim", on=card)
    teller.shows(CHANNEL, card.becomes("Ben Carter", within=20))


def _call(teller: Teller, ben: Person, card: Message) -> None:
    teller.does("Ben", "clicks Calling now, speaks with Jane, then clicks Complete and fills the close form")
    ben.clicks("Calling now", on=card.now())
    ben.clicks("Complete", on=card, within=20)
    ben.modal("Complete").submit(
        {
            "Outcome": "Resolved",
            "What was granted": "Refund of the second charge",
            "Notes": "Apologised for the double charge; the refund arrives by Friday, Jane is content.",
            "Was the customer satisfied?": "Yes",
            "Right department?": "Yes",
            "Assessed well?": "Yes",
            "De-escalation opportunity missed": "None",
        }
    )
    teller.shows(CHANNEL, card.becomes("Closed", within=20))
