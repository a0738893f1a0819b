"""Writing a great many rows at once, on either database: indexes and checks come after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.schema import CreateIndex, DropIndex

from tests.bench.years.template import BYTES, DATED, FIELD, NULL, columns
from webapp.models import Base

ROW = "\x1e"


@contextmanager
def loading(engine: Engine) -> Iterator["Writer"]:
    """Lend what writes rows; nothing else may use the database meanwhile."""
    kind = PostgreSQL if engine.dialect.name == "postgresql" else SQLite
    connection = engine.raw_connection()
    try:
        writer = kind(connection.driver_connection)
        # All but those that constraints need: built at the end they take a fraction of the time.
        tables = (Base.metadata.tables[name] for name in (*DATED, "event"))
        indexes = [each for table in tables for each in table.indexes]
        for index in indexes:
            writer.run(str(DropIndex(index).compile(engine)))
        yield writer
        for index in indexes:
            writer.run(str(CreateIndex(index).compile(engine)))
        writer.run("ANALYZE")
    finally:
        connection.invalidate()


class Writer:
    """Writes rows as they were copied, on either database."""

    def __init__(self, connection: Any) -> None:
        """`connection` is the driver's own, which nobody uses afterwards."""
        self._connection = connection

    def run(self, statement: str) -> None:
        """Run one statement."""
        self._connection.execute(statement)

    def write(self, rows: Mapping[str, Sequence[str]]) -> None:
        """Write the rows of each table."""
        for name, found in rows.items():
            if found:
                self.rows(name, found)

    def rows(self, name: str, rows: Iterable[str]) -> None:
        """Write rows of a table."""
        raise NotImplementedError


class PostgreSQL(Writer):
    """Writes by COPY."""

    def __init__(self, connection: Any) -> None:
        """Nothing is checked, nor waited for."""
        super().__init__(connection)
        connection.rollback()
        connection.autocommit = True
        self.run("SET session_replication_role = replica")
        self.run("SET synchronous_commit = off")
        self.run("SET TIME ZONE 'UTC'")

    def rows(self, name: str, rows: Iterable[str]) -> None:
        """Write rows of a table."""
        text = ROW.join(rows).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
        text = text.replace(ROW, "\n").replace(FIELD, "\t")
        text = text.replace(NULL, "\\N").replace(BYTES, "\\\\x")
        statement = f"COPY {name} ({', '.join(columns(name))}) FROM STDIN"
        with self._connection.cursor().copy(statement) as copy:
            copy.write(text + "\n")


class SQLite(Writer):
    """Writes by `executemany`, without waiting for the disk."""

    def __init__(self, connection: Any) -> None:
        """Nothing is checked, nor waited for."""
        super().__init__(connection)
        self.run("PRAGMA foreign_keys = OFF")
        self.run("PRAGMA synchronous = OFF")

    def rows(self, name: str, rows: Iterable[str]) -> None:
        """Write rows of a table."""
        names = columns(name)
        places = ", ".join("?" for _ in names)
        self.run("BEGIN")
        self._connection.executemany(
            f"INSERT INTO {name} ({', '.join(names)}) VALUES ({places})",
            ([_value(field) for field in row.split(FIELD)] for row in rows),
        )
        self.run("COMMIT")


def _value(field: str) -> str | bytes | None:
    if field == NULL:
        return None
    return bytes.fromhex(field[len(BYTES) :]) if field.startswith(BYTES) else field
