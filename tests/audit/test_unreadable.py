"""What cannot be read is a finding of its own, and everything else is still looked at."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.audit.busy import Busy, look_over
from tests.factories import process, proof
from webapp.models import Run
from webapp.services import planning
from webapp.services.audit import CODES, Memory

NOTE = {"steps": (("Gate", proof("note")),), "review": "none"}


def handed_on(busy) -> Busy:
    day = busy(**NOTE)
    day.later(minutes=50)
    return day


def damages_handoff(day: Busy, payload: str) -> None:
    day.unguards()
    day.spoils(
        "UPDATE event SET payload = :payload WHERE subject = :id AND kind = 'step.handed_on'",
        id=day.step.id,
        payload=payload,
    )


@pytest.mark.parametrize("code", ["process_unreadable", "step_unreadable"])
def test_what_cannot_be_read_may_reach_nobody(code):
    assert CODES[code][0] == "lost"


def test_a_process_that_cannot_be_planned_hides_no_other(busy):
    day = busy(**NOTE)
    other = process(day.session, day.crew, day.clock.now(), name="Rounds")
    query = select(Run).where(Run.process_id == other.id, Run.state == "planned")
    missing = day.session.scalars(query.order_by(Run.deadline_at)).first()
    broken = day.step.run.process_id
    day.spoils("DELETE FROM step_run WHERE run_id = :id", id=missing.id)
    day.spoils("DELETE FROM run WHERE id = :id", id=missing.id)
    day.spoils("UPDATE process_version SET rrule = 'NEVER' WHERE process_id = :id", id=broken)
    found = [("process_unreadable", broken), ("run_missing", other.id)]
    assert sorted(day.found()) == found
    assert sorted(day.found(Memory())) == found


def test_an_unknown_time_zone_does_not_stop_the_audit(busy):
    day = handed_on(busy)
    day.spoils("UPDATE location SET time_zone = 'Nowhere/Never'")
    day.spoils("UPDATE step_run SET escalate_at = NULL WHERE id = :id", id=day.step.id)
    codes = [code for code, _ in day.found()]
    assert codes == ["process_unreadable", "never_looked_at"]


@pytest.mark.parametrize("payload", ['{"level": 1}', '{"level": "x", "due_at": 3}', "[1]"])
def test_a_step_with_a_damaged_event_hides_no_other(busy, payload):
    day = handed_on(busy)
    damages_handoff(day, payload)
    codes = [code for code, _ in day.found()]
    assert codes == ["step_unreadable", "record_broken"]


def test_an_event_that_is_no_json_does_not_stop_the_audit(busy):
    day = handed_on(busy)
    if day.session.get_bind().dialect.name == "postgresql":
        pytest.skip("PostgreSQL keeps no such thing.")
    damages_handoff(day, "{")
    assert [code for code, _ in day.found()] == ["step_unreadable", "record_broken"]
    assert [code for code, _ in day.found(Memory())] == ["step_unreadable", "record_broken"]


def test_a_database_that_does_not_answer_is_no_unreadable_process(busy, monkeypatch):
    busy(**NOTE)

    def fail(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the disk is gone"))

    monkeypatch.setattr(planning, "wanted", fail)
    with pytest.raises(OperationalError):
        look_over()
