"""Who and what is meant: people, channels and groups by the names that everybody uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.driver.errors import NotThere

Json = dict[str, Any]


@dataclass(frozen=True)
class Names:
    """The names of a workspace at one moment, from the control API's ``/control/state``."""

    users: Mapping[str, Json] = field(default_factory=dict)
    channels: Mapping[str, Json] = field(default_factory=dict)
    usergroups: Mapping[str, Json] = field(default_factory=dict)
    apps: tuple[Json, ...] = ()

    @classmethod
    def of(cls, state: Json) -> Names:
        """From the answer of ``/control/state``."""
        return cls(
            users={user["id"]: user for user in state["users"]},
            channels={channel["id"]: channel for channel in state["channels"]},
            usergroups={group["id"]: group for group in state["usergroups"]},
            apps=tuple(state["apps"]),
        )

    def user(self, who: str) -> Json:
        """A person or bot by id, @name, full name, or first name if only one has it."""
        if who in self.users:
            return self.users[who]
        wanted = who.removeprefix("@").casefold()
        for of_user in (_names, _first_name):
            found = [user for user in self.users.values() if wanted in of_user(user)]
            if len(found) == 1:
                return found[0]
        everybody = ", ".join(sorted(user["real_name"] for user in self.users.values()))
        raise NotThere(f"nobody here is called {who!r} (or more than one is). There are: {everybody}")

    def usergroup(self, which: str) -> Json:
        """A user group by id, @handle or name."""
        wanted = which.removeprefix("@").casefold()
        for group in self.usergroups.values():
            if wanted in (group["id"].casefold(), group["handle"].casefold(), group["name"].casefold()):
                return group
        handles = ", ".join(f"@{group['handle']}" for group in self.usergroups.values())
        raise NotThere(f"no user group is called {which!r}. There are: {handles}")

    def channel(self, where: str | Iterable[str], seen_by: str | None = None) -> Json:
        """A conversation by id or #name; ``@somebody`` (or several) is the direct message with ``seen_by``."""
        if not isinstance(where, str):
            return self._direct([self.user(who)["id"] for who in where], seen_by)
        if where in self.channels:
            return self.channels[where]
        if where.startswith("@"):
            return self._direct([self.user(where)["id"]], seen_by)
        wanted = where.removeprefix("#").casefold()
        for channel in self.channels.values():
            if channel.get("name", "").casefold() == wanted:
                return channel
        there = ", ".join(sorted(self.channel_name(channel) for channel in self.channels))
        raise NotThere(f"no conversation is called {where!r}. There are: {there}")

    def _direct(self, others: list[str], seen_by: str | None) -> Json:
        members = {*others, *([seen_by] if seen_by else [])}
        for channel in self.channels.values():
            if channel["kind"] in ("im", "mpim") and set(channel["members"]) == members:
                return channel
        who = ", ".join(self.user_name(member) for member in sorted(members))
        raise NotThere(f"there is no direct message between {who}")

    def user_name(self, user_id: str) -> str:
        """What people read for a user id."""
        user = self.users.get(user_id)
        return user["real_name"] if user else user_id

    def handle(self, usergroup_id: str) -> str:
        """What people read for a user group id, without the @."""
        group = self.usergroups.get(usergroup_id)
        return str(group["handle"]) if group else usergroup_id

    def channel_name(self, channel_id: str) -> str:
        """What people read for a channel id."""
        channel = self.channels.get(channel_id)
        if channel is None:
            return channel_id
        if channel["kind"] in ("im", "mpim"):
            return "the DM of " + ", ".join(self.user_name(member) for member in channel["members"])
        return f"#{channel['name']}"


def _names(user: Json) -> tuple[str, ...]:
    return (user["name"].casefold(), user["real_name"].casefold())


def _first_name(user: Json) -> tuple[str, ...]:
    return (user["real_name"].casefold().partition(" ")[0],)
