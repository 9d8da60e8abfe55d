"""The schema: what the migrations build is what the code means, however often and by however many it is built."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlmodel import SQLModel

from cases.events import Event, Happened
from cases.program import Department, Hours, Ladder, Program
from storage import indexes  # noqa: F401  (fills the metadata)
from storage import tables as t
from storage.engine import open_engine
from storage.reading import Reading
from storage.schema import _LOCK, Standing, _config, _known, is_current, newest, standing, upgrade
from storage.store import Store
from storage.writing.notices import note_on_program, redraw_card
from storage.writing.programs import save_program
from tests.build import MIA, NOW
from tests.storage.book import Book, at_once

pytestmark = pytest.mark.empty_database


def test_the_migrations_build_what_the_code_means(book: Book) -> None:
    """Alembic compares the database with the tables' classes: types, defaults, keys and indexes."""
    with book.store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_partial_indexes_are_partial(book: Book) -> None:
    """Alembic does not look at an index's condition: the waiting few are found among many settled."""
    where = {}
    inspector = inspect(book.store.engine)
    for table in ("reminders", "notices"):
        for index in inspector.get_indexes(table):
            options = index.get("dialect_options", {})
            where[index["name"]] = (
                str(options.get("postgresql_where", options.get("sqlite_where", "")))
                .replace("(", "")
                .replace(")", "")
            )
    for name in ("ix_reminders_due", "uq_notices_card", "ix_notices_unsettled"):
        assert "waiting" in where[name], (name, where)


def test_upgrading_again_changes_nothing(book: Book) -> None:
    """Every start upgrades; cases stay."""
    book.raises()
    before = book.counts()
    assert upgrade(book.store.engine) == newest()
    assert is_current(book.store.engine)
    assert book.counts() == before


def test_an_empty_database_is_not_current(database_url: str) -> None:
    """`run` says so instead of failing at the first click."""
    engine = open_engine(database_url)
    try:
        assert not is_current(engine)
        upgrade(engine)
        assert is_current(engine)
    finally:
        engine.dispose()


def test_two_that_start_at_once_migrate_one_after_the_other(database_url: str) -> None:
    """Two replicas on an empty database: both find it ready, it was built once."""
    engines: list[Engine] = [open_engine(database_url) for _ in range(2)]
    try:
        reached = at_once([partial(upgrade, engine) for engine in engines])
        assert reached == [newest(), newest()]
        with engines[0].connect() as connection:
            counters = connection.exec_driver_sql("SELECT name FROM counters ORDER BY name").scalars()
            assert [*counters] == ["cases", "programs", "traces"]
    finally:
        for engine in engines:
            engine.dispose()


def test_several_databases_are_migrated_by_one_process_at_once(tmp_path: Path) -> None:
    """A demo that starts over makes its new database while the old one is still there."""
    engines = [open_engine(f"sqlite:///{tmp_path / f'{number}.db'}") for number in range(4)]
    with ThreadPoolExecutor(len(engines)) as threads:
        assert set(threads.map(upgrade, engines)) == {newest()}
    for engine in engines:
        assert is_current(engine)
        engine.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_start_waits_for_the_migrations_of_another_one(database_url: str) -> None:
    """Also where they take longer than any lock or statement may take otherwise."""
    impatient = create_engine(
        database_url, connect_args={"options": "-c lock_timeout=100ms -c statement_timeout=100ms"}
    )
    watch = create_engine(database_url, isolation_level="AUTOCOMMIT")
    waits = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"
        " AND clock_timestamp() - query_start > interval '400 ms'"
    )
    try:
        with ThreadPoolExecutor(1) as other, watch.connect() as watching, watch.connect() as holding:
            holding.execute(text(f"SELECT pg_advisory_lock({_LOCK})"))
            reached = other.submit(upgrade, impatient)
            while not watching.execute(waits).scalar_one():
                assert not reached.done(), reached.result()
            holding.execute(text(f"SELECT pg_advisory_unlock({_LOCK})"))
            assert reached.result(timeout=240) == newest()
    finally:
        impatient.dispose()
        watch.dispose()


def test_a_migration_that_fails_leaves_the_database_as_it_was(database_url: str) -> None:
    """All of it is one transaction, on SQLite as well."""
    engine = open_engine(database_url)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE notices (id INTEGER)")  # in the way of the first schema
        with pytest.raises(Exception, match="notices"):
            upgrade(engine)
        assert inspect(engine).get_table_names() == ["notices"]
    finally:
        engine.dispose()


# While a new version is rolled out, the one before it goes on working


FIRST_RELEASE = "0008"
"""From here on the version before works on: a migration only adds what that one need not know."""


def schema(engine: Engine) -> dict[str, dict[str, tuple[str, bool, bool]]]:
    """Every column of every table: its type, whether it may be empty, whether it fills itself."""
    inspector = inspect(engine)
    return {
        table: {
            column["name"]: (
                str(column["type"]),
                bool(column["nullable"]),
                column.get("default") is not None or bool(column.get("autoincrement") is True),
            )
            for column in inspector.get_columns(table)
        }
        for table in inspector.get_table_names()
    }


def once_only(engine: Engine) -> set[tuple[str, tuple[str, ...]]]:
    """What may be there once, by table."""
    inspector = inspect(engine)
    found = set()
    for table in inspector.get_table_names():
        for constraint in inspector.get_unique_constraints(table):
            found.add((table, tuple(str(name) for name in constraint["column_names"])))
        for index in inspector.get_indexes(table):
            if index["unique"]:
                found.add((table, tuple(str(name) for name in index["column_names"])))
    return found


def test_a_migration_only_adds(database_url: str) -> None:
    """What the version before reads is there as it was, what it writes is enough, and nothing new forbids it."""
    engine = open_engine(database_url)
    try:
        move_to(engine, FIRST_RELEASE)
        steps = [s.revision for s in ScriptDirectory.from_config(_config(None)).walk_revisions()][::-1]
        for revision in steps[steps.index(FIRST_RELEASE) + 1 :]:
            before, once = schema(engine), once_only(engine)
            move_to(engine, revision)
            after = schema(engine)
            for table, columns in before.items():
                assert after.get(table, {}).items() >= columns.items(), (revision, table)
                for name in after[table].keys() - columns.keys():
                    _, may_be_empty, fills_itself = after[table][name]
                    assert may_be_empty or fills_itself, (revision, table, name)
            assert {one for one in once_only(engine) if one[0] in before} <= once, revision
    finally:
        engine.dispose()


def test_what_the_version_before_does_works_on_the_newest_schema(database_url: str) -> None:
    """Its writes name the columns that it knows; its reads find them."""
    store = Store.at(database_url)
    try:
        upgrade(store.engine)
        with store.engine.begin() as connection:
            connection.execute(text(_PROGRAM), {"people": "{}", "numbers": "{}"})
            connection.execute(text(_CASE), {"no": False})
            connection.execute(text(_CALLBACK))
            connection.execute(text(_NOTICE), {"no": False})
            connection.execute(
                text("UPDATE notices SET state = 'sending', deadline = '2026-11-23 16:00:30' WHERE id = 1")
            )
            connection.execute(
                text("UPDATE notices SET state = 'sent', deadline = NULL, ts = '1.2' WHERE id = 1")
            )
            (row,) = connection.execute(text("SELECT state, ts FROM notices")).all()
        assert tuple(row) == ("sent", "1.2")
        assert store.ask_now(lambda reading: reading.case(1, 1)).number == 1
    finally:
        store.close()


def test_a_database_of_a_newer_version_is_ahead_and_that_is_fine(database_url: str) -> None:
    """The replica that still runs the version before stays ready."""
    engine = open_engine(database_url)
    try:
        with engine.connect() as connection:
            assert standing(connection) is Standing.MISSING
        move_to(engine, FIRST_RELEASE)
        with engine.connect() as connection:
            assert standing(connection) in (Standing.BEHIND, Standing.CURRENT)
        upgrade(engine)
        with engine.connect() as connection:
            assert standing(connection) is Standing.CURRENT
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with engine.connect() as connection:
            assert standing(connection) is Standing.AHEAD
    finally:
        engine.dispose()


# From one version to the next, with rows in it

NUMBERS = {
    "window": 20,
    "horizon": 10080,
    "attempts": 4,
    "holiday_country": "US",
    "ladder": {"unclaimed": [2, 4]},
}
DEPARTMENT = {"name": "IT", "groups": ["S0IT"], "users": ["U0IDA"]}


def people(*groups: str, users: tuple[str, ...] = ()) -> dict[str, Any]:
    """`people` as the first schema kept it."""
    managers = {"manager_groups": ["S0MGRS"], "manager_users": ["U0MIA"]}
    return {"sme_tl_groups": groups, "sme_tl_users": users, "departments": [DEPARTMENT], **managers}


def move_to(engine: Engine, revision: str, *, down: bool = False) -> None:
    with engine.begin() as connection:
        (command.downgrade if down else command.upgrade)(_config(connection), revision)


def add_program(engine: Engine, number: int, who: dict[str, Any], opens: str, closes: str) -> None:
    """A program with a case's worth of rows that refer to it, in the first schema."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO programs (id, channel, name, timezone, customer_timezone, phone_region, people, numbers,"
                " calls_from, calls_until) VALUES (:id, :channel, 'Billing', 'Asia/Manila', 'America/New_York', 'US',"
                " :people, :numbers, :opens, :closes)"
            ),
            {
                "id": number,
                "channel": f"C0{number}",
                "people": json.dumps(who),
                "numbers": json.dumps(NUMBERS),
                "opens": opens,
                "closes": closes,
            },
        )
        connection.execute(
            text("INSERT INTO record_heads (program, length, hash) VALUES (:id, 0, '')"), {"id": number}
        )


def programs(store: Store) -> dict[int, Program]:
    return {program.id: program for program in store.ask_now(Reading.programs)}


def test_0002_keeps_every_program_and_splits_smes_from_tls(database_url: str) -> None:
    """The first group was the SMEs', the others the TLs'; a single one is both; each weekday gets the hours."""
    store = Store.at(database_url)
    try:
        move_to(store.engine, "0001")
        add_program(
            store.engine, 1, people("S0SMES", "S0TLS", "S0LEADS"), "09:00:00.000000", "21:30:00.000000"
        )
        add_program(store.engine, 2, people("S0ALL"), "08:00:00.000000", "23:59:00.000000")
        add_program(store.engine, 3, people(users=("U0SAM", "U0BEN")), "00:00:00.000000", "21:00:00.000000")
        upgrade(store.engine)
        found = programs(store)
        assert found[1] == Program(
            1, "C01", "Billing", "Asia/Manila", "America/New_York", "US",
            sme_groups=("S0SMES",), tl_groups=("S0TLS", "S0LEADS"),
            manager_groups=("S0MGRS",), manager_users=("U0MIA",),
            departments=(Department("IT", ("S0IT",), ("U0IDA",)),),
            window=timedelta(minutes=20), attempts=4, holiday_country="US",
            calling=(Hours(time(9), time(21, 30)),) * 7,
            ladder=Ladder(unclaimed=(2, 4)),
        )  # fmt: skip
        assert (found[2].sme_groups, found[2].tl_groups) == (("S0ALL",), ("S0ALL",))
        assert found[2].calling == (Hours(time(8), time(23, 59)),) * 7
        assert (found[3].sme_groups, found[3].tl_groups) == ((), ())
        assert (found[3].sme_users, found[3].tl_users) == (("U0SAM", "U0BEN"), ())
        assert found[3].calling == (Hours(time(0), time(21)),) * 7
    finally:
        store.close()


def test_0002_goes_back_to_one_list_and_the_weeks_widest_hours(database_url: str) -> None:
    """What came over from the first schema is there again afterwards."""
    store = Store.at(database_url)
    try:
        move_to(store.engine, "0001")
        add_program(
            store.engine, 1, people("S0SMES", "S0TLS", users=("U0SAM",)), "09:00:00.000000", "21:30:00.000000"
        )
        upgrade(store.engine)
        before = programs(store)[1]
        week = (None, *(Hours(time(10), time(0)),) * 3, *before.calling[4:])
        changed = store.write_now(
            lambda unit: save_program(unit, replace(before, calling=week, tl_users=("U0BEN",)))
        )
        assert programs(store)[1] == changed
        move_to(store.engine, "0001", down=True)
        with store.engine.connect() as connection:
            row = (
                connection.execute(text("SELECT people, calls_from, calls_until FROM programs"))
                .mappings()
                .one()
            )
        kept = json.loads(row["people"]) if isinstance(row["people"], str) else row["people"]
        assert (kept["sme_tl_groups"], kept["sme_tl_users"]) == (["S0SMES", "S0TLS"], ["U0SAM", "U0BEN"])
        assert [str(row[name])[:5] for name in ("calls_from", "calls_until")] == ["09:00", "23:59"]
        upgrade(store.engine)
        assert programs(store)[1].tl_groups == ("S0TLS",)
    finally:
        store.close()


def test_0003_keeps_every_notice_there_and_back(book: Book) -> None:
    """With its state; what the old schema has no place for is gone after the way back, the cases' own is not."""
    case = book.claims(book.raises())
    book.delivers()
    book.notes(case, "The customer wrote as well.")
    before, posts = book.rows(t.notices), book.rows(t.posts)
    assert {row["state"] for row in before} == {"sent", "waiting"}
    changed = Event(Happened.SETTINGS_CHANGED, MIA.id, {"Window": "15 min → 20 min"})
    book.store.write_now(lambda unit: note_on_program(unit, book.program, changed, NOW))
    move_to(book.store.engine, "0002", down=True)
    upgrade(book.store.engine)
    assert (book.rows(t.notices), book.rows(t.posts)) == (before, posts)
    assert all((row["bundle"], row["recurring"]) == (None, None) for row in before)
    assert [one.notice.kind.value for one in book.delivers()] == ["card", "line"]


def test_0003_keeps_one_waiting_card_of_a_case(book: Book) -> None:
    """The copy of the table has the partial index: a redraw that waits is still one."""
    book.raises()
    for _ in range(3):
        book.store.write_now(lambda unit: redraw_card(unit, 1, book.program, NOW))
    assert len(book.rows(t.notices, kind="card")) == 1


def test_0006_asks_again_about_times_that_were_agreed_before(database_url: str) -> None:
    """What is there stays; whether its customer asked for the time nobody wrote down."""
    store = Store.at(database_url)
    try:
        move_to(store.engine, "0005")
        with store.engine.begin() as connection:
            connection.execute(text(_PROGRAM), {"people": "{}", "numbers": "{}"})
            connection.execute(text(_CASE), {"no": False})
            connection.execute(text(_CALLBACK))
        upgrade(store.engine)
        case = store.ask_now(lambda reading: reading.case(1, 1))
        assert case.callback is not None
        assert (case.said.asked_for_time, case.callback.asked_for_time) == (False, False)
        assert is_current(store.engine)
        move_to(store.engine, "0005", down=True)
        upgrade(store.engine)
        assert store.ask_now(lambda reading: reading.case(1, 1)) == case
    finally:
        store.close()


def test_0010_finds_customers_whose_texts_are_not_sealed_yet(database_url: str) -> None:
    """There and back: the case is as it was, and its customer's next call is linked to it."""
    store = Store.at(database_url)
    try:
        move_to(store.engine, "0009")
        with store.engine.begin() as connection:
            connection.execute(text(_PROGRAM), {"people": "{}", "numbers": "{}"})
            connection.execute(text(_CASE), {"no": False})
            connection.execute(text(_CALLBACK))
        for _ in range(2):
            upgrade(store.engine)
            with store.read() as reading:
                (found,) = reading.related(1, "+12125554567", "", NOW - timedelta(days=1))
                assert reading.related(1, "+12125554568", "", NOW - timedelta(days=1)) == []
            assert (found.said.customer, found.contact, found.blanked_at) == ("Jane Doe", None, None)
            move_to(store.engine, "0009", down=True)
    finally:
        store.close()


_PROGRAM = """
INSERT INTO programs (id, channel, name, timezone, customer_timezone, phone_region, people, numbers)
VALUES (1, 'C01', 'Billing', 'Asia/Manila', 'America/New_York', 'US', :people, :numbers)
"""
_CASE = """
INSERT INTO cases (number, program, status, version, priority, related, customer, contact_kind, contact, waiting,
  due_at, zone, scenario, reasons, other_reason, steps, details, reference, language, repeat, raised_by, raised_at,
  free_since, tier, round, allowed, unreached, callback, callbacks, attempts)
VALUES (1, 1, 'open', 1, 'normal', '', 'Jane Doe', 'phone', '+12125554567', :no, '2026-11-23 16:00:00',
  'America/New_York', 'during', 'long_wait', '', 'listened', 'Was promised a call.', '', '', :no, 'U0ANA',
  '2026-11-23 14:00:00', '2026-11-23 14:00:00', 1, 0, 3, 0, 1, 1, 0)
"""
_NOTICE = """
INSERT INTO notices (id, program, channel, kind, case_number, step, about, round, late, broadcast, urgency, state,
  not_before, tries, uncertain, created_at)
VALUES (1, 1, 'C01', 'card', 1, 0, 0, 0, 0, :no, 0, 'waiting', '2026-11-23 16:00:00', 0, :no, '2026-11-23 16:00:00')
"""
_CALLBACK = """
INSERT INTO callbacks (case_number, number, due_at, zone, window_seconds, kind, wanted_by, state)
VALUES (1, 1, '2026-11-23 16:00:00', 'America/New_York', 900, 'promise', 'customer', 'pending')
"""


def test_the_versions_that_the_files_name_are_alembics() -> None:
    """The files are read without Alembic, which a bot whose schema is up to date never loads."""
    scripts = ScriptDirectory.from_config(_config(None))
    assert newest() == scripts.get_current_head()
    assert {one.revision: one.down_revision for one in scripts.walk_revisions()} == _known()


def test_a_bot_that_starts_on_the_newest_schema_loads_no_migrations(sqlite_url: str) -> None:
    """Alembic takes a third of a second and more than ten megabytes."""
    engine = open_engine(sqlite_url)
    upgrade(engine)
    engine.dispose()
    words = (
        "import sys, bot.cli, bot.app.wiring; from storage.engine import open_engine; from storage.schema import upgrade; "
        f"upgrade(open_engine({sqlite_url!r})); sys.exit('alembic' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", words], cwd=Path(__file__).parents[2], check=False).returncode
        == 0
    )
