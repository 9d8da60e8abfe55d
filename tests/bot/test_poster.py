"""Delivery's voice in Slack, one notice at a time: what it makes of odd answers, odd times and odd cases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.people.names import DisplayNames
from bot.posts.exports import ExportPosts
from bot.posts.poster import SlackPoster, pings_in
from bot.posts.reports import ReportPosts
from bot.slack.calls import Slack
from cases.events import Happened
from sandbox import BOT_TOKEN, SandboxThread
from sandbox.driver import Driver, Message
from scheduler.poster import Absent, Never, Sent, Unknown
from storage.outbox.notices import Card, Line
from storage.records import Post
from tests.build import NOW
from tests.patient import patient
from tests.storage.book import Book, as_a, opened

ASK = "#ask-billing"
POSTS = "chat.postMessage"


class Counter:
    """A book, a workspace, and the poster between them."""

    def __init__(self, book: Book, sandbox: SandboxThread) -> None:
        self.book = book
        self.slack = Driver(sandbox.url)
        self._api = sandbox.api_url

    def tells(self, story: Callable[[SlackPoster], Awaitable[None]], *, patience: float = 10.0) -> None:
        """With a poster that waits so many seconds for an answer."""

        async def whole() -> None:
            session = Slack.new_session(patience)
            try:
                slack, store = Slack(BOT_TOKEN, self._api, session), self.book.store
                reports, exports = ReportPosts(store, slack, now), ExportPosts(store, slack, now)
                async with asyncio.timeout(120):
                    await story(SlackPoster(slack, now, DisplayNames(slack), reports, exports))
            finally:
                await session.close()

        asyncio.run(whole())

    def card(self, at: datetime = NOW) -> Card:
        """The card of a new case, raised at a time, to be sent."""
        self.book.raises(now=at)
        return as_a(Card, self.book.takes(at))

    def line(self) -> Line:
        """The line of a claim, to be sent; where its card is nobody has said yet."""
        self.book.claims(self.book.raises())
        for _ in range(2):
            self.book.sends(self.book.takes())
        return as_a(Line, self.book.takes())

    def shown(self) -> list[Message]:
        return self.slack.channel(ASK).messages()


def now() -> datetime:
    return NOW


@pytest.fixture
def counter(sqlite_url: str) -> Iterator[Counter]:
    with patient() as sandbox, opened(sqlite_url) as book:
        yield Counter(book, sandbox)


def test_what_cannot_be_rendered_is_refused_not_raised(counter: Counter) -> None:
    """It is parked then, and holds nobody up; nothing is sent."""
    line = counter.line()
    odd = replace(line, event=replace(line.event, kind=Happened.SETTINGS_CHANGED))

    async def story(poster: SlackPoster) -> None:
        assert await poster.send(odd) == Never("cannot be rendered: KeyError")

    counter.tells(story)
    assert not counter.shown()


def test_a_call_without_an_end_is_given_up_and_in_doubt(counter: Counter) -> None:
    """Slack may have done it; that is looked up."""
    card = counter.card()
    counter.slack.faults.add("slow", POSTS, delay=60.0)

    async def gives_up(poster: SlackPoster) -> None:
        assert isinstance(await poster.send(card), Unknown)

    async def looks(poster: SlackPoster) -> None:
        assert isinstance(await poster.look(card), Sent)

    counter.tells(gives_up, patience=0.5)
    counter.slack.eventually(lambda: counter.shown() or None, about="what was sent")
    counter.tells(looks)
    assert len(counter.shown()) == 1


def test_a_line_whose_thread_is_gone_goes_to_the_channel_and_is_found_there(counter: Counter) -> None:
    """The card was deleted a moment ago, and nobody has posted it again yet."""
    line = replace(counter.line(), post=Post(1, "C0ASKBILL", "1000000000.000000", None))

    async def story(poster: SlackPoster) -> None:
        assert await poster.look(line) == Absent()
        sent = await poster.send(line)
        assert isinstance(sent, Sent)
        assert await poster.look(line) == replace(sent, found=True)

    counter.tells(story)
    (shown,) = counter.shown()
    assert "claimed case 1" in shown.text


@pytest.mark.parametrize("hours", [1, -1])
def test_what_was_written_by_a_clock_that_was_wrong_is_found(counter: Counter, hours: int) -> None:
    """Slack's own clock says when a message was posted; the notice's may have been an hour off."""
    card = counter.card(counter.slack.clock.now() + timedelta(hours=hours))

    async def story(poster: SlackPoster) -> None:
        sent = await poster.send(card)
        assert isinstance(sent, Sent)
        assert await poster.look(card) == replace(sent, found=True)

    counter.tells(story)


def test_what_was_said_since_does_not_hide_it(counter: Counter) -> None:
    """The whole floor went on talking: it is on the second page."""
    card = counter.card(counter.slack.clock.now())

    async def story(poster: SlackPoster) -> None:
        sent = await poster.send(card)
        assert isinstance(sent, Sent)
        await asyncio.to_thread(talk)
        assert await poster.look(card) == replace(sent, found=True)

    def talk() -> None:
        ana = counter.slack.person("Ana")
        for number in range(201):
            ana.says(f"and another thing, {number}", in_=ASK)

    counter.tells(story)


def test_another_notice_of_the_same_number_is_not_taken_for_it(counter: Counter) -> None:
    """A database that was set up anew counts from one again, in the same channel."""
    card = counter.card()
    other = replace(card, notice=replace(card.notice, created_at=NOW - timedelta(minutes=5)))

    async def story(poster: SlackPoster) -> None:
        assert isinstance(await poster.send(other), Sent)
        assert await poster.look(card) == Absent()

    counter.tells(story)


def test_a_look_that_fails_says_nothing_about_what_is_there(counter: Counter) -> None:
    """It is looked for again, rather than posted."""
    card = counter.card()
    counter.slack.faults.add("http_500", "conversations.history")

    async def story(poster: SlackPoster) -> None:
        assert isinstance(await poster.look(card), Unknown)
        assert await poster.look(card) == Absent()

    counter.tells(story)


@pytest.mark.parametrize("held", ["12,13", [12, 13]], ids=["as it is posted", "as it was once posted"])
def test_the_pings_of_a_message_are_found_in_its_metadata(held: object) -> None:
    assert pings_in({"notice": 1, "pings": held}) == (12, 13)
    assert pings_in({"notice": 1}) == ()
