"""What the commands answer, only to who asks: `/callbacks` and `/askdesk`."""

from __future__ import annotations

from tests.journeys.floor import ASK, Floor
from tests.journeys.telling import closes, nothing_happens, number, opens


def asks(desk: Floor, who: str, line: str) -> str:
    """What somebody alone is answered."""
    person = desk.slack.person(who)
    before = len(person.ephemerals(in_=ASK))
    ack = person.types(line, in_=ASK)
    assert ack.acked
    told = person.ephemerals(in_=ASK)[before:]
    assert len(told) == 1
    return told[0].text


def test_callbacks_lists_the_calls_that_wait(desk: Floor) -> None:
    """Mine, due within the hour, overdue, all; the soonest first, each with the link to its card."""
    for which in ("", " mine", " due", " overdue", " all"):
        assert "1." not in asks(desk, "Ben", f"/callbacks{which}")
    numbers = {"Soon": "+1 212 555 0101", "Later": "+1 212 555 0102", "Late": "+1 212 555 0103"}
    cards = {
        name: desk.escalates(minutes=minutes, Customer=name, **number(numbers[name]))
        for name, minutes in (("Later", 300), ("Soon", 70), ("Late", 10))
    }
    desk.ben.clicks("Claim", on=cards["Late"])
    desk.ben.clicks("Claim", on=cards["Later"])
    cards["Later"].becomes("With @Ben")
    desk.clock.passes(minutes=26)
    cards["Late"].becomes("Overdue")

    everything = asks(desk, "Tess", "/callbacks all")
    assert "All open cases: 3" in everything
    places = [everything.index(name) for name in ("Case 3 · Late", "Case 2 · Soon", "Case 1 · Later")]
    assert places == sorted(places)
    assert "overdue" in everything
    assert "nobody has claimed it for" in everything

    assert "Overdue: 1" in asks(desk, "Tess", "/callbacks overdue")
    due = asks(desk, "Tess", "/callbacks DUE")
    assert "Due within the hour: 2" in due
    assert "Later" not in due
    assert "Your cases: 2" in asks(desk, "Ben", "/callbacks")
    assert "Your cases: 3" in asks(desk, "Ana", "/callbacks mine")
    assert "You have no open cases" in asks(desk, "Tess", "/callbacks")
    assert "Askdesk doesn't know “yesterday”" in asks(desk, "Tess", "/callbacks yesterday")

    closes(desk, cards["Later"])
    assert "All open cases: 2" in asks(desk, "Tess", "/callbacks all")


def test_askdesk_shows_a_case_with_its_history(desk: Floor) -> None:
    """To anybody in the program, without the full number; a number that is none gets a sentence."""
    card = desk.claimed()
    assert opens(desk.ana, "Add note", on=card).submit({"Note": "She moved to Boston."}).closed
    desk.ben.sees("She moved to Boston.", in_=card)
    desk.ana.is_told("Case 1", in_=ASK)
    with nothing_happens(desk, card):
        shown = asks(desk, "Arjun", "/askdesk show 1")
        assert "Case 1 · Jane Doe" in shown
        places = [shown.index(what) for what in ("raised case 1", "claimed case 1", "She moved to Boston.")]
        assert places == sorted(places)
        assert "••• ••• 0132" in shown
        assert "555 0132" not in shown
        assert "There is no case 99 here" in asks(desk, "Arjun", "/askdesk show 99")
        for line in ("/askdesk show", "/askdesk show one", "/askdesk show ²", "/askdesk dance"):
            assert "Askdesk doesn't know" in asks(desk, "Arjun", line)
    assert desk.ben.ephemerals(in_=ASK) == []


def test_askdesk_helps_and_coaches(desk: Floor) -> None:
    """Help is the answer to nothing as well; the tips are the ten steps."""
    for line in ("/askdesk", "/askdesk help", "/askdesk HELP"):
        told = asks(desk, "Ana", line)
        assert "/escalate" in told
        assert "Nobody can decline a case." in told
    tips = asks(desk, "Ana", "/askdesk tips")
    assert "1. Listened without interrupting" in tips
    assert "10. Gave a realistic time" in tips
