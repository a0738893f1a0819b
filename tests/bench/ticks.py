"""An idle tick with many open steps: what is not due must not cost anything."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.bench.row import Row, seconds
from tests.factories import crew_of_a_daycare, process
from webapp import create_app
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import StepRun, new_id
from worker.duties import tick

SMALL, LARGE, TICKS = 10_000, 100_000, 50
NOW = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


def compare() -> list[Row]:
    """Milliseconds of an idle tick on SQLite, with ten times as many open steps beside it."""
    small, large = _idle_tick(SMALL), _idle_tick(LARGE)
    return [
        Row(
            f"idle tick, {LARGE:,} open steps",
            f"{large * 1000:.2f} ms",
            f"{SMALL:,} open steps {small * 1000:.2f} ms",
            large / small,
        )
    ]


def _idle_tick(open_steps: int) -> float:
    with tempfile.TemporaryDirectory() as directory:
        app = create_app(Settings.from_env({"BATON_DATA_DIR": str(Path(directory))}))
        with app.app_context():
            db.create_all()
            _fill(db.session(), open_steps)
            tick(db.session(), NOW)
            taken = seconds(lambda: [tick(db.session(), NOW) for _ in range(TICKS)])
            db.session.remove()
            db.engine.dispose()
    return taken / TICKS


def _fill(session: Session, wanted: int) -> None:
    """Copy one step run many times, each due at another moment of the coming days."""
    process(session, crew_of_a_daycare(session, NOW), NOW)
    tick(session, NOW + timedelta(hours=1))
    model = session.query(StepRun).filter(StepRun.state == "open").first()
    assert model is not None, "the run of the day has opened"
    columns = {column.key: getattr(model, column.key) for column in StepRun.__table__.columns}
    rows = (
        columns
        | {
            "id": new_id(),
            "step_key": new_id(),
            "escalate_at": NOW + timedelta(days=1, seconds=number),
        }
        for number in range(wanted)
    )
    session.execute(insert(StepRun), list(rows))
    session.commit()
