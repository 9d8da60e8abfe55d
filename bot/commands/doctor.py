"""`askdesk doctor`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal.console import FAILED, TOKEN_REFUSED, err, settings_or_exit

if TYPE_CHECKING:
    from bot.environment.settings import Settings
    from bot.watch.doctor import Finding
    from storage.store import Store

SHOWN = {"ok": "[green]ok[/]", "wrong": "[bold red]look[/]", "unseen": "[yellow]?[/]"}


def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object for machines, in place of the lines.")
    ] = False,
    retry_parked: Annotated[
        bool, typer.Option("--retry-parked", help="First send again what Slack permanently refused.")
    ] = False,
) -> None:
    """Checks everything Askdesk needs and tells you how to fix what fails.

    Tokens, scopes against the manifest, channels and whether the bot is in them,
    user groups, the machine's clock against Slack's, the database, its schema, who
    can open its files, its key, the last beat of a running bot, overdue promises
    without a reminder, messages that wait or that Slack permanently refused, and
    the record (see askdesk verify). It changes nothing without --retry-parked, and
    the bot may run meanwhile.

    Examples:
      askdesk doctor
      askdesk doctor --json | jq '.checks[] | select(.verdict == "wrong")'

    Exit codes:
      0  all is well
      1  something needs attention, or could not be checked
      2  a setting is missing or wrong
      3  Slack refuses a token
    """
    from storage.store import Store

    settings = settings_or_exit()
    store = Store.at(settings.database_url, settings.vault)
    try:
        with err.status("Checking everything; a long record takes a while"):
            found = asyncio.run(_examined(settings, store, retry_parked=retry_parked))
    finally:
        store.close()
    well = all(one.verdict == "ok" for one in found)
    if as_json:
        checks = [{name: value for name, value in asdict(one).items() if name != "refused"} for one in found]
        typer.echo(json.dumps({"ok": well, "checks": checks}, ensure_ascii=False, indent=2))
    else:
        _show(found)
    raise typer.Exit(TOKEN_REFUSED if any(one.refused for one in found) else 0 if well else FAILED)


async def _examined(settings: Settings, store: Store, *, retry_parked: bool) -> list[Finding]:
    from sqlalchemy.exc import SQLAlchemyError

    from bot.environment.clock import Clock, SharedClock, wall_clock
    from bot.environment.manifest import manifest
    from bot.slack.calls import Slack
    from bot.watch.doctor import Doctor
    from storage.engine import is_sqlite
    from storage.outbox import outbox

    clock: Clock = wall_clock
    try:
        if not is_sqlite(store.engine):
            clock = shared = SharedClock(store)
            await shared.follow()
        if retry_parked:
            store.write_now(outbox.retry_parked, clock())
    except SQLAlchemyError:
        clock = wall_clock  # the check of the database reports what is wrong with it
    async with Slack.new_session() as session:
        slack = Slack(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        return await Doctor(settings, slack, store, clock, wall_clock, manifest()).examine()


def _show(found: Sequence[Finding]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for one in found:
        said = escape(one.what)
        if one.do:
            said += f"\n[dim]→[/] {escape(one.do)}"
        table.add_row(SHOWN[one.verdict], escape(one.check), said)
    console = Console(highlight=False)
    console.print(table)
    wrong = [one for one in found if one.verdict != "ok"]
    need = "needs" if len(wrong) == 1 else "need"
    console.print(
        f"\n{len(wrong)} of {len(found)} {need} attention." if wrong else "\nAll is well.", style="bold"
    )
