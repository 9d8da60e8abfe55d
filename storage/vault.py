"""The vault: personal and confidential texts as the database keeps them, sealed with the key from the environment.

A sealed text begins with `SEALED` and the sealing key's id, so that what is plain, what another key sealed and what
is up to date can be told apart without opening it. Several keys at once are for the time of a change: the first
seals, all of them open.

A *bound* text opens only in the place it was sealed for (table, column, row; storage/personal.py): moved into another
row it is as good as forged. Older versions sealed without a place; such texts are opened until everything here is bound
(`strict`), and refused from then on, like plain ones.

The same key vouches for what is not secret: `vouch` makes a mark over a text that nobody makes without the key.

- `VaultError`: what was asked needs a key that is not there; its text is a sentence for whoever runs the desk.
    - `NoKey`: no key at all.
    - `WrongKey`: another key than the one that sealed, or the sealed text was changed.
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
"""The sign before a sealed text, which nobody can type (`cases.text.clean`)."""

PLAIN = f"{SEALED}:"
"""Before a text that is not sealed although it begins with that sign."""

BOUND = "+"
"""Behind the key's id, before the colon: this text is bound to its place."""

KEY_BYTES = 32

NONCE_BYTES = 12
PADDED_TO = 32
"""Bytes: nobody sees how long a short text is."""

MARK_LENGTH = 32
"""Hexadecimal digits of a mark: 128 bits."""


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
        self.strict = False
        """Whether everything in the database is bound: a text that is not was put there by somebody else."""

    def __repr__(self) -> str:
        return f"Vault(keys={list(self._keys)})"

    @property
    def has_key(self) -> bool:
        return self._first is not None

    @property
    def key_ids(self) -> tuple[str, ...]:
        """What tells the keys apart, the one that seals first; nobody can make a key from it."""
        return tuple(self._keys)

    def seal(self, text: str, place: str | None = None) -> str:
        """The text so that only the key opens it, and only in its place if one is given. Raises NoKey.

        Twice the same text gives two that differ.
        """
        key = self._sealing()
        return key.seal(text) if place is None else key.bind(text, place)

    def open(self, sealed: str, place: str | None = None) -> str:
        """What was sealed. Raises NoKey or WrongKey, the latter also where the text was changed or moved."""
        self._sealing()
        name, _, token = sealed.removeprefix(SEALED).partition(":")
        key = self._keys.get(name.removesuffix(BOUND))
        if not is_sealed(sealed) or key is None:
            raise WrongKey("A text was sealed with a key that is not in ENCRYPTION_KEY.")
        return key.unbind(token, place or "") if name.endswith(BOUND) else key.open(token)

    def digest(self, text: str) -> str:
        """The same for the same text and key, and of no use without the key: for looking up what is equal. Raises NoKey."""
        return self._sealing().digest(text)

    def keep(self, text: str, place: str | None = None) -> str:
        """A personal text as its column holds it: sealed where there is a key. Nothing stays nothing."""
        if self._first and text:
            return self.seal(text, place)
        return PLAIN + text if text.startswith(SEALED) else text

    def read(self, column: str, place: str | None = None) -> str:
        """What `keep` was given, by whichever key. Raises NoKey or WrongKey."""
        if self.strict and column and not is_bound(column):
            raise WrongKey("A text is not as Askdesk sealed it: it was put there by hand.")
        return self.open(column, place) if is_sealed(column) else column.removeprefix(PLAIN)

    def vouch(self, domain: str, text: str) -> str:
        """A mark over a text, with the first key's id: only the key makes it. Raises NoKey."""
        return self._sealing().vouch(domain, text)

    def vouches(self, domain: str, text: str, mark: str) -> bool | None:
        """Whether a key of this vault made the mark over this text; None where the mark is of another key."""
        key = self._keys.get(mark.partition(":")[0])
        return None if key is None else hmac.compare_digest(key.vouch(domain, text), mark)

    def mark(self, text: str) -> str:
        """By what a personal text is found again in its column: its digest where there is a key."""
        return self._first.digest(text) if self._first and text else text

    def marks(self, text: str) -> tuple[str, ...]:
        """All by which it may be found while a key is new or changes: as it is, and by each key's digest."""
        return (text, *(key.digest(text) for key in self._keys.values()))

    @property
    def sign(self) -> str:
        """How every text that the first key bound to its place begins. Raises NoKey."""
        return f"{SEALED}{self._sealing().id}{BOUND}:"

    def _sealing(self) -> _Key:
        if self._first is None:
            raise NoKey("This needs a key: set ENCRYPTION_KEY (`askdesk key` makes one).")
        return self._first


class _Key:
    """One key: it seals and opens; further keys made from it bind texts, make digests, and vouch."""

    def __init__(self, key: str) -> None:
        try:
            raw = base64.b64decode(key.encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError):
            raise BadKey("is not a key: it has characters that no key has, or is cut off") from None
        if len(raw) != KEY_BYTES:
            raise BadKey(f"is not a key: it holds {len(raw)} bytes instead of {KEY_BYTES}")
        self._fernet = Fernet(key)
        self._digests = _hmac(raw, b"askdesk digest").digest()
        self._record = _hmac(raw, b"askdesk record").digest()
        self._binding = AESGCM(_hmac(raw, b"askdesk binding").digest())
        self.id = _hmac(raw, b"askdesk key id").hexdigest()[:8]

    def seal(self, text: str) -> str:
        # Fernet writes the time into its token; when something happened is for the record to say.
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
