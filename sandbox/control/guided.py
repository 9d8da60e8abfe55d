"""The tour's addresses: its checklist, the push to its next moment, starting over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from sandbox.control.part import Body, Handler, Part
from sandbox.control.tour import Step, Tour
from sandbox.workspace.core import Core
from sandbox.workspace.errors import NotPossible
from sandbox.workspace.model import Json
from sandbox.workspace.workspace import iso


class Guided(Part):
    """Serves the tour of the program that runs the sandbox, if it has one."""

    def __init__(self, core: Core, tour: Callable[[], Tour | None]) -> None:
        super().__init__(core)
        self._tour = tour

    def gets(self) -> Mapping[str, Handler]:
        """What answers a GET."""
        return {"tour": self.tour}

    def posts(self) -> Mapping[str, Handler]:
        """What answers a POST."""
        return {"tour/next": self.next, "tour/restart": self.restart}

    async def tour(self, body: Body) -> Json:
        """The checklist as it stands; null where nobody gives a tour."""
        tour = self._tour()
        if tour is None:
            return {"tour": None}
        moment = await tour.next_moment()
        steps = [_step_json(step) for step in await tour.steps()]
        return {"tour": {"title": tour.title, "steps": steps, "next": iso(moment) if moment else None}}

    async def next(self, body: Body) -> Json:
        """Let time pass until the app does something by itself; `moved` is false where nothing is to come.

        Time may reach that moment while it is being computed. Then the clock is not pushed, and what is due is waited
        for: it never goes back.
        """
        moment = await self._given().next_moment()
        clock = self.core.clock
        if moment is not None:
            await clock.let_pass(max(timedelta(), moment - clock.now()))
        return {"now": iso(clock.now()), "moved": moment is not None}

    async def restart(self, body: Body) -> Json:
        """Back to the tour's beginning."""
        await self._given().start_over()
        return {"ok": True, "revision": self.workspace.revision}

    def _given(self) -> Tour:
        if (tour := self._tour()) is None:
            raise NotPossible("there is no tour here")
        return tour


def _step_json(step: Step) -> Json:
    return {
        "key": step.key,
        "title": step.title,
        "how": step.how,
        "as": step.as_user,
        "channel": step.channel,
        "done": step.done,
    }
