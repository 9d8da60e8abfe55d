"""The metrics at `/metrics` for Prometheus: how fast Slack is answered, what waits, and what happened to what was sent.

Counters live in this process, what waits is read from the database, once a second at most, so that every replica says
the same of it. The registry is this object's own: two bots in one process would not mix.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.slack.sockets import Health as Line
from bot.watch.recent import Recent
from scheduler.delivery import Clock
from scheduler.poster import Answer
from storage.records import NoticeKind
from storage.reports.backlog import Backlog, Figures, figures
from storage.store import Store

log = structlog.get_logger(__name__)

ACK_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0)
"""Slack waits three seconds; people notice a tenth of one."""

KINDS = {
    "block_actions": "click",
    "view_submission": "form",
    "view_closed": "form closed",
    "block_suggestion": "menu",
    "message_action": "shortcut",
    "shortcut": "shortcut",
    "event_callback": "event",
}


class MeasuredApp(AsyncApp):
    """Bolt's app; tells how long it took until the answer to Slack was there."""

    def __init__(self, answered: Callable[[str, float, bool], None], **options: Any) -> None:
        super().__init__(**options)
        self._answered = answered

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        began = time.perf_counter()
        response = await super().async_dispatch(req)
        self._answered(kind_of(req.body), time.perf_counter() - began, response.status == 200)
        return response


def kind_of(body: dict[str, Any]) -> str:
    """What Slack sent, as one of a few words, whatever the body holds."""
    return "command" if "command" in body else KINDS.get(str(body.get("type")), "other")


class Metrics:
    """Counts what the bot's parts report, and serves it to Prometheus."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        name: str,
        beat_age: Callable[[], float | None],
        lines: Callable[[], Sequence[Line] | None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._figures = Recent(self._look)
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._acks = Histogram(
            "askdesk_ack_seconds",
            "From Slack's request to the answer, by what was sent.",
            ["kind"],
            buckets=ACK_SECONDS,
            registry=self._registry,
        )
        self._unanswered = self._counter(
            "askdesk_acks_failed", "Requests that were refused or broke.", "kind"
        )
        self._refused = self._counter(
            "askdesk_requests_refused", "HTTP requests and connections that were turned away.", "why"
        )
        self._tries = self._counter(
            "askdesk_deliveries", "Tries to show a notice in a channel, by how they ended.", "kind", "result"
        )
        self._beats = self._counter("askdesk_beats", "Beats that went well.")
        self._standing = _Standing(name, beat_age, lines)
        self._registry.register(self._standing)

    def answered(self, kind: str, seconds: float, well: bool) -> None:
        """Slack was answered."""
        self._acks.labels(kind).observe(seconds)
        if not well:
            self._unanswered.labels(kind).inc()

    def refused(self, why: str) -> None:
        """Counts an HTTP request that was refused unread."""
        self._refused.labels(why).inc()

    def tried(self, kind: NoticeKind, answer: Answer) -> None:
        """A notice was sent, or not: `sent`, `later` (a rate limit), `unknown` (no clear answer), `never` (parked), …"""
        self._tries.labels(kind.value, type(answer).__name__.lower()).inc()

    async def beat(self) -> None:
        """A beat went well."""
        self._beats.inc()

    async def page(self) -> tuple[bytes, str]:
        """Everything as Prometheus reads it, and its content type. Without the database what it holds is left out."""
        self._standing.look(*await self._figures.get())
        return generate_latest(self._registry), CONTENT_TYPE_LATEST

    async def _look(self) -> tuple[Figures | None, datetime]:
        """What the database holds, None where it does not answer, and when that was."""
        now = self._clock()
        try:
            return await self._store.ask(figures, now), now
        except SQLAlchemyError as error:
            log.warning("metrics without the database", why=type(error).__name__)
            return None, now

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, registry=self._registry)


@dataclass(eq=False)
class _Standing(Collector):
    """Gauges: read at each request rather than counted."""

    _name: str
    _beat_age: Callable[[], float | None]
    _lines: Callable[[], Sequence[Line] | None]
    _figures: Figures | None = None
    _age: Callable[[Backlog], float] = lambda backlog: 0.0

    def look(self, found: Figures | None, now: datetime) -> None:
        self._figures = found
        self._age = lambda backlog: (now - backlog.since).total_seconds() if backlog.since else 0.0

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: what there is depends on the programs and the connections."""
        return ()

    def collect(self) -> Iterator[Metric]:
        yield _gauge(
            "askdesk_replica", "This bot among those on one database.", ("name",), {(self._name,): 1}
        )
        if (age := self._beat_age()) is not None:
            yield _gauge("askdesk_beat_age_seconds", "Since the last beat that went well.", (), {(): age})
        yield from self._of_lines(self._lines() or ())
        up = float(self._figures is not None)
        yield _gauge("askdesk_database_up", "Whether the database answered this look.", (), {(): up})
        if self._figures is not None:
            yield from self._of_figures(self._figures)

    def _of_lines(self, lines: Sequence[Line]) -> Iterator[Metric]:
        if not lines:
            return
        up = {(line.name,): float(line.connected) for line in lines}
        yield _gauge("askdesk_socket_up", "Whether a connection to Slack stands.", ("line",), up)
        ages = {(line.name,): line.pong_age for line in lines if line.pong_age is not None}
        yield _gauge("askdesk_socket_pong_age_seconds", "Since Slack's last pong.", ("line",), ages)
        opened = CounterMetricFamily("askdesk_socket_opened", "Connections made, by line.", labels=("line",))
        for line in lines:
            opened.add_metric((line.name,), line.opened)
        yield opened

    def _of_figures(self, found: Figures) -> Iterator[Metric]:
        states = {(state.value,): float(count) for state, count in found.notices.items()}
        yield _gauge(
            "askdesk_notices", "Notices that are not settled, or parked, by state.", ("state",), states
        )
        oldest = self._age(found.late_notices)
        yield _gauge("askdesk_oldest_notice_seconds", "How long the oldest notice waits.", (), {(): oldest})
        due = {(): float(found.due_reminders.count)}
        yield _gauge("askdesk_reminders_due", "Reminders due of which no beat has made anything.", (), due)
        late = self._age(found.due_reminders)
        yield _gauge("askdesk_oldest_reminder_seconds", "How late the latest of them is.", (), {(): late})
        refusals = CounterMetricFamily("askdesk_refusals", "Tries from the wrong place that were refused.")
        refusals.add_metric((), found.refusals)
        yield refusals
        waiting = {(): float(found.to_redact)}
        yield _gauge("askdesk_redactions", "Messages about deleted customers still to edit.", (), waiting)
        labels = ("program", "channel")
        cases = {
            (one.program.name, one.program.channel, status.value): float(count)
            for one in found.programs
            for status, count in one.cases.items()
        }
        yield _gauge("askdesk_cases", "Cases that are not closed.", (*labels, "status"), cases)
        overdue = {(one.program.name, one.program.channel): float(one.overdue) for one in found.programs}
        yield _gauge("askdesk_cases_overdue", "Cases whose window is over without a call.", labels, overdue)


def _gauge(name: str, what: str, labels: Sequence[str], values: Mapping[Any, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family
