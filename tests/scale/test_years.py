"""Generated years are rows that the real services would have written."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select, text

from tests.bench.years.crew import NAMES
from tests.bench.years.generate import NOW, application, fill, model
from tests.bench.years.template import DATED, FIELD, NULL, columns
from webapp import context
from webapp.extensions import db
from webapp.models import Event, Run
from webapp.rules.record import Verified
from webapp.services import audit, record

FEW = (NAMES[0], NAMES[3])
DAYS = 4
TODAY = NOW.replace(hour=0, minute=0)
# The copies have no files, and no worker runs in a test.
EXPECTED = {"proof_missing", "worker_silent", "message_overdue"}


class Made(NamedTuple):
    """What was found in a generated organisation."""

    verdict: object
    findings: set[str]
    kinds: Counter[str]
    kinds_of_copies: set[str]
    filled: dict[str, set[str]]
    runs: int
    ids: int


@pytest.fixture(scope="module")
def played():
    return model(1, FEW)


@pytest.fixture(scope="module")
def made(played, tmp_path_factory) -> Made:
    """Two locations with four days behind them."""
    directory: Path = tmp_path_factory.mktemp("years")
    with application(directory) as session:
        owner = fill(session, played, 2, DAYS, FEW, says=lambda _said: None)
        verdict = record.verify(session, owner.org_id)
        kinds = Counter(session.scalars(select(Event.kind).where(Event.org_id == owner.org_id)))
        copied = Event.at.between(TODAY - timedelta(days=DAYS, microseconds=-1), TODAY)
        of_copies = set(session.scalars(select(Event.kind).where(copied)))
        filled = {name: _filled(session, name) for name in DATED}
        past = session.scalars(select(Run.id).where(Run.deadline_at < NOW)).all()
        session.rollback()
        with audit.snapshot(db.engine) as reading:
            found = audit.audit(reading, NOW, context.settings().blob_dir)
        codes = {each.code for each in found}
        return Made(verdict, codes, kinds, of_copies, filled, len(past), len({*past}))


def _filled(session, name: str) -> set[str]:
    """The columns of a table that are not null in some copy of a past day."""
    counted = ", ".join(f'count(t."{each}")' for each in columns(name))
    where = f"{DATED[name]} < '{TODAY:%Y-%m-%d}'"
    counts = session.execute(text(f"SELECT {counted} FROM {name} t WHERE {where}")).one()
    return {each for each, count in zip(columns(name), counts, strict=True) if count}


def test_the_record_of_generated_years_stands(made):
    assert isinstance(made.verdict, Verified)
    assert made.verdict.count == made.kinds.total()


def test_the_auditor_finds_nothing_but_that_copies_have_no_files(made):
    assert made.findings <= EXPECTED


def test_every_day_has_its_runs_at_every_location(made):
    assert made.runs == made.ids == 2 * DAYS * len(FEW)


def test_copies_hold_what_the_played_days_hold(played, made):
    """The same kinds of events, and the same columns filled, as the services left them."""
    assert made.kinds_of_copies == {event.kind for day in played.days for event in day.events}
    assert made.filled == {name: _filled_as_played(played, name) for name in DATED}


def _filled_as_played(played, name: str) -> set[str]:
    rows = [fill_in(["7"] * 10_000) for day in played.days for fill_in in day.rows[name]]
    fields = [zip(columns(name), row.split(FIELD), strict=True) for row in rows]
    return {column for row in fields for column, value in row if value != NULL}


def test_a_copy_on_a_day_of_its_own_has_that_day_everywhere(played):
    """Nothing of a played day shines through: neither its date nor any of its ids."""
    day = played.days[0]
    values = [f"~{n}~" for n in range(10_000)]
    for fillers in day.rows.values():
        for fill_in in fillers:
            if fillers is not day.rows["likeness_band"]:
                written = fill_in(values)
                assert "2001-" not in written
                assert not set(played.shared.values()) & set(written.split("\x1f"))
