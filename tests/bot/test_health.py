"""Readiness: every reason against sending work here, and none where all is well; what is measured without a database."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import text

from bot.environment.clock import wall_clock
from bot.slack.sockets import Health as Line
from bot.watch.health import Health, Phase, Report
from bot.watch.metrics import Metrics, kind_of
from bot.watch.recent import Recent
from storage.schema import Standing, upgrade
from storage.store import Store

UP = Line("socket 1", True, 0.5, 1)
DEAF = Line("socket 1", True, 60.0, 1)
DOWN = Line("socket 2", False, None, 3)
NOWHERE = "postgresql+psycopg://askdesk:opensesame@127.0.0.1:9/askdesk"


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    found = Store.at(sqlite_url)
    upgrade(found.engine)
    yield found
    found.close()


def report(
    store: Store,
    *,
    phase: Phase = Phase.OPEN,
    beat: float | None = 0.4,
    lines: Sequence[Line] | None = (UP, DOWN),
) -> Report:
    health = Health(store, lambda: beat, lambda: lines)
    health.phase = phase
    return asyncio.run(health.report())


def test_an_open_desk_with_one_connection_is_ready(store: Store) -> None:
    """The other line is being replaced; that is no reason."""
    found = report(store)
    assert (found.ready, found.schema) == (True, Standing.CURRENT)
    assert report(store, lines=None).ready, "HTTP mode has no connections"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"phase": Phase.STARTING}, "it is starting, or Slack does not answer yet"),
        ({"phase": Phase.STOPPING}, "it is stopping"),
        ({"beat": 61.2}, "the last beat is 61 s ago"),
        ({"beat": None}, "there was no beat yet"),
        ({"lines": (DEAF, DOWN)}, "no connection to Slack stands"),
        ({"lines": ()}, "no connection to Slack stands"),
    ],
)
def test_each_reason_is_told(store: Store, changes: dict[str, object], reason: str) -> None:
    found = report(store, **changes)  # type: ignore[arg-type]
    assert not found.ready
    assert found.reasons == [reason]


@pytest.mark.parametrize(
    ("version", "schema", "says"),
    [("0007", Standing.BEHIND, "askdesk db upgrade"), ("9999", Standing.AHEAD, "")],
)
def test_an_older_schema_is_a_reason_and_a_newer_one_is_none(
    store: Store, version: str, schema: Standing, says: str
) -> None:
    """While a new version is rolled out the old one stays ready."""
    with store.begin() as unit:
        unit.connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    found = report(store)
    assert found.schema is schema
    assert found.ready == (not says)
    assert says in "".join(found.reasons)


def test_a_database_that_does_not_answer_is_a_reason() -> None:
    store = Store.at(NOWHERE)
    found = report(store)
    assert list(found.reasons) == ["the database does not answer"]
    store.close()


def test_what_needs_no_database_is_measured_without_one() -> None:
    """And what needs it is left out, rather than told as it was."""
    store = Store.at(NOWHERE)
    metrics = Metrics(store, wall_clock, "desk-1", lambda: 12.0, lambda: (UP, DOWN))
    metrics.answered("command", 0.004, True)
    metrics.answered("click", 0.1, False)
    page = asyncio.run(metrics.page())[0].decode()
    assert 'askdesk_ack_seconds_bucket{kind="command",le="0.005"} 1.0' in page
    assert 'askdesk_acks_failed_total{kind="click"} 1.0' in page
    assert 'kind="command"} 1.0' not in "".join(re.findall(r"askdesk_acks_failed_total.*", page))
    assert "askdesk_database_up 0.0" in page
    assert 'askdesk_socket_up{line="socket 2"} 0.0' in page
    assert "askdesk_beat_age_seconds 12.0" in page
    assert 'askdesk_replica{name="desk-1"} 1.0' in page
    assert "askdesk_notices{" not in page
    store.close()


def test_two_bots_in_one_process_do_not_mix_their_figures() -> None:
    store = Store.at(NOWHERE)
    one, other = (Metrics(store, wall_clock, name, lambda: None, lambda: None) for name in ("a", "b"))
    one.answered("form", 0.1, True)
    assert 'askdesk_ack_seconds_count{kind="form"}' in asyncio.run(one.page())[0].decode()
    assert 'askdesk_ack_seconds_count{kind="form"}' not in asyncio.run(other.page())[0].decode()
    store.close()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"command": "/escalate"}, "command"),
        ({"type": "block_actions"}, "click"),
        ({"type": "view_submission"}, "form"),
        ({"type": "event_callback"}, "event"),
        ({"type": "whatever somebody sends"}, "other"),
        ({}, "other"),
    ],
)
def test_the_words_for_what_slack_sent_are_few(body: dict[str, str], kind: str) -> None:
    """Nobody outside can make up a new series."""
    assert kind_of(body) == kind


def test_many_who_ask_in_the_same_second_cost_one_look() -> None:
    """A refusal is an answer as well; a second later somebody looks again."""
    now, looks = [100.0], [0]

    async def look() -> int:
        looks[0] += 1
        await asyncio.sleep(0)
        if looks[0] == 2:
            raise ConnectionError
        return looks[0]

    async def ask() -> None:
        recent = Recent(look, lambda: now[0])
        assert await asyncio.gather(*(recent.get() for _ in range(20))) == [1] * 20
        now[0] += 0.9
        assert await recent.get() == 1
        now[0] += 0.1
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await recent.get()
        assert looks[0] == 2
        now[0] += 1.0
        assert await recent.get() == 3

    asyncio.run(ask())


def test_scrapes_in_the_same_second_cost_the_database_one_look(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of readiness and of the figures."""
    asked: list[object] = []
    ask = store.ask

    async def counted(question: Any, *more: Any) -> Any:
        asked.append(question)
        return await ask(question, *more)

    monkeypatch.setattr(store, "ask", counted)
    metrics = Metrics(store, wall_clock, "desk-1", lambda: 0.1, lambda: None)
    health = Health(store, lambda: 0.1, lambda: None)

    async def scrape() -> None:
        await asyncio.gather(*(metrics.page() for _ in range(10)), *(health.report() for _ in range(10)))

    asyncio.run(scrape())
    assert len(asked) == 2
