"""What all modals share, and those of the settings; the form of a move is in its face (bot/faces/)."""

from bot.views.modals.frame import loading, problem

__all__ = ["loading", "problem"]
