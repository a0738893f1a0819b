"""The clock's idle look: it sees whatever a tick would do, and costs one statement."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from tests.worker.conftest import UNTIL_MISSED
from webapp.extensions import db
from webapp.models import EngineState, Run
from worker.duties import HEARTBEAT_EVERY, tick
from worker.glance import Glance


@pytest.fixture
def monday(post):
    opened = post()
    opened.session.execute(update(Run).values(remind_at=None))
    opened.session.commit()
    tick(opened.session, opened.clock.now())
    opened.session.commit()
    return opened


@pytest.fixture
def glance(monday):
    looking = Glance(db.engine)
    yield looking
    looking.close()


def test_with_nothing_due_no_tick_is_needed_and_the_next_moment_is_known(monday, glance):
    seen = glance.look(monday.clock.now())
    assert (seen.tick_is_due, seen.messages_due) == (False, False)
    assert seen.next_at == monday.step.escalate_at


def test_a_handoff_that_is_due_needs_a_tick_and_its_message_none(monday, glance):
    now = monday.clock.advance(**UNTIL_MISSED)
    assert glance.look(now).tick_is_due
    tick(monday.session, now)
    seen = glance.look(now)
    assert (seen.tick_is_due, seen.messages_due) == (False, True)


def test_a_run_that_opens_needs_a_tick(monday, glance):
    now = monday.clock.advance(days=1)
    tick(monday.session, monday.clock.now() - timedelta(hours=1))
    assert glance.look(now).tick_is_due


def test_a_reminder_that_is_due_needs_a_tick(monday, glance):
    now = monday.clock.now()
    monday.session.execute(update(Run).where(Run.state == "open").values(remind_at=now))
    monday.session.commit()
    assert glance.look(now).tick_is_due


def test_the_heartbeat_needs_a_tick_now_and_then(monday, glance):
    assert not glance.look(monday.clock.now() + HEARTBEAT_EVERY / 2).tick_is_due
    assert glance.look(monday.clock.now() + HEARTBEAT_EVERY).tick_is_due


def test_a_clock_that_was_set_back_needs_a_tick(monday, glance):
    assert glance.look(monday.clock.now() - timedelta(hours=3)).tick_is_due


def test_an_engine_that_never_ran_needs_a_tick(monday, glance):
    monday.session.execute(delete(EngineState))
    monday.session.commit()
    assert glance.look(monday.clock.now()).tick_is_due
