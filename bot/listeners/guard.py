"""The guard: who comes from where, and whether the desk is open to them (house rules 4 and 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.answers import Identity
from bot.views.ids import program_of, read_metadata
from bot.views.refusals import Place, stranger, wrong_place
from cases.program import Program

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Visit:
    """Somebody at the desk, in one program."""

    program: Program
    user: str


@dataclass(frozen=True)
class Turned:
    """Somebody who is to be pointed elsewhere: the sentence, and what is counted."""

    user: str
    place: str
    sentence: str


class Guard:
    """Decides on every payload by its team, app, user and channel; `programs` is asked each time."""

    def __init__(self, identity: Identity, programs: Callable[[], Sequence[Program]]) -> None:
        self._identity = identity
        self._programs = programs

    def admit(self, body: Body) -> Visit | Turned:
        """A visit to a program, or why not.

        A modal belongs to the program that its metadata names, a button in App Home to the one that its block names;
        everything else to that of its channel. Somebody
        of another workspace (Slack Connect) and payloads for another app or team are strangers.
        """
        user = _user(body)
        if self.is_strange(body):
            return Turned(user, "stranger", stranger())
        programs = self._programs()
        view = body.get("view")
        if is_at_home(body):
            meant = program_of(str(body["actions"][0].get("block_id"))) if body.get("actions") else None
            found = next((program for program in programs if program.id == meant), None)
        elif view is not None:
            meant = read_metadata(view.get("private_metadata")).get("program")
            found = next((program for program in programs if program.id == meant), None)
        else:
            found = next((program for program in programs if program.channel == _channel(body)), None)
        if found is not None:
            return Visit(found, user)
        place = _place(body)
        return Turned(user, place.name.lower(), wrong_place(place, programs))

    def is_me(self, user: object) -> bool:
        """Whether somebody is this bot itself."""
        return user == self._identity.bot_user

    def is_strange(self, body: Body) -> bool:
        """Whether this is for another app, or from another workspace."""
        me = self._identity
        event = body.get("event")
        teams = {_team(body), _user_team(body)}
        if isinstance(event, dict):
            teams |= {event.get("user_team"), event.get("source_team")}
        return body.get("api_app_id") != me.app or bool(teams - {me.team, None})


def is_at_home(body: Body) -> bool:
    """Whether something was clicked in App Home."""
    view = body.get("view")
    return isinstance(view, Mapping) and view.get("type") == "home"


def _team(body: Body) -> str | None:
    team = body.get("team")
    return team.get("id") if isinstance(team, dict) else body.get("team_id")


def _user_team(body: Body) -> str | None:
    user = body.get("user")
    return user.get("team_id") if isinstance(user, dict) else None


def _user(body: Body) -> str:
    user = body.get("user")
    if isinstance(user, dict):
        return str(user["id"])
    event = body.get("event")
    return str(body.get("user_id") or (event.get("user") if isinstance(event, dict) else None) or "")


def _channel(body: Body) -> str | None:
    for holder in (body.get("channel"), body.get("container")):
        if isinstance(holder, dict):
            found = holder.get("id") or holder.get("channel_id")
            if found:
                return str(found)
    event = body.get("event")
    channel = event.get("channel") if isinstance(event, dict) else body.get("channel_id")
    return str(channel) if channel else None


def _place(body: Body) -> Place:
    """Where this came from, by the kind or the name of its channel as Slack gives it."""
    event = body.get("event")
    kind = event.get("channel_type") if isinstance(event, dict) else None
    channel = body.get("channel")
    name = (channel.get("name") if isinstance(channel, dict) else body.get("channel_name")) or ""
    if kind == "im" or name == "directmessage" or (_channel(body) or "").startswith("D"):
        return Place.DM
    if kind == "mpim" or name.startswith("mpdm-"):
        return Place.GROUP_DM
    return Place.CHANNEL
