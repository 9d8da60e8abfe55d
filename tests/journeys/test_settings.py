"""`/askdesk settings`: a manager changes the program in Slack, and it counts at once (docs/policy.md, *Programs*)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.driver import Modal, Person
from tests.chaos.running import until
from tests.journeys.floor import ASK, Floor
from tests.journeys.telling import nothing_happens, number, record, set_up
from tests.journeys.test_form import filled, form_of
from tests.journeys.test_pings import ping

EVERY_DAY = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
NIGHT: dict[str, Any] = {
    "Shift's name": "Night",
    "Begins on": EVERY_DAY,
    "Begins at": "22:00",
    "Ends at": "06:00",
    "User groups": ["billing-tls"],
}
UNCLAIMED = "Unclaimed: remind after (minutes)"
HEADS_UP = "Heads-up before the agreed time (minutes)"


def settings(who: Person, channel: str = ASK) -> Modal:
    """The overview; whatever was open is closed."""
    for modal in who.modals()[:1]:
        modal.close_all()
    assert who.types("/askdesk settings", in_=channel).acked
    return ready(who, "Settings")


def section(who: Person, title: str, adds: str | None = None, channel: str = ASK) -> Modal:
    """A section's form, or the form of a new entry of its list."""
    settings(who, channel).click("Edit", near=title)
    modal = ready(who, title)
    if adds is None:
        return modal
    modal.click(f"Add a {adds}")
    return ready(who, f"New {adds}")


def ready(who: Person, title: str) -> Modal:
    """A modal as soon as it is there: on a busy machine a light one comes first."""
    modal = who.modal(title)
    return until(lambda: None if "Just a moment" in modal.text else modal, about=title)


# Every section, changed and in effect


def _names(desk: Floor) -> None:
    """A number without a country code is British now, the customer's zone London."""
    form = form_of(desk.ana)
    assert form.value("Time zone").endswith("Europe/London")
    form.close()
    card = desk.escalates(None, **number("020 7946 0018"))
    desk.mia.clicks("Claim", on=card)
    card = card.becomes("With @Mia Grant")
    desk.mia.clicks("Show number", on=card)
    assert "+44 20 7946 0018" in ready(desk.mia, "Show number").text


def _people(desk: Floor) -> None:
    """Arjun, an agent until now, may claim."""
    card = desk.escalates()
    desk.arjun.clicks("Claim", on=card)
    desk.ana.sees("Arjun Mehta claimed", in_=card)


def _departments(desk: Floor) -> None:
    """The form offers it, and its people are called."""
    card = desk.escalates(minutes=300, Department="IT")
    assert ping(desk, card, "Nobody has claimed", minutes=3).mentions() == {"S0SMES"}


def _offer(desk: Floor) -> None:
    form = form_of(desk.ana)
    assert form.options("Reasons") == ["Billing dispute", "Other"]
    assert form.options("De-escalation tried") == ["Apologised"]


def _promises(desk: Floor) -> None:
    """The day after tomorrow is too far ahead."""
    form = form_of(desk.ana)
    refused = form.submit(filled(desk, form, minutes=60 * 48))
    assert "Choose a time up to Tue 24 Nov" in refused.errors["Callback date"]


def _ladder(desk: Floor) -> None:
    """A case that waited already is asked about after two minutes, not after three."""
    (card,) = [message for message in desk.ben.messages(in_=ASK) if message.buttons()]
    assert ping(desk, card, "Nobody has claimed", minutes=2).mentions() == {"S0SMES"}


def _hours(desk: Floor) -> None:
    """No calls on this Monday: the form proposes Tuesday."""
    form = form_of(desk.ana)
    form.submit(filled(desk, form))
    form.shows("next free")
    assert form.value("Callback date") == "2026-11-24"


def _shifts(desk: Floor) -> None:
    """It is night at the site: Sam, an SME, is off shift, and the TLs are called with him."""
    card = desk.claimed(desk.sam, minutes=20)
    assert ping(desk, card, "needs a call", minutes=5).mentions() == {"U0SAM", "S0TLS"}


def _posts(desk: Floor) -> None:
    """It is five past one at the site."""
    desk.clock.passes(minutes=26)
    desk.ben.sees("1 open case in all", in_=ASK)


SECTIONS: dict[str, tuple[str | None, dict[str, Any], str, Callable[[Floor], None]]] = {
    "Name and zones": (
        None,
        {"Name": "Refunds", "The customers' time zone": "europe/london", "Country of phone numbers": "gb"},
        "Name: Billing → Refunds",
        _names,
    ),
    "Who is who": (None, {"TLs: people": ["Arjun"]}, "TLs: people: added @Arjun Mehta", _people),
    "Departments": (
        "department",
        {"Department's name": "IT", "User groups": ["billing-smes"]},
        "Department “IT”: added",
        _departments,
    ),
    "Reasons and steps": (
        None,
        {
            "Reasons that the form offers": ["Other", "Billing dispute"],
            "De-escalation steps that the form offers": ["Apologised"],
        },
        "Reason “Long wait”: on → off",
        _offer,
    ),
    "Promises and attempts": (
        None,
        {"Promises ahead, at most (days)": "1"},
        "Promises ahead, at most (days): 7 → 1",
        _promises,
    ),
    "Reminders": (None, {UNCLAIMED: "2 5"}, f"{UNCLAIMED}: 3, 7, 15 → 2, 5", _ladder),
    "Hours and holidays": (None, {"Monday": "closed"}, "Monday: 08:00–21:00 → closed", _hours),
    "Shifts": ("shift", NIGHT, "Shift “Night”: none → every day 22:00–06:00", _shifts),
    "Posts and retention": (None, {"Daily digest at": "1:30"}, "Daily digest at: 08:00 → 01:30", _posts),
}


@pytest.mark.parametrize("title", SECTIONS)
def test_a_section_is_changed_and_counts_at_once(desk: Floor, title: str) -> None:
    """The form closes, the overview shows what stands now, the channel reads who changed what, and it is so."""
    adds, entries, told, takes_effect = SECTIONS[title]
    if title in ("Reminders", "Posts and retention"):
        desk.escalates(minutes=300)
    form = section(desk.mia, title, adds)
    result = form.submit(entries)
    assert result.closed, result
    line = desk.ben.sees("changed the settings", in_=ASK)
    assert line.text.startswith("Mia Grant changed")
    assert told in line.text.replace("*", "")
    assert line.mentions() <= {"U0MIA", "U0ARJUN"}
    assert [modal.title for modal in desk.mia.modals()] == ["Settings", *([title] if adds else [])]
    takes_effect(desk)


def test_the_overview_and_the_lists_follow(desk: Floor) -> None:
    """Each is drawn anew when what lies upon it was saved; a shift that is taken out is asked about first."""
    form = section(desk.mia, "Shifts", "shift")
    overview, listed, _ = desk.mia.modals()
    assert form.submit(NIGHT).closed
    listed.shows("Night")
    overview.shows("Night every day 22:00–06:00")
    listed.click("Edit")
    form = ready(desk.mia, "Shift")
    assert form.value("Begins on") == EVERY_DAY
    assert form.submit({"Shift's name": "Graveyard", "Ends at": "07:00"}).closed
    listed.shows("Graveyard")
    assert listed.confirmation("Remove") == "Remove this shift?: Graveyard: Its handover post stops as well."
    listed.click("Remove")
    listed.shows("There are no shifts")
    overview.shows("Shifts\nnone")
    assert [kind for _, kind, _ in record(desk)] == ["settings_changed"] * 3


def test_the_programs_languages_are_offered_first(desk: Floor) -> None:
    """They are chosen by typing, and taken out again; all others stay there for whoever types."""
    form = section(desk.mia, "Reasons and steps")
    languages = "Languages that the form offers first"
    assert form.submit({languages: ["Spanish", "Tagalog"]}).closed
    assert f"{languages}: none → Spanish, Tagalog" in desk.ben.sees("changed the settings", in_=ASK).text
    assert section(desk.mia, "Reasons and steps").value(languages) == ["Spanish", "Tagalog"]
    asked = form_of(desk.ana)
    assert [option["value"] for option in asked.looks_up("Language", "")][:2] == ["es", "tl"]
    assert next(option["value"] for option in asked.looks_up("Language", "german")) == "de"
    asked.close()
    form = section(desk.mia, "Reasons and steps")
    assert form.submit({languages: []}).closed
    assert f"{languages}: Spanish, Tagalog → none" in desk.ben.sees("Tagalog → none", in_=ASK).text
    assert "es" not in [option["value"] for option in form_of(desk.ana).looks_up("Language", "")][:2]


# Who may, and what is wrong


@pytest.mark.parametrize("name", ["Ana", "Sam", "Ben"])
def test_everybody_else_reads_who_may(desk: Floor, name: str) -> None:
    """An agent, an SME, a TL: one sentence that only they see."""
    who = desk.slack.person(name)
    ack = who.types("/askdesk settings", in_=ASK)
    assert ack.ephemeral is not None
    told = who.is_told("Only the managers of Billing can change its settings", in_=ASK)
    assert "@billing-managers" in told.text
    assert not who.modals()
    assert record(desk) == []


def test_who_is_a_manager_no_more_cannot_save(desk: Floor) -> None:
    """The form was open when it changed."""
    form = section(desk.mia, "Reminders")
    desk.slack.set_usergroup("billing-managers", ["Tess"])
    desk.slack.settles()
    form.submit({UNCLAIMED: "2"})
    form.shows("Only the managers of Billing can change its settings")
    assert record(desk) == []


WRONG: dict[str, tuple[str, str | None, dict[str, Any], dict[str, str]]] = {
    "overlapping shifts": (
        "Shifts",
        "shift",
        {**NIGHT, "Shift's name": "Late", "Begins at": "21:00", "Ends at": "23:00"},
        {"Begins at": "It overlaps with “Night” (every day 22:00–06:00)."},
    ),
    "an empty ladder": (
        "Reminders",
        None,
        {UNCLAIMED: ",", HEADS_UP: "30"},
        {UNCLAIMED: "Enter at least one number of minutes"},
    ),
    "a group without members": (
        "Who is who",
        None,
        {"SMEs: user groups": ["empty-ones"], "TLs: people": ["Arjun"]},
        {"SMEs: user groups": "Nobody is in @empty-ones."},
    ),
    "a zone that doesn't exist": (
        "Name and zones",
        None,
        {"Name": "Refunds", "The site's time zone": "Manila", "Country of phone numbers": "UK"},
        {
            "The site's time zone": "Did you mean Asia/Manila?",
            "Country of phone numbers": "Great Britain is GB.",
        },
    ),
    "hours that end before they begin": (
        "Hours and holidays",
        None,
        {"Monday": "21:00–08:00", "Tuesday": "8-8", "Own days without calls": "Christmas"},
        {
            "Monday": "end before they begin",
            "Tuesday": "end before they begin",
            "Own days without calls": "Line 1: enter a date",
        },
    ),
    "no day with calls": (
        "Hours and holidays",
        None,
        dict.fromkeys(EVERY_DAY, "closed"),
        {"Monday": "Leave at least one day open"},
    ),
}


def test_each_mistake_is_named_at_its_place_and_nothing_is_applied(desk: Floor) -> None:
    """Of a form with one mistake nothing counts; mended it does."""
    desk.slack.add_usergroup("empty-ones", [])
    assert section(desk.mia, "Shifts", "shift").submit(NIGHT).closed
    before = record(desk)
    for title, adds, entries, wrong in WRONG.values():
        form = section(desk.mia, title, adds)
        result = form.submit(entries)
        assert set(result.errors) == set(wrong), (title, result)
        for label, sentence in wrong.items():
            assert sentence in result.errors[label]
        assert record(desk) == before
    assert form.submit({"Sunday": "10-18"}).closed
    assert len(record(desk)) == len(before) + 1


# Two at once, and Slack away


def test_two_managers_edit_the_same_section(desk: Floor) -> None:
    """What only one of them touched stays as they left it; where both did, the second sees it, and decides."""
    desk.slack.set_usergroup("billing-managers", ["Mia", "Tess"])
    desk.slack.settles()
    mias, tesss = section(desk.mia, "Reminders"), section(desk.tess, "Reminders")
    assert mias.submit({UNCLAIMED: "2, 5", HEADS_UP: "30"}).closed
    result = tesss.submit({UNCLAIMED: "4", "A call keeps reminders quiet for (minutes)": "45"})
    assert not result.closed
    tesss.shows("is now “2, 5”")
    assert tesss.value(UNCLAIMED) == "4"
    assert tesss.value(HEADS_UP) == "30"
    assert tesss.value("A call keeps reminders quiet for (minutes)") == "45"
    assert len(record(desk)) == 1
    assert tesss.submit().closed
    line = desk.ben.sees("Tess Lim changed the settings", in_=ASK)
    told = line.text.replace("*", "")
    assert f"{UNCLAIMED}: 2, 5 → 4" in told
    assert "quiet for (minutes): 30 → 45" in told
    assert HEADS_UP not in told


def test_an_edit_while_slack_takes_no_message(desk: Floor) -> None:
    """It counts at once; the line comes when Slack is back, once, and what came first is told first."""
    card = desk.escalates(minutes=300)
    with (
        desk.slack.faults.during("http_500", "chat.postMessage"),
        desk.slack.faults.during("reset", "views.update"),
    ):
        assert section(desk.mia, "Reminders").submit({UNCLAIMED: "2, 5"}).closed
        assert section(desk.mia, "Reminders").submit({UNCLAIMED: "2, 6"}).closed
        desk.ben.sees_no("changed the settings", in_=ASK)
    desk.ben.sees("2, 5 → 2, 6", in_=ASK)
    told = [
        message.text
        for message in desk.slack.channel(ASK).messages()
        if "changed the settings" in message.text
    ]
    assert ["3, 7, 15 → 2, 5" in told[0], "2, 5 → 2, 6" in told[1], len(told)] == [True, True, 2]
    ping(desk, card, "Nobody has claimed", minutes=2)


# User groups


def test_a_user_group_that_cannot_be_read(desk: Floor) -> None:
    """Chosen anew it is told at its field; one that stands keeps its last good list, and nobody loses their role."""
    desk.slack.add_usergroup("night-tls", ["Arjun"])
    desk.slack.set_usergroup("billing-managers", ["Mia", "Tess"])
    desk.slack.settles()
    form = section(desk.tess, "Who is who")
    with desk.slack.faults.during("error", "usergroups.users.list", error="internal_error"):
        refused = form.submit({"TLs: user groups": ["billing-tls", "night-tls"], "SMEs: people": ["Amy"]})
        assert set(refused.errors) == {"TLs: user groups"}
        assert "Slack cannot tell who is in @night-tls" in refused.errors["TLs: user groups"]
        desk.slack.set_usergroup("billing-tls", ["Tess"])
        desk.slack.settles()
        card = desk.escalates()
        desk.ben.clicks("Claim", on=card)
        desk.ana.sees("Ben Carter claimed", in_=card)
        assert section(desk.mia, "Reminders").submit({UNCLAIMED: "2"}).closed
    assert form.submit().closed
    line = desk.ben.sees("TLs: user groups", in_=ASK)
    assert "@billing-tls → @billing-tls, @night-tls" in line.text
    assert "added @Amy Cole" in line.text
    other = desk.escalates(None, Customer="Joe Poe", **number("+1 212 555 0199"))
    desk.arjun.clicks("Claim", on=other)
    desk.ana.sees("Arjun Mehta claimed", in_=other)


def test_a_user_group_that_takes_too_long_to_read(hurried: Floor) -> None:
    """The form is answered in time, at the field; nothing was applied."""
    form = section(hurried.mia, "Departments", "department")
    with hurried.slack.faults.during("slow", "usergroups.users.list", delay=4.0):
        refused = form.submit({"Department's name": "IT", "User groups": ["billing-smes"]})
    assert refused.acked
    assert "please try again" in refused.errors["User groups"]
    assert record(hurried) == []
    assert form.submit().closed


def test_user_groups_are_found_by_what_is_typed(desk: Floor) -> None:
    """By a part of the handle or the name, without minding case; nobody but managers is offered any."""
    form = section(desk.mia, "Who is who")

    def offered(text: str) -> list[str]:
        return [option["text"]["text"] for option in form.looks_up("SMEs: user groups", text)]

    assert offered("") == [
        "@billing-managers · Billing managers",
        "@billing-smes · Billing SMEs",
        "@billing-tls · Billing TLs",
    ]
    assert offered("@BILLING-T") == ["@billing-tls · Billing TLs"]
    assert offered("smes") == ["@billing-smes · Billing SMEs"]
    assert offered("nobody") == []
    desk.slack.set_usergroup("billing-managers", ["Tess"])
    desk.slack.settles()
    assert offered("") == []


def test_people_in_place_of_groups(desk: Floor) -> None:
    """A workspace without user groups names everybody one by one."""
    set_up(
        desk, sme_groups=(), tl_groups=(), sme_users=("U0SAM",), manager_users=("U0MIA",), manager_groups=()
    )
    form = section(desk.mia, "Who is who")
    refused = form.submit({"SMEs: people": None})
    assert "nobody could claim" in refused.errors["SMEs: user groups"]
    assert form.submit({"SMEs: people": ["Sia"]}).closed
    card = desk.escalates(None, minutes=60, **{"Your direct superior": "Sia Novak"})
    with nothing_happens(desk, card):
        desk.sam.clicks("Claim", on=card)
        desk.sam.is_told("Only an SME/TL or a manager can", in_=ASK)
    desk.sia.clicks("Claim", on=card)
    desk.ana.sees("Sia Novak claimed", in_=card)
