"""What a face is made of: the button that people click, the form it opens, and what sending the form does.

Nothing here talks to Slack: the listeners find the face by Slack's id, and do what it says.
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
from cases.moves import AtOnce, Change, Click
from cases.people import Person
from cases.program import Program
from cases.words import Word
from storage.reading import Reading
from storage.store import Store
from storage.unit import UnitOfWork


class FormContext(Protocol):
    """What a form may ask for while it is being prepared."""

    @property
    def store(self) -> Store: ...

    @property
    def changed(self) -> Callable[[Program], None]:
        """Call it once a change is committed."""

    async def takers(self, program: Program, besides: str | None) -> Offered | None:
        """Who may be given a case, by name; None if their names are unknown."""


@dataclass(frozen=True)
class Sent:
    """A form as Slack sends it, submitted or halfway; `who_is` knows the program's people."""

    view: Mapping[str, Any]
    who_is: Callable[[str | None], Person | None]
    may_lead: MayLead
    clicked: str = ""
    """The id of what was clicked, chosen or typed into, in a form that is not sent yet."""

    @cached_property
    def values(self) -> Values:
        """What the inputs hold, by field."""
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
        """A value in the form's metadata; raises OutOfUse."""
        return kept(self.view, name)

    def known(self, name: str) -> Any:
        """The same; None if there is none of that name."""
        return read_metadata(self.view.get("private_metadata")).get(name)


class Again(Exception):
    """Nothing of the sent form is saved: it asks for more, and is shown again as `view`."""

    def __init__(self, view: Json) -> None:
        super().__init__("the form asks for more")
        self.view = view


Entered = Callable[[Case, Act, Sent], Change]
"""Turns the entries into a move's change; raises FieldErrors."""

Does = Callable[[UnitOfWork, Act, Any], object]
Opens = Callable[[FormContext, Act, Any], Awaitable[Json]]
Sends = Callable[[UnitOfWork, Act, Sent], object]
Then = Callable[[Any, Act, Sent], Json | None]
Within = Callable[[UnitOfWork, Act, Sent, Any], Json]
Redraws = Callable[[Reading, Act, Sent], Json | None]
Asks = Callable[[Case, Closed | None, Program, datetime], Json]


@dataclass(frozen=True)
class Face:
    """A move, or what else a button stands for (`of`), as people meet it.

    The button's id and the form's callback id follow from `of`. Where messages and forms in channels have another,
    `button` and `form` name it.
    """

    of: Click | Action
    does: Does | None = None
    """Acts on the click, before its ack. If it returns a sentence, the person who clicked reads it."""
    opens: Opens | None = None
    """Draws what opens beside the ack."""
    asks: Asks | None = None
    """Draws what is asked where `does` is refused until somebody answers (`AsksFirst`)."""
    sends: Sends | None = None
    """What sending the form does; raises FieldErrors, or Again."""
    then: Then | None = None
    """Draws what the form turns into once it was sent; without it, or where it draws nothing, the form closes."""
    within: Within | None = None
    """Acts with the click in a form, with what was entered there so far; draws what takes the form's place."""
    redraws: Redraws | None = None
    """Draws the form after a choice in one of the fields `redrawn_by`, or a click there; None where nothing changes."""
    redrawn_by: tuple[Word, ...] = ()
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
        if self.does is None and self.opens is None and self.within is None:
            return None
        shown = self.button or self.of
        return shown.value if isinstance(shown, Action) else action_of(shown)

    @property
    def callback(self) -> str | None:
        """Slack's id for the sent form; None if there is nothing to send."""
        return None if self.sends is None else self.form or self.of.value


async def allowed(at: FormContext, act: Act, number: int, move: Click) -> Case:
    """The case, if this person may make the move now; raises the Refusal that is shown instead of a form."""
    return await at.store.ask(usecases.may, act, number, move)


def form_of(move: Click, draw: Callable[[Case, Program, datetime], Json]) -> Opens:
    """Opens the form of a move for those who may make it."""

    async def opens(at: FormContext, act: Act, number: int) -> Json:
        return draw(await allowed(at, act, number, move), act.program, act.now)

    return opens


def makes(move: AtOnce) -> Does:
    """Makes a move on a click."""
    return lambda unit, act, number: usecases.make(unit, act, number, move, lambda case: move(case, act))


def makes_of(move: Click, change: Entered) -> Sends:
    """Makes a move from the entries. A refusal comes before any mistake in the form."""
    return lambda unit, act, sent: usecases.make(
        unit, act, sent.case, move, lambda case: change(case, act, sent)
    )


def asking(move: Click, draw: Callable[[Case, Program, datetime], Json], change: Entered) -> Face:
    """A move with a form."""
    return Face(move, opens=form_of(move, draw), sends=makes_of(move, change))


def asking_whom(
    move: Click, draw: Callable[[Case, Program, datetime, Offered | None], Json], change: Entered
) -> Face:
    """A move with a form that chooses who gets the case."""

    async def opens(at: FormContext, act: Act, number: int) -> Json:
        case = await allowed(at, act, number, move)
        return draw(case, act.program, act.now, await at.takers(act.program, besides=case.owner))

    return Face(move, opens=opens, sends=makes_of(move, change))


def text_of(value: object) -> str:
    """A button that carries a text: somebody's id, or some days."""
    return str(value)
