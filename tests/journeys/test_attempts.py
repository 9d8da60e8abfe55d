"""Attempts: a call before the agreed time asks why, and calls too close together are one attempt (docs/policy.md, *Attempts*)."""

from __future__ import annotations

from cases.words import Early
from sandbox.driver import PATIENCE, Message
from tests.journeys.floor import CLOSE, Floor
from tests.journeys.telling import EARLY, WHY_EARLY, calls, logs, nothing_happens, opens, record

ATTEMPTS_LEFT = "next call?"


def in_vain(desk: Floor, card: Message, attempt: int, *, says: str = ATTEMPTS_LEFT) -> Message:
    """Ben logs a call that nobody answered; its line in the thread."""
    modal = logs(desk.ben, "No answer", on=card)
    modal.shows(says)
    assert modal.submit().closed
    return desk.ben.sees(f"(attempt {attempt}): No answer", in_=card)


def test_three_calls_within_a_minute_are_one_attempt(desk: Floor) -> None:
    """Two hours early, even: nobody is asked to sign off a customer whom the phone rang once."""
    card = desk.claimed(minutes=120)
    in_vain(desk, card, 1)
    for attempt in (2, 3):
        modal = logs(desk.ben, "No answer", on=card)
        modal.shows(ATTEMPTS_LEFT)
        assert "This counts with the attempt at 1:05 AM" in modal.text
        assert "because less than 2 h lies between them: 1 of 3 attempts used" in modal.text
        assert modal.submit().closed
        line = desk.ben.sees(f"(attempt {attempt}): No answer", in_=card)
        assert "counts with the attempt at" in line.text
    assert "1 of 3 attempts used" in card.now().text
    assert card.now().buttons() == ["Calling now", "Log outcome", "Reschedule"]
    assert (1, "attempts_ran_out", desk.ben.id) not in record(desk)


def test_the_attempts_run_out_once_three_of_them_are_far_enough_apart(desk: Floor) -> None:
    """One that comes too soon uses up nothing, even as the last."""
    card = desk.claimed(minutes=5)
    in_vain(desk, card, 1)
    desk.clock.passes(hours=2)
    assert "counts with" not in in_vain(desk, card, 2).text
    desk.clock.passes(minutes=119)
    assert "counts with the attempt at" in in_vain(desk, card, 3).text
    assert "2 of 3 attempts used" in card.now().text
    desk.clock.passes(hours=2)
    in_vain(desk, card, 4, says="A manager now decides")
    assert desk.mia.is_mentioned(desk.mia.sees("3 attempts, nobody reached: sign case 1 off", in_=card))


def test_the_card_tells_the_caller_before_the_call_that_it_counts_with_the_last(desk: Floor) -> None:
    """Somebody agreed to half an hour; the card says it while that call is still ahead."""
    card = desk.claimed()
    modal = logs(desk.ben, "No answer", on=card)
    modal.shows(ATTEMPTS_LEFT)
    assert modal.submit(desk.time_in(30)).closed
    assert "this call counts with the attempt at 1:05 AM" in card.becomes("1 of 3 attempts used").text
    modal = opens(desk.ben, "Reschedule", on=card)
    assert modal.submit({**desk.time_in(125), "Who wanted the new time?": "The customer"}).closed
    desk.ana.sees("rescheduled case 1", in_=card)
    assert "counts with" not in card.becomes("Rescheduled").text


def test_a_call_before_the_agreed_time_asks_why(desk: Floor) -> None:
    """Four usual answers; without one nothing happens, and the answer is in thread and record."""
    card = desk.claimed()
    desk.clock.passes(minutes=10)
    with nothing_happens(desk, card):
        assert desk.ben.clicks("Calling now", on=card, within=PATIENCE).acked
        modal = desk.ben.modal("Calling now")
        assert modal.labels() == [WHY_EARLY]
        assert modal.options(WHY_EARLY) == [why.label for why in Early]
        assert modal.submit().errors.keys() == {WHY_EARLY}
    assert modal.submit({WHY_EARLY: "The customer asked to be called earlier"}).closed
    line = desk.ana.sees("Ben Carter is calling now (attempt 1)", in_=card)
    assert "before the agreed time: the customer asked to be called earlier" in line.text
    assert "On the call" in card.becomes("On the call").text
    modal = opens(desk.ben, "Complete", on=card)
    assert WHY_EARLY not in modal.labels(), "asked once"
    assert modal.submit(CLOSE).closed
    assert "before" not in desk.ana.sees("closed case 1", in_=card).text


def test_a_call_is_not_logged_before_the_agreed_time_without_saying_why(desk: Floor) -> None:
    """Nor is that a way around it: whoever logs a call that was not begun here reads the same question."""
    card = desk.claimed()
    modal = opens(desk.ben, "Log outcome", on=card)
    modal.choose("How did the call end?", "No answer")
    modal.shows(ATTEMPTS_LEFT)
    assert modal.submit().errors.keys() == {WHY_EARLY}
    assert modal.submit({WHY_EARLY: "Nobody can call at the agreed time"}).closed
    line = desk.ana.sees("(attempt 1): No answer", in_=card)
    assert "before the agreed time: nobody can call at the agreed time" in line.text


def test_at_the_agreed_time_nobody_is_asked(desk: Floor) -> None:
    card = desk.claimed(minutes=10)
    desk.clock.passes(minutes=10)
    desk.ben.clicks("Calling now", on=desk.ben.sees("is the agreed time", in_=card))
    assert "before" not in desk.ana.sees("calling now (attempt 1)", in_=card).text
    assert not desk.ben.modals()


def test_before_the_agreed_time_and_outside_calling_hours_both_are_asked(desk: Floor) -> None:
    """Ten in the evening for a promise at eight the next morning: one form, both answers."""
    card = desk.claimed(minutes=20 * 60)
    desk.clock.passes(hours=10)
    modal = opens(desk.ben, "Calling now", on=card)
    assert modal.labels() == [WHY_EARLY, "Outside calling hours"]
    assert modal.submit(EARLY).errors.keys() == {"Outside calling hours"}
    assert modal.submit({"Outside calling hours": ["Customer asked for this time"]}).closed
    card.becomes("On the call")


def test_a_second_person_on_a_call_is_asked_nothing(desk: Floor) -> None:
    """The question was about the call that runs."""
    card = desk.claimed()
    calls(desk.ben, on=card)
    modal = opens(desk.ben, "Log outcome", on=card)
    assert WHY_EARLY not in modal.labels()
