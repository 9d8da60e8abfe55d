"""Plays a table of turns in the workspace: each person does what people do, with the clock set to the turn's minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.demo.shift import CUSTOMERS, ESCALATE, SAYS, Turn
from cases.fields import Field
from cases.times import wall
from sandbox.driver import Driver, Message, Modal


class Player:
    """The hands of everybody in a table; `at_rest` waits until the bot has nothing more to do."""

    def __init__(self, slack: Driver, moment: datetime, at_rest: Callable[[], None]) -> None:
        self._slack = slack
        self._moment = moment
        self._at_rest = at_rest

    def plays(self, turn: Turn) -> None:
        """Does what the turn says, and sees that it was taken."""
        ways = {ESCALATE: self._escalates, SAYS: self._says}
        ways.get(turn.does, self._presses)(turn)
        self._at_rest()

    def _escalates(self, turn: Turn) -> None:
        who, customer = self._slack.person(turn.who), CUSTOMERS[_number(turn)]
        who.types(f"/escalate {customer.name} {customer.contact}", in_=turn.place)
        self._submits(who.modal(turn.does), turn)

    def _says(self, turn: Turn) -> None:
        place = turn.place if turn.case is None else self._card(turn)
        self._slack.person(turn.who).says(turn.words, in_=place)

    def _presses(self, turn: Turn) -> None:
        who = self._slack.person(turn.who)
        who.clicks(turn.does, on=self._card(turn))
        if turn.form or turn.call is not None:
            self._submits(who.modal(), turn)

    def _submits(self, modal: Modal, turn: Turn) -> None:
        for label, value in {**turn.form, **self._promised(turn)}.items():
            if modal.choose(label, value).acked:
                self._at_rest()  # the form is drawn anew, with what this choice asks for
        result = modal.submit()
        if not result.closed:
            raise RuntimeError(
                f"{turn.who}'s form ({turn.does}, case {turn.case}) was not taken: {result.errors}"
            )

    def _card(self, turn: Turn) -> Message:
        title = f"Case {_number(turn)} ·"
        shown = self._slack.channel(turn.place).messages()
        return next(message for message in shown if message.fallback.startswith(title))

    def _promised(self, turn: Turn) -> dict[str, str]:
        if turn.call is None:
            return {}
        local = wall(self._moment + timedelta(minutes=turn.call), CUSTOMERS[_number(turn)].zone)
        return {Field.DATE.label: f"{local:%Y-%m-%d}", Field.TIME.label: f"{local:%H:%M}"}


def _number(turn: Turn) -> int:
    if turn.case is None:
        raise ValueError(f"{turn} is about no case")
    return turn.case
