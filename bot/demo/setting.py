"""What the demo's workspace is set up with: the app's manifest, and the settings of its contact centre."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sandbox import APP_TOKEN, BOT_TOKEN
from storage.vault import new_key


def manifest() -> dict[str, Any]:
    """The app's manifest, the very one that a real workspace gets."""
    bot = Path(__file__).parents[1]
    path = next(p for p in (bot / "manifest.yml", bot.parent / "manifest.yml") if p.exists())
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


@cache
def key() -> str:
    """A key for what this process tries out; with the process it is gone."""
    return new_key()


def seeded_environment(api_url: str, database: str) -> dict[str, str]:
    """The settings' variables for the sandbox's contact centre: #ask-billing with its SMEs, TLs and manager."""
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": api_url,
        "ASK_CHANNEL_ID": "C0ASKBILL",
        "ASK_PROGRAM_NAME": "Billing",
        "ASK_TIMEZONE": "Asia/Manila",
        "ASK_CUSTOMER_TIMEZONE": "America/New_York",
        "ASK_PHONE_REGION": "US",
        "SME_TL_USERGROUP_IDS": "S0SMES,S0TLS",
        "MANAGER_USERGROUP_IDS": "S0MANAGERS",
        "DATABASE_URL": database,
        "ENCRYPTION_KEY": key(),
    }
