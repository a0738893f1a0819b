"""Every page and answer that only reads, asked for as an owner, a manager and staff would."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bench.row import percentile
from tests.bench.years.generate import NOW
from tests.factories import signed_in
from webapp.models import Person, Process, Run, StepRun
from webapp.services import pairings

TIMES = 3
# Seconds: as often as fits is asked for what is quick, as it varies most.
ENOUGH = 0.3
# What takes longer is asked for once more only.
PATIENCE = 2.0
# Files, forms for who has no account, and what takes as long as the record is.
LEFT_OUT = ("/static", "/sw", "/sandbox", "/scan", "/start", "/draft", "/api/v1/record/verify")


@dataclass(frozen=True, slots=True)
class Asked:
    """How long the server took for a page: the median, the slowest but few, and the quickest."""

    page: str
    median: float
    slow: float
    best: float


def ask_all(app: Flask, session: Session, owner: Person) -> Iterator[Asked]:
    """Ask for each page several times; of who may see it, those for whom it takes longest."""
    run = _todays_run(session, owner.org_id)
    people = _people(session, owner, run)
    clients = [signed_in(app, session, person, NOW) for person in people]
    known = _ids(session, run, people[-1])
    session.rollback()
    for page, path in _pages(app, known):
        may_see = [client for client in clients if client.get(path).status_code == 200]
        if may_see:
            yield _ask(max(may_see, key=lambda client: _once(client, path)), page, path)
    yield _ask(_kiosk(app, session, owner, run), "kiosk board", "/api/v1/kiosk")


def _todays_run(session: Session, org_id: str) -> Run:
    query = select(Run).where(Run.org_id == org_id, Run.state == "open").order_by(Run.id)
    return session.scalars(query.limit(1)).unique().one()


def _people(session: Session, owner: Person, run: Run) -> list[Person]:
    """The owner, the manager of the run's location, and who holds its first step."""
    holder = session.get_one(Person, run.step_runs[0].chain[0]["person"])
    mark = run.process.name.split()[-1]
    manager = select(Person).where(Person.org_id == owner.org_id, Person.name == f"Maya {mark}")
    return [owner, session.scalars(manager).unique().one(), holder]


def _ids(session: Session, run: Run, person: Person) -> dict[str, str]:
    waiting = select(StepRun.id).where(StepRun.org_id == run.org_id, StepRun.state == "in_review")
    return {
        "process_id": session.get_one(Process, run.process_id).id,
        "run_id": run.id,
        "step_run_id": session.scalars(waiting.limit(1)).one(),
        "person_id": person.id,
        "location_id": run.location_id,
    }


def _pages(app: Flask, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The pages as they are declared, each with an address; others have none here."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        wanted = rule.arguments - set(rule.defaults or ())
        if "GET" not in (rule.methods or ()) or str(rule).startswith(LEFT_OUT):
            continue
        if wanted <= known.keys():
            adapter = app.url_map.bind("localhost")
            yield str(rule), adapter.build(rule.endpoint, {each: known[each] for each in wanted})


def _ask(client: FlaskClient, page: str, path: str) -> Asked:
    once = _once(client, path)
    times = max(TIMES, round(ENOUGH / once)) if once < PATIENCE else 1
    taken = sorted(_once(client, path) for _ in range(times))
    return Asked(page, statistics.median(taken), percentile(taken, 0.95), taken[0])


def _once(client: FlaskClient, path: str) -> float:
    started = time.perf_counter()
    client.get(path).close()  # a file that is sent as it is read: until it begins
    return time.perf_counter() - started


def _kiosk(app: Flask, session: Session, owner: Person, run: Run) -> FlaskClient:
    """A tablet on the wall of the run's location."""
    begun = pairings.begin(session, "a-tablet-on-the-wall", NOW)
    pairings.approve(session, owner, begun.code, run.location, "Wall", NOW)
    paired = pairings.ask(session, begun.poll, NOW)
    assert paired is not None, "the owner has confirmed it"
    session.commit()
    client = app.test_client()
    client.set_cookie("baton-kiosk", paired.token)
    return client
