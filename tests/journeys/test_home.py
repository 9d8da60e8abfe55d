"""App Home: whoever opens it reads where to ask and what waits for them, and nothing of anybody else's."""

from __future__ import annotations

import json
from dataclasses import replace

from structlog.testing import capture_logs

from bot.environment.manifest import manifest
from sandbox import Seed
from sandbox.driver import Home, Person
from sandbox.seed import contact_centre
from storage.store import Store
from storage.writing.programs import save_program
from tests.journeys.floor import ASK, PACE, Floor
from tests.journeys.telling import closes, number, opens, record, refusals, tries_in_vain
from tests.patient import patient

PUBLISH = "views.publish"


def looks(desk: Floor, who: Person) -> Home:
    """Somebody opens their Home; as it stands once the bot has published it for this opening."""

    def published() -> int:
        """For this person: others' Homes follow what changes."""
        return sum(call["payload"].get("user_id") == who.id for call in desk.slack.calls(PUBLISH))

    before = published()
    home = who.opens_home()
    desk.slack.eventually(lambda: published() > before or None, about="their Home is published")
    return home


def test_home_tells_what_waits_for_whoever_opens_it(desk: Floor) -> None:
    """Ben what he has to call, the overdue first; Ana how the cases stand that she raised; each anew on opening."""
    assert "Nothing is waiting for you." in looks(desk, desk.ana).text
    later = desk.claimed(minutes=300, Customer="Later", **number("+1 212 555 0101"))
    late = desk.claimed(minutes=10, Customer="Late", **number("+1 212 555 0102"))
    desk.escalates(minutes=70, Customer="Soon", **number("+1 212 555 0103"))
    desk.clock.passes(minutes=26)
    late = late.becomes("Overdue")

    bens = looks(desk, desk.ben)
    assert "Your callbacks: 2" in bens.text
    assert bens.text.index("Case 2 · Late") < bens.text.index("Case 1 · Later")
    assert bens.text.count("overdue, was due 16 min ago") == 1
    assert "Nobody has claimed: 1" in bens.text
    assert bens.text.index("Case 1 · Later") < bens.text.index("Case 3 · Soon")
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
    desk.ana.is_told("Case 1", in_=ASK)
    for who in (desk.ben, desk.ana):
        who.types("/callbacks mine", in_=ASK)
        (line,) = who.ephemerals(in_=ASK)[-1].text.splitlines()[1:]
        assert line.removeprefix("• ") in looks(desk, who).text.splitlines()


def test_whoever_has_no_part_in_a_case_reads_only_where_to_ask(desk: Floor) -> None:
    """Another agent, somebody outside the program, a guest of another workspace. To look is no attempt."""
    stella = desk.slack.add_person("Stella Stranger", channels=[ASK], team_id="T0ELSE")
    desk.claimed(Customer="Zebulon Quarks")
    for who in (desk.arjun, desk.otto, stella):
        text = looks(desk, who).text
        assert f"{ASK} · Billing" in text
        assert "Nothing is waiting for you." in text
        assert "Billing right now" not in text
        assert all(command in text for command in ("/escalate", "/callbacks", "/askdesk"))
        assert "Quarks" not in text
        assert "Case 1" not in text
    assert refusals(desk) == 0


def test_a_case_that_changes_hands_changes_homes(desk: Floor) -> None:
    """What Ben handed over is Tess's to call."""
    card = desk.claimed()
    assert "Your callbacks: 1" in looks(desk, desk.ben).text
    assert opens(desk.ben, "Hand over", on=card).submit({"Hand over to": "Tess Lim"}).closed
    desk.tess.sees("handed", in_=card)
    assert "Your callbacks" not in looks(desk, desk.ben).text
    assert "Case 1 · Jane Doe" in looks(desk, desk.tess).text


def test_a_home_that_slack_does_not_take_is_in_the_log_and_the_desk_goes_on(desk: Floor) -> None:
    """With a reference; the next opening is as good as any."""
    with capture_logs() as logs:
        desk.slack.faults.add("error", PUBLISH)
        looks(desk, desk.ana)
        assert "Nothing is waiting for you." in looks(desk, desk.ana).text
        desk.escalates()
        desk.closes()
    failures = [entry for entry in logs if entry["event"] == "something failed"]
    assert [(entry["doing"], bool(entry["reference"])) for entry in failures] == [("publish a Home", True)]
    assert not [entry for entry in logs if entry["event"] == "a background task failed"]


def test_what_is_meant_for_another_app_tells_nothing(sqlite_url: str) -> None:
    """The payloads bear an app's id that is not the one of the bot's token."""
    centre = contact_centre()
    centre["apps"][0] |= {"id": "A0OTHER", "manifest": manifest()}
    with patient(Seed(config=centre)) as sandbox:
        desk = Floor(sandbox, sqlite_url, PACE)
        desk.opens()
        try:
            text = looks(desk, desk.ana).text
        finally:
            desk.closes()
    assert text == "Askdesk works only for the people of the workspace that runs it. " + (
        "Ask your contact there to raise the case."
    )


def until(desk: Floor, who: Person, saying: str) -> Home:
    """Somebody's Home once it says something, without their opening it again."""
    return desk.slack.eventually(
        lambda: here if saying in (here := who.home()).text else None,
        about=f"{saying!r} in the Home of {who.name}",
    )


def test_a_home_follows_what_changes_while_it_is_looked_at(desk: Floor) -> None:
    """Nobody opens anything again; who has not opened theirs gets none."""
    looks(desk, desk.ben)
    looks(desk, desk.ana)
    desk.escalates(minutes=10)
    until(desk, desk.ben, "Nobody has claimed: 1")
    bens = until(desk, desk.ana, "Your escalations: 1") and desk.ben.home()
    assert desk.ben.clicks("Claim", on=bens).acked
    until(desk, desk.ben, "Your callbacks: 1")
    until(desk, desk.ana, "with @Ben Carter")
    desk.clock.passes(minutes=26)
    desk.escalates(minutes=60, Customer="Another", **number("+1 212 555 0177"))
    until(desk, desk.ben, "overdue")
    assert {call["payload"]["user_id"] for call in desk.slack.calls(PUBLISH)} == {desk.ben.id, desk.ana.id}


def test_a_case_is_called_and_completed_without_leaving_home(desk: Floor) -> None:
    """The same buttons as on the card, for those whose they are; what cannot be done is said over the Home."""
    desk.escalates()
    desk.ben.clicks("Claim", on=looks(desk, desk.ben))
    desk.ben.clicks("Calling now", on=until(desk, desk.ben, "Your callbacks: 1"))
    stale = until(desk, desk.ben, "1 on a call")
    assert stale.buttons()[0] == "Complete"
    desk.ben.clicks("Complete", on=stale)
    modal = desk.ben.modal("Complete")
    assert modal.submit({"Outcome": "Resolved", "Notes": "Refunded the second charge, she agreed."}).closed
    until(desk, desk.ben, "0 open")
    assert [kind for _, kind, _ in record(desk)] == ["raised", "claimed", "calling", "closed"]
    assert refusals(desk) == 0


def test_what_cannot_be_done_now_is_said_over_the_home(desk: Floor) -> None:
    """There is nowhere to whisper: Tess reads in a modal why she cannot take over what Ben has only just claimed."""
    card = desk.escalates(minutes=10)
    desk.clock.passes(minutes=26)
    desk.ben.clicks("Claim", on=card)
    desk.ana.sees("claimed", in_=card)
    desk.tess.clicks("Take over", on=looks(desk, desk.tess))
    assert "@Ben Carter, who has only just got it" in desk.tess.modal().text


def test_home_offers_nothing_that_a_click_would_refuse(desk: Floor) -> None:
    """The promise does not move under a call: neither does Ana's Home offer it."""
    card = desk.claimed()
    assert "Reschedule" in looks(desk, desk.ana).buttons()
    desk.ben.clicks("Calling now", on=card)
    desk.ben.sees("calling now", in_=card)
    home = looks(desk, desk.ana)
    assert "Reschedule" not in home.buttons()
    assert home.overflow() == ["Add note"]


def test_a_manager_signs_off_from_home_and_sees_what_was_kept(desk: Floor) -> None:
    tries_in_vain(desk, desk.claimed(minutes=5))
    mias = looks(desk, desk.mia)
    assert "Waiting for your decision: 1" in mias.text
    assert "Being chased: 1" in mias.text
    desk.mia.clicks("Sign off unreachable", on=mias)
    modal = desk.mia.modal("Sign off unreachable")
    assert modal.submit({"Notes": "Three attempts on two days; a letter was sent."}).closed
    until(desk, desk.mia, "Nothing is overdue")
    assert "Promises kept: today" in desk.mia.home().text


def test_a_manager_of_several_programs_chooses_which_desk_to_look_at(desk: Floor) -> None:
    """The choice stays while the Home is followed."""
    desk.closes()
    store = Store.at(desk.database)
    try:
        (billing,) = store.ask_now(lambda reading: reading.programs())
        sales = replace(billing, id=0, channel="C0ASKCARE", name="Care")
        store.write_now(lambda unit: save_program(unit, sales))
    finally:
        store.close()
    desk.opens()
    desk.escalates()
    mias = looks(desk, desk.mia)
    assert "Billing right now" in mias.text
    assert desk.mia.chooses("Care", in_field="choose_program", on=mias).acked
    until(desk, desk.mia, "Care right now")
    desk.escalates(Customer="Another", **number("+1 212 555 0177"))
    until(desk, desk.mia, "Care right now")
    assert "Nobody has claimed:" not in desk.mia.home().text


def test_many_changes_at_once_are_drawn_once(desk: Floor) -> None:
    """Slack takes about a hundred Homes a minute: what happens in between is one of them."""
    looks(desk, desk.ben)
    before = len(desk.slack.calls(PUBLISH))
    card = desk.escalates()
    for turn in range(8):
        desk.ana.types(f"/callbacks {('all', 'due')[turn % 2]}", in_=ASK)
        opens(desk.ana, "Add note", on=card).submit({"Note": f"Word {turn} from the customer."})
    until(desk, desk.ben, "Nobody has claimed: 1")
    desk.slack.settles()
    assert len(desk.slack.calls(PUBLISH)) - before <= 4


def test_a_home_that_slack_lets_wait_is_drawn_when_it_may_be(desk: Floor) -> None:
    """A rate limit while a Home is followed: nothing is lost, and nobody reads of it."""
    looks(desk, desk.ben)
    desk.slack.faults.add("ratelimited", PUBLISH, retry_after=1)
    desk.escalates()
    until(desk, desk.ben, "Nobody has claimed: 1")
    assert not desk.ben.modals()
