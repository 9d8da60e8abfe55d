"""`askdesk key`."""

from __future__ import annotations

from bot.terminal.console import print_lines


def key() -> None:
    """Makes a key for ENCRYPTION_KEY and prints it.

    Every call makes a new key, and Askdesk stores none of them. Anyone with the
    key and the database can read customers' names and numbers; without the key
    nobody can. Keep it apart from the database and its backups, and keep a copy.

    Examples:
      askdesk key
      echo "ENCRYPTION_KEY=$(askdesk key)" >> .env

    Exit codes:
      0  it is printed
    """
    from storage.vault import new_key

    print_lines(new_key())
