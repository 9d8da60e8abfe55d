"""The vault: personal and confidential texts as the database keeps them, sealed with the key from the environment.

A sealed text begins with `SEALED` and the sealing key's id, so that what is plain, what another key sealed and what
is up to date can be told apart without opening it. Several keys at once are for the time of a change: the first
seals, all of them open.

- `VaultError`: what was asked needs a key that is not there; its text is a sentence for whoever runs the desk.
    - `NoKey`: no key at all.
    - `WrongKey`: another key than the one that sealed, or the sealed text was changed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken

SEALED = "\x01"
"""The sign before a sealed text, which nobody can type (`cases.text.clean`)."""

PLAIN = f"{SEALED}:"
"""Before a text that is not sealed although it begins with that sign."""

KEY_BYTES = 32


class VaultError(Exception):
    """A key is missing, or is not the right one."""


class NoKey(VaultError):
    """There is no key."""


class WrongKey(VaultError):
    """No key of this vault opens it."""


class BadKey(ValueError):
    """What was given is no key; the text says what is wrong, never the key itself."""


def new_key() -> str:
    """A key as `ENCRYPTION_KEY` takes it: 32 random bytes, 44 characters."""
    return Fernet.generate_key().decode()


class Vault:
    """Seals with the first of its keys and opens with any; without keys it says so (`has_key`) and seals nothing."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._keys = {key.id: key for key in map(_Key, keys)}
        self._first = next(iter(self._keys.values()), None)

    def __repr__(self) -> str:
        return f"Vault(keys={list(self._keys)})"

    @property
    def has_key(self) -> bool:
        return self._first is not None

    @property
    def key_ids(self) -> tuple[str, ...]:
        """What tells the keys apart, the one that seals first; nobody can make a key from it."""
        return tuple(self._keys)

    def seal(self, text: str) -> str:
        """The text so that only the key opens it; twice the same text gives two that differ. Raises NoKey."""
        return self._sealing().seal(text)

    def open(self, sealed: str) -> str:
        """What was sealed. Raises NoKey or WrongKey, the latter also where the sealed text was changed."""
        key_id, _, token = sealed.removeprefix(SEALED).partition(":")
        self._sealing()
        if not is_sealed(sealed) or key_id not in self._keys:
            raise WrongKey("A text was sealed with a key that is not in ENCRYPTION_KEY.")
        return self._keys[key_id].open(token)

    def digest(self, text: str) -> str:
        """The same for the same text and key, and of no use without the key: for looking up what is equal. Raises NoKey."""
        return self._sealing().digest(text)

    def keep(self, text: str) -> str:
        """A personal text as its column holds it: sealed where there is a key. Nothing stays nothing."""
        if self._first and text:
            return self._first.seal(text)
        return PLAIN + text if text.startswith(SEALED) else text

    def read(self, column: str) -> str:
        """What `keep` was given, by whichever key. Raises NoKey or WrongKey."""
        return self.open(column) if is_sealed(column) else column.removeprefix(PLAIN)

    def mark(self, text: str) -> str:
        """By what a personal text is found again in its column: its digest where there is a key."""
        return self._first.digest(text) if self._first and text else text

    def marks(self, text: str) -> tuple[str, ...]:
        """All by which it may be found while a key is new or changes: as it is, and by each key's digest."""
        return (text, *(key.digest(text) for key in self._keys.values()))

    @property
    def sign(self) -> str:
        """How every text that is sealed with the first key begins. Raises NoKey."""
        return self._sealing().sign

    def _sealing(self) -> _Key:
        if self._first is None:
            raise NoKey("This needs a key: set ENCRYPTION_KEY (`askdesk key` makes one).")
        return self._first


class _Key:
    """One key: it seals and opens, and a second key made from it makes digests."""

    def __init__(self, key: str) -> None:
        try:
            raw = base64.b64decode(key.encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            raise BadKey("is no key: it has signs in it that no key has, or is cut off") from None
        if len(raw) != KEY_BYTES:
            raise BadKey(f"is no key: it holds {len(raw)} bytes instead of {KEY_BYTES}")
        self._fernet = Fernet(key)
        self._digests = _hmac(raw, b"askdesk digest").digest()
        self.id = _hmac(raw, b"askdesk key id").hexdigest()[:8]
        self.sign = f"{SEALED}{self.id}:"

    def seal(self, text: str) -> str:
        # Fernet writes the time into its token; when something happened is for the record to say.
        return self.sign + self._fernet.encrypt_at_time(text.encode(), 0).decode()

    def open(self, token: str) -> str:
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            raise WrongKey("A sealed text was changed: its key does not open it.") from None

    def digest(self, text: str) -> str:
        return f"{self.id}:{_hmac(self._digests, text.encode()).hexdigest()}"


def is_sealed(column: str) -> bool:
    """Whether a column holds a sealed text."""
    return column.startswith(SEALED) and not column.startswith(PLAIN)


def _hmac(key: bytes, text: bytes) -> hmac.HMAC:
    return hmac.new(key, text, hashlib.sha256)
