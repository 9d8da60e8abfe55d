"""The settings of the demo's contact centre."""

from __future__ import annotations

from functools import cache

from sandbox import APP_TOKEN, BOT_TOKEN
from storage.vault import new_key


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
