"""An installation to measure with: many missed steps, each with a person of its own."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import cycle
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.factories import Crew, crew_of_a_daycare, process, proof
from tests.push_service.devices import Device
from webapp.models import Person, PushSubscription, Run, StepRun, new_id

STEPS_A_RUN = 5
ROWS_AT_ONCE = 20_000

Rows = Iterator[dict[str, Any]]


def columns_of(row: Any) -> dict[str, Any]:
    """A stored row as a dictionary, to copy it many times."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def insert_many(session: Session, model: Any, rows: Rows) -> None:
    """Write rows in portions, so that a million fit."""
    portion: list[dict[str, Any]] = []
    for row in rows:
        portion.append(row)
        if len(portion) == ROWS_AT_ONCE:
            session.execute(insert(model), portion)
            portion.clear()
    if portion:
        session.execute(insert(model), portion)
    session.commit()


def open_one(session: Session, now: datetime) -> tuple[Crew, Run]:
    """A daycare with one run that has just opened."""
    from worker.duties import tick

    crew = crew_of_a_daycare(session, now)
    process(session, crew, now, steps=(("Front room ready", proof("note")),))
    tick(session, now)
    run = session.scalars(select(Run).order_by(Run.deadline_at).limit(1)).one()
    tick(session, run.opens_at)
    session.refresh(run)
    assert run.state == "open", "the first run of the daycare has opened"
    return crew, run


def fill(session: Session, count: int, due_at: datetime, now: datetime, *origins: str) -> None:
    """`count` open steps that come due at `due_at`, each for another person with one phone.

    The phones are at the push services of these origins, in turn.
    """
    crew, run = open_one(session, now)
    model = session.scalars(select(StepRun).where(StepRun.run_id == run.id)).one()
    people = [new_id() for _ in range(count)]
    runs = [new_id() for _ in range(-(-count // STEPS_A_RUN))]
    insert_many(session, Person, _people(crew, people))
    insert_many(session, PushSubscription, _phones(crew.org_id, people, now, origins))
    insert_many(session, Run, _runs(run, runs))
    insert_many(session, StepRun, _step_runs(model, runs, people, due_at))


def _people(crew: Crew, ids: list[str]) -> Rows:
    model = columns_of(crew.ben)
    for number, person_id in enumerate(ids):
        yield model | {"id": person_id, "name": f"Person {number}", "email": None}


def _phones(org_id: str, people: list[str], now: datetime, origins: Sequence[str]) -> Rows:
    for person_id, origin in zip(people, cycle(origins), strict=False):
        taken = Device().subscription(origin)
        yield {
            "id": new_id(),
            "org_id": org_id,
            "person_id": person_id,
            "device_id": f"phone-{person_id}",
            "endpoint": taken.endpoint,
            "p256dh": taken.p256dh,
            "auth": taken.auth,
            "created_at": now,
        }


def _runs(model: Run, ids: list[str]) -> Rows:
    for number, run_id in enumerate(ids):
        changed = {"id": run_id, "occurrence": f"{model.occurrence}/{number}", "remind_at": None}
        yield columns_of(model) | changed


def _step_runs(model: StepRun, runs: list[str], people: list[str], due_at: datetime) -> Rows:
    columns = columns_of(model)
    for number, person_id in enumerate(people):
        assignee, backup, *rest = model.chain
        chain = [assignee, backup | {"person": person_id, "name": f"Person {number}"}, *rest]
        yield columns | {
            "id": new_id(),
            "run_id": runs[number // STEPS_A_RUN],
            "step_key": new_id(),
            "position": number % STEPS_A_RUN + 1,
            "chain": chain,
            "escalate_at": due_at,
            "moves_at": due_at,
        }
