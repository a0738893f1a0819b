"""A row that was damaged by hand is set aside or refused and named; all others go on.

On SQLite only: PostgreSQL keeps nothing in a JSON column that is not JSON.
"""

import json

import pytest
from sqlalchemy import select, text

from tests.factories import process, proof
from tests.worker.conftest import UNTIL_MISSED
from webapp.models import Event, Handoff, OutboxMessage, Process, Run, StepRun
from webapp.services import inbox, overseen, reached
from worker.duties import tick

STEPS = tuple((f"Step {number}", proof("note")) for number in range(3))


@pytest.fixture
def monday(post):
    day = post(steps=STEPS)
    if day.session.get_bind().dialect.name != "sqlite":
        pytest.skip("the database refuses it")
    return day


def damage(day, table: str, column: str, row_id: str, written: str = '[{"role": "as') -> None:
    """Writes into the column as somebody with the database's own tool would."""
    statement = text(f"UPDATE {table} SET {column} = :written WHERE id = :id")
    day.session.execute(statement, {"written": written, "id": row_id})
    day.session.commit()


@pytest.mark.parametrize("column", ["chain", "deadline_at"])
def test_a_damaged_step_is_set_aside_and_the_others_move_on(monday, column):
    opened = select(StepRun.id).where(StepRun.state == "open").order_by(StepRun.position)
    ids = monday.session.scalars(opened).all()
    damage(monday, "step_run", column, ids[1])
    tick(monday.session, monday.clock.advance(**UNTIL_MISSED))
    query = select(StepRun.set_aside_at, StepRun.level).where(StepRun.id.in_(ids))
    query = query.order_by(StepRun.position)
    stand = [(at is not None, level) for at, level in monday.session.execute(query)]
    assert stand == [(False, 1), (True, 0), (False, 1)]
    subjects = select(Event.subject).where(Event.kind == "step.set_aside")
    assert monday.session.scalars(subjects).all() == [ids[1]]


@pytest.fixture
def tuesday_runs(monday) -> dict[str, str]:
    """The runs of tomorrow, of two processes that open and are due together, planned today."""
    process(monday.session, monday.crew, monday.clock.now(), name="Garden check", steps=STEPS)
    tick(monday.session, monday.clock.advance(hours=23))
    query = select(Process.name, Run.id).join(Run.process).order_by(Run.id)
    found = monday.session.execute(query.where(Run.occurrence.like("2026-11-24%"))).all()
    assert [name for name, _ in found] == ["Opening check", "Garden check"]
    return dict(found)


def told_of(day, kind: str) -> list[str]:
    return list(day.session.scalars(select(Event.subject).where(Event.kind == kind)))


def test_a_damaged_run_is_set_aside_and_named_and_the_others_open(monday, tuesday_runs):
    damaged, sound = tuesday_runs.values()
    damage(monday, "run", "deadline_at", damaged, "garbage")
    done = tick(monday.session, monday.clock.advance(hours=1))
    assert (done.opened, told_of(monday, "run.opened")[-1:]) == (2, [sound])
    assert told_of(monday, "run.set_aside") == [damaged]
    sentence = "Opening check at Downtown could not be opened."
    assert ("stuck", sentence) in shown_to_the_owner(monday)


def test_a_damaged_run_is_not_reminded_of_and_the_others_are(monday, tuesday_runs):
    tick(monday.session, monday.clock.advance(hours=1))
    damaged, sound = tuesday_runs.values()
    damage(monday, "run", "deadline_at", damaged, "garbage")
    tick(monday.session, monday.clock.advance(minutes=34))
    assert told_of(monday, "run.not_reminded") == [damaged]
    assert sound in told_of(monday, "run.reminded")
    assert damaged not in told_of(monday, "run.reminded")


def shown_to_the_owner(monday) -> list[tuple[str, str]]:
    """What the inbox says, read afresh: its kind and its sentence."""
    monday.session.expire_all()
    items = inbox.items(monday.session, monday.crew.olivia, monday.clock.now())
    return [(item.kind, item.sentence) for item in items if item.kind in ("stuck", "untold")]


def try_again(monday, step_id: str) -> None:
    overseen.try_step_again(monday.session, monday.crew.olivia, step_id, monday.clock.now())
    monday.session.commit()
    tick(monday.session, monday.clock.advance(seconds=1))


def test_a_damaged_step_is_named_to_the_owner_until_it_is_mended_and_tried_again(monday):
    step_id, chain = monday.step.id, json.dumps(monday.step.chain)
    damage(monday, "step_run", "chain", step_id)
    tick(monday.session, monday.clock.advance(**UNTIL_MISSED))
    sentence = "“Step 0” of Opening check at Downtown does not move on by itself any more."
    assert ("stuck", sentence) in shown_to_the_owner(monday)

    try_again(monday, step_id)
    assert ("stuck", sentence) in shown_to_the_owner(monday)

    damage(monday, "step_run", "chain", step_id, chain)
    try_again(monday, step_id)
    assert ("stuck", sentence) not in shown_to_the_owner(monday)
    assert monday.step.holder.name == "Ben"


def test_a_damaged_message_is_refused_and_the_others_are_sent(monday, push_service):
    phone = monday.has_phone("ben")
    tick(monday.session, monday.clock.advance(**UNTIL_MISSED))
    first = monday.session.scalars(select(OutboxMessage.id).order_by(OutboxMessage.id)).first()
    damage(monday, "outbox", "facts", first, "{")
    monday.delivers()
    query = select(OutboxMessage.outcome, OutboxMessage.last_error).order_by(OutboxMessage.id)
    assert monday.session.execute(query).all() == [
        ("refused", "it could not be put into words"),
        ("accepted", None),
        ("accepted", None),
    ]
    push_service.expect(phone, title="2 steps of Opening check are now yours")


def test_who_a_damaged_message_was_for_is_named_to_the_owner(monday):
    tick(monday.session, monday.clock.advance(**UNTIL_MISSED))
    for message_id in monday.session.scalars(select(OutboxMessage.id)).all():
        damage(monday, "outbox", "facts", message_id, "{")
    monday.delivers()
    assert [kind for kind, _ in shown_to_the_owner(monday)] == ["untold"]


def test_a_message_behind_a_damaged_one_is_judged_by_itself(monday):
    """How far a message came is asked without reading what it says."""
    tick(monday.session, monday.clock.advance(**UNTIL_MISSED))
    handoff = monday.session.scalars(select(Handoff).limit(1)).one()
    query = select(OutboxMessage.id).where(OutboxMessage.dedupe_key == f"handoff:{handoff.id}")
    message_id = monday.session.scalars(query).one()
    damage(monday, "outbox", "facts", message_id, "{")
    assert not reached.telling(monday.session, handoff).tried
    assert reached.have_reached(monday.session, {message_id}) == set()
