"""What can happen to a case (docs/policy.md, *The life of a case*): each move is declared once, in the module of its family,
with who may make it from where and what it does. Everything else that speaks of moves reads that.

change = moves.claim(case, acting)       makes the move, or raises the Refusal that says why not
moves.why_not(case, moves.claim, acting) says why not without making it

Nothing here knows storage or Slack; every instant is aware.
"""

from cases.moves.calling import *
from cases.moves.claiming import *
from cases.moves.closing import *
from cases.moves.declared import *
from cases.moves.escalating import *
from cases.moves.handing import *
from cases.moves.making import *
from cases.moves.notes import *
from cases.moves.raising import *
from cases.moves.rescheduling import *

CLICKS: dict[str, Click] = {
    click.value: click for click in globals().copy().values() if isinstance(click, Click)
}
"""Everything that a button may stand for, by its value."""

MOVES: tuple[Move, ...] = tuple(click for click in CLICKS.values() if isinstance(click, Move))
"""All moves; those of a family in the order in which it declares them."""
