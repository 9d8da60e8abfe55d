"""Stories told with the driver, to a bot that isn't Askdesk, over real sockets."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from threading import Barrier

import pytest

from sandbox.driver import Driver, Modal, NotSeen, NotThere, Person, Refused, mentions, render_text

ASK = "#ask-billing"


@pytest.fixture
def ana(slack: Driver) -> Person:
    return slack.person("Ana")


@pytest.fixture
def ben(slack: Driver) -> Person:
    return slack.person("Ben Carter")


def order_form(person: Person) -> Modal:
    ack = person.types("/order", in_=ASK)
    assert ack.acked
    return person.modal("Order a snack")


FILLED = {
    "Name": "Jane",
    "Snack": "Snack 1",
    "Size": "Large",
    "Extras": ["Hot", "More salt"],
    "Never": ["With a dip"],
    "Day": date(2026, 11, 24),
    "Time": time(9, 30),
    "How many": 3,
    "Mail": "jane@example.test",
    "Link": "https://example.test",
    "For": "Ben",
    "Share with": ["Mia Grant", "Sam"],
    "Eat in": "#random",
    "Tell": "#ask-billing",
    "Reminder": 1790000000,
    "Note": "no nuts",
}


def test_a_form_with_every_kind_of_input_is_filled_in_by_label(slack: Driver, ana: Person) -> None:
    form = order_form(ana)
    form.fill(FILLED)

    assert form.value("Name") == "Jane"
    assert form.value("Size") == "Large"
    assert form.value("Extras") == ["Hot", "More salt"]
    assert form.value("Day") == "2026-11-24"
    assert form.value("Time") == "09:30"
    assert form.value("How many") == "3"
    assert form.value("For") == "Ben Carter"
    assert form.value("Share with") == ["Mia Grant", "Sam Ortiz"]
    assert form.value("Eat in") == "#random"
    assert form.required() == ["Name", "Snack", "Size", "Day", "Time"]
    assert form.options("Size") == ["Small", "Large", "Enormous"]
    assert form.labels()[:3] == ["Name", "Note", "Snack"]

    result = form.submit()
    assert result.ok
    assert result.closed
    assert ana.modals() == []
    assert slack.problems() == []


def test_an_order_becomes_a_card_that_one_person_takes(ana: Person, ben: Person) -> None:
    order_form(ana).submit(FILLED)

    card = ben.sees("Snack for Jane", in_=ASK)
    assert card.buttons() == ["Take it", "Skip"]
    assert card.overflow() == ["Do it later", "Add a note"]
    assert mentions(card) == card.mentions() == {"U0BEN", "S0SMES"}
    assert ben.is_mentioned(card)
    assert not ana.is_mentioned(card)
    assert card.author == "Snackbot"

    assert ben.clicks("Take it", on=card).acked

    taken = ana.sees("@Ben Carter makes it", in_=ASK)
    assert taken == card
    assert taken.buttons() == []
    assert ana.sees("Taken by @Ben Carter", in_=card).thread_ts == card.ts
    assert [reply.text for reply in card.thread()] == ["Taken by @Ben Carter"]
    assert card.now().reply_count == 1


def test_an_error_stands_at_its_field_until_it_is_mended(ana: Person) -> None:
    form = order_form(ana)

    wrong = form.submit(FILLED | {"Name": "Nobody"})
    assert wrong.errors == {"Name": "Somebody has to eat it"}
    assert wrong.acked
    assert not wrong.ok
    assert not wrong.closed
    assert form.errors() == wrong.errors

    assert form.submit({"Name": "Jane"}).closed


def test_slacks_own_client_refuses_first(slack: Driver, ana: Person) -> None:
    form = order_form(ana)
    before = slack.traffic()[-1]["n"]

    refused = form.submit({"Name": "A name of more than twenty characters", "How many": "10"})

    assert refused.errors == {
        "Name": "Please enter no more than 20 characters.",
        "Snack": "Please complete this required field.",
        "Day": "Please complete this required field.",
        "Time": "Please complete this required field.",
        "How many": "Please enter a number of no more than 9.",
    }
    assert not refused.asked
    assert slack.traffic(before) == []


def test_a_modal_is_pushed_on_top_and_clears_the_stack(ana: Person) -> None:
    form = order_form(ana)
    assert not form.submit(FILLED | {"Size": "Enormous"}).closed

    sure = ana.modal("Are you sure?")
    assert sure.text == "Enormous?"
    assert ana.modals()[0].title == "Order a snack"
    assert form.is_open()

    sure.submit()
    assert ana.modals() == []


def test_a_submission_may_change_the_modal(ana: Person) -> None:
    form = order_form(ana)
    form.submit(FILLED | {"Snack": "Snack 2"})

    assert form.title == "Sorry"
    assert form.text == "Snack 2 is sold out"


def test_typed_values_survive_what_the_app_changes(ana: Person) -> None:
    form = order_form(ana)
    form.fill({"Name": "Jane", "Size": "Large"})
    with pytest.raises(NotThere, match=r"doesn't offer 'Snack 9'. It offers: 'Snack 1', 'Snack 2'"):
        form.fill({"Snack": "Snack 9"})

    assert form.choose("Menu", "Everything").acked

    form.fill({"Snack": "Snack 9"})
    assert form.value("Name") == "Jane"
    assert form.value("Size") == "Large"


def test_a_button_in_a_modal_reaches_the_app(ana: Person) -> None:
    form = order_form(ana)
    assert form.buttons() == ["More snacks"]

    ana.clicks("More snacks", on=form)

    assert len(form.options("Snack")) == 9


def test_closing_is_told_to_the_app(ana: Person, ben: Person) -> None:
    order_form(ana).close()

    told = ana.is_told("No snack, then", in_=ASK)
    assert told.ephemeral
    assert ana.ephemerals(in_=ASK) == [told]
    assert ben.ephemerals(in_=ASK) == []
    ben.sees_no("No snack", in_=ASK)


def test_the_overflow_menu_and_a_select_are_used_by_their_words(ana: Person, ben: Person) -> None:
    order_form(ana).submit(FILLED)
    card = ben.sees("Snack for Jane", in_=ASK)

    ben.clicks("Add a note", on=card)
    assert ben.is_told("You chose note", in_=ASK)
    ana.sees_no("You chose", in_=ASK)

    ben.chooses("Enormous", in_field="Rate it", on=card)
    ben.sees("Rated Enormous", in_=card)


def test_slack_asks_before_some_clicks(ana: Person, ben: Person) -> None:
    order_form(ana).submit(FILLED)
    card = ben.sees("Snack for Jane", in_=ASK)

    assert card.confirmation("Take it") is None
    assert card.confirmation("Skip") == "Skip it?: Nobody eats"
    ben.clicks("Skip", on=card)

    assert card.becomes("Skipped").buttons() == []
    with pytest.raises(NotThere, match="There is: nothing"):
        ben.clicks("Skip", on=card)


def test_a_command_is_answered_to_one_person(ana: Person, ben: Person) -> None:
    ack = ana.types("/hello  you there", in_=ASK)

    assert ack.acked
    assert ack.ms is not None
    assert ana.is_told("Hello @Ana Reyes, you said you there", in_=ASK)
    assert ben.ephemerals(in_=ASK) == []


def test_a_command_that_nobody_answers_says_so(ana: Person) -> None:
    ack = ana.types("/nonsense", in_=ASK)

    assert not ack.acked
    assert ack.ephemeral is not None
    assert "/nonsense" in ack.ephemeral


def test_shortcuts_work_on_messages_and_anywhere(ana: Person, ben: Person) -> None:
    said = ben.says("I could eat something", in_=ASK)

    assert ana.uses_shortcut("Order this", on=said).acked
    assert ana.is_told("You pointed at: I could eat something", in_=ASK)
    assert ana.uses_shortcut("Order anything").acked
    assert ana.modal().title == "Order a snack"
    with pytest.raises(
        NotThere, match=r"no shortcut 'Order that'. There are: 'Order this', 'Order anything'"
    ):
        ana.uses_shortcut("Order that")


def test_home_is_published_when_somebody_looks(ana: Person) -> None:
    ana.opens_home()

    shown = ana.home()
    assert shown.text == "Your snacks"
    ana.clicks("Order again", on=shown)
    assert ana.modal().title == "Order a snack"


def test_mentions_threads_and_direct_messages(slack: Driver, ana: Person) -> None:
    asked = ana.says("<@U0ASKDESK> are you there?", in_=ASK)
    assert ana.sees("Hungry?", in_=asked).thread_ts == asked.ts
    assert ana.sees("@Snackbot are you there?", in_=ASK).reply_count == 1

    alone = ana.says("psst", in_="@snackbot")
    assert alone.channel == "D0ANA"
    assert ana.says("all of us", in_=["Ben", "snackbot"]).channel == "G0ANABEN"
    assert [message.text for message in slack.channel("#random").messages()] == []


def test_words_are_edited_and_deleted(ana: Person, ben: Person) -> None:
    said = ana.says("helo", in_=ASK)
    ana.edits(said, "hello")
    assert ben.sees("hello", in_=ASK).edited
    ana.deletes(said)
    assert not said.exists()
    with pytest.raises(NotThere, match=r"this message is no longer there: .*Ana Reyes: helo"):
        said.now()


def test_twenty_people_click_at_once_and_one_of_them_wins(slack: Driver, ana: Person) -> None:
    order_form(ana).submit(FILLED)
    crowd = [slack.add_person(f"Guest Number{number}", channels=[ASK]) for number in range(20)]
    card = ana.sees("Snack for Jane", in_=ASK)
    together = Barrier(len(crowd))

    def click(guest: Person) -> bool:
        together.wait()
        try:
            return guest.clicks("Take it", on=card).acked
        except NotThere:  # the button went away before this click
            return False

    with ThreadPoolExecutor(len(crowd)) as threads:
        clicked = [guest for guest, did in zip(crowd, threads.map(click, crowd), strict=True) if did]

    won = ana.sees(re.compile("makes it"), in_=ASK)
    winner = next(guest for guest in clicked if f"@{guest.name} makes it" in won.text)
    for guest in clicked:
        if guest is not winner:
            guest.is_told("Too late", in_=ASK)
    assert winner.ephemerals(in_=ASK) == []
    assert [reply.text for reply in slack.channel(ASK).thread(card)] == [f"Taken by @{winner.name}"]


def test_a_click_under_way_while_the_message_changes_reaches_the_app(
    slack: Driver, ana: Person, ben: Person
) -> None:
    order_form(ana).submit(FILLED)
    card = ana.sees("Snack for Jane", in_=ASK)
    ben.clicks("Take it", on=card)
    card.becomes("makes it")

    with pytest.raises(NotThere, match="nothing to click called 'Take it'"):
        ana.clicks("Take it", on=card)
    assert ana.clicks("Take it", on=card, as_seen=True).acked
    ana.is_told("Too late", in_=ASK)
    with pytest.raises(NotThere, match="nothing to click called 'Eat it'"):
        ana.clicks("Eat it", on=card, as_seen=True)


def test_time_passes_at_once(slack: Driver, ana: Person) -> None:
    before = ana.says("early", in_=ASK)
    now = slack.clock.passes(minutes=15)
    after = ana.says("late", in_=ASK)

    assert 900 <= (after.at - before.at).total_seconds() < 960
    assert now <= slack.clock.now()


def test_what_is_not_seen_is_told_with_what_was(slack: Driver, ana: Person) -> None:
    ana.says("Good morning", in_=ASK)
    slack.faults.add("error", "views.open", error="fatal_error")
    ana.types("/order", in_=ASK)

    with pytest.raises(NotSeen) as failure:
        ana.sees("Case 1", in_=ASK, within=0)
    told = str(failure.value)
    assert "Ana Reyes did not see 'Case 1' in #ask-billing within 0 s." in told
    assert "Ana Reyes: Good morning" in told

    with pytest.raises(NotSeen) as failure:
        ana.modal(within=0.2)
    told = str(failure.value)
    assert "Ana Reyes did not get a modal within 0.2 s. Open now:\nnone" in told
    assert "views.open: fatal_error" in told


def test_what_is_not_there_is_told_with_what_is(slack: Driver, ana: Person, ben: Person) -> None:
    form = order_form(ana)
    with pytest.raises(NotThere, match=r"there is no field 'Nmae'. The fields are: 'Name', 'Note', 'Snack'"):
        form.fill({"Nmae": "Jane"})
    form.submit(FILLED)
    card = ben.sees("Snack for Jane", in_=ASK)
    with pytest.raises(NotThere, match=r"called 'Claim'. There is: \[Take it\] \[Skip\] ⋯ Do it later"):
        ben.clicks("Claim", on=card)
    with pytest.raises(NotThere, match=r"nobody here is called 'Zoe'.*There are: Abel Cruz, Amy Cole"):
        slack.person("Zoe")
    with pytest.raises(NotThere, match=r"no conversation is called '#nowhere'.*#ask-billing"):
        ben.says("hello?", in_="#nowhere")


def test_what_slack_does_not_allow_is_refused_with_its_reason(slack: Driver, ana: Person) -> None:
    slack.channel(ASK).archive()

    with pytest.raises(Refused, match="#ask-billing is archived"):
        ana.says("anybody?", in_=ASK)


def test_a_message_reads_as_text_with_what_can_be_clicked(slack: Driver, ana: Person, ben: Person) -> None:
    order_form(ana).submit(FILLED)
    card = ben.sees("Snack for Jane", in_=ASK)

    assert render_text(card) == slack.render(card)
    assert slack.render(card) == (
        "New order\n"
        "Snack for Jane\n"
        "For @Ben Carter\n"
        "Told @billing-smes\n"
        "[Take it] [Skip] [⋯ Do it later · Add a note] [Rate it]"
    )


def test_sockets_break_and_the_bot_comes_back(slack: Driver, ana: Person) -> None:
    slack.sockets.close()
    slack.app_connects()
    slack.eventually(
        lambda: True if ana.types("/hello", in_=ASK).acked else None, about="a command is answered again"
    )
