"""The settings: every mistake at once, each naming its variable, and never a token in sight."""

from __future__ import annotations

from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.environment.settings import Mistake, Settings, SettingsError, from_environment, load, variables
from storage.vault import Vault, new_key

TOP = Path(__file__).parents[2]

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-sandbox-askdesk",
    "SLACK_APP_TOKEN": "xapp-1-A0ASKDESK-sandbox",
    "ASK_CHANNEL_ID": "C0ASKBILL",
    "ASK_PROGRAM_NAME": "Billing",
    "ASK_TIMEZONE": "Asia/Manila",
    "ASK_PHONE_REGION": "us",
    "SME_TL_USERGROUP_IDS": "S0SMES, S0TLS,S0SMES",
    "MANAGER_USER_IDS": "U0MIA",
}


def mistakes(changes: dict[str, str]) -> dict[str, str]:
    """What is said about the good settings with these changes; an empty value takes one out."""
    with pytest.raises(SettingsError) as problem:
        load(GOOD | changes)
    return {mistake.variable: mistake.sentence for mistake in problem.value.mistakes}


def test_good_settings_are_read_and_the_rest_has_defaults() -> None:
    settings = load(GOOD)
    assert settings.slack_bot_token.get_secret_value() == "xoxb-sandbox-askdesk"
    assert settings.slack_app_token is not None
    assert settings.slack_app_token.get_secret_value() == "xapp-1-A0ASKDESK-sandbox"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.ask_channel_id == "C0ASKBILL"
    assert settings.ask_customer_timezone == settings.ask_timezone == "Asia/Manila"
    assert settings.ask_phone_region == "US"
    assert settings.sme_tl_usergroup_ids == ("S0SMES", "S0TLS")
    assert settings.manager_user_ids == ("U0MIA",)
    assert settings.database_url == "sqlite:///askdesk.db"
    assert settings.log_format == "console"


def test_all_mistakes_are_told_at_once_in_the_order_of_the_settings() -> None:
    with pytest.raises(SettingsError) as problem:
        load({})
    assert [mistake.variable for mistake in problem.value.mistakes] == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "ASK_CHANNEL_ID",
        "ASK_PROGRAM_NAME",
        "ASK_TIMEZONE",
        "ASK_PHONE_REGION",
        "SME_TL_USER_IDS",
        "MANAGER_USER_IDS",
    ]
    assert len(str(problem.value).splitlines()) == 8


def test_every_sentence_begins_with_its_variable_and_says_what_to_enter() -> None:
    wrong = dict.fromkeys(variables(), "?!")
    with pytest.raises(SettingsError) as problem:
        load(wrong | {"ASK_PROGRAM_NAME": "x" * 81})
    assert {mistake.variable for mistake in problem.value.mistakes} == set(variables())
    for mistake in problem.value.mistakes:
        assert mistake.sentence.startswith(f"{mistake.variable} ")
        assert "Enter" in mistake.sentence
        assert mistake.sentence.endswith(".")


@pytest.mark.parametrize("variable", [name for name in GOOD if not name.startswith(("SME", "MANAGER"))])
def test_what_is_missing_or_empty_is_named(variable: str) -> None:
    for nothing in ("", "   "):
        assert mistakes({variable: nothing}).keys() == {variable}
        assert f"{variable} is missing. Enter " in mistakes({variable: nothing})[variable]


def test_swapped_tokens_are_told_where_they_belong() -> None:
    found = mistakes({"SLACK_BOT_TOKEN": GOOD["SLACK_APP_TOKEN"], "SLACK_APP_TOKEN": GOOD["SLACK_BOT_TOKEN"]})
    assert "belongs in SLACK_APP_TOKEN" in found["SLACK_BOT_TOKEN"]
    assert "belongs in SLACK_BOT_TOKEN" in found["SLACK_APP_TOKEN"]


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-1-verysecretthing", "a user token"),
        ("SLACK_BOT_TOKEN", "verysecretthing", "starts with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-", "cut off"),
        ("SLACK_BOT_TOKEN", "xoxb-verysecret thing", "cut off"),
        ("SLACK_APP_TOKEN", "xoxe.xoxb-1-verysecretthing", "rotates"),
        ("SLACK_API_URL", "slack.com/api", "is not a URL"),
        ("SLACK_API_URL", "ftp://slack.com/api", "is not a URL"),
        ("SLACK_API_URL", "http://[::1/api", "is not a URL"),
        ("SLACK_API_URL", "https://slack.com:many/api", "is not a URL"),
        ("SLACK_API_URL", "http://slack.com/api/", "unencrypted"),
        ("SLACK_API_URL", "https://me:verysecretthing@slack.com/api/", "contains a login"),
        ("ASK_CHANNEL_ID", "#ask-billing", "“#ask-billing”"),
        ("ASK_CHANNEL_ID", "xoxb-verysecretthing", "“[token]”"),
        ("ASK_CHANNEL_ID", "D0ANA", "a direct message"),
        ("ASK_TIMEZONE", "Asia/Manilla", "Did you mean Asia/Manila?"),
        ("ASK_TIMEZONE", "new york", "America/New_York"),
        ("ASK_TIMEZONE", "EST", "is not a time zone"),
        ("ASK_CUSTOMER_TIMEZONE", "Europe/Londn", "Europe/London"),
        ("ASK_PHONE_REGION", "UK", "Great Britain is GB"),
        ("ASK_PHONE_REGION", "+1", "is not a country"),
        ("SME_TL_USERGROUP_IDS", "@billing-smes", "a name is not enough"),
        ("SME_TL_USERGROUP_IDS", "U0SAM,U0SIA", "in SME_TL_USER_IDS"),
        ("SME_TL_USER_IDS", "S0SMES", "in SME_TL_USERGROUP_IDS"),
        ("SME_TL_USER_IDS", "U0SAM,Sia", "“Sia”"),
        ("MANAGER_USER_IDS", "mia@example.com", "“[e-mail]”"),
        ("DATABASE_URL", "askdesk.db", "is not a database URL"),
        ("DATABASE_URL", "mysql://root:verysecretthing@db/ask", "does not know"),
        ("DATABASE_URL", "postgres://ask:verysecretthing@db/ask", "postgresql+psycopg://"),
        ("DATABASE_URL", "postgresql://ask:verysecretthing@db/ask", "postgresql+psycopg://"),
        ("DATABASE_URL", "postgresql+psycopg://ask:verysecretthing@db", "names no database"),
        ("DATABASE_URL", "sqlite://", "stores nothing"),
        ("DATABASE_URL", "sqlite:///:memory:", "stores nothing"),
        ("LOG_FORMAT", "xml", "console"),
        ("SLACK_SIGNING_SECRET", "xoxb-verysecretthing", "belongs in SLACK_BOT_TOKEN"),
        ("SLACK_SIGNING_SECRET", "verysecret", "is cut off"),
        ("HTTP_HOST", "http://me", "is not an address"),
        ("HTTP_PORT", "https", "from 1 to 65535"),
        ("HTTP_PORT", "0", "from 1 to 65535"),
        ("HTTP_PORT", "65536", "from 1 to 65535"),
        ("MONITOR_HOST", "http://me", "is not an address"),
        ("MONITOR_PORT", "none", "from 1 to 65535"),
    ],
)
def test_a_wrong_value_is_explained_without_showing_a_secret(variable: str, value: str, says: str) -> None:
    found = mistakes({variable: value})
    assert found.keys() == {variable}
    assert says in found[variable]
    assert "verysecret" not in found[variable]


def test_a_signing_secret_alone_is_http_mode_and_needs_no_port() -> None:
    """With an app token as well it is Socket Mode, and there is a monitor only where it has a port."""
    secret = {"SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5"}
    by_http = load({name: value for name, value in GOOD.items() if name != "SLACK_APP_TOKEN"} | secret)
    assert by_http.slack_app_token is None
    assert by_http.slack_address == ("127.0.0.1", 3000)
    assert by_http.monitor_address == ("127.0.0.1", 4000)
    assert load(GOOD | secret).slack_address is None
    assert load(GOOD | secret).monitor_address is None


BY_HTTP = {name: value for name, value in GOOD.items() if name != "SLACK_APP_TOKEN"} | {
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5"
}


@pytest.mark.parametrize(
    ("given", "slack", "monitor"),
    [
        (GOOD | {"HTTP_PORT": "9100", "HTTP_HOST": "::1"}, None, ("::1", 9100)),
        (GOOD | {"MONITOR_PORT": "9100"}, None, ("127.0.0.1", 9100)),
        (GOOD | {"MONITOR_PORT": "9100", "HTTP_PORT": "9200", "HTTP_HOST": "::1"}, None, ("127.0.0.1", 9100)),
        (BY_HTTP | {"HTTP_HOST": "0.0.0.0"}, ("0.0.0.0", 3000), ("127.0.0.1", 4000)),
        (BY_HTTP | {"HTTP_PORT": "3001"}, ("127.0.0.1", 3001), ("127.0.0.1", 4001)),
        (BY_HTTP | {"HTTP_PORT": "65000"}, ("127.0.0.1", 65000), ("127.0.0.1", 64000)),
        (
            BY_HTTP | {"MONITOR_HOST": "10.0.0.5", "MONITOR_PORT": "9100"},
            ("127.0.0.1", 3000),
            ("10.0.0.5", 9100),
        ),
    ],
)
def test_the_monitor_has_an_address_of_its_own(
    given: dict[str, str], slack: tuple[str, int] | None, monitor: tuple[str, int]
) -> None:
    """In this machine alone, unless somebody says otherwise; in Socket Mode HTTP_PORT still asks for it."""
    found = load(given)
    assert (found.slack_address, found.monitor_address) == (slack, monitor)


@pytest.mark.parametrize("ports", [{"MONITOR_PORT": "3000"}, {"HTTP_PORT": "80", "MONITOR_PORT": "80"}])
def test_the_monitor_is_not_where_slacks_requests_are_let_through(ports: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"MONITOR_PORT is \d+, the port of Slack's requests"):
        load(BY_HTTP | ports)
    assert load(GOOD | ports).monitor_address == ("127.0.0.1", int(ports["MONITOR_PORT"]))


def test_a_wrong_site_zone_is_told_once_when_the_customers_zone_follows_it() -> None:
    assert mistakes({"ASK_TIMEZONE": "Nowhere"}).keys() == {"ASK_TIMEZONE"}


def test_nobody_to_claim_or_to_sign_off_is_a_mistake_and_groups_with_users_are_none() -> None:
    found = mistakes({"SME_TL_USERGROUP_IDS": "", "MANAGER_USER_IDS": " , "})
    assert found.keys() == {"SME_TL_USER_IDS", "MANAGER_USER_IDS"}
    assert "SME_TL_USERGROUP_IDS" in found["SME_TL_USER_IDS"]
    assert "MANAGER_USERGROUP_IDS" in found["MANAGER_USER_IDS"]
    both = load(GOOD | {"SME_TL_USER_IDS": "W0TESS", "MANAGER_USERGROUP_IDS": "S0MANAGERS"})
    assert both.sme_tl_usergroup_ids == ("S0SMES", "S0TLS")
    assert both.sme_tl_user_ids == ("W0TESS",)


def test_a_wrong_group_is_told_once_and_not_as_a_missing_one_too() -> None:
    assert mistakes({"SME_TL_USERGROUP_IDS": "smes"}).keys() == {"SME_TL_USERGROUP_IDS"}


def test_no_secret_is_in_what_is_shown_of_settings() -> None:
    settings = load(GOOD | {"DATABASE_URL": "postgresql+psycopg://ask:verysecretthing@db/ask"})
    for shown in (repr(settings), str(settings), repr(settings.slack_bot_token)):
        assert "sandbox" not in shown
        assert "verysecretthing" not in shown


def test_the_sandbox_on_this_machine_needs_no_encryption() -> None:
    for url in ("http://127.0.0.1:8000/api", "http://localhost:8000/api/", "http://[::1]:8000/api/"):
        assert load(GOOD | {"SLACK_API_URL": url}).slack_api_url.endswith("/api/")


def test_the_environment_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / ".env"
    file.write_text("\n".join(f"{name}='{value}'" for name, value in GOOD.items()), "utf-8-sig")
    monkeypatch.setenv("ASK_PROGRAM_NAME", "Sales")
    settings = from_environment(file)
    assert settings.ask_program_name == "Sales"
    assert settings.ask_channel_id == "C0ASKBILL"


def test_the_example_file_holds_every_variable_and_no_other() -> None:
    assert list(dotenv_values(TOP / ".env.example")) == list(variables())
    assert set(dotenv_values(TOP / ".env.example")) == {name.upper() for name in Settings.model_fields}


def test_every_variable_of_the_example_is_explained_above_it() -> None:
    lines = (TOP / ".env.example").read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if "=" in line and not line.startswith("#"):
            assert lines[number - 1].startswith("# ") or lines[number - 2].startswith("# "), line


def test_the_example_as_it_stands_lacks_only_what_everybody_must_fill_in() -> None:
    example = {name: value or "" for name, value in dotenv_values(TOP / ".env.example").items()}
    with pytest.raises(SettingsError) as problem:
        load(example)
    told = [mistake.variable for mistake in problem.value.mistakes]
    assert told == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "ASK_CHANNEL_ID",
        "SME_TL_USER_IDS",
        "MANAGER_USER_IDS",
    ]
    assert all(isinstance(mistake, Mistake) for mistake in problem.value.mistakes)
    filled = {name: GOOD[name] for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ASK_CHANNEL_ID")}
    people = {"SME_TL_USER_IDS": "U0SAM", "MANAGER_USER_IDS": "U0MIA"}
    assert load(example | filled | people).database_url == "sqlite:///askdesk.db"


def test_keys_are_read_in_their_order_and_never_shown() -> None:
    new, old = new_key(), new_key()
    settings = load(GOOD | {"ENCRYPTION_KEY": f"{new}, {old}"})
    assert settings.vault.key_ids == Vault([new, old]).key_ids
    assert new not in repr(settings)
    assert not load(GOOD).vault.has_key


def test_a_wrong_key_is_told_by_its_place_and_never_shown() -> None:
    good, wrong = new_key(), "verysecretthing"
    assert mistakes({"ENCRYPTION_KEY": wrong}) == {
        "ENCRYPTION_KEY": "ENCRYPTION_KEY is not a key: it has characters that no key has, or is cut off. "
        "Enter one that `askdesk key` made: 44 characters."
    }
    told = mistakes({"ENCRYPTION_KEY": f"{good},{wrong}"})["ENCRYPTION_KEY"]
    assert "(its 2. key)" in told
    assert not any(secret in told for secret in (good, wrong))
