"""The settings that start Askdesk, from the environment and `.env`: all mistakes told at once, no token ever shown."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import phonenumbers
from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.environment.redact import redact
from cases.times import near_zones, zone_exists
from storage.vault import BadKey, Vault

SLACK_API = "https://slack.com/api/"
DATABASES = ("sqlite", "postgresql+psycopg")
HTTP_PORT = 3000
"""Where Slack's requests are heard in HTTP mode, unless the settings say another port."""

MONITOR_ABOVE = 1000
"""The monitor's port lies so far above that of Slack's requests unless the settings say another: bots that share a
machine and have neighbouring ports do not meet."""

WAYS_IN = ("slack_app_token", "slack_signing_secret")
"""Socket Mode where both are given."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong with one variable: a sentence that names it and says what to enter."""

    variable: str
    sentence: str


class SettingsError(Exception):
    """Some settings are missing or wrong; holds every mistake, in the order of the settings."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(mistake.sentence for mistake in mistakes))
        self.mistakes = mistakes


class UnreadableFile(Exception):
    """The settings file exists but cannot be read; the text says which one and why."""


def _wrong(what: str) -> PydanticCustomError:
    """A mistake; the sentence goes on from the variable's name."""
    return PydanticCustomError("wrong", "{what}", {"what": what})


def _shown(value: str) -> str:
    """A wrong value as it may be quoted."""
    text = redact(value)
    return f"“{text if len(text) <= 40 else text[:40] + '…'}”"


_TOKENS = {
    "xoxb-": ("a bot token", "SLACK_BOT_TOKEN"),
    "xapp-": ("an app-level token", "SLACK_APP_TOKEN"),
    "xoxp-": ("a user token", None),
    "xoxe": ("a token that rotates", None),
}


def _no_other_token(value: str, instead: str) -> None:
    for prefix, (what, home) in _TOKENS.items():
        if value.startswith(prefix):
            belongs = f" It belongs in {home}." if home else ""
            raise _wrong(f"holds {what} ({prefix}…).{belongs} {instead}")


def _token(prefix: str, value: str) -> SecretStr:
    if not value.startswith(prefix):
        _no_other_token(value, f"Enter one that starts with {prefix} instead.")
        raise _wrong(f"is not a Slack token of the right kind. Enter the one that starts with {prefix}.")
    shape = r"[A-Za-z0-9-]{8,}" if prefix == "xoxb-" else r"\d-A[A-Z0-9]{4,}-[A-Za-z0-9-]+"
    if not re.fullmatch(shape, value.removeprefix(prefix)):
        raise _wrong(
            f"is cut off or has characters that no token has. Copy all of it again, including {prefix}."
        )
    return SecretStr(value)


def _signing_secret(value: str) -> SecretStr:
    where = "Enter the one at Basic Information → App Credentials → Signing Secret."
    _no_other_token(value, where)
    if not re.fullmatch(r"[A-Za-z0-9-]{16,}", value):
        raise _wrong(f"is cut off or has characters that no signing secret has. {where}")
    return SecretStr(value)


def _host(value: str) -> str:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", value):
            raise _wrong(
                f"is not an address: {_shown(value)}. Enter 127.0.0.1 for this machine only, or 0.0.0.0 for all."
            ) from None
    return value


def _port(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65_536):
        raise _wrong(f"is not a port: {_shown(value)}. Enter a number from 1 to 65535.")
    return int(value)


def _api_url(value: str) -> str:
    example = f"Enter {SLACK_API}, or leave it out."
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise _wrong(f"is not a URL. {example}") from None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise _wrong(f"is not a URL of an API: {_shown(value)}. {example}")
    if parts.username or parts.password:
        raise _wrong(f"contains a login. {example}")
    if parts.scheme == "http" and not _is_here(host):
        raise _wrong(f"would send the tokens unencrypted to {host}. {example}")
    return value if value.endswith("/") else f"{value}/"


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _channel(value: str) -> str:
    if re.fullmatch(r"[CG][A-Z0-9]{4,}", value):
        return value
    where = (
        "Enter the id: in Slack, the channel's name, then at the bottom of About; it looks like C0123ABCDEF."
    )
    if re.fullmatch(r"D[A-Z0-9]{4,}", value):
        raise _wrong(f"is a direct message, but Askdesk works in a channel. {where}")
    raise _wrong(f"is not a channel's id but {_shown(value)}. {where}")


def _name(value: str) -> str:
    if len(value) > 80:
        raise _wrong(f"has {len(value)} characters. Enter at most 80.")
    return value


def _zone(value: str) -> str:
    if zone_exists(value):
        return value
    near = near_zones(value)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise _wrong(f"is not a time zone: {_shown(value)}.{hint} Enter an IANA name such as Asia/Manila.")


def _region(value: str) -> str:
    region = value.upper()
    if region in phonenumbers.SUPPORTED_REGIONS:
        return region
    hint = " Great Britain is GB." if region == "UK" else ""
    raise _wrong(
        f"is not a country with phone numbers: {_shown(value)}.{hint} Enter the two letters, such as US or PH."
    )


_IDS = {"S": "user group", "UW": "person"}


def _ids(
    letters: str, ending: str, others_ending: str, value: str | tuple[str, ...], info: ValidationInfo
) -> tuple[str, ...]:
    """Comma-separated ids, each once, in the order given; the other kind of id belongs in the variable of that ending."""
    if isinstance(value, tuple):
        return value
    ids = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    wrong = [one for one in ids if not re.fullmatch(rf"[{letters}][A-Z0-9]{{4,}}", one)]
    if not wrong:
        return ids
    quoted = ", ".join(map(_shown, wrong))
    (others, other), *_ = (kind for kind in _IDS.items() if kind[0] != letters)
    belongs = (info.field_name or "").replace(ending, others_ending).upper()
    if all(re.fullmatch(rf"[{others}][A-Z0-9]{{4,}}", one) for one in wrong):
        raise _wrong(f"contains the id of a {other}: {quoted}. Enter that in {belongs}.")
    raise _wrong(
        f"contains something that is not the id of a {_IDS[letters]}: {quoted}. Enter ids, separated by commas, such as "
        f"{letters[0]}0123ABCDEF; a name is not enough."
    )


def _database(value: str) -> str:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise _wrong("is not a database URL. Enter one like sqlite:///askdesk.db.") from None
    if url.drivername in ("postgres", "postgresql"):
        raise _wrong(f"begins with {url.drivername}://. Write postgresql+psycopg:// instead.")
    if url.drivername not in DATABASES:
        raise _wrong(
            f"names a database that Askdesk does not know ({_shown(url.drivername)}). Enter sqlite:///askdesk.db or "
            "postgresql+psycopg://user:password@host/database."
        )
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise _wrong("stores nothing: a restart would lose every promise. Name a file: sqlite:///askdesk.db.")
    if url.drivername != "sqlite" and not url.database:
        raise _wrong(
            "names no database. Write it at the end: postgresql+psycopg://user:password@host/database."
        )
    return value


def _format(value: str) -> str:
    if value not in ("console", "json"):
        raise _wrong(f"is {_shown(value)}. Enter console (for people) or json (for machines).")
    return value


def _keys(value: str | tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    """Comma-separated keys, the one that seals first; only their places are named when they are wrong."""
    if isinstance(value, tuple):
        return value
    keys = [part.strip() for part in value.split(",") if part.strip()]
    for place, key in enumerate(keys, start=1):
        try:
            Vault([key])
        except BadKey as problem:
            which = f" (its {place}. key)" if len(keys) > 1 else ""
            raise _wrong(f"{problem}{which}. Enter one that `askdesk key` made: 44 characters.") from None
    return tuple(map(SecretStr, keys))


Zone = Annotated[str, BeforeValidator(_zone)]
Host = Annotated[str, BeforeValidator(_host)]
Port = Annotated[int, BeforeValidator(_port)]
Groups = Annotated[tuple[str, ...], BeforeValidator(partial(_ids, "S", "_usergroup_ids", "_user_ids"))]
Users = Annotated[tuple[str, ...], BeforeValidator(partial(_ids, "UW", "_user_ids", "_usergroup_ids"))]


class Settings(BaseModel):
    """What the first program and the connection to Slack need; each field is the variable of that name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)

    slack_bot_token: Annotated[SecretStr, BeforeValidator(partial(_token, "xoxb-"))] = Field(
        description="the Slack app's bot token (xoxb-…): OAuth & Permissions → Bot User OAuth Token"
    )
    slack_app_token: Annotated[SecretStr, BeforeValidator(partial(_token, "xapp-"))] | None = Field(
        None,
        description="the Slack app's token for Socket Mode (xapp-…): Basic Information → App-Level Tokens, with the scope "
        "connections:write",
    )
    slack_signing_secret: Annotated[SecretStr, BeforeValidator(_signing_secret)] | None = Field(
        None,
        description="for HTTP mode, instead of the app's token: Basic Information → App Credentials → Signing Secret",
    )
    slack_api_url: Annotated[str, BeforeValidator(_api_url)] = Field(
        SLACK_API, description="the URL of Slack's Web API"
    )
    ask_channel_id: Annotated[str, BeforeValidator(_channel)] = Field(
        description="the ASK channel's id, such as C0123ABCDEF: in Slack, click the channel's name; it is at the bottom of About"
    )
    ask_program_name: Annotated[str, BeforeValidator(_name)] = Field(
        description="what people call the program, such as Billing"
    )
    ask_timezone: Zone = Field(description="the site's time zone by its IANA name, such as Asia/Manila")
    ask_customer_timezone: Zone = Field(
        description="the customers' usual time zone by its IANA name, such as America/New_York"
    )
    ask_phone_region: Annotated[str, BeforeValidator(_region)] = Field(
        description="the country of phone numbers without a country code: two letters, such as US"
    )
    sme_tl_usergroup_ids: Groups = Field(
        (), description="the ids of the SMEs' user groups, then of the TLs', with commas between"
    )
    sme_tl_user_ids: Users = Field((), description="the ids of SMEs and TLs, with commas between")
    manager_usergroup_ids: Groups = Field(
        (), description="the ids of the managers' user groups, with commas between"
    )
    manager_user_ids: Users = Field((), description="the ids of managers, with commas between")
    database_url: Annotated[str, BeforeValidator(_database)] = Field(
        "sqlite:///askdesk.db", repr=False, description="where cases are stored"
    )
    encryption_key: Annotated[tuple[SecretStr, ...], BeforeValidator(_keys)] = Field(
        (),
        description="the key that seals customers' names, numbers and stories, and what feedback says; `askdesk key` makes one. "
        "To change it: the new key, a comma, the old one",
    )
    http_host: Host = Field(
        "127.0.0.1",
        description="HTTP mode: the address for Slack's requests; 0.0.0.0 means all addresses of this machine",
    )
    http_port: Port | None = Field(None, description="HTTP mode: the port for Slack's requests")
    monitor_host: Host = Field(
        "127.0.0.1", description="the address of health, readiness and metrics, for your own network only"
    )
    monitor_port: Port | None = Field(None, description="the port of health, readiness and metrics")
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_format)] = Field(
        "console", description="how the log is written: console for people, json for machines"
    )

    @property
    def vault(self) -> Vault:
        """What seals with these keys."""
        return Vault([key.get_secret_value() for key in self.encryption_key])

    @property
    def slack_address(self) -> tuple[str, int] | None:
        """Host and port at which Slack's requests are heard; None in Socket Mode."""
        return None if self.slack_app_token is not None else (self.http_host, self.http_port or HTTP_PORT)

    @property
    def monitor_address(self) -> tuple[str, int] | None:
        """Host and port of health, readiness and metrics; None where nobody asked for them.

        In Socket Mode HTTP_HOST and HTTP_PORT say it as well, as they did before there was a MONITOR_PORT: no request
        of Slack's comes there.
        """
        if self.monitor_port is not None:
            return self.monitor_host, self.monitor_port
        if self.slack_address is None:
            return None if self.http_port is None else (self.http_host, self.http_port)
        return self.monitor_host, monitor_beside(self.slack_address[1])

    @field_validator("monitor_port")
    @classmethod
    def _another_port(cls, port: int | None, info: ValidationInfo) -> int | None:
        """What is for the inside must not be where Slack's requests are let through."""
        by_http = info.data.get("slack_app_token") is None
        if by_http and port is not None and port == (info.data.get("http_port") or HTTP_PORT):
            raise _wrong(f"is {port}, the port of Slack's requests. Enter another one.")
        return port

    @field_validator("sme_tl_user_ids", "manager_user_ids")
    @classmethod
    def _somebody(cls, users: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        """A role that nobody has would leave its pings unheard and its buttons unpressed."""
        field = info.field_name or ""
        groups = field.replace("_user_ids", "_usergroup_ids")
        if not users and info.data.get(groups) == ():
            whom, why = {
                "sme_tl_user_ids": ("SMEs and TLs", "could claim a case"),
                "manager_user_ids": ("managers", "could sign a case off"),
            }[field]
            raise _wrong(
                f"and {groups.upper()} are both missing, so nobody {why}. Enter the user groups of the {whom} there, "
                "or their user ids here."
            )
        return users


def monitor_beside(port: int) -> int:
    """The monitor's port where only that of Slack's requests is given."""
    return port + MONITOR_ABOVE if port + MONITOR_ABOVE < 65_536 else port - MONITOR_ABOVE


def variables() -> dict[str, str]:
    """Every variable that is read, with what to enter."""
    return {name.upper(): field.description or "" for name, field in Settings.model_fields.items()}


def load(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`; an empty value counts as missing. Raises SettingsError with all mistakes."""
    given: dict[str, Any] = {
        name.lower(): environ[name].strip() for name in variables() if environ.get(name, "").strip()
    }
    follows = "ask_customer_timezone" not in given
    if follows and "ask_timezone" in given:
        given["ask_customer_timezone"] = given["ask_timezone"]
    mistakes = []
    if not given.keys() & set(WAYS_IN):
        mistakes.append(Mistake("SLACK_APP_TOKEN", _no_way_in()))
    found: Sequence[Any] = ()
    try:
        settings = Settings(**given)
        if not mistakes:
            return settings
    except ValidationError as problem:
        found = problem.errors(include_url=False, include_input=False)
    for error in found:
        variable = str(error["loc"][0]).upper()
        if follows and variable == "ASK_CUSTOMER_TIMEZONE":
            continue  # said at ASK_TIMEZONE
        if error["type"] == "missing":
            sentence = f"{variable} is missing. Enter {variables()[variable]}."
        else:
            sentence = f"{variable} {error['msg']}"
        mistakes.append(Mistake(variable, sentence))
    order = list(variables())
    raise SettingsError(tuple(sorted(mistakes, key=lambda mistake: order.index(mistake.variable))))


def _no_way_in() -> str:
    said = variables()
    return (
        f"SLACK_APP_TOKEN is missing. Enter {said['SLACK_APP_TOKEN']}; or SLACK_SIGNING_SECRET where Slack is to send "
        "requests to this machine (HTTP mode)."
    )


def database_url(environ: Mapping[str, str]) -> str:
    """Only where the database is, for what needs no Slack. Raises SettingsError where that setting is wrong."""
    _check_only(environ, "DATABASE_URL")
    return environ.get("DATABASE_URL", "").strip() or str(Settings.model_fields["database_url"].default)


def database_and_vault(environ: Mapping[str, str]) -> tuple[str, Vault]:
    """Where the database is and what opens it, for what needs no Slack. Raises SettingsError where either is wrong."""
    _check_only(environ, "DATABASE_URL", "ENCRYPTION_KEY")
    keys = _keys(environ.get("ENCRYPTION_KEY", "").strip())
    return database_url(environ), Vault([key.get_secret_value() for key in keys])


def _check_only(environ: Mapping[str, str], *names: str) -> None:
    """Raises SettingsError with the mistakes in these variables, whatever the others say."""
    try:
        load(environ)
    except SettingsError as error:
        mine = tuple(mistake for mistake in error.mistakes if mistake.variable in names)
        if mine:
            raise SettingsError(mine) from None


def environment(env_file: Path = Path(".env")) -> dict[str, str]:
    """What this process was given: its environment, and `.env` for what is not set there. Raises UnreadableFile."""
    try:
        in_file = dotenv_values(env_file, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UnreadableFile(f"{env_file} cannot be read: {why}.") from None
    return {name: value for name, value in in_file.items() if value is not None} | os.environ


def from_environment(env_file: Path = Path(".env")) -> Settings:
    """The settings of this process. Raises SettingsError, or UnreadableFile."""
    return load(environment(env_file))
