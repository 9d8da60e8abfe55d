"""App Home: whoever opens it reads where to ask and what waits for them, and nothing of anybody else's."""

from __future__ import annotations

import json

from structlog.testing import capture_logs

from bot.demo import manifest
from bot.wiring import Pace
from sandbox import SandboxThread, Seed
from sandbox.driver import Home, Person
from sandbox.seed import contact_centre
from tests.journeys.floor import ASK, PATIENT, Floor
from tests.journeys.telling import closes, number, opens, refusals

PUBLISH = "views.publish"


def looks(desk: Floor, who: Person) -> Home:
    """Somebody opens their Home; as it stands once the bot has published it for this opening."""
    before = len(desk.slack.calls(PUBLISH))
    home = who.opens_home()
    desk.slack.eventually(
        lambda: desk.slack.calls(PUBLISH)[before:] or None, about="a Home is published", within=PATIENT
    )
    return home


def test_home_tells_what_waits_for_whoever_opens_it(desk: Floor) -> None:
    """Ben what he has to call, the overdue first; Ana how the cases stand that she raised; each anew on opening."""
    assert "Nothing waits for you." in looks(desk, desk.ana).text
    later = desk.claimed(minutes=300, Customer="Later", **number("+1 212 555 0101"))
    late = desk.claimed(minutes=10, Customer="Late", **number("+1 212 555 0102"))
    desk.escalates(minutes=70, Customer="Soon", **number("+1 212 555 0103"))
    desk.clock.passes(minutes=26)
    late = late.becomes("Overdue", within=PATIENT)

    bens = looks(desk, desk.ben)
    assert "Your callbacks: 2" in bens.text
    assert bens.text.index("Case 2 · Late") < bens.text.index("Case 1 · Later")
    assert bens.text.count("overdue, was to be called 16 min ago") == 1
    assert "Soon" not in bens.text
    assert "Your escalations" not in bens.text
    for card in (late, later):
        assert f"/archives/C0ASKBILL/p{card.ts.replace('.', '')}" in json.dumps(bens.raw)

    anas = looks(desk, desk.ana)
    assert "Your escalations: 3" in anas.text
    assert "Your callbacks" not in anas.text
    assert anas.text.count("with @Ben Carter") == 2
    assert anas.text.count("nobody has claimed it for") == 1
    assert "Nothing waits" not in anas.text
    assert "555" not in anas.text.partition("What to type")[0]

    closes(desk, late)
    left = looks(desk, desk.ben).text
    assert "Your callbacks: 1" in left
    assert "Case 2" not in left
    assert "Your escalations: 2" in looks(desk, desk.ana).text


def test_home_lists_what_the_command_lists(desk: Floor) -> None:
    """Line by line: there is one way to list a case."""
    desk.claimed(minutes=30)
    desk.ana.is_told("Case 1", in_=ASK, within=PATIENT)
    for who in (desk.ben, desk.ana):
        who.types("/callbacks mine", in_=ASK)
        (line,) = who.ephemerals(in_=ASK)[-1].text.splitlines()[1:]
        assert line in looks(desk, who).text.splitlines()


def test_whoever_has_no_part_in_a_case_reads_only_where_to_ask(desk: Floor) -> None:
    """Another team lead, somebody outside the program, a guest of another workspace. To look is no attempt."""
    stella = desk.slack.add_person("Stella Stranger", channels=[ASK], team_id="T0ELSE")
    desk.claimed(Customer="Zebulon Quarks")
    for who in (desk.tess, desk.otto, stella):
        text = looks(desk, who).text
        assert f"{ASK} · Billing" in text
        assert "Nothing waits for you." in text
        assert all(command in text for command in ("/escalate", "/callbacks", "/askdesk"))
        assert "Quarks" not in text
        assert "Case 1" not in text
    assert refusals(desk) == 0


def test_a_case_that_changes_hands_changes_homes(desk: Floor) -> None:
    """What Ben handed over is Tess's to call."""
    card = desk.claimed()
    assert "Your callbacks: 1" in looks(desk, desk.ben).text
    assert opens(desk.ben, "Hand over", on=card).submit({"Hand over to": "Tess Lim"}).closed
    desk.tess.sees("handed", in_=card, within=PATIENT)
    assert "Nothing waits for you." in looks(desk, desk.ben).text
    assert "Case 1 · Jane Doe" in looks(desk, desk.tess).text


def test_a_home_that_slack_does_not_take_is_in_the_log_and_the_desk_goes_on(desk: Floor) -> None:
    """With a reference; the next opening is as good as any."""
    with capture_logs() as logs:
        desk.slack.faults.add("error", PUBLISH)
        looks(desk, desk.ana)
        assert "Nothing waits for you." in looks(desk, desk.ana).text
        desk.escalates()
        desk.closes()
    failures = [entry for entry in logs if entry["event"] == "something failed"]
    assert [(entry["doing"], bool(entry["reference"])) for entry in failures] == [("publish a Home", True)]
    assert not [entry for entry in logs if entry["event"] == "a background task failed"]


def test_what_is_meant_for_another_app_tells_nothing(sqlite_url: str) -> None:
    """The payloads bear an app's id that is not the one of the bot's token."""
    centre = contact_centre()
    centre["apps"][0] |= {"id": "A0OTHER", "manifest": manifest()}
    with SandboxThread(Seed(config=centre), limits=False) as sandbox:
        desk = Floor(sandbox, sqlite_url, Pace(beat=0.05, post=0.0))
        desk.opens()
        try:
            text = looks(desk, desk.ana).text
        finally:
            desk.closes()
    assert text == "Askdesk works only for the people of the workspace that runs it. " + (
        "Ask your contact there to raise the case."
    )
