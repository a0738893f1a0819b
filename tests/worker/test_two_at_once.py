"""Two clocks and two workers at once do everything once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import current_app
from sqlalchemy import select

from tests.factories import process, proof
from tests.worker.conftest import UNTIL_MISSED
from webapp.extensions import db
from webapp.models import Event, Handoff, Run, StepRun
from webapp.services import record
from worker import deliver
from worker.duties import tick

STEPS = tuple((f"Step {number}", proof("note")) for number in range(6))


def at_once(work: Callable[[], Any], times: int = 3) -> list[Any]:
    """Does the work in several threads that begin together, each with its own session."""
    app = current_app._get_current_object()
    start = Barrier(times)

    def one(_: int) -> Any:
        with app.app_context():
            start.wait()
            try:
                return work()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_clocks_that_tick_at_once_make_each_handoff_once(post):
    monday = post(steps=STEPS)
    now = monday.clock.advance(**UNTIL_MISSED)
    monday.session.commit()
    done = at_once(lambda: tick(db.session(), now).handed_on)
    assert sum(done) == len(STEPS)
    assert list(monday.session.scalars(select(Handoff.level))) == [1] * len(STEPS)
    assert not monday.session.scalars(
        select(StepRun).where(StepRun.set_aside_at.is_not(None))
    ).all()
    events = select(Event).where(Event.kind == "step.handed_on")
    assert len(monday.session.scalars(events).all()) == len(STEPS)
    assert record.verify(monday.session, monday.crew.org_id).count > len(STEPS)


def test_clocks_that_plan_and_open_at_once_make_each_run_once(post):
    monday = post(steps=STEPS)
    for name in ("Closing check", "Garden check"):
        process(monday.session, monday.crew, monday.clock.now(), name=name)
    now = monday.clock.advance(days=1)
    monday.session.commit()
    at_once(lambda: tick(db.session(), now))
    runs = list(monday.session.execute(select(Run.process_id, Run.occurrence)))
    assert len(runs) == len(set(runs))
    opened = select(Event.subject).where(Event.kind == "run.opened")
    assert max(Counter(monday.session.scalars(opened)).values()) == 1
    aside = select(Run).where(Run.set_aside_at.is_not(None))
    assert monday.session.scalars(aside).all() == []


def test_workers_that_drain_at_once_send_each_message_once(post):
    monday = post(steps=STEPS)
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.session.commit()
    handled = at_once(deliver.drain)
    assert sum(handled) == len(STEPS)
    assert monday.outcomes() == ["accepted"] * len(STEPS)
    ids = [push.payload["id"] for push in monday.service.take(phone)]
    assert len(ids) == len(set(ids))
