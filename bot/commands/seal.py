"""`askdesk seal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bot.terminal.console import FAILED, SETTINGS_WRONG, bar, count, err, print_lines
from bot.terminal.with_database import Refused, cleaned, with_database

if TYPE_CHECKING:
    from storage.privacy.sealing import Place
    from storage.store import Store


def seal() -> None:
    """Seals and stamps everything with the first key of ENCRYPTION_KEY.

    A bot that starts with a new key does this in the background. seal waits until
    it is done, and then retires the old key. To change the key: set the new one, a
    comma, the old one; restart every bot; run seal; remove the old key.

    Examples:
      askdesk seal

    Exit codes:
      0  everything is sealed with the first key
      1  the database does not answer, or was too busy to be cleaned
      2  there is no key, or it is the wrong one
    """
    raise typer.Exit(with_database(seal_everything))


def seal_everything(store: Store) -> int:
    """Seals what the first key has not sealed, and retires the others; returns the exit code."""
    from bot.environment.clock import wall_clock
    from storage.privacy import languages, sealing

    if not store.vault.has_key:
        raise Refused("There is no ENCRYPTION_KEY to seal with. `askdesk key` makes one.", SETTINGS_WRONG)
    while found := store.ask_now(languages.written_out):
        store.write_now(languages.settle, found, wall_clock())
    with store.read() as reading:
        if reading.has_older_bots():
            raise Refused(
                "A bot of an older version is running on this database and could not read what is sealed now. Stop it "
                "first, or run this five minutes after it ended.",
                FAILED,
            )
        todo = sealing.left(reading)
    store.write_now(sealing.begin, wall_clock())
    place: Place | None = sealing.Place()
    done = 0
    with bar("Sealing", todo) as advance:
        while place is not None:
            advance(place.rows - done)
            done = place.rows
            place = store.write_now(sealing.seal_next, place)
    left = store.write_now(sealing.finish, wall_clock(), retire=True)
    if left:
        err.print(
            f"{count(left, 'row')} came in meanwhile under another key, or are not as Askdesk left them. Restart every "
            "bot with the new key, then run this again. If that does not help, askdesk verify names what was changed by "
            "hand; keep the old key until you have corrected it."
        )
        return FAILED
    print_lines(
        f"Everything is sealed with the first key of ENCRYPTION_KEY ({count(done, 'row')} just now); no other is needed."
    )
    return cleaned(store, "askdesk seal")
