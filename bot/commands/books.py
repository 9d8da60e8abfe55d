"""What the commands that read and change the database share: how they open it, and how they say what is in the way."""

from __future__ import annotations

from collections.abc import Callable

from rich.markup import escape
from sqlalchemy.exc import SQLAlchemyError

from bot.commands.terminal import FAILED, SETTINGS_WRONG, err, say_database, say_mistakes
from bot.environment.clock import wall_clock
from bot.environment.settings import SettingsError, UnreadableFile, books, environment
from cases.program import Program
from storage import keyring
from storage.schema import is_current
from storage.store import Store
from storage.vault import VaultError


class Refused(Exception):
    """It cannot be done; the text is the sentence, `code` what the command ends with."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


def with_books(job: Callable[[Store], int], *, without_key: bool = False) -> int:
    """Runs `job` on the database of the settings; what is in the way is told, and is the exit code.

    `without_key`: the job seals nothing and opens nothing that it cannot do without; no key is entered here.
    """
    try:
        url, vault = books(environment())
    except (SettingsError, UnreadableFile) as error:
        raise say_mistakes(error) from None
    store = Store.at(url, vault)
    try:
        if not of_this_version(store):
            return FAILED
        if not without_key:
            store.write_now(keyring.unlock, wall_clock())
        elif vault.has_key:
            store.ask_now(keyring.fits)
        return job(store)
    except Refused as refused:
        err.print(str(refused), markup=False)
        return refused.code
    except VaultError as error:
        err.print(f"[red]{escape(str(error))}[/]")
        return SETTINGS_WRONG
    except SQLAlchemyError as error:
        return say_database(error)
    finally:
        store.close()


def chosen(store: Store, name: str | None) -> tuple[Program, ...]:
    """All programs, or the one of that name or channel; raises Refused."""
    with store.read() as reading:
        programs = reading.programs()
    if not programs:
        raise Refused("There is no program yet: start the bot once (askdesk run).", FAILED)
    if name is None:
        return programs
    found = tuple(one for one in programs if name in (one.name, one.channel))
    if not found:
        names = ", ".join(one.name for one in programs)
        raise Refused(f"--program: there is no program {name}. There are: {names}.", SETTINGS_WRONG)
    return found


def of_this_version(store: Store) -> bool:
    """Whether the database has the newest schema; where not, what to do is said."""
    current = is_current(store.engine)
    if not current:
        err.print("The database is not of this version. Bring it up to date first: askdesk db upgrade")
    return current
