"""What a database held once, put back instead of made again.

Most tests begin with the same people on the same morning. The services make them in the first test
of a process that asks; the next ones find the very same rows. Only on the databases of
tests/databases.py, and only while nobody has written to them since they were emptied.
"""

import sqlite3
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.util import identity_key

from webapp.models import Base

READS = ("SELECT", "PRAGMA", "SHOW", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")

Value = TypeVar("Value")
History = tuple[Hashable, ...]


@dataclass
class Contents:
    """What is known of a database: what was made in it since it was empty, None for anything."""

    engine: Engine
    directory: Path
    made: History | None = ()
    kept: dict[History, tuple[Any, Callable[[Any], None]]] = field(default_factory=dict)

    def keep(self, made: History, value: object) -> None:
        """Keeps what is in the database now under this history."""
        raw = self.engine.raw_connection()
        try:
            self.kept[made] = value, self._copied(raw.driver_connection)
            raw.rollback()
        finally:
            raw.close()

    def put_back(self, made: History) -> Any:
        """Puts back what was kept; the value that was kept with it."""
        value, fill = self.kept[made]
        raw = self.engine.raw_connection()
        try:
            fill(raw.driver_connection)
            raw.commit()
        finally:
            raw.close()
        return value

    def _copied(self, connection: Any) -> Callable[[Any], None]:
        if self.engine.dialect.name == "postgresql":
            script = _script(connection)
            return lambda other: other.execute(script)
        copy = sqlite3.connect(self.directory / f"kept-{len(self.kept)}.sqlite3")
        connection.backup(copy)
        return lambda other: copy.backup(other)


_known: WeakKeyDictionary[Engine, Contents] = WeakKeyDictionary()


def watch(engine: Engine, directory: Path) -> None:
    """From now on notices who writes to this database. `emptied` says when it is empty."""
    contents = _known[engine] = Contents(engine, directory)

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.lstrip().startswith(READS):
            contents.made = None


def emptied(engine: Engine) -> None:
    """The database is empty again."""
    _known[engine].made = ()


def once(session: Session, what: Hashable, make: Callable[[], Value]) -> Value:
    """What `make` returns (ids, no rows), with all that it commits; made once for each `what`."""
    contents = _known.get(session.get_bind())
    if contents is None:
        return make()
    session.commit()
    before, contents.made = contents.made, None
    if before is None:
        return make()
    made = (*before, what)
    if made in contents.kept:
        value = contents.put_back(made)
        session.expire_all()
    else:
        value = make()
        session.commit()
        contents.keep(made, value)
    contents.made = made
    return value


def row(session: Session, model: type[Value], row_id: str) -> Value:
    """The row with this id, which is known to be there; nothing of it is read yet."""
    known = session.identity_map.get(identity_key(model, row_id))
    if known is not None:
        return known
    made = model(id=row_id)
    make_transient_to_detached(made)
    session.add(made)
    return made


def _script(connection: Any) -> str:
    """Statements for PostgreSQL that make the rows of all tables what they are now."""
    names = [table.name for table in Base.metadata.sorted_tables]
    rows = " UNION ALL ".join(
        f"""SELECT format('INSERT INTO %I SELECT * FROM json_populate_recordset(NULL::%I, %L);',
        '{name}', '{name}', json_agg(kept)::text) FROM "{name}" kept HAVING count(*) > 0"""
        for name in names
    )
    inserts = [line for (line,) in connection.execute(rows).fetchall()]
    deletes = [f'DELETE FROM "{name}";' for name in names]
    # Past guards and references, and so in any order.
    return "".join(["SET LOCAL session_replication_role = replica;", *deletes, *inserts])
