"""Who is told, and who is not: everybody who must know is mentioned once, nobody for their own click (docs/policy.md, rule 4)."""

from __future__ import annotations

from sandbox.driver import Message, Person
from storage.writing.people import remember_superior
from tests.journeys.floor import ASK, CLOSE, Floor, stored_at
from tests.journeys.telling import closes, logs, number, opens, rests, tries_in_vain


def mentions_of(desk: Floor, who: Person, card: Message) -> list[str]:
    """Every reply under a card that mentions somebody."""
    rests(desk)
    return [reply.text for reply in card.thread() if not reply.ephemeral and who.is_mentioned(reply)]


def test_the_agent_is_told_of_every_promise_that_moves(desk: Floor) -> None:
    """After nobody answered, and after a follow-up was agreed: each line once."""
    card = desk.claimed()
    modal = logs(desk.ben, "No answer", on=card)
    modal.shows("next call?")
    assert modal.submit().closed
    line = desk.ana.sees("(attempt 1): No answer", in_=card)
    assert desk.ana.is_mentioned(line)
    desk.ben.clicks("Calling now", on=card)
    modal = opens(desk.ben, "Complete", on=card)
    modal.choose("Outcome", "Partly resolved")
    modal.shows("hear from us again?")
    assert modal.submit({"Notes": CLOSE["Notes"], **desk.time_in(180)}).closed
    line = desk.ana.sees("Partly resolved, follow-up agreed", in_=card)
    assert desk.ana.is_mentioned(line)
    assert len(mentions_of(desk, desk.ana, card)) == 3, "those two, and the claim"


def test_the_agent_and_the_owner_are_told_of_another_attempt(desk: Floor) -> None:
    card = tries_in_vain(desk, desk.claimed())
    modal = opens(desk.mia, "Grant another attempt", on=card)
    assert modal.submit(desk.time_in(45)).closed
    line = desk.ana.sees("Mia Grant granted another attempt", in_=card)
    assert desk.ana.is_mentioned(line)
    assert desk.ben.is_mentioned(line)
    assert not desk.mia.is_mentioned(line)


def test_the_owner_is_told_when_the_same_customer_is_raised_again(desk: Floor) -> None:
    """Of the open case and of one that is over, in the new case's thread, each owner once."""
    first = desk.claimed()
    closes(desk, first)
    second = desk.escalates(desk.arjun)
    line = desk.ben.sees("raised case 2. Same customer as case 1", in_=second)
    assert desk.ben.is_mentioned(line)
    assert not desk.arjun.is_mentioned(line)
    assert len(mentions_of(desk, desk.ben, second)) == 1
    other = desk.escalates(**number("+1 212 555 0177"))
    rests(desk)
    assert not other.thread(), "a new customer is nobody's"


def test_the_owner_is_told_of_a_note(desk: Floor) -> None:
    card = desk.claimed()
    assert opens(desk.ana, "Add note", on=card).submit({"Note": "She called again."}).closed
    line = desk.ben.sees("Ana Reyes noted", in_=card)
    assert desk.ben.is_mentioned(line)
    assert not desk.ana.is_mentioned(line)
    assert opens(desk.ben, "Add note", on=card).submit({"Note": "I call her at five."}).closed
    mine = desk.ana.sees("Ben Carter noted", in_=card)
    assert not desk.ben.is_mentioned(mine)


def test_a_leavers_superior_is_told_that_the_case_is_free(desk: Floor) -> None:
    store = stored_at(desk.database)
    try:
        store.write_now(lambda unit: remember_superior(unit, desk.ben.id, desk.mia.id, desk.clock.now()))
    finally:
        store.close()
    card = desk.claimed(minutes=120)
    desk.slack.change_person("Ben", deleted=True)
    desk.slack.settles()
    line = desk.ana.sees("@Ben Carter's account was deactivated", in_=card)
    assert desk.mia.is_mentioned(line)
    assert len(mentions_of(desk, desk.mia, card)) == 1


def test_nobody_is_mentioned_for_their_own_click(desk: Floor) -> None:
    """A whole case: whoever acts reads their name, and hears nothing."""
    before = {message.ts for message in desk.slack.channel(ASK).messages()}
    card = desk.escalates()
    posted = [message for message in desk.slack.channel(ASK).messages() if message.ts not in before]
    assert not any(desk.ana.is_mentioned(message) for message in posted if not message.ephemeral)
    assert "Ana Reyes" in card.text
    desk.ben.clicks("Claim", on=card)
    desk.ana.sees("Ben Carter claimed case 1", in_=card)
    missed: dict[str, object] = {"De-escalation opportunity missed": "One"}
    closes(desk, card.now(), None, **missed)
    line = desk.ana.sees("Feedback owed to @Ana Reyes, by Ben Carter", in_=card)
    assert desk.ana.is_mentioned(line)
    assert (
        opens(desk.mia, "Reopen", on=card)
        .submit({"Reason": "The refund bounced.", **desk.time_in(90)})
        .closed
    )
    line = desk.ben.sees("Mia Grant reopened case 1", in_=card)
    assert desk.ben.is_mentioned(line)
    assert mentions_of(desk, desk.mia, card) == []
    assert len(mentions_of(desk, desk.ben, card)) == 1


def test_a_manager_whose_own_attempts_ran_out_is_not_called_but_the_others_are(desk: Floor) -> None:
    card = tries_in_vain(desk, desk.claimed(desk.mia), who=desk.mia)
    line = desk.mia.sees("3 attempts, nobody reached", in_=card)
    assert not desk.mia.is_mentioned(line)
