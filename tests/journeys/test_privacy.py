"""What is private: who reads a customer's number by any way in, and what is left of it after its time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from bot.demo.environment import key
from sandbox.driver import Person
from storage.personal import place, row_key
from storage.vault import Vault
from storage.verify import verify
from tests.chaos.running import until
from tests.journeys.floor import ASK, Floor, stored_at
from tests.journeys.telling import closes
from tests.journeys.test_home import looks

NUMBER = "2125550132"
WORDS = {
    "number": NUMBER,
    "name": "Zebedee Quill",
    "story": "charged twice for Zanzibar",
    "notes": "Zoe said yes",
}
TOLD: dict[str, Any] = {
    "What happened and what was promised": f"He was {WORDS['story']}; I promised a call from a team lead."
}


def digits(text: str) -> str:
    """A text without what people write between digits."""
    return re.sub(r"(?<=\d)[ ().\-]+(?=[\d(])", "", text)


def seen(who: Person) -> str:
    """All that somebody reads in the ASK channel: messages, threads, what is whispered to them."""
    messages = who.messages(in_=ASK)
    threads = [reply for message in messages if not message.ephemeral for reply in message.thread()]
    return json.dumps([one.raw for one in (*messages, *threads)], ensure_ascii=False)


def in_rows(desk: Floor) -> str:
    """Every row of the database, as whoever has it without the key reads it."""
    store = stored_at(desk.database)
    try:
        with store.engine.connect() as connection:
            return "\n".join(
                str(tuple(row))
                for table in SQLModel.metadata.sorted_tables
                for row in connection.execute(select(table))
            )
    finally:
        store.close()


def in_files(desk: Floor) -> str:
    """Every file of the database, as a text editor shows it."""
    folder = Path(make_url(desk.database).database or "").parent
    return "\n".join(file.read_bytes().decode("latin-1") for file in folder.glob("*.db*"))


def known(found: str, words: Iterable[str] = WORDS) -> list[str]:
    return [word for word in words if WORDS[word] in digits(found)]


def test_who_reads_the_number_by_any_way_in(desk: Floor, capfd: pytest.CaptureFixture[str]) -> None:
    """The owner and the manager behind Show number, alone, and everybody sees that they looked. Nobody anywhere else:
    not on the card, in the thread, in lists, Home or history, in the log, in the rows or in the files."""
    card = desk.claimed(Customer=WORDS["name"], **TOLD)
    for who in (desk.ben, desk.mia):
        who.clicks("Show number", on=card)
        modal = who.modal("Show number")
        assert NUMBER in digits(modal.text)
        modal.close()
        desk.ana.sees(f"{who.name} looked up the full number", in_=card)
    for who in (desk.ana, desk.sam, desk.tess):
        who.clicks("Show number", on=card)
        who.is_told("Only the owner", in_=card.channel)
    for who in (desk.ana, desk.ben, desk.tess, desk.mia):
        for command in ("/callbacks all", "/askdesk show 1"):
            who.types(command, in_=ASK)
            who.is_told(WORDS["name"], in_=card.channel)
        assert known(seen(who), ["number"]) == []
        assert known(json.dumps(looks(desk, who).raw), ["number"]) == []
    log = capfd.readouterr()
    assert known(log.out + log.err) == []
    assert known(in_rows(desk)) == []
    assert known(in_files(desk)) == []


def test_the_night_after_its_time_leaves_nothing_of_a_customer(desk: Floor) -> None:
    """The bot runs on, a year goes by: the card says that it was deleted and has no button, the record holds, and no
    file has the number; what it was before it had been sealed is overwritten as well."""
    card = desk.claimed(Customer=WORDS["name"], **TOLD)
    closes(desk, card, Notes=f"{WORDS['notes']}, and he is content.")
    desk.closes()
    in_the_clear(desk)
    assert known(in_files(desk)) == [*WORDS]
    desk.opens()
    until(lambda: not known(in_files(desk)) or None, about="all is sealed")
    desk.clock.passes(days=366, hours=3)  # it is past half past three in Manila
    deleted = card.becomes("all texts deleted")
    assert known(deleted.text) == []
    assert "name deleted" in deleted.text
    assert deleted.buttons() == []
    until(lambda: not traces(desk) or None, about="the files are clean")
    assert known(in_files(desk)) == known(in_rows(desk)) == []
    store = stored_at(desk.database)
    try:
        with store.read() as reading:
            verdict = verify(reading, 1)
            left = reading.case(1, 1)
    finally:
        store.close()
    assert (verdict.broken, verdict.blanked > 0) == (None, True)
    assert (left.said.customer, left.said.reasons != (), left.attempts) == ("", True, 1)


def in_the_clear(desk: Floor) -> None:
    """As the database of somebody who had no key so far."""
    store, vault = stored_at(desk.database), Vault([key()])
    try:
        with store.engine.begin() as connection:
            for table in SQLModel.metadata.sorted_tables:
                for column in (column for column in table.c if column.info.get("personal")):
                    for row in connection.execute(select(table)).mappings().all():
                        if row[column.name]:
                            same = [one == row[one.name] for one in table.primary_key]
                            plain = {
                                column.name: vault.read(
                                    row[column.name], place(table, column.name, row_key(table, row))
                                )
                            }
                            connection.execute(table.update().where(*same).values(**plain))
            connection.execute(text("DELETE FROM vault_keys"))
            connection.execute(text("UPDATE events SET mac = ''"))
            connection.execute(text("UPDATE record_heads SET mac = '', stage = 0"))
            for name in ("cases", "callbacks", "attempts"):
                connection.execute(text(f"UPDATE {name} SET stamp = ''"))
    finally:
        store.close()


def traces(desk: Floor) -> int:
    store = stored_at(desk.database)
    try:
        with store.engine.connect() as connection:
            return int(
                connection.execute(text("SELECT value FROM counters WHERE name = 'traces'")).scalar_one()
            )
    finally:
        store.close()
