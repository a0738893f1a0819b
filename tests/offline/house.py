"""One installation for many runs: the real web process, its database, and the proxy before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import FRIDGE, crew_of_a_daycare, process, proof
from tests.offline.proxy import FaultProxy
from tests.stack import MONDAY, RUNNING, Stack
from webapp import context, create_app, database
from webapp.clock import SharedTestClock
from webapp.extensions import db
from webapp.models import Run
from webapp.services import invitations
from worker.duties import tick

# Half past six in Chicago and five minutes: the opening check is open, and due at 07:15.
EARLY = datetime.fromisoformat(MONDAY)
OPEN = EARLY + timedelta(minutes=65)


@dataclass(frozen=True)
class Step:
    """A step that Ana has to do."""

    id: str
    title: str
    kind: str


@dataclass(frozen=True)
class World:
    """The organisation of one run, and how Ana comes in."""

    org_id: str
    person: str
    run: str
    email: str
    secret: str
    steps: tuple[Step, ...]


class House:
    """Redis and the web process; the clock stands still, and ticks when a run says so."""

    def __init__(self, directory: Path, **environ: str) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.stack = Stack(directory, environ=environ)
        self.proxy = FaultProxy(self.stack.settings.port)

    def __enter__(self) -> Self:
        RUNNING.append(self.stack)
        self.app = create_app(self.stack.settings)
        with self.app.app_context():
            database.upgrade_current()
        self.stack.start("redis", "web")
        self.proxy.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.proxy.__exit__(kind, problem, trace)
        with self.app.app_context():
            db.engine.dispose()
        self.stack.close()

    @contextmanager
    def inside(self) -> Iterator[Session]:
        """A session of the application, in this process."""
        with self.app.app_context():
            try:
                yield db.session()
            finally:
                db.session.remove()

    def set_clock(self, moment: datetime) -> None:
        """Moves the clock of every process, and does what is due by then."""
        with self.inside() as session:
            clock = context.clock()
            assert isinstance(clock, SharedTestClock)
            tick(session, clock.set(moment))

    def world(self, name: str, kinds: list[str]) -> World:
        """A new organisation, whose opening check of these kinds of steps has just opened."""
        self.set_clock(EARLY)
        with self.inside() as session:
            crew = crew_of_a_daycare(session, EARLY, name=name)
            asked = tuple((f"{kind} {n}", _proof(kind)) for n, kind in enumerate(kinds, start=1))
            every_day = "FREQ=DAILY"
            process(
                session, crew, EARLY, steps=asked, review="none", opens=time(6, 30), rrule=every_day
            )
            secret = invitations.create(session, crew.ana, EARLY)
            org_id, person, email = crew.org_id, crew.ana.id, str(crew.ana.email)
            session.commit()
        self.set_clock(OPEN)
        with self.inside() as session:
            query = select(Run).where(Run.org_id == org_id, Run.state == "open")
            run = session.scalars(query).unique().one()
            steps = sorted(run.step_runs, key=lambda each: each.position)
            told = tuple(Step(each.id, each.title, each.requirement["kind"]) for each in steps)
            return World(org_id, person, run.id, email, secret, told)


def _proof(kind: str) -> dict[str, Any]:
    return FRIDGE if kind == "number" else proof(kind)
