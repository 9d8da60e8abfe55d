"""What alembic runs: the migrations on the connection that `storage.schema` hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

from storage import indexes, tables  # noqa: F401  (they fill the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
