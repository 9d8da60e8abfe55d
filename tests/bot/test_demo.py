"""The demo: the shift that a visitor walks into, the first minutes, starting over, and how it begins and ends."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.demo.shift import CUSTOMERS, OVERDUE, SHIFT, SITE, VISITOR, good_moment
from bot.demo.site import Site
from bot.demo.tour import FirstMinutes
from bot.terminal import console as terminal
from cases.calendars import holiday
from cases.times import wall
from sandbox import ControlClient, NotPossible
from sandbox.driver import PATIENCE, Driver, Message
from tests.patient import LONG

T = TypeVar("T")

ASK = "#ask-billing"
LATE = "Askdesk was offline"

CLOCKS_CHANGED = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)
"""In the night before, clocks went forward where the customers are."""


class Visit:
    """A site on a loop of its own, the people in it, and its page's addresses."""

    def __init__(self, site: Site, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self.site = site
        self.run = run
        self.slack = Driver(site.sandbox.url)
        self.page = ControlClient(site.sandbox.url)
        self.ana, self.ben, self.tess = (self.slack.person(who) for who in ("Ana", "Ben", "Tess"))

    def cards(self) -> dict[int, Message]:
        """The cards in the channel by their cases' numbers."""
        shown = [(re.match(r"Case (\d+) ·", message.text), message) for message in self.messages()]
        return {int(title[1]): message for title, message in shown if title}

    def messages(self) -> list[Message]:
        return self.slack.channel(ASK).messages()

    def steps(self) -> dict[str, bool]:
        """The checklist: what is done of it."""
        return {step["key"]: step["done"] for step in self.page.get("tour")["tour"]["steps"]}

    def done(self) -> list[str]:
        return [key for key, done in self.steps().items() if done]

    def ticks(self, key: str) -> None:
        self.slack.eventually(lambda: self.steps()[key] or None, about=f"{key} is ticked")


@contextmanager
def visit(moment: datetime, *, empty: bool = False, slack_waits: float = LONG) -> Iterator[Visit]:
    """A site that stands; at its end nothing that the bot did may have been refused by Slack's rules."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="site")
    thread.start()

    def run(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(180)

    async def opens(folder: Path) -> Site:
        site = Site(folder, moment, empty=empty, slack_waits=slack_waits)
        site.sandbox.give_tour(FirstMinutes(site))
        await site.sandbox.start()
        await site.begin()
        return site

    with tempfile.TemporaryDirectory() as folder:
        try:
            site = run(opens(Path(folder)))
            try:
                place = Visit(site, run)
                yield place
                assert not place.slack.problems(), place.slack.problems()
            finally:
                run(site.close())
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


# The shift


@pytest.fixture(scope="module")
def shift() -> Iterator[Visit]:
    """The shift on the day after the clocks changed. Nobody acts in it."""
    with visit(good_moment(CLOCKS_CHANGED)) as place:
        yield place


STANDS: dict[int, str] = {
    1: "Closed: Resolved",
    2: "Closed: Unreachable, signed off",
    3: "partly resolved, follow-up agreed",
    4: "Next attempt · 1 of 3 attempts used",
    5: "With @Mia Grant",
    6: "Closed: Policy upheld, apologised",
    7: "Rescheduled",
    8: "Overdue since",
    9: "With @Sia Novak",
    10: "On the call since",
    11: "nobody has claimed it yet",
    12: "Customer is waiting on the line",
}
"""What each card says of how its case stands."""


def test_the_shift_has_a_dozen_cases_in_all_states(shift: Visit) -> None:
    cards = shift.cards()
    assert list(cards) == list(STANDS)
    for number, words in STANDS.items():
        assert words in cards[number].text, cards[number]
        assert CUSTOMERS[number].name in cards[number].text


def test_what_makes_a_shift_is_in_the_threads(shift: Visit) -> None:
    said = {number: " ".join(line.text for line in card.thread()) for number, card in shift.cards().items()}
    assert "escalated case 5 to tier 2" in said[5]
    assert "rescheduled case 7 at the customer's request" in said[7]
    assert "handed case 9 over to @Sia Novak" in said[9]
    assert "In 15 min you call case 9" in said[9]
    assert "Nobody has claimed case 11 (Marcus Bell) for 3 min" in said[11]
    assert "Nobody has claimed case 11 (Marcus Bell) for 7 min" in said[11]
    assert "Repeat contact: case 1" in shift.cards()[11].text
    assert "waiting on the line" in said[12]


def test_the_overdue_call_was_broadcast(shift: Visit) -> None:
    (told,) = [message for message in shift.messages() if message.broadcast]
    assert f"Overdue: case {OVERDUE}" in told.text
    assert "Take over" in told.buttons()


def test_everything_has_its_time(shift: Visit) -> None:
    """Three cards of yesterday by the site's clock, the others of today; nothing later than now, no ping late."""
    now = shift.slack.clock.now()
    begun = {number: wall(card.at, SITE).date() for number, card in shift.cards().items()}
    today = wall(now, SITE).date()
    assert begun == {number: today - timedelta(days=number <= 3) for number in STANDS}
    raised = {turn.case: turn.at for turn in SHIFT if turn.does == "Escalate"}
    for number, card in shift.cards().items():
        ago = timedelta(minutes=-raised[number])
        assert now - ago - card.at < timedelta(minutes=2), "to the second, but for what passed since"
        lines = card.thread()
        assert [line.at for line in lines] == sorted(line.at for line in lines)
        assert all(line.at <= now for line in lines)
        assert not any(LATE in line.text for line in lines)


def test_somebody_is_rung_soon_and_somebody_within_a_quarter_of_an_hour(shift: Visit) -> None:
    soon = datetime.fromisoformat(shift.page.get("tour")["tour"]["next"])
    now = shift.slack.clock.now()
    assert now < soon < now + timedelta(minutes=2)
    assert timedelta() < datetime.fromisoformat("2026-03-08T18:42:00+00:00") - now < timedelta(minutes=12)
    assert "14:42 America/New_York" in shift.cards()[9].text


def test_only_what_came_last_is_new(shift: Visit) -> None:
    """Nobody meets two nights of unread messages; the overdue call and the waiting customer are new."""
    for who in ("Ana", "Ben", "Mia"):
        shown = shift.page.get("channel/C0ASKBILL", as_=who)
        new = [m["text"] for m in shown["messages"] if m["ts"] > shown["read"] and not m["ephemeral"]]
        assert [re.search(r"[Cc]ase (\d+)", text)[1] for text in new] == ["8", "11", "12"]  # type: ignore[index]


@pytest.mark.parametrize(
    "today", ["2026-03-08", "2026-07-03", "2026-11-01", "2026-11-26", "2026-12-25", "2028-02-29"]
)
def test_it_is_a_day_on_which_customers_are_called(today: str) -> None:
    """Neither that day nor the day before is a holiday of theirs, and it is soon."""
    now = datetime.fromisoformat(f"{today}T23:59:00+00:00")
    moment = good_moment(now)
    assert f"{wall(moment, SITE):%H:%M}" == "02:30"
    assert timedelta(days=-1) < moment - now < timedelta(days=7)
    there = wall(moment, "America/New_York").date()
    assert not any(holiday("US", day) for day in (there, there - timedelta(days=1)))


def test_a_slow_machine_plays_the_shift(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's three seconds are for visitors: here there are none left for them, and the shift stands."""
    monkeypatch.setattr("bot.demo.site.SHIFT", SHIFT[:2])
    with visit(good_moment(CLOCKS_CHANGED), slack_waits=0.0) as place:
        assert "with @Sam" in place.cards()[1].text


# The first minutes


def fills_in(place: Visit) -> None:
    """What the first step says, and nothing else."""
    place.ana.types(f"/escalate {VISITOR.name} {VISITOR.contact}", in_=ASK)
    form: dict[str, object] = {
        "Scenario": "Asked during the conversation",
        "Reasons": ["Billing dispute"],
        "De-escalation tried": ["Apologised"],
        "What happened and what was promised": "Billed twice, wants it back today.",
        "Your direct superior": "Ben Carter",
    }
    modal = place.ana.modal("Escalate")
    result = modal.submit({label: value for label, value in form.items() if label in modal.labels()})
    assert result.closed, result


def test_each_step_is_ticked_when_it_is_done_and_not_before() -> None:
    """The whole checklist, by its own sentences, without the cases of a shift."""
    with visit(good_moment(CLOCKS_CHANGED), empty=True) as place:
        assert place.steps() == dict.fromkeys(["escalate", "claim", "time", "call", "dm"], False)
        assert place.page.get("tour")["tour"]["next"] is None
        fills_in(place)
        place.ticks("escalate")
        card = place.ben.sees("Case 1 ·", in_=ASK)
        place.ben.clicks("Claim", on=card, within=PATIENCE)
        place.ticks("claim")
        for _ in range(3):
            assert "time" not in place.done()
            place.page.post("clock", seconds=900)
            if "time" in place.done():
                break
        assert "Now is the agreed time" in card.thread()[-1].text
        place.ben.clicks("Calling now", on=card, within=PATIENCE)
        place.ben.clicks("Complete", on=card, within=PATIENCE)
        assert place.done() == ["escalate", "claim", "time"]
        closing = {"Outcome": "Resolved", "Notes": "Refunded while we were talking."}
        assert place.ben.modal("Complete").submit(closing).closed
        place.ticks("call")
        place.ana.says("my customer wants a supervisor", in_="@askdesk")
        place.ticks("dm")
        assert all(place.steps().values())


def test_a_visitor_in_the_shift() -> None:
    """No step is ticked by what was played; the clock goes from ping to ping; the beginning can be had again."""
    with visit(good_moment(CLOCKS_CHANGED)) as place:
        assert not place.done()
        overdue = place.cards()[OVERDUE]
        place.tess.clicks("Take over", on=overdue, within=PATIENCE)
        place.ticks("overdue")
        fills_in(place)
        place.ana.sees("Case 13 ·", in_=ASK)
        assert list(place.cards()) == [*STANDS, 13]
        place.ticks("escalate")
        assert "card of case 13" in place.page.get("tour")["tour"]["steps"][1]["how"]
        _goes_from_ping_to_ping(place)
        _passes_a_quarter_of_an_hour(place)
        place.page.post("tour/restart")
        assert list(place.cards()) == list(STANDS)
        assert not place.done()
        assert place.slack.clock.now() - good_moment(CLOCKS_CHANGED) < timedelta(minutes=1)


def _goes_from_ping_to_ping(place: Visit) -> None:
    for _ in range(3):
        before = {line.ts for card in place.cards().values() for line in card.thread()}
        answer = place.page.post("tour/next")
        assert answer["moved"]
        pings = [line for card in place.cards().values() for line in card.thread() if line.ts not in before]
        assert pings, "somebody was spoken to"


class OvertakenByTheClock(FirstMinutes):
    """Its next moment comes just while it is computed."""

    async def next_moment(self) -> datetime | None:
        """When the next ping was due."""
        moment = await super().next_moment()
        if moment is not None:
            clock = self._site.clock
            clock.push(max(timedelta(), moment - clock.now()))
        return moment


def test_a_ping_that_comes_due_during_the_press_is_waited_for() -> None:
    """Each press brings its ping, though no time is left to pass."""
    with visit(good_moment(CLOCKS_CHANGED), empty=True) as place:
        assert not place.page.post("tour/next")["moved"], "nothing is to come"
        fills_in(place)
        card = place.ben.sees("Case 1 ·", in_=ASK)
        place.site.sandbox.give_tour(OvertakenByTheClock(place.site))
        for told in range(1, 4):
            began = place.slack.clock.now()
            assert place.page.post("tour/next")["moved"]
            assert place.slack.clock.now() > began
            assert len([line for line in card.thread() if "Nobody has claimed" in line.text]) == told


def _passes_a_quarter_of_an_hour(place: Visit) -> None:
    """Every ping on the way comes at its own time."""
    began = place.slack.clock.now()
    place.page.post("clock", seconds=900)
    assert timedelta(minutes=15) <= place.slack.clock.now() - began < timedelta(minutes=16)
    lines = [line for card in place.cards().values() for line in card.thread() if line.at > began]
    assert len({line.at.replace(second=0, microsecond=0) for line in lines}) > 3
    assert not any(LATE in line.text for line in lines)
    with pytest.raises(NotPossible, match="does not go back"):
        place.page.post("clock", seconds=-1)


def test_a_second_start_over_is_refused_while_one_runs() -> None:
    with visit(good_moment(CLOCKS_CHANGED), empty=True) as place:

        async def twice() -> list[Any]:
            both = (place.site.start_over(), place.site.start_over())
            return list(await asyncio.gather(*both, return_exceptions=True))

        first, second = place.run(twice())
        assert first is None
        assert isinstance(second, NotPossible)
        assert "being set up" in str(second)
        fills_in(place)
        place.ticks("escalate")


# The command


class Demo:
    """`askdesk demo` as a process, with a temporary folder of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        code = "from bot.cli import main; main()"
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "demo", "--no-browser", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": "", "TMPDIR": str(folder), "COLUMNS": "80"},
            cwd=Path(__file__).parents[2],
        )
        self.said = ""

    def says(self, pattern: str) -> str:
        """Reads its output until a line matches; the match's last group."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if found := re.search(pattern, line):
                return found[found.re.groups]
        raise AssertionError(f"it ended without {pattern}: {self.said}{self.ends()}")

    def ends(self) -> tuple[int, str]:
        """Its exit code and what it said on standard error."""
        _, complaint = self.process.communicate(timeout=240)
        return self.process.returncode, complaint


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Starts demos, and sees that each is gone at the end and has left nothing."""
    started: list[Demo] = []

    def start(*words: str) -> Demo:
        started.append(Demo(tmp_path, *words))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.communicate()
    assert not list(tmp_path.iterdir())


ADDRESS = r"(http://127\.0\.0\.1:\d+)/\?as=U0ANA#C0ASKBILL"


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_it_cleanly(demo: Callable[..., Demo], stop: signal.Signals) -> None:
    running = demo("--empty", "--port", "0")
    running.says(ADDRESS)
    assert "taken" not in running.said  # 0 asks for any port
    running.process.send_signal(stop)
    assert running.ends() == (0, "")


def test_a_stop_while_the_shift_is_played_ends_it_cleanly(demo: Callable[..., Demo]) -> None:
    running = demo("--port", "0")
    running.says("Playing two nights")
    running.process.send_signal(signal.SIGINT)
    assert running.ends() == (0, "")


def test_a_taken_port_is_said_and_the_next_free_one_used(demo: Callable[..., Demo]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        running = demo("--empty", "--port", str(port))
        address = running.says(ADDRESS)
        assert f"Port {port} is taken" in running.said
        assert Driver(address).person("Ana").name == "Ana Reyes"
        running.process.send_signal(signal.SIGINT)
        assert running.ends()[0] == 0


def test_a_bot_that_dies_is_told(demo: Callable[..., Demo]) -> None:
    running = demo("--empty", "--port", "0")
    slack = Driver(running.says(ADDRESS))
    ana = slack.person("Ana")
    ana.types("/escalate Jane Doe +1 415 555 0132", in_=ASK)
    modal = ana.modal("Escalate")
    slack.revoke("bot")
    modal.submit(
        {
            "Scenario": "Asked during the conversation",
            "Reasons": ["Billing dispute"],
            "De-escalation tried": ["Apologised"],
            "What happened and what was promised": "Billed twice, wants it back today.",
            "Your direct superior": "Ben Carter",
        }
    )
    code, complaint = running.ends()
    assert code == terminal.FAILED
    assert "refused by Slack" in complaint
    assert "Traceback" not in complaint


@pytest.mark.parametrize(
    "words", [["--play", "--empty"], ["--play", "--port", "9000"], ["--port", "99999"], ["--port", "door"]]
)
def test_words_that_make_no_sense_end_with_2(words: list[str]) -> None:
    assert CliRunner().invoke(cli.app, ["demo", *words]).exit_code == terminal.SETTINGS_WRONG
