"""What goes wrong in a story, told so that a failing test can be read."""

from __future__ import annotations


class NotSeen(AssertionError):
    """Something that should have been seen in time wasn't; the text says what was there instead."""


class NotThere(AssertionError):
    """Nothing there has this name, label or text; the text says what there is."""


class Refused(AssertionError):
    """The workspace doesn't let a person do that; the text is its reason."""


class Unreachable(AssertionError):
    """The sandbox itself gave no usable answer."""
