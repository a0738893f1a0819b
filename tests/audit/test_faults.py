"""Each fault that is planted behind the engine's back is found, and nothing else is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.audit.busy import Busy
from tests.factories import proof
from webapp.models import Absence, OutboxMessage, Run, new_id
from webapp.services import absences

NOTE = {"steps": (("Gate", proof("note")),), "review": "none"}
TO_REVIEW = NOTE | {"review": "all"}
DONE = {"kind": "note", "text": "Closed."}


def planned(day: Busy) -> Run:
    """The next run that has not opened."""
    query = select(Run).where(Run.state == "planned").order_by(Run.deadline_at)
    return day.session.scalars(query).first()


def message(day: Busy) -> OutboxMessage:
    """The newest message."""
    return day.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()


def handed_on(busy, **process) -> Busy:
    """A day on which Ana has missed the step, and Ben has it and knows."""
    day = busy(**(process or NOTE))
    day.later(minutes=50)
    assert day.step.level == 1
    return day


def finds(day: Busy, code: str, subject: str) -> None:
    """The auditor finds this and nothing else."""
    assert day.found() == [(code, subject)]


def test_a_missing_run(busy):
    day = busy(**NOTE)
    run = planned(day)
    process_id = run.process_id
    day.spoils("DELETE FROM step_run WHERE run_id = :id", id=run.id)
    day.spoils("DELETE FROM run WHERE id = :id", id=run.id)
    finds(day, "run_missing", process_id)


def test_a_run_that_nobody_wants(busy):
    day = busy(**NOTE)
    run = planned(day)
    day.spoils("UPDATE run SET occurrence = '2026-11-28T07:15' WHERE id = :id", id=run.id)
    codes = day.found()
    assert ("run_unwanted", run.id) in codes
    assert {code for code, _ in codes} == {"run_unwanted", "run_missing"}


def test_a_run_planned_for_another_time(busy):
    day = busy(**NOTE)
    run = planned(day)
    day.spoils(
        "UPDATE run SET deadline_at = :at WHERE id = :id",
        id=run.id,
        at=run.deadline_at + timedelta(hours=1),
    )
    finds(day, "run_moved", run.id)


def test_a_run_that_is_there_twice(busy):
    day = busy(**NOTE)
    run = planned(day)
    table = Run.__table__
    values = dict(day.session.execute(select(*table.c).where(Run.id == run.id)).one()._mapping)
    values = {key: value for key, value in values.items() if value is not None}
    values |= {"id": new_id(), "occurrence": run.occurrence + " "}
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    day.spoils(f"INSERT INTO run ({names}) VALUES ({places})", **values)
    if day.session.get_bind().dialect.name == "postgresql":
        day.spoils("UPDATE run SET occurrence = trim(occurrence) WHERE state = 'planned'")
        code, _ = day.found()[0]
        assert [each for each, _ in day.found()] == [code] == ["run_twice"]
    else:
        finds(day, "run_unwanted", values["id"])


def test_a_run_that_did_not_open(busy):
    day = busy(**NOTE)
    run = planned(day)
    early = day.clock.now() - timedelta(hours=2)
    day.spoils("UPDATE run SET opens_at = :at WHERE id = :id", id=run.id, at=early)
    finds(day, "run_not_opened", run.id)


def test_an_open_run_without_steps(busy):
    day = busy(**NOTE)
    run_id = day.step.run_id
    day.spoils("DELETE FROM step_run WHERE run_id = :id", id=run_id)
    finds(day, "run_without_steps", run_id)


@pytest.mark.parametrize("after", [0, 50])
def test_a_step_that_nobody_looks_at_again(busy, after):
    day = busy(**NOTE)
    day.later(minutes=after + 0.1)
    day.spoils("UPDATE step_run SET escalate_at = NULL WHERE id = :id", id=day.step.id)
    finds(day, "never_looked_at", day.step.id)


@pytest.mark.parametrize("after", [0, 50])
def test_a_look_put_off_by_hand(busy, after):
    day = busy(**NOTE)
    day.later(minutes=after + 0.1)
    day.spoils(
        "UPDATE step_run SET escalate_at = :at, moves_at = :at WHERE id = :id",
        id=day.step.id,
        at=day.clock.now() + timedelta(days=1),
    )
    finds(day, "looks_too_late", day.step.id)


def test_a_look_brought_forward_by_hand(busy):
    day = busy(**NOTE)
    day.spoils(
        "UPDATE step_run SET escalate_at = :at, moves_at = :at WHERE id = :id",
        id=day.step.id,
        at=day.clock.now() + timedelta(minutes=1),
    )
    finds(day, "moves_too_early", day.step.id)


def test_a_look_that_is_overdue(busy):
    day = handed_on(busy)
    day.spoils(
        "UPDATE step_run SET escalate_at = :at WHERE id = :id",
        id=day.step.id,
        at=day.clock.now() - timedelta(minutes=5),
    )
    finds(day, "look_overdue", day.step.id)


def test_a_holder_whom_no_device_told_and_who_keeps_the_step(busy):
    day = busy(**NOTE)
    day.reached = False
    day.later(minutes=50)
    day.spoils("UPDATE step_run SET escalate_at = moves_at WHERE id = :id", id=day.step.id)
    finds(day, "looks_too_late", day.step.id)


def test_a_deleted_handoff(busy):
    day = handed_on(busy)
    day.spoils("DELETE FROM handoff WHERE step_run_id = :id", id=day.step.id)
    finds(day, "handoff_missing", day.step.id)


def test_a_handoff_that_skips_a_level(busy):
    day = handed_on(busy)
    day.spoils("UPDATE handoff SET level = 2 WHERE step_run_id = :id", id=day.step.id)
    finds(day, "handoff_out_of_order", day.step.id)


def test_a_step_put_back_by_hand(busy):
    day = handed_on(busy)
    day.spoils("UPDATE step_run SET level = 0 WHERE id = :id", id=day.step.id)
    finds(day, "level_wrong", day.step.id)


HANDOFF = (
    "INSERT INTO handoff (id, org_id, step_run_id, level, from_id, to_id, reason, due_at, at)"
    " VALUES (:id, :org, :step, :level, :old, :new, 'missed', :at, :at)"
)


def invented(day: Busy, level: int) -> None:
    """Puts a handoff there that never happened."""
    people, step = day.crew.people, day.step
    day.spoils(
        HANDOFF,
        id=new_id(),
        org=step.org_id,
        step=step.id,
        level=level,
        old=people["ana"].id,
        new=people["ben"].id,
        at=day.clock.now(),
    )


def test_a_handoff_that_is_not_in_the_record(busy):
    day = busy(**NOTE)
    invented(day, level=1)
    finds(day, "handoff_not_recorded", day.step.id)


def test_a_handoff_for_a_step_that_was_done(busy):
    day = busy(**NOTE)
    day.does("ana", proof=DONE)
    day.later(minutes=50)
    invented(day, level=1)
    finds(day, "ghost_handoff", day.step.id)


def test_a_step_with_somebody_whose_turn_it_is_not(busy):
    day = handed_on(busy)
    maya = day.crew.maya.id
    day.spoils("UPDATE step_run SET holder_id = :maya WHERE id = :id", id=day.step.id, maya=maya)
    finds(day, "holder_wrong", day.step.id)


def test_a_miss_without_its_time(busy):
    day = handed_on(busy)
    day.spoils("UPDATE step_run SET missed_at = NULL WHERE id = :id", id=day.step.id)
    finds(day, "missed_without_time", day.step.id)


def test_a_deleted_message(busy):
    day = handed_on(busy)
    day.spoils("DELETE FROM receipt WHERE message_id = :id", id=message(day).id)
    day.spoils("DELETE FROM outbox WHERE dedupe_key = :key", key=f"handoff:{day.taking().id}")
    finds(day, "handoff_untold", day.step.id)


def unsettled(day: Busy, **values) -> str:
    """Makes the handoff's message wait again; gives its id."""
    query = select(OutboxMessage.id).where(OutboxMessage.dedupe_key == f"handoff:{day.taking().id}")
    message_id = day.session.scalars(query).one()
    values = {"next_attempt_at": day.clock.now(), "lease": None, "attempts": 1} | values
    columns = ", ".join(f"{name} = :{name}" for name in values)
    day.spoils(
        f"UPDATE outbox SET outcome = NULL, settled_at = NULL, {columns} WHERE id = :id",
        id=message_id,
        **values,
    )
    return message_id


def test_a_stuck_lease(busy):
    day = handed_on(busy)
    far = day.clock.now() + timedelta(hours=3)
    finds(day, "message_stuck", unsettled(day, next_attempt_at=far, lease=new_id()))


def test_a_message_tried_without_end(busy):
    day = handed_on(busy)
    finds(day, "message_endless", unsettled(day, attempts=5000))


def test_a_message_that_nobody_sends(busy):
    day = handed_on(busy)
    due = day.clock.now() - timedelta(minutes=2)
    finds(day, "message_overdue", unsettled(day, next_attempt_at=due))


def test_a_message_that_counts_as_sent_and_no_device_has(busy):
    day = handed_on(busy)
    # The receipts go when nobody would look at them any more: the holder is known to be reached.
    day.does("ben", proof=DONE)
    day.spoils("DELETE FROM receipt WHERE message_id IS NOT NULL")
    finds(day, "message_without_receipt", day.step.id)


def test_a_message_to_somebody_outside_the_chain(busy):
    day = handed_on(busy)
    maya = day.crew.maya.id
    day.spoils(
        "UPDATE outbox SET person_id = :maya WHERE dedupe_key = :key",
        maya=maya,
        key=f"handoff:{day.taking().id}",
    )
    finds(day, "message_to_outsider", day.step.id)


def test_a_closed_step_without_proof(busy):
    day = busy(**NOTE)
    day.does("ana", proof=DONE)
    day.spoils("UPDATE step_run SET proof_id = NULL WHERE id = :id", id=day.step.id)
    finds(day, "closed_without_proof", day.step.id)


def kept_photo(day: Busy):
    """The file of the photo that was given."""
    from webapp import context

    (found,) = context.settings().blob_dir.rglob("*.page.jpg")
    return found


def test_a_photo_that_is_gone(busy):
    day = busy()
    day.gives_photo("ana", "white")
    kept_photo(day).unlink()
    finds(day, "proof_missing", day.step.id)


def test_a_photo_that_was_exchanged(busy):
    day = busy()
    day.gives_photo("ana", "white")
    kept_photo(day).write_bytes(b"another picture")
    finds(day, "proof_changed", day.step.id)


def test_a_claim_that_holds_for_too_long(busy):
    day = busy()
    day.passes(49)
    day.does("ana", proof={"kind": "photo", "sha256": "a" * 64, "bytes": 10})
    day.spoils(
        "UPDATE step_run SET escalate_at = :at, moves_at = :at WHERE id = :id",
        id=day.step.id,
        at=day.clock.now() + timedelta(hours=2),
    )
    finds(day, "claim_too_long", day.step.id)


def test_a_review_that_nobody_was_asked_for(busy):
    day = busy(**TO_REVIEW)
    day.does("ana", proof=DONE)
    day.spoils("DELETE FROM outbox WHERE kind = 'review'")
    finds(day, "review_untold", day.step.id)


def test_a_changed_event_of_the_record(busy):
    day = handed_on(busy)
    day.unguards()
    day.spoils("UPDATE event SET actor = 'somebody' WHERE seq = 3")
    finds(day, "record_broken", f"{day.crew.org_id}:3")


def test_a_head_that_does_not_match(busy):
    day = handed_on(busy)
    day.spoils("UPDATE record_head SET hash = :no", no="0" * 64)
    (found,) = day.found()
    assert found[0] == "record_broken"


def test_a_step_set_aside_that_nobody_was_told_of(busy):
    day = handed_on(busy)
    now = day.clock.now()
    day.spoils("UPDATE step_run SET set_aside_at = :now WHERE id = :id", now=now, id=day.step.id)
    assert day.found() == [("step_set_aside", day.step.id), ("set_aside_unsaid", day.step.id)]


@pytest.mark.parametrize("who", ["clock", "worker"])
def test_a_silent_process(busy, who):
    day = busy(**NOTE)
    column = {"clock": "last_tick_at", "worker": "worker_seen_at"}[who]
    ago = day.clock.now() - timedelta(minutes=3)
    day.spoils(f"UPDATE engine SET {column} = :ago WHERE id = 1", ago=ago)
    finds(day, f"{who}_silent", "engine")


def test_a_missing_engine_row(busy):
    day = busy(**NOTE)
    day.spoils("DELETE FROM engine WHERE id = 1")
    finds(day, "engine_missing", "engine")


def test_a_second_engine(busy):
    day = busy(**NOTE)
    day.spoils("INSERT INTO engine (id, findings) VALUES (2, '[]')")
    finds(day, "engine_twice", "engine")


def test_planning_that_does_not_happen(busy):
    day = busy(**NOTE)
    ago = day.clock.now() - timedelta(minutes=5)
    day.spoils("UPDATE engine SET next_plan_at = :ago WHERE id = 1", ago=ago)
    finds(day, "planning_overdue", "engine")


def test_a_reminder_that_was_not_sent(busy):
    day = busy(**NOTE)
    run_id, ago = day.step.run_id, day.clock.now() - timedelta(minutes=5)
    day.spoils("UPDATE run SET remind_at = :ago WHERE id = :id", ago=ago, id=run_id)
    finds(day, "reminder_overdue", run_id)


def test_somebody_away_who_still_holds_a_step(busy, clock):
    day = busy(**NOTE)
    absences.sick_today(day.session, day.crew.ana, day.crew.ana, clock.now())
    day.session.commit()
    day.spoils("UPDATE step_run SET escalate_at = moves_at WHERE id = :id", id=day.step.id)
    finds(day, "holder_away", day.step.id)
    assert day.session.scalars(select(Absence)).first() is not None


def test_somebody_who_left_and_still_holds_a_step(busy):
    day = busy(**NOTE)
    now = day.clock.now()
    day.spoils(
        "UPDATE person SET deactivated_at = :now WHERE id = :id", now=now, id=day.crew.ana.id
    )
    finds(day, "holder_left", day.step.id)
