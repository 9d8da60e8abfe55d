"""What somebody typed is shown with its numbers masked, everywhere but behind *Show number*."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.faces import claiming, handing, notes
from bot.faces.thread import line, show
from bot.usecases.links import LinkedCase
from bot.views import confirm, lists
from bot.views.card import card
from cases import moves
from cases.words import Reason
from tests import build
from tests.build import BEN, NOW, acting
from tests.views.test_lines import NAMES, PROGRAM, records

TYPED = "Ask for +63 917 123 4567 or (212) 555-4567"
SAID = build.escalation(
    customer=f"Jane {TYPED}", details=f"{TYPED}: she is at work.", reference=TYPED, other_reason=TYPED,
    reasons=(Reason.OTHER,), language_written=TYPED, phone_region="US",
)  # fmt: skip


def leaks(shown: object) -> bool:
    """Whether a number can be read."""
    everything = json.dumps(shown, default=str, ensure_ascii=False)
    return any(part in everything for part in ("917 123", "555-4567", "9171234567"))


def test_no_message_or_list_shows_a_number_that_was_typed() -> None:
    claimed = build.claimed(build.raised(SAID))
    closed = build.closed(build.on_call(claimed), build.closing(granted=TYPED, notes=f"{TYPED} and more"))
    noted = moves.add_note(claimed, acting(BEN, NOW), TYPED)
    (event,) = records(noted)
    told = line(event, claimed, PROGRAM, NAMES)
    assert not leaks([told.text, told.blocks])
    for case in (claimed, closed):
        for message in (
            card(case, PROGRAM, NOW),
            confirm.confirmation(case, None),
            show(case, PROGRAM, NOW, [event]),
            lists.callbacks([LinkedCase(case)], "all", NOW),
        ):
            assert not leaks([message.text, message.blocks])
        assert not leaks(claiming.release(case, PROGRAM, NOW))
        assert not leaks(handing.hand_over_several(BEN.id, [case], PROGRAM))


def test_whoever_may_see_the_number_reads_the_texts_in_full() -> None:
    claimed = build.claimed(build.raised(SAID))
    (event,) = records(moves.add_note(claimed, acting(BEN, NOW), f"{TYPED}, after five"))
    shown = json.dumps(notes.show_number(claimed, [event]), ensure_ascii=False)
    for text in (SAID.customer, SAID.details, SAID.reference, f"{TYPED}, after five"):
        assert text in shown
    plain = notes.show_number(build.claimed(), [replace(event, said={"note": "She is at work."})])
    assert "Full texts" not in json.dumps(plain)
