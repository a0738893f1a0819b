"""Where else a person is named: every text and every JSON of the organisation's rows."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Column, String, Table, bindparam, cast, false, or_, select, update
from sqlalchemy.orm import Session

from webapp.models import Base, EngineState
from webapp.rules import erasure as rules
from webapp.rules.erasure import Trace
from webapp.services.erasure.events import as_written

# What things are called and how work is done belongs to the business, not to who is named there.
THINGS = {
    "kiosk": ("name",),
    "run": ("occurrence",),
    "step_run": ("title", "instructions", "requirement", "only_if", "follow_up", "picture_alt"),
}
NOT_HERE = frozenset({"event", "person", "organisation", "location", "process"})
# Ids, hashes and codes are no place for a name.
_ID_LENGTHS = (8, 16, 26, 32, 64, 120, 128, 2048)


def remove(session: Session, org_id: str, trace: Trace) -> int:
    """Put `trace.called` in the place of the person's names in all rows; how many rows changed."""
    tables = Base.metadata.sorted_tables
    changed = sum(_in_table(session, org_id, trace, each) for each in tables if _is_looked_at(each))
    return changed + _in_findings(session, org_id, trace)


def _is_looked_at(table: Table) -> bool:
    return "org_id" in table.columns and table.name not in NOT_HERE


def _in_table(session: Session, org_id: str, trace: Trace, table: Table) -> int:
    columns = list(_columns(table))
    key = list(table.primary_key.columns)
    if not columns:
        return 0
    query = select(*key, *columns).where(
        table.c.org_id == org_id, or_(*(_may_name(trace, each) for each in columns))
    )
    rows = session.execute(query.execution_options(yield_per=500))
    changed = [each for row in rows if (each := _changed(trace, key, columns, row))]
    if changed:
        session.connection().execute(_update(table, key, columns), changed)
    return len(changed)


def _columns(table: Table) -> Iterator[Column[Any]]:
    for column in table.columns:
        is_named = column.name not in THINGS.get(table.name, ()) and not column.primary_key
        if is_named and not column.foreign_keys and _is_text(column):
            yield column


def _is_text(column: Column[Any]) -> bool:
    if isinstance(column.type, JSON):
        return True
    return isinstance(column.type, String) and column.type.length not in _ID_LENGTHS


def _may_name(trace: Trace, column: Column[Any]) -> Any:
    if isinstance(column.type, JSON):
        text = cast(column, String)
        wanted = [*as_written(trace), trace.person]
        return or_(*(text.contains(each, autoescape=True) for each in wanted))
    names = [column.contains(each, autoescape=True) for each in sorted(trace.names)]
    return or_(false(), *names)


def _changed(
    trace: Trace, key: list[Column[Any]], columns: list[Column[Any]], row: Any
) -> dict[str, Any] | None:
    """The row as it should be, or None when it names the person nowhere."""
    before = dict(zip((each.name for each in columns), row[len(key) :], strict=True))
    after = {name: rules.without(trace, value) for name, value in before.items()}
    if after == before:
        return None
    known = {f"key_{each.name}": value for each, value in zip(key, row, strict=False)}
    return known | {f"new_{name}": value for name, value in after.items()}


def _update(table: Table, key: list[Column[Any]], columns: list[Column[Any]]) -> Any:
    return (
        update(table)
        .where(*(each == bindparam(f"key_{each.name}") for each in key))
        .values({each.name: bindparam(f"new_{each.name}") for each in columns})
    )


def _in_findings(session: Session, org_id: str, trace: Trace) -> int:
    """What the last audit found names people too; the next one finds it anew."""
    row = session.get(EngineState, 1)
    if row is None:
        return 0
    before = row.findings
    row.findings = [
        rules.without(trace, each) if each["organisation"] == org_id else each for each in before
    ]
    return int(row.findings != before)
