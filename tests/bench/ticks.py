"""The clock's idle look with many open steps: what is not due must not cost anything."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from tests.bench.databases import Fresh
from tests.bench.installation import columns_of, insert_many, open_one
from tests.bench.row import Row, seconds, times
from webapp import create_app, database
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Run, StepRun, new_id
from worker.duties import tick
from worker.glance import Glance

SMALL, LARGE, LOOKS = 10_000, 1_000_000, 2000
STEPS_A_RUN = 1000
JOBS, WAKES = 10_000, 200


def compare(kind: str, directory: Path, fresh: Fresh) -> list[Row]:
    """Microseconds of an idle look with few and many open steps, and of APScheduler's."""
    small = _idle_look(directory / "small", fresh(), SMALL)
    large = _idle_look(directory / "large", fresh(), LARGE)
    theirs = _apscheduler(directory / "jobs.sqlite3", fresh())
    return [
        Row(
            f"idle tick, {LARGE:,} open steps, {kind}",
            f"{large * 1e6:.0f} us",
            f"{SMALL:,} open steps {small * 1e6:.0f} us",
            f"{large / small:.2f} of it",
            "<= 1.25",
        ),
        Row(
            f"   the same, {kind}",
            f"{large * 1e6:.0f} us",
            f"APScheduler, {JOBS:,} jobs {theirs * 1e6:.0f} us",
            times(theirs / large),
            ">= 20x",
        ),
    ]


def _idle_look(directory: Path, url: str | None, open_steps: int) -> float:
    directory.mkdir()
    given = {"BATON_DATA_DIR": str(directory)} | ({"DATABASE_URL": url} if url else {})
    settings = Settings.from_env(given)
    database.upgrade(settings)
    with create_app(settings).app_context():
        now = _fill(db.session(), open_steps)
        glance = Glance(db.engine)
        assert not glance.look(now).tick_is_due, "nothing is due"
        taken = min(seconds(lambda: [glance.look(now) for _ in range(LOOKS)]) for _ in range(5))
        glance.close()
        db.session.remove()
        db.engine.dispose()
    return taken / LOOKS


def _fill(session: Session, wanted: int) -> datetime:
    """Copy one step run many times, each due at another moment of the coming days."""
    _, run = open_one(session, datetime.now(UTC))
    model = session.scalars(select(StepRun).where(StepRun.run_id == run.id)).one()
    ids = [new_id() for _ in range(-(-wanted // STEPS_A_RUN))]
    now = run.opens_at
    insert_many(session, Run, _runs(columns_of(run), ids))
    insert_many(session, StepRun, _step_runs(columns_of(model), ids, wanted, now))
    session.execute(db.text("ANALYZE"))
    session.commit()
    tick(session, now)
    return now


def _runs(columns: dict[str, Any], ids: list[str]) -> Iterator[dict[str, Any]]:
    for run_id in ids:
        yield columns | {"id": run_id, "occurrence": run_id, "remind_at": None}


def _step_runs(
    columns: dict[str, Any], runs: list[str], wanted: int, now: datetime
) -> Iterator[dict[str, Any]]:
    for number in range(wanted):
        at = now + timedelta(days=1, seconds=number % 500_000)
        changed = {"id": new_id(), "step_key": new_id(), "escalate_at": at, "moves_at": at}
        yield columns | changed | {"run_id": runs[number // STEPS_A_RUN]}


def _nothing() -> None:
    """A job."""


def _apscheduler(file: Path, url: str | None) -> float:
    """Seconds of one look of APScheduler 3 into its job store when no job is due."""
    engine = create_engine(url or f"sqlite:///{file}")
    store = SQLAlchemyJobStore(engine=engine)
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start()
    later = datetime.now(UTC) + timedelta(days=1)
    scheduler.add_job(_nothing, "date", run_date=later, id="model")
    with engine.begin() as connection:
        model = connection.execute(select(store.jobs_t)).one()._asdict()
        copies = [
            model | {"id": str(number), "next_run_time": model["next_run_time"] + number}
            for number in range(JOBS - 1)
        ]
        connection.execute(insert(store.jobs_t), copies)
    look = scheduler._process_jobs
    taken = min(seconds(lambda: [look() for _ in range(WAKES)]) for _ in range(5))
    scheduler.shutdown()
    engine.dispose()
    return taken / WAKES
