"""Reading a JSON file that a person wrote: every mistake with its place, and names made into ids."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from sandbox.workspace.model import Json


class ConfigError(Exception):
    """A configuration that cannot be used; `mistakes` says all that is wrong, a line each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def read_json(file: Path) -> Any:
    """What a JSON file holds, or a readable refusal."""
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=_no_key_twice)
    except OSError as error:
        raise ConfigError([f"{file}: cannot be read: {error.strerror or error}"]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"{file}: is no text in UTF-8"]) from None
    except json.JSONDecodeError as error:
        place = f"{file}, line {error.lineno}, column {error.colno}"
        raise ConfigError([f"{place}: this is no JSON: {error.msg}"]) from None
    except RecursionError:
        raise ConfigError([f"{file}: is nested too deeply"]) from None
    except _Twice as twice:
        raise ConfigError([f"{file}: the key {twice} stands twice in one object"]) from None


class _Twice(Exception):
    """A key that an object has twice; JSON itself would keep the last one without a word."""


def _no_key_twice(pairs: list[tuple[str, Any]]) -> Json:
    found: Json = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(repr(key))
        found[key] = value
    return found


class Entry:
    """One object of the file, its place, and the mistakes that reading it brings up."""

    def __init__(self, given: Json, where: str, mistakes: list[str]) -> None:
        self.given = given
        self.where = where
        self._mistakes = mistakes

    def at(self, name: str) -> str:
        """The place of a field."""
        return f"{self.where}.{name}" if self.where else name

    def wrong(self, name: str, what: str) -> None:
        """Note a mistake."""
        self._mistakes.append(f"{self.at(name)}: {what}")

    def knows_only(self, names: tuple[str, ...]) -> None:
        """Note fields that nobody reads; mostly they are misspelt."""
        for name in self.given:
            if name not in names:
                close = difflib.get_close_matches(name, names, 1)
                hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(names)}"
                self.wrong(name, f"nothing is called that here; {hint}")

    def text(self, name: str, default: str, form: str = r"(?s).+", called: str = "a text") -> str:
        """A field as text; `called` says what it must look like."""
        value = self.given.get(name, default)
        if not isinstance(value, str) or not re.fullmatch(form, value):
            if name not in self.given:
                self.wrong(name, "is missing")
            else:
                self.wrong(name, f"must be {called}, not {value!r}")
            return default
        return value

    def flag(self, name: str, default: bool) -> bool:
        """A field that is true or false."""
        value = self.given.get(name, default)
        if not isinstance(value, bool):
            self.wrong(name, f"must be true or false, not {value!r}")
            return default
        return value

    def entries(self, name: str, *, short: str | None = None) -> list[Entry]:
        """The objects of a list; with `short` a bare text stands for an object with that one field."""
        found = []
        for number, one in enumerate(self.values(name)):
            where = f"{self.at(name)}[{number}]"
            value = {short: one} if short is not None and isinstance(one, str) else one
            if not isinstance(value, dict):
                self._mistakes.append(f"{where}: must be an object in {{…}}, not {one!r}")
                continue
            found.append(Entry(value, where, self._mistakes))
        return found

    def values(self, name: str) -> list[Any]:
        """A field that is a list."""
        value = self.given.get(name, [])
        if not isinstance(value, list):
            self.wrong(name, f"must be a list in […], not {value!r}")
            return []
        return value


def _plain(text: str) -> str:
    """A text without accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def capitals(text: str) -> str:
    """What ids are made of: the capitals and digits of a name, or of its hash where it has none."""
    return re.sub(r"[^A-Z0-9]", "", _plain(text).upper()) or hexadecimal(text)[:8].upper()


def slug(text: str, between: str = "-") -> str:
    """A name in lower case, without spaces."""
    found = re.sub(r"[^a-z0-9]+", between, _plain(text).casefold()).strip(between)
    return found or hexadecimal(text)[:8]


def hexadecimal(text: str) -> str:
    """Something that looks drawn by lot and is always the same."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
