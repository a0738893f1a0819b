"""The played days as forms: for each table the rows of a day, and its events."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table

from tests.bench.years.slots import Filler, Later, Slots
from webapp.models import Base
from webapp.rules.record import canonical

# Each table with the column, of it or of what it belongs to, whose date is the day's.
DATED = {
    "blob": "created_at",
    "likeness_band": "(SELECT created_at FROM blob b WHERE b.sha256 = t.sha256)",
    "run": "occurrence",
    "step_run": "deadline_at",
    "proof": "received_at",
    "command": "received_at",
    "handoff": "at",
    "review": "at",
    "fix_note": "at",
    "outbox": "created_at",
}
# Between fields of a row, in place of a null, before bytes in hex.
FIELD, NULL, BYTES = "\x1f", "\x1dN", "\x1dX"


class EventForm(NamedTuple):
    """An event of the day: its time of day, and what makes the rest of it.

    `said` is the payload as it is hashed, `stored` as the database keeps it.
    """

    time: str
    kind: str
    actor: Filler
    subject: Filler
    said: Filler
    stored: Filler


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one day by table, its events in their order, and how much is made anew."""

    rows: dict[str, list[Filler]]
    events: list[EventForm]
    counts: tuple[int, int, int, int]


def day_of(connection: Connection, on: date, shared: Sequence[str]) -> Day:
    """Read all rows of this day of the model, which is on SQLite."""
    slots = Slots(shared, on)
    rows = {
        name: [_row(slots, name, each) for each in _read(connection, name, on)] for name in DATED
    }
    events = [_event(slots, each) for each in connection.exec_driver_sql(_EVENTS, (f"{on}%",))]
    return Day(
        {name: [later() for later in found] for name, found in rows.items()},
        [EventForm(time, kind, *(later() for later in laters)) for time, kind, *laters in events],
        slots.counts(),
    )


def columns(name: str) -> list[str]:
    """The columns of a table, in the order in which its rows are written."""
    return [column.name for column in _table(name).columns]


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


_EVENTS = "SELECT at, kind, actor, subject, payload FROM event WHERE at LIKE ? ORDER BY seq"


def _read(connection: Connection, name: str, on: date) -> Sequence[Any]:
    chosen = ", ".join(f't."{each}"' for each in columns(name))
    where = f"SELECT {chosen} FROM {name} t WHERE {DATED[name]} LIKE ? ORDER BY 1, 2"
    return connection.exec_driver_sql(where, (f"{on}%",)).all()


def _row(slots: Slots, name: str, row: Any) -> Later:
    if name == "likeness_band":
        org_id, band, sha256, bits = row
        return slots.print_form(f"{org_id}{FIELD}", band, f"{FIELD}{sha256}{FIELD}", bits, "")
    return slots.form(FIELD.join(map(_written, row)))


def _written(value: Any) -> str:
    if value is None:
        return NULL
    return BYTES + value.hex() if isinstance(value, bytes) else str(value)


def _event(slots: Slots, row: Any) -> tuple[Any, ...]:
    at, kind, actor, subject, payload = row
    said = canonical(json.loads(payload)).decode()
    return at[len("2001-01-01 ") :], kind, *map(slots.form, (actor, subject, said, payload))
