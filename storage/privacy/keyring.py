"""Which keys seal a database: compared with the environment's before anything is read or written."""

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
"""The known text: if you can open it, you have the key."""


def unlock(unit: UnitOfWork, now: datetime) -> None:
    """Checks that every key that sealed something here is given; the first time, enters a key.

    If everything is bound to its place, nothing else is readable from now on (`Vault.strict`). Raises NoKey or
    WrongKey, so that nothing is written that other bots cannot read.
    """
    if not is_sqlite(unit.connection):
        # If two start together with different keys, the second must find the first one's.
        unit.connection.exec_driver_sql("LOCK TABLE vault_keys IN SHARE ROW EXCLUSIVE MODE")
    proofs, vault = fits(unit), unit.vault
    if vault.has_key and vault.key_ids[0] not in proofs:
        row = {"id": vault.key_ids[0], "proof": vault.seal(PROOF), "since": now}
        unit.connection.execute(insert(t.keys), [row])
    vault.strict = is_settled(unit)


def fits(reading: Reading) -> dict[str, str]:
    """The proofs of all keys that sealed something here. Raises NoKey or WrongKey unless all can be opened."""
    vault = reading.vault
    proofs = {row.id: row.proof for row in reading.connection.execute(select(t.keys))}
    if proofs and not vault.has_key:
        raise NoKey(
            "ENCRYPTION_KEY is missing, and this database is sealed. Set the key from before. Nothing was changed."
        )
    if not proofs.keys() <= set(vault.key_ids):
        raise WrongKey(
            "ENCRYPTION_KEY is not the key that sealed this database. Set the one from before or, to change "
            "it, the new one, a comma, and the one from before. Nothing was changed."
        )
    for proof in proofs.values():
        vault.open(proof)
    return proofs
