"""Who is who: read from Slack's user groups, kept for the times when Slack cannot answer, the same on every replica."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import pytest

from bot.people.directory import Directory
from bot.slack import calls
from bot.slack.calls import Slack
from cases.program import Department
from cases.words import Role
from sandbox import BOT_TOKEN, SandboxThread
from sandbox.driver import Driver
from storage.reading import Reading
from storage.writing.people import save_group
from tests import build
from tests.build import NOW
from tests.patient import patient
from tests.storage.book import Book, opened

SMES, TLS, MANAGERS = "S0SMES", "S0TLS", "S0MANAGERS"
READ = "usergroups.users.list"
PROGRAM = build.program(
    sme_groups=(SMES, "S0NIGHT"),
    manager_groups=(MANAGERS,),
    manager_users=("U0AMY",),
    departments=(Department("IT", groups=(TLS,), users=("U0ABEL",)),),
)

Story = Callable[[Callable[[], Directory]], Awaitable[None]]


class Reception:
    """A workspace, a database, and as many directories (one for each replica) as a story asks for."""

    def __init__(self, book: Book, sandbox: SandboxThread) -> None:
        self.book = book
        self.slack = Driver(sandbox.url)
        self.now = NOW
        self._api = sandbox.api_url

    def tells(self, story: Story) -> None:
        async def whole() -> None:
            session = Slack.new_session()
            try:
                slack = Slack(BOT_TOKEN, self._api, session)
                async with asyncio.timeout(120):
                    await story(lambda: Directory(self.book.store, slack, lambda: self.now, first_pause=0.0))
            finally:
                await session.close()

        asyncio.run(whole())

    def version(self) -> int:
        return self.book.store.ask_now(Reading.programs_version)


@pytest.fixture
def reception(database_url: str) -> Iterator[Reception]:
    with patient() as sandbox, opened(database_url) as book:
        yield Reception(book, sandbox)


def roles(directory: Directory, user: str) -> set[Role]:
    return set(directory.person(PROGRAM, user).roles)


def test_any_group_of_a_role_suffices_and_so_does_a_name(reception: Reception) -> None:
    """Groups and people side by side; a department's people are theirs whatever else they are."""

    async def story(new: Callable[[], Directory]) -> None:
        desk = new()
        failed = await desk.refresh([SMES, TLS, MANAGERS, "S0NIGHT"])
        assert failed == {"S0NIGHT": "no_such_subteam"}
        assert roles(desk, "U0SAM") == {Role.SME_TL}, "in one of the two groups of SMEs"
        assert roles(desk, "U0AMY") == {Role.MANAGER}, "by name"
        assert roles(desk, "U0ANA") == {Role.AGENT}, "in none"
        for user, departments in (("U0TESS", {"IT"}), ("U0ABEL", {"IT"}), ("U0SAM", set())):
            assert desk.person(PROGRAM, user).departments == departments
        assert set(desk.managers(PROGRAM)) == {"U0MIA", "U0AMY"}

    reception.tells(story)


def test_a_group_that_cannot_be_read_keeps_its_last_good_list_and_is_soon_tried_again(
    reception: Reception,
) -> None:
    """Not only in an hour; and no longer than Slack asks to wait."""

    async def story(new: Callable[[], Directory]) -> None:
        desk = new()
        await desk.refresh([SMES])
        reception.slack.set_usergroup("billing-smes", ["Amy Cole"])
        with reception.slack.faults.during("error", READ, error="internal_error"):
            assert await desk.refresh([SMES]) == {SMES: "internal_error"}
        assert roles(desk, "U0SAM") == {Role.SME_TL}
        assert desk.overdue([SMES]) == [SMES]
        assert desk.overdue([SMES]) == [], "handed out once"
        await desk.refresh([SMES])
        assert roles(desk, "U0SAM") == {Role.AGENT}
        assert desk.overdue([SMES]) == [], "read, and in no trouble any more"
        with reception.slack.faults.during("ratelimited", READ, retry_after=30):
            assert await desk.refresh([SMES]) == {SMES: "ratelimited"}
        assert desk.overdue([SMES]) == [], "Slack asked to wait half a minute"

    reception.tells(story)


def test_a_group_that_no_program_names_any_more_is_not_tried_again(reception: Reception) -> None:
    async def story(new: Callable[[], Directory]) -> None:
        desk = new()
        with reception.slack.faults.during("error", READ, error="internal_error"):
            await desk.refresh([SMES, TLS])
        assert desk.overdue([TLS]) == [TLS]
        assert desk.overdue([SMES, TLS]) == []

    reception.tells(story)


def test_of_two_answers_that_cross_the_newer_stays(reception: Reception) -> None:
    """The group changed while Slack was slow to answer the first look."""

    async def story(new: Callable[[], Directory]) -> None:
        desk = new()
        reception.slack.faults.add("slow", READ, delay=0.3)
        first = asyncio.ensure_future(desk.refresh([SMES]))
        await asyncio.to_thread(
            reception.slack.eventually,
            lambda: None if reception.slack.faults.left() else True,
            about="the first look is under way",
        )
        await asyncio.to_thread(reception.slack.set_usergroup, "billing-smes", ["Amy Cole"])
        await asyncio.gather(first, desk.refresh([SMES]))
        assert desk.members([SMES]) == {SMES: ("U0AMY",)}

    reception.tells(story)


def test_a_group_that_is_gone_keeps_its_people_and_is_known_to_be_gone(reception: Reception) -> None:
    """Deleted or switched off: nobody loses a role by that, but a mention of it would reach nobody."""

    async def story(new: Callable[[], Directory]) -> None:
        desk = new()
        await desk.refresh([SMES])
        with reception.slack.faults.during("error", READ, error="no_such_subteam"):
            await desk.refresh([SMES, "S0NEVER"])
        assert roles(desk, "U0SAM") == {Role.SME_TL}
        known = reception.book.store.ask_now(Reading.groups)
        assert {group: (one.members, one.gone) for group, one in known.items()} == {
            SMES: (("U0SAM", "U0SIA"), True),
            "S0NEVER": ((), True),
        }
        assert desk.overdue([SMES, "S0NEVER"]) == [], "Slack did answer: an event or the hour tells more"
        await desk.refresh([SMES])
        assert reception.book.store.ask_now(Reading.groups)[SMES].gone is False

    reception.tells(story)


def test_a_channels_members_are_read_page_by_page_and_known_to_every_replica(
    reception: Reception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after a start without Slack; a channel that cannot be seen keeps its last list."""
    monkeypatch.setattr(calls, "MEMBERS_PER_PAGE", 3)

    async def story(new: Callable[[], Directory]) -> None:
        desk, other = new(), new()
        assert desk.person(PROGRAM, "U0OTTO").in_channel, "nobody knows yet who is there"
        before = reception.version()
        assert await desk.refresh([PROGRAM.channel]) == {}
        assert len(reception.slack.calls("conversations.members")) == 4, "ten members"
        assert reception.version() > before
        await other.load()
        for one in (desk, other):
            there = {user: one.person(PROGRAM, user).in_channel for user in ("U0ANA", "U0MIA", "U0OTTO")}
            assert there == {"U0ANA": True, "U0MIA": True, "U0OTTO": False}
        with reception.slack.faults.during("error", "conversations.members", error="channel_not_found"):
            assert await desk.refresh([PROGRAM.channel]) == {PROGRAM.channel: "channel_not_found"}
        assert not desk.person(PROGRAM, "U0OTTO").in_channel
        assert desk.overdue([PROGRAM.channel]) == [], "Slack did answer"
        with reception.slack.faults.during("error", "conversations.members", error="fetch_members_failed"):
            await desk.refresh([PROGRAM.channel])
        assert desk.in_trouble([PROGRAM.channel])
        assert desk.overdue([PROGRAM.channel]) == [PROGRAM.channel]

    reception.tells(story)


def test_what_one_replica_reads_every_replica_knows(reception: Reception) -> None:
    """Slack tells one of them that a group changed; the others see the number grow that they look at every beat."""

    async def story(new: Callable[[], Directory]) -> None:
        told, other = new(), new()
        for desk in (told, other):
            await desk.refresh([SMES])
        before = reception.version()
        reception.now += timedelta(minutes=1)
        await told.refresh([SMES])
        assert reception.version() == before, "nothing is another"
        reception.slack.set_usergroup("billing-smes", ["Amy Cole"])
        reception.now += timedelta(minutes=1)
        await told.refresh([SMES])
        assert reception.version() > before
        await other.load()
        assert (roles(other, "U0SAM"), roles(other, "U0ANA")) == ({Role.AGENT}, {Role.AGENT})
        assert other.members([SMES]) == told.members([SMES]) == {SMES: ("U0AMY",)}
        fresh = new()
        await fresh.load()
        assert fresh.members([SMES]) == {SMES: ("U0AMY",)}, "also after a start without Slack"

    reception.tells(story)


def test_an_older_list_in_the_database_takes_no_newer_ones_place(reception: Reception) -> None:
    async def story(new: Callable[[], Directory]) -> None:
        desk = new()
        reception.now += timedelta(minutes=5)
        await desk.refresh([SMES])
        reception.book.store.write_now(lambda unit: save_group(unit, SMES, ["U0OLD"], NOW))
        await desk.load()
        assert desk.members([SMES]) == {SMES: ("U0SAM", "U0SIA")}

    reception.tells(story)
