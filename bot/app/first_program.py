"""The first program: made from the environment's settings where its channel has none yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.environment.settings import Settings
from cases.calendars import has_holidays
from cases.events import Event, Happened
from cases.people import DESK
from cases.program import Program
from storage.unit import UnitOfWork
from storage.writing.programs import save_program


def bootstrap(unit: UnitOfWork, settings: Settings, now: datetime) -> list[str]:
    """Makes the first program where its channel has none yet, and changes none that is there: it is edited in Slack.

    Its record begins with that, so that an empty one is one that somebody emptied.
    Returns the variables that say something else than the program that is there.
    """
    groups = settings.sme_tl_usergroup_ids
    said: dict[str, dict[str, Any]] = {
        "ASK_PROGRAM_NAME": {"name": settings.ask_program_name},
        "ASK_TIMEZONE": {"timezone": settings.ask_timezone},
        "ASK_CUSTOMER_TIMEZONE": {"customer_timezone": settings.ask_customer_timezone},
        "ASK_PHONE_REGION": {"phone_region": settings.ask_phone_region},
        "SME_TL_USERGROUP_IDS": {"sme_groups": groups[:1], "tl_groups": groups[1:] or groups},
        "SME_TL_USER_IDS": {"sme_users": settings.sme_tl_user_ids},
        "MANAGER_USERGROUP_IDS": {"manager_groups": settings.manager_usergroup_ids},
        "MANAGER_USER_IDS": {"manager_users": settings.manager_user_ids},
    }
    channel = settings.ask_channel_id
    known = next((program for program in unit.programs() if program.channel == channel), None)
    if known is not None:
        return [name for name, fields in said.items() if replace(known, **fields) != known]
    region = settings.ask_phone_region
    fields = {name: value for part in said.values() for name, value in part.items()}
    country = region if has_holidays(region) else None
    program = save_program(unit, Program(id=0, channel=channel, holiday_country=country, **fields))
    unit.append([Event(Happened.DESK_OPENED, DESK.id, {"name": program.name})], program.id, None, now)
    return []
