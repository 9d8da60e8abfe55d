"""The real bot as a process of its own: what `askdesk run` runs, but by the sandbox's clock and at a faster pace.

Settings come from the environment; `CHAOS_CLOCK` names a file with the seconds that the sandbox is ahead of the real
time. The program imports everything once and says `warm`; for each `go` on its standard input it forks a process in
which one bot lives, from its first connection on: that says `open PID` when the desk is open, and may be killed
(SIGKILL) or stopped (SIGTERM); `ended CODE` is said when it is gone. Without the imports, which take seconds, a run
can afford many kills. When the standard input ends, so does everything. SIGUSR1 has a bot that hangs say what its
threads are doing, SIGUSR2 what its tasks are.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import select
import signal
import sys
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app.wiring import Askdesk, Pace
from bot.environment.log import configure
from bot.environment.settings import load
from bot.slack.identity import TokenRefused
from bot.slack.sockets import SocketAuthError
from bot.terminal.console import TOKEN_REFUSED
from storage.schema import upgrade
from storage.store import Store


class FollowedClock:
    """The sandbox's time: read from the file each time, so that no push is ever missed or late."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._file.read_text()))


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def serve() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    loop.add_signal_handler(signal.SIGUSR2, show_tasks, loop)
    settings = load(os.environ)
    clock = FollowedClock(Path(os.environ["CHAOS_CLOCK"]))
    store = Store.at(settings.database_url, settings.vault)
    try:
        await asyncio.to_thread(upgrade, store.engine)
        desk = Askdesk(settings, store, clock.now, Pace(beat=0.05, post=0.0, away=0.2))
        try:
            await desk.start()
            say(f"open {os.getpid()}")
            failed = asyncio.create_task(desk.wait())
            asked = asyncio.create_task(stopping.wait())
            await asyncio.wait({failed, asked}, return_when=asyncio.FIRST_COMPLETED)
            if failed.done():
                failed.result()
            failed.cancel()
            asked.cancel()
            await asyncio.gather(failed, asked, return_exceptions=True)
        finally:
            await desk.stop()
    finally:
        store.close()


def show_tasks(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.print_stack(file=sys.stderr)


def live() -> int:
    """One bot from its start to its end; the exit code, as `askdesk run` has it."""
    faulthandler.register(signal.SIGUSR1)
    try:
        asyncio.run(serve())
    except (TokenRefused, SocketAuthError) as error:
        sys.stderr.write(f"{error}\n")
        return TOKEN_REFUSED
    except BaseException:  # noqa: BLE001 - the forked process must not run what its parent would do next
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    configure("json")
    say("warm")
    bot = 0
    while True:
        if select.select([0], [], [], 0.01)[0]:
            if not os.read(0, 1024):
                break
            if (bot := os.fork()) == 0:
                os._exit(live())
        if bot:
            ended, status = os.waitpid(bot, os.WNOHANG)
            if ended:
                bot = 0
                say(f"ended {os.waitstatus_to_exitcode(status)}")
    if bot:
        os.kill(bot, signal.SIGKILL)
        os.waitpid(bot, 0)


if __name__ == "__main__":
    main()
