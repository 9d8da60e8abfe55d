"""A workspace of your own, from a JSON file: what may stand in it, what is made up where it is silent.

Ids and tokens may be left out. Ids are made from the names then, so they stay the same from one start to the next;
tokens are made anew each time.
Every mistake is found, not just the first, and told with its place: `channels[2].members[0]: nobody has the id U0X`.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sandbox import manifest as manifests
from sandbox.entry import ConfigError, Entry, capitals, read_json, slug
from sandbox.seed import SECRETS, contact_centre, new_secrets
from sandbox.workspace.model import Json

_NAMED = re.compile(r"[UW][A-Z0-9]{2,}")
_TOP = ("workspace", "team", "users", "usergroups", "channels", "apps")
_USER = ("id", "name", "real_name", "tz", "email", "deleted", "team_id")
_USERGROUP = ("id", "handle", "name", "users", "enabled")
_CHANNEL = ("id", "name", "kind", "private", "members", "archived", "ext_shared", "created")
_APP = (
    "id", "manifest", "manifest_file", "request_url", "bot_token", "app_token", "signing_secret",
    "verification_token", "bot_user_id", "bot_id",
)  # fmt: skip
_KINDS = {"channel": "C", "private": "C", "im": "D", "mpim": "G"}


def load(file: Path) -> Json:
    """The configuration of a file, ready for `Seed(config=…)`."""
    return complete(read_json(file), file.parent)


def complete(given: object, folder: Path) -> Json:
    """A configuration with everything filled in; `folder` is where its manifest files are."""
    reader = _Reader(folder)
    found = reader.read(given)
    if reader.mistakes:
        raise ConfigError(reader.mistakes)
    return found


def starting_point() -> Json:
    """The default workspace as a configuration to change; what would be filled in again is left out."""
    centre = contact_centre()
    channels = [channel for channel in centre["channels"] if channel.get("kind") != "im"]
    people = {key: centre[key] for key in ("users", "usergroups")}
    apps = [{key: value for key, value in app.items() if key not in SECRETS} for app in centre["apps"]]
    return {"workspace": centre["team"], **people, "channels": channels, "apps": apps}


class _Reader:
    """Reads a whole configuration."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mistakes: list[str] = []
        self._taken: dict[str, str] = {}
        self._people: dict[str, str] = {}

    def read(self, given: object) -> Json:
        """The configuration, filled in."""
        if not isinstance(given, dict):
            self.mistakes.append("the file must hold an object in {…} with users, channels and apps")
            return {}
        top = Entry(given, "", self.mistakes)
        top.knows_only(_TOP)
        for name in ("users", "apps"):
            if given.get(name) in (None, []):
                top.wrong(name, "is missing; there must be one at least")
        team = self._team(top)
        users = [self._user(entry, team["id"]) for entry in top.entries("users", short="real_name")]
        apps = [self._app(entry) for entry in top.entries("apps")]
        self._commands_once(apps)
        bots = [app["bot_user_id"] for app in apps]
        everybody = [user["id"] for user in users if not user["deleted"]] + bots
        usergroups = [self._usergroup(entry) for entry in top.entries("usergroups")]
        if "channels" not in given:
            top = Entry({"channels": ["general"]}, "", self.mistakes)
        channels = [self._channel(entry, everybody) for entry in top.entries("channels", short="name")]
        return {
            "team": team,
            "users": users,
            "usergroups": usergroups,
            "channels": [*channels, *self._missing_dms(users, bots, channels)],
            "apps": apps,
        }

    # Ids and names

    def _id(self, entry: Entry, default: str, form: str, called: str, name: str = "id") -> str:
        """An id of the file's own or one that is made up; never one that is taken."""
        found = entry.text(name, default, form, called)
        if name not in entry.given:
            return self._free(default, entry.where)
        if found in self._taken:
            entry.wrong(name, f"{found} is taken by {self._taken[found]}")
        self._taken.setdefault(found, entry.where)
        return found

    def _free(self, wanted: str, owner: str) -> str:
        """An id that nobody has yet, as much like the one that is wanted as can be."""
        found, number = wanted, 2
        while found in self._taken:
            found, number = f"{wanted}{number}", number + 1
        self._taken[found] = owner
        return found

    def _call(self, user: str, *names: str) -> None:
        for name in names:
            self._people.setdefault(name.casefold(), user)

    def _members(self, entry: Entry, name: str) -> list[str]:
        """The ids of those whom a list names by id, by name or by full name."""
        found = []
        for number, key in enumerate(entry.values(name)):
            user = self._people.get(key.removeprefix("@").casefold()) if isinstance(key, str) else None
            if user is not None:
                found.append(user)
                continue
            place = f"{name}[{number}]"
            if not isinstance(key, str):
                entry.wrong(place, f"must be somebody's id or name, not {key!r}")
            elif _NAMED.fullmatch(key):
                entry.wrong(place, f"nobody has the id {key}")
            else:
                close = difflib.get_close_matches(key.casefold(), self._people, 1)
                hint = f"; did you mean {close[0]}?" if close else ""
                entry.wrong(place, f"nobody is called {key!r}{hint}")
        return list(dict.fromkeys(found))

    # The parts

    def _team(self, top: Entry) -> Json:
        name = "team" if "team" in top.given and "workspace" not in top.given else "workspace"
        given = top.given.get(name, {})
        if isinstance(given, str):
            given = {"name": given}
        if not isinstance(given, dict):
            top.wrong(name, f"must be a name or an object in {{…}}, not {given!r}")
            given = {}
        entry = Entry(given, name, self.mistakes)
        entry.knows_only(("id", "name", "domain"))
        called = entry.text("name", "Sandbox")
        domain = entry.text("domain", slug(called), r"[a-z0-9][a-z0-9-]*", "lower case letters, digits and -")
        team_id = self._id(entry, f"T0{capitals(called)}", "T[A-Z0-9]+", "T and capital letters or digits")
        return {"id": team_id, "name": called, "domain": domain}

    def _user(self, entry: Entry, team: str) -> Json:
        entry.knows_only(_USER)
        given_name = entry.given.get("name")
        real_name = entry.text("real_name", given_name if isinstance(given_name, str) else "")
        name = entry.text("name", slug(real_name, "."))
        user_id = self._id(
            entry, f"U0{capitals(real_name)}", "[UW][A-Z0-9]+", "U and capital letters or digits"
        )
        self._call(user_id, user_id, name, real_name)
        tz = entry.text("tz", "Etc/UTC")
        try:
            ZoneInfo(tz)
        except (KeyError, ValueError, OSError):  # unknown, no name at all, a folder
            entry.wrong("tz", f"there is no time zone {tz!r}; they are called such as Europe/Berlin")
        return {
            "id": user_id,
            "name": name,
            "real_name": real_name,
            "tz": tz,
            "email": entry.text("email", "", r".*", "a text"),
            "deleted": entry.flag("deleted", False),
            "team_id": entry.text("team_id", team),
        }

    def _usergroup(self, entry: Entry) -> Json:
        entry.knows_only(_USERGROUP)
        handle = entry.text("handle", "")
        return {
            "id": self._id(entry, f"S0{capitals(handle)}", "S[A-Z0-9]+", "S and capital letters or digits"),
            "handle": handle.removeprefix("@"),
            "name": entry.text("name", handle),
            "users": self._members(entry, "users"),
            "enabled": entry.flag("enabled", True),
        }

    def _channel(self, entry: Entry, everybody: list[str]) -> Json:
        entry.knows_only(_CHANNEL)
        kinds = "|".join(_KINDS)
        private = entry.flag("private", False)
        kind = entry.text("kind", "private" if private else "channel", kinds, "one of " + ", ".join(_KINDS))
        members = self._members(entry, "members") if "members" in entry.given else everybody
        if kind == "im":
            name, default = "", f"D0{''.join(member.removeprefix('U0') for member in members)}"
            if len(members) != 2:
                entry.wrong("members", "direct messages are between two")
        else:
            given = entry.text("name", "").removeprefix("#")
            name, default = given, f"{_KINDS[kind]}0{capitals(given)}"
            if kind != "mpim" and given and not re.fullmatch(r"[^\sA-Z.,#@]{1,80}", given):
                entry.wrong(
                    "name", f"must be lower case without spaces, 80 characters at most, not {given!r}"
                )
            if given and (taken := self._taken.get(f"#{given}")):
                entry.wrong("name", f"#{given} is taken by {taken}")
            self._taken.setdefault(f"#{given}", entry.where)
        found = {
            "id": self._id(entry, default, "[CDG][A-Z0-9]+", "C and capital letters or digits"),
            "name": name,
            "kind": kind,
            "members": list(members),
            "archived": entry.flag("archived", False),
            "ext_shared": entry.flag("ext_shared", False),
        }
        if isinstance(entry.given.get("created"), int):
            found["created"] = entry.given["created"]
        return found

    def _missing_dms(self, users: list[Json], bots: list[str], channels: list[Json]) -> list[Json]:
        """Direct messages of everybody with every app, where the file has none."""
        there = {frozenset(channel["members"]) for channel in channels if channel["kind"] == "im"}
        found = []
        for number, bot in enumerate(bots):
            for user in users:
                if {user["id"], bot} in there:
                    continue
                both = user["id"].removeprefix("U0") + (bot.removeprefix("U0") if number else "")
                im_id = self._free(f"D0{both}", f"the direct messages of {user['id']} and {bot}")
                found.append({"id": im_id, "name": "", "kind": "im", "members": [user["id"], bot]})
        return found

    # Apps

    def _app(self, entry: Entry) -> Json:
        entry.knows_only(_APP)
        manifest = self._manifest(entry)
        name = manifest["display_information"]["name"]
        letters = capitals(name)
        app_id = self._id(entry, f"A0{letters}", "A[A-Z0-9]+", "A and capital letters or digits")
        bot_user = self._id(
            entry, f"U0{letters}", "[UW][A-Z0-9]+", "U and capital letters or digits", "bot_user_id"
        )
        self._call(bot_user, bot_user, name, manifest["features"]["bot_user"]["display_name"], app_id)
        made = new_secrets(app_id, slug(name))
        found: Json = {
            "id": app_id,
            "bot_user_id": bot_user,
            "bot_id": self._id(
                entry, f"B0{letters}", "B[A-Z0-9]+", "B and capital letters or digits", "bot_id"
            ),
            "bot_token": self._id(
                entry, made["bot_token"], r"xoxb-\S+", "a text that starts with xoxb-", "bot_token"
            ),
            "app_token": self._id(
                entry, made["app_token"], r"xapp-\S+", "a text that starts with xapp-", "app_token"
            ),
            "signing_secret": entry.text(
                "signing_secret", made["signing_secret"], r"\S+", "a text without spaces"
            ),
            "verification_token": entry.text("verification_token", made["verification_token"]),
            "manifest": manifest,
        }
        if url := self._request_url(entry, manifest):
            found |= {"request_url": url, "verify_request_url": True}
        return found

    def _manifest(self, entry: Entry) -> Json:
        """The app's manifest, here or in a file of its own; an empty one where it cannot be used."""
        where, given = entry.at("manifest"), entry.given.get("manifest")
        if "manifest_file" in entry.given:
            where = entry.at("manifest_file")
            if given is not None:
                entry.wrong("manifest_file", "there is a manifest beside it; one of the two must go")
            given = self._manifest_file(entry)
        elif given is None:
            entry.wrong("manifest", "is missing; give it here, or the name of its file as manifest_file")
        if given is not None:
            found = list(manifests.mistakes(given, where))
            self.mistakes.extend(found)
            if not found and isinstance(given, dict):
                return given
        return _nameless(given, entry.where)

    def _manifest_file(self, entry: Entry) -> Any:
        name = entry.text("manifest_file", "")
        if not name:
            return None
        if name.endswith((".yml", ".yaml")):
            entry.wrong(
                "manifest_file",
                f"{name} is YAML, and the sandbox reads JSON only; the App Manifest page of your app at"
                " https://api.slack.com/apps shows the same manifest as JSON",
            )
            return None
        try:
            return read_json(self.folder / name)
        except ConfigError as error:
            for mistake in error.mistakes:
                entry.wrong("manifest_file", mistake)
            return None

    def _request_url(self, entry: Entry, manifest: Json) -> str | None:
        """Where the app is reached over HTTP; None where it comes through a socket."""
        url = manifests.URL
        if "request_url" in entry.given:
            if mistake := url.mistake(entry.given["request_url"]):
                entry.wrong("request_url", mistake)
            return str(entry.given["request_url"])
        if "oauth_config" not in manifest or manifest.get("settings", {}).get("socket_mode_enabled"):
            return None
        found = manifests.request_urls(manifest)
        if not found:
            entry.wrong(
                "request_url",
                "is missing: the manifest has neither settings.socket_mode_enabled nor an address to send to",
            )
        elif len(found) > 1:
            entry.wrong(
                "request_url",
                f"is missing: the manifest names {', '.join(found)}, and the sandbox sends to one",
            )
        return found[0] if found else None

    def _commands_once(self, apps: list[Json]) -> None:
        owners: dict[str, str] = {}
        for number, app in enumerate(apps):
            for place, command in enumerate(app["manifest"]["features"].get("slash_commands", [])):
                where = f"apps[{number}].manifest.features.slash_commands[{place}].command"
                if taken := owners.get(command["command"]):
                    self.mistakes.append(f"{where}: {command['command']} is taken by {taken}")
                owners.setdefault(command["command"], where)


def _nameless(given: object, where: str) -> Json:
    """In place of a manifest that cannot be used: its names, so that nothing else looks wrong because of it."""

    def name(*path: str) -> str:
        found: Any = given
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, str) and found else where

    return {
        "display_information": {"name": name("display_information", "name")},
        "features": {"bot_user": {"display_name": name("features", "bot_user", "display_name")}},
    }
