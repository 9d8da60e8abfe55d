"""Looking for leavers: who matters is looked up, in good weather and bad; what fails is tried the next time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import time
from typing import Any

import pytest
from sqlalchemy import update

from bot.people.leavers import ENOUGH, Leavers
from bot.slack.calls import Slack
from cases.case import Case, Status
from cases.people import Person
from cases.program import Department, Program, Shift
from cases.words import Role
from sandbox import BOT_TOKEN, SandboxThread
from sandbox.driver import Driver
from storage import tables as t
from storage.reading import Reading
from storage.writing.people import mark_left, mark_returned, remember_superior
from storage.writing.programs import save_program
from tests import build
from tests.build import BEN, NOW, TESS
from tests.patient import patient
from tests.storage.book import Book, opened

NIGHT = Shift("Night", (0,), time(22), time(6), users=("U0SIA",))
PORTAL = Department("Portal", users=("U0AMY", "U0SIA"))


class Search:
    """A book with cases, a workspace, and the search for those who left it."""

    def __init__(self, book: Book, sandbox: SandboxThread) -> None:
        self.book = book
        self.slack = Driver(sandbox.url)
        self.freed: list[Program] = []
        self._api = sandbox.api_url

    def sweeps(self, *, stopped_after: float | None = None) -> None:
        """One look at everybody, ended from outside after so many seconds if it is not over by then."""

        async def look() -> None:
            session = Slack.new_session()
            try:
                slack = Slack(BOT_TOKEN, self._api, session)
                leavers = Leavers(self.book.store, slack, lambda: NOW, self.freed.append)
                async with asyncio.timeout(120):
                    looking = asyncio.ensure_future(leavers.sweep())
                    if stopped_after is not None:
                        await asyncio.wait({looking}, timeout=stopped_after)
                        assert not looking.done()
                        leavers.stop()
                    await looking
            finally:
                await session.close()

        run(look())

    def has(self, by: Person) -> Case:
        return self.book.claims(self.book.raises(), by)

    def owner(self, case: Case) -> str | None:
        return self.book.case(case.number).owner

    def looked_up(self) -> int:
        return len(self.slack.calls("users.info"))


def run(unit: Coroutine[Any, Any, None]) -> None:
    asyncio.run(unit)


@pytest.fixture
def search(database_url: str) -> Iterator[Search]:
    """Ben and Tess have cases, and Tess is Ana's superior."""
    with patient() as sandbox, opened(database_url) as book:
        yield Search(book, sandbox)


def test_owners_and_superiors_are_looked_up_once_each(search: Search) -> None:
    """Whoever holds a closed case only, or raised one, is not asked for."""
    first, second, hers = search.has(BEN), search.has(BEN), search.has(TESS)
    done = search.has(Person("U0SAM", frozenset({Role.SME_TL})))
    search.book.closes(done, NOW, Person("U0SAM", frozenset({Role.SME_TL})))
    for agent, superior in (("U0ANA", "U0BEN"), ("U0ABEL", "U0BEN"), ("U0AMY", "U0MIA")):
        search.book.store.write_now(remember_superior, agent, superior, NOW)
    search.slack.change_person("Ben", deleted=True)
    search.sweeps()
    assert search.looked_up() == 4, "the owners Ben and Tess, the superior Mia, Bill of the settings"
    assert [search.owner(case) for case in (first, second, hers)] == [None, None, TESS.id]
    assert [program.id for program in search.freed] == [1, 1]
    roster = search.book.store.ask_now(Reading.roster)
    assert {agent: entry.superior for agent, entry in roster.items() if agent in ("U0ANA", "U0ABEL", "U0AMY")} == {
        "U0ANA": None, "U0ABEL": None, "U0AMY": "U0MIA",
    }  # fmt: skip
    before = search.book.counts()
    search.sweeps()
    assert search.book.counts() == before
    assert len(search.freed) == 2


def test_of_strangers_to_the_desk_nothing_is_kept(search: Search) -> None:
    """Slack tells of everybody who leaves the workspace; only who is in the roster or had a case is remembered."""
    search.book.closes(search.has(BEN), NOW)
    write = search.book.store.write_now
    write(remember_superior, "U0ANA", "U0TESS", NOW)
    for person in ("U0OTTO", "U0BEN", "U0ANA"):
        write(mark_left, person, NOW)
    left = [search.book.store.ask_now(Reading.has_left, who) for who in ("U0OTTO", "U0BEN", "U0ANA")]
    assert left == [False, True, True]
    assert [row["id"] for row in search.book.rows(t.people)] == ["U0ANA", "U0BEN"]
    write(mark_returned, "U0BEN", NOW)
    assert not search.book.store.ask_now(Reading.has_left, "U0BEN")
    assert search.book.store.ask_now(Reading.superior, "U0ANA") == "U0TESS"


def test_who_is_named_in_a_programs_settings_is_looked_up_and_remembered(search: Search) -> None:
    """So that nobody calls them any more, until their account is active again."""
    named = build.program(channel="C0OTHER", sme_users=("U0SAM",), shifts=(NIGHT,), departments=(PORTAL,))
    assert named.named == {"U0SAM", "U0SIA", "U0AMY"}
    search.book.store.write_now(lambda unit: save_program(unit, named))
    search.slack.change_person("Sia", deleted=True)
    search.sweeps()
    assert search.book.store.ask_now(Reading.leavers) == ["U0SIA"]
    search.book.store.write_now(mark_returned, "U0SIA", NOW)
    assert search.book.store.ask_now(Reading.leavers) == []


def test_who_cannot_be_looked_up_is_looked_up_the_next_time(search: Search) -> None:
    """And keeps nobody else's case."""
    bens, tesss = search.has(BEN), search.has(TESS)
    for who in ("Ben", "Tess"):
        search.slack.change_person(who, deleted=True)
    search.slack.faults.add("error", "users.info", error="access_denied")
    search.sweeps()
    assert [search.owner(case) for case in (bens, tesss)] == [BEN.id, None]
    search.sweeps()
    assert [search.owner(case) for case in (bens, tesss)] == [None, None]


def test_a_slack_that_is_away_is_not_asked_for_everybody(search: Search) -> None:
    for number in range(2 * ENOUGH):
        search.has(Person(f"U0LEAD{number}", frozenset({Role.SME_TL})))
    search.slack.faults.add("error", "users.info", error="access_denied", times=None)
    search.sweeps()
    assert search.looked_up() == ENOUGH


def test_an_owner_whom_slack_does_not_know_keeps_the_case(search: Search) -> None:
    """That is a database of another workspace rather than somebody who left."""
    case = search.has(Person("U0GHOST", frozenset({Role.SME_TL})))
    search.sweeps()
    assert search.owner(case) == "U0GHOST"


def test_a_case_that_cannot_be_changed_does_not_keep_the_others(search: Search) -> None:
    broken, sound = search.has(BEN), search.has(BEN)
    with search.book.store.begin() as unit:
        row = update(t.cases).where(t.cases.c.number == broken.number)
        unit.connection.execute(row.values(scenario="of another time"))
    search.slack.change_person("Ben", deleted=True)
    search.sweeps()
    assert search.owner(sound) is None
    with search.book.store.begin() as unit:
        unit.connection.execute(row.values(scenario=build.escalation().scenario.value))
    assert search.owner(broken) == BEN.id
    search.sweeps()
    assert search.owner(broken) is None


def test_a_search_that_slack_lets_wait_ends_with_the_desk(search: Search) -> None:
    case = search.has(BEN)
    search.slack.change_person("Ben", deleted=True)
    search.slack.faults.add("ratelimited", "users.info", retry_after=600)
    search.sweeps(stopped_after=1)
    assert search.owner(case) == BEN.id
    search.slack.faults.clear()
    search.sweeps()
    assert search.book.case(case.number).status is Status.OPEN
