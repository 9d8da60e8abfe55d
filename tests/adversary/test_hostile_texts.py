"""Two hundred hostile texts through the real form: what stands on cards, in threads, in Homes, in files and in the database."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from bot.usecases.export_files import csv_text
from cases.csv_file import FORMULA
from cases.figures.export import columns
from cases.figures.period import Period
from cases.text import clean
from sandbox.driver import Message
from storage.reports import exporting
from tests.adversary.siege import Siege, besieged
from tests.adversary.texts import CARDS, WHOLE, hostile
from tests.journeys.floor import ASK, FORM
from tests.journeys.telling import opens, rests

FIELDS = ("Customer", "Other reason", "What happened and what was promised", "Account or call reference")
OURS = r"!date\^\d+\^\{date_short_pretty\} \{time\}\||https?://127\.0\.0\.1[:/]|#C0(?:ASKBILL|RANDOM)> · "
"""What the bot writes itself: times, links to its own cards, and which program is where."""

ALIVE = re.compile(rf"<(?!{OURS})(?:!|@U0OTTO|#C|[a-z]+:)", re.IGNORECASE)
"""What Slack would turn into a mention, a channel or a link."""

DIRECTED = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u200b\ufeff\u00ad"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0085\u2028\u2029]"
)
"""What leaves the field that it was typed in, or is seen by nobody."""

ISOLATED = re.compile("\u2068[^\u2066-\u2069]*\u2069")
"""What the bot puts around a text, so that its direction ends with it."""


NUMBERS = cycle(range(90))


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    """The desk, with nothing on it yet."""
    folder = tmp_path_factory.mktemp("texts")
    with besieged(f"sqlite:///{folder / 'askdesk.db'}", folder / "bot") as found:
        yield found


@pytest.fixture(scope="module")
def typed(siege: Siege) -> dict[int, dict[str, str]]:
    """What was typed into each case's form, four texts at a time, and was taken; a note as well into each tenth."""
    floor = siege.floor
    taken: dict[int, dict[str, str]] = {}
    texts = [*hostile()]
    assert len(texts) == WHOLE
    siege.marks()
    for at in range(0, WHOLE, len(FIELDS)):
        said = dict(zip(FIELDS, texts[at : at + len(FIELDS)], strict=True))
        said["What happened and what was promised"] += " and she wants to be called back."
        if fields := _sent(siege, said):
            # What is refused at its field is typed again in plain words; the others stay.
            said |= dict.fromkeys(fields, "Plain words in place of what was refused")
            assert not _sent(siege, said)
        taken[len(taken) + 1] = said
    rests(floor)
    for number in range(1, len(taken) + 1, 10):
        card = _card(siege, number)
        floor.mia.clicks("Claim", on=card, within=10)
        opens(floor.mia, "Add note", on=card).submit({"Note": texts[number]})
    floor.mia.opens_home()
    floor.ana.opens_home()
    rests(floor)
    return taken


def _sent(siege: Siege, said: dict[str, str]) -> list[str]:
    """The fields that were refused; none where the form was taken."""
    floor = siege.floor
    floor.ana.types("/escalate", in_=ASK)
    modal = floor.ana.modal("Escalate")
    form: dict[str, Any] = {**FORM, **floor.time_in(300), "Reasons": ["Billing dispute", "Other"], **said}
    form["Contact number"] = f"+1 212 555 0{100 + next(NUMBERS)}"  # another customer each time
    modal.fill({"Reasons": form.pop("Reasons")})
    for label in FIELDS:  # the longest that Slack lets somebody type
        form[label] = form[label][
            : {"Customer": 80, "Account or call reference": 80, "Other reason": 150}.get(label, 1000)
        ]
    result = modal.submit({label: value for label, value in form.items() if label in modal.labels()})
    assert result.acked or result.errors, result
    if result.errors:
        modal.close()
    elif not result.closed:  # the reference is that of another case
        assert modal.submit({"Already open": ["Raise a second case anyway"]}).closed, modal.text
    return [*result.errors]


def _card(siege: Siege, number: int) -> Message:
    cards = (m for m in siege.floor.slack.channel(ASK).messages() if m.buttons() or m.overflow())
    return next(m for m in cards if f"Case {number} " in f"{m.fallback} ")


def _mrkdwn(within: Any) -> Iterator[str]:
    """Every text that Slack would read signs in: mrkdwn, and a message's own text, of which it makes the notification."""
    if isinstance(within, list):
        for one in within:
            yield from _mrkdwn(one)
    elif isinstance(within, dict):
        if within.get("type") in ("plain_text", "text"):  # shown as it is; the second within rich text
            return
        for key, value in within.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from _mrkdwn(value)


def _texts(within: Any) -> Iterator[str]:
    """Every text there is, but for what goes back into the field in which it was typed."""
    if isinstance(within, str):
        yield within
    elif isinstance(within, list):
        for one in within:
            yield from _texts(one)
    elif isinstance(within, dict):
        for key, one in within.items():
            if key != "initial_value":
                yield from _texts(one)


def _sent_to_slack(siege: Siege) -> Sequence[Any]:
    """Cards, lines, notification texts, Homes, forms and answers, as they went over the wire."""
    kinds = ("api", "ack", "response_url")
    return [
        one.get("response" if one["kind"] == "ack" else "payload")
        for one in siege.workspace.traffic.so_far()
        if one["kind"] in kinds
    ]


def test_nobody_is_mentioned_and_nothing_is_linked(siege: Siege, typed: dict[int, dict[str, str]]) -> None:
    """On cards, in threads, in Homes, in notification texts and answers."""
    assert len(typed) == WHOLE / len(FIELDS)
    alive = [text for text in _mrkdwn(_sent_to_slack(siege)) if ALIVE.search(text)]
    assert alive == []


def test_nothing_unseen_and_no_direction_leaves_its_field(
    siege: Siege, typed: dict[int, dict[str, str]]
) -> None:
    """Neither to Slack nor into the database."""
    assert [text for text in _texts(_sent_to_slack(siege)) if DIRECTED.search(ISOLATED.sub("", text))] == []
    with siege.store.read() as reading:
        for number, said in typed.items():
            told = reading.case(number, 1).said
            for text in (told.customer, told.other_reason, told.details, told.reference):
                assert not DIRECTED.search(text or ""), (number, text, said)


def test_what_was_typed_is_kept(siege: Siege, typed: dict[int, dict[str, str]]) -> None:
    """Cleaned, and otherwise as it was: nothing is cut out of a customer's story."""
    with siege.store.read() as reading:
        for number, said in typed.items():
            story = said["What happened and what was promised"][:1000]
            assert reading.case(number, 1).said.details == clean(story)


def test_the_file_holds_none_of_it_in_the_clear(siege: Siege, typed: dict[int, dict[str, str]]) -> None:
    """Names, stories and references are sealed."""
    url = siege.floor.database.removeprefix("sqlite:///")
    kept = b"".join(Path(url + end).read_bytes() for end in ("", "-wal") if Path(url + end).exists())
    for said in typed.values():
        for text in said.values():
            if len(clean(text)) > 12:
                assert clean(text).encode() not in kept, text


def test_no_cell_of_an_export_is_a_formula(siege: Siege, typed: dict[int, dict[str, str]]) -> None:
    """Whatever a spreadsheet splits lines at; and the cells are still what they were, in quotes."""
    now = siege.floor.clock.now()
    period = Period(now.date() - timedelta(days=2), now.date() + timedelta(days=2), "Etc/UTC")
    with siege.store.read() as reading:
        (program,) = [one for one in reading.programs() if one.id == 1]
        told = exporting.cases(reading, 1, period, now, personal=True)
        text = "".join(csv_text(((program, one) for one in told), columns(personal=True)))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == 1 + len(typed)
    begins = re.compile(rf"(?:\A|[,;\t|\r\n])[\s\"\u200b-\u200f]*[{re.escape(FORMULA)}]")
    numbers = re.compile(r"\+\d+")
    bad = [cell for row in rows for cell in row if begins.search(cell) and not numbers.fullmatch(cell)]
    assert bad == []


def test_no_card_number_is_taken_in_any_field(siege: Siege, typed: dict[int, dict[str, str]]) -> None:
    """However it is disguised: refused at the field, and nothing is kept."""
    before, floor = siege.seen(), siege.floor
    for at, number in enumerate(CARDS):
        label = FIELDS[at % len(FIELDS)]
        said = dict.fromkeys(FIELDS, "Nothing to be seen in here") | {label: f"{number} she said, and waits"}
        assert _sent(siege, said) == [label], (label, number)
    told = before.differs(siege.seen())
    assert not told, told
    assert floor.slack.problems() == []


def test_nothing_of_it_is_in_the_log(siege: Siege, typed: dict[int, dict[str, str]]) -> None:
    """And nothing broke: no traceback, no error; the bot is at work."""
    siege.is_at_work()
    siege.log_is_clean([text for said in typed.values() for text in said.values() if len(text) > 12])
