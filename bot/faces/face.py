"""What a face is made of: the button that people click, the form it opens, and what sending the form does.

Nothing here talks to Slack: the listeners find the face by the id that Slack names, and do what it says.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from bot.usecases import cases as usecases
from bot.usecases.cases import Act, MayLead
from bot.views import proposal, read
from bot.views.ids import Action, action_of, case_of, kept, number_of, read_metadata
from bot.views.inputs import Offered
from bot.views.message import Json
from bot.views.read import F, Values
from cases import forms
from cases.case import Case
from cases.fields import Field
from cases.forms import Promise, PromiseForm
from cases.hours import Closed
from cases.moves import Change, Click, Combined, Made
from cases.people import Person
from cases.program import Program
from storage.reading import Reading
from storage.store import Store
from storage.unit import UnitOfWork


class FormContext(Protocol):
    """What may be asked while a form is made ready."""

    @property
    def store(self) -> Store: ...

    @property
    def changed(self) -> Callable[[Program], None]:
        """To be called once a change is committed."""

    async def takers(self, program: Program, besides: str | None) -> Offered | None:
        """Who may be given a case, by name; None where their names are not known."""


@dataclass(frozen=True)
class Sent:
    """A form as Slack hands it over, sent or in the middle; `who_is` knows the people of the program."""

    view: Mapping[str, Any]
    who_is: Callable[[str | None], Person | None]
    may_lead: MayLead

    @cached_property
    def values(self) -> Values:
        """What stands in the inputs, by field."""
        return proposal.entered(self.view)

    def one(self, field: Field) -> str | None:
        """What was typed, picked or chosen in an input."""
        return read.one(self.values, field)

    def ticked(self, field: Field) -> bool:
        """Whether a checkbox is ticked."""
        return read.ticked(self.values, field)

    def text(self, field: Field, *, required: bool = True) -> str:
        """A text, checked; raises FieldErrors."""
        return forms.read_text(self.one(field), field, required=required)

    def promise(self, case: Case, act: Act) -> Promise:
        """The new time, checked; raises FieldErrors."""
        return forms.read_when(self.form(PromiseForm), case.zone, act.program, act.now)

    def person(self, field: Field) -> Person | None:
        """Who was chosen."""
        return self.who_is(self.one(field))

    def form(self, kind: type[F]) -> F:
        """A form of `cases.forms`, as it was entered."""
        return read.form(kind, self.values)

    @property
    def asks(self) -> bool:
        """Whether the form has any inputs."""
        return any(block["type"] == "input" for block in self.view["blocks"])

    @property
    def case(self) -> int:
        """The number of the case that the form is about; raises OutOfUse."""
        return case_of(self.view)

    def kept(self, name: str) -> Any:
        """What the form's metadata holds; raises OutOfUse."""
        return kept(self.view, name)

    def known(self, name: str) -> Any:
        """The same, None where it holds nothing of that name."""
        return read_metadata(self.view.get("private_metadata")).get(name)


class Again(Exception):
    """Nothing is kept of the form that was sent: it asks for more, and shows as `view`."""

    def __init__(self, view: Json) -> None:
        super().__init__("the form asks for more")
        self.view = view


AtOnce = Made[Case, []] | Combined
"""A move, or several, for which a click is enough."""

Entered = Callable[[Case, Act, Sent], Change]
"""How what was entered becomes a move's change; raises FieldErrors."""

Does = Callable[[UnitOfWork, Act, Any], object]
Opens = Callable[[FormContext, Act, Any], Awaitable[Json]]
Sends = Callable[[UnitOfWork, Act, Sent], object]
Redraws = Callable[[Reading, Act, Sent], Json]
IfClosed = Callable[[Case, Closed, Program, datetime], Json]


@dataclass(frozen=True)
class Face:
    """A move, or what else a button stands for (`of`), as people meet it.

    The button's id and the form's callback id follow from `of`. Where messages and forms in channels have another,
    `button` and `form` name it.
    """

    of: Click | Action
    does: Does | None = None
    """Acts with the click, before its ack. What it returns, if it is a sentence, whoever clicked reads."""
    opens: Opens | None = None
    """Draws what opens beside the ack."""
    if_closed: IfClosed | None = None
    """Draws what is asked where `does` is refused because the customer is not to be called at this hour."""
    sends: Sends | None = None
    """What sending the form does; raises FieldErrors, or Again."""
    redraws: Redraws | None = None
    """Draws the form after a choice in one of the fields `redrawn_by`."""
    redrawn_by: tuple[Field, ...] = ()
    button: Action | None = None
    form: str | None = None
    reads: Callable[[object], Any] = number_of
    """What the button carries: the number of a case or of an item of feedback, or a text. Raises OutOfUse."""

    @property
    def label(self) -> str:
        return self.of.label

    @property
    def action(self) -> str | None:
        """The id by which Slack names a click on the button; None where the face has none."""
        if self.does is None and self.opens is None:
            return None
        shown = self.button or self.of
        return shown.value if isinstance(shown, Action) else action_of(shown)

    @property
    def callback(self) -> str | None:
        """The id by which Slack names the form that was sent; None where there is nothing to send."""
        return None if self.sends is None else self.form or self.of.value


async def allowed(at: FormContext, act: Act, number: int, move: Click) -> Case:
    """The case, where this person may make the move now; raises the Refusal that they read instead of a form."""
    return await at.store.ask(usecases.may, act, number, move)


def form_of(move: Click, draw: Callable[[Case, Program, datetime], Json]) -> Opens:
    """Opens the form of a move for those who may make it."""

    async def opens(at: FormContext, act: Act, number: int) -> Json:
        return draw(await allowed(at, act, number, move), act.program, act.now)

    return opens


def makes(move: AtOnce) -> Does:
    """Makes a move as it is, with the click."""
    return lambda unit, act, number: usecases.make(unit, act, number, move, lambda case: move(case, act))


def makes_of(move: Click, change: Entered) -> Sends:
    """Makes a move of what was entered. Who may not make it reads that before any mistake in the form."""
    return lambda unit, act, sent: usecases.make(
        unit, act, sent.case, move, lambda case: change(case, act, sent)
    )


def asking(move: Click, draw: Callable[[Case, Program, datetime], Json], change: Entered) -> Face:
    """A move with a form."""
    return Face(move, opens=form_of(move, draw), sends=makes_of(move, change))


def asking_whom(
    move: Click, draw: Callable[[Case, Program, datetime, Offered | None], Json], change: Entered
) -> Face:
    """A move with a form in which somebody is chosen who gets the case."""

    async def opens(at: FormContext, act: Act, number: int) -> Json:
        case = await allowed(at, act, number, move)
        return draw(case, act.program, act.now, await at.takers(act.program, besides=case.owner))

    return Face(move, opens=opens, sends=makes_of(move, change))


def text_of(value: object) -> str:
    """A button that carries a text: somebody's id, or some days."""
    return str(value)
