"""The first program: the environment makes it once; from then on it is edited in Slack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.app.first_program import bootstrap
from bot.environment.settings import load
from cases.program import Program
from storage.reading import Reading
from storage.schema import upgrade
from storage.store import Store
from storage.writing.programs import save_program
from tests.bot.test_settings import GOOD
from tests.build import NOW


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    store = Store.at(sqlite_url)
    upgrade(store.engine)
    yield store
    store.close()


def begins(store: Store, **changes: str) -> tuple[list[str], tuple[Program, ...]]:
    """A start with these settings: the variables that differ, and the programs that are there then."""
    differing = store.write_now(bootstrap, load(GOOD | changes), NOW)
    return differing, store.ask_now(Reading.programs)


def test_the_environment_makes_the_first_program(store: Store) -> None:
    """The first group is the SMEs', the others are the TLs'; the holidays are those of the phone region."""
    differing, (made,) = begins(store)
    assert differing == []
    assert (made.channel, made.name, made.timezone) == ("C0ASKBILL", "Billing", "Asia/Manila")
    assert (made.sme_groups, made.tl_groups, made.manager_users) == (("S0SMES",), ("S0TLS",), ("U0MIA",))
    assert made.holiday_country == "US"
    assert begins(store) == ([], (made,))


def test_one_group_is_smes_and_tls(store: Store) -> None:
    _, (made,) = begins(store, SME_TL_USERGROUP_IDS="S0ALL", SME_TL_USER_IDS="U0SAM")
    assert (made.sme_groups, made.tl_groups) == (("S0ALL",), ("S0ALL",))
    assert (made.sme_users, made.tl_users) == (("U0SAM",), ())


def test_what_was_edited_in_slack_stays_and_the_difference_is_named(store: Store) -> None:
    """By the variables, not by their values."""
    _, (made,) = begins(store)
    edited = replace(made, name="Care", tl_groups=("S0LEADS",), attempts=5)
    store.write_now(lambda unit: save_program(unit, edited))
    differing, found = begins(store, ASK_TIMEZONE="Asia/Kolkata")
    assert found == (edited,)
    assert differing == [
        "ASK_PROGRAM_NAME",
        "ASK_TIMEZONE",
        "ASK_CUSTOMER_TIMEZONE",
        "SME_TL_USERGROUP_IDS",
    ]


def test_another_channel_is_another_program(store: Store) -> None:
    begins(store)
    differing, found = begins(store, ASK_CHANNEL_ID="C0ASKCARE", ASK_PROGRAM_NAME="Care")
    assert differing == []
    assert [(one.channel, one.name) for one in found] == [("C0ASKBILL", "Billing"), ("C0ASKCARE", "Care")]
