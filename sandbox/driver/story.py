"""The driver itself: a workspace to tell stories in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sandbox.driver.message import Message, messages_in, thread_of
from sandbox.driver.person import Person
from sandbox.driver.render import mentions as _mentions
from sandbox.driver.render import render_text as _render
from sandbox.driver.scene import PATIENCE, Scene
from sandbox.driver.switches import Clock, Faults, Sockets
from sandbox.driver.wire import Wire

Json = dict[str, Any]
T = TypeVar("T")


class Place:
    """A channel as an onlooker who sees everything but ephemeral messages."""

    def __init__(self, scene: Scene, channel: Json) -> None:
        self._scene = scene
        self.id: str = channel["id"]
        self.name: str = scene.names().channel_name(self.id)

    def messages(self) -> list[Message]:
        """What stands in the channel, oldest first; replies only where they were sent to the channel too."""
        return [Message(self._scene, raw, self.id, "") for raw in messages_in(self._scene, self.id, None)]

    def thread(self, message: Message) -> list[Message]:
        """The replies to a message, oldest first."""
        raws = thread_of(self._scene, self.id, message.thread_ts or message.ts, None)
        return [Message(self._scene, raw, self.id, "") for raw in raws]

    def members(self) -> list[str]:
        """The ids of those who are in it."""
        channel = self._scene.names(fresh=True).channels[self.id]
        return list(channel["members"])

    def archive(self) -> None:
        """Archive the channel."""
        self._scene.wire.post("archive", channel=self.id, archived=True)

    def unarchive(self) -> None:
        """Bring it back."""
        self._scene.wire.post("archive", channel=self.id, archived=False)

    def invite(self, who: str, *, by: str | None = None) -> None:
        """Let somebody (or a bot) in; ``by`` is who invites them."""
        inviter = self._scene.user(by)["id"] if by else None
        self._scene.wire.post("invite", channel=self.id, user=self._scene.user(who)["id"], inviter=inviter)

    def kick(self, who: str) -> None:
        """Take somebody (or a bot) out."""
        self._scene.wire.post("kick", channel=self.id, user=self._scene.user(who)["id"])

    def __str__(self) -> str:
        return "\n".join([self.name, *(f"  {message}" for message in self.messages())])


class Driver:
    """A running sandbox, from the outside: ``Driver(url).person("Ana").types("/escalate", in_="#ask-billing")``.

    Safe to use from many threads at once.
    """

    def __init__(self, base_url: str) -> None:
        self._wire = Wire(base_url)
        self._scene = Scene(self._wire)
        self.clock = Clock(self._wire)
        self.faults = Faults(self._wire)
        self.sockets = Sockets(self._wire)

    # Who and where

    def person(self, who: str) -> Person:
        """Somebody by id, full name, or first name if only one has it."""
        return Person(self._scene, self._scene.user(who))

    def channel(self, where: str | Iterable[str]) -> Place:
        """A channel by id or #name."""
        return Place(self._scene, self._scene.channel(where))

    def user_id(self, who: str) -> str:
        """The id of somebody, or of a bot."""
        return str(self._scene.user(who)["id"])

    def usergroup_id(self, which: str) -> str:
        """The id of a user group, by handle or name."""
        return str(self._scene.usergroup(which)["id"])

    def state(self) -> Json:
        """Who and what there is, as the control API tells it."""
        found: Json = self._wire.get("state")
        return found

    # People come, go and change

    def add_person(self, real_name: str, *, channels: Iterable[str] = (), **more: str) -> Person:
        """Somebody new (``tz``, ``email``; another ``team_id`` makes them a stranger from another workspace)."""
        added = self._wire.post("user/add", real_name=real_name, channels=list(channels), **more)
        self._scene.names(fresh=True)
        return self.person(added["user"]["id"])

    def change_person(self, who: str, **fields: object) -> None:
        """Change somebody's ``name``, ``real_name``, ``tz``, ``email`` or whether they are ``deleted``."""
        self._wire.send("user", {**fields, "id": self.user_id(who)})
        self._scene.names(fresh=True)

    def add_channel(self, name: str, members: Iterable[str], *, private: bool = False) -> Place:
        """A new channel with these people in it."""
        kind, users = "private" if private else "channel", [self.user_id(member) for member in members]
        added = self._wire.post("channel/add", name=name, kind=kind, members=users)
        self._scene.names(fresh=True)
        return self.channel(added["id"])

    def add_usergroup(self, handle: str, members: Iterable[str], *, name: str | None = None) -> str:
        """A new user group with these people in it; its id."""
        users = [self.user_id(member) for member in members]
        group = f"S0{handle.upper().replace('-', '')}"
        self._wire.post("usergroup", id=group, handle=handle, name=name or handle, users=users)
        self._scene.names(fresh=True)
        return group

    def set_usergroup(self, which: str, members: Iterable[str]) -> None:
        """Say who is in a user group, by name."""
        users = [self.user_id(member) for member in members]
        self._wire.post("usergroup", id=self.usergroup_id(which), users=users)
        self._scene.names(fresh=True)

    # Waiting

    def eventually(self, look: Callable[[], T | None], *, about: str, within: float = PATIENCE) -> T:
        """What ``look`` finds (not None), now or after a change of the workspace; NotSeen tells ``about`` what."""
        return self._scene.wait(look, within, lambda: f"this did not come to be within {within:g} s: {about}")

    def settles(self) -> None:
        """Wait until the app has acknowledged every event."""
        self._wire.post("idle")

    def app_connects(self, sockets: int = 1, *, within: float = 10.0) -> None:
        """Wait until the app is there, with that many WebSockets."""
        self.eventually(
            lambda: True if self.sockets.alive() >= sockets else None,
            about=f"the app has {sockets} WebSocket(s) open",
            within=within,
        )

    # Behind the scenes

    def traffic(self, after: int = 0) -> list[Json]:
        """Everything that went over the wire after entry number ``after``, in order."""
        return self._scene.traffic(after)

    def calls(self, method: str, after: int = 0) -> list[Json]:
        """The app's calls of one Web API method, in order."""
        return [entry for entry in self.traffic(after) if entry["kind"] == "api" and entry["name"] == method]

    def problems(self) -> list[Json]:
        """What broke Slack's protocol."""
        found: list[Json] = self._wire.get("problems")["problems"]
        return found

    def limits(self, *, on: bool) -> None:
        """Switch Slack's rate limits on or off."""
        self._wire.post("limits", on=on)

    def revoke(self, token: str) -> None:
        """Make the app's ``bot`` or ``app`` token invalid."""
        self._wire.post("revoke", token=token)

    def restore(self, token: str) -> None:
        """Make a revoked token valid again."""
        self._wire.post("revoke", token=token, restore=True)

    def reset(self) -> None:
        """Start anew with the workspace's first state."""
        self._wire.post("reset")
        self._scene.names(fresh=True)

    # Reading

    def render(self, message: Message | Json, *, seen_by: str | None = None) -> str:
        """A message as readable plain text, with names for ids and what can be clicked in brackets."""
        if isinstance(message, Message) and seen_by is None:
            return message.render()
        raw = message.raw if isinstance(message, Message) else message
        return _render(raw, self._scene.reader(self.user_id(seen_by) if seen_by else None))


def render_text(message: Message | Json) -> str:
    """A message as readable plain text: all texts of its blocks (or its text) and, in brackets, what can be clicked.

    A ``Message`` has names for ids and times in its reader's zone; bare JSON has ids and UTC.
    """
    return message.render() if isinstance(message, Message) else _render(message)


def mentions(message: Message | Json) -> set[str]:
    """The ids of users and user groups whom a message mentions, where it shows: in its blocks, else its text."""
    return message.mentions() if isinstance(message, Message) else _mentions(message)
