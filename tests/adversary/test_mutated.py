"""Mutated envelopes: those of a real story, spoiled in every way; the seed is printed where it fails."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

import pytest

from tests.adversary.mutator import Mutator
from tests.adversary.siege import OUTSIDERS, SALES, THEIR_DESK, Json, Siege, besieged
from tests.journeys.floor import CLOSE
from tests.journeys.telling import opens

MUTATIONS = 1_000
SEED = os.environ.get("ADVERSARY_SEED") or secrets.token_hex(4)
"""To see a failure again: `ADVERSARY_SEED=… uv run pytest tests/adversary/test_mutated.py`."""


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    """A case from the command to its close, with what lies by the way."""
    folder = tmp_path_factory.mktemp("mutations")
    with besieged(f"sqlite:///{folder / 'askdesk.db'}", folder / "bot") as found:
        floor = found.floor
        card = floor.claimed(minutes=300)
        opens(floor.ben, "Add note", on=card).submit({"Note": "She asked for mornings."})
        opens(floor.ben, "Release", on=card).close()
        floor.ben.types("/callbacks all", in_="#ask-billing")
        floor.mia.types("/askdesk show 1", in_="#ask-billing")
        floor.mia.types("/askdesk settings", in_="#ask-billing")
        floor.mia.modal("Settings").click("Edit", near="Reminders")
        floor.mia.modal("Reminders").submit()
        floor.ana.uses_shortcut("Escalate this", on=card)
        floor.ana.opens_home()
        floor.ana.says("<@U0ASKDESK> help", in_="#ask-billing")
        floor.ben.clicks("Calling now", on=card, within=10)
        modal = opens(floor.ben, "Complete", on=card)
        assert modal.submit(CLOSE).closed
        floor.ana.sees("closed", in_=card)
        yield found


def kinds(siege: Siege) -> dict[str, list[Json]]:
    """What Slack sent in the story, by kind."""
    found: dict[str, list[Json]] = {}
    for entry in siege.workspace.traffic.so_far():
        if entry["kind"] == "envelope":
            found.setdefault(entry["name"], []).append(entry["payload"])
    return found


def test_spoiled_envelopes_break_nothing(siege: Siege) -> None:
    """Answered or refused, never with a traceback; and who may not does nothing, however it is put."""
    story = kinds(siege)
    assert story.keys() == {"slash_commands", "interactive", "events_api"}
    told = {str(one.get("type")) for one in story["interactive"]}
    assert told >= {"block_actions", "view_submission", "message_action"}
    siege.marks()
    mutator = Mutator(SEED)
    sent: list[tuple[str, Json]] = []
    envelopes = [(kind, payload) for kind, payloads in story.items() for payload in payloads]
    while len(sent) < MUTATIONS:
        sent += [(kind, mutator.spoiled(payload)) for kind, payload in envelopes]
    siege.sends(sent)
    try:
        siege.is_at_work()
        siege.seen()
        siege.log_is_clean()
        with siege.store.read() as reading:
            assert [row["kind"] for row in reading.record(2)] == []
            by = {row["by"] for row in reading.record(1)}
        assert by.isdisjoint((*OUTSIDERS, *THEIR_DESK[SALES]))
    except AssertionError as error:
        error.add_note(f"ADVERSARY_SEED={SEED}")
        raise
