"""`askdesk run`: one bot from its start to its end, with an exit code for each way to end."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from typing import TYPE_CHECKING

import typer
from rich.markup import escape

from bot.terminal.console import (
    FAILED,
    SETTINGS_WRONG,
    TOKEN_REFUSED,
    err,
    print_database_error,
    print_error,
    settings_or_exit,
    short,
)

if TYPE_CHECKING:
    from bot.app.wiring import Askdesk
    from bot.environment.forced_exit import ForcedExit
    from bot.environment.settings import Settings
    from storage.store import Store

CLOSE_WITHIN = 2.0
"""Seconds that the database's threads have to finish."""


def run() -> None:
    """Runs the bot until you stop it with Ctrl-C or SIGTERM.

    It brings the database up to date, connects to Slack and writes its log to
    standard error. With SLACK_APP_TOKEN it uses Socket Mode, which needs no public
    address; with SLACK_SIGNING_SECRET alone it waits for Slack's requests (HTTP
    mode). If Slack does not answer, it waits. When you stop it, /readyz answers
    503, and the bot accepts nothing new and finishes what it is doing; what it
    could not send goes out after the next start.

    Examples:
      askdesk run
      LOG_FORMAT=json askdesk run 2>> askdesk.log

    Exit codes:
      0  you stopped it
      1  the database does not answer, the port is taken, another bot runs on this
         SQLite file, or something broke
      2  a setting is missing or wrong; all of them are listed
      3  Slack refuses a token; replace it before you start again
    """
    from bot.environment.forced_exit import ForcedExit
    from bot.environment.log import configure

    settings = settings_or_exit()
    configure(settings.log_format)
    end = ForcedExit()
    asyncio.run(_serve(settings, end))
    end.disarm()
    raise typer.Exit(end.code)


@contextmanager
def importing_for_good() -> Iterator[None]:
    """Around imports of modules that stay: no garbage collection meanwhile, and none among them later.

    Collecting there takes a tenth of the start, and later a tenth of a second each time, in which nobody in Slack gets
    an answer.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


async def _serve(settings: Settings, end: ForcedExit) -> None:
    """One bot from its start to its end; `end` has the exit code."""
    with importing_for_good():
        from storage.store import Store

    stopping = asyncio.Event()

    def asked_to_stop() -> None:
        end.arm()
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_stop)
    async with AsyncExitStack() as after:
        single = after.enter_context(ExitStack())
        store = Store.at(settings.database_url, settings.vault)
        after.callback(_close, store, end)
        end.code = await _until_stopped(settings, store, stopping, single, after)
        end.arm()


def _close(store: Store, end: ForcedExit) -> None:
    end.hangs = not store.close(within=CLOSE_WITHIN)


async def _until_stopped(
    settings: Settings, store: Store, stopping: asyncio.Event, single: ExitStack, after: AsyncExitStack
) -> int:
    """Runs the bot until it is asked to stop or cannot go on; `after` stops it. Returns the exit code."""
    with importing_for_good():
        import structlog
        from sqlalchemy.exc import SQLAlchemyError

        from bot.app.wiring import Askdesk
        from bot.environment.clock import Clock, SharedClock, wall_clock
        from bot.environment.log import reference
        from bot.slack.identity import TokenRefused
        from bot.slack.sockets import SocketAuthError
        from bot.web.server import SiteFailed
        from storage.engine import is_sqlite
        from storage.schema import MigrationFailed
        from storage.schema import upgrade as migrate
        from storage.single_instance import AnotherInstance, single_instance
        from storage.vault import VaultError

    log = structlog.get_logger(__name__)
    try:
        await asyncio.to_thread(migrate, store.engine)
        single.enter_context(single_instance(settings.database_url))
        clock: Clock = wall_clock
        follow = None
        if not is_sqlite(store.engine):
            clock = shared = SharedClock(store)
            follow = shared.follow
            await follow()
        bot = Askdesk(settings, store, clock, follow=follow)
        after.push_async_callback(bot.stop)
        asked = asyncio.create_task(stopping.wait(), name="stop signal")
        opened = asyncio.create_task(_open(bot), name="the bot")
        await asyncio.wait({asked, opened}, return_when=asyncio.FIRST_COMPLETED)
        if opened.done():
            opened.result()
        for task in (asked, opened):
            task.cancel()
        await asyncio.gather(asked, opened, return_exceptions=True)
    except VaultError as error:
        return print_error(error, SETTINGS_WRONG)
    except (TokenRefused, SocketAuthError) as error:
        return print_error(error, TOKEN_REFUSED)
    except (SiteFailed, AnotherInstance) as error:
        return print_error(error, FAILED)
    except SQLAlchemyError as error:
        return print_database_error(error)
    except MigrationFailed as error:
        err.print(f"[red]The database cannot be brought up to date:[/] {escape(short(error))}")
        return FAILED
    except Exception as error:
        mark = reference()
        log.error("the desk broke", reference=mark, exc_info=error)
        err.print(f"[red]Something broke that should not.[/] Look for the reference {mark} in the log.")
        return FAILED
    return 0


async def _open(bot: Askdesk) -> None:
    await bot.start()
    await bot.wait()
