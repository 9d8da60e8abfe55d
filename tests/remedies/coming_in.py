"""What is done about what comes in: sockets on their bad days, things sent twice, requests that are not Slack's, the
word to stop.
"""

from __future__ import annotations

from tests.remedies import places as at
from tests.remedies.remedy import Fault, Remedy

LOST = f"{at.SOCKETS}test_a_lost_connection_is_replaced_in_time"

SOCKETS = (
    Remedy(
        "refresh-heeded",
        Fault.SOCKET_REFRESHED,
        "a new connection is opened as soon as Slack announces the old one's end",
        "bot/slack/connection.py",
        "self._leaving.set()",
        "self._leaving.clear()",
        (f"{LOST}[refresh-0.5]",),
    ),
    Remedy(
        "old-one-read",
        Fault.SOCKET_REFRESHED,
        "what still comes on the old connection is taken",
        "bot/slack/sockets.py",
        "await connection.ended()",
        "connection.deafen()",
        (f"{at.SOCKETS}test_what_still_comes_on_a_connection_that_is_about_to_close_is_taken",),
    ),
    Remedy(
        "opened-again",
        Fault.SOCKET_CLOSED,
        "a connection that ended is followed by another one",
        "bot/slack/sockets.py",
        "failures = 0 if self._monotonic() - began >= SETTLED_AFTER else failures + 1",
        "return",
        (f"{LOST}[close-0.5]", f"{LOST}[reset-2.0]"),
    ),
    Remedy(
        "growing-pauses",
        Fault.SOCKET_CLOSED,
        "a server that hangs up at once is asked again with growing pauses",
        "bot/slack/sockets.py",
        "began >= SETTLED_AFTER else failures + 1",
        "began >= SETTLED_AFTER else 0",
        (f"{at.SOCKETS}test_a_server_that_says_no_hello_or_hangs_up_is_left_in_peace",),
    ),
    Remedy(
        "two-connections",
        Fault.SOCKET_RESET,
        "a bot has two connections, so that one is left",
        "bot/slack/sockets.py",
        "connections: int = 2",
        "connections: int = 1",
        (f"{at.HTTP}test_in_socket_mode_the_site_is_there_when_it_has_a_port",),
    ),
    Remedy(
        "ack-another-way",
        Fault.SOCKET_RESET,
        "an ack whose connection is gone goes out on another one",
        "bot/slack/sockets.py",
        "*(other for other in self._alive if other is not connection)",
        "",
        (f"{at.SOCKETS}test_an_ack_finds_another_way_when_its_connection_is_gone",),
    ),
    Remedy(
        "pongs-watched",
        Fault.SOCKET_DEAF,
        "a connection whose pong stays out is given up",
        "bot/slack/connection.py",
        "if self._monotonic() - asked < self._pong_within + _STOOD_STILL:",
        "if self._monotonic() < asked:",
        (f"{LOST}[deaf-10.0]", f"{at.SOCKETS}test_a_deaf_connection_is_closed_and_both_work_again"),
    ),
    Remedy(
        "asked-once-more",
        Fault.SOCKET_DEAF,
        "a process that stood still itself asks once more",
        "bot/slack/connection.py",
        "_STOOD_STILL = 1.0",
        "_STOOD_STILL = 1e9",
        (f"{at.SOCKETS}test_a_process_that_stood_still_asks_once_more_before_it_gives_a_connection_up",),
    ),
    Remedy(
        "deaf-not-ready",
        Fault.SOCKET_DEAF,
        "a bot that no connection answers says at /readyz that it is not fit for work",
        "bot/watch/health.py",
        "line.pong_age <= SILENT_AFTER",
        "line.pong_age >= 0",
        (f"{at.HEALTH}test_each_reason_is_told",),
    ),
)

TWICE = (
    Remedy(
        "key-once",
        Fault.SENT_TWICE,
        "a form that comes twice raises one case",
        "storage/statements.py",
        "_insert(t.handled, lite=lite).on_conflict_do_nothing()",
        '_insert(t.handled, lite=lite).on_conflict_do_update(index_elements=["key"], set_={"at": t.handled.c.at})',
        (f"{at.WORK}test_what_arrives_twice_acts_once",),
    ),
    Remedy(
        "click-once",
        Fault.SENT_TWICE,
        "a click that comes twice acts once, and nobody reads about an error",
        "bot/desk/cases.py",
        "    if not work.once(act.key, act.now):\n        return case",
        "    if not work.once(act.key, act.now) and not case:\n        return case",
        (f"{at.DELIVERY}test_what_slack_delivers_twice_acts_once",),
    ),
    Remedy(
        "modal-once",
        Fault.SENT_TWICE,
        "a command that comes twice opens one form, and nobody reads about an error",
        "bot/slack/calls.py",
        '== "exchanged_trigger_id":\n                return None\n            raise\n        return str(opened',
        '== "exchanged_trigger_id":\n                raise\n            raise\n        return str(opened',
        (f"{at.FORM}test_a_command_that_arrives_twice_opens_one_form",),
    ),
    Remedy(
        "refusal-once",
        Fault.SENT_TWICE,
        "a message that Slack sends again is refused, and counted, once",
        "bot/desk/cases.py",
        "    if not work.once(key, now):\n        return False",
        "    work.once(key, now)",
        (f"{at.HTTP}test_an_event_that_slack_sends_again_counts_once",),
    ),
    Remedy(
        "mention-once",
        Fault.SENT_TWICE,
        "a mention that Slack sends again is answered once",
        "bot/listeners/elsewhere.py",
        "Work.once, f\"mention:{body.get('event_id')}\"",
        "Work.once, f\"mention:{body.get('event_id')}{front.clock()}\"",
        (f"{at.HTTP}test_a_mention_that_slack_sends_again_is_answered_once",),
    ),
)

REQUESTS = (
    Remedy(
        "signatures",
        Fault.FORGED,
        "what is not signed by Slack, or was signed long ago, is turned away",
        "bot/slack/bolt.py",
        "request_verification_enabled=by_http",
        "request_verification_enabled=False",
        (
            f"{at.HTTP}test_what_slack_did_not_sign_just_now_is_turned_away[another secret]",
            f"{at.HTTP}test_what_slack_did_not_sign_just_now_is_turned_away[six minutes old]",
        ),
    ),
    Remedy(
        "odd-time",
        Fault.FORGED,
        "a request with a time that is none is turned away, instead of breaking",
        "bot/watch/site.py",
        'if not request.headers.get("X-Slack-Request-Timestamp", "0").isdecimal():',
        'if not request.headers.get("X-Slack-Request-Timestamp", "0"):',
        (f"{at.HTTP}test_what_slack_did_not_sign_just_now_is_turned_away[odd time]",),
    ),
    Remedy(
        "other-workspace",
        Fault.FORGED,
        "what bears another workspace's id, or another app's, does nothing",
        "bot/slack/guard.py",
        'return body.get("api_app_id") != me.app or bool(teams - {me.team, None})',
        "return not teams and me is None",
        (f"{at.REFUSALS}test_a_payload_of_another_workspace_or_app_does_nothing",),
    ),
    Remedy(
        "unreadable-request",
        Fault.UNREADABLE_REQUEST,
        "a request that cannot be read is answered as a bad one",
        "bot/watch/site.py",
        "except (ValueError, LookupError) as error:",
        "except (LookupError) as error:",
        (f"{at.HTTP}test_what_cannot_be_read_is_a_bad_request_not_a_failure",),
    ),
    Remedy(
        "unreadable-envelope",
        Fault.UNREADABLE_REQUEST,
        "a message that is none leaves its connection as it was",
        "bot/slack/connection.py",
        "except ValueError:\n            message = None",
        "except KeyError:\n            message = None",
        (f"{at.SOCKETS}test_a_failing_envelope_leaves_the_connection_as_it_was",),
    ),
)

STOPS = (
    Remedy(
        "running-acked",
        Fault.STOPPED,
        "a stop lets envelopes that are worked on be acknowledged",
        "bot/slack/sockets.py",
        "asyncio.wait(set(self._envelopes), timeout=grace)",
        "asyncio.wait(set(self._envelopes), timeout=0)",
        (f"{at.SOCKETS}test_stopping_takes_nothing_new_and_lets_what_runs_be_acknowledged",),
    ),
    Remedy(
        "nothing-new",
        Fault.STOPPED,
        "a stop takes no new envelope, which Slack then gives to another bot",
        "bot/slack/sockets.py",
        "            connection.deafen()\n        if self._envelopes",
        "            str(connection)\n        if self._envelopes",
        (f"{at.SOCKETS}test_stopping_takes_nothing_new_and_lets_what_runs_be_acknowledged",),
    ),
    Remedy(
        "last-resort",
        Fault.STOPPED,
        "a process that hangs in its stop ends all the same",
        "bot/commands/ending.py",
        "seconds=self._seconds)\n        self.now()",
        "seconds=self._seconds)",
        (f"{at.HANGS}test_a_thread_that_nobody_can_end_ends_with_the_process",),
    ),
    Remedy(
        "beat-given-up",
        Fault.STOPPED,
        "a stop does not wait for a beat that hangs",
        "scheduler/beat.py",
        "async with asyncio.timeout(within), self._one_at_a_time:",
        "async with self._one_at_a_time:",
        (f"{at.BEAT}test_a_beat_that_hangs_holds_no_stop_up",),
    ),
    Remedy(
        "tasks-given-up",
        Fault.STOPPED,
        "a stop does not wait for ever for what runs",
        "scheduler/tasks.py",
        "asyncio.wait(set(self._held), timeout=grace)",
        "asyncio.wait(set(self._held), timeout=grace + 60)",
        (f"{at.TASKS}test_what_does_not_end_in_time_is_cancelled",),
    ),
    Remedy(
        "balancer-told",
        Fault.STOPPED,
        "a stop tells the load balancer first, and still answers what comes meanwhile",
        "bot/wiring.py",
        "await asyncio.sleep(self._pace.drain)",
        "await asyncio.sleep(0)",
        (f"{at.HTTP}test_a_stop_tells_the_load_balancer_first",),
    ),
)

ROWS = (*SOCKETS, *TWICE, *REQUESTS, *STOPS)
