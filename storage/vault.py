"""The vault: personal and confidential texts as the database holds them, sealed with the key from the environment.

A sealed text begins with `SEALED` and the sealing key's id. So plain texts, texts of another key and up-to-date ones
can be told apart without opening them. To change the key, give several: the first seals, all of them open.

A *bound* text opens only in the place it was sealed for (table, column, row; storage/personal.py): moved to another
row, it counts as forged. Older versions sealed without a place; such texts can be opened until everything here is bound
(`strict`), and are refused from then on, like plain ones.

The same key vouches for what is not secret: `vouch` makes a mark over a text that nobody can make without the key.

- `VaultError`: a key is missing; the text is a sentence for the operator. - `NoKey`: no key at all. - `WrongKey`:
  another key sealed it, or the sealed text was changed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEALED = "\x01"
"""Marks a sealed text. Nobody can type it (`cases.text.clean`)."""

PLAIN = f"{SEALED}:"
"""Precedes a plain text that happens to begin with that sign."""

BOUND = "+"
"""Between the key's id and the colon: this text is bound to its place."""

KEY_BYTES = 32

NONCE_BYTES = 12
PADDED_TO = 32
"""Bytes; hides how long a short text is."""

MARK_LENGTH = 32
"""Hexadecimal digits of a mark: 128 bits."""


class VaultError(Exception):
    """A key is missing, or is not the right one."""


class NoKey(VaultError):
    """There is no key."""


class WrongKey(VaultError):
    """None of this vault's keys opens it."""


class BadKey(ValueError):
    """This is not a key; the text says what is wrong with it, but never shows it."""


def new_key() -> str:
    """A key for `ENCRYPTION_KEY`: 32 random bytes, 44 characters."""
    return Fernet.generate_key().decode()


class Vault:
    """Seals with its first key and opens with any of them; without keys (`has_key`) it seals nothing."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._keys = {key.id: key for key in map(_Key, keys)}
        self._first = next(iter(self._keys.values()), None)
        self.strict = False
        """Whether everything in the database is bound: if so, an unbound text was put there by somebody else."""

    def __repr__(self) -> str:
        return f"Vault(keys={list(self._keys)})"

    @property
    def has_key(self) -> bool:
        return self._first is not None

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The keys' ids, the sealing one first; nobody can make a key from an id."""
        return tuple(self._keys)

    def seal(self, text: str, place: str | None = None) -> str:
        """Seals the text: only the key opens it, and only in its place if one is given. Raises NoKey. Sealing the same
        text twice gives different results.
        """
        key = self._sealing()
        return key.seal(text) if place is None else key.bind(text, place)

    def open(self, sealed: str, place: str | None = None) -> str:
        """The plain text. Raises NoKey, or WrongKey, also if the text was changed or moved."""
        self._sealing()
        name, _, token = sealed.removeprefix(SEALED).partition(":")
        key = self._keys.get(name.removesuffix(BOUND))
        if not is_sealed(sealed) or key is None:
            raise WrongKey("A text was sealed with a key that is not in ENCRYPTION_KEY.")
        return key.unbind(token, place or "") if name.endswith(BOUND) else key.open(token)

    def digest(self, text: str) -> str:
        """Equal for equal texts under the same key, and useless without it: for lookups. Raises NoKey."""
        return self._sealing().digest(text)

    def keep(self, text: str, place: str | None = None) -> str:
        """A personal text as its column holds it: sealed if there is a key. An empty text stays empty."""
        if self._first and text:
            return self.seal(text, place)
        return PLAIN + text if text.startswith(SEALED) else text

    def read(self, column: str, place: str | None = None) -> str:
        """What `keep` was given, under any key. Raises NoKey or WrongKey."""
        if self.strict and column and not is_bound(column):
            raise WrongKey("Askdesk did not seal this text: somebody put it there by hand.")
        return self.open(column, place) if is_sealed(column) else column.removeprefix(PLAIN)

    def vouch(self, domain: str, text: str) -> str:
        """A mark over a text, with the first key's id; nobody can make it without the key. Raises NoKey."""
        return self._sealing().vouch(domain, text)

    def vouches(self, domain: str, text: str, mark: str) -> bool | None:
        """Whether one of this vault's keys made the mark over this text; None if the mark is another key's."""
        key = self._keys.get(mark.partition(":")[0])
        return None if key is None else hmac.compare_digest(key.vouch(domain, text), mark)

    def mark(self, text: str) -> str:
        """What finds a personal text in its column: its digest if there is a key."""
        return self._first.digest(text) if self._first and text else text

    def marks(self, text: str) -> tuple[str, ...]:
        """Every mark it may have while a key is new or changing: the plain text, and each key's digest."""
        return (text, *(key.digest(text) for key in self._keys.values()))

    @property
    def sign(self) -> str:
        """The beginning of every text that the first key bound to its place. Raises NoKey."""
        return f"{SEALED}{self._sealing().id}{BOUND}:"

    def _sealing(self) -> _Key:
        if self._first is None:
            raise NoKey("This needs a key: set ENCRYPTION_KEY (`askdesk key` makes one).")
        return self._first


class _Key:
    """One key, which seals and opens; keys derived from it bind texts, make digests, and vouch."""

    def __init__(self, key: str) -> None:
        try:
            raw = base64.b64decode(key.encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            raise BadKey("is not a key: it has characters that no key has, or is incomplete") from None
        if len(raw) != KEY_BYTES:
            raise BadKey(f"is not a key: it holds {len(raw)} bytes instead of {KEY_BYTES}")
        self._fernet = Fernet(key)
        self._digests = _hmac(raw, b"askdesk digest").digest()
        self._record = _hmac(raw, b"askdesk record").digest()
        self._binding = AESGCM(_hmac(raw, b"askdesk binding").digest())
        self.id = _hmac(raw, b"askdesk key id").hexdigest()[:8]

    def seal(self, text: str) -> str:
        # Fernet puts the time into its token; only the record should say when something happened.
        return f"{SEALED}{self.id}:" + self._fernet.encrypt_at_time(text.encode(), 0).decode()

    def open(self, token: str) -> str:
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            raise WrongKey("A sealed text was changed: its key does not open it.") from None

    def bind(self, text: str, place: str) -> str:
        padded = text.encode() + b"\x80"
        padded += bytes(-len(padded) % PADDED_TO)
        nonce = os.urandom(NONCE_BYTES)
        token = nonce + self._binding.encrypt(nonce, padded, place.encode())
        return f"{SEALED}{self.id}{BOUND}:{base64.b64encode(token).decode()}"

    def unbind(self, token: str, place: str) -> str:
        try:
            raw = base64.b64decode(token.encode("ascii"), validate=True)
            padded = self._binding.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
        except (ValueError, InvalidTag):
            raise WrongKey("A sealed text was changed, or moved from where it was sealed.") from None
        return padded.rstrip(b"\x00")[:-1].decode()

    def digest(self, text: str) -> str:
        return f"{self.id}:{_hmac(self._digests, text.encode()).hexdigest()}"

    def vouch(self, domain: str, text: str) -> str:
        made = _hmac(self._record, f"{domain}\n{text}".encode()).hexdigest()
        return f"{self.id}:{made[:MARK_LENGTH]}"


def is_sealed(column: str) -> bool:
    """Whether a column holds a sealed text."""
    return column.startswith(SEALED) and not column.startswith(PLAIN)


def is_bound(column: str) -> bool:
    """Whether a column holds a sealed text that is bound to its place."""
    return is_sealed(column) and column.partition(":")[0].endswith(BOUND)


def _hmac(key: bytes, text: bytes) -> hmac.HMAC:
    return hmac.new(key, text, hashlib.sha256)
