"""HTTP mode: Slack sends signed requests, the same desk answers, and operators see how it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from bot.environment.manifest import manifest
from sandbox import SIGNING_SECRET, SandboxClock, Seed
from storage.reading import Reading
from storage.store import Store
from tests.chaos.running import until
from tests.journeys.floor import ASK, CLOSE, PACE, START, Floor
from tests.journeys.knocking import FORM, JSON, STAMP, asks, posts, typed
from tests.patient import patient
from tests.sandbox.program import free_port

SIX_MINUTES = 360


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def inside() -> int:
    """The port of health, readiness and metrics."""
    return free_port()


def by_http(port: int, inside: int) -> dict[str, str]:
    """The settings of a bot that Slack sends requests to."""
    return {
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "HTTP_PORT": str(port),
        "MONITOR_PORT": str(inside),
    }


@pytest.fixture(scope="module")
def desk(port: int, inside: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """An open floor whose bot has no app token, but a signing secret and a port."""
    seed = Seed(manifest(), request_url=f"http://127.0.0.1:{port}/slack/events")
    settings = by_http(port, inside)
    database: Path = tmp_path_factory.mktemp("http") / "askdesk.db"
    with patient(seed, clock=SandboxClock(START)) as sandbox:
        place = Floor(sandbox, f"sqlite:///{database}", replace(PACE, drain=0.0), settings)
        place.opens()
        yield place
        place.closes()


def test_a_case_goes_its_way_over_http(desk: Floor) -> None:
    """From the form to the outcome, as in Socket Mode."""
    card = desk.claimed()
    desk.ben.clicks("Calling now", on=card)
    desk.ben.sees("calling", in_=card)
    desk.ben.clicks("Complete", on=card.now())
    assert desk.ben.modal("Complete").submit(CLOSE).closed
    desk.ben.sees("closed case", in_=card)
    assert not desk.slack.sockets.alive()
    assert not desk.slack.problems()


def test_what_slack_signed_is_answered(desk: Floor, port: int) -> None:
    status, answer = posts(port, typed(), FORM)
    assert status == 200
    assert answer["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    "trick", ["another secret", "six minutes old", "no signature", "no time", "odd time"]
)
def test_what_slack_did_not_sign_just_now_is_turned_away(desk: Floor, port: int, trick: str) -> None:
    """401, and nothing is done: also for a true request of Slack's that somebody repeats after the window."""
    match trick:
        case "another secret":
            status, _ = posts(port, typed(), FORM, secret="somebody-elses-secret")
        case "six minutes old":
            status, _ = posts(port, typed(), FORM, ago=SIX_MINUTES)
        case "no signature":
            status, _ = posts(port, typed(), FORM | {"X-Slack-Signature": ""})
        case "no time":
            status, _ = asks(port, "POST", "/slack/events", typed(), FORM)
        case _:
            status, _ = posts(port, typed(), FORM | {STAMP: "yesterday"})
    assert status == 401


@pytest.mark.parametrize("body", ["{", '{"a": ', "\x00", "[]", "null", "5", '{"user": 5}', "[" * 50_000])
def test_what_cannot_be_read_is_a_bad_request_not_a_failure(desk: Floor, port: int, body: str) -> None:
    """Signed; without a signature it is not even read."""
    assert posts(port, body, JSON) == (400, "")
    assert asks(port, "POST", "/slack/events", body, JSON) == (401, "")


def test_an_event_that_slack_sends_again_counts_once(desk: Floor, port: int) -> None:
    """The ack was lost on its way; the retry says so, and the refusal is neither counted nor told twice."""
    books = Store.at(desk.database)
    before = books.ask_now(Reading.refusals)
    told = {
        "type": "event_callback",
        "team_id": "T0NORTH",
        "api_app_id": "A0ASKDESK",
        "event_id": "Ev0TWICE",
        "event": {
            "type": "message",
            "channel": "D0ANA",
            "channel_type": "im",
            "user": "U0ANA",
            "text": "please call",
            "ts": "1.000100",
        },
    }
    again = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert posts(port, json.dumps(told), JSON)[0] == 200
    assert posts(port, json.dumps(told), JSON | again)[0] == 200
    assert books.ask_now(Reading.refusals) == before + 1
    books.close()


def test_a_mention_that_slack_sends_again_is_answered_once(desk: Floor, port: int) -> None:
    told = {
        "type": "event_callback",
        "team_id": "T0NORTH",
        "api_app_id": "A0ASKDESK",
        "event_id": "Ev0MENTION",
        "event": {
            "type": "app_mention",
            "channel": "C0ASKBILL",
            "user": "U0ANA",
            "text": "hello",
            "ts": "1.000200",
        },
    }
    before = len(desk.slack.calls("chat.postEphemeral"))
    for _ in range(2):
        assert posts(port, json.dumps(told), JSON)[0] == 200
    assert len(desk.slack.calls("chat.postEphemeral")) == before + 1


def test_slacks_challenge_is_given_back(desk: Floor, port: int) -> None:
    asked = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1aB10FEMAGAZd4FyFQ"})
    status, answer = posts(port, asked, JSON)
    assert status == 200
    assert "3eZbrw1aB10FEMAGAZd4FyFQ" in json.dumps(answer)


def test_an_open_desk_lives_and_is_ready(desk: Floor, port: int, inside: int) -> None:
    assert asks(port, "GET", "/healthz") == (200, {"lives": True})
    assert asks(inside, "GET", "/healthz") == (200, {"lives": True})
    status, told = asks(inside, "GET", "/readyz")
    assert (status, told["ready"], told["reasons"], told["schema"]) == (200, True, [], "current")
    assert told["beat_age"] < 10
    assert told["sockets"] == []


@pytest.mark.parametrize("path", ["/readyz", "/metrics", "/metrics/", "//metrics", "/%6detrics"])
def test_slacks_address_tells_strangers_nothing(desk: Floor, port: int, path: str) -> None:
    """No program, no channel, no reason why the bot is not ready."""
    assert asks(port, "GET", path) == (404, "")


def test_requests_of_slacks_are_not_taken_on_the_inside(desk: Floor, inside: int) -> None:
    assert posts(inside, typed(), FORM)[0] == 404


def test_prometheus_reads_what_happened_and_what_waits(desk: Floor, port: int, inside: int) -> None:
    """After a case, a refusal and some requests; nothing personal is in it."""
    desk.escalates(minutes=90, Customer="Nobody Elses-Name")
    assert posts(port, typed(), FORM)[0] == 200
    assert posts(port, typed(), FORM, secret="somebody-elses-secret")[0] == 401

    def look() -> str | None:
        status, page = asks(inside, "GET", "/metrics")
        assert status == 200
        settled = all(f'askdesk_notices{{state="{state}"}} 0.0' in page for state in ("waiting", "sending"))
        return (
            page
            if settled and 'askdesk_deliveries_total{kind="confirmation",result="sent"}' in page
            else None
        )

    page = until(look, about="everything is sent and counted")
    for line in (
        r'askdesk_ack_seconds_count{kind="command"} \d+\.0',
        r'askdesk_requests_refused_total{why="unsigned"} [1-9]',
        r'askdesk_deliveries_total{kind="card",result="sent"} [1-9]',
        r"askdesk_beats_total [1-9]",
        r"askdesk_beat_age_seconds \d",
        r"askdesk_database_up 1\.0",
        r'askdesk_notices{state="parked"} 0\.0',
        r"askdesk_oldest_notice_seconds 0\.0",
        r"askdesk_reminders_due \d",
        r"askdesk_refusals_total \d",
        r'askdesk_cases{channel="C0ASKBILL",program="Billing",status="open"} [1-9]',
        r'askdesk_cases_overdue{channel="C0ASKBILL",program="Billing"} 0\.0',
        r"process_resident_memory_bytes \d",
    ):
        assert re.search(f"^{line}", page, re.M), line
    assert "Elses-Name" not in page
    assert "555" not in "".join(re.findall(r"\{.*?\}", page))


def test_other_addresses_are_not_there(desk: Floor, port: int) -> None:
    assert asks(port, "GET", "/")[0] == 404
    assert asks(port, "GET", "/slack/events")[0] == 405


def test_the_channel_saw_two_cards(desk: Floor) -> None:
    """Of the two cases that were raised; whatever else was sent at the desk's door raised nothing."""

    def cards() -> int:
        shown = [one for one in desk.ana.messages(in_=ASK) if one.metadata and not one.ephemeral]
        return len([one for one in shown if not one.thread_ts])

    desk.slack.eventually(lambda: cards() >= 2 or None, about="the cards of two cases")
    assert cards() == 2


def test_a_stop_tells_the_load_balancer_first(tmp_path: Path) -> None:
    """Not ready any more, and still answering what comes meanwhile; then the door is shut."""
    port, inside = free_port(), free_port()
    seed = Seed(manifest(), request_url=f"http://127.0.0.1:{port}/slack/events")
    settings = by_http(port, inside)
    with patient(seed, clock=SandboxClock(START)) as sandbox:
        database = f"sqlite:///{tmp_path / 'askdesk.db'}"
        place = Floor(sandbox, database, replace(PACE, drain=5.0), settings)
        place.opens()
        until(lambda: asks(inside, "GET", "/readyz")[0] == 200 or None, about="ready")
        with ThreadPoolExecutor(1) as hand:
            closing = hand.submit(place.closes)
            told = until(
                lambda: ((found := asks(inside, "GET", "/readyz"))[0] == 503 and found[1]) or None,
                about="not ready",
            )
            assert told["reasons"] == ["it is stopping"]
            assert posts(port, typed(), FORM)[0] == 200
            closing.result()
    for address in (port, inside):
        with pytest.raises(ConnectionRefusedError):
            asks(address, "GET", "/healthz")


@pytest.mark.parametrize("setting", ["MONITOR_PORT", "HTTP_PORT"])
def test_in_socket_mode_the_site_is_there_when_it_has_a_port(setting: str, tmp_path: Path) -> None:
    """It tells of the connections, and takes no requests in Slack's name. HTTP_PORT is how it was asked for once."""
    port = free_port()
    settings = {setting: str(port), "SLACK_SIGNING_SECRET": SIGNING_SECRET}
    with patient(Seed(manifest()), clock=SandboxClock(START)) as sandbox:
        place = Floor(sandbox, f"sqlite:///{tmp_path / 'askdesk.db'}", replace(PACE, drain=60.0), settings)
        place.opens()
        with ExitStack() as after:
            after.callback(place.closes)
            status, told = until(
                lambda: found if (found := asks(port, "GET", "/readyz"))[0] == 200 else None, about="ready"
            )
            assert (status, told["reasons"]) == (200, [])
            assert [line["name"] for line in told["sockets"]] == ["socket 1", "socket 2"]
            page = asks(port, "GET", "/metrics")[1]
            assert re.search(r'^askdesk_socket_up\{line="socket 1"\} 1\.0', page, re.M), page
            assert re.search(r'^askdesk_socket_opened_total\{line="socket 1"\} 1\.0', page, re.M)
            assert posts(port, typed(), FORM)[0] == 404
            place.slack.sockets.reset()
            place.slack.faults.add("error", "apps.connections.open", times=None, error="internal_error")
            until(
                lambda: asks(port, "GET", "/readyz")[0] == 503 or None, about="without Slack it is not ready"
            )
            place.slack.faults.clear()
