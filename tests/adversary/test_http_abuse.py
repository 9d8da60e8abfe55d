"""Hostile requests at the door of a bot at work: none does, stores, shows or breaks anything, and the bot goes on.

What a knock is answered with: a bare 401 for whatever Slack did not sign just now, 400 for what it signed and is none
of its payloads, 413 beyond 256 KB, 404 and 405 elsewhere.
"""

from __future__ import annotations

import copy
import gzip
import json
import random
import socket
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.adversary.door import (
    FORM,
    MARK,
    STAMP,
    Door,
    asks,
    open_door,
    request,
    signed,
    typed,
)
from tests.chaos.running import until
from tests.journeys.knocking import JSON

COMMAND = typed(text=MARK).encode()

CONTENT_TYPES = [
    "application/json",
    "application/json; charset=utf-16",
    "application/x-www-form-urlencoded",
    f"multipart/form-data; boundary={MARK}",
    "text/plain",
    "text/html",
    "application/xml",
    "application/octet-stream",
    "application/cloudevents+json",
    MARK,
    "",
    ";;;/",
]

JUNK = [
    b"",
    b"[]",
    b"null",
    b"5",
    b"true",
    b'"INTRUDER"',
    b"{",
    b"{}",
    b'{"user":5}',
    b'{"type":5}',
    b'{"type":["block_actions"]}',
    b'{"type":"INTRUDER"}',
    b'{"type":"block_actions"}',
    b'{"type":"event_callback","event":[]}',
    b'{"command":"/escalate"}',
    b'{"command":{"a":1},"trigger_id":[]}',
    b"[" * 50_000,
    b'{"a":' * 50_000,
    b'{"type":"url_verification","challenge":' + b"[" * 900 + b"]" * 900 + b"}",
    b'{"type":"url_verification","challenge":NaN}',
    b'{"type":"url_verification","challenge":' + b"9" * 5_000 + b"}",
    b'{"type":"url_verification","challenge":"\\ud800"}',
    b'{"type":"url_verification","challenge":"\\u0000"}',
    b"payload=",
    b"payload=[]",
    b"payload=5",
    b"payload=%7B",
    b"payload=%7B%22user%22%3A5%7D",
    b"payload=" + b"%5B" * 20_000,
    b"a&" * 60_000,
    b"a=b&" * 60_000,
    b"command",
    b"command=%ff%fe",
    b"command=/askdesk&command=/escalate",
    b"\x00",
    b"\xff\xfe\x00INTRUDER",
    b"\xef\xbb\xbf{}",
    gzip.compress(b"INTRUDER" * 1000),
    b"--INTRUDER\r\nContent-Disposition: form-data; name=payload\r\n\r\n{}\r\n--INTRUDER--\r\n",
    b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
]

LONG = [b"a&" * 500_000, b"[" * 300_000, b'{"a":"' + b"x" * 300_000 + b'"}']


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with open_door(tmp_path_factory.mktemp("door")) as found:
        found.settles()
        yield found


def answered(door: Door, knocks: Iterable[tuple[str, bytes]]) -> dict[str, int | None]:
    """What each was answered with."""
    return {name: door.knocks(raw) for name, raw in knocks}


def not_in(statuses: set[int | None], found: dict[str, int | None]) -> dict[str, int | None]:
    """The answers that are others."""
    return {name: status for name, status in found.items() if status not in statuses}


def named(body: bytes) -> str:
    return f"{body[:40]!r} ({len(body)} bytes)"


def test_what_is_not_signed_is_not_even_read(door: Door) -> None:
    """In every content type, however long, and whatever it would have been with a signature."""
    with door.nothing_comes_of_it():
        found = answered(
            door,
            (
                (f"{named(body)} as {kind}", request({"Content-Type": kind, "X-Intruder": MARK}, body))
                for body in [*JUNK, COMMAND, *LONG]
                for kind in CONTENT_TYPES
            ),
        )
        assert len(found) > 500
        assert not_in({401}, found) == {}


def forgeries() -> Iterator[tuple[str, dict[str, str]]]:
    """Headers that Slack would not have sent with the command, by what is wrong with them."""
    good = signed(COMMAND)
    stamp, value = good[STAMP], good["X-Slack-Signature"]
    values = {
        "another body's": signed(b"x")["X-Slack-Signature"],
        "another secret's": signed(COMMAND, secret="somebody-elses")["X-Slack-Signature"],
        "an empty secret's": signed(COMMAND, secret="")["X-Slack-Signature"],
        "in capitals": value.upper(),
        "in half capitals": value[:3] + value[3:].upper(),
        "without a version": value[3:],
        "of another version": "v1" + value[2:],
        "cut": value[:-1],
        "longer": value + "0",
        "twice": f"{value}, {value}",
        "with words": f"{value} {MARK}",
        "zeros": "v0=" + "0" * 64,
        "empty": "",
        "only its version": "v0=",
        "no letters": "v0=" + "é" * 64,
        "long": "v0=" + "a" * 7000,
        "odd": "\x7f\udcff" + MARK,
    }
    for what, wrong in values.items():
        yield f"signature {what}", {STAMP: stamp, "X-Slack-Signature": wrong}
    yield "no signature", {STAMP: stamp}
    yield "no timestamp", {"X-Slack-Signature": value}
    stamps = {
        "empty": "",
        "words": MARK,
        "fraction": f"{stamp}.0",
        "negative": f"-{stamp}",
        "with a plus": f"+{stamp}",
        "hexadecimal": hex(int(stamp)),
        "other digits": "١٧٦٣٨٩٠٠٠٠",
        "endless": "9" * 5000,
        "exponent": "1e9",
        "not a number": "nan",
        "zero": "0",
        "a second on": str(int(stamp) + 1),
        "underscores": f"{stamp[:3]}_{stamp[3:]}",
        "milliseconds": f"{stamp}000",
    }
    for what, wrong in stamps.items():
        yield f"timestamp {what}", {STAMP: wrong, "X-Slack-Signature": value}
    for ago in (301, 360, 3600, 86_400, 10**9, -310, -3600, -86_400):
        yield f"truly signed {ago} s ago", signed(COMMAND, ago=ago)


def test_what_is_wrongly_signed_or_stale_is_turned_away(door: Door) -> None:
    with door.nothing_comes_of_it():
        found = answered(
            door,
            (
                (f"{what} as {kind}", request({**headers, "Content-Type": kind}, COMMAND))
                for what, headers in forgeries()
                for kind in CONTENT_TYPES[:6]
            ),
        )
        assert len(found) > 200
        # An upstream refuses bytes that no header may hold.
        assert not_in({401}, {name: s for name, s in found.items() if "odd" not in name}) == {}
        assert not_in({400, 401}, found) == {}


def test_signed_junk_is_a_bad_request(door: Door) -> None:
    """In every content type. Nothing of it is a failure of the bot."""
    with door.nothing_comes_of_it():
        found = answered(
            door,
            (
                (f"{named(body)} as {kind}", request({**signed(body), "Content-Type": kind}, body))
                for body in JUNK
                for kind in CONTENT_TYPES
            ),
        )
        assert len(found) > 400
        assert not_in({400}, found) == {}


def test_a_true_command_in_a_wrong_wrapping_is_a_bad_request(door: Door) -> None:
    body = typed().encode()
    with door.nothing_comes_of_it():
        wrong = [kind for kind in CONTENT_TYPES if kind != FORM["Content-Type"]]
        found = answered(
            door, ((kind, request({**signed(body), "Content-Type": kind}, body)) for kind in wrong)
        )
        squeezed = gzip.compress(body)
        packed = {**FORM, "Content-Encoding": "gzip"}
        found["packed"] = door.knocks(request({**signed(squeezed), **packed}, squeezed))
        assert not_in({400}, found) == {}
        # Signed before it was packed: the bytes that came are others.
        assert door.knocks(request({**signed(body), **packed}, squeezed)) == 401


def test_a_body_beyond_all_bounds_is_not_taken(door: Door) -> None:
    with door.nothing_comes_of_it():
        found = answered(door, ((named(body), request({**signed(body), **FORM}, body)) for body in LONG))
        body = b"a" * 300_000
        chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        head = {**signed(body), **FORM, "Transfer-Encoding": "chunked"}
        found["in chunks"] = door.knocks(request(head, chunked, length=False))
        assert not_in({413}, found) == {}


BASES: dict[str, dict[str, Any]] = {
    "a click": {
        "type": "block_actions",
        "team": {"id": "T0NORTH", "domain": "north"},
        "user": {"id": "U0BEN", "name": "ben", "team_id": "T0NORTH"},
        "api_app_id": "A0ASKDESK",
        "trigger_id": f"1.2.{MARK}",
        "channel": {"id": "C0ASKBILL", "name": "ask-billing"},
        "container": {"type": "message", "channel_id": "C0ASKBILL"},
        "actions": [
            {"type": "button", "action_id": "nothing", "block_id": "b", "value": "1", "action_ts": "1"}
        ],
    },
    "a form": {
        "type": "view_submission",
        "team": {"id": "T0NORTH", "domain": "north"},
        "user": {"id": "U0BEN", "team_id": "T0NORTH"},
        "api_app_id": "A0ASKDESK",
        "trigger_id": f"1.2.{MARK}",
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": "nothing",
            "private_metadata": '{"program": 1}',
            "hash": "1.a",
            "blocks": [{"type": "input", "block_id": "b"}],
            "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": MARK}}}},
        },
    },
    "an event": {
        "type": "event_callback",
        "team_id": "T0NORTH",
        "api_app_id": "A0ASKDESK",
        "event_id": f"Ev{MARK}",
        "authorizations": [{"enterprise_id": None, "team_id": "T0NORTH", "user_id": "U0BOT", "is_bot": True}],
        "event": {"type": "message", "channel": "C0ASKBILL", "user": "U0ANA", "text": MARK, "ts": "1.2"},
    },
    "an arrival": {
        "type": "event_callback",
        "team_id": "T0NORTH",
        "api_app_id": "A0ASKDESK",
        "event_id": f"Ev{MARK}2",
        "event": {"type": "member_joined_channel", "channel": "C0ASKBILL", "user": "U0ANA"},
    },
    "somebody's change": {
        "type": "event_callback",
        "team_id": "T0NORTH",
        "api_app_id": "A0ASKDESK",
        "event_id": f"Ev{MARK}3",
        "event": {"type": "user_change", "user": {"id": "U0ANA", "team_id": "T0NORTH", "deleted": False}},
    },
}

VALUES: list[Any] = [
    None,
    5,
    -1.5,
    True,
    "",
    "x",
    [],
    [[]],
    [5],
    {},
    {"id": 5},
    {"id": None},
    {"a": {"b": []}},
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a payload."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def put(payload: dict[str, Any], path: tuple[Any, ...], value: Any, *, gone: bool = False) -> dict[str, Any]:
    """A copy with something else in that place, or nothing."""
    changed = copy.deepcopy(payload)
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    if gone:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


def test_signed_payloads_with_a_part_gone_wrong_never_break_the_bot(door: Door) -> None:
    """Each part of each payload, missing or of another kind: taken, refused or unknown, but no failure.

    They come for a button, a form and a message that mean nothing here, so that the sound ones do nothing either.
    """
    found: dict[str, int | None] = {}
    done = door.done()
    for what, payload in BASES.items():
        for path in places(payload):
            variants = [put(payload, path, value) for value in VALUES] + [put(payload, path, None, gone=True)]
            for number, changed in enumerate(random.Random(7).sample(variants, 6)):
                said = json.dumps(changed)
                if payload["type"] == "event_callback":
                    body, kind = said.encode(), JSON
                else:
                    body, kind = urlencode({"payload": said}).encode(), FORM
                name = f"{what}: {path} {number}"
                found[name] = door.knocks(request({**signed(body), **kind}, body))
    assert len(found) > 350
    assert not_in({200, 400, 404}, found) == {}
    door.lives()
    # Strangers and refusals may be answered where the message was written; nothing else is done.
    assert set(door.done()[len(done) :]) <= {"chat.postEphemeral"}


def odd_lines() -> Iterator[tuple[str, bytes]]:
    """What is hardly HTTP: each with a body's signature that would be true."""
    body = typed().encode()
    good = {**signed(body), **FORM}
    lines = "".join(f"{name}: {value}\r\n" for name, value in good.items()).encode()
    head = b"POST /slack/events HTTP/1.1\r\nHost: x\r\n" + lines
    length = b"Content-Length: %d\r\n" % len(body)
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    te = b"Transfer-Encoding: "
    yield "two lengths", head + length + b"Content-Length: 3\r\n\r\n" + body
    yield "length and chunks", head + length + te + b"chunked\r\n\r\n" + chunk
    yield "a negative length", head + b"Content-Length: -1\r\n\r\n" + body
    yield "a length with words", head + b"Content-Length: 3 INTRUDER\r\n\r\n" + body
    yield "an endless length", head + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n" + body
    yield "a length too long", head + b"Content-Length: 999\r\n\r\n" + body
    yield "chunks of no size", head + te + b"chunked\r\n\r\nINTRUDER\r\n" + body
    yield "a negative chunk", head + te + b"chunked\r\n\r\n-5\r\n" + body
    yield "a giant chunk", head + te + b"chunked\r\n\r\n" + b"f" * 40 + b"\r\n" + body
    yield "a chunk without its end", head + te + b"chunked\r\n\r\n3\r\nabcdef"
    yield "chunks that never end", head + te + b"chunked\r\n\r\n3\r\nabc\r\n"
    yield (
        "a chunk's long extension",
        head + te + b"chunked\r\n\r\n3;" + b"x" * 20_000 + b"\r\nabc\r\n0\r\n\r\n",
    )
    yield "endless trailers", head + te + b"chunked\r\n\r\n0\r\n" + b"X: INTRUDER\r\n" * 5_000 + b"\r\n"
    yield "chunked twice", head + te + b"chunked, chunked\r\n\r\n" + chunk
    packed = gzip.compress(body)
    packed = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    yield "another coding", head + te + b"gzip, chunked\r\n\r\n" + packed
    yield "a coding that is none", head + te + b"INTRUDER\r\n\r\n" + chunk
    yield "a hidden coding", head + b"Transfer-Encoding : chunked\r\n\r\n" + chunk
    yield "a folded header", head + b"X-A: a\r\n b\r\n" + te + b"\r\n chunked\r\n\r\n" + chunk
    yield "bare line ends", head.replace(b"\r\n", b"\n") + b"X: INTRUDER\n\n"
    yield "no host", b"POST /slack/events HTTP/1.1\r\n\r\n"
    yield "many headers", b"POST /slack/events HTTP/1.1\r\n" + b"X: INTRUDER\r\n" * 50_000 + b"\r\n"
    yield "a long header", b"POST /slack/events HTTP/1.1\r\nX: " + b"INTRUDER" * 50_000 + b"\r\n\r\n"
    yield "a long name", b"POST /slack/events HTTP/1.1\r\n" + b"INTRUDER" * 50_000 + b": x\r\n\r\n"
    yield "a long path", b"POST /" + b"INTRUDER" * 50_000 + b" HTTP/1.1\r\n\r\n"
    yield "a name with a gap", b"POST /slack/events HTTP/1.1\r\nX INTRUDER: a\r\n\r\n"
    yield "a NUL in a header", b"POST /slack/events HTTP/1.1\r\nX: a\x00INTRUDER\r\n\r\n"
    yield "version 9", b"POST /slack/events HTTP/9.9\r\n\r\n"
    yield "version 2's greeting", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    yield "TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03INTRUDER" + bytes(200)
    yield "SSH", b"SSH-2.0-INTRUDER\r\n"
    yield "only line ends", b"\r\n" * 1000
    yield "nothing", b""
    yield "noise", random.Random(11).randbytes(5_000)
    yield "an upgrade", head + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\nINTRUDER"
    yield "a tunnel", b"CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: x\r\n\r\n"
    yield "another host's", b"GET http://169.254.169.254/latest HTTP/1.1\r\nHost: x\r\n\r\n"
    yield (
        "a smuggled second",
        b"GET /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n",
    )


def test_what_is_hardly_http_is_refused_or_cut_off(door: Door) -> None:
    with door.nothing_comes_of_it():
        found = {name: door.knocks(raw, hangs_up_after=0.3) for name, raw in odd_lines()}
        assert len(found) > 30
        assert not_in({400, 401, 404, 405, None}, found) == {}


def test_other_methods_and_paths_are_not_there(door: Door) -> None:
    body = typed().encode()
    good = {**signed(body), **FORM}
    methods = ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "INTRUDER", "post"]
    paths = [
        "/",
        "/slack",
        "/slack/events/",
        "/slack/events/..",
        "/slack//events",
        "//slack/events",
        "/slack/events;x",
        "/Slack/Events",
        "/slack/events%00",
        "/slack%2fevents/x",
        "/../slack/events",
        "/readyz",
        "/metrics",
        "/admin",
        "/.env",
        "/.git/config",
        "/cgi-bin/INTRUDER",
        "/%ff%fe",
        "/" + quote("☎"),
        "/slack/oauth_redirect?code=INTRUDER",
        "/slack/install",
    ]
    with door.nothing_comes_of_it():
        by_method = answered(door, ((m, request(good, body, method=m)) for m in methods))
        assert not_in({400, 404, 405}, by_method) == {}
        by_path = answered(door, ((p, request(good, body, path=p)) for p in paths))
        assert not_in({400, 404}, by_path) == {}
        life = answered(
            door, ((m, request({}, b"", method=m, path="/healthz")) for m in [*methods[2:], "POST"])
        )
        assert not_in({400, 405}, life) == {}


def test_a_request_that_is_sent_again_acts_once(door: Door) -> None:
    """Somebody who recorded what Slack sent has five minutes; a message that is refused is counted, and told, once."""
    told = {
        "type": "event_callback",
        "team_id": "T0NORTH",
        "api_app_id": "A0ASKDESK",
        "event_id": "Ev0AGAIN",
        "event": {
            "type": "message",
            "channel": "D0ANA",
            "channel_type": "im",
            "user": "U0ANA",
            "text": MARK,
            "ts": "1.000100",
        },
    }
    body = json.dumps(told).encode()
    recorded = request({**signed(body), **JSON}, body)
    before = len(door.done())
    assert door.knocks(recorded) == 200
    until(lambda: len(door.done()) > before or None, about="the refusal is told")
    with door.nothing_comes_of_it():
        found = answered(door, ((str(number), recorded) for number in range(30)))
        assert not_in({200}, found) == {}
    stale = signed(body, ago=301)
    with door.nothing_comes_of_it():
        assert door.knocks(request({**stale, **JSON}, body)) == 401


def test_an_answer_never_leaves_for_an_address_that_is_not_slacks(door: Door) -> None:
    """A command's payload names the address; this one is the intruder's own."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.0)
        click = put(BASES["a click"], ("channel",), {"id": "C0ELSE", "name": "elsewhere"})
        click["response_url"] = f"http://127.0.0.1:{trap.getsockname()[1]}/{MARK}"
        click["trigger_id"] = "1.2.elsewhere"
        body = urlencode({"payload": json.dumps(click)}).encode()
        assert door.knocks(request({**signed(body), **FORM}, body)) == 200
        said = "an answer did not reach its person"
        until(lambda: said in door.process.output or None, about="the answer is not sent")
        with pytest.raises(BlockingIOError):
            trap.accept()
    door.lives()


def test_signed_requests_are_answered_while_strangers_send_the_longest(door: Door) -> None:
    """Bodies of a megabyte, one after the other on several lines; the bot reads none of them."""
    enough = threading.Event()
    found: set[int | None] = set()

    def floods() -> None:
        while not enough.is_set():
            found.add(door.knocks(request(FORM, LONG[0])))

    with door.nothing_comes_of_it():
        crowd = [threading.Thread(target=floods) for _ in range(4)]
        for one in crowd:
            one.start()
        for _ in range(20):
            door.answers()
        enough.set()
        for one in crowd:
            one.join()
        assert found == {401}


def test_all_of_it_was_counted(door: Door) -> None:
    """The operators see it on the inside; not in the log, which nobody outside can fill."""
    _, page = asks(door.inside, "GET", "/metrics")
    for why in ("unsigned", "unreadable", "too large"):
        assert f'askdesk_requests_refused_total{{why="{why}"}}' in page
    assert len(door.process.output.splitlines()) < 200


def test_a_bot_with_few_descriptors_has_some_left_for_slack(tmp_path: Path) -> None:
    """With 256 of them, 300 who send nothing shut nobody out: whoever waits longest makes room."""
    with open_door(tmp_path, limits=["sh", "-c", 'ulimit -n 256; exec "$@"', "sh"]) as door:
        silent = [socket.create_connection(("127.0.0.1", door.port), timeout=60) for _ in range(300)]
        try:
            for _ in range(10):
                door.answers()
            assert asks(door.inside, "GET", "/readyz")[0] == 200
            dropped = until(
                lambda: (n := sum(is_over(line) for line in silent)) >= 236 and n, about="they make room"
            )
            assert dropped <= 300
        finally:
            for line in silent:
                line.close()
        door.slack.person("Ana").types("/escalate", in_="#ask-billing")
        door.slack.person("Ana").modal("Escalate").close()
        door.lives()


def is_over(line: socket.socket) -> bool:
    """Whether the other side has ended a connection."""
    line.setblocking(False)
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
