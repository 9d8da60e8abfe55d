"""Which keys a database is sealed with: held against those of the environment before anything is read or written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from storage import tables as t
from storage.engine import is_sqlite
from storage.privacy.sealing import is_settled
from storage.reading import Reading
from storage.unit import UnitOfWork
from storage.vault import NoKey, WrongKey

PROOF = "askdesk"
"""The known text: whoever opens it has the key."""


def unlock(unit: UnitOfWork, now: datetime) -> None:
    """Sees that every key that sealed something here is there; the first time, a key is entered.

    Where all here is bound to its place, nothing else is read from now on (`Vault.strict`).
    Raises NoKey or WrongKey, so that nothing is written that the others cannot read.
    """
    if not is_sqlite(unit.connection):
        # Two that start at once with different keys: the second finds the first one's.
        unit.connection.exec_driver_sql("LOCK TABLE vault_keys IN SHARE ROW EXCLUSIVE MODE")
    proofs, vault = fits(unit), unit.vault
    if vault.has_key and vault.key_ids[0] not in proofs:
        row = {"id": vault.key_ids[0], "proof": vault.seal(PROOF), "since": now}
        unit.connection.execute(insert(t.keys), [row])
    vault.strict = is_settled(unit)


def fits(reading: Reading) -> dict[str, str]:
    """The proofs of every key that sealed something here, when all of them can be opened; else NoKey or WrongKey."""
    vault = reading.vault
    proofs = {row.id: row.proof for row in reading.connection.execute(select(t.keys))}
    if proofs and not vault.has_key:
        raise NoKey(
            "ENCRYPTION_KEY is missing, and this database is sealed with one. Set it as it was; nothing was changed."
        )
    if not proofs.keys() <= set(vault.key_ids):
        raise WrongKey(
            "ENCRYPTION_KEY is not the key with which this database is sealed. Set the one from before, or, to change "
            "it, the new one, a comma, and the one from before; nothing was changed."
        )
    for proof in proofs.values():
        vault.open(proof)
    return proofs
