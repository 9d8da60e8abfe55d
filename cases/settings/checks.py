"""What every section of the settings shares: gathering mistakes, and checking who is chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from cases.errors import FieldErrors
from cases.fields import Field
from cases.settings.typed import NotUnderstood

T = TypeVar("T")

IDS_AT_MOST = 100
"""Groups or people in one list: more are mentioned in no message."""


@dataclass(frozen=True)
class KnownGroups:
    """What Slack tells of user groups by id: the members of those that were read, and their handles."""

    members: Mapping[str, Collection[str]] = field(default_factory=dict)
    handles: Mapping[str, str] = field(default_factory=dict)

    def name(self, group: str) -> str:
        """The group as people know it."""
        return f"@{self.handles[group]}" if group in self.handles else group


class Mistakes:
    """The mistakes of one form, each at its field; nothing is read until all of it was."""

    def __init__(self) -> None:
        self.errors: dict[Field, str] = {}

    def read(self, at: Field, reading: Callable[..., T], *args: object, instead: T) -> T:
        """What a field says, or `instead` where that is a mistake."""
        try:
            return reading(*args)
        except NotUnderstood as problem:
            self.errors.setdefault(at, str(problem))
            return instead

    def add(self, at: Field, sentence: str) -> None:
        self.errors.setdefault(at, sentence)

    def none_or_raise(self) -> None:
        """Raises FieldErrors with all that was found."""
        if self.errors:
            raise FieldErrors(self.errors)

    def groups(self, at: Field, ids: Iterable[str], known: KnownGroups) -> tuple[str, ...]:
        """User groups that were chosen; one that is known to have no members would call nobody."""
        groups = self._ids(at, ids, r"S[A-Z0-9]{2,}", "user groups")
        empty = [known.name(group) for group in groups if group in known.members and not known.members[group]]
        if empty:
            self.add(at, f"Nobody is in {' and '.join(empty)}. Add somebody in Slack first, or take it out.")
        return groups

    def users(self, at: Field, ids: Iterable[str]) -> tuple[str, ...]:
        """People who were chosen."""
        return self._ids(at, ids, r"[UW][A-Z0-9]{2,}", "people")

    def _ids(self, at: Field, ids: Iterable[str], shape: str, what: str) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(ids))
        if not all(re.fullmatch(shape, one) for one in chosen):
            self.add(at, f"Choose {what} from the list.")
        elif len(chosen) > IDS_AT_MOST:
            self.add(at, f"Choose at most {IDS_AT_MOST} {what}.")
        return chosen
