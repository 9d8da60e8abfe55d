"""Looking for owners without a role: what Slack says frees a case, what Slack cannot say never does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.directory import Directory
from bot.people.owner_check import OwnerCheck
from bot.slack.answers import ListUnreadable
from cases.program import Program
from cases.roles import can_have, lost_role, person, takers
from cases.words import Role
from storage.reading import Reading
from storage.writing.programs import save_program
from tests import build
from tests.build import BEN, NOW
from tests.cases.programs import programs
from tests.storage.book import Book, opened

SMES, TLS, MANAGERS = "S0SMES", "S0TLS", "S0MGRS"


class Slack:
    """Who is in which list; one that is `away` cannot be read, one in `gone` is no more."""

    def __init__(self) -> None:
        self.lists: dict[str, tuple[str, ...]] = {SMES: (), TLS: (BEN.id,), MANAGERS: ("U0MIA",)}
        self.away: set[str] = set()
        self.gone: set[str] = set()

    async def group_members(self, group: str) -> tuple[str, ...]:
        if group in self.away | self.gone:
            raise ListUnreadable("internal_error", gone=group in self.gone)
        return self.lists[group]

    async def channel_members(self, channel: str) -> tuple[str, ...]:
        raise ListUnreadable("missing_scope")


class Watch:
    """A book in which Ben has a case, a Slack, and the look at owners."""

    def __init__(self, book: Book) -> None:
        self.book, self.slack = book, Slack()
        program = build.program(departments=())
        self.program: Program = book.store.write_now(lambda unit: save_program(unit, program))
        self.case = book.claims(book.raises(), BEN).number
        self.freed: list[int] = []

    def looks(self, *read: str) -> str | None:
        """These lists are read again, then it looks; who has the case afterwards."""

        async def story() -> None:
            directory = Directory(self.book.store, self.slack, lambda: NOW, first_pause=0.0)
            await directory.load()
            await directory.refresh(read)
            owners = OwnerCheck(
                self.book.store,
                directory,
                lambda: (self.program,),
                lambda: NOW,
                lambda program: self.freed.append(program.id),
            )
            await owners.run()

        asyncio.run(story())
        return self.book.case(self.case).owner


@pytest.fixture
def watch(database_url: str) -> Iterator[Watch]:
    with opened(database_url) as book:
        yield Watch(book)


def test_an_owner_in_no_group_loses_the_case_once(watch: Watch) -> None:
    assert watch.looks(SMES, TLS, MANAGERS) == BEN.id
    watch.slack.lists[TLS] = ()
    assert watch.looks(TLS) is None
    assert watch.looks(TLS) is None
    assert watch.freed == [watch.program.id]


def test_from_one_group_to_another_nothing_is_lost_on_the_way(watch: Watch) -> None:
    """Slack tells of the two groups one after the other."""
    watch.looks(SMES, TLS, MANAGERS)
    watch.slack.lists |= {TLS: (), SMES: (BEN.id,)}
    assert watch.looks(TLS) == BEN.id


def test_what_cannot_be_read_takes_nobodys_role(watch: Watch) -> None:
    """A list that was never read; the other group away, or gone with Ben in it."""
    watch.slack.lists[TLS] = ()
    assert watch.looks(TLS) == BEN.id, "of the other groups nothing is known yet"
    watch.slack.lists[TLS] = (BEN.id,)
    watch.looks(SMES, TLS, MANAGERS)
    watch.slack.lists |= {TLS: (), SMES: (BEN.id,)}
    watch.slack.away.add(SMES)
    assert watch.looks(TLS) == BEN.id
    watch.slack.lists[TLS] = (BEN.id,)
    watch.looks(TLS)
    watch.slack.gone.add(TLS)
    assert watch.looks(TLS) == BEN.id
    assert watch.book.store.ask_now(Reading.groups)[TLS].gone
    assert watch.freed == []


people = st.sampled_from(["U0SAM", "U0BEN", "U0MIA", "W0IDA", "U0BILL"])
lists = st.dictionaries(
    st.sampled_from([SMES, TLS, MANAGERS, "S0IT", "C0ASKBILL"]), st.lists(people, max_size=3, unique=True)
)


@given(programs, lists, people)
def test_roles_agree_with_each_other(program: Program, members: dict[str, list[str]], user: str) -> None:
    """Whoever is offered may have a case; whoever has lost the role takes none; a channel never read shuts nobody out."""
    who = person(program, user, members)
    offered = [one for users in takers(program, members).values() for one in users]
    assert len(offered) == len(set(offered))
    assert (user in offered) == (who.takes_cases and who.in_channel)
    assert user not in [one for users in takers(program, members, besides=[user]).values() for one in users]
    if user in offered:
        assert can_have(program, user, members, left=False)
        assert not can_have(program, user, members, left=True)
    if lost_role(program, user, members):
        assert not who.takes_cases
        assert who.roles == {Role.AGENT}
    if program.channel not in members:
        assert who.in_channel
